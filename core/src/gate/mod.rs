//! The gate: a manifest of apps and their endpoints, and what a credential comes to on each of them.

mod manifest;
mod own;
mod parse;
mod policy;
mod reader;

pub use manifest::{App, Credential, Endpoint, Flaw, Hint, Manifest, Named};
pub use own::table;
pub use parse::parse;
pub use policy::{
    CREDENTIAL, ENDPOINT, LIFETIME, Seen, checks, flaws, tolerates, unknown_endpoints,
};

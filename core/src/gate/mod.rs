//! The gate: a manifest of apps and their endpoints, and what a credential comes to on each of them.

mod blank;
mod lint;
mod manifest;
mod own;
mod parse;
mod policy;
mod reader;

pub use blank::{Undecided, blanks, kinds};
pub use lint::{UnknownName, explained, flaws, regions, unknown_endpoints, unknown_names};
pub use manifest::{App, BLANK, Credential, Endpoint, Flaw, Hint, Manifest, Named, key_of};
pub use own::{is_own, table};
pub use parse::{is_key, parse};
pub use policy::{
    CREDENTIAL, ENDPOINT, LIFETIME, Seen, checks, nothing_called, nowhere, open_credential,
    tolerates,
};
pub use reader::{instead, nearest};

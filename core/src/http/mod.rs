//! Request and answer: what was asked about, what was seen, and what a challenge says.

mod body;
pub mod challenge;
mod client_words;
mod exchange;
mod fold;
mod page;
mod reason;
mod scheme;
mod shell;
mod speaker;
mod target;
mod unanswered;
mod uuid;
mod wire;

pub use body::{Body, cut, start_of};
pub(crate) use client_words::without_client_words;
pub use exchange::{Carried, Exchange, Given, Headers, Request, Response, Role};
pub use fold::Folded;
pub(crate) use reason::opens_with_reason;
pub use scheme::{Follows, Scheme, Usage};
pub(crate) use shell::is_cmd_variable;
pub use shell::{Shell, Variable};
pub use speaker::Speaker;
pub use target::{BadTarget, METHODS, Target};
pub use unanswered::Unanswered;
pub(crate) use uuid::cover_uuids;
pub(crate) use wire::WIRE;

//! Why an API request was refused.
//!
//! Layers, each importing only from those above it (a test enforces it; ARCHITECTURE.md says why):
//!
//! | layer | modules |
//! |---|---|
//! | lists of the build, lines that are no answers | `sorted`, `aside` |
//! | nouns | [`scope`], [`http`], [`token`] |
//! | findings | [`finding`] |
//! | tables | [`table`], [`language`] |
//! | diagnosis | [`diagnose`] |
//! | inputs | [`input`] |
//! | triage | [`triage`] |
//! | work | [`scrub`], [`gate`], [`needs`] |
//! | output | [`output`] |
//!
//! One call explains evidence of any form; [`triage::Triage`] takes exchanges one by one, [`triage::Judge`] answers
//! single questions.
//!
//! ```
//! use why401_core::diagnose::Clock;
//! use why401_core::triage::{Declared, Options, Providers, explain};
//!
//! let pasted = b"HTTP/1.1 403 Forbidden\r\nWWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n\r\n";
//! let options = Options::new("pasted", Declared::at(Clock::at(1_767_225_600)));
//! let report = explain(pasted, &Providers::shipped(), &options);
//! assert_eq!(report.diagnoses[0].cause().map(|f| f.cause.code), Some("scope.missing"));
//! ```

#[macro_use]
mod choice;

mod aside;
pub mod diagnose;
pub mod finding;
pub mod gate;
pub mod http;
pub mod input;
pub mod language;
pub mod needs;
pub mod output;
pub mod scope;
pub mod scrub;
mod sorted;
pub mod table;
pub mod token;
pub mod triage;
mod work;

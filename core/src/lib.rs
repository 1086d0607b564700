//! Why an API request was refused.
//!
//! Layers, each importing only from those above it (a test enforces it; ARCHITECTURE.md says why):
//!
//! | layer | modules |
//! |---|---|
//! | nouns | [`scope`], [`token`], [`http`] |
//! | findings | [`finding`] |
//! | tables | [`table`] |
//! | diagnosis | [`diagnose`] |
//! | inputs | [`input`] |
//! | work | [`scrub`], [`gate`] |
//! | output | [`output`] |
//!
//! A caller builds a [`diagnose::Case`] and gets a [`finding::Diagnosis`]:
//!
//! ```
//! use why401_core::{diagnose, finding::Verdict, http::Target, table, token::Token};
//!
//! let table = table::shipped("genesys-cloud").expect("shipped").expect("sound");
//! let token = Token::read(b"an-opaque-token");
//! let case = diagnose::Case {
//!     target: Some(Target::parse("GET", "https://api.mypurecloud.com/api/v2/users/me").expect("target")),
//!     table: Some(&table),
//!     ..diagnose::Case::of(&token, 1_700_000_000)
//! };
//! assert_eq!(diagnose::diagnose(&case).verdict, Verdict::Unknown);
//! ```

pub mod diagnose;
pub mod finding;
pub mod gate;
pub mod http;
pub mod input;
pub mod output;
pub mod scope;
pub mod scrub;
pub mod table;
pub mod token;

//! What endpoints ask for: the requirement tables, their format (`scope-table/1`), lookup and evaluation.

mod evaluate;
mod find;
pub mod import;
mod lint;
mod load;
mod model;
mod near;
mod pack;
mod packed;
mod shipped;
mod smallest;

pub use evaluate::{GateAnswer, Holdings, KindAnswer, Outcome, judge, judge_all};
pub use find::{Found, Match, Place};
pub use lint::{Complaint, lint};
pub use load::{LoadError, Table, lines};
pub use model::{
    Control, DenyPath, Elsewhere, ErrorSignature, Gate, Grammar, Host, Instead, Kind, Mark,
    Principal, Provider, ProviderInfo, Rule, RuledOut, Source, Trust,
};
pub use near::Near;
pub use shipped::{names, shipped};
pub use smallest::{Smallest, smallest};

//! What endpoints ask for: the requirement tables, their format (`scope-table/1`), lookup and evaluation.

mod diff;
mod evaluate;
mod fill;
mod find;
mod held;
pub mod import;
mod lead;
mod lint;
mod load;
mod model;
mod names;
mod near;
mod opens;
mod order;
mod pack;
mod packed;
mod paths;
mod pattern;
mod place;
mod region;
mod search;
mod searched;
mod shipped;
mod sift;
mod signature;
mod smallest;
mod telling;
mod text;
mod together;
mod who;

pub use diff::{Diff, diff};
pub use evaluate::{GateAnswer, Holdings, KindAnswer, KindOutcome, judge, judge_all};
pub use find::{Found, Match};
pub use held::{Held, InParts};
pub use lint::{Complaint, lint};
pub use load::{LoadError, Table, lines};
pub use model::{
    AnswerMark, Avoid, Control, Denies, DenyPath, Detect, Elsewhere, ErrorSignature, Extension,
    Family, Gate, Grammar, HeldAnswer, Host, Instead, Kind, Later, Levels, Mark, Names, Part,
    Partly, Principal, Prose, Provider, ProviderInfo, Resource, Rule, RuledOut, Source,
    StatedScopes, Trust, Values, WireNames,
};
pub use near::Near;
pub use opens::Opened;
pub use order::Weight;
pub use paths::{Alias, Flavour, LetterCase, Paths};
pub use pattern::Pattern;
pub use place::Place;
pub use search::{Rank, search};
pub use shipped::{general, has_rows, names, shipped, shipped_file};
pub(crate) use signature::bare_code;
pub use signature::{Brief, Refusal, Refusals};
pub use smallest::{Smallest, smallest};
pub(crate) use text::Text;
pub use together::{Compared, KindNeeds, compare, kinds, main_kind};
pub use who::{Marks, by_host, by_path, by_words, host_near, rows_of_host};

//! A reader of refusal language that knows no product: what a server said, as causes with a strength and the words they
//! were read from.
//!
//! Text becomes clauses (`clause`), clauses become words, phrases become concepts (`vocabulary`, the data in
//! `tables/language.toml`, packed by `build.rs`), and concepts that stand together in one clause are read as causes
//! (`reading`). Beside it stands what the words are like (`likely`): it supports a reading, makes it doubtful, or stands
//! where nothing was read.

mod blend;
mod clause;
mod likely;
mod line;
mod marks;
mod reading;
mod shipped;
mod text;
mod vocabulary;
mod weigh;

pub use clause::{Clause, Clauses, Role};
pub use likely::Likely;
pub use reading::{Reading, Sense};
pub use shipped::marks;
pub use vocabulary::Vocabulary;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod tests;

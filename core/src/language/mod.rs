//! A reader of refusal language that knows no product: what a server said, as causes with a strength and the words they
//! were read from.
//!
//! Text becomes clauses (`clause`), clauses become words (`word`), phrases become concepts (`vocabulary`, the data in
//! `tables/language.toml`), and concepts that stand together in one clause are read as causes (`reading`).

mod clause;
mod compile;
mod reading;
mod vocabulary;
mod word;

pub use clause::{Clause, Clauses, Role};
pub use reading::{Reading, Sense};
pub use vocabulary::Vocabulary;

#[cfg(test)]
mod tests;

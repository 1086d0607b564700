//! The vocabulary: phrases that name a concept, and what concepts mean that stand together. `build.rs` compiles
//! `tables/language.toml` with this very module and writes the result down as constants.

mod compile;
pub(crate) mod hash;
pub(crate) mod held;
pub(crate) mod likeness;
pub(crate) mod word;

pub use held::Vocabulary;

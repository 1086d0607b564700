//! The vocabulary that comes with the program, packed by `build.rs` from `tables/language.toml`.

use super::clause::Clauses;
use super::reading::Reading;
use super::vocabulary::hash::{Lists, Steps, Texts};
use super::vocabulary::held::{Context, Modifiers, Rule, Slot, Vocabulary};
use super::vocabulary::likeness::Likeness;
use crate::finding;
use std::borrow::Cow;

#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static SHIPPED: Vocabulary = include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));

#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static LIKENESS: Likeness = include!(concat!(env!("OUT_DIR"), "/likeness.rs"));

impl Reading {
    /// What an answer says: what its words mean together, and what they are like. `refused`: the answer's status says that
    /// it is a refusal, whatever its words.
    pub fn of(clauses: &Clauses, refused: bool) -> Self {
        let mut reading = Vocabulary::shipped().read(clauses);
        LIKENESS.weigh(clauses).blend(&mut reading, refused);
        reading
    }
}

impl Vocabulary {
    /// The shipped one.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a vocabulary; the error says which rule is at fault.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::compile(text, |code| finding::by_code(code).map(|cause| cause.code))
    }
}

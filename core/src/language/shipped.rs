//! The vocabulary that comes with the program, packed by `build.rs` from `tables/language.toml`.

use super::vocabulary::hash::{Lists, Steps, Texts};
use super::vocabulary::held::{Context, Modifiers, Rule, Slot, Vocabulary};
use crate::finding;
use std::borrow::Cow;

#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static SHIPPED: Vocabulary = include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));

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

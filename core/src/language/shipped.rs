//! The vocabulary that comes with the program, packed by `build.rs` from `tables/language.toml`.

use super::clause::Clauses;
use super::marks::Marked;
use super::reading::Reading;
use super::vocabulary::hash::{Lists, Steps, Texts};
use super::vocabulary::held::{Context, Modifiers, Part, Rule, Slot, Vocabulary};
use super::vocabulary::likeness::Likeness;
use crate::finding;
use std::borrow::Cow;
use std::collections::BTreeSet;

#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static SHIPPED: Vocabulary = include!(concat!(env!("OUT_DIR"), "/vocabulary.rs"));

#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static LIKENESS: Likeness = include!(concat!(env!("OUT_DIR"), "/likeness.rs"));

impl Reading {
    /// What an answer says: what its words mean together, and what they and the status are like. A status from 400 on says
    /// that it is a refusal, whatever its words; `failed`: the answer's form says that the call failed.
    pub fn of(clauses: &Clauses, status: Option<u16>, failed: bool) -> Self {
        let vocabulary = Vocabulary::shipped();
        let refused = status.is_some_and(|status| status >= 400);
        let mut tagged = vocabulary.tagged(clauses);
        tagged.retain(|(clause, tags)| {
            (refused || failed || !clause.aside) && !vocabulary.says_nothing(clause, tags)
        });
        let mut reading = vocabulary.read_tagged(&tagged);
        let marked = Marked {
            tagged: &tagged,
            senses: &reading.senses,
            status,
        };
        LIKENESS.weigh(&marked).blend(&mut reading, refused, failed);
        reading
    }
}

/// The marks of what an answer says, as `tables/likeness.tsv` calls them: `scripts/likeness.py` learns from them.
pub fn marks(clauses: &Clauses) -> BTreeSet<String> {
    let vocabulary = Vocabulary::shipped();
    let tagged = vocabulary.tagged(clauses);
    let senses = vocabulary.read_tagged(&tagged).senses;
    let marked = Marked {
        tagged: &tagged,
        senses: &senses,
        status: None,
    };
    let mut out = BTreeSet::new();
    marked.each(
        &|concept| Some(vocabulary.label(concept)),
        &mut |mark, _| out.insert(mark.to_owned()),
    );
    out
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

//! The marks of a text, which are weighed: runs of words, beginnings of words, concepts, what was read, the status.

use super::clause::Role;
use super::reading::{Sense, Tagged};
use super::vocabulary::held::ConceptId;
use super::vocabulary::likeness::CONCEPT;
use std::fmt::{Display, Write as _};

/// The longest run, in words.
const RUN: usize = 3;

/// A word with more letters than this begins with so many: "authorised", "authorization" and "authorize" are alike.
const LETTERS: usize = 5;

/// So many marks are made, so many concepts of a clause are paired, so many readings are marks, the strongest first.
const MOST: usize = 1_500;
const PAIRED: usize = 20;
const READ: usize = 2;

/// Readings whose strengths differ by less than this are one mark.
const STRENGTH: i32 = 15;

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// One word.
    Word,
    /// Several words.
    Run,
    /// Anything else.
    Other,
}

/// Clauses, what was read in them, and the status that they came with.
pub(super) struct Marked<'c> {
    pub(super) tagged: &'c [Tagged<'c>],
    pub(super) senses: &'c [Sense],
    pub(super) status: Option<u16>,
}

impl Marked<'_> {
    /// Gives every mark, some more than once; `label` says how a concept is called, where it counts. `take` says whether it
    /// was new.
    pub(super) fn each<L: Display>(
        &self,
        label: &impl Fn(ConceptId) -> Option<L>,
        take: &mut impl FnMut(&str, Sort) -> bool,
    ) {
        let (mut text, mut made) = (String::new(), 0);
        let alone = self.tagged.len() == 1;
        for (clause, tags) in self.tagged {
            // The code of a challenge stands before many reasons (RFC 6750 §3.1).
            if clause.role == Role::Code && clause.place.starts_with("header") && !alone {
                continue;
            }
            let words = clause.words.iter().map(String::as_str);
            let words: Vec<&str> = words
                .filter(|word| !matches!(*word, ":" | "," | "(" | ")"))
                .collect();
            let mut mark = |text: &str, sort| made += usize::from(take(text, sort));
            runs(&words, &mut text, &mut mark);
            beginnings(&words, &mut text, &mut mark);
            let mut concepts: Vec<ConceptId> = tags.iter().map(|tag| tag.concept).collect();
            concepts.sort_unstable();
            concepts.dedup();
            let labels = concepts.into_iter().filter_map(label).take(PAIRED);
            let labels: Vec<L> = labels.collect();
            pairs(&labels, &mut text, &mut mark);
            if made >= MOST {
                break;
            }
        }
        for (place, sense) in self.senses.iter().take(READ).enumerate() {
            let strength = sense.strength / STRENGTH;
            take(&format!("={place}{}{strength}", sense.cause), Sort::Other);
        }
        if let Some(status) = self.status {
            take(&format!("@{status}"), Sort::Other);
        }
    }
}

/// Runs of one to three words inside a clause; punctuation parts nothing.
fn runs(words: &[&str], text: &mut String, take: &mut impl FnMut(&str, Sort)) {
    for run in (1..=RUN).flat_map(|length| words.windows(length)) {
        text.clear();
        for (at, word) in run.iter().enumerate() {
            text.push_str(if at > 0 { " " } else { "" });
            text.push_str(word);
        }
        take(
            text,
            if run.len() == 1 {
                Sort::Word
            } else {
                Sort::Run
            },
        );
    }
}

fn beginnings(words: &[&str], text: &mut String, take: &mut impl FnMut(&str, Sort)) {
    for word in words {
        if let Some((end, _)) = word.char_indices().nth(LETTERS) {
            text.clear();
            text.push_str(&word[..end]);
            text.push('*');
            take(text, Sort::Other);
        }
    }
}

/// Concepts, and each two that stand together.
fn pairs<L: Display>(concepts: &[L], text: &mut String, take: &mut impl FnMut(&str, Sort)) {
    for (at, concept) in concepts.iter().enumerate() {
        text.clear();
        let _ = write!(text, "{CONCEPT}{concept}");
        take(text, Sort::Other);
        let end = text.len();
        for other in &concepts[at + 1..] {
            text.truncate(end);
            let _ = write!(text, "{CONCEPT}{other}");
            take(text, Sort::Other);
        }
    }
}

//! A vocabulary as it is held: phrases as steps from word to word, what they name, and the rules over what they name.

use super::hash::{Lists, Steps, Texts};
use std::borrow::Cow;

/// A concept's number.
pub(crate) type ConceptId = u16;

/// One rule: concepts of one clause, and the causes that they speak for.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// One of each slot has to stand in the clause.
    pub(crate) slots: Cow<'static, [Slot]>,
    /// Concepts of which none may stand in the clause.
    pub(crate) never: Cow<'static, [ConceptId]>,
    /// The causes and how strongly it speaks for each, in tenths.
    pub(crate) means: Cow<'static, [(&'static str, i32)]>,
}

/// What a code of the standards makes of what stands beside it: beside `invalid_grant` an expired token is a grant's.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// The concepts that a code has to name.
    pub(crate) when: Cow<'static, [ConceptId]>,
    /// Causes, and what they are beside it.
    pub(crate) turns: Cow<'static, [(&'static str, &'static str)]>,
}

/// One place of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// Any of these concepts.
    pub(crate) any: Cow<'static, [ConceptId]>,
    /// Whether it has to stand before the next slot's.
    pub(crate) before: bool,
}

/// Concepts that say how a clause is meant.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Modifiers {
    /// It went well.
    pub(crate) good: Option<ConceptId>,
    /// It is being done.
    pub(crate) progress: Option<ConceptId>,
    /// What to do.
    pub(crate) advice: Option<ConceptId>,
    /// What may be.
    pub(crate) hedge: Option<ConceptId>,
    /// What would be.
    pub(crate) condition: Option<ConceptId>,
    /// It belongs to the noun behind it.
    pub(crate) determiner: Option<ConceptId>,
}

/// Phrases, concepts and rules, ready to read with.
#[derive(Debug, Default, Clone)]
pub struct Vocabulary {
    /// Words of phrases.
    pub(crate) words: Texts,
    /// Beginnings of words (`expir*`), numbered behind the words.
    pub(crate) beginnings: Texts,
    /// The steps of phrases: from a node by a word to the next.
    pub(crate) steps: Steps,
    /// What a phrase that ends at a node names.
    pub(crate) ends: Lists,
    /// Of each concept whether a rule quotes it: it leaves the words it covers to others.
    pub(crate) quoted: Cow<'static, [bool]>,
    /// Of each concept its name; of a quoted one the words.
    pub(crate) names: Texts,
    pub(crate) rules: Cow<'static, [Rule]>,
    pub(crate) contexts: Cow<'static, [Context]>,
    /// The rules that begin with a concept.
    pub(crate) by_concept: Lists,
    /// Concepts that say that something went wrong.
    pub(crate) trouble: Cow<'static, [ConceptId]>,
    pub(crate) modifiers: Modifiers,
}

/// A phrase found in a clause.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag {
    /// What it names.
    pub(crate) concept: ConceptId,
    /// Its first word.
    pub(crate) start: usize,
    /// The word behind its last.
    pub(crate) end: usize,
}

impl Vocabulary {
    /// Whether rules quote a concept.
    pub(crate) fn is_quoted(&self, concept: ConceptId) -> bool {
        self.quoted.get(usize::from(concept)) == Some(&true)
    }

    /// What a model calls a concept: words that a rule quotes stand behind a quotation mark.
    pub(crate) fn label(&self, concept: ConceptId) -> String {
        let mark = if self.is_quoted(concept) { "'" } else { "" };
        format!("{mark}{}", self.names.name(u32::from(concept)))
    }

    /// The phrases in a clause: of phrases that begin at one word the longest, and none that begins inside another.
    pub(crate) fn tags(&self, words: &[String]) -> Vec<Tag> {
        let offset = u32::try_from(self.words.ends.len()).unwrap_or(u32::MAX);
        let mut numbers = Vec::with_capacity(words.len() + 8);
        let mut spans = Vec::with_capacity(words.len());
        let mut starts = Vec::new();
        for word in words {
            let start = numbers.len();
            numbers.extend(self.words.number(word));
            starts.clear();
            self.beginnings.beginnings(word, &mut starts);
            numbers.extend(starts.iter().map(|number| number + offset));
            spans.push(start..numbers.len());
        }
        let known: Vec<&[u32]> = spans.into_iter().map(|span| &numbers[span]).collect();
        let mut out = Vec::new();
        let mut free = 0;
        for start in 0..words.len() {
            let mut longest: Option<(usize, u32)> = None;
            self.walk(0, start, &known, &mut |end, node| {
                for concept in self.ends.of(node as usize) {
                    if self.is_quoted(*concept) {
                        let concept = *concept;
                        out.push(Tag {
                            concept,
                            start,
                            end,
                        });
                    } else if longest.is_none_or(|(best, _)| end > best) {
                        longest = Some((end, node));
                    }
                }
            });
            if let Some((end, node)) = longest.filter(|_| start >= free) {
                let named = self.ends.of(node as usize).iter();
                let named = named.filter(|concept| !self.is_quoted(**concept));
                out.extend(named.map(|concept| Tag {
                    concept: *concept,
                    start,
                    end,
                }));
                free = end;
            }
        }
        out
    }

    fn walk(&self, node: u32, at: usize, numbers: &[&[u32]], found: &mut dyn FnMut(usize, u32)) {
        for number in numbers.get(at).copied().into_iter().flatten() {
            if let Some(next) = self.steps.next(node, *number) {
                if !self.ends.of(next as usize).is_empty() {
                    found(at + 1, next);
                }
                self.walk(next, at + 1, numbers, found);
            }
        }
    }
}

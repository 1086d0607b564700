//! The vocabulary: phrases that name a concept, and what concepts mean that stand together.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// A concept's number.
pub(super) type ConceptId = u16;

/// One rule: concepts of one clause, and the causes that they speak for.
#[derive(Debug)]
pub(super) struct Rule {
    /// One of each slot has to stand in the clause.
    pub(super) slots: Vec<Slot>,
    /// Concepts of which none may stand in the clause.
    pub(super) never: Vec<ConceptId>,
    /// The causes and how strongly it speaks for each, in tenths.
    pub(super) means: Vec<(&'static str, i32)>,
}

/// One place of a rule.
#[derive(Debug)]
pub(super) struct Slot {
    /// Any of these concepts.
    pub(super) any: Vec<ConceptId>,
    /// Whether it has to stand before the next slot's.
    pub(super) before: bool,
}

/// Phrases, concepts and rules, ready to read with.
#[derive(Debug, Default)]
pub struct Vocabulary {
    pub(super) words: HashMap<String, u32>,
    /// Beginnings of words (`expir*`), sorted.
    pub(super) beginnings: Vec<(String, u32)>,
    /// The steps of phrases: from a node by a word to the next.
    pub(super) steps: HashMap<(u32, u32), u32>,
    /// What a phrase that ends at a node names.
    pub(super) ends: HashMap<u32, Vec<ConceptId>>,
    pub(super) nodes: u32,
    /// Names of concepts; a phrase that a rule quotes is a concept of its own.
    pub(super) names: Vec<String>,
    /// Concepts that leave the words they cover to others.
    pub(super) quoted: Vec<bool>,
    pub(super) rules: Vec<Rule>,
    /// The rules that begin with a concept.
    pub(super) by_concept: BTreeMap<ConceptId, Vec<usize>>,
    /// Concepts that say that something went wrong.
    pub(super) trouble: Vec<ConceptId>,
    pub(super) good: Option<ConceptId>,
    pub(super) progress: Option<ConceptId>,
    pub(super) advice: Option<ConceptId>,
    pub(super) hedge: Option<ConceptId>,
}

/// A phrase found in a clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    pub(super) concept: ConceptId,
    /// Its first word and the one behind its last.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Vocabulary {
    /// The shipped one.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Vocabulary> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::parse(include_str!(concat!(
                env!("WHY401_TABLES"),
                "/language.toml"
            )))
            .unwrap_or_default()
        })
    }

    /// Reads a vocabulary; the error says which rule is at fault.
    pub fn parse(text: &str) -> Result<Self, String> {
        super::compile::compile(text)
    }

    /// The numbers of a word: its own, and those of the beginnings it has.
    fn numbers(&self, word: &str, out: &mut Vec<u32>) {
        out.clear();
        out.extend(self.words.get(word));
        let mut at = 0;
        for c in word.chars() {
            at += c.len_utf8();
            let found = self
                .beginnings
                .binary_search_by(|(own, _)| own.as_str().cmp(&word[..at]));
            out.extend(found.ok().map(|i| self.beginnings[i].1));
        }
    }

    /// The phrases in a clause: of phrases that begin at one word the longest, and none that begins inside another.
    pub(super) fn tags(&self, words: &[String]) -> Vec<Tag> {
        let mut numbers: Vec<Vec<u32>> = Vec::with_capacity(words.len());
        for word in words {
            let mut own = Vec::new();
            self.numbers(word, &mut own);
            numbers.push(own);
        }
        let mut out = Vec::new();
        let mut free = 0;
        for start in 0..words.len() {
            let mut longest: Option<(usize, u32)> = None;
            self.walk(0, start, &numbers, &mut |end, node| {
                for concept in self.ends.get(&node).into_iter().flatten() {
                    if self.quoted[usize::from(*concept)] {
                        out.push(Tag {
                            concept: *concept,
                            start,
                            end,
                        });
                    } else if longest.is_none_or(|(best, _)| end > best) {
                        longest = Some((end, node));
                    }
                }
            });
            if let Some((end, node)) = longest.filter(|_| start >= free) {
                let named = self.ends[&node]
                    .iter()
                    .filter(|c| !self.quoted[usize::from(**c)]);
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

    fn walk(&self, node: u32, at: usize, numbers: &[Vec<u32>], found: &mut dyn FnMut(usize, u32)) {
        for number in numbers.get(at).into_iter().flatten() {
            if let Some(next) = self.steps.get(&(node, *number)) {
                if self.ends.contains_key(next) {
                    found(at + 1, *next);
                }
                self.walk(*next, at + 1, numbers, found);
            }
        }
    }
}

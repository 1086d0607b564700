//! A vocabulary as it is held: phrases as steps from word to word, what they name, and the rules over what they name.

use super::hash::{Lists, Steps, Texts};
use std::borrow::Cow;

/// A code without marks between its words has so many letters, each word at least so many, and so many words at most.
const SHORTEST_CODE: usize = 9;
const LONGEST_CODE: usize = 48;
const SHORTEST_PART: usize = 3;
const MOST_PARTS: usize = 4;

/// A concept's number.
pub(crate) type ConceptId = u16;

/// Where a part of a list begins and ends. Rules hold no lists of their own, so that a start has no pointer to relocate.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Part(pub(crate) u32, pub(crate) u32);

impl Part {
    pub(crate) fn of<T>(self, list: &[T]) -> &[T] {
        list.get(self.0 as usize..self.1 as usize)
            .unwrap_or_default()
    }
}

/// One rule: concepts of one clause, and the causes that they speak for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// Of the slots; one of each has to stand in the clause.
    pub(crate) slots: Part,
    /// Of the concepts; none of these may stand in the clause.
    pub(crate) never: Part,
    /// Of the meanings.
    pub(crate) means: Part,
}

/// What a code of the standards makes of what stands beside it: beside `invalid_grant` an expired token is a grant's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    /// Of the concepts; those that a code has to name.
    pub(crate) when: Part,
    /// Of the turns.
    pub(crate) turns: Part,
}

/// One place of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    /// Of the concepts; any of these.
    pub(crate) any: Part,
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
    /// The slots of all rules, one behind the other.
    pub(crate) slots: Cow<'static, [Slot]>,
    /// The concepts of all slots, rules and contexts.
    pub(crate) concepts: Cow<'static, [ConceptId]>,
    /// The causes that are spoken for.
    pub(crate) causes: Cow<'static, [&'static str]>,
    /// The causes of all rules, by number, and how strongly each is spoken for, in tenths.
    pub(crate) means: Cow<'static, [(u8, i16)]>,
    /// Of all contexts causes, by number, and what they are beside it.
    pub(crate) turns: Cow<'static, [(u8, u8)]>,
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
    pub(crate) fn slots(&self, rule: &Rule) -> &[Slot] {
        rule.slots.of(&self.slots)
    }

    pub(crate) fn concepts(&self, part: Part) -> &[ConceptId] {
        part.of(&self.concepts)
    }

    /// The causes that a rule speaks for, and how strongly, in tenths.
    pub(crate) fn means(&self, rule: &Rule) -> impl Iterator<Item = (&'static str, i32)> {
        let means = rule.means.of(&self.means).iter();
        means.map(|(cause, strength)| (self.cause(*cause), i32::from(*strength)))
    }

    /// Causes, and what they are in a context.
    pub(crate) fn turns(
        &self,
        context: &Context,
    ) -> impl Iterator<Item = (&'static str, &'static str)> {
        let turns = context.turns.of(&self.turns).iter();
        turns.map(|(from, to)| (self.cause(*from), self.cause(*to)))
    }

    fn cause(&self, number: u8) -> &'static str {
        self.causes.get(usize::from(number)).unwrap_or(&"")
    }

    /// Whether rules quote a concept.
    pub(crate) fn is_quoted(&self, concept: ConceptId) -> bool {
        self.quoted.get(usize::from(concept)) == Some(&true)
    }

    /// What a model calls a concept: words that a rule quotes stand behind a quotation mark.
    pub(crate) fn label(&self, concept: ConceptId) -> String {
        let mark = if self.is_quoted(concept) { "'" } else { "" };
        format!("{mark}{}", self.names.name(u32::from(concept)))
    }

    /// The words of a code that is written without a mark between them: `tokenexpired`. None of a word that is known, or
    /// that is put together otherwise.
    pub(crate) fn parted(&self, code: &str) -> Option<Vec<String>> {
        let plain = code.bytes().all(|b| b.is_ascii_lowercase());
        if !plain
            || !(SHORTEST_CODE..=LONGEST_CODE).contains(&code.len())
            || self.words.number(code).is_some()
        {
            return None;
        }
        // Of each place the fewest words that lead there, and where the last of them begins.
        let mut best: Vec<Option<(usize, usize)>> = vec![None; code.len() + 1];
        best[0] = Some((0, 0));
        for end in SHORTEST_PART..=code.len() {
            for start in 0..=end - SHORTEST_PART {
                let Some((count, _)) = best[start] else {
                    continue;
                };
                let fewer = best[end].is_none_or(|(own, _)| count + 1 < own);
                if fewer && self.words.number(&code[start..end]).is_some() {
                    best[end] = Some((count + 1, start));
                }
            }
        }
        let mut parts = Vec::new();
        let mut end = code.len();
        while end > 0 {
            let (_, start) = best[end]?;
            parts.push(code[start..end].to_owned());
            end = start;
        }
        parts.reverse();
        (parts.len() <= MOST_PARTS).then_some(parts)
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

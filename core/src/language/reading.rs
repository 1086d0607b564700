//! From clauses to causes: what was read, how strongly it speaks, and in which words.

use super::clause::{Clause, Clauses, Role};
use super::vocabulary::{Rule, Tag, Vocabulary};
use std::collections::BTreeMap;

/// One cause that an answer's words speak for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sense {
    /// The cause's code.
    pub cause: &'static str,
    /// How strongly, in tenths: 10 is a hint, 20 ambiguous, 30 likely, 40 clear, 50 the words of a standard.
    pub strength: i32,
    /// The words it was read from: `session token`, `invalid`.
    pub words: Vec<String>,
    /// Where they stand.
    pub place: String,
    /// The clause.
    pub clause: String,
    /// Whether it was read from sentences, not from codes alone.
    pub prose: bool,
}

/// What an answer says, the strongest first; empty where its words speak of no refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// One sense a cause.
    pub senses: Vec<Sense>,
}

/// Concepts that are read together stand at most so many words apart.
const APART: usize = 7;

/// A rule that found its concepts.
struct Match<'v> {
    rule: &'v Rule,
    tags: Vec<Tag>,
    /// The words that it covers.
    covers: u128,
}

impl Vocabulary {
    /// Reads clauses.
    pub fn read(&self, clauses: &Clauses) -> Reading {
        let mut found: BTreeMap<&'static str, Vec<Sense>> = BTreeMap::new();
        let tagged: Vec<(&Clause, Vec<Tag>)> = clauses
            .list()
            .iter()
            .map(|c| (c, self.tags(&c.words)))
            .collect();
        let troubled = tagged.iter().any(|(clause, tags)| {
            clause.role != Role::Key && tags.iter().any(|tag| self.trouble.contains(&tag.concept))
        });
        for (clause, tags) in &tagged {
            for sense in self.senses(clause, tags, troubled) {
                found.entry(sense.cause).or_default().push(sense);
            }
        }
        let mut senses: Vec<Sense> = found.into_values().filter_map(joined).collect();
        senses.sort_by_key(|sense| std::cmp::Reverse(sense.strength));
        Reading { senses }
    }

    fn senses(&self, clause: &Clause, tags: &[Tag], troubled: bool) -> Vec<Sense> {
        let has =
            |concept: Option<u16>| concept.is_some_and(|c| tags.iter().any(|t| t.concept == c));
        let begins = |concept: Option<u16>, within: usize| {
            concept.is_some_and(|c| tags.iter().any(|t| t.concept == c && t.start < within))
        };
        if has(self.good) || begins(self.progress, 1) {
            return Vec::new();
        }
        let mut matches: Vec<Match<'_>> = Vec::new();
        for tag in tags {
            for number in self.by_concept.get(&tag.concept).into_iter().flatten() {
                let rule = &self.rules[*number];
                if rule
                    .never
                    .iter()
                    .any(|never| tags.iter().any(|t| t.concept == *never))
                {
                    continue;
                }
                let mut chosen = vec![*tag];
                let telling = |t: &Tag| {
                    self.quoted[usize::from(t.concept)] || self.trouble.contains(&t.concept)
                };
                if choose(rule, tags, &mut chosen) && (troubled || chosen.iter().any(telling)) {
                    let covers = chosen.iter().map(|t| mask(*t)).fold(0, |a, b| a | b);
                    matches.push(Match {
                        rule,
                        tags: chosen,
                        covers,
                    });
                }
            }
        }
        // A reading whose words are all part of a more precise one says nothing of its own; nor does one put together from
        // the words of an idiom.
        let idiom =
            |m: &Match<'_>| m.tags.len() == 1 && self.quoted[usize::from(m.tags[0].concept)];
        let precise = |m: &Match<'_>| {
            matches.iter().any(|other| {
                let within = other.covers & m.covers == m.covers;
                within && (other.covers != m.covers || idiom(other) && !idiom(m))
            })
        };
        let advice = begins(self.advice, 3);
        let weight = |strength: i32| {
            let strength = match clause.role {
                Role::Prose => strength,
                Role::Code => strength * 9 / 10,
                Role::Key => strength / 2,
            };
            if advice || has(self.hedge) {
                strength / 2
            } else {
                strength
            }
        };
        let mut out = Vec::new();
        for one in matches.iter().filter(|m| !precise(m)) {
            let words: Vec<String> = words_of(clause, one);
            out.extend(one.rule.means.iter().map(|(cause, strength)| Sense {
                cause,
                strength: weight(*strength),
                words: words.clone(),
                place: clause.place.clone(),
                clause: clause.text.clone(),
                prose: clause.role == Role::Prose,
            }));
        }
        out
    }
}

/// The words of a match, in their order.
fn words_of(clause: &Clause, one: &Match<'_>) -> Vec<String> {
    let mut tags = one.tags.clone();
    tags.sort_by_key(|tag| tag.start);
    let said = |tag: &Tag| clause.words[tag.start..tag.end].join(" ");
    tags.iter().map(said).collect()
}

fn mask(tag: Tag) -> u128 {
    (tag.start..tag.end.min(128)).fold(0, |mask, at| mask | 1 << at)
}

/// Finds a tag for every further slot, near those that were chosen.
fn choose(rule: &Rule, tags: &[Tag], chosen: &mut Vec<Tag>) -> bool {
    let number = chosen.len();
    let Some(slot) = rule.slots.get(number) else {
        return true;
    };
    let ordered = rule.slots[number - 1].before;
    let last = chosen[number - 1];
    for tag in tags.iter().filter(|tag| slot.any.contains(&tag.concept)) {
        let apart = |other: &Tag| tag.end <= other.start || other.end <= tag.start;
        let near = |other: &Tag| tag.start <= other.end + APART && other.start <= tag.end + APART;
        let fits = chosen.iter().all(apart)
            && chosen.iter().any(near)
            && (!ordered || last.end <= tag.start);
        if fits {
            chosen.push(*tag);
            if choose(rule, tags, chosen) {
                return true;
            }
            chosen.pop();
        }
    }
    false
}

/// One cause's senses as one: the strongest, helped a little by what other clauses say.
fn joined(mut senses: Vec<Sense>) -> Option<Sense> {
    senses.sort_by_key(|sense| std::cmp::Reverse((sense.strength, sense.prose)));
    let mut senses = senses.into_iter();
    let mut first = senses.next()?;
    let other = senses.find(|sense| sense.clause != first.clause);
    if let Some(other) = other {
        first.strength += other.strength / 5;
        first.prose |= other.prose;
    }
    Some(first)
}

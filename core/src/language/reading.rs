//! From clauses to causes: what was read, how strongly it speaks, and in which words.

use super::clause::{Clause, Clauses, Role};
use super::likely::Likely;
use super::vocabulary::held::{ConceptId, Rule, Tag, Vocabulary};
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
    /// Whether nothing was read: the words are like those that are said where this is the cause.
    pub likeness: bool,
}

/// What an answer says, the strongest first; empty where its words speak of no refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// One sense a cause.
    pub senses: Vec<Sense>,
    /// What the text is like.
    pub likely: Likely,
}

impl Reading {
    /// Whether nothing was read, whatever the text is like.
    pub fn is_silent(&self) -> bool {
        self.senses.iter().all(|sense| sense.likeness)
    }
}

/// A clause and the concepts that it names.
pub(super) type Tagged<'c> = (&'c Clause, Vec<Tag>);

/// Concepts that are read together stand at most so many words apart.
const APART: usize = 7;

/// So many words stand between a determiner and its noun.
const BETWEEN: usize = 2;

/// What is at least so strong is a reason, in tenths.
const REASON: i32 = 27;

/// A rule that found its concepts.
struct Match<'v> {
    rule: &'v Rule,
    tags: Vec<Tag>,
    /// The words that it covers.
    covers: u128,
}

/// The concepts of a clause, a bit each: most rules fall at the first look.
struct Present(Vec<u64>);

impl Present {
    fn of(tags: &[Tag], concepts: usize) -> Self {
        let mut bits = vec![0; concepts / 64 + 1];
        for tag in tags {
            bits[usize::from(tag.concept) / 64] |= 1 << (tag.concept % 64);
        }
        Self(bits)
    }

    fn any(&self, concepts: &[ConceptId]) -> bool {
        let has = |concept: &ConceptId| {
            let bits = self.0.get(usize::from(*concept) / 64);
            bits.is_some_and(|bits| bits & 1 << (concept % 64) != 0)
        };
        concepts.iter().any(has)
    }
}

impl Vocabulary {
    /// Reads clauses.
    pub fn read(&self, clauses: &Clauses) -> Reading {
        self.read_tagged(&self.tagged(clauses))
    }

    /// The clauses with the concepts that they name.
    pub(super) fn tagged<'c>(&self, clauses: &'c Clauses) -> Vec<Tagged<'c>> {
        let clauses = clauses.list().iter();
        clauses.map(|c| (c, self.tags(&c.words))).collect()
    }

    /// Reads clauses whose concepts are known.
    pub(super) fn read_tagged(&self, tagged: &[Tagged<'_>]) -> Reading {
        let mut found: BTreeMap<&'static str, Vec<Sense>> = BTreeMap::new();
        let troubled = tagged.iter().any(|(clause, tags)| {
            clause.role != Role::Key && tags.iter().any(|tag| self.trouble.contains(&tag.concept))
        });
        let turns: Vec<(&str, &'static str)> = self.turned(tagged);
        for (clause, tags) in tagged {
            for mut sense in self.senses(clause, tags, troubled) {
                let turned = turns.iter().find(|(from, _)| *from == sense.cause);
                sense.cause = turned.map_or(sense.cause, |(_, to)| to);
                found.entry(sense.cause).or_default().push(sense);
            }
        }
        let mut senses: Vec<Sense> = found.into_values().filter_map(joined).collect();
        senses.sort_by_key(|sense| std::cmp::Reverse(sense.strength));
        Reading {
            senses,
            likely: Likely::default(),
        }
    }

    /// Whether all words of a clause are a phrase that means nothing, and numbers: `client error 400`.
    pub(super) fn says_nothing(&self, clause: &Clause, tags: &[Tag]) -> bool {
        let number = |word: &String| word.bytes().all(|b| b.is_ascii_digit()) || is_mark(word);
        let mute = |tag: &Tag| {
            let mut rules = self.by_concept.of(usize::from(tag.concept)).iter();
            rules.any(|number| {
                let rule = &self.rules[usize::from(*number)];
                self.slots(rule).len() == 1 && self.means(rule).next().is_none()
            })
        };
        tags.iter().filter(|tag| mute(tag)).any(|tag| {
            let before = clause.words[..tag.start].iter();
            before.chain(&clause.words[tag.end..]).all(number)
        })
    }

    /// What the codes among the clauses make of the words beside them.
    fn turned(&self, tagged: &[Tagged<'_>]) -> Vec<(&'static str, &'static str)> {
        let said = |concept: &u16| {
            tagged.iter().any(|(clause, tags)| {
                clause.role == Role::Code && tags.iter().any(|tag| tag.concept == *concept)
            })
        };
        let in_force = self
            .contexts
            .iter()
            .filter(|c| self.concepts(c.when).iter().any(said));
        in_force
            .flat_map(|context| Vocabulary::turns(self, context))
            .collect()
    }

    /// The rules that find their concepts in a clause.
    fn matches(&self, clause: &Clause, tags: &[Tag], troubled: bool) -> Vec<Match<'_>> {
        // The name of a member says something only where it holds.
        let holds =
            clause.role != Role::Key || clause.words.last().is_some_and(|word| word == "true");
        let telling =
            |t: &Tag| holds && (self.is_quoted(t.concept) || self.trouble.contains(&t.concept));
        let here = Present::of(tags, self.quoted.len());
        let determiner = |tag: &Tag| Some(tag.concept) == self.modifiers.determiner;
        let determiners: Vec<usize> = tags
            .iter()
            .filter(|t| determiner(t))
            .map(|t| t.start)
            .collect();
        let forbidden = |rule: &Rule, chosen: &[Tag]| {
            here.any(self.concepts(rule.never)) && {
                let part = part_of(clause, chosen);
                let never = |tag: &&Tag| self.concepts(rule.never).contains(&tag.concept);
                tags.iter()
                    .filter(never)
                    .any(|tag| part.contains(&tag.start))
            }
        };
        let sound = |chosen: &[Tag]| {
            determiners
                .iter()
                .all(|at| self.is_bound(&clause.words, *at, chosen))
        };
        let mut out = Vec::new();
        for tag in tags {
            for number in self.by_concept.of(usize::from(tag.concept)) {
                let rule = &self.rules[usize::from(*number)];
                let mut slots = self.slots(rule).iter();
                if !slots.all(|slot| here.any(self.concepts(slot.any))) {
                    continue;
                }
                let mut chosen = vec![*tag];
                if self.choose(rule, tags, &mut chosen, &sound)
                    && !forbidden(rule, &chosen)
                    && (troubled || chosen.iter().any(telling))
                {
                    let covers = chosen.iter().map(|t| mask(*t)).fold(0, |a, b| a | b);
                    out.push(Match {
                        rule,
                        tags: chosen,
                        covers,
                    });
                }
            }
        }
        out
    }

    /// Whether a determiner that was chosen stands before the noun that it belongs to: "no signature key found for token"
    /// does not say that there is no token.
    fn is_bound(&self, words: &[String], at: usize, chosen: &[Tag]) -> bool {
        let own = |tag: &&Tag| tag.start == at && tag.end == at + 1 && !self.is_quoted(tag.concept);
        let Some(determiner) = chosen.iter().find(own) else {
            return true;
        };
        let mut nouns = chosen
            .iter()
            .filter(|tag| tag.start >= determiner.end && !self.is_quoted(tag.concept))
            .peekable();
        if nouns.peek().is_some() {
            return nouns.any(|tag| tag.start <= determiner.end + BETWEEN);
        }
        // Behind a mark it belongs to a noun of its own: "Invalid authentication data (no method given)".
        let marked = at
            .checked_sub(1)
            .is_some_and(|before| is_mark(&words[before]));
        let open = words.get(determiner.end).is_none_or(|next| is_mark(next));
        !marked || open
    }

    fn senses(&self, clause: &Clause, tags: &[Tag], troubled: bool) -> Vec<Sense> {
        let has =
            |concept: Option<u16>| concept.is_some_and(|c| tags.iter().any(|t| t.concept == c));
        let begins = |concept: Option<u16>, within: usize| {
            concept.is_some_and(|c| tags.iter().any(|t| t.concept == c && t.start < within))
        };
        // What stands before the first word is a log's: a time, a request's number.
        let first = clause.words.iter().take_while(|word| word.starts_with('<'));
        if has(self.modifiers.good) || begins(self.modifiers.progress, first.count() + 1) {
            return Vec::new();
        }
        let matches = self.matches(clause, tags, troubled);
        // What would be so is not said to be so.
        let condition = tags
            .iter()
            .find(|tag| Some(tag.concept) == self.modifiers.condition);
        let supposed = |m: &Match<'_>| {
            condition.is_some_and(|condition| m.tags.iter().any(|tag| tag.start >= condition.end))
        };
        let doubtful = begins(self.modifiers.advice, 3) || has(self.modifiers.hedge);
        let mut out = Vec::new();
        for one in &matches {
            if supposed(one) || self.is_part_of_another(one, &matches) {
                continue;
            }
            let words: Vec<String> = words_of(clause, one);
            let reason = self.reason_behind(clause, one, &matches);
            let weight = |strength: i32| match doubtful {
                true => weight_as(clause.role, strength) / 2,
                false => weight_as(clause.role, strength),
            };
            // What stands before a reason is worth less than it.
            let weight = |strength: i32| match reason {
                Some(reason) => (weight(strength) * 6 / 10).min(weight(reason) - 1),
                None => weight(strength),
            };
            out.extend(self.means(one.rule).map(|(cause, strength)| Sense {
                cause,
                strength: weight(strength),
                words: words.clone(),
                place: clause.place.clone(),
                clause: clause.text.clone(),
                prose: clause.role == Role::Prose,
                likeness: false,
            }));
        }
        out
    }

    /// A reading whose words are all part of a more precise one says nothing of its own; nor does one put together from the
    /// words of an idiom.
    fn is_part_of_another(&self, own: &Match<'_>, matches: &[Match<'_>]) -> bool {
        let idiom = |m: &Match<'_>| m.tags.len() == 1 && self.is_quoted(m.tags[0].concept);
        matches.iter().any(|other| {
            let within = other.covers & own.covers == own.covers;
            within && (other.covers != own.covers || idiom(other) && !idiom(own))
        })
    }

    /// How strong a reason is that stands behind what was read: "Could not verify the token: expired", "Refused (expired)".
    /// What was put together mostly from before the mark is no reason either.
    fn reason_behind(
        &self,
        clause: &Clause,
        own: &Match<'_>,
        matches: &[Match<'_>],
    ) -> Option<i32> {
        let words = &clause.words;
        let end_of = |mark: usize| match words[mark].as_str() {
            ":" => Some(words.len()),
            "(" => {
                let closing = words[mark..].iter().position(|word| word == ")");
                Some(closing.map_or(words.len(), |at| mark + at))
            }
            _ => None,
        };
        let marks = (0..words.len()).filter_map(|mark| Some((mark, end_of(mark)?)));
        let reasons = marks.flat_map(|(mark, end)| {
            let before = own.tags.iter().filter(|tag| tag.start < mark).count();
            let behind = move |other: &&Match<'_>| {
                let part = other.covers & own.covers == other.covers;
                let within = |tag: &Tag| tag.start > mark && tag.start < end;
                2 * before > own.tags.len() && !part && other.tags.iter().all(within)
            };
            let strength = |other: &Match<'_>| self.means(other.rule).map(|(_, own)| own).max();
            matches.iter().filter(behind).filter_map(strength)
        });
        reasons.filter(|strength| *strength >= REASON).max()
    }

    /// Finds a tag for every further slot, near those that were chosen.
    fn choose(
        &self,
        rule: &Rule,
        tags: &[Tag],
        chosen: &mut Vec<Tag>,
        sound: &dyn Fn(&[Tag]) -> bool,
    ) -> bool {
        let number = chosen.len();
        let Some(slot) = self.slots(rule).get(number) else {
            return sound(chosen);
        };
        let ordered = self.slots(rule)[number - 1].before;
        let last = chosen[number - 1];
        for tag in tags
            .iter()
            .filter(|tag| self.concepts(slot.any).contains(&tag.concept))
        {
            let apart = |other: &Tag| tag.end <= other.start || other.end <= tag.start;
            let near =
                |other: &Tag| tag.start <= other.end + APART && other.start <= tag.end + APART;
            let fits = chosen.iter().all(apart)
                && chosen.iter().any(near)
                && (!ordered || last.end <= tag.start);
            if fits {
                chosen.push(*tag);
                if self.choose(rule, tags, chosen, sound) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }
}

/// Whether a word is a mark of punctuation.
fn is_mark(word: &str) -> bool {
    matches!(word, ":" | "," | "(" | ")")
}

/// What a rule is worth in a clause of that role.
fn weight_as(role: Role, strength: i32) -> i32 {
    match role {
        Role::Prose => strength,
        Role::Code => strength * 9 / 10,
        Role::Class => strength * 6 / 10,
        Role::Key => strength / 2,
    }
}

/// The words behind the last colon where all that was chosen stands there, else the whole clause: what was said before a
/// reason is not part of it.
fn part_of(clause: &Clause, chosen: &[Tag]) -> std::ops::Range<usize> {
    let first = chosen.iter().map(|tag| tag.start).min().unwrap_or_default();
    let colon = clause.words[..first].iter().rposition(|word| word == ":");
    colon.map_or(0, |at| at + 1)..clause.words.len()
}

/// The words of a match, in their order.
fn words_of(clause: &Clause, one: &Match<'_>) -> Vec<String> {
    let mut tags = one.tags.clone();
    tags.sort_by_key(|tag| tag.start);
    let said = |tag: &Tag| spoken(&clause.words[tag.start..tag.end]);
    tags.iter().map(said).collect()
}

/// Words as they are written: no blank stands between ideographs.
fn spoken(words: &[String]) -> String {
    let ideograph = |c: Option<char>| c.is_some_and(|c| c >= '\u{2e80}');
    let mut out = String::new();
    for word in words {
        let joined = ideograph(out.chars().next_back()) && ideograph(word.chars().next());
        if !out.is_empty() && !joined {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn mask(tag: Tag) -> u128 {
    (tag.start..tag.end.min(128)).fold(0, |mask, at| mask | 1 << at)
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

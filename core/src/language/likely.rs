//! What a text is like: how likely each cause is by its words alone, whoever speaks and in whatever order.

use super::clause::Clauses;
use super::reading::{Reading, Sense};
use super::vocabulary::likeness::{Likeness, RUN, SCALE};
use std::collections::BTreeSet;

/// How likely each cause is, in thousandths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likely {
    /// The likeliest first, and the runs of words that say so, the most telling first. `None`: no refusal.
    list: Vec<(Option<&'static str>, u32, Vec<String>)>,
    /// Whether it is two or three words.
    short: bool,
    /// Whether most of its words are known.
    familiar: bool,
}

/// So many runs of words are weighed, so many are named.
const MOST: usize = 1_000;
const NAMED: usize = 3;

/// A cause below this share of a thousand is not a reading.
const FAINT: u32 = 35;

/// A reading of a cause below this share is doubted.
const DOUBTED: u32 = 100;

/// A text is no refusal where this is at least so likely.
const HARMLESS: u32 = 600;

/// Likeness alone tells of a refusal from this share on, where that of no refusal is not higher.
const TELLING: u32 = 300;

/// Likeness alone tells of a refusal where nothing else does.
const CERTAIN: u32 = 500;

/// A reading of this strength says no more than a status: "401 Unauthorized". In so few runs nothing else is said.
const BARE: i32 = 13;
const SHORT: usize = 6;

/// An unclear reading gains this part of what likeness alone would be.
const SUPPORT: i32 = 6;

/// A reading that is doubted, or has nothing but likeness, is less than clear.
const UNCLEAR: i32 = 39;

impl Likely {
    /// Whether the words are those of a text that is no refusal.
    pub fn is_harmless(&self) -> bool {
        self.list
            .first()
            .is_some_and(|(cause, share, _)| cause.is_none() && *share >= HARMLESS)
    }

    /// Whether the words are hardly ever said where this is the cause.
    pub fn doubts(&self, cause: &str) -> bool {
        let own = self.list.iter().find(|(own, ..)| *own == Some(cause));
        !self.list.is_empty() && own.is_none_or(|(_, share, _)| *share < DOUBTED)
    }

    /// The share of no refusal.
    fn none(&self) -> u32 {
        let none = self.list.iter().find(|(cause, ..)| cause.is_none());
        none.map_or(0, |(_, share, _)| *share)
    }

    /// Puts likeness beside what was read: it supports a reading, makes it doubtful, or stands where nothing was read.
    /// `refused`: that it is a refusal is known, whatever its words.
    pub(super) fn blend(self, reading: &mut Reading, refused: bool) {
        let clear = reading
            .senses
            .first()
            .is_some_and(|sense| sense.strength > UNCLEAR);
        if !refused && !clear && self.is_harmless() {
            reading.senses.clear();
        }
        let bare = |sense: &Sense| sense.strength <= BARE;
        if self.short && reading.senses.first().is_some_and(bare) {
            reading.likely = self;
            return;
        }
        for sense in &mut reading.senses {
            let share = self.list.iter().find(|(own, ..)| *own == Some(sense.cause));
            let points = share.map_or(0, |(_, share, _)| points(*share));
            // What is clear needs no support.
            sense.strength = match sense.strength > UNCLEAR {
                true if self.doubts(sense.cause) => UNCLEAR,
                true => sense.strength,
                false => (sense.strength + points / SUPPORT).min(UNCLEAR),
            };
        }
        if refused || !reading.senses.is_empty() || self.tells() {
            let more = self.further(reading);
            reading.senses.extend(more);
        }
        let strength = |sense: &Sense| std::cmp::Reverse(sense.strength);
        reading.senses.sort_by_key(strength);
        reading.likely = self;
    }

    /// Whether likeness alone tells that a text is a refusal.
    fn tells(&self) -> bool {
        self.familiar && self.most() >= TELLING && self.none() <= TELLING
    }

    /// Whether the words are hardly ever said where nothing was refused.
    pub fn tells_clearly(&self) -> bool {
        self.familiar && self.most() >= CERTAIN && self.none() <= DOUBTED / 2
    }

    /// The share of the likeliest cause.
    fn most(&self) -> u32 {
        let most = self.list.iter().find(|(cause, ..)| cause.is_some());
        most.map_or(0, |(_, share, _)| *share)
    }

    /// Causes that the text is like and that were not read.
    fn further(&self, reading: &Reading) -> Vec<Sense> {
        let read = |cause: &str| reading.senses.iter().any(|sense| sense.cause == cause);
        let like = self.list.iter().filter(|(_, share, _)| *share >= FAINT);
        let more = like.filter_map(|(cause, share, words)| {
            let cause = cause.filter(|cause| !read(cause))?;
            Some(Sense {
                cause,
                strength: points(*share),
                words: words.clone(),
                place: "words".to_owned(),
                clause: words.join(" … "),
                prose: false,
                likeness: true,
            })
        });
        more.collect()
    }
}

/// A share as a strength: a reading that is likelier by e is stronger by 7.
fn points(share: u32) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "at most 30")]
    let points = (30.0 + 7.0 * (f64::from(share.max(1)) / 1_000.0).ln()).round() as i32;
    points.clamp(0, 30)
}

impl Likeness {
    /// Weighs the words of clauses.
    pub(super) fn weigh(&self, clauses: &Clauses) -> Likely {
        let runs = runs(clauses);
        if runs.is_empty() {
            return Likely::default();
        }
        let known: Vec<(&str, &[u16])> = runs
            .iter()
            .filter_map(|run| {
                Some((
                    run.as_str(),
                    self.weights.of(self.runs.number(run)? as usize),
                ))
            })
            .collect();
        if known.is_empty() {
            return Likely::default();
        }
        let mut sums = vec![0_i64; self.causes.len()];
        for (_, weights) in &known {
            for (place, weight) in weights.iter().map(|pair| parts(*pair)) {
                sums[place] += weight;
            }
        }
        // A text of many words is no likelier than a short one: sums are parted by the root of their number.
        let root = (runs.len() as u64 * 1_000_000).isqrt().max(1).cast_signed();
        let logits = sums.iter().zip(self.bias.iter());
        let logits =
            logits.map(|(sum, bias)| sum * 1_000 * PER_E / (SCALE * root) + i64::from(*bias));
        let shares = shares(&logits.collect::<Vec<_>>());
        let mut list: Vec<_> = shares
            .into_iter()
            .enumerate()
            .filter(|(_, share)| *share > 0)
            .collect();
        list.sort_by_key(|(place, share)| (std::cmp::Reverse(*share), *place));
        let list = list.into_iter().map(|(place, share)| {
            let cause = Some(self.causes[place]).filter(|code| !code.is_empty());
            let words = if share < FAINT {
                Vec::new()
            } else {
                telling(&known, place)
            };
            (cause, share, words)
        });
        Likely {
            list: list.collect(),
            short: runs.len() <= SHORT,
            familiar: words(known.iter().map(|(run, _)| *run)) * 3
                >= words(runs.iter().map(String::as_str)) * 2,
        }
    }
}

/// Logits are whole parts of this.
const PER_E: i64 = 16;

/// Logits as shares of a thousand.
fn shares(logits: &[i64]) -> Vec<u32> {
    let most = logits.iter().copied().max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "logits are small")]
    let odds: Vec<f64> = logits
        .iter()
        .map(|logit| ((logit - most) as f64 / PER_E as f64).exp())
        .collect();
    let all: f64 = odds.iter().sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000"
    )]
    let share = |odds: &f64| (odds / all * 1_000.0).round() as u32;
    odds.iter().map(share).collect()
}

/// The runs that speak most for a cause, none of them part of another.
fn telling(known: &[(&str, &[u16])], place: usize) -> Vec<String> {
    let weight = |weights: &[u16]| {
        let own = weights
            .iter()
            .map(|pair| parts(*pair))
            .find(|(own, _)| *own == place);
        own.map_or(0, |(_, weight)| weight)
    };
    let mut runs: Vec<(i64, &str)> = known
        .iter()
        .map(|(run, weights)| (weight(weights), *run))
        .collect();
    runs.retain(|(weight, _)| *weight > 0);
    runs.sort_by_key(|(weight, run)| (std::cmp::Reverse(*weight), *run));
    let mut out: Vec<String> = Vec::new();
    for (_, run) in runs {
        if out.len() < NAMED
            && !out
                .iter()
                .any(|own| own.contains(run) || run.contains(own.as_str()))
        {
            out.push(run.to_owned());
        }
    }
    out
}

/// How many runs are single words.
fn words<'r>(runs: impl Iterator<Item = &'r str>) -> usize {
    runs.filter(|run| !run.contains(' ')).count()
}

/// A cause's place and a weight.
fn parts(pair: u16) -> (usize, i64) {
    let [place, weight] = pair.to_be_bytes();
    (usize::from(place), i64::from(weight.cast_signed()))
}

/// The runs of one to three words inside each clause, each once; marks part nothing.
fn runs(clauses: &Clauses) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for clause in clauses.list() {
        let words = clause
            .words
            .iter()
            .filter(|word| !matches!(word.as_str(), ":" | "," | "(" | ")"));
        let words: Vec<&str> = words.map(String::as_str).collect();
        for length in 1..=RUN {
            out.extend(words.windows(length).map(|run| run.join(" ")));
        }
        if out.len() >= MOST {
            break;
        }
    }
    out
}

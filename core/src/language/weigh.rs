//! From words to what they are like: the runs of a text are weighed for each cause.

use super::clause::Clauses;
use super::likely::{FAINT, Likely, SHORT};
use super::vocabulary::likeness::{Likeness, RUN, SCALE};
use std::collections::HashSet;

/// So many runs of words are weighed, so many are named.
const MOST: usize = 1_000;
const NAMED: usize = 3;

/// Logits are whole parts of this.
const PER_E: i64 = 16;

/// The runs of a text, each once.
#[derive(Default)]
struct Runs {
    /// How many there are.
    all: usize,
    /// How many are single words.
    words: usize,
    /// The numbers of those that are known.
    known: Vec<u32>,
    /// How many of these are single words.
    known_words: usize,
}

impl Likeness {
    /// Weighs the words of clauses.
    pub(super) fn weigh(&self, clauses: &Clauses) -> Likely {
        let runs = self.runs_of(clauses);
        // One word is like too much.
        if runs.known.is_empty() || runs.all == 1 {
            return Likely::default();
        }
        let mut sums = vec![0_i64; self.causes.len()];
        for number in &runs.known {
            for (place, weight) in self.weights_of(*number) {
                sums[place] += weight;
            }
        }
        // A text of many words is no likelier than a short one: sums are parted by the root of their number.
        let root = (runs.all as u64 * 1_000_000).isqrt().max(1).cast_signed();
        let logits = sums.iter().zip(self.bias.iter());
        let logits =
            logits.map(|(sum, bias)| sum * 1_000 * PER_E / (SCALE * root) + i64::from(*bias));
        let shares = shares(&logits.collect::<Vec<_>>());
        let mut list: Vec<(usize, u32)> = shares.into_iter().enumerate().collect();
        list.retain(|(_, share)| *share > 0);
        list.sort_by_key(|(place, share)| (std::cmp::Reverse(*share), *place));
        let list = list.into_iter().map(|(place, share)| {
            let cause = Some(self.causes[place]).filter(|code| !code.is_empty());
            let named = if share < FAINT { 0 } else { NAMED };
            (cause, share, self.telling(&runs.known, place, named))
        });
        Likely {
            list: list.collect(),
            short: runs.all <= SHORT,
            familiar: runs.known_words * 3 >= runs.words * 2,
        }
    }

    fn weights_of(&self, number: u32) -> impl Iterator<Item = (usize, i64)> {
        self.weights
            .of(number as usize)
            .iter()
            .map(|pair| parts(*pair))
    }

    /// The runs of one to three words inside each clause; marks part nothing.
    fn runs_of(&self, clauses: &Clauses) -> Runs {
        let mut out = Runs::default();
        let mut seen: HashSet<u32> = HashSet::new();
        let mut text = String::new();
        for clause in clauses.list() {
            let words = clause.words.iter().map(String::as_str);
            let words: Vec<&str> = words
                .filter(|word| !matches!(*word, ":" | "," | "(" | ")"))
                .collect();
            for run in (1..=RUN).flat_map(|length| words.windows(length)) {
                text.clear();
                for (at, word) in run.iter().enumerate() {
                    text.push_str(if at > 0 { " " } else { "" });
                    text.push_str(word);
                }
                let (hash, number) = self.runs.find(&text);
                if !seen.insert(hash) {
                    continue;
                }
                let alone = usize::from(run.len() == 1);
                out.words += alone;
                if let Some(number) = number {
                    out.known.push(number);
                    out.known_words += alone;
                }
            }
            if seen.len() >= MOST {
                break;
            }
        }
        out.all = seen.len();
        out
    }

    /// The runs that speak most for a cause, none of them part of another.
    fn telling(&self, known: &[u32], place: usize, most: usize) -> Vec<String> {
        if most == 0 {
            return Vec::new();
        }
        let weight = |number: u32| {
            let own = self.weights_of(number).find(|(own, _)| *own == place);
            own.map_or(0, |(_, weight)| weight)
        };
        let runs = known
            .iter()
            .map(|number| (weight(*number), self.runs.name(*number)));
        let mut runs: Vec<(i64, &str)> = runs.filter(|(weight, _)| *weight > 0).collect();
        runs.sort_by_key(|(weight, run)| (std::cmp::Reverse(*weight), *run));
        let mut out: Vec<String> = Vec::new();
        for (_, run) in runs {
            let within = |own: &String| own.contains(run) || run.contains(own.as_str());
            if out.len() < most && !out.iter().any(within) {
                out.push(run.to_owned());
            }
        }
        out
    }
}

/// Logits as shares of a thousand.
fn shares(logits: &[i64]) -> Vec<u32> {
    let most = logits.iter().copied().max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "logits are small")]
    let odds = |logit: &i64| ((logit - most) as f64 / PER_E as f64).exp();
    let odds: Vec<f64> = logits.iter().map(odds).collect();
    let all: f64 = odds.iter().sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000"
    )]
    let share = |odds: &f64| (odds / all * 1_000.0).round() as u32;
    odds.iter().map(share).collect()
}

/// A cause's place and a weight.
fn parts(pair: u16) -> (usize, i64) {
    let [place, weight] = pair.to_be_bytes();
    (usize::from(place), i64::from(weight.cast_signed()))
}

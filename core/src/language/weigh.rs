//! From words to what they are like: the marks of a text are weighed for each cause.

use super::likely::{FAINT, Likely, SHORT};
use super::marks::{Marked, Sort};
use super::vocabulary::held::ConceptId;
use super::vocabulary::likeness::{CONCEPT, Likeness, SCALE};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// So many runs of words are named.
const NAMED: usize = 3;

/// Logits are whole parts of this.
const PER_E: i64 = 16;

/// The logit of what cannot be.
const NEVER: i64 = -100_000;

/// The marks of a text, each once.
#[derive(Default)]
struct Known {
    /// How many runs there are.
    runs: usize,
    /// How many of them are single words.
    words: usize,
    /// How many of these are known.
    familiar: usize,
    /// The numbers of all marks that are known; runs of words among them.
    marks: Vec<(u32, bool)>,
    /// The hashes of all.
    seen: HashSet<u32, BuildHasherDefault<Hashed>>,
}

/// Of what is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u32(&mut self, hash: u32) {
        // The table goes by the highest bits as well.
        self.0 = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Likeness {
    /// Weighs the marks of a text.
    pub(super) fn weigh(&self, marked: &Marked<'_>) -> Likely {
        let known = self.known(marked);
        // One word is like too much.
        if known.familiar == 0 || known.runs == 1 {
            return Likely::default();
        }
        let mut sums = vec![0_i64; self.causes.len()];
        for (number, _) in &known.marks {
            for (place, weight) in self.weights_of(*number) {
                sums[place] += weight;
            }
        }
        // A text of many words is no likelier than a short one: sums are parted by the root of their number.
        let root = (known.seen.len() as u64 * 1_000_000)
            .isqrt()
            .max(1)
            .cast_signed();
        let logits = sums.iter().zip(self.bias.iter());
        let logits =
            logits.map(|(sum, bias)| sum * 1_000 * PER_E / (SCALE * root) + i64::from(*bias));
        let refused = marked.status.is_some_and(|status| status >= 400);
        let logits = logits.zip(self.causes.iter());
        // What has such a status is a refusal.
        let logits = logits.map(|(logit, cause)| match refused && cause.is_empty() {
            true => NEVER,
            false => logit,
        });
        let shares = shares(&logits.collect::<Vec<_>>());
        let mut list: Vec<(usize, u32)> = shares.into_iter().enumerate().collect();
        list.retain(|(_, share)| *share > 0);
        list.sort_by_key(|(place, share)| (std::cmp::Reverse(*share), *place));
        let list = list.into_iter().map(|(place, share)| {
            let cause = Some(self.causes[place]).filter(|code| !code.is_empty());
            let named = if share < FAINT { 0 } else { NAMED };
            (cause, share, self.telling(&known.marks, place, named))
        });
        Likely {
            list: list.collect(),
            short: known.runs <= SHORT,
            familiar: known.familiar * 3 >= known.words * 2,
        }
    }

    fn weights_of(&self, number: u32) -> impl Iterator<Item = (usize, i64)> {
        self.weights
            .of(number as usize)
            .iter()
            .map(|pair| parts(*pair))
    }

    /// The marks of a text that the model knows.
    fn known(&self, marked: &Marked<'_>) -> Known {
        let mut out = Known::default();
        // What the model has not met does not thin out what it knows.
        let met = |concept: ConceptId| {
            let mark = format!("{CONCEPT}{concept}");
            self.marks.find(&mark).1.map(|_| concept)
        };
        marked.each(&met, &mut |mark, sort| {
            let (hash, number) = self.marks.find(mark);
            let new = out.seen.insert(hash);
            if new {
                let run = sort != Sort::Other;
                let word = usize::from(sort == Sort::Word);
                out.runs += usize::from(run);
                out.words += word;
                out.familiar += if number.is_some() { word } else { 0 };
                out.marks.extend(number.map(|number| (number, run)));
            }
            new
        });
        out
    }

    /// The runs that speak most for a cause, none of them part of another.
    fn telling(&self, known: &[(u32, bool)], place: usize, most: usize) -> Vec<String> {
        if most == 0 {
            return Vec::new();
        }
        let weight = |number: u32| {
            let own = self.weights_of(number).find(|(own, _)| *own == place);
            own.map_or(0, |(_, weight)| weight)
        };
        let runs = known.iter().filter(|(_, run)| *run);
        let runs = runs.map(|(number, _)| (weight(*number), self.marks.name(*number)));
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

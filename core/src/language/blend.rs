//! Likeness beside what was read.

use super::likely::{FAINT, Likely};
use super::reading::{Reading, Sense};

/// A reading of this strength says no more than a status: "401 Unauthorized". In so few runs nothing else is said.
const BARE: i32 = 13;

/// A reading of this strength is clear.
const CLEAR: i32 = 40;

impl Likely {
    /// Puts likeness beside what was read: it stands where nothing was read, and tells what is no refusal.
    /// `refused`: that it is a refusal is known, whatever its words; `failed`: it is known that something failed, so that
    /// clear words are those of a refusal.
    pub(super) fn blend(self, reading: &mut Reading, refused: bool, failed: bool) {
        let clear = reading
            .senses
            .first()
            .is_some_and(|sense| sense.strength >= CLEAR);
        let known = refused || failed && clear;
        if !known && self.is_harmless(clear) {
            reading.senses.clear();
        }
        let bare = |sense: &Sense| sense.strength <= BARE;
        if self.short && reading.senses.first().is_some_and(bare) {
            reading.likely = self;
            return;
        }
        if refused || !reading.senses.is_empty() || self.tells() {
            let more = self.further(reading);
            reading.senses.extend(more);
        }
        let strength = |sense: &Sense| std::cmp::Reverse(sense.strength);
        reading.senses.sort_by_key(strength);
        reading.likely = self;
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

//! Likeness beside what was read.

use super::likely::{FAINT, Likely};
use super::reading::{Reading, Sense};

/// A reading of this strength says no more than a status: "401 Unauthorized". In so few runs nothing else is said.
const BARE: i32 = 13;

/// An unclear reading gains this part of what likeness alone would be.
const SUPPORT: i32 = 6;

/// A reading that is doubted, or has nothing but likeness, is less than clear.
const UNCLEAR: i32 = 39;

impl Likely {
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
            let points = points(self.share(Some(sense.cause)));
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

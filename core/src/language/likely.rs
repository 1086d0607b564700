//! What a text is like: how likely each cause is by its words alone, whoever speaks and in whatever order.

use super::reading::{Reading, Sense};

/// How likely each cause is, in thousandths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likely {
    /// The likeliest first, and the runs of words that say so, the most telling first. `None`: no refusal.
    pub(super) list: Vec<(Option<&'static str>, u32, Vec<String>)>,
    /// Whether it is two or three words.
    pub(super) short: bool,
    /// Whether most of its words are known.
    pub(super) familiar: bool,
}

/// A cause below this share of a thousand is not a reading.
pub(super) const FAINT: u32 = 35;

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
pub(super) const SHORT: usize = 6;

/// An unclear reading gains this part of what likeness alone would be.
const SUPPORT: i32 = 6;

/// A reading that is doubted, or has nothing but likeness, is less than clear.
const UNCLEAR: i32 = 39;

impl Likely {
    /// Whether the words are those of a text that is no refusal.
    pub fn is_harmless(&self) -> bool {
        self.share(None) >= HARMLESS
    }

    /// Whether the words are hardly ever said where this is the cause.
    pub fn doubts(&self, cause: &str) -> bool {
        self.familiar && self.share(Some(cause)) < DOUBTED
    }

    /// The share of a cause; of `None`, that of no refusal.
    fn share(&self, cause: Option<&str>) -> u32 {
        let own = self.list.iter().find(|(own, ..)| *own == cause);
        own.map_or(0, |(_, share, _)| *share)
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

    /// Whether likeness alone tells that a text is a refusal.
    fn tells(&self) -> bool {
        self.familiar && self.most() >= TELLING && self.share(None) <= TELLING
    }

    /// Whether the words are hardly ever said where nothing was refused.
    pub fn tells_clearly(&self) -> bool {
        self.familiar && self.most() >= CERTAIN && self.share(None) <= DOUBTED / 2
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

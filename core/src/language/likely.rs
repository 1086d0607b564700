//! What a text is like: how likely each cause is by its words alone, whoever speaks and in whatever order.

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
pub(super) const FAINT: u32 = 25;

/// A reading of a cause below this share is doubted: one in the words of a standard, and any other.
const DOUBTED: u32 = 400;
const DOUBTED_UNLESS_PLAIN: u32 = 600;

/// A reading of this strength is in the words of a standard.
const PLAIN: i32 = 45;

/// A text is no refusal where this is at least so likely; where words are clear, where it is likelier still.
const HARMLESS: u32 = 600;
const HARMLESS_UNLESS_CLEAR: u32 = 800;

/// A text is not surely a refusal where none is at least so likely.
const UNSURE: u32 = 300;

/// Of what failed, a cause has at least such a share, and no refusal none above.
const FAILED: u32 = 200;

/// So few runs are short: two or three words.
pub(super) const SHORT: usize = 6;

impl Likely {
    /// Whether the words are those of a text that is no refusal; `clear`: some of them clearly name a cause.
    pub fn is_harmless(&self, clear: bool) -> bool {
        let least = match clear {
            true => HARMLESS_UNLESS_CLEAR,
            false => HARMLESS,
        };
        self.share(None) >= least
    }

    /// Whether the words are seldom said where this is the cause, so that a reading of this strength is not enough.
    pub fn doubts(&self, cause: &str, strength: i32) -> bool {
        let least = match strength >= PLAIN {
            true => DOUBTED,
            false => DOUBTED_UNLESS_PLAIN,
        };
        !self.list.is_empty() && (self.share(Some(cause)) < least || self.share(None) >= UNSURE)
    }

    /// Whether most of the words are known.
    pub fn is_familiar(&self) -> bool {
        self.familiar
    }

    /// Whether it is two or three words.
    pub fn is_short(&self) -> bool {
        self.short
    }

    /// The share of a cause, in thousandths; of `None`, that of no refusal.
    pub fn share(&self, cause: Option<&str>) -> u32 {
        let own = self.list.iter().find(|(own, ..)| *own == cause);
        own.map_or(0, |(_, share, _)| *share)
    }

    /// Whether likeness alone tells that a text is a refusal.
    pub(super) fn tells(&self) -> bool {
        self.familiar && self.most() > self.share(None)
    }

    /// Whether the words tell of a refusal where it is known that something failed.
    pub fn tells_of_failure(&self) -> bool {
        self.familiar && self.most() >= FAILED && self.share(None) <= FAILED
    }

    /// The share of the likeliest cause.
    fn most(&self) -> u32 {
        let most = self.list.iter().find(|(cause, ..)| cause.is_some());
        most.map_or(0, |(_, share, _)| *share)
    }
}

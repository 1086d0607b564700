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
pub(super) const FAINT: u32 = 35;

/// A reading of a cause below this share is doubted.
const DOUBTED: u32 = 100;

/// A text is no refusal where this is at least so likely.
const HARMLESS: u32 = 600;

/// Likeness alone tells of a refusal from this share on, where that of no refusal is not higher.
const TELLING: u32 = 300;

/// Likeness alone tells of a refusal where nothing else does.
const CERTAIN: u32 = 500;

/// So few runs are short: two or three words.
pub(super) const SHORT: usize = 6;

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
    pub(super) fn share(&self, cause: Option<&str>) -> u32 {
        let own = self.list.iter().find(|(own, ..)| *own == cause);
        own.map_or(0, |(_, share, _)| *share)
    }

    /// Whether likeness alone tells that a text is a refusal.
    pub(super) fn tells(&self) -> bool {
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
}

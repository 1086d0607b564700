//! What runs of words weigh for each cause: `tables/likeness.tsv`, written by `scripts/likeness.py`.

use super::hash::{Lists, Texts};
use std::borrow::Cow;

/// The longest run that is weighed, in words.
pub(crate) const RUN: usize = 3;

/// Weights are whole parts of this.
pub(crate) const SCALE: i64 = 8;

/// A linear model over runs of one to three words.
#[derive(Debug, Default, Clone)]
pub(crate) struct Likeness {
    /// The causes; `""` for a text that is no refusal.
    pub(crate) causes: Cow<'static, [&'static str]>,
    /// What each weighs before anything is read.
    pub(crate) bias: Cow<'static, [i16]>,
    /// The runs.
    pub(crate) runs: Texts,
    /// Of each run its weights: the cause's place in the high byte, the weight in the low one.
    pub(crate) weights: Lists,
}

//! What words, concepts, readings and a status weigh for each cause: `tables/likeness.tsv`, written by
//! `scripts/likeness.py`.

use super::hash::{Lists, Texts};
use std::borrow::Cow;

/// Weights are whole parts of this.
pub(crate) const SCALE: i64 = 12;

/// Before a concept; two that stand in one clause are one mark. The model has names, the program numbers.
pub(crate) const CONCEPT: char = '+';

/// A linear model over the marks of a text.
#[derive(Debug, Default, Clone)]
pub(crate) struct Likeness {
    /// The causes; `""` for a text that is no refusal.
    pub(crate) causes: Cow<'static, [&'static str]>,
    /// What each weighs before anything is read.
    pub(crate) bias: Cow<'static, [i16]>,
    /// The marks.
    pub(crate) marks: Texts,
    /// Of each mark its weights: the cause's place in the high byte, the weight in the low one.
    pub(crate) weights: Lists,
}

//! What was said, and which literals of the shipped tables stand there: looked for once, for all of them.

use super::pack::literals::Seen;
use super::shipped;
use std::cell::OnceCell;
use std::ops::Deref;

/// A text in which the wordings of tables are looked for.
#[derive(Debug)]
pub(crate) struct Text {
    said: String,
    plain: bool,
    seen: OnceCell<Seen>,
}

impl Text {
    /// What was said; `plain`: whether all that its members hold stands there as it is.
    pub(crate) fn new(said: String, plain: bool) -> Self {
        Self {
            said,
            plain,
            seen: OnceCell::new(),
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    pub(super) fn seen(&self) -> &Seen {
        self.seen.get_or_init(|| shipped::seen(&self.said))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.said
    }
}

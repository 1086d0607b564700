//! What was said, and which literals of the shipped tables stand there: looked for once, for all of them.

use super::pack::literals::Seen;
use super::shipped;
use std::cell::OnceCell;
use std::ops::Deref;

/// A text in which the wordings of tables are looked for.
#[derive(Debug)]
pub(crate) struct Text {
    text: String,
    seen: OnceCell<Seen>,
}

impl Text {
    pub(super) fn seen(&self) -> &Seen {
        self.seen.get_or_init(|| shipped::seen(&self.text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self {
            text,
            seen: OnceCell::new(),
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

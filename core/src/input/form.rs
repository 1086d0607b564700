//! What is to know of a form of evidence: its file says it.

use super::{Fields, Item};
use crate::http::Exchange;

/// A form.
pub(super) struct Form {
    /// Its name, for reports.
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// Whether the start of a text looks like it.
    pub(super) looks_like: fn(&str) -> bool,
    pub(super) read: ReadBy,
}

/// What a text is made of; who cleans it goes by that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One JSON document with a list of entries.
    Archive,
    /// An exchange record a line.
    Records,
    /// A log's line a line.
    Lines,
    /// A command line.
    Command,
    /// Messages, with what a client says between them.
    Messages,
    /// One text.
    Body,
}

/// Reads a line that has this place.
pub(super) type ReadLine = fn(&str, &str, Option<&Fields>) -> Result<Exchange, String>;

/// How it is read.
pub(super) enum ReadBy {
    /// Entry by entry, as a HAR.
    Entries,
    /// Line by line.
    Lines(ReadLine),
    /// Whole, where it is of this form and nothing else; with anything around it, by the reader of texts.
    Whole(fn(&str, &str, &mut dyn FnMut(Item)), fn(&str) -> bool),
    /// By the reader of texts.
    Text,
}

//! The shipped tables as one text, one run of bytes, and numbers: a start has no pointer of theirs to relocate, and reads
//! only the pages that it asks for.

use super::literals::Literals;

/// The sections of a provider file that are packed apart: most questions do not need them.
pub(crate) const SECTIONS: [&str; 9] = [
    "error",
    "mark",
    "part",
    "family",
    "elsewhere",
    "control",
    "ruled_out",
    "avoid",
    "resource",
];

/// Where a part of the text, of the bytes or of a list begins and ends.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) u32, pub(crate) u32);

impl Span {
    pub(crate) fn of<T>(self, all: &[T]) -> &[T] {
        all.get(self.0 as usize..self.1 as usize)
            .unwrap_or_default()
    }

    pub(crate) fn text(self, all: &str) -> &str {
        all.get(self.0 as usize..self.1 as usize)
            .unwrap_or_default()
    }
}

/// The shipped tables.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// Every text, one behind the other.
    pub(crate) text: &'static str,
    /// Every packed row, one behind the other.
    pub(crate) bytes: &'static [u8],
    /// The names of all tables: hosts, paths, words.
    pub(crate) names: &'static [Span],
    /// In the order of their ids.
    pub(crate) tables: &'static [Entry],
    /// The wordings of all tables.
    pub(crate) wordings: &'static [Wording],
    /// The marks of all tables, in their order.
    pub(crate) marks: &'static [Mark],
    /// The texts of patterns that are nothing else.
    pub(crate) alternatives: &'static [Alternative],
    /// Statuses, and ways (see [`super::literals`]).
    pub(crate) numbers: &'static [u16],
    /// The texts without which wordings and marks cannot match.
    pub(crate) literals: Literals,
}

/// How a table words one refusal, as far as it tells whether the wording is worth reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wording {
    /// All of it, as JSON.
    pub(crate) whole: Span,
    /// Of the numbers: the statuses that it comes with.
    pub(crate) status: Span,
    /// Whether it goes by the status alone.
    pub(crate) bare: bool,
    /// Whether it looks for codes in members or in header fields.
    pub(crate) coded: bool,
    /// Of the numbers: the ways of which what was said has to take one.
    pub(crate) needs: Option<Span>,
    /// Of the numbers: the same for members, unless something is written in escapes.
    pub(crate) members: Option<Span>,
    /// Of the alternatives: its pattern, where that is only texts.
    pub(crate) plain: Option<Span>,
}

/// A text of a pattern; see [`super::plain::Plain`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alternative {
    pub(crate) text: Span,
    pub(crate) fold: bool,
    pub(crate) before: bool,
    pub(crate) behind: bool,
}

/// A sign in an answer that only one provider leaves, as far as it tells whether the mark is worth reading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    /// All of it, as JSON.
    pub(crate) whole: Span,
    /// The place of its table.
    pub(crate) table: u16,
    /// The header field that it looks at; absent, it looks at what was said.
    pub(crate) header: Option<Span>,
    /// Of the numbers: the ways of which what was said has to take one.
    pub(crate) needs: Option<Span>,
    /// Of the numbers: the same for members, unless something is written in escapes.
    pub(crate) members: Option<Span>,
    /// Of the alternatives: its pattern, where that is only texts.
    pub(crate) plain: Option<Span>,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) id: Span,
    /// Of the names: API and login hosts, `*` standing for any start.
    pub(crate) hosts: Span,
    /// Of the names: starts of paths by which it is known on any host.
    pub(crate) paths: Span,
    /// Of the names: what people call it.
    pub(crate) words: Span,
    /// Whether it is nobody's in particular.
    pub(crate) general: bool,
    /// The provider file without what stands apart, as JSON.
    pub(crate) provider: Span,
    /// The sections that stand apart, in the order of [`SECTIONS`], as JSON.
    pub(crate) sections: [Span; SECTIONS.len()],
    /// Of the wordings: its own.
    pub(crate) wordings: Span,
    pub(crate) rows: Rows,
    /// The rows of the provider file, which win over the others.
    pub(crate) by_hand: Rows,
}

/// Packed rows; the pool is of the text, the other parts are of the bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    pub(crate) pool: Span,
    pub(crate) starts: Span,
    pub(crate) records: Span,
    pub(crate) trie: Span,
    pub(crate) names: Span,
    pub(crate) reports: Span,
    pub(crate) count: u32,
}

//! The shipped tables as one text, one run of bytes, and numbers: a start has no pointer of theirs to relocate, and reads
//! only the pages that it asks for.

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
    pub(crate) count: u32,
}

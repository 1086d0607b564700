//! Scopes: what is granted, what is asked, and how the two compare (RFC 6749 §3.3).

mod need;

pub use need::{Coverage, Follow, Implication, ListReading, Need, close, cover};

use std::collections::BTreeSet;

/// A set of scope-tokens, compared byte by byte (RFC 6749 §3.3: case-sensitive, order without meaning).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeSet(BTreeSet<String>);

/// Something in a scope text that RFC 6749 §3.3 does not have, kept because it is a likely mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ScopeFlaw {
    /// More than one space between two scope-tokens.
    DoubleSpace,
    /// A space before the first or after the last scope-token.
    OuterSpace,
    /// The same scope-token twice.
    Duplicate,
    /// A comma, legal inside a scope-token but mostly meant as a separator.
    Comma,
    /// A `;` or `|`, legal inside a scope-token but mostly meant as a separator.
    Mark,
    /// A `+`, legal but mostly a form-encoded space.
    Plus,
    /// A `%xx`, legal but mostly percent-encoding left in.
    Percent,
    /// A TAB or line break, which is no separator.
    OtherBlank,
    /// `"` or `\`, outside NQCHAR.
    Illegal,
    /// A character outside ASCII: never folded, never equal to a look-alike.
    NonAscii,
}

impl ScopeFlaw {
    /// What is wrong, for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::DoubleSpace => {
                "more than one space between scopes (RFC 6749 §3.3 has exactly one)"
            }
            Self::OuterSpace => "a space before the first or after the last scope",
            Self::Duplicate => "a scope is listed twice",
            Self::Comma => "a comma: legal inside one scope, so a comma list is read as one scope",
            Self::Mark => {
                "a `;` or `|`: legal inside one scope, so a list with it is read as one scope"
            }
            Self::Plus => "a `+`: legal inside one scope, likely a form-encoded space left in",
            Self::Percent => {
                "a `%xx`: compared as it is; probably percent-encoding that was not decoded"
            }
            Self::OtherBlank => {
                "a TAB or line break, which does not separate scopes: a strict server sees one scope"
            }
            Self::Illegal => "a quote or backslash, which RFC 6749 §3.3 does not allow in a scope",
            Self::NonAscii => {
                "a character outside ASCII: never equal to a look-alike, not allowed by RFC 6749 §3.3"
            }
        }
    }
}

impl ScopeSet {
    /// Reads a `scope` text: split on SP only, everything else kept as it stands and named as a flaw.
    pub fn read(text: &str) -> (Self, Vec<ScopeFlaw>) {
        let mut flaws = BTreeSet::new();
        if text.starts_with(' ') || text.ends_with(' ') {
            flaws.insert(ScopeFlaw::OuterSpace);
        }
        if text.trim_matches(' ').contains("  ") {
            flaws.insert(ScopeFlaw::DoubleSpace);
        }
        let mut set = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            flaws.extend(flaws_of(word));
            if !set.0.insert(word.to_owned()) {
                flaws.insert(ScopeFlaw::Duplicate);
            }
        }
        (set, flaws.into_iter().collect())
    }

    /// Whether the set holds exactly this scope-token.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Adds one scope-token; false where it was there already.
    pub fn insert(&mut self, name: &str) -> bool {
        self.0.insert(name.to_owned())
    }

    /// The scope-tokens in byte order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether no scope is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many scopes are in the set.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The scope-tokens as an owned list, in byte order.
    pub fn to_vec(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }
}

impl<S: Into<String>> FromIterator<S> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

/// Marks that people put between scopes, although only a space separates them.
const MARKS: [char; 2] = [';', '|'];

/// What a scope-token was probably meant as, where it has such a mark: a list of scopes.
pub fn marked_list(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(MARKS).filter(|part| !part.is_empty()).collect();
    (word.contains(MARKS) && !parts.is_empty()).then(|| parts.join(" "))
}

/// The flaws of one scope-token (RFC 6749 App. A.4: NQCHAR is `%x21 / %x23-5B / %x5D-7E`).
pub fn flaws_of(word: &str) -> Vec<ScopeFlaw> {
    let mut flaws = Vec::new();
    let mut note = |found: bool, flaw| {
        if found {
            flaws.push(flaw);
        }
    };
    note(word.contains(','), ScopeFlaw::Comma);
    note(word.contains(MARKS), ScopeFlaw::Mark);
    note(word.contains('+'), ScopeFlaw::Plus);
    note(has_percent_escape(word), ScopeFlaw::Percent);
    note(
        word.contains(|c: char| c.is_ascii_control()),
        ScopeFlaw::OtherBlank,
    );
    note(word.contains(['"', '\\']), ScopeFlaw::Illegal);
    note(!word.is_ascii(), ScopeFlaw::NonAscii);
    flaws
}

fn has_percent_escape(word: &str) -> bool {
    word.as_bytes()
        .windows(3)
        .any(|w| w[0] == b'%' && w[1].is_ascii_hexdigit() && w[2].is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_space_separates() {
        let (set, flaws) = ScopeSet::read(" a:read  b,c d\te a:read");
        assert_eq!(set.to_vec(), ["a:read", "b,c", "d\te"]);
        assert_eq!(
            flaws,
            [
                ScopeFlaw::DoubleSpace,
                ScopeFlaw::OuterSpace,
                ScopeFlaw::Duplicate,
                ScopeFlaw::Comma,
                ScopeFlaw::OtherBlank
            ]
        );
    }

    #[test]
    fn a_mark_between_names_is_a_list_that_was_meant() {
        assert_eq!(marked_list("repo;gist").as_deref(), Some("repo gist"));
        assert_eq!(marked_list("a|b|").as_deref(), Some("a b"));
        assert_eq!(marked_list("a:b"), None);
        assert_eq!(ScopeSet::read("repo|gist").1, [ScopeFlaw::Mark]);
    }

    #[test]
    fn look_alikes_and_case_are_never_equal() {
        let (set, flaws) = ScopeSet::read("re\u{0430}d Read");
        assert!(!set.contains("read"));
        assert_eq!(flaws, [ScopeFlaw::NonAscii]);
    }
}

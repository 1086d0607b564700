//! What stands in place of a value: its type, its length class and a number that is the same wherever the same value
//! stood in this text.
//!
//! The number counts the distinct values of one text. A hash would let anybody who can guess a value (a user name, a
//! PIN, a telephone number) prove the guess; a number tells only which values were equal.

use crate::token::redact::{Strictness, is_uuid, is_wordy};
use std::collections::{BTreeMap, HashMap};

/// The types of stand-ins.
const KINDS: [&str; 19] = [
    "string", "number", "email", "uuid", "ip", "phone", "name", "path", "bytes", "key", "opaque",
    "jwt", "jwe", "damaged", "broken", "basic", "redacted", "text", "url",
];

/// The place of a person's name.
pub(super) const PERSON: &str = "person";

/// Values that were found once and must not stand anywhere else are at least so long, in bytes.
pub(super) const SHORTEST: usize = 8;

/// What was taken out, and the numbers that were given.
#[derive(Debug, Default)]
pub(super) struct StandIns {
    numbers: HashMap<String, usize>,
    /// What was removed, by kind of place, and how often.
    pub(super) removed: BTreeMap<String, usize>,
    /// Values to be looked for in the whole result.
    pub(super) known: HashMap<String, String>,
    next: usize,
}

impl StandIns {
    /// Numbers go on behind those that stand in the text already.
    pub(super) fn of(text: &str) -> Self {
        let mut last = 0;
        for (at, _) in text.match_indices(";n") {
            let rest = &text[at + 2..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).take(9).count();
            if rest[digits..].starts_with(['>', '%']) {
                last = last.max(rest[..digits].parse().unwrap_or(0));
            }
        }
        Self {
            next: last + 1,
            ..Self::default()
        }
    }

    /// A value of any type by its form: `<uuid;n1>`, `<email;n2>`, `<string;24;n3>`.
    pub(super) fn value(&mut self, value: &str, place: &str) -> String {
        let bare = value.trim();
        if bare.is_empty() || is_own(bare) {
            return value.to_owned();
        }
        self.typed(kind_of(bare), value, place)
    }

    /// A value of a known type.
    pub(super) fn typed(&mut self, kind: &str, value: &str, place: &str) -> String {
        let number = self.number(value, place);
        match kind {
            "string" | "text" | "bytes" | "path" => {
                format!("<{kind};{};n{number}>", class(value.len()))
            }
            _ => format!("<{kind};n{number}>"),
        }
    }

    /// A value of a known type, unless it is empty or a stand-in already.
    pub(super) fn typed_or_value(&mut self, kind: &str, value: &str, place: &str) -> String {
        if value.trim().is_empty() || is_own(value.trim()) {
            return value.to_owned();
        }
        self.typed(kind, value, place)
    }

    /// The number of a value; it is noted as removed.
    pub(super) fn number(&mut self, value: &str, place: &str) -> usize {
        match self.removed.get_mut(place) {
            Some(count) => *count += 1,
            None => {
                self.removed.insert(place.to_owned(), 1);
            }
        }
        self.remember(value, place);
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = self.next;
        self.next += 1;
        self.numbers.insert(value.to_owned(), number);
        number
    }

    /// Remembers the full name of a person, although it consists of words.
    pub(super) fn remember_name(&mut self, name: &str) {
        if name.len() >= SHORTEST && !self.known.contains_key(name) {
            self.known.insert(name.to_owned(), PERSON.to_owned());
        }
    }

    /// Remembers what is as secret as a whole credential: nothing that is a word.
    pub(super) fn remember(&mut self, value: &str, place: &str) {
        let value = value.trim();
        if value.len() >= SHORTEST
            && value.len() <= 8 * 1024
            && !is_wordy(value, Strictness::Lenient)
            && !self.known.contains_key(value)
        {
            self.known.insert(value.to_owned(), place.to_owned());
        }
    }
}

/// A length rounded up: it tells a cut value from a whole one, and no more.
pub(super) fn class(length: usize) -> usize {
    const CLASSES: [usize; 12] = [8, 16, 24, 32, 48, 64, 128, 256, 512, 1024, 2048, 4096];
    CLASSES
        .into_iter()
        .find(|class| length <= *class)
        .unwrap_or_else(|| length.next_power_of_two())
}

fn kind_of(value: &str) -> &'static str {
    let digits = value
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-. ".contains(&b))
        && value.bytes().any(|b| b.is_ascii_digit());
    if is_uuid(value) {
        "uuid"
    } else if value.parse::<std::net::IpAddr>().is_ok() {
        "ip"
    } else if digits {
        "number"
    } else if value
        .split_once('@')
        .is_some_and(|(a, b)| !a.is_empty() && b.contains('.') && !value.contains([' ', '/']))
    {
        "email"
    } else {
        "string"
    }
}

/// Whether a text is a stand-in of ours, or a bare one of an exchange record: `<redacted>`, `<jwt>`.
pub(super) fn is_own(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')) else {
        return false;
    };
    let mut parts = inner.split(';');
    let kind = parts.next().unwrap_or_default();
    KINDS.contains(&kind) && parts.all(is_part)
}

/// A length class, a number, `up-to-64`, or a public prefix of a vendor's tokens.
fn is_part(part: &str) -> bool {
    let digits = |text: &str| {
        !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit())
    };
    let prefix = part.strip_suffix('…').is_some_and(|prefix| {
        prefix.is_empty() || crate::token::known_prefix(prefix) == Some(prefix)
    });
    digits(part)
        || prefix
        || part.strip_prefix('n').is_some_and(digits)
        || part.strip_prefix("up-to-").is_some_and(digits)
        || part == "over-8192"
}

/// The length of the stand-in of ours that a text starts with.
pub(super) fn own_at(text: &str) -> Option<usize> {
    if !text.starts_with('<') {
        return None;
    }
    let head = text.get(..64).unwrap_or_else(|| {
        let end = (0..=64.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at));
        &text[..end.unwrap_or(0)]
    });
    let end = head.find('>')? + 1;
    is_own(&head[..end]).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_stand_ins_and_no_hash() {
        let mut out = StandIns::of("<string;8;n4>");
        assert_eq!(out.value("hunter2", "x"), "<string;8;n5>");
        assert_eq!(out.value("hunter2", "y"), "<string;8;n5>");
        assert_eq!(out.value("bob@example.org", "x"), "<email;n6>");
        assert_eq!(out.value("<string;8;n4>", "x"), "<string;8;n4>");
        assert_eq!(out.value("<hunter2>", "x"), "<string;16;n7>");
    }
}

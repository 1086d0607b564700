//! UUIDs (RFC 9562 §4) in a text: whatever stands in one stands there by chance.

use std::borrow::Cow;

/// How long one is.
pub(crate) const UUID: usize = 36;

/// How many letters stand before its first hyphen.
const FIRST: usize = 8;

/// Whether a text begins with one, and with nothing that would make it longer.
pub(crate) fn begins(text: &[u8]) -> bool {
    let shaped = |text: &[u8]| {
        text.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let ends = text
        .get(UUID)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
    ends && text.get(..UUID).is_some_and(shaped)
}

/// A text with every letter and digit of its UUIDs as `f`: a number that a product has as a code stands in some of them.
pub(crate) fn cover_uuids(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let starts = memchr::memchr_iter(b'-', bytes).filter_map(|hyphen| hyphen.checked_sub(FIRST));
    let alone = |start: usize| {
        start == 0 || !bytes[start - 1].is_ascii_alphanumeric() && bytes[start - 1] != b'_'
    };
    let mut starts = starts
        .filter(|start| alone(*start) && begins(&bytes[*start..]))
        .peekable();
    if starts.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut kept) = (String::with_capacity(text.len()), 0);
    for start in starts {
        out.push_str(&text[kept..start]);
        out.push_str("ffffffff-ffff-ffff-ffff-ffffffffffff");
        kept = start + UUID;
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_uuid_is_covered_and_nothing_else() {
        let covered = "é ffffffff-ffff-ffff-ffff-ffffffffffff, 4014";
        assert_eq!(
            cover_uuids("é 9d31fe68-4014-e95b-2e14-875fd8daf90a, 4014"),
            covered
        );
        for other in [
            "a-b",
            "x9d31fe68-4014-e95b-2e14-875fd8daf90a",
            "9d31fe68-4014-e95b-2e14-875fd8daf90a-1",
            "-",
            "",
        ] {
            assert_eq!(cover_uuids(other), other);
        }
    }
}

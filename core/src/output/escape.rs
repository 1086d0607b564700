//! Untrusted text made harmless for its medium: nothing in a claim or header may steer a terminal.

use std::fmt::Write as _;

/// Characters that are not seen: they move the cursor, reorder text, or carry what a reader is not shown. All of Unicode
/// 17's `Default_Ignorable_Code_Point` and `General_Category=Cf` (DerivedCoreProperties.txt, DerivedGeneralCategory.txt),
/// the separators of lines and paragraphs, blank letters, and what XML 1.0 §2.2 has no place for.
const UNSEEN: [(u32, u32); 38] = [
    (0x00ad, 0x00ad),
    (0x034f, 0x034f),
    (0x0600, 0x0605),
    (0x061c, 0x061c),
    (0x06dd, 0x06dd),
    (0x070f, 0x070f),
    (0x0890, 0x0891),
    (0x08e2, 0x08e2),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xfdd0, 0xfdef),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0xfffe, 0xffff),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x16fe4, 0x16fe4),
    (0x1bca0, 0x1bca3),
    (0x1d159, 0x1d159),
    (0x1d173, 0x1d17a),
    (0x1fffe, 0x1ffff),
    (0x2fffe, 0x2ffff),
    (0x3fffe, 0x3ffff),
    (0x4fffe, 0x4ffff),
    (0x5fffe, 0x5ffff),
    (0xdfffe, 0xe0fff),
    (0xefffe, 0xeffff),
    (0xffffe, 0xfffff),
    (0x10_fffe, 0x10_ffff),
];

/// Whether a character could move the cursor, hide text, reorder it or carry text of its own unseen.
pub fn is_dangerous(c: char) -> bool {
    let code = u32::from(c);
    let unseen = || {
        let at = UNSEEN.partition_point(|(_, last)| *last < code);
        UNSEEN.get(at).is_some_and(|(first, _)| *first <= code)
    };
    c.is_control() || code >= 0xad && unseen()
}

/// For a terminal: dangerous characters as `\u{1b}`, nothing else changed.
pub fn terminal(text: &str) -> String {
    if !text.chars().any(is_dangerous) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| {
            if is_dangerous(c) {
                c.escape_unicode().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// For a terminal, line by line: line breaks of our own stay.
pub fn terminal_lines(text: &str) -> String {
    text.split('\n')
        .map(terminal)
        .collect::<Vec<_>>()
        .join("\n")
}

/// For JSON text that is already well-formed: such characters occur inside strings only, so `\u001b` is the same value.
pub fn json(text: &str) -> String {
    if !holds_dangerous(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !is_dangerous(c) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// Whether a character but a line break is dangerous: what is plain is passed over byte by byte.
fn holds_dangerous(text: &str) -> bool {
    let odd = |b: &u8| !(b' '..=b'~').contains(b) && *b != b'\n';
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(odd) {
        let Some(c) = rest.get(at..).and_then(|tail| tail.chars().next()) else {
            return true;
        };
        if is_dangerous(c) {
            return true;
        }
        rest = &rest[at + c.len_utf8()..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_cannot_reach_the_terminal() {
        assert_eq!(
            terminal("a\u{1b}[2Jb\u{202e}c\u{9b}"),
            "a\\u{1b}[2Jb\\u{202e}c\\u{9b}"
        );
        assert_eq!(terminal("plain – ü"), "plain – ü");
    }

    #[test]
    fn what_is_not_seen_is_made_visible_and_what_is_written_stays() {
        assert!(UNSEEN.is_sorted() && UNSEEN.iter().all(|(first, last)| first <= last));
        for c in [
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{2066}',
            '\u{2069}',
            '\u{202a}',
            '\u{fe0f}',
            '\u{3164}',
            '\u{115f}',
            '\u{180e}',
            '\u{fff9}',
            '\u{1d173}',
            '\u{2063}',
            '\u{ffff}',
            '\u{85}',
            '\u{34f}',
        ] {
            assert!(is_dangerous(c), "{c:?}");
        }
        for c in "aé中אب–…“ ñ́e\u{301}\u{fffd}😀§\u{a0}\u{e000}".chars() {
            assert!(!is_dangerous(c), "{c:?}");
        }
    }

    #[test]
    fn escaped_json_is_the_same_value() {
        let value = serde_json::json!({"a": "\u{202e}x\u{9b}\u{7f}"});
        let text = json(&serde_json::to_string_pretty(&value).expect("JSON"));
        assert!(text.is_ascii());
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON"),
            value
        );
    }
}

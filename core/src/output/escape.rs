//! Untrusted text made harmless for its medium: nothing in a claim or header may steer a terminal.

use std::fmt::Write as _;

/// Whether a character could move the cursor, hide text or reorder it (C0, C1, bidi and zero-width controls).
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{ad}')
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
    if !text.chars().any(|c| c != '\n' && is_dangerous(c)) {
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

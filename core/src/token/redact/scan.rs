//! One walk over a text: words, what stands between them, and what stood before.

use super::{SHORTEST, Strictness, Weight, is_random, is_stand_in, is_wordy, looks_secret, weight};
use crate::http::Scheme;

/// Words that stand where a credential would and say what became of it.
const VERDICTS: [&str; 34] = [
    "null",
    "none",
    "undefined",
    "nil",
    "true",
    "false",
    "required",
    "missing",
    "invalid",
    "expired",
    "incorrect",
    "wrong",
    "empty",
    "absent",
    "present",
    "revoked",
    "unknown",
    "not",
    "must",
    "cannot",
    "is",
    "are",
    "was",
    "has",
    "the",
    "a",
    "an",
    "bearer",
    "basic",
    "string",
    "redacted",
    "hidden",
    "malformed",
    "unauthorized",
];

/// Byte ranges of credentials, in order, not overlapping.
pub fn secrets(text: &str) -> Vec<(usize, usize)> {
    let mut scan = Scan {
        text,
        at: 0,
        before: Before::Nothing,
        found: Vec::new(),
    };
    while let Some(byte) = text.as_bytes().get(scan.at).copied() {
        if is_token_byte(byte) {
            scan.word();
        } else {
            scan.mark(byte);
        }
    }
    scan.found
}

fn is_token_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-._~+/%=$!*".contains(&b)
}

/// What stood before the present place, as far as it tells a credential.
#[derive(Debug, Clone, Copy)]
enum Before {
    Nothing,
    /// A secret name; no sign yet.
    Name(Weight),
    /// A secret name and `:` or `=`; the quote that was opened behind it, and whether the sign was `=`.
    Assigned(Weight, Option<u8>, bool),
    /// A scheme and blanks.
    Scheme,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    before: Before,
    found: Vec<(usize, usize)>,
}

impl Scan<'_> {
    /// A byte that is part of no word.
    fn mark(&mut self, byte: u8) {
        self.before = match (self.before, byte) {
            (Before::Name(weight), b':') => Before::Assigned(weight, None, false),
            (own @ Before::Name(_), b' ' | b'\t' | b'"' | b'\'' | b'\\' | b'`' | b']' | b')') => {
                own
            }
            (Before::Assigned(weight, None, equals), b'"' | b'\'' | b'`') => {
                Before::Assigned(weight, Some(byte), equals)
            }
            (own @ Before::Assigned(_, None, _), b' ' | b'\t' | b'\\' | b'>')
            | (own @ Before::Scheme, b' ' | b'"' | b'\'') => own,
            // A secret may begin with a mark of its own inside its quotes.
            (Before::Assigned(weight, Some(quote), _), _) => {
                return self.value(weight, Some(quote), true, self.at);
            }
            _ => Before::Nothing,
        };
        self.at += 1;
    }

    /// A run of the characters that credentials are made of.
    fn word(&mut self) {
        let text = self.text;
        let start = self.at;
        if let (Before::Name(weight), Some(b'=')) = (self.before, text.as_bytes().get(start)) {
            self.before = Before::Assigned(weight, None, true);
            self.at += 1;
            return;
        }
        let rest = &text.as_bytes()[start..];
        let end = start
            + rest
                .iter()
                .position(|b| !is_token_byte(*b))
                .unwrap_or(rest.len());
        if let Before::Assigned(weight, quote, equals) = self.before {
            return self.value(weight, quote, equals, start);
        }
        let word = &text[start..end];
        if word.starts_with("-----BEGIN") {
            return self.pem(start);
        }
        let scheme = matches!(self.before, Before::Scheme);
        self.at = end;
        self.before = Before::Nothing;
        // `name=value` is one run in a query or form.
        if let Some((name, value)) = word.split_once('=') {
            let from = start + name.len() + 1;
            if let Some(weight) = weight(last_part(name)) {
                if value.is_empty() {
                    self.before = Before::Assigned(weight, None, true);
                    self.at = from;
                    return;
                }
                return self.value(weight, None, true, from);
            }
            if !value.is_empty() && (looks_secret(value) || is_random(value.trim_end_matches('=')))
            {
                self.found.push((from, end));
                return;
            }
        }
        if looks_secret(word) || scheme && is_dense(word) || is_random(word) && !word.contains("//")
        {
            self.found.push((start, end));
        } else if word.starts_with("//") && text[..start].ends_with(':') {
            self.authority(start + 2);
        } else if let Some(weight) = weight(last_part(word.trim_end_matches('.'))) {
            self.before = Before::Name(weight);
            if is_scheme(word) && text[end..].starts_with(' ') {
                self.before = Before::Scheme;
            }
        } else if is_scheme(word) {
            self.before = Before::Scheme;
        }
    }

    /// The value of a secret name starts here.
    fn value(&mut self, weight: Weight, quote: Option<u8>, equals: bool, start: usize) {
        let rest = &self.text[start..];
        let end = match quote {
            Some(quote) => closing(rest, quote),
            None => rest.find(|c: char| {
                c.is_whitespace()
                    || matches!(c, '&' | ',' | ';' | '"' | '\'' | '<' | ')' | '}' | '\\')
            }),
        };
        let value = &rest[..end.unwrap_or(rest.len())];
        self.before = Before::Nothing;
        if value.is_empty() {
            self.at = start
                + usize::from(!rest.is_empty()) * rest.chars().next().map_or(0, char::len_utf8);
            return;
        }
        // `Authorization: Bearer …`: the scheme stays.
        let first = value.split(' ').next().unwrap_or_default();
        if is_scheme(first) {
            self.before = Before::Scheme;
            self.at = start + first.len();
            return;
        }
        if is_value(value, weight, quote.is_some(), equals) {
            self.found.push((start, start + value.len()));
            self.at = start + value.len();
        } else {
            // What is no secret by its name may hold one by its form.
            let word = value
                .find(|c: char| !c.is_ascii() || !is_token_byte(c as u8))
                .unwrap_or(value.len());
            if word > 0 && looks_secret(&value[..word]) {
                self.found.push((start, start + word));
            }
            self.at = start + word.max(value.chars().next().map_or(1, char::len_utf8));
        }
    }

    /// `user:password@` behind `://`.
    fn authority(&mut self, start: usize) {
        let rest = &self.text[start..];
        let end = rest
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>')
            })
            .unwrap_or(rest.len());
        if let Some(at) = rest[..end].rfind('@') {
            self.found.push((start, start + at));
            self.at = start + end;
        }
        self.before = Before::Nothing;
    }

    /// A PEM block is a key from its first line to its last.
    fn pem(&mut self, start: usize) {
        const END: &str = "-----END";
        let rest = &self.text[start..];
        let end = rest.find(END).map_or(rest.len(), |at| {
            let tail = &rest[at + END.len()..];
            at + END.len() + tail.find("-----").map_or(tail.len(), |more| more + 5)
        });
        self.found.push((start, start + end));
        self.at = start + end;
        self.before = Before::Nothing;
    }
}

/// Where an unescaped quote closes what was opened.
fn closing(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            // Inside a string inside JSON the quote is escaped itself.
            b'\\' if bytes.get(at + 1) == Some(&quote) => return Some(at),
            b'\\' => at += 2,
            b if b == quote || b == b'\n' => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// Whether what stands behind a secret name is the secret, and no word about it.
fn is_value(value: &str, weight: Weight, quoted: bool, equals: bool) -> bool {
    let bare = value.trim_matches(['.', '!', '?', '*']);
    let lower = bare.to_ascii_lowercase();
    let first = lower
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    if bare.is_empty()
        || is_stand_in(value)
        || VERDICTS.contains(&first) && !(first.len() < 3 && lower.len() > 6)
    {
        return false;
    }
    let prose = value.split(' ').count() >= 3 && is_wordy(value, Strictness::Lenient);
    match weight {
        Weight::Strong if prose => false,
        // "password: enter it again" is a sentence.
        Weight::Strong => {
            quoted || equals || value.len() >= 4 && !value.bytes().all(|b| b.is_ascii_lowercase())
        }
        Weight::Weak => {
            value.len() >= SHORTEST && !value.contains(' ') && !is_wordy(value, Strictness::Strict)
                || value.len() >= 6 && !is_wordy(value, Strictness::Lenient)
        }
    }
}

/// The name itself, where a path or dotted name stands before it.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '.', '?', '$']).next().unwrap_or(name)
}

/// Whether a credential follows the word in free text.
fn is_scheme(word: &str) -> bool {
    Scheme::named(word).is_some_and(|scheme| !scheme.is_word)
}

fn is_dense(word: &str) -> bool {
    word.len() >= 12
        && !word.contains("//")
        && !word.contains('=')
        && (word.len() >= 32 || !is_wordy(word, Strictness::Strict))
}

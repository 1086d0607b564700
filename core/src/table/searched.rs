//! A text in which the texts of a pattern are looked for.

use super::pack::plain::Plain;
use std::borrow::Cow;
use std::ops::Range;

/// The places of a pattern's texts, from left to right; of several at one place, the preferred.
#[derive(Debug)]
pub(super) struct Searched<'t> {
    text: &'t str,
    /// The same in lower case, where somebody asks for it.
    lower: Cow<'t, str>,
    all: &'t [Plain],
    from: usize,
}

impl<'t> Searched<'t> {
    pub(super) fn new(text: &'t str, all: &'t [Plain]) -> Self {
        let lower = match all.iter().any(|own| own.fold) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
        Self {
            text,
            lower,
            all,
            from: 0,
        }
    }

    fn place(&self, own: &Plain) -> Option<Range<usize>> {
        let text = match own.fold {
            true => self.lower.as_bytes(),
            false => self.text.as_bytes(),
        };
        let mut from = self.from;
        loop {
            let start = from + memchr::memmem::find(text.get(from..)?, own.text.as_bytes())?;
            let end = start + own.text.len();
            let fits = (!own.before || is_edge(text, start)) && (!own.behind || is_edge(text, end));
            if fits {
                return Some(start..end);
            }
            from = start + 1;
        }
    }
}

impl Iterator for Searched<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let places = self.all.iter().filter_map(|own| self.place(own));
        let place = places.min_by_key(|place| place.start)?;
        self.from = place.end;
        Some(place)
    }
}

/// Whether a word begins or ends at a place, as `\b` has it.
fn is_edge(text: &[u8], at: usize) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    word(before) != word(text.get(at))
}

#[cfg(test)]
mod tests {
    use crate::table::Pattern;
    use proptest::prelude::*;
    use regex::bytes::{Regex, RegexBuilder};

    const PATTERNS: [&str; 14] = [
        "invalid_(token|grant)",
        "(?i)token (has )?expired|expired? token",
        r"\bno\.such\b|user",
        r"\b(?:E40|E4)\b",
        "(?i)licen[cs]e|no",
        "(a|ab)(c|bcd|)",
        "(a??b|aab){2}",
        "domainPolicy|(?i:no such|USER)",
        r"token\b|\bno\b",
        "é|(?i)É|e",
        r"(\b|_)no(\b|_)",
        "[0-3]{2}b",
        "(?:a|aa)(?:a|b)?b",
        r"(?-i:AB)|(?i)ab",
    ];

    fn compiled(pattern: &str) -> Regex {
        let built = RegexBuilder::new(pattern).unicode(false).build();
        built.expect("a regular expression")
    }

    fn found_by(regex: &Regex, text: &str) -> Vec<String> {
        let found = regex.find_iter(text.as_bytes());
        found
            .map(|own| String::from_utf8_lossy(own.as_bytes()).into_owned())
            .collect()
    }

    #[test]
    fn what_is_only_texts_is_not_compiled() {
        for pattern in PATTERNS {
            let plain = crate::table::pack::required::of(pattern)
                .expect("a pattern")
                .plain;
            assert!(plain.is_some(), "{pattern}");
        }
        for pattern in [
            "",
            "a*",
            "a.b",
            r"a\bb",
            "ab?c|",
            "(?i)a(?-i:b)",
            "^a",
            "a$",
            "[a-z]",
            "(ab?){1,2}",
        ] {
            let plain = crate::table::pack::required::of(pattern)
                .expect("a pattern")
                .plain;
            assert!(plain.is_none(), "{pattern}: {plain:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_are_found_where_the_compiled_pattern_finds_them(
            text in "([abcd_ ]|[AB]|E40|[eéÉ]|[0-4]|token|expired|Invalid_|invalid_|grant|no such|USER|user|no|licen[cs]e|domainPolicy|\\.|such){0,16}",
        ) {
            for pattern in PATTERNS {
                let own = Pattern::new(pattern).expect("a pattern");
                let found = found_by(&compiled(pattern), &text);
                prop_assert_eq!(own.is_match(&text), !found.is_empty(), "{}", pattern);
                prop_assert_eq!(own.all(&text), found, "{}", pattern);
            }
        }
    }

    #[test]
    fn shipped_texts_are_found_where_their_compiled_patterns_find_them() {
        for id in crate::table::names() {
            let table = crate::table::shipped(id).expect("shipped").expect("sound");
            let marks = table
                .provider
                .mark
                .iter()
                .filter_map(|mark| mark.re.clone());
            for text in table
                .signatures()
                .into_iter()
                .filter_map(|own| own.re)
                .chain(marks)
            {
                let read = crate::table::pack::required::of(&text).expect("a pattern");
                let Some(plain) = read.plain else { continue };
                let (own, regex) = (Pattern::new(&text).expect("a pattern"), compiled(&text));
                for plain in plain {
                    let shout = plain.text.to_ascii_uppercase();
                    for text in [
                        format!("a {} b", plain.text),
                        format!("x{}y", plain.text),
                        format!("{shout} {}", plain.text),
                    ] {
                        assert_eq!(
                            own.all(&text),
                            found_by(&regex, &text),
                            "{id}: {}",
                            own.as_str()
                        );
                    }
                }
            }
        }
    }
}

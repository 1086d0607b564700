//! A pattern of what a server says: compiled when it is first tried, and tried only where a text it cannot match
//! without was seen.

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// A compiled pattern may take so many bytes; larger ones are refused as broken.
const SIZE: usize = 1 << 20;

/// A text shorter than this is found too often to tell anything.
const SHORTEST: usize = 3;

/// So many alternatives of one pattern are looked for; one with more is always tried.
const MOST: usize = 64;

/// A regular expression over bytes: `\w`, `\d`, `\s`, `\b` and `(?i)` are of ASCII.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    /// Texts of which every match holds one, in lower case; `None` where there are none worth looking for.
    required: Option<Vec<String>>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Where it is not a regular expression.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut parser = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build();
        let hir = parser.parse(text).map_err(|error| error.to_string())?;
        Ok(Self {
            text: text.to_owned(),
            required: required(&hir).filter(|found| found.len() <= MOST),
            compiled: OnceLock::new(),
        })
    }

    /// The pattern of a table's text, read and compiled once; `None` where it is not a regular expression.
    pub fn of_table(text: &str) -> Option<Arc<Self>> {
        static KNOWN: RwLock<BTreeMap<String, Arc<Pattern>>> = RwLock::new(BTreeMap::new());
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = known.get(text) {
            return Some(Arc::clone(own));
        }
        drop(known);
        let own = Arc::new(Self::new(text).ok()?);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(text.to_owned(), Arc::clone(&own));
        Some(own)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Texts of which every match holds one, in lower case.
    pub(crate) fn required(&self) -> Option<&[String]> {
        self.required.as_deref()
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            RegexBuilder::new(&self.text)
                .unicode(false)
                .size_limit(SIZE)
                .build()
                .ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    /// Whether it compiles within the limit of size: the lint asks.
    pub fn is_sound(&self) -> bool {
        self.regex().is_some()
    }

    /// Whether it matches somewhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        crate::work::looked(text.len());
        self.regex()
            .is_some_and(|regex| regex.is_match(text.as_bytes()))
    }

    /// The text of each match.
    pub fn all(&self, text: &str) -> Vec<String> {
        let found = self.regex().into_iter();
        let found = found.flat_map(|regex| regex.find_iter(text.as_bytes()));
        found
            .map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned())
            .collect()
    }

    /// The text of a group of its first match; group 0 is the whole match.
    pub fn group(&self, text: &str, number: usize) -> Option<String> {
        crate::work::looked(text.len());
        let found = self.regex()?.captures(text.as_bytes())?;
        let group = found.get(number)?;
        Some(String::from_utf8_lossy(group.as_bytes()).into_owned())
    }
}

/// Texts of which every match holds one.
fn required(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => worth(vec![lower(&literal.0)?]),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => required(&repeated.sub),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.extend(required(branch)?);
            }
            worth(all)
        }
        HirKind::Concat(parts) => of_sequence(parts),
        _ => None,
    }
}

/// Of a sequence, the part that is hardest to find by chance: the one whose shortest text is longest.
fn of_sequence(parts: &[Hir]) -> Option<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut run = String::new();
    for part in parts {
        if let Some(text) = fixed(part) {
            run.push_str(&text);
            continue;
        }
        found.extend(worth(vec![std::mem::take(&mut run)]));
        found.extend(required(part));
    }
    found.extend(worth(vec![run]));
    let shortest = |set: &Vec<String>| set.iter().map(String::len).min().unwrap_or_default();
    found
        .into_iter()
        .max_by_key(|set| (shortest(set), std::cmp::Reverse(set.len())))
}

/// The one text that a part matches, but for the case of its letters.
fn fixed(part: &Hir) -> Option<String> {
    match part.kind() {
        HirKind::Literal(literal) => lower(&literal.0),
        HirKind::Capture(capture) => fixed(&capture.sub),
        HirKind::Class(Class::Bytes(class)) => {
            let bytes: Vec<u8> = class
                .iter()
                .flat_map(|r| r.start()..=r.end())
                .take(3)
                .collect();
            match bytes.as_slice() {
                [upper, lower] if upper.to_ascii_lowercase() == *lower => {
                    Some(char::from(*lower).to_string())
                }
                _ => None,
            }
        }
        HirKind::Concat(parts) => parts.iter().map(fixed).collect(),
        _ => None,
    }
}

fn lower(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.to_ascii_lowercase())
}

fn worth(texts: Vec<String>) -> Option<Vec<String>> {
    let long = texts.iter().all(|text| text.len() >= SHORTEST);
    (long && !texts.is_empty()).then_some(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required_of(text: &str) -> Option<Vec<String>> {
        Pattern::new(text).expect("a pattern").required
    }

    #[test]
    fn every_match_holds_one_of_the_required_texts() {
        let of = |text: &str| required_of(text).unwrap_or_default();
        assert_eq!(of("(?i)token (has )?expired"), ["expired"]);
        assert_eq!(of("invalid_(token|grant)"), ["invalid_"]);
        assert_eq!(of("(?i)(no such|unknown) user"), ["no such", "unknown"]);
        assert_eq!(of("AADSTS(50011|700016)"), ["aadsts"]);
    }

    #[test]
    fn a_pattern_without_fixed_text_is_always_tried() {
        assert_eq!(required_of(r"\d+"), None);
        assert_eq!(required_of("a|long enough"), None);
        assert_eq!(required_of("(abc)?"), None);
    }

    #[test]
    fn letters_of_either_case_and_groups_match() {
        let pattern = Pattern::new(r"(?i)missing scopes?: ([a-z:]+)").expect("a pattern");
        assert!(pattern.is_match("Missing Scope: read:org"));
        let group = pattern.group("missing scopes: read:org, b", 1);
        assert_eq!(group.as_deref(), Some("read:org"));
        assert!(Pattern::new("(").is_err());
    }
}

//! A pattern of what a server says: tried only where a text it cannot match without was seen, and compiled then, unless it
//! is only texts.

use super::pack::plain::Plain;
use super::pack::required;
use super::searched::Searched;
use regex::bytes::{Regex, RegexBuilder};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// A compiled pattern may take so many bytes; larger ones are refused as broken.
const SIZE: usize = 1 << 20;

/// A regular expression over bytes: `\w`, `\d`, `\s`, `\b` and `(?i)` are of ASCII.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    /// What it is where it is only texts.
    plain: OnceLock<Option<Vec<Plain>>>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Where it is not a regular expression.
    pub fn new(text: &str) -> Result<Self, String> {
        Ok(Self::packed(text, required::of(text)?.plain))
    }

    /// A pattern that was read when the program was built.
    pub(super) fn packed(text: &str, plain: Option<Vec<Plain>>) -> Self {
        Self {
            plain: OnceLock::from(plain),
            ..Self::sound(text)
        }
    }

    /// A pattern of which the build only saw that it can be read.
    pub(super) fn sound(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            plain: OnceLock::new(),
            compiled: OnceLock::new(),
        }
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
    #[cfg(test)]
    pub(crate) fn required(&self) -> Option<Vec<String>> {
        let ways = required::of(&self.text).unwrap_or_default().needs?;
        ways.into_iter().map(|way| way.into_iter().next()).collect()
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

    fn plain(&self) -> Option<&[Plain]> {
        let read = || required::of(&self.text).ok()?.plain;
        self.plain.get_or_init(read).as_deref()
    }

    /// Whether it matches somewhere in a text.
    pub fn is_match(&self, text: &str) -> bool {
        crate::work::looked(text.len());
        match self.plain() {
            Some(all) => Searched::new(text, all).next().is_some(),
            None => self
                .regex()
                .is_some_and(|regex| regex.is_match(text.as_bytes())),
        }
    }

    /// The text of each match.
    pub fn all(&self, text: &str) -> Vec<String> {
        if let Some(all) = self.plain() {
            let places = Searched::new(text, all);
            return places.map(|place| text[place].to_owned()).collect();
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_either_case_and_groups_match() {
        let pattern = Pattern::new(r"(?i)missing scopes?: ([a-z:]+)").expect("a pattern");
        assert!(pattern.is_match("Missing Scope: read:org"));
        let group = pattern.group("missing scopes: read:org, b", 1);
        assert_eq!(group.as_deref(), Some("read:org"));
        assert!(Pattern::new("(").is_err());
    }
}

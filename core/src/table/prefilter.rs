//! Which of many patterns are worth trying on a text, found in one pass over it.

use super::pattern::Pattern;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeMap;

/// The texts without which patterns cannot match, in one automaton. Its cost is one pass over the text, however many
/// patterns there are.
#[derive(Debug)]
pub(super) struct Prefilter {
    automaton: Option<AhoCorasick>,
    /// By text of the automaton, the patterns that it belongs to.
    owners: Vec<Vec<u32>>,
    /// Whether a pattern is always tried.
    always: Vec<bool>,
}

impl Prefilter {
    /// Of patterns; `None` in a place says that it has no pattern and is always tried.
    pub(super) fn of<'p>(patterns: impl Iterator<Item = Option<&'p Pattern>>) -> Self {
        let mut texts: BTreeMap<&'p str, Vec<u32>> = BTreeMap::new();
        let mut always = Vec::new();
        for (number, pattern) in (0_u32..).zip(patterns) {
            let required = pattern.and_then(Pattern::required);
            always.push(required.is_none());
            for text in required.into_iter().flatten() {
                texts.entry(text).or_default().push(number);
            }
        }
        let (texts, owners): (Vec<&str>, Vec<Vec<u32>>) = texts.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&texts);
        // One that cannot be built would let every pattern be tried: slow, and never wrong.
        let automaton = automaton.ok();
        if automaton.is_none() {
            always.fill(true);
        }
        Self {
            automaton,
            owners,
            always,
        }
    }

    /// Whether each pattern may match the text.
    pub(super) fn candidates(&self, text: &str) -> Vec<bool> {
        crate::work::looked(text.len());
        let mut out = self.always.clone();
        for found in self
            .automaton
            .iter()
            .flat_map(|automaton| automaton.find_overlapping_iter(text))
        {
            for owner in &self.owners[found.pattern().as_usize()] {
                out[*owner as usize] = true;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERNS: [&str; 5] = [
        "(?i)token (has )?expired",
        "invalid_(token|grant)",
        r"\b4\d\d\b",
        "(?i)no such user|unknown user",
        "scope: (.*)",
    ];

    proptest! {
        #[test]
        fn what_matches_is_a_candidate(text in "([a-z_ ]|token|expired|Invalid_|grant|no such|user|scope: |4){0,12}") {
            let patterns: Vec<Pattern> = PATTERNS.iter().map(|p| Pattern::new(p).expect("a pattern")).collect();
            let candidates = Prefilter::of(patterns.iter().map(Some)).candidates(&text);
            for (pattern, candidate) in patterns.iter().zip(candidates) {
                prop_assert!(candidate || !pattern.is_match(&text), "{}", pattern.as_str());
            }
        }
    }
}

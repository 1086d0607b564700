//! Whether what a table knows as a refusal is what was said.

use super::said::{Ending, Said};
use super::spoken::{FIELD, LOOKED_AT};
use crate::http::{Headers, Request, cover_uuids, cut};
use crate::table::{Brief, Pattern, Principal, Refusal, Values};
use std::ops::Range;

/// Whether a wording fits an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It does.
    Yes,
    /// Its code stands there, and nobody recorded the status that it comes with.
    Unchecked,
    /// It does not.
    No,
}

impl Said<'_> {
    /// Whether the status lets a signature fit, or is not known.
    pub(super) fn may_fit(&self, brief: &Brief) -> bool {
        self.status_fits(brief) || self.is_unchecked(brief)
    }

    fn status_fits(&self, brief: &Brief) -> bool {
        // A refusal under a status that says success goes by its words.
        let success = self.ending == Ending::Refused && self.status.is_some_and(|s| s < 300);
        let expected = |status: &u16| !success || brief.status.contains(status);
        match self.status.filter(expected) {
            Some(status) if brief.status.is_empty() => status >= 400,
            Some(status) => brief.status.contains(&status),
            None => brief.status.is_empty() && !brief.bare,
        }
    }

    /// Whether its code may stand there, and nobody recorded the status that it comes with.
    fn is_unchecked(&self, brief: &Brief) -> bool {
        self.status.is_none() && !brief.status.is_empty() && brief.coded
    }

    /// Whether a signature fits this answer and the request it was given to.
    pub(super) fn fits(
        &self,
        refusal: &Refusal,
        request: &Request,
        principal: Option<Principal>,
        form: &str,
    ) -> Fit {
        let signature = &refusal.signature;
        let answered = self.response.map(|response| &response.headers);
        let url = request.url.as_deref();
        let rest = is_among(&signature.method, request.method.as_deref())
            && signature
                .principal
                .is_none_or(|wanted| principal == Some(wanted))
            && signature.token.as_deref().is_none_or(|own| own == form)
            && refusal.url.as_ref().is_none_or(|own| {
                url.is_some_and(|url| own.is_match(&cover_uuids(cut(url, FIELD).0)))
            })
            && signature
                .json
                .iter()
                .all(|(pointer, values)| self.holds(pointer, values))
            && have(answered, &refusal.header)
            && have(request.headers.as_ref(), &refusal.sent)
            && refusal
                .re
                .as_ref()
                .is_none_or(|p| p.is_match(self.for_patterns()));
        match rest {
            true if self.status_fits(&refusal.brief) => Fit::Yes,
            true if self.is_unchecked(&refusal.brief) => Fit::Unchecked,
            _ => Fit::No,
        }
    }

    /// Whether one of the values is at a pointer; in a body that is not JSON, as a word.
    fn holds(&self, pointer: &str, values: &Values) -> bool {
        if self.body.json.is_none() {
            let code = |value: &&String| is_identifier(value);
            let refused = self.ending == Ending::Refused;
            return refused
                && values
                    .list()
                    .iter()
                    .filter(code)
                    .any(|value| self.names_code(value));
        }
        let found = self.body.at(pointer);
        values
            .list()
            .iter()
            .any(|value| value == "*" && !found.is_empty() || found.contains(value))
    }
}

impl Said<'_> {
    /// Whether a code stands in what was said as a word of its own. Many are asked for, and few words are like codes.
    fn names_code(&self, value: &str) -> bool {
        let said = cut(&self.body.said, LOOKED_AT).0;
        if !value.chars().all(is_of_word) {
            return is_word(said, value);
        }
        let codes = self.codes.get_or_init(|| codes(said));
        codes.iter().any(|place| said[place.clone()] == *value)
    }
}

/// The words of a text that are like the names of codes, by their places.
fn codes(text: &str) -> Vec<Range<usize>> {
    crate::work::looked(text.len());
    let words = text.split(|c: char| !is_of_word(c));
    let codes = words.filter(|word| is_identifier(word));
    let places = codes.map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    });
    places.collect()
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a method is one of these; none means any.
fn is_among(methods: &[String], method: Option<&str>) -> bool {
    methods.is_empty() || method.is_some_and(|own| methods.iter().any(|one| one == own))
}

/// Whether each pattern fits a field of its name.
fn have(headers: Option<&Headers>, patterns: &[(String, Pattern)]) -> bool {
    let fits = |(name, pattern): &(String, Pattern)| {
        let mut fields = headers.into_iter().flat_map(|own| own.all(name));
        fields.any(|value| pattern.is_match(&cover_uuids(cut(value, FIELD).0)))
    };
    patterns.iter().all(fits)
}

/// Whether a value is a code's name and no word that sentences have: `invalid_token`, `AccessDenied`, `E40`, `FORBIDDEN`.
fn is_identifier(value: &str) -> bool {
    let plain = value.bytes().all(|b| b.is_ascii_lowercase())
        || value.bytes().skip(1).all(|b| b.is_ascii_lowercase()) && value.is_ascii();
    value.len() > 2 && !plain
}

/// Whether a text holds a value as a word of its own.
fn is_word(text: &str, value: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !is_of_word(c));
    text.match_indices(value).any(|(at, _)| {
        edge(text[..at].chars().next_back()) && edge(text[at + value.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_are_like_codes_are_those_that_are_found_one_by_one() {
        let text = "no_missing_scope, E40 AccessDenied:missing_scope (é_1) ACCESS_DENIED-X";
        let words: Vec<&str> = codes(text).into_iter().map(|place| &text[place]).collect();
        assert_eq!(
            words,
            [
                "no_missing_scope",
                "E40",
                "AccessDenied",
                "missing_scope",
                "é_1",
                "ACCESS_DENIED"
            ]
        );
        assert!(words.iter().all(|word| is_word(text, word)));
    }

    #[test]
    fn a_code_is_found_as_a_word_only() {
        assert!(is_word("error: missing_scope (x)", "missing_scope"));
        assert!(!is_word("no_missing_scope", "missing_scope"));
    }

    #[test]
    fn a_word_of_a_sentence_is_no_code() {
        for code in [
            "missing_scope",
            "AccessDenied",
            "E40",
            "FORBIDDEN",
            "10_000",
        ] {
            assert!(is_identifier(code), "{code}");
        }
        for word in ["Application", "missing", "true", "E4", "Status"] {
            assert!(!is_identifier(word), "{word}");
        }
    }
}

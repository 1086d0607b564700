//! Calls that a person says their token works on.

use regex_lite::{Captures, Regex};
use std::sync::OnceLock;

/// The calls that a person says their token works on: "my token works on GET /users/me". A method that is not said is GET.
pub(super) fn worked(text: &str) -> Vec<(String, String)> {
    static FORM: OnceLock<Option<Regex>> = OnceLock::new();
    static BEFORE: OnceLock<Option<Regex>> = OnceLock::new();
    static OWN: OnceLock<Option<Regex>> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        Regex::new(r"(?i)\b(?:tokens?|credentials?|keys?)\s+(?:itself\s+)?(?:works?|worked|is\s+accepted|is\s+(?:fine|ok|good|valid))(?:\s+(?:fine|well|ok|perfectly))?\s+(?:on|for|with|against|at)\s+(?:a\s+|the\s+)?[`'\x22]?(?:(GET|HEAD|POST|PUT|PATCH|DELETE)\s+)?[`'\x22]?(https?://[^\s`'\x22,;()]+|/[^\s`'\x22,;()]+)").ok()
    });
    let before = BEFORE.get_or_init(|| {
        Regex::new(r"(?i)(?:\b(GET|HEAD|POST|PUT|PATCH|DELETE)\s+)[`'\x22]?(https?://[^\s`'\x22,;()]+|/[^\s`'\x22,;()]+)[`'\x22]?\s+(?:also\s+|still\s+)?(?:works|worked|succeeds|succeeded|is\s+(?:fine|ok))(?:[\s.,;!]|$)").ok()
    });
    // Without a slash before it only what people call to see that a token works is a path: `users/me is fine`.
    let own = OWN.get_or_init(|| {
        Regex::new(r"(?i)(?:^|[\s,;(`'\x22])(?:(GET)\s+)?[`'\x22]?([a-z][\w-]*(?:/[\w-]+)*/(?:me|self|whoami|userinfo))[`'\x22]?\s+(?:also\s+|still\s+)?(?:works|worked|succeeds|succeeded|is\s+(?:fine|ok))(?:[\s.,;!]|$)").ok()
    });
    let forms: Vec<&Regex> = form.iter().chain(before).chain(own).collect();
    let parts = around_verbs(text);
    let found = forms.iter().flat_map(|form| {
        let parts = parts.iter();
        parts.flat_map(|part| form.captures_iter(part))
    });
    let named = |found: Captures<'_>| {
        let method = found.get(1).map_or("GET", |method| method.as_str());
        let url = found
            .get(2)?
            .as_str()
            .trim_end_matches(['.', ':', '!', '?']);
        Some((method.to_ascii_uppercase(), url.to_owned()))
    };
    found.filter_map(named).collect()
}

/// Whether this line says that a call works: a person speaks.
pub(super) fn is_told(line: &str) -> bool {
    !worked(line).is_empty()
}

const VERBS: [&str; 5] = ["work", "works", "worked", "succeeds", "succeeded"];
const WELL: [&str; 5] = ["accepted", "fine", "ok", "good", "valid"];

/// Whether a line says that something works: "works", "succeeded", "is fine". `is`: whether the word before it was "is".
fn says_it_works(line: &str, is: &mut bool) -> bool {
    let mut says = false;
    for word in line.split_whitespace() {
        let bare = word.trim_end_matches(['.', ',', ';', '!']);
        let among = |list: &[&str]| list.iter().any(|own| own.eq_ignore_ascii_case(bare));
        says |= among(&VERBS) || *is && among(&WELL);
        *is = word.eq_ignore_ascii_case("is");
    }
    says
}

/// A sentence may be wrapped: so many lines belong to one that says so, before it and behind.
const WRAPPED: usize = 6;

/// The parts of a text that may tell of a call that works: the patterns are slow, and texts are long.
fn around_verbs(text: &str) -> Vec<&str> {
    let mut ends = vec![0];
    ends.extend(text.split_inclusive('\n').scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    }));
    let mut is = false;
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for at in 1..ends.len() {
        if !says_it_works(&text[ends[at - 1]..ends[at]], &mut is) {
            continue;
        }
        let from = ends[(at - 1).saturating_sub(WRAPPED)];
        let to = ends[(at + WRAPPED).min(ends.len() - 1)];
        match parts.last_mut().filter(|(_, end)| from <= *end) {
            Some((_, end)) => *end = to,
            None => parts.push((from, to)),
        }
    }
    let parts = parts.into_iter();
    parts.map(|(from, to)| &text[from..to]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_said_to_work_is_heard() {
        let heard = |text: &str| {
            let mut calls = worked(text).into_iter();
            calls.next().map(|(method, url)| format!("{method} {url}"))
        };
        for (text, call) in [
            ("The token works on /users/me.", Some("GET /users/me")),
            (
                "my key works fine for POST https://a.example/b, but",
                Some("POST https://a.example/b"),
            ),
            (
                "GET https://a.example/b is fine, POST",
                Some("GET https://a.example/b"),
            ),
            ("GET /b still works with it", Some("GET /b")),
            ("it works, users/me is fine!", Some("GET users/me")),
            ("read/write is fine", None),
            ("GET /b is fine-grained", None),
            ("The token does not work on /users/me", None),
            ("the network works on /dev/ttyS0", None),
        ] {
            assert_eq!(heard(text).as_deref(), call, "{text}");
        }
    }
}

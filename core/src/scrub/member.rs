//! Members of bodies, parameters and elements: by their names.

use super::harmless::{Grammar, HARMLESS, is_code};
use super::stand_in::is_own;
use super::{Work, body, challenge, cookie, credential, prose, term, url};
use crate::token::redact::{self, Strictness, is_wordy};

/// A name as it is where it is a word; else a stand-in.
pub(super) fn key(name: &str, work: &mut Work<'_>) -> String {
    let known = HARMLESS.member(name).is_some()
        || HARMLESS.header(name).is_some()
        || HARMLESS.claim(name).is_some()
        || HARMLESS.har(name, "").is_some();
    let term = is_wordy(name, Strictness::Strict)
        && name.len() <= 64
        && !name.contains('@')
        && !redact::looks_secret(name);
    let marks = name.len() <= 3 && !name.bytes().any(|b| b.is_ascii_digit());
    if known || term || marks || work.keeps(name) || is_own(name) {
        return name.to_owned();
    }
    work.stand.value(name, "name")
}

/// A value by the grammar of its name; without one it goes.
pub(super) fn text(
    value: &str,
    grammar: Option<Grammar>,
    place: &str,
    work: &mut Work<'_>,
) -> String {
    let code = grammar.is_some() && is_code(value);
    if value.is_empty() || code || HARMLESS.is_value(value) || is_own(value) {
        return value.to_owned();
    }
    match grammar {
        Some(Grammar::Number) if is_digits(value, 15) => value.to_owned(),
        Some(Grammar::Time)
            if is_digits(value, 13)
                || term::is_time(value)
                || crate::input::http_date(value).is_some() =>
        {
            value.to_owned()
        }
        Some(Grammar::Url) => url::clean(value, url::Paths::Words, place, work),
        Some(Grammar::Challenge) => challenge::clean(value, work),
        Some(Grammar::Credential) => credential::header(value, place, work),
        Some(Grammar::Cookies) => cookie::clean(value, place, work),
        Some(Grammar::Body) => body::clean(value, body::Side::Answer, work),
        Some(Grammar::Whole) if value.len() <= 256 && redact::secrets(value).is_empty() => {
            value.to_owned()
        }
        Some(Grammar::Id) if value.len() <= 64 && is_wordy(value, Strictness::Lenient) => {
            value.to_owned()
        }
        None | Some(Grammar::Id) => work.stand.value(value, place),
        Some(Grammar::Prose | Grammar::Words) => body::clean(value, body::Side::Said, work),
        Some(_) => prose::prose(value, place, work),
    }
}

/// A value of a query or form.
pub(super) fn parameter(name: &str, value: &str, place: &str, work: &mut Work<'_>) -> String {
    let name = name.rsplit(['?', '/']).next().unwrap_or(name);
    match HARMLESS.parameter(name) {
        Some(grammar) if redact::weight(name).is_none() && value.len() <= 400 => {
            let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
            let shown = text(&decoded.replace('+', " "), Some(grammar), place, work);
            // What needed no change stays as it was written.
            if shown == decoded.replace('+', " ") {
                value.to_owned()
            } else {
                encoded(&shown)
            }
        }
        _ => text(value, None, place, work),
    }
}

/// A stand-in inside a query keeps its marks, so that it is known again.
fn encoded(text: &str) -> String {
    text.replace('%', "%25")
        .replace(' ', "+")
        .replace('&', "%26")
        .replace('#', "%23")
        .replace('"', "%22")
}

fn is_digits(value: &str, most: usize) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits > 0
        && digits <= most
        && value
            .bytes()
            .all(|b| b.is_ascii_digit() || b".,%+-".contains(&b))
}

/// Whether a number is short enough for its place: a code has six digits at most, a moment thirteen.
pub(super) fn number_fits(value: &str, grammar: Grammar) -> bool {
    match grammar {
        Grammar::Time | Grammar::Whole => is_digits(value, 13),
        Grammar::Number => is_digits(value, 15),
        Grammar::Prose | Grammar::Words | Grammar::Names => is_digits(value, 6),
        _ => false,
    }
}

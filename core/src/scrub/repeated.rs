//! What was taken out once stands nowhere else: the result is searched for all of it at once.

use super::stand_in::{PERSON, own_at};
use super::{Survived, Work};
use crate::token::spelled::base64_cores;
use aho_corasick::{AhoCorasick, MatchKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// So many different values are looked for; a file with more is refused rather than searched for some.
const MOST: usize = 200_000;

/// The forms in which a value can stand in a text.
fn forms(value: &str) -> Vec<String> {
    let mut out = vec![value.to_owned()];
    let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    if encoded.len() != value.len() {
        // Encoders leave different marks alone: all encoded, or those of RFC 3986 §2.3 left.
        let usual = ["%2D", "%2E", "%5F", "%7E"]
            .iter()
            .zip(["-", ".", "_", "~"]);
        let common = usual.fold(encoded.clone(), |text, (code, mark)| {
            text.replace(code, mark)
        });
        out.extend([common.to_ascii_lowercase(), common, encoded]);
        out.push(value.replace('\\', "\\\\").replace('"', "\\\""));
    }
    if value.len() >= 12 {
        for offset in 0..3 {
            let cores = base64_cores(value.as_bytes(), offset);
            out.extend(cores.into_iter().filter(|core| core.len() >= 14));
        }
    }
    out.retain(|form| form.len() >= super::stand_in::SHORTEST);
    out.sort_unstable();
    out.dedup();
    out
}

/// Inside a stand-in only its own words stand.
fn in_stand_in(text: &str, start: usize, end: usize) -> bool {
    let near = start.saturating_sub(64);
    let open = text.as_bytes()[near..start]
        .iter()
        .rposition(|b| *b == b'<')
        .map(|at| near + at);
    open.is_some_and(|open| own_at(&text[open..]).is_some_and(|length| open + length >= end))
}

/// Where cleaned JWTs stand: what is kept of them was looked at claim by claim.
fn tokens(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut floor = 0;
    let mut out = Vec::new();
    for end in memchr::memmem::find_iter(bytes, super::credential::TAIL) {
        let run = bytes[floor..end]
            .iter()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            .count();
        let start = end - run;
        floor = end + super::credential::TAIL.len();
        if text[start..].starts_with("ey") {
            out.push((start, floor));
        }
    }
    out
}

/// Replaces every known value wherever it still stands.
pub(super) fn replace(text: String, work: &mut Work<'_>) -> Result<String, Survived> {
    let known: Vec<(String, String)> = work
        .stand
        .known
        .iter()
        .map(|(value, place)| (value.clone(), place.clone()))
        .collect();
    if known.len() > MOST {
        return Err(Survived {
            place: "more than 200,000 places".to_owned(),
        });
    }
    let mut patterns: Vec<(String, usize)> = Vec::new();
    for (number, (value, _)) in known.iter().enumerate() {
        patterns.extend(forms(value).into_iter().map(|form| (form, number)));
    }
    patterns.sort_unstable();
    if patterns.is_empty() {
        return Ok(text);
    }
    let Ok(search) = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(patterns.iter().map(|(form, _)| form.as_bytes()))
    else {
        return Err(Survived {
            place: "too many places".to_owned(),
        });
    };
    let own = tokens(&text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for found in search.find_iter(&text) {
        let (start, end) = (found.start(), found.end());
        let token = own.partition_point(|(_, last)| *last <= start);
        let inside = own
            .get(token)
            .is_some_and(|(first, last)| *first <= start && end <= *last);
        if start < at || inside || in_stand_in(&text, start, end) {
            continue;
        }
        let (value, place) = &known[patterns[found.pattern().as_usize()].1];
        out.push_str(&text[at..start]);
        let again = format!("{place}, repeated elsewhere");
        out.push_str(&match place.as_str() {
            PERSON => work.stand.typed("name", value, &again),
            _ => work.stand.value(value, &again),
        });
        at = end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}

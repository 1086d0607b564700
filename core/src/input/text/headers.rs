//! Header fields as programs print them, and whose they are.

use super::loose::Loose;
use crate::http::{Headers, WIRE};

/// Whose something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Sent with the request.
    Request,
    /// Of the answer.
    Answer,
    /// Nothing says.
    Unknown,
}

/// Fields that only answers have.
const ANSWERS: [&str; 26] = [
    "www-authenticate",
    "server",
    "set-cookie",
    "date",
    "vary",
    "x-request-id",
    "content-security-policy",
    "strict-transport-security",
    "etag",
    "x-powered-by",
    "transfer-encoding",
    "x-frame-options",
    "x-content-type-options",
    "retry-after",
    "location",
    "expires",
    "last-modified",
    "alt-svc",
    "x-xss-protection",
    "access-control-allow-origin",
    "via",
    "age",
    "x-cache",
    "cf-ray",
    "x-amzn-requestid",
    "x-oauth-scopes",
];

/// Fields that only requests have.
const REQUESTS: [&str; 12] = [
    "authorization",
    "user-agent",
    "accept",
    "host",
    "accept-encoding",
    "cookie",
    "referer",
    "origin",
    "accept-language",
    "if-none-match",
    "postman-token",
    "proxy-authorization",
];

/// Whose a list is: as it was called, else by its fields.
pub(super) fn side(list: &Headers, called: Side) -> Side {
    if called != Side::Unknown {
        return called;
    }
    let has = |names: &[&str]| names.iter().any(|name| list.has(name));
    match (has(&REQUESTS) || has(WIRE.credential), has(&ANSWERS)) {
        (true, false) => Side::Request,
        (true, true) if list.has("authorization") || list.has("user-agent") => Side::Request,
        (false, false) if list.iter().count() == 1 && list.has("content-type") => Side::Request,
        _ => Side::Answer,
    }
}

/// Whether it is the name of a field that only requests have.
pub(super) fn is_request_field(name: &str) -> bool {
    REQUESTS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Whether an object is a list of header fields by its names alone.
pub(super) fn looks_like(members: &[(String, Loose)]) -> bool {
    let known = |name: &str| {
        let name = name.to_ascii_lowercase();
        ANSWERS.contains(&name.as_str())
            || REQUESTS.contains(&name.as_str())
            || name.starts_with("content-")
            || name.starts_with("x-")
            || name.starts_with("access-control-")
    };
    let hits = members.iter().filter(|(name, _)| known(name)).count();
    hits > 0
        && hits * 2 >= members.len()
        && members
            .iter()
            .all(|(_, value)| !matches!(value, Loose::Map(_)))
}

/// A known field's name, so that a lone line `Name: value` is one.
pub(super) fn is_known(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    (ANSWERS.contains(&name.as_str())
        || REQUESTS.contains(&name.as_str())
        || name.starts_with("content-")
        || name.starts_with("x-")
        || name.starts_with("access-control-")
        || ["connection", "cache-control", "pragma", "keep-alive"].contains(&name.as_str())
        || name.ends_with("correlation-id")
        || name.ends_with("request-id"))
        && ![
            "date", "server", "location", "host", "from", "via", "age", "expires", "origin",
            "accept", "referer",
        ]
        .contains(&name.as_str())
}

/// Fields out of an object, a list of pairs, a flat list of names and values, or `Name: value` texts.
pub(super) fn of(value: &Loose) -> Headers {
    let mut out = Headers::default();
    match value {
        Loose::Map(members) => {
            for (name, value) in members {
                push(&mut out, name, value);
            }
        }
        Loose::List(items) => of_list(items, &mut out),
        Loose::Text(text) | Loose::Bare(text) => {
            for line in text.split('\n') {
                line_into(line, &mut out);
            }
        }
    }
    out
}

fn of_list(items: &[Loose], out: &mut Headers) {
    let flat = items.len() >= 2
        && items.len().is_multiple_of(2)
        && items
            .iter()
            .all(|item| matches!(item, Loose::Text(t) if !t.contains(": ") || t.contains(' ')))
        && items
            .iter()
            .step_by(2)
            .all(|item| item.plain().is_some_and(is_name));
    if flat {
        for pair in items.chunks(2) {
            if let [name, value] = pair {
                push(out, name.plain().unwrap_or_default(), value);
            }
        }
        return;
    }
    for item in items {
        match item {
            Loose::List(pair) => {
                if let [name, value] = pair.as_slice() {
                    push(out, name.plain().unwrap_or_default(), value);
                }
            }
            Loose::Map(members) => {
                let find = |wanted: [&str; 2]| {
                    members
                        .iter()
                        .find(|(n, _)| wanted.iter().any(|w| n.eq_ignore_ascii_case(w)))
                        .map(|(_, v)| v)
                };
                match (find(["name", "key"]), find(["value", "values"])) {
                    (Some(name), Some(value)) => push(out, name.plain().unwrap_or_default(), value),
                    _ => members
                        .iter()
                        .for_each(|(name, value)| push(out, name, value)),
                }
            }
            Loose::Text(text) | Loose::Bare(text) => line_into(text, out),
        }
    }
}

fn push(out: &mut Headers, name: &str, value: &Loose) {
    if !is_name(name) {
        return;
    }
    match value {
        Loose::List(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Loose::plain).collect();
            // Java prints a value with commas as several.
            out.push(name, texts.join(", "));
        }
        Loose::Text(text) => out.push(name, text.clone()),
        Loose::Bare(text)
            if !["undefined", "null", "None", "[Object]", "[Array]"].contains(&text.as_str()) =>
        {
            out.push(name, text.clone());
        }
        _ => {}
    }
}

pub(super) fn line_into(line: &str, out: &mut Headers) {
    let line = line.trim_start_matches(['*', '-', ' ', '\t']);
    if let Some((name, value)) = line
        .split_once(':')
        .filter(|(name, _)| is_name(name.trim().trim_matches(['"', '\''])))
    {
        let value = value.strip_prefix(' ').unwrap_or(value);
        let value = value.strip_suffix(',').unwrap_or(value);
        out.push(
            name.trim().trim_matches(['"', '\'']),
            value.trim_end_matches(['\r', '\n']),
        );
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 80
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
}

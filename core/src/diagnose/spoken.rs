//! The words of an answer: its body, its challenges, headers that speak.

use super::inner::{self, Inner};
use crate::http::challenge::Challenges;
use crate::http::{Body, Response, WIRE, cut, without_client_words};
use crate::language::{Clauses, Reading};
use crate::table::{Text, WireNames};
use serde_json::Value;
use std::borrow::Cow;

/// So many bytes of a body are looked at by patterns: an error is short, a page is long.
pub(super) const LOOKED_AT: usize = 16 * 1024;

/// So many parameters of a URL are looked at.
const FIELDS: usize = 40;

/// So many bytes of one header field, and of all of them together.
pub(super) const FIELD: usize = 8 * 1024;

/// The names of the headers that speak: the shipped ones, then those of the table in force.
pub(super) fn headers(own: Option<&WireNames>) -> Vec<&str> {
    let own = own.map(|wire| &wire.speaks).into_iter().flatten();
    let own = own
        .map(String::as_str)
        .filter(|name| !WIRE.speaks.contains(name));
    WIRE.speaks.iter().copied().chain(own).collect()
}

/// What the words mean, whoever speaks.
pub(super) fn reading(
    response: Option<&Response>,
    body: &Body<'_>,
    challenges: &Challenges,
    speaks: &[&str],
) -> Reading {
    let mut clauses = Clauses::default();
    // Where the challenge says what was wrong, a page beside it is the front end's stock text for people.
    let told = challenges.list.iter().any(|c| c.param("error").is_some());
    if !(told && body.is_page()) {
        let said = without_stock(&body.said);
        match body.is_page() {
            true => clauses.add_lines("body", &said),
            false => add_without_client_words(&mut clauses, &said),
        }
    }
    let params = challenges
        .list
        .iter()
        .flat_map(|challenge| &challenge.params);
    for (_, value) in params.filter(|(name, _)| name.to_ascii_lowercase().starts_with("error")) {
        if !WIRE.stock.contains(&value.to_lowercase().as_str()) {
            clauses.add_value("header `WWW-Authenticate`", value);
        }
    }
    for name in speaks {
        for value in response.into_iter().flat_map(|r| r.headers.all(name)) {
            clauses.add_value(&format!("header `{name}`"), value);
        }
    }
    let redirected = response.map(redirected).unwrap_or_default();
    for (name, value) in &redirected {
        clauses.add_value(&format!("header `Location`, `{name}`"), value);
    }
    let status = response.and_then(|r| r.status);
    // Where the status says so the body need not.
    let failed = status.is_none_or(|status| status < 400)
        && (!redirected.is_empty() || inner::of(body) != Inner::Nothing);
    Reading::of(&clauses, status, failed)
}

/// Adds what a body says, without what a client that it passes on says of any status: each text of it by itself.
fn add_without_client_words(clauses: &mut Clauses, said: &str) {
    match serde_json::from_str(said) {
        Ok(mut value) => {
            drop_client_words(&mut value);
            clauses.add_json("body", &value);
        }
        Err(_) if names_a_call(said) => clauses.add("body", said),
        Err(_) => clauses.add("body", &without_client_words(said)),
    }
}

/// A server that names a URL speaks of what it called itself.
fn names_a_call(text: &str) -> bool {
    text.contains("://")
}

fn drop_client_words(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(' ') && !names_a_call(text) => {
            if let Cow::Owned(rest) = without_client_words(text) {
                *text = rest;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(drop_client_words),
        Value::Object(members) => members.values_mut().for_each(drop_client_words),
        _ => {}
    }
}

/// Whether the client is sent on with an error in the URL: so an authorization endpoint refuses (RFC 6749 §4.1.2.1).
pub(super) fn redirects_with_an_error(response: &Response) -> bool {
    !redirected(response).is_empty()
}

/// The error in the URL to which the client is sent, and what it says of it.
fn redirected(response: &Response) -> Vec<(String, String)> {
    let sent_on = response
        .status
        .is_some_and(|status| (300..400).contains(&status));
    let location = response.headers.get("location").filter(|_| sent_on);
    let parts = location
        .into_iter()
        .flat_map(|own| own.split(['?', '#']).skip(1));
    let pairs = parts.flat_map(|part| url::form_urlencoded::parse(part.as_bytes()));
    let told = pairs
        .take(FIELDS)
        .filter(|(name, _)| matches!(&**name, "error" | "error_description"));
    let told: Vec<(String, String)> = told
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    // A code of a standard is two words at least; a page's own flag is one: `error=true`.
    match told
        .iter()
        .any(|(name, code)| name == "error" && code.contains('_'))
    {
        true => told,
        false => Vec::new(),
    }
}

/// What was said without the sentences that stand there whatever the reason is.
fn without_stock(said: &str) -> Cow<'_, str> {
    let lower = said.to_ascii_lowercase();
    let found = WIRE
        .stock
        .iter()
        .filter_map(|stock| Some((lower.find(stock)?, stock.len())));
    let mut found: Vec<(usize, usize)> = found.collect();
    if found.is_empty() {
        return Cow::Borrowed(said);
    }
    found.sort_unstable();
    let mut out = String::with_capacity(said.len());
    let mut at = 0;
    for (start, length) in found {
        if start >= at {
            out.push_str(&said[at..start]);
            at = start + length;
        }
    }
    out.push_str(&said[at..]);
    Cow::Owned(out)
}

/// Everything that was said as one text, for patterns.
pub(super) fn text(response: Option<&Response>, body: &Body<'_>, speaks: &[&str]) -> Text {
    let (said, more) = cut(&body.said, LOOKED_AT);
    let mut text = said.to_owned();
    let fields = response.map(|own| &own.headers);
    for name in ["www-authenticate", "proxy-authenticate"]
        .iter()
        .chain(speaks)
    {
        for value in fields.into_iter().flat_map(|own| own.all(name)) {
            text.push('\n');
            text.push_str(name);
            text.push_str(": ");
            text.push_str(cut(value, FIELD).0);
        }
        if text.len() > LOOKED_AT + 4 * FIELD {
            break;
        }
    }
    Text::new(text, !more && !said.contains("\\u"))
}

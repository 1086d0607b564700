//! What the server really said, in one place: status, challenges, body, and the names it states.

use super::inner;
use super::names::{items, split};
use crate::http::challenge::{self, Challenges};
use crate::http::{Body, Exchange, Request, Response, Speaker, WIRE, cut};
use crate::language::{Clauses, Reading};
use crate::scope::ScopeSet;
use crate::table::{Names, Pattern, Principal, Refusal, Refusals, Values, WireNames};
use crate::token::redact;
use std::borrow::Cow;

/// So many characters of an answer are shown.
const EXCERPT: usize = 240;

/// So many bytes of a body are looked at by patterns: an error is short, a page is long.
const LOOKED_AT: usize = 16 * 1024;

/// So many bytes of one header field, and of all of them together.
const FIELD: usize = 8 * 1024;

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server did as asked, as far as the status tells.
    Success,
    /// It sent the client elsewhere.
    Redirect,
    /// It refused; also where only a body without a status was given.
    Refused,
    /// An answer came, and it is not the API's.
    Elsewhere(Speaker),
    /// No answer came.
    NoAnswer,
    /// Nobody recorded an answer.
    NotRecorded,
}

/// What an answer ought to be, so that what is plainly something else is no success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    /// Nothing is known of it.
    Anything,
    /// What an API publishes: data, and no page for people.
    Data,
    /// A token (RFC 6749 §5.1).
    Token,
}

/// Error codes of token endpoints (RFC 6749 §5.2, RFC 8628 §3.5, RFC 8707 §2, RFC 9449 §5).
const OAUTH_ERRORS: [&str; 12] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
    "authorization_pending",
    "slow_down",
    "expired_token",
    "invalid_dpop_proof",
    "use_dpop_nonce",
];

/// An answer, read.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) ending: Ending,
    pub(super) status: Option<u16>,
    pub(super) response: Option<&'a Response>,
    pub(super) body: Body<'a>,
    pub(super) challenges: Challenges,
    /// Everything it said as one text, for patterns.
    pub(super) text: String,
    /// What its words mean, whoever speaks; empty where the server did as asked.
    pub(super) reading: Reading,
}

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

impl<'a> Said<'a> {
    /// Reads an answer; `own` are the names of the table in force, beside the shipped ones.
    pub(super) fn of(exchange: &'a Exchange, awaited: Awaited, own: Option<&WireNames>) -> Self {
        let own = own.map(|wire| &wire.speaks).into_iter().flatten();
        let own = own
            .map(String::as_str)
            .filter(|name| !WIRE.speaks.contains(name));
        let speaks: Vec<&str> = WIRE.speaks.iter().copied().chain(own).collect();
        let response = exchange.response.as_ref();
        let status = response.and_then(|r| r.status);
        let body = Body::read(response.and_then(|r| r.body.as_deref()).unwrap_or_default());
        let challenges = response
            .filter(|r| r.headers.has("www-authenticate"))
            .map(|r| {
                challenge::read(
                    r.headers
                        .all("www-authenticate")
                        .map(|value| cut(value, FIELD).0),
                )
            })
            .unwrap_or_default();
        let ending = match ending(exchange, response) {
            Ending::Success
                if refuses_a_token(&body, awaited)
                    || body.json.as_ref().is_some_and(|json| {
                        inner::refuses(json, || reading(response, &body, &challenges, &speaks))
                    }) =>
            {
                Ending::Refused
            }
            Ending::Success => succeeded(response, &body, awaited),
            other => other,
        };
        let reading = match ending {
            Ending::Refused => reading(response, &body, &challenges, &speaks),
            _ => Reading::default(),
        };
        Self {
            ending,
            reading,
            status,
            text: text(response, &body, &speaks),
            response,
            body,
            challenges,
        }
    }

    /// A response header.
    pub(super) fn header(&self, name: &'a str) -> Option<&'a str> {
        self.response?.headers.get(name)
    }

    /// Whether the status lets a signature fit, or is not known.
    pub(super) fn may_fit(&self, refusal: &Refusal) -> bool {
        self.status_fits(refusal) || self.is_unchecked(refusal)
    }

    fn status_fits(&self, refusal: &Refusal) -> bool {
        let signature = &refusal.signature;
        // A refusal under a status that says success goes by its words.
        let success = self.ending == Ending::Refused && self.status.is_some_and(|s| s < 300);
        let expected = |status: &u16| !success || signature.status.contains(status);
        match self.status.filter(expected) {
            Some(status) if signature.status.is_empty() => status >= 400,
            Some(status) => signature.status.contains(&status),
            None => signature.status.is_empty() && !refusal.is_bare(),
        }
    }

    /// Whether its code may stand there, and nobody recorded the status that it comes with.
    fn is_unchecked(&self, refusal: &Refusal) -> bool {
        let signature = &refusal.signature;
        let coded = !signature.json.is_empty() || !refusal.header.is_empty();
        self.status.is_none() && !signature.status.is_empty() && coded
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
        let in_headers = |(name, pattern): &(String, Pattern)| {
            self.response.is_some_and(|r| {
                r.headers
                    .all(name)
                    .any(|v| pattern.is_match(cut(v, FIELD).0))
            })
        };
        let in_request = |(name, pattern): &(String, Pattern)| {
            request
                .headers
                .as_ref()
                .is_some_and(|h| h.all(name).any(|v| pattern.is_match(cut(v, FIELD).0)))
        };
        let method = request.method.as_deref();
        let rest = (signature.method.is_empty()
            || method.is_some_and(|m| signature.method.iter().any(|own| own == m)))
            && signature
                .principal
                .is_none_or(|wanted| principal == Some(wanted))
            && signature
                .token
                .as_deref()
                .is_none_or(|wanted| wanted == form)
            && refusal.url.as_ref().is_none_or(|p| {
                request
                    .url
                    .as_deref()
                    .is_some_and(|u| p.is_match(cut(u, FIELD).0))
            })
            && signature
                .json
                .iter()
                .all(|(pointer, values)| self.holds(pointer, values))
            && refusal.header.iter().all(in_headers)
            && refusal.sent.iter().all(in_request)
            && refusal.re.as_ref().is_none_or(|p| p.is_match(&self.text));
        match rest {
            true if self.status_fits(refusal) => Fit::Yes,
            true if self.is_unchecked(refusal) => Fit::Unchecked,
            _ => Fit::No,
        }
    }

    /// Whether one of the values is at a pointer; in a body that is not JSON, as a word.
    fn holds(&self, pointer: &str, values: &Values) -> bool {
        if self.body.json.is_none() {
            let code = |value: &&String| value.len() > 2 && *value != "true";
            let refused = self.ending == Ending::Refused;
            return refused
                && values
                    .list()
                    .iter()
                    .filter(code)
                    .any(|value| is_word(cut(self.body.text, LOOKED_AT).0, value));
        }
        let found = self.body.at(pointer);
        values
            .list()
            .iter()
            .any(|value| value == "*" && !found.is_empty() || found.contains(value))
    }

    /// The names that an answer states, and whether any of them is enough.
    pub(super) fn names(&self, from: &Names, refusal: &Refusal) -> Option<(Vec<String>, bool)> {
        let any = from.join.as_deref() == Some("any");
        let texts: Vec<String> = if let Some(pointer) = &from.json {
            self.body.at(pointer)
        } else if let Some(name) = &from.header {
            let response = self.response?;
            response.headers.all(name).map(str::to_owned).collect()
        } else if let Some(pattern) = &from.re {
            vec![Pattern::new(pattern).ok()?.group(&self.text, 1)?]
        } else {
            let pattern = refusal.re.as_ref()?;
            vec![pattern.group(&self.text, from.group.unwrap_or(1))?]
        };
        let names: Vec<String> = match from.item.as_deref().map(Pattern::new) {
            Some(item) => items(&texts, &item.ok()?),
            None => texts
                .iter()
                .flat_map(|t| split(t, from.split.as_deref()))
                .collect(),
        };
        (!names.is_empty()).then_some((names, any))
    }

    /// What the server states of scopes in its headers: accepted, granted, whether any is enough.
    pub(super) fn stated_scopes(
        &self,
        refusals: &Refusals,
    ) -> Option<(Vec<String>, ScopeSet, bool)> {
        let response = self.response?;
        refusals.stated.iter().find_map(|pair| {
            let list = |name: &str| {
                let value = response.headers.get(name)?;
                Some(split(value, pair.split.as_deref()).collect::<Vec<_>>())
            };
            let (accepted, granted) = (list(&pair.accepted)?, list(pair.granted.as_ref()?)?);
            let any = pair.join.as_deref() == Some("any");
            Some((accepted, granted.into_iter().collect(), any))
        })
    }

    /// An excerpt of what was said, short enough for a line.
    pub(super) fn excerpt(&self) -> Option<String> {
        // A little more than is shown: what is cut inside a credential must still be known as one.
        let (head, more) = cut(self.body.text, 4 * EXCERPT);
        let text = head.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = if text.is_empty() {
            cut(self.header("www-authenticate")?, 4 * EXCERPT)
                .0
                .to_owned()
        } else {
            text
        };
        let shown = redact::excerpt(&text);
        let short: String = shown.chars().take(EXCERPT).collect();
        Some(if more || short.len() < shown.len() {
            short + "…"
        } else {
            short
        })
    }
}

/// Whether a token endpoint said no although the status says success.
fn refuses_a_token(body: &Body<'_>, awaited: Awaited) -> bool {
    let member = |name: &str| body.json.as_ref()?.get(name)?.as_str();
    let known = |code: &str| awaited == Awaited::Token || OAUTH_ERRORS.contains(&code);
    member("access_token").is_none() && member("error").is_some_and(known)
}

/// What a status that says success comes to, by what was awaited.
fn succeeded(response: Option<&Response>, body: &Body<'_>, awaited: Awaited) -> Ending {
    let speaker = response.map_or(Speaker::Api, Response::speaker);
    let token = || body.json.as_ref()?.get("access_token");
    match (speaker, awaited) {
        (Speaker::Api, Awaited::Token) if token().is_none() => Ending::Elsewhere(speaker),
        (Speaker::Api, _) | (Speaker::Page, Awaited::Anything) => Ending::Success,
        _ => Ending::Elsewhere(speaker),
    }
}

fn ending(exchange: &Exchange, response: Option<&Response>) -> Ending {
    let speaker = response.map_or(Speaker::Api, Response::speaker);
    if matches!(speaker, Speaker::Proxy | Speaker::Network) {
        return Ending::Elsewhere(speaker);
    }
    match response.map(|r| r.status) {
        Some(Some(status)) if status >= 400 => Ending::Refused,
        Some(Some(300..=399)) => Ending::Redirect,
        Some(Some(_)) => Ending::Success,
        Some(None) if response.is_some_and(|r| r.body.is_some() || !r.headers.is_empty()) => {
            Ending::Refused
        }
        _ if exchange.failure.is_some() => Ending::NoAnswer,
        _ => Ending::NotRecorded,
    }
}

/// The words of an answer: its body, its challenges, headers that speak.
fn reading(
    response: Option<&Response>,
    body: &Body<'_>,
    challenges: &Challenges,
    speaks: &[&str],
) -> Reading {
    let mut clauses = Clauses::default();
    // Where the challenge says what was wrong, a page beside it is the front end's stock text for people.
    let told = challenges.list.iter().any(|c| c.param("error").is_some());
    if !(told && body.is_page()) {
        clauses.add("body", &without_stock(body));
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
    let status = response.and_then(|r| r.status);
    Reading::of(&clauses, status.is_some_and(|status| status >= 400))
}

/// The body without the sentences that stand there whatever the reason is. Pages break them into lines.
fn without_stock<'b>(body: &Body<'b>) -> Cow<'b, str> {
    let text = match body.is_page() {
        true => Cow::Owned(body.text.split_whitespace().collect::<Vec<_>>().join(" ")),
        false => Cow::Borrowed(body.text),
    };
    let lower = text.to_ascii_lowercase();
    let found = WIRE
        .stock
        .iter()
        .filter_map(|stock| Some((lower.find(stock)?, stock.len())));
    let mut found: Vec<(usize, usize)> = found.collect();
    if found.is_empty() {
        return Cow::Borrowed(body.text);
    }
    found.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, length) in found {
        if start >= at {
            out.push_str(&text[at..start]);
            at = start + length;
        }
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

fn text(response: Option<&Response>, body: &Body<'_>, speaks: &[&str]) -> String {
    let mut text = cut(body.text, LOOKED_AT).0.to_owned();
    let Some(response) = response else {
        return text;
    };
    for name in ["www-authenticate", "proxy-authenticate"]
        .iter()
        .chain(speaks)
    {
        for value in response.headers.all(name) {
            text.push('\n');
            text.push_str(name);
            text.push_str(": ");
            text.push_str(cut(value, FIELD).0);
        }
        if text.len() > LOOKED_AT + 4 * FIELD {
            break;
        }
    }
    text
}

/// Whether a text holds a value as a word of its own.
fn is_word(text: &str, value: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    text.match_indices(value).any(|(at, _)| {
        edge(text[..at].chars().next_back()) && edge(text[at + value.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_as_a_word_only() {
        assert!(is_word("error: missing_scope (x)", "missing_scope"));
        assert!(!is_word("no_missing_scope", "missing_scope"));
    }
}

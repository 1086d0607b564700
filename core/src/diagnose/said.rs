//! What the server really said, in one place: status, challenges, body, and the names it states.

use super::inner::{self, Inner};
use super::spoken::{self, FIELD};
use crate::http::challenge::{self, Challenges};
use crate::http::{Body, Exchange, Response, Speaker, cover_uuids, cut};
use crate::language::Reading;
use crate::table::{Text, WireNames};
use crate::token::redact;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

/// So many characters of an answer are shown.
const EXCERPT: usize = 240;

/// So many bytes of an answer are searched for the words that were read.
const LOOKED_AT: usize = 8 * 1024;

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
    pub(super) text: Text,
    /// What its words mean, whoever speaks; empty where the server did as asked.
    pub(super) reading: Reading,
    /// The same with its UUIDs covered, where it has some, once a pattern is tried.
    covered: OnceCell<Option<String>>,
    /// The excerpt, once somebody asked for it.
    excerpt: OnceCell<Option<String>>,
    /// The words of the body that are like the names of codes, once somebody asked for one.
    pub(super) codes: OnceCell<Vec<Range<usize>>>,
}

impl<'a> Said<'a> {
    /// Reads an answer; `own` are the names of the table in force, beside the shipped ones.
    pub(super) fn of(exchange: &'a Exchange, awaited: Awaited, own: Option<&WireNames>) -> Self {
        let speaks = spoken::headers(own);
        let response = exchange.response.as_ref();
        let ending = ending(exchange, response);
        let text = response.and_then(|r| r.body.as_deref()).unwrap_or_default();
        let wanted = ending != Ending::Success || awaited == Awaited::Token;
        let body = match wanted || inner::may_fail(text) {
            true => Body::read(text),
            false => Body::unread(text),
        };
        let challenges = response.map(challenges).unwrap_or_default();
        let read = || spoken::reading(response, &body, &challenges, &speaks);
        let (ending, reading) = match ending {
            Ending::Success => match refusal(&body, awaited, read) {
                Some(reading) => (Ending::Refused, reading),
                None => (succeeded(response, &body, awaited), Reading::default()),
            },
            Ending::Refused => (Ending::Refused, read()),
            other => (other, Reading::default()),
        };
        Self {
            ending,
            reading,
            status: response.and_then(|r| r.status),
            text: spoken::text(response, &body, &speaks),
            response,
            body,
            challenges,
            covered: OnceCell::new(),
            excerpt: OnceCell::new(),
            codes: OnceCell::new(),
        }
    }

    /// What patterns are tried on: what stands in a UUID stands there by chance.
    pub(super) fn for_patterns(&self) -> &str {
        let covered = || match cover_uuids(&self.text) {
            Cow::Owned(covered) => Some(covered),
            Cow::Borrowed(_) => None,
        };
        self.covered
            .get_or_init(covered)
            .as_deref()
            .unwrap_or(&self.text)
    }

    /// A response header.
    pub(super) fn header(&self, name: &'a str) -> Option<&'a str> {
        self.response?.headers.get(name)
    }

    /// An excerpt of what was said, short enough for a line: the words that were read are in it.
    pub(super) fn excerpt(&self, read: Option<&str>) -> Option<Cow<'_, str>> {
        let start = self.start()?;
        let outside = |read: &&str| !start.contains(read) && self.body.text.contains(read);
        let further = read.filter(outside).and_then(|read| self.around(read));
        Some(further.map_or(Cow::Borrowed(start), Cow::Owned))
    }

    /// A part further behind. What is a credential is known by what stands before it, so that nothing is cut off before.
    fn around(&self, read: &str) -> Option<String> {
        let (head, _) = cut(self.body.text, LOOKED_AT);
        let shown = redact::excerpt(&head.split_whitespace().collect::<Vec<_>>().join(" "));
        let at = shown.find(read)?;
        let before: Vec<char> = shown[..at].chars().collect();
        let from = before.len().saturating_sub(EXCERPT / 2);
        let part: String = shown.chars().skip(from).take(EXCERPT).collect();
        Some(format!("…{part}…"))
    }

    /// How it begins.
    fn start(&self) -> Option<&str> {
        self.excerpt.get_or_init(|| self.shortened()).as_deref()
    }

    fn shortened(&self) -> Option<String> {
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

fn challenges(response: &Response) -> Challenges {
    let fields = response.headers.all("www-authenticate");
    challenge::read(fields.map(|value| cut(value, FIELD).0))
}

/// What the words of an answer mean where it is a refusal although its status says success.
fn refusal(body: &Body<'_>, awaited: Awaited, read: impl FnOnce() -> Reading) -> Option<Reading> {
    if refuses_a_token(body, awaited) {
        return Some(read());
    }
    match inner::of(body) {
        Inner::Refusal => Some(read()),
        Inner::Failure => Some(read()).filter(inner::is_refusal_in_words),
        Inner::Nothing => None,
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
        Some(Some(300..=399)) => match response.is_some_and(spoken::redirects_with_an_error) {
            true => Ending::Refused,
            false => Ending::Redirect,
        },
        Some(Some(_)) => Ending::Success,
        Some(None) if response.is_some_and(|r| r.body.is_some() || !r.headers.is_empty()) => {
            Ending::Refused
        }
        _ if exchange.failure.is_some() => Ending::NoAnswer,
        _ => Ending::NotRecorded,
    }
}

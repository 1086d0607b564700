//! What the same credential was answered elsewhere on the same host: the cheapest control there is.

use crate::diagnose::{Siblings, Worked};
use crate::http::{Carried, Exchange};
use crate::token::redact::{is_one_value, is_stand_in};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// So many pairs of credential and host are kept apart; what comes beyond has no siblings.
const KEPT: usize = 10_000;

/// So many different calls that succeeded are kept of a credential, and so many in all; with URLs up to this length.
const CALLS: usize = 16;
const CALLS_IN_ALL: usize = 4_096;
const URL: usize = 512;

/// Counts answers by credential and host.
#[derive(Debug, Default)]
pub(super) struct Register {
    counts: HashMap<u64, Count>,
    /// Calls that are kept, of all credentials.
    calls: usize,
}

#[derive(Debug, Default)]
struct Count {
    /// Calls that succeeded, in all and among those already given back.
    succeeded: u32,
    succeeded_passed: u32,
    /// Calls answered 401, in all and since the last success.
    refused: u32,
    refused_since: u32,
    /// Different calls that succeeded, the first ones.
    worked: Vec<Worked>,
}

impl Register {
    /// Counts an exchange with this key as it comes in.
    pub(super) fn note(&mut self, key: Option<u64>, exchange: &Exchange) {
        let (Some(key), Some(status)) = (key, exchange.status()) else {
            return;
        };
        if self.counts.len() >= KEPT && !self.counts.contains_key(&key) {
            return;
        }
        let count = self.counts.entry(key).or_default();
        match status {
            200..=299 => {
                count.succeeded += 1;
                count.refused_since = 0;
                if self.calls < CALLS_IN_ALL && count.keep(exchange, status) {
                    self.calls += 1;
                }
            }
            401 => {
                count.refused += 1;
                count.refused_since += 1;
            }
            _ => {}
        }
    }

    /// Calls that succeeded with the credential of one that was refused.
    pub(super) fn worked(&self, key: Option<u64>, exchange: &Exchange) -> Vec<Worked> {
        let refused = exchange.status().is_some_and(|status| status >= 400);
        let key = key.filter(|_| refused);
        let count = key.and_then(|key| self.counts.get(&key));
        count.map(|own| own.worked.clone()).unwrap_or_default()
    }

    /// What the others of its credential were answered, as far as is known when an exchange is given back.
    pub(super) fn take(&mut self, key: Option<u64>, exchange: &Exchange) -> Siblings {
        let Some(count) = key.and_then(|key| self.counts.get_mut(&key)) else {
            return Siblings::default();
        };
        let own_refusal = u32::from(exchange.status() == Some(401));
        let before = count.succeeded_passed;
        count.succeeded_passed += u32::from(exchange.succeeded());
        Siblings {
            succeeded_before: before,
            succeeded_after: count.succeeded - count.succeeded_passed,
            refused: count.refused.saturating_sub(own_refusal),
            refused_since: count.refused_since.saturating_sub(own_refusal),
        }
    }
}

impl Count {
    /// Keeps a call, unless one like it is kept or there is no room.
    fn keep(&mut self, exchange: &Exchange, status: u16) -> bool {
        let (Some(method), Some(url)) = (&exchange.request.method, &exchange.request.url) else {
            return false;
        };
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let known = |own: &Worked| own.method == *method && own.url == url;
        if self.worked.len() >= CALLS || url.len() > URL || self.worked.iter().any(known) {
            return false;
        }
        self.worked.push(Worked {
            method: method.clone(),
            url: url.to_owned(),
            status,
            told: exchange.hearsay,
        });
        true
    }
}

/// Whether an exchange does not show which credential was sent, and is no case of its own.
pub(super) fn is_open(exchange: &Exchange) -> bool {
    let hidden = match recorded(exchange) {
        Some(value) => is_unshown(value),
        None => exchange.request.credential() == Carried::NotRecorded,
    };
    hidden && !exchange.of_many && exchange.id.is_none()
}

/// The credential as the evidence has it.
fn recorded(exchange: &Exchange) -> Option<&str> {
    let given = exchange.given.value.as_deref();
    given.or_else(|| exchange.request.header("authorization"))
}

fn secret_of(value: &str) -> &str {
    value.trim().rsplit(' ').next().unwrap_or_default()
}

/// Whether a stand-in is there that says nothing of the value: it may stand for several.
fn is_unshown(value: &str) -> bool {
    let secret = secret_of(value);
    is_stand_in(secret) && !is_one_value(secret)
}

/// The credential that was sent, with the host it was sent to; `None` where the evidence does not show which it was.
pub(super) fn key(exchange: &Exchange) -> Option<u64> {
    // A gateway's log mixes clients.
    let told = exchange.given.same.then_some("the same");
    let shown = recorded(exchange).filter(|value| !is_unshown(value));
    let value = shown.or(told)?;
    if secret_of(value).is_empty() {
        return None;
    }
    let host = exchange.request.target()?.host.unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    (host, value).hash(&mut hasher);
    Some(hasher.finish())
}

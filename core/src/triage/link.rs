//! Which exchanges belong together: redirects, the same call made again, and other calls with the same credential.

use super::siblings::{self, Register};
use crate::diagnose::{Siblings, Worked};
use crate::http::Exchange;
use std::collections::VecDeque;

/// So many exchanges are kept in sight for what follows them.
const SIGHT: usize = 256;

/// So many bytes of bodies are kept in sight.
const SIGHT_BYTES: usize = 8 * 1024 * 1024;

/// A call that succeeds so many seconds after a refusal is another one: what was refused then stays to be explained.
const RETRIED: i64 = 120;

/// An exchange with what is known to belong to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Linked {
    /// The exchange.
    pub exchange: Exchange,
    /// The exchange that it follows from.
    pub before: Option<Box<Exchange>>,
    /// Whether a later exchange follows from it.
    pub followed: bool,
    /// What the same credential was answered elsewhere.
    pub siblings: Siblings,
    /// Some of the calls that succeeded with it.
    pub worked: Vec<Worked>,
}

impl Linked {
    /// An exchange that stands alone.
    pub fn alone(exchange: Exchange) -> Self {
        Self {
            exchange,
            before: None,
            followed: false,
            siblings: Siblings::default(),
            worked: Vec::new(),
        }
    }
}

/// Keeps exchanges in sight until nothing that follows can belong to them. Memory is bounded: 256 exchanges, and 8 MB of
/// bodies.
#[derive(Debug, Default)]
pub struct Linker {
    pending: VecDeque<Pending>,
    bytes: usize,
    register: Register,
    /// Whether a person gave the token of what is linked.
    given: bool,
}

/// An exchange in sight.
#[derive(Debug)]
struct Pending {
    linked: Linked,
    /// Its credential with its host.
    key: Option<u64>,
    /// Whether somebody asked about it; else it only speaks for or against the credential of others.
    wanted: bool,
}

impl Linker {
    /// For evidence whose token a person gave beside it: the calls that do not show theirs were made with that one.
    pub fn with_token_given(given: bool) -> Self {
        Self {
            given,
            ..Self::default()
        }
    }

    /// Takes the next exchange; gives back one that is complete, where there is one.
    pub fn take(&mut self, exchange: Exchange) -> Option<Linked> {
        let earlier = self
            .pending
            .iter_mut()
            .rev()
            .filter(|p| p.wanted)
            .map(|p| &mut p.linked)
            .find(|p| !p.followed && follows(&p.exchange, &exchange));
        let before = earlier.map(|earlier| {
            earlier.followed = true;
            Box::new(earlier.exchange.clone())
        });
        let linked = Linked {
            before,
            ..Linked::alone(exchange)
        };
        self.add(linked, true)
    }

    /// Takes an exchange that nobody asked about: what its credential was answered counts for the others.
    pub fn overlook(&mut self, exchange: Exchange) -> Option<Linked> {
        self.add(Linked::alone(exchange), false)
    }

    fn add(&mut self, mut linked: Linked, wanted: bool) -> Option<Linked> {
        linked.exchange.given.same |= self.given && siblings::is_open(&linked.exchange);
        self.bytes += linked.exchange.body().len();
        let key = siblings::key(&linked.exchange);
        self.register.note(key, &linked.exchange);
        self.pending.push_back(Pending {
            linked,
            key,
            wanted,
        });
        let full = self.pending.len() > SIGHT || self.bytes > SIGHT_BYTES;
        let complete = self
            .pending
            .front()
            .is_some_and(|p| p.key.is_none() && is_case_of_its_own(&p.linked.exchange));
        match full || complete {
            true => self.oldest().filter(|p| p.wanted).map(|p| p.linked),
            false => None,
        }
    }

    fn oldest(&mut self) -> Option<Pending> {
        let mut oldest = self.pending.pop_front()?;
        let linked = &mut oldest.linked;
        self.bytes = self.bytes.saturating_sub(linked.exchange.body().len());
        linked.siblings = self.register.take(oldest.key, &linked.exchange);
        linked.worked = self.register.worked(oldest.key, &linked.exchange);
        Some(oldest)
    }

    /// The oldest exchange in sight that somebody asked about, for the end of the input.
    pub fn release(&mut self) -> Option<Linked> {
        loop {
            let oldest = self.oldest()?;
            if oldest.wanted {
                return Some(oldest.linked);
            }
        }
    }

    /// Forgets what was seen: the next exchange is of another file.
    pub fn reset(&mut self) {
        *self = Self::with_token_given(self.given);
    }
}

/// Whether nothing else can belong to it: a case of its own, or one of many clients', with a credential that is not known.
pub(super) fn stands_alone(exchange: &Exchange) -> bool {
    is_case_of_its_own(exchange) && siblings::key(exchange).is_none()
}

fn is_case_of_its_own(exchange: &Exchange) -> bool {
    exchange.of_many || exchange.id.is_some()
}

/// Whether the later exchange is what came of the earlier one: its redirect, or the same call made again with success.
fn follows(earlier: &Exchange, later: &Exchange) -> bool {
    // Records with ids are cases of their own.
    if later.of_many || earlier.id.is_some() || later.id.is_some() {
        return false;
    }
    let (Some(from), Some(to)) = (earlier.request.url.as_deref(), later.request.url.as_deref())
    else {
        return false;
    };
    let Some(status) = earlier.status() else {
        return false;
    };
    if (300..400).contains(&status) {
        let response = earlier.response.as_ref();
        let location = response.and_then(|r| r.headers.get("location"));
        return location.is_some_and(|location| crate::input::resolves_to(from, location, to));
    }
    let succeeded = later.status().is_some_and(|s| s < 300);
    let late = earlier
        .at
        .zip(later.at)
        .is_some_and(|(from, to)| to - from > RETRIED);
    !late
        && status == 401
        && succeeded
        && from == to
        && earlier.request.method == later.request.method
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Headers, Request, Response};

    fn call(url: &str, token: &str, status: u16) -> Exchange {
        Exchange {
            request: Request {
                selected: false,
                variable: None,
                method: Some("GET".to_owned()),
                url: Some(url.to_owned()),
                headers: Some(Headers::from_iter([(
                    "Authorization",
                    format!("Bearer {token}"),
                )])),
                body: None,
            },
            response: Some(Response {
                status: Some(status),
                ..Response::default()
            }),
            ..Exchange::default()
        }
    }

    fn all(exchanges: Vec<Exchange>) -> Vec<Linked> {
        let mut linker = Linker::default();
        let mut out: Vec<Linked> = exchanges
            .into_iter()
            .filter_map(|exchange| linker.take(exchange))
            .collect();
        out.extend(std::iter::from_fn(|| linker.release()));
        out
    }

    #[test]
    fn a_call_that_succeeded_after_a_refusal_is_its_repetition() {
        let url = "https://api.example/a";
        let linked = all(vec![call(url, "old", 401), call(url, "new", 200)]);
        assert!(linked[0].followed);
        assert_eq!(
            linked[1].before.as_ref().and_then(|b| b.status()),
            Some(401)
        );
    }

    #[test]
    fn a_call_that_succeeded_hours_later_is_another() {
        let at = |status, at| Exchange {
            at: Some(at),
            ..call("https://api.example/a", "same", status)
        };
        for (later, followed) in [(1_030, true), (11_000, false)] {
            let linked = all(vec![at(401, 1_000), at(200, later)]);
            assert_eq!(linked[0].followed, followed, "{later}");
        }
    }

    #[test]
    fn other_calls_with_the_token_that_succeeded_speak_for_it() {
        let linked = all(vec![
            call("https://api.example/a", "t", 200),
            call("https://api.example/b", "t", 403),
            call("https://api.example/c", "t", 200),
        ]);
        assert!(linked[1].siblings.alive());
        assert_eq!(linked[1].siblings.succeeded(), 2);
    }

    #[test]
    fn a_call_that_nobody_asked_about_speaks_for_the_token_and_is_not_given_back() {
        let mut linker = Linker::default();
        assert_eq!(
            linker.overlook(call("https://api.example/a", "t", 200)),
            None
        );
        assert_eq!(linker.take(call("https://api.example/b", "t", 401)), None);
        assert_eq!(
            linker.overlook(call("https://api.example/a", "t", 200)),
            None
        );
        let asked = linker.release().expect("the one that was asked about");
        assert_eq!(asked.exchange.status(), Some(401));
        let siblings = asked.siblings;
        assert_eq!(
            (siblings.succeeded_before, siblings.succeeded_after),
            (1, 1)
        );
        assert_eq!(linker.release(), None);
    }

    #[test]
    fn the_token_that_a_person_gives_is_that_of_calls_which_do_not_show_theirs() {
        let hidden = |status| call("https://api.example/a", "<redacted>", status);
        for (given, alive) in [(true, true), (false, false)] {
            let mut linker = Linker::with_token_given(given);
            for exchange in [hidden(200), hidden(403)] {
                assert_eq!(linker.take(exchange), None);
            }
            assert_eq!(
                linker.release().map(|l| l.exchange.status()),
                Some(Some(200))
            );
            let refused = linker.release().expect("the second one");
            assert_eq!(refused.siblings.alive(), alive, "{given}");
        }
    }

    #[test]
    fn another_token_or_host_says_nothing() {
        let linked = all(vec![
            call("https://api.example/a", "other", 200),
            call("https://elsewhere.example/a", "t", 200),
            call("https://api.example/b", "t", 401),
        ]);
        assert_eq!(linked[2].siblings, Siblings::default());
    }

    #[test]
    fn a_token_that_everything_refuses_after_a_success_may_have_ended() {
        let linked = all(vec![
            call("https://api.example/a", "t", 200),
            call("https://api.example/b", "t", 401),
            call("https://api.example/c", "t", 401),
        ]);
        assert!(!linked[1].siblings.alive());
        assert!(!linked[2].siblings.alive());
    }
}

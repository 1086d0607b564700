//! Calls that succeeded and tell of no failure: recordings are full of them, and nothing in their bodies is judged.

use super::judge::Judge;
use super::link::Linked;
use super::skim::text_of;
use crate::diagnose::may_fail;
use crate::http::{Exchange, Folded};
use std::fmt::Write as _;

/// Whether a call succeeded, and its body names no failure.
pub(super) fn is_quiet(exchange: &Exchange) -> bool {
    let quiet = |body: &String| body.is_empty() || !may_fail(body);
    exchange.succeeded()
        && exchange.failure.is_none()
        && exchange.given.value.is_none()
        && exchange
            .response
            .as_ref()
            .is_some_and(|own| own.body.as_ref().is_none_or(quiet))
}

/// Whether nothing else belongs to it: what the same credential was answered elsewhere is asked of refusals alone.
pub(super) fn is_unlinked(linked: &Linked) -> bool {
    linked.before.is_none() && !linked.followed
}

/// All that a quiet success is judged by, with its ids and times folded.
pub(super) fn folded(exchange: &Exchange, judge: &Judge<'_>) -> Option<Folded> {
    if !is_quiet(exchange) {
        return None;
    }
    let mut text = text_of(exchange, false);
    for moment in judge.named(exchange) {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n{moment}");
    }
    let (now, leeway) = judge.clock();
    Folded::of(&text, now, leeway)
}

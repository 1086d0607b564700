//! Is it the token's time: `exp`, `nbf`, `iat` against the moment of judging (RFC 7519 §4.1.4-§4.1.6)?

use super::facts::Facts;
use super::words::{moment, span};
use crate::finding::{
    Certainty, Finding, NOTE_JWT, NOTE_LIFETIME, NOTE_SHORT_LIFE, TOKEN_EXPIRED,
    TOKEN_NOT_YET_VALID,
};
use crate::token::{Date, date};

/// Less than this many seconds left is worth a word.
const SHORT: i64 = 300;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(claims) = facts.case.credential.token.claims() else {
        return Vec::new();
    };
    let (now, leeway) = (facts.case.clock.now, facts.case.clock.leeway);
    let [exp, nbf, iat] = ["exp", "nbf", "iat"].map(|name| date(claims, name));
    let mut out = expiry(&exp, now, leeway);
    if let Date::At(at) = nbf
        && at > now.saturating_add(leeway)
    {
        out.push(
            Finding::error(&TOKEN_NOT_YET_VALID, Certainty::Derived, format!("The token is valid from {}: one of two clocks is wrong, or it was sent too early.", moment(at, now)))
                .seen("claim `nbf`", at.to_string())
                .fix("Correct the clock, or wait."),
        );
    }
    if let Date::At(at) = iat
        && at > now.saturating_add(leeway)
    {
        out.push(Finding::warning(&NOTE_LIFETIME, format!("Claim `iat` is later than the moment of judging: {}. Two clocks differ, or the token was not yet issued then. RFC 7519 allows that, and some servers refuse it.", moment(at, now))));
    }
    if let (Date::At(end), Date::At(start)) = (&exp, &iat)
        && end <= start
    {
        out.push(Finding::warning(
            &NOTE_LIFETIME,
            "Claim `exp` is not after `iat`: the token was never valid.",
        ));
    }
    for (name, value) in [("exp", &exp), ("nbf", &nbf), ("iat", &iat)] {
        if let Date::Odd { why, .. } = value {
            out.push(Finding::warning(
                &NOTE_JWT,
                format!("Claim `{name}` {why}."),
            ));
        }
    }
    out
}

fn expiry(exp: &Date, now: i64, leeway: i64) -> Vec<Finding> {
    let mut out = Vec::new();
    match exp {
        Date::Absent => out.push(Finding::info(
            &NOTE_LIFETIME,
            "The token has no `exp`: it does not expire by itself (RFC 9068 §2.2 requires one).",
        )),
        Date::At(at) if at.saturating_add(leeway) <= now => out.push(expired(*at, now, leeway)),
        Date::At(at) if at.saturating_sub(now) < SHORT => {
            out.push(Finding::warning(
                &NOTE_SHORT_LIFE,
                format!(
                    "The token expires in {}.",
                    span(at.saturating_sub(now).max(0))
                ),
            ));
        }
        Date::Odd {
            likely: Some(at), ..
        } if *at <= now => out.push(
            Finding::candidate(
                &TOKEN_EXPIRED,
                format!(
                    "Claim `exp` is not a NumericDate; read as one, the token has expired: {}.",
                    moment(*at, now)
                ),
            )
            .seen("claim `exp`", at.to_string()),
        ),
        Date::At(_) | Date::Odd { .. } => {}
    }
    out
}

fn expired(at: i64, now: i64, leeway: i64) -> Finding {
    let grace = if now.saturating_sub(at) < SHORT {
        " A server with a few minutes of tolerance may still accept it."
    } else {
        ""
    };
    let zero = if at == 0 {
        " Some servers read 0 as \"no expiry\"."
    } else {
        ""
    };
    Finding::error(
        &TOKEN_EXPIRED,
        Certainty::Derived,
        format!("The token expired at {}.{grace}{zero}", moment(at, now)),
    )
    .seen("claim `exp`", at.to_string())
    .seen("leeway", format!("{leeway} s"))
    .fix("Get a new token.")
}

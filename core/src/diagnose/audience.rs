//! Is the token meant for this API: `aud` against the expected audience (RFC 7519 §4.1.3)?

use super::facts::Facts;
use crate::finding::{Certainty, Finding, NOTE_JWT, TOKEN_AUDIENCE};
use serde_json::Value;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.case.credential.token.is_readable() {
        return Vec::new();
    }
    let audience = facts
        .case
        .credential
        .token
        .claims()
        .and_then(|claims| claims.get("aud"));
    let (named, odd) = members(audience);
    let mut out = Vec::new();
    if odd {
        out.push(Finding::warning(
            &NOTE_JWT,
            "Claim `aud` is neither a string nor a list of strings (RFC 7519 §4.1.3).",
        ));
    }
    if audience.is_some() && named.iter().all(|name| name.is_empty()) {
        out.push(Finding::warning(
            &NOTE_JWT,
            "Claim `aud` is present but empty: no API can match it.",
        ));
    }
    out.extend(expected(facts, audience.is_some(), &named));
    out
}

/// The names in `aud`, and whether something else is in it.
pub(super) fn members(audience: Option<&Value>) -> (Vec<&str>, bool) {
    match audience {
        None => (Vec::new(), false),
        Some(Value::String(one)) => (vec![one], false),
        Some(Value::Array(list)) => {
            let named: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            let odd = named.len() < list.len();
            (named, odd)
        }
        Some(_) => (Vec::new(), true),
    }
}

fn expected(facts: &Facts<'_>, present: bool, named: &[&str]) -> Option<Finding> {
    let wanted = facts.case.expected.audience.as_deref()?;
    if named.contains(&wanted) {
        return None;
    }
    if !present {
        return Some(
            Finding::candidate(
                &TOKEN_AUDIENCE,
                "The token names no audience; an API that checks it refuses the token.",
            )
            .seen("expected audience", wanted),
        );
    }
    let slash = named
        .iter()
        .any(|name| name.trim_end_matches('/') == wanted.trim_end_matches('/'));
    let hint = if slash {
        " They differ in the trailing slash only, and the comparison is exact."
    } else {
        ""
    };
    Some(
        Finding::error(
            &TOKEN_AUDIENCE,
            Certainty::Derived,
            format!("The token is meant for another API.{hint}"),
        )
        .seen("claim `aud`", named.join(", "))
        .seen("expected audience", wanted)
        .fix("Request the token with this API's audience or resource."),
    )
}

//! Does the token come from where the call goes: `iss` against the expected issuer, and its region against the host's?

use super::facts::Facts;
use crate::finding::{Certainty, Finding, NOTE_JWT, REGION_MISMATCH, TOKEN_ISSUER};
use serde_json::Value;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let issuer = facts
        .case
        .credential
        .token
        .claims()
        .and_then(|claims| claims.get("iss"));
    let mut out = Vec::new();
    match issuer {
        Some(Value::String(issuer)) => {
            out.extend(expected(facts, issuer));
            out.extend(region(facts, issuer));
            out.extend(taken(facts, issuer));
        }
        Some(_) => out.push(Finding::warning(
            &NOTE_JWT,
            "Claim `iss` is not a string (RFC 7519 §4.1.1).",
        )),
        None if facts.case.expected.issuer.is_some()
            && facts.case.credential.token.is_readable() =>
        {
            out.push(
                Finding::candidate(
                    &TOKEN_ISSUER,
                    "The token names no issuer; an API that checks it refuses the token.",
                )
                .fix("Get a token from the expected issuer."),
            );
        }
        None => {}
    }
    out.extend(odd_names(facts));
    out
}

/// `sub`, `jti` and `client_id` are strings (RFC 7519 §4.1.2, §4.1.7; RFC 8693 §4.3).
fn odd_names(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(claims) = facts.case.credential.token.claims() else {
        return Vec::new();
    };
    let names = ["sub", "jti", "client_id"].into_iter();
    names
        .filter(|name| claims.get(*name).is_some_and(|value| !value.is_string()))
        .map(|name| Finding::warning(&NOTE_JWT, format!("Claim `{name}` is not a string.")))
        .collect()
}

fn expected(facts: &Facts<'_>, issuer: &str) -> Option<Finding> {
    let wanted = facts
        .case
        .expected
        .issuer
        .as_deref()
        .filter(|wanted| *wanted != issuer)?;
    let slash = issuer.trim_end_matches('/') == wanted.trim_end_matches('/');
    let hint = if slash {
        " They differ in the trailing slash only, and the comparison is exact (RFC 7519 §2, StringOrURI)."
    } else {
        ""
    };
    Some(
        Finding::error(
            &TOKEN_ISSUER,
            Certainty::Derived,
            format!("The token comes from a different issuer than the one expected.{hint}"),
        )
        .seen("claim `iss`", issuer)
        .seen("expected issuer", wanted)
        .fix("Get a token from the expected issuer, or correct the issuer the API expects."),
    )
}

/// A resource says itself whose tokens it takes (RFC 9728 §2).
fn taken(facts: &Facts<'_>, issuer: &str) -> Option<Finding> {
    let issuers = facts
        .case
        .expected
        .issuers
        .as_ref()
        .filter(|list| !list.is_empty())?;
    (!issuers.iter().any(|own| own == issuer)).then(|| {
        Finding::error(&TOKEN_ISSUER, Certainty::Derived, "The resource names the issuers whose tokens it accepts, and this token's is not among them.")
            .seen("claim `iss`", issuer)
            .seen("authorization_servers of the resource", issuers.join(", "))
            .fix("Get a token from one of these issuers.")
    })
}

fn region(facts: &Facts<'_>, issuer: &str) -> Option<Finding> {
    let called = facts.place.as_ref()?.region.as_deref()?;
    let home = facts.home_region().filter(|home| *home != called)?;
    Some(
        Finding::error(&REGION_MISMATCH, Certainty::Derived, format!("The token belongs to region {home}, and the call goes to region {called}; each region knows only its own tokens."))
            .seen("claim `iss`", issuer)
            .seen("host", facts.case.target.as_ref()?.host.clone()?)
            .from_source(facts.published_source())
            .fix(format!("Call the API host of {home}, or get a token from the login host of {called}.")),
    )
}

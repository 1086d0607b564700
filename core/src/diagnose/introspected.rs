//! What the issuer says of the token: introspection (RFC 7662), and what it granted of what was asked.

use super::facts::Facts;
use super::words;
use crate::finding::{Certainty, Finding, NOTE_PROBE, NOTE_RIGHTS, TOKEN_UNKNOWN};

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    out.extend(facts.case.credential.active.map(activity));
    out.extend(granted(facts));
    out
}

fn activity(active: bool) -> Finding {
    if active {
        return Finding::info(
            &NOTE_PROBE,
            "The issuer's introspection says that the token is active.",
        );
    }
    Finding::error(&TOKEN_UNKNOWN, Certainty::Stated, "The issuer's introspection says that the token is not active: expired, revoked, another's, or not for the client that asked (RFC 7662 §2.2 gives no reason).")
        .seen("introspection", "active: false")
        .fix("Get a new token.")
}

/// An authorization server may grant less than was asked (RFC 6749 §3.3).
fn granted(facts: &Facts<'_>) -> Option<Finding> {
    let asked = facts.case.credential.asked.as_ref()?;
    let held = facts.scopes.as_ref()?;
    let lacking: Vec<&str> = asked.iter().filter(|name| !held.contains(name)).collect();
    (!lacking.is_empty()).then(|| {
        Finding::warning(&NOTE_RIGHTS, format!("Requested and not granted: {}. An authorization server may grant less than was requested (RFC 6749 §3.3).", words::names(lacking)))
    })
}

//! Is the token bound to a key or certificate (`cnf`: RFC 7800, RFC 8705, RFC 9449)?

use super::facts::Facts;
use crate::finding::{BINDING_REQUIRED, Certainty, Finding, NOTE_JWT};
use serde_json::Value;

/// A bound token that is refused: its binding goes before what an umbrella code may mean.
const BOUND: i32 = 35;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(cnf) = facts
        .case
        .credential
        .token
        .claims()
        .and_then(|claims| claims.get("cnf"))
    else {
        return Vec::new();
    };
    let Value::Object(members) = cnf else {
        return vec![Finding::warning(
            &NOTE_JWT,
            "Claim `cnf` is not an object (RFC 7800 §3.1): no server can use it.",
        )];
    };
    let mut out = Vec::new();
    if members.contains_key("jkt") {
        out.extend(dpop(facts));
    }
    if members.contains_key("x5t#S256") {
        out.push(
            Finding::candidate(&BINDING_REQUIRED, "The token is bound to a client certificate (RFC 8705 §3): without mutual TLS the answer is 401 `invalid_token`.")
                .seen("claim `cnf`", "x5t#S256")
                .weighing(BOUND)
                .fix("Send it over TLS with that client certificate; a proxy that terminates TLS drops it."),
        );
    }
    out
}

fn dpop(facts: &Facts<'_>) -> Option<Finding> {
    let bound = facts
        .case
        .credential
        .token
        .claims()?
        .get("cnf")?
        .get("jkt")?
        .as_str()?;
    if let Some(key) = &facts.case.credential.proof_key {
        return (key != bound).then(|| {
            Finding::error(&BINDING_REQUIRED, Certainty::Derived, "The token is bound to a different key than the one given: a proof made with that key is not accepted (RFC 9449 §6.1).")
                .seen("claim `cnf.jkt`", bound)
                .seen("thumbprint of the key given", key.clone())
                .fix("Use the key that was used when the token was requested, or request a token with this one.")
        });
    }
    // Without a key a probe sends what it has as Bearer.
    let asked = (!facts.case.probed.is_empty()).then_some("Bearer");
    let scheme = asked.or(facts.case.credential.token.scheme.as_deref());
    let fix = "Send `Authorization: DPoP <token>` and a fresh proof, signed with the key, in the `DPoP` header.";
    let text = "The token is bound to a key (DPoP): sent as Bearer, a server that knows DPoP must refuse it (RFC 9449 §7.2).";
    match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("dpop") => None,
        Some(scheme) => Some(
            Finding::error(&BINDING_REQUIRED, Certainty::Derived, text)
                .seen("claim `cnf`", "jkt")
                .seen("scheme", scheme)
                .fix(fix),
        ),
        None => Some(
            Finding::candidate(&BINDING_REQUIRED, text)
                .seen("claim `cnf`", "jkt")
                .weighing(BOUND)
                .fix(fix),
        ),
    }
}

//! What is the credential? A damaged JWT is not an opaque token, and an opaque token is not an error.

use super::facts::Facts;
use super::words;
use crate::finding::{
    Certainty, Finding, NOTE_ENCRYPTED, NOTE_JWT, NOTE_OPAQUE, TOKEN_MALFORMED, TOKEN_SIGNATURE,
    TOKEN_TOO_LARGE, TOKEN_TYPE,
};
use crate::token::{Form, HEADER_LIMIT, Jws, Payload, Signature, Token};

/// What is seen in the token, and may be the fault, goes before what a status or umbrella code may mean.
const SEEN: i32 = 35;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let token = &facts.case.credential.token;
    let mut out = match &token.form {
        Form::Absent if facts.case.credential.named => vec![malformed(
            "The named token source is empty: no token would be sent.",
            "Fill it, or name another source.",
        )],
        Form::Absent | Form::Claims(_) | Form::Hidden(_) => Vec::new(),
        Form::Literal(what) => vec![
            malformed(
                match facts.exchange() {
                    Some(_) => {
                        format!("This is {what}, not a token: a program sent it in place of one.")
                    }
                    None => format!(
                        "This is {what}, not a token: what reads its place would send that."
                    ),
                },
                "Find the variable that was not filled in.",
            )
            .seen("token", what.clone()),
        ],
        Form::Broken(why) => vec![malformed(
            format!("This is not one token: {why}."),
            "Give the whole token, alone, as it was issued.",
        )],
        Form::Damaged(damaged) => vec![malformed(
            format!("This is a damaged JWT: {}.", damaged.why),
            "Copy the whole token again; an opaque token would not look like this.",
        )],
        Form::Jws(jws) => jws_findings(facts, jws),
        Form::Jwe(_) => vec![Finding::info(
            &NOTE_ENCRYPTED,
            "The token is encrypted (JWE): only its header can be read; scopes and expiry are hidden (RFC 7516 §7.1).",
        )],
        Form::Opaque(opaque) => opaque_findings(opaque),
    };
    let size = token.secret.expose().len();
    if size > HEADER_LIMIT {
        let choked = facts
            .said
            .as_ref()
            .and_then(|said| said.status)
            .is_some_and(|status| matches!(status, 400 | 413 | 414 | 431 | 494 | 500..));
        out.push(
            Finding::candidate(&TOKEN_TOO_LARGE, format!("The token is {size} bytes long; many servers refuse or cut a header line above {HEADER_LIMIT} bytes (431, 400)."))
                .seen("token", format!("{size} bytes"))
                .weighing(if choked { SEEN } else { 0 }),
        );
    }
    out
}

fn malformed(message: impl Into<String>, fix: &str) -> Finding {
    Finding::error(&TOKEN_MALFORMED, Certainty::Derived, message).fix(fix)
}

fn opaque_findings(opaque: &crate::token::Opaque) -> Vec<Finding> {
    let what = opaque.what.as_deref();
    if let Some(unfit) = &opaque.unfit {
        let name = what.unwrap_or("a credential of another kind");
        return vec![
            Finding::error(
                &TOKEN_TYPE,
                Certainty::Derived,
                format!("By its form this is not an access token ({name}): {unfit}."),
            )
            .seen("token form", name)
            .fix("Send an access token."),
        ];
    }
    let text = match what {
        Some(what) => format!("The token is opaque, recognised by its form: {what}."),
        None => "The token is opaque: it contains nothing to read, which is normal. Only the server knows its scopes and expiry.".to_owned(),
    };
    vec![Finding::info(&NOTE_OPAQUE, text)]
}

fn jws_findings(facts: &Facts<'_>, jws: &Jws) -> Vec<Finding> {
    let mut out = Vec::new();
    match &jws.payload {
        Payload::Claims(_) => {}
        Payload::NotObject(_) => out.push(malformed(
            "The payload is JSON, but not an object: that is not a claims set (RFC 7519 §7.2).",
            "Request an access token from the issuer.",
        )),
        Payload::Content => out.push(malformed(
            "The payload is not JSON: this is a signed text (JWS), not a JWT.",
            "Request an access token from the issuer.",
        )),
        Payload::Detached => out.push(malformed(
            "The payload is empty (detached, RFC 7515 App. F): there are no claims to read.",
            "Give the whole token.",
        )),
        Payload::Broken(why) => out.push(malformed(
            format!("The payload is damaged: {why}."),
            "Copy the whole token again.",
        )),
    }
    if jws.json {
        out.push(malformed(
            "The token is in JSON serialization; APIs take the compact form only (RFC 7519 §3).",
            "Send the compact form.",
        ));
    }
    if let Some(damage) = &jws.damage {
        out.push(malformed(
            format!("The token is damaged: {damage}."),
            "Copy the whole token again.",
        ));
    }
    out.extend(unsecured(facts, jws));
    out.extend(jws.flaws.iter().map(|flaw| {
        let text = format!("{} {}.", words::capital(&flaw.place), flaw.text);
        if flaw.fatal {
            Finding::warning(&NOTE_JWT, text)
        } else {
            Finding::info(&NOTE_JWT, text)
        }
    }));
    if jws.nested > 0 {
        out.push(Finding::info(&NOTE_JWT, format!("The token contains a signed token ({} layer(s) unwrapped); the innermost claims are shown.", jws.nested)));
    }
    out.extend(disclosures(jws));
    out
}

/// A token without a signature (RFC 7515 App. A.5). What a server did with it is for its answer to say.
fn unsecured(facts: &Facts<'_>, jws: &Jws) -> Option<Finding> {
    let alg = jws.header.get("alg").and_then(serde_json::Value::as_str)?;
    if !alg.eq_ignore_ascii_case("none") {
        return None;
    }
    let text = "The token is not signed (`alg` is `none`): an API that checks signatures refuses it (RFC 9068 §4).";
    // A 401 to it needs no other reason; what another answer means is for its words to say.
    let refused = facts
        .said
        .as_ref()
        .is_none_or(|said| said.status == Some(401));
    let finding = match refused {
        true => Finding::error(&TOKEN_SIGNATURE, Certainty::Derived, text),
        false => Finding::candidate(&TOKEN_SIGNATURE, text).weighing(SEEN),
    };
    Some(
        finding
            .seen("header alg", alg.to_owned())
            .fix("Get a signed token from the issuer."),
    )
}

fn disclosures(jws: &Jws) -> Vec<Finding> {
    let Some(list) = &jws.disclosures else {
        return Vec::new();
    };
    let mut out = vec![Finding::info(
        &NOTE_JWT,
        format!(
            "An SD-JWT (RFC 9901) with {} disclosure(s); only the issuer's own claims are used.",
            list.len()
        ),
    )];
    let strays = list.iter().filter(|(_, covered)| !covered);
    out.extend(strays.map(|(name, _)| Finding::warning(&NOTE_JWT, format!("No digest in the token covers the disclosure of `{name}`: a verifier must refuse it."))));
    out
}

/// What the credential is, in words.
pub(super) fn what(token: &Token) -> Option<String> {
    match &token.form {
        Form::Opaque(opaque) => opaque.what.clone(),
        Form::Jws(jws) => {
            let claims = jws.claims()?;
            Some(crate::token::sort(&jws.header, claims).0.text().to_owned())
        }
        Form::Jwe(_) => Some("an encrypted token (JWE): contents hidden".to_owned()),
        Form::Literal(what) => Some(what.clone()),
        Form::Damaged(damaged) => Some(format!("a damaged JWT: {}", damaged.why)),
        Form::Broken(why) => Some((*why).to_owned()),
        Form::Hidden(_) => Some("a credential that is not in the evidence".to_owned()),
        Form::Absent | Form::Claims(_) => None,
    }
}

fn signed(facts: &Facts<'_>) -> &'static str {
    match facts.case.credential.signature {
        None | Some(Signature::Unsupported(_)) => "signature not checked",
        Some(Signature::Fits(_)) => "signature fits the keys given",
        Some(_) => "signature does not fit the keys given",
    }
}

fn asked(facts: &Facts<'_>) -> &'static str {
    let probed = facts.case.probed;
    match probed.iter().any(|own| own.status().is_some()) {
        true => "the server was asked",
        false if probed.is_empty() => "the server was not asked",
        false => "nobody answered",
    }
}

/// What was checked of the token, and what was not: a local look never says "valid".
pub(super) fn checked(facts: &Facts<'_>) -> Option<String> {
    let claims = match &facts.case.credential.token.form {
        Form::Absent | Form::Literal(_) | Form::Broken(_) | Form::Damaged(_) | Form::Hidden(_) => {
            return None;
        }
        Form::Opaque(_) | Form::Jwe(_) => {
            return Some(format!("expiry not visible; {}", asked(facts)));
        }
        _ => facts.case.credential.token.claims()?,
    };
    let life = match crate::token::date(claims, "exp") {
        crate::token::Date::At(exp)
            if exp.saturating_add(facts.case.clock.leeway) <= facts.case.clock.now =>
        {
            "expired"
        }
        crate::token::Date::At(_) => "not expired",
        _ => "expiry not readable",
    };
    Some(format!("{life}; {}; {}", signed(facts), asked(facts)))
}

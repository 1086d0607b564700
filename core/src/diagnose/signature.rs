//! Does the signature fit the keys that the user pinned?

use super::facts::Facts;
use crate::finding::{Certainty, Finding, NOTE_JWT, TOKEN_SIGNATURE};
use crate::token::Signature;

pub(super) fn check(facts: &Facts<'_>) -> Option<Finding> {
    let signature = facts.case.credential.signature.as_ref()?;
    // Keys of one issuer say nothing about the tokens of another.
    if foreign(facts) {
        return Some(Finding::info(
            &NOTE_JWT,
            "The keys belong to the expected issuer, and the token comes from another: the signature was not checked.",
        ));
    }
    let error = |text: String| Finding::error(&TOKEN_SIGNATURE, Certainty::Derived, text);
    Some(match signature {
        Signature::Fits(key) => Finding::info(&NOTE_JWT, format!("The signature fits {}: header and claims are as they were issued.", named(key))),
        Signature::UnknownKey { kid, known } => error(format!("The token is signed with the key `{kid}`, which the key set does not have."))
            .seen("header kid", kid.clone())
            .seen("keys of the set", known.join(", "))
            .fix("Load the issuer's keys again: they may have changed. If the key is still missing, the token comes from another issuer or environment."),
        Signature::WrongAlgorithm { alg, key } => error(format!("The token says `{alg}`, but {} is of another kind.", named(key)))
            .fix("Have the issuer sign with the algorithm that the API expects; an API that takes the algorithm from the token can be deceived (RFC 8725 §2.1)."),
        Signature::Altered(key) => error(format!("The signature does not fit {}: header or claims were altered after signing, or another key has that id.", named(key)))
            .fix("Use the token exactly as the issuer gave it."),
        Signature::NoKeyFits(count) => error(format!("The token names no key, and none of the {count} keys fits: it was altered, or another issuer signed it."))
            .fix("Get a token from the issuer that the API trusts."),
        Signature::Unsigned => error("The token is not signed: an API that checks signatures refuses it.".to_owned())
            .fix("Get a signed token from the issuer."),
        Signature::Unsupported(alg) => Finding::warning(&NOTE_JWT, format!("The signature was not checked: the algorithm `{alg}` is not supported here.")),
    })
}

fn foreign(facts: &Facts<'_>) -> bool {
    let own = facts
        .case
        .credential
        .token
        .claims()
        .and_then(|c| c.get("iss")?.as_str());
    matches!((own, &facts.case.expected.issuer), (Some(own), Some(wanted)) if own != wanted)
}

fn named(key: &str) -> String {
    match key.contains(' ') {
        true => key.to_owned(),
        false => format!("the key `{key}`"),
    }
}

//! What is odd in a JOSE header (RFC 7515 §4, RFC 7797, RFC 8725), each with what servers make of it.

use super::flaw::Flaw;
use serde_json::{Map, Value};

/// Algorithms registered for JWS (RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864).
const KNOWN_ALGS: [&str; 17] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "ES256K",
    "PS256", "PS384", "PS512", "EdDSA", "Ed25519", "Ed448", "none",
];

/// Names that `crit` must not list (RFC 7515 §4.1.11).
const REGISTERED: [&str; 11] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
];

/// Adds the flaws of a header.
pub(super) fn push(header: &Map<String, Value>, unsigned: bool, flaws: &mut Vec<Flaw>) {
    let mut flaw = |name: &str, text: String, fatal: bool| {
        flaws.push(Flaw {
            place: format!("header `{name}`"),
            text,
            fatal,
        });
    };
    alg(header, unsigned, &mut flaw);
    if header.get("kid").is_some_and(|kid| !kid.is_string()) {
        flaw("kid", "is not a string (RFC 7515 §4.1.4)".into(), false);
    }
    for name in ["jku", "x5u", "jwk"] {
        if header.contains_key(name) {
            flaw(name, "brings a key or its address along; it was not used, and no verifier should trust it (RFC 8725 §3.10)".into(), false);
        }
    }
    if header.contains_key("zip") {
        flaw(
            "zip",
            "is defined for JWE only; nothing was inflated".into(),
            false,
        );
    }
    if header.get("b64") == Some(&Value::Bool(false)) {
        flaw(
            "b64",
            "is false: the payload is raw text, which RFC 7797 §7 forbids for a JWT".into(),
            true,
        );
        if !header.contains_key("crit") {
            flaw(
                "b64",
                "appears without `crit`: servers disagree about the payload (RFC 7797 §6)".into(),
                true,
            );
        }
    }
    crit(header, &mut flaw);
}

fn alg(header: &Map<String, Value>, unsigned: bool, flaw: &mut impl FnMut(&str, String, bool)) {
    match header.get("alg") {
        None => flaw(
            "alg",
            "is missing; RFC 7515 §4.1.1 requires it".into(),
            true,
        ),
        Some(Value::String(alg)) if alg == "none" => {
            flaw(
                "alg",
                "is `none`: the token is unsecured, and RFC 9068 §4 makes every API refuse it"
                    .into(),
                true,
            );
        }
        Some(Value::String(alg)) if alg.eq_ignore_ascii_case("none") => {
            flaw(
                "alg",
                "is a misspelt `none` (values are case-sensitive): a known attack pattern".into(),
                true,
            );
        }
        Some(Value::String(alg)) => {
            if !KNOWN_ALGS.contains(&alg.as_str()) {
                flaw(
                    "alg",
                    format!("is `{alg}`, which is not registered for signatures"),
                    false,
                );
            }
            if unsigned {
                flaw(
                    "alg",
                    format!("is `{alg}`, but the signature is empty: no server may accept that"),
                    true,
                );
            }
        }
        Some(_) => flaw("alg", "is not a string".into(), true),
    }
}

fn crit(header: &Map<String, Value>, flaw: &mut impl FnMut(&str, String, bool)) {
    let Some(crit) = header.get("crit") else {
        return;
    };
    let Some(names) = crit.as_array() else {
        return flaw("crit", "is not a list (RFC 7515 §4.1.11)".into(), true);
    };
    if names.is_empty() {
        flaw(
            "crit",
            "is an empty list, which RFC 7515 §4.1.11 forbids".into(),
            true,
        );
    }
    for name in names.iter().filter_map(Value::as_str) {
        if REGISTERED.contains(&name) {
            flaw(
                "crit",
                format!("lists the registered name `{name}`, which is forbidden"),
                true,
            );
        } else if !header.contains_key(name) {
            flaw(
                "crit",
                format!("lists `{name}`, which is not in the header"),
                true,
            );
        } else if name != "b64" {
            flaw(
                "crit",
                format!("lists `{name}`: a server that does not know it must refuse the token"),
                true,
            );
        }
    }
}

//! Does a signature fit a key?
//!
//! Keys come from the user, never from the token: `jku`, `x5u` and `jwk` of a header are not followed (RFC 8725 §3.10).

use super::{Form, Token};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use std::str::FromStr as _;

/// Keys that the user pinned.
#[derive(Debug)]
#[non_exhaustive]
pub enum Keys {
    /// A JWK Set (RFC 7517 §5).
    Set(JwkSet),
    /// A shared secret for HMAC (RFC 7518 §3.2).
    Secret(super::Secret),
}

/// What came of comparing a signature with the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signature {
    /// It fits the key of this name.
    Fits(String),
    /// The header names a key that the set does not have.
    UnknownKey {
        /// The name in the header.
        kid: String,
        /// The names in the set.
        known: Vec<String>,
    },
    /// The key named is of another kind than the algorithm.
    WrongAlgorithm {
        /// The algorithm of the header.
        alg: String,
        /// The key.
        key: String,
    },
    /// The key named does not fit: header or claims were altered, or the key was replaced under its name.
    Altered(String),
    /// The header names no key, and none of so many fits.
    NoKeyFits(usize),
    /// There is no signature (`alg` is `none`).
    Unsigned,
    /// The algorithm cannot be checked here.
    Unsupported(String),
}

impl Keys {
    /// Reads a JWK Set, or a single JWK.
    ///
    /// # Errors
    /// Where the text is neither; the text itself is not repeated.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let text = text.trim_start_matches('\u{feff}');
        // One key that this program cannot use must not hide the others.
        let value: serde_json::Value = serde_json::from_str(text).map_err(|_| "is not JSON")?;
        let list = match value.get("keys") {
            Some(serde_json::Value::Array(list)) => list.clone(),
            Some(_) => return Err("has a member `keys` that is not a list"),
            None if value.get("kty").is_some() => vec![value],
            None => return Err("is not a JWK Set: it has no member `keys` (RFC 7517 §5)"),
        };
        let keys: Vec<Jwk> = list
            .into_iter()
            .filter_map(|key| serde_json::from_value(key).ok())
            .filter(|key: &Jwk| DecodingKey::from_jwk(key).is_ok())
            .collect();
        if keys.is_empty() {
            return Err("has no key that can be used here");
        }
        Ok(Self::Set(JwkSet { keys }))
    }
}

/// Compares the signature of a signed token with the keys; `None` where it is no compact JWS.
pub fn verify(token: &Token, keys: &Keys) -> Option<Signature> {
    let Form::Jws(jws) = &token.form else {
        return None;
    };
    let (message, signature) = token.secret.expose().rsplit_once('.')?;
    let text = |name: &str| jws.header.get(name).and_then(serde_json::Value::as_str);
    let alg = text("alg").unwrap_or_default();
    if alg.eq_ignore_ascii_case("none") || signature.is_empty() {
        return Some(Signature::Unsigned);
    }
    let Ok(algorithm) = Algorithm::from_str(alg) else {
        return Some(Signature::Unsupported(alg.to_owned()));
    };
    let fits = |key: &DecodingKey| crypto::verify(signature, message.as_bytes(), key, algorithm);
    let set = match keys {
        Keys::Secret(secret) => {
            let key = DecodingKey::from_secret(secret.expose().as_bytes());
            return Some(match fits(&key) {
                Ok(true) => Signature::Fits("the shared secret".to_owned()),
                Ok(false) => Signature::Altered("the shared secret".to_owned()),
                Err(_) => wrong_algorithm(alg, "the shared secret"),
            });
        }
        Keys::Set(set) => set,
    };
    Some(match text("kid") {
        Some(kid) => named(set, kid, alg, fits),
        None => unnamed(set, fits),
    })
}

fn wrong_algorithm(alg: &str, key: &str) -> Signature {
    Signature::WrongAlgorithm {
        alg: alg.to_owned(),
        key: key.to_owned(),
    }
}

type Fits = jsonwebtoken::errors::Result<bool>;

fn named(set: &JwkSet, kid: &str, alg: &str, fits: impl Fn(&DecodingKey) -> Fits) -> Signature {
    let Some(jwk) = set.find(kid) else {
        let known = set.keys.iter().filter_map(|key| key.common.key_id.clone());
        return Signature::UnknownKey {
            kid: kid.to_owned(),
            known: known.collect(),
        };
    };
    match DecodingKey::from_jwk(jwk).and_then(|key| fits(&key)) {
        Ok(true) => Signature::Fits(kid.to_owned()),
        Ok(false) => Signature::Altered(kid.to_owned()),
        Err(_) => wrong_algorithm(alg, kid),
    }
}

fn unnamed(set: &JwkSet, fits: impl Fn(&DecodingKey) -> Fits) -> Signature {
    let keys = set
        .keys
        .iter()
        .filter_map(|jwk| Some((jwk, DecodingKey::from_jwk(jwk).ok()?)));
    let found = keys
        .into_iter()
        .find(|(_, key)| matches!(fits(key), Ok(true)));
    match found {
        Some((jwk, _)) => Signature::Fits(
            jwk.common
                .key_id
                .clone()
                .unwrap_or_else(|| "a key without name".to_owned()),
        ),
        None => Signature::NoKeyFits(set.keys.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Secret;

    /// RFC 7515 App. A.1: HS256 with the key given there.
    const SIGNED: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const KEY: &str =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    fn set(kid: Option<&str>) -> Keys {
        let kid = kid
            .map(|kid| format!(",\"kid\":\"{kid}\""))
            .unwrap_or_default();
        let set =
            format!("{{\"keys\":[{{\"kty\":\"odd\"}},{{\"kty\":\"oct\",\"k\":\"{KEY}\"{kid}}}]}}");
        Keys::read(&set).expect("a set")
    }

    #[test]
    fn what_does_not_fit_is_told_apart() {
        let token = |text: &str| Token::read(text.as_bytes());
        let signed = token(SIGNED);
        assert_eq!(
            verify(&signed, &set(None)),
            Some(Signature::Fits("a key without name".into()))
        );
        let altered = SIGNED.replace(".eyJpc3Mi", ".eyJpc3Nj");
        assert_eq!(
            verify(&token(&altered), &set(None)),
            Some(Signature::NoKeyFits(1))
        );
        let unsigned = "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.";
        assert_eq!(
            verify(&token(unsigned), &set(None)),
            Some(Signature::Unsigned)
        );
        let wrong = Keys::Secret(Secret::new("another".into()));
        assert_eq!(
            verify(&signed, &wrong),
            Some(Signature::Altered("the shared secret".into()))
        );
        assert_eq!(verify(&token("opaque-token-value"), &set(None)), None);
    }

    #[test]
    fn texts_that_are_no_key_set_are_named() {
        assert!(Keys::read("{").is_err());
        assert!(Keys::read("{\"keys\":[]}").is_err());
        assert!(Keys::read("{\"access_token\":\"x\"}").is_err());
    }
}

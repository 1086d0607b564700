//! What stands in place of a credential: enough for a diagnosis, nothing that could be sent.

use super::Work;
use crate::token::redact::MARK;
use crate::token::{Form, HEADER_LIMIT, Token, known_prefix};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Claims whose values a diagnosis compares; none of them names a person.
const KEPT: [&str; 26] = [
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "auth_time",
    "scope",
    "scp",
    "scopes",
    "roles",
    "permissions",
    "authorities",
    "typ",
    "token_use",
    "idtyp",
    "gty",
    "ver",
    "alg",
    "azp",
    "appid",
    "client_id",
    "cid",
    "cnf",
    "realm_access",
    "resource_access",
    "usage",
];

/// Schemes that stand before a credential.
const SCHEMES: [&str; 13] = [
    "bearer",
    "basic",
    "token",
    "dpop",
    "digest",
    "negotiate",
    "ntlm",
    "bot",
    "key",
    "apikey",
    "ssws",
    "jwt",
    "aws4-hmac-sha256",
];

/// The credential's stand-in; the credential itself is remembered.
pub(super) fn stand_in(secret: &str, place: &str, work: &mut Work) -> String {
    let token = Token::read(secret.as_bytes());
    match &token.form {
        // A word in place of a token is the finding itself, and no secret.
        Form::Literal(_) | Form::Absent => secret.to_owned(),
        Form::Jws(jws) => match jws.claims() {
            Some(claims) => {
                remember(secret, place, work);
                jwt(&jws.header, claims, secret.len())
            }
            None => opaque(secret, &token, place, work),
        },
        _ => opaque(secret, &token, place, work),
    }
}

fn remember(secret: &str, place: &str, work: &mut Work) {
    work.remove(place, secret);
    if let Some((_, signature)) = secret.rsplit_once('.') {
        work.remember_part(signature, place);
    }
}

/// A JWT with the claims that are compared, without the others' values and without its signature.
fn jwt(header: &Map<String, Value>, claims: &Map<String, Value>, length: usize) -> String {
    let mut kept: Map<String, Value> = claims
        .iter()
        .map(|(name, value)| {
            let keeps = KEPT.contains(&name.as_str());
            (
                name.clone(),
                if keeps { value.clone() } else { hidden(value) },
            )
        })
        .collect();
    kept.insert("redacted".to_owned(), Value::Bool(true));
    let part = |members: &Map<String, Value>| {
        URL_SAFE_NO_PAD.encode(Value::Object(members.clone()).to_string())
    };
    let mut out = format!("{}.{}.redacted", part(header), part(&kept));
    if length > HEADER_LIMIT {
        // Too long a header is a finding of its own: the length stays in its class.
        let missing = length.saturating_sub(out.len()).div_ceil(1024) * 1024;
        out.push_str(&"-".repeat(missing));
    }
    out
}

/// The shape of a value without it.
fn hidden(value: &Value) -> Value {
    match value {
        Value::Array(_) => Value::Array(vec![Value::String("…".to_owned())]),
        Value::Object(_) => Value::Object(Map::new()),
        Value::Bool(_) | Value::Null => value.clone(),
        _ => Value::String("…".to_owned()),
    }
}

fn opaque(secret: &str, token: &Token, place: &str, work: &mut Work) -> String {
    work.remove(place, secret);
    let prefix = known_prefix(secret)
        .map(|p| format!(";{p}…"))
        .unwrap_or_default();
    let print = token.fingerprint().unwrap_or_default();
    // No blank inside: in a header a blank would be taken for the one behind the scheme.
    format!("<opaque{prefix};{print};{}>", length_class(secret.len()))
}

/// The length, rounded up: it tells a cut token from a whole one, and no more.
fn length_class(length: usize) -> String {
    let classes = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
    match classes.iter().find(|class| length <= **class) {
        Some(class) => format!("up-to-{class}"),
        None => "over-8192".to_owned(),
    }
}

/// A credential header's value: schemes, blanks, commas and quotes stay as they were sent.
pub(super) fn header(value: &str, place: &str, found: &mut Work) -> String {
    let mut out = String::new();
    let first = value
        .split(|c: char| c.is_whitespace())
        .find(|w| !w.is_empty())
        .unwrap_or_default();
    let basic = first.eq_ignore_ascii_case("basic");
    if !place.contains("authorization") && !is_scheme(first) {
        // A key header holds one value, blanks included.
        let inner = value.trim();
        return value.replace(inner, &stand_in(inner, place, found));
    }
    for piece in pieces(value) {
        let edge = |c: char| matches!(c, '"' | '\'' | ',' | ';');
        let word = piece.trim_matches(edge);
        let scheme = is_scheme(word);
        let blank = word.trim().is_empty();
        // A word in angle brackets already stands for something that was taken out.
        let done = word.starts_with('<') || word.ends_with('>');
        let parameter = word.split_once('=').is_some_and(|(name, rest)| {
            !basic
                && !rest.trim_matches('=').is_empty()
                && name.chars().all(|c| c.is_ascii_alphabetic())
        });
        // "… no Authorization: NTLM header" in a client's prose.
        let prose = word.len() < 8 && word.bytes().all(|b| b.is_ascii_lowercase());
        if blank || scheme || done || prose {
            out.push_str(piece);
        } else if basic || parameter {
            found.remove(place, word);
            out.push_str(&piece.replace(word, MARK));
        } else {
            let shown = stand_in(word, place, found);
            out.push_str(&piece.replace(word, &shown));
        }
    }
    out
}

fn is_scheme(word: &str) -> bool {
    SCHEMES.contains(&word.trim_end_matches(':').to_ascii_lowercase().as_str())
}

/// Words and the blanks between them, in order.
fn pieces(value: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut blank = None;
    for (at, c) in value.char_indices() {
        if blank.is_some_and(|was| was != c.is_whitespace()) {
            out.push(&value[start..at]);
            start = at;
        }
        blank = Some(c.is_whitespace());
    }
    out.push(&value[start..]);
    out
}

/// `a=1; b=2` without the values; the attributes of `Set-Cookie` stay.
pub(super) fn cookies(value: &str, place: &str, work: &mut Work) -> String {
    const ATTRIBUTES: [&str; 8] = [
        "path",
        "domain",
        "expires",
        "max-age",
        "samesite",
        "secure",
        "httponly",
        "partitioned",
    ];
    let parts = value
        .split(';')
        .enumerate()
        .map(|(number, part)| match part.split_once('=') {
            Some((name, _))
                if number > 0
                    && ATTRIBUTES.contains(&name.trim().to_ascii_lowercase().as_str()) =>
            {
                part.to_owned()
            }
            Some((name, secret)) if !secret.trim().is_empty() => {
                work.remove(place, secret.trim());
                format!("{name}={MARK}")
            }
            _ => part.to_owned(),
        });
    parts.collect::<Vec<_>>().join(";")
}

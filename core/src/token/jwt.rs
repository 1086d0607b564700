//! Reading JWS and JWE (RFC 7515, 7516, 7519) leniently: any `alg`, faults kept beside what could be read.
//!
//! Nothing here verifies: what is read is what the token says of itself.

use super::flaw::Flaw;
use super::json::{self, NotJson};
use super::segment::{decode_segment, text_of};
use serde_json::{Map, Value};

/// What the payload turned out to be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Payload {
    /// A claims set (RFC 7519 §4).
    Claims(Map<String, Value>),
    /// JSON, but no object: not a claims set (RFC 7519 §7.2 step 10).
    NotObject(Value),
    /// Text or bytes: a JWS, but no JWT.
    Content,
    /// Detached (RFC 7515 App. F): nothing to read.
    Detached,
    /// Looked like a claims set and is broken.
    Broken(String),
}

/// A readable token: a JWS, its header and what its payload holds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Jws {
    /// The JOSE header.
    pub header: Map<String, Value>,
    /// The payload.
    pub payload: Payload,
    /// Length of the signature in bytes; 0 where it is empty or missing.
    pub signature: usize,
    /// What is wrong with the signature segment, where it cannot be read.
    pub damage: Option<String>,
    /// What was read over.
    pub flaws: Vec<Flaw>,
    /// SD-JWT disclosures (RFC 9901): name, and whether a digest in the token covers it.
    pub disclosures: Option<Vec<(String, bool)>>,
    /// How many signed layers were unwrapped (RFC 7519 §7.2 step 8); 0 for an ordinary token.
    pub nested: usize,
    /// JSON serialization (RFC 7515 §7.2), which no API takes as a bearer token.
    pub json: bool,
}

impl Jws {
    /// The claims set, where the payload is one.
    pub fn claims(&self) -> Option<&Map<String, Value>> {
        match &self.payload {
            Payload::Claims(claims) => Some(claims),
            _ => None,
        }
    }
}

/// A damaged JWT: enough is there to know that it was one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Damaged {
    /// What is wrong, with the place.
    pub why: String,
    /// The header, where it could be read.
    pub header: Option<Map<String, Value>>,
}

/// What a text with JOSE's form turned out to be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Jose {
    /// A signed token or an unsecured one.
    Jws(Box<Jws>),
    /// An encrypted token: the claims are ciphertext (RFC 7516 §7.1); only the header is readable.
    Jwe(Map<String, Value>),
    /// A JWT that lost something on the way.
    Damaged(Damaged),
}

/// Layers of nesting that are unwrapped.
const MAX_NESTED: usize = 4;

/// Reads a JOSE header segment into an object.
fn header(segment: &str, flaws: &mut Vec<Flaw>) -> Result<Map<String, Value>, String> {
    if segment.is_empty() {
        return Err("the header segment is empty".to_owned());
    }
    let text = text_of(decode_segment(segment, "header", flaws)?, "header")?;
    let read = json::read(&text).map_err(|e| json_fault("header", &e))?;
    push_json_flaws("header", &read, flaws);
    match read.value {
        Value::Object(header) => Ok(header),
        _ => Err("the header is not a JSON object (RFC 7515 §5.2)".to_owned()),
    }
}

fn json_fault(place: &str, fault: &NotJson) -> String {
    format!(
        "the {place} is not valid JSON: {} (byte {})",
        fault.why, fault.at
    )
}

fn push_json_flaws(place: &str, read: &json::Read, flaws: &mut Vec<Flaw>) {
    let mut push = |place: String, text: String| {
        flaws.push(Flaw {
            place,
            text,
            fatal: false,
        });
    };
    for (name, earlier) in &read.duplicates {
        push(
            format!("{place} `{name}`"),
            format!(
                "appears twice; the last one counts here, other parsers take the first ({earlier})"
            ),
        );
    }
    if read.lone_surrogates {
        push(
            place.to_owned(),
            "has a lone surrogate, shown as U+FFFD".to_owned(),
        );
    }
    if read.huge_numbers {
        push(
            place.to_owned(),
            "has a number beyond any 64-bit value".to_owned(),
        );
    }
}

/// Whether a first segment decodes to a JSON object, as every JOSE token's does.
pub(super) fn starts_like_jose(segment: &str) -> bool {
    decode_segment(segment, "header", &mut Vec::new())
        .is_ok_and(|bytes| bytes.trim_ascii_start().starts_with(b"{\"") || bytes == b"{}")
}

/// Reads a text in JOSE's compact form; `None` where it does not have that form.
pub(super) fn read_compact(text: &str) -> Option<Jose> {
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    let first = text.split('.').next().unwrap_or_default();
    let alike = first.starts_with("ey") || starts_like_jose(first);
    if !alike {
        let second = text.split('.').nth(1).unwrap_or_default();
        let why = if first.is_empty() {
            "the header segment is empty"
        } else {
            "the header is not a JSON object"
        };
        return (dots == 2 && starts_like_jose(second)).then(|| damaged(why, None));
    }
    let mut flaws = Vec::new();
    let header = match header(first, &mut flaws) {
        Ok(header) => header,
        // `ey…` without a dot may still be an ordinary opaque token that happens to start so.
        Err(_) if dots == 0 => return None,
        Err(why) => return Some(damaged(&why, None)),
    };
    let parts: Vec<&str> = text.splitn(6, '.').collect();
    Some(match (dots, parts.as_slice()) {
        (4, _) if header.contains_key("enc") => Jose::Jwe(header),
        (2, [_, payload, signature]) => {
            Jose::Jws(Box::new(jws(header, payload, signature, flaws, 0)))
        }
        (1, [_, payload]) => {
            let missing = "the signature segment is missing: a truncated copy, or an unsecured token without its final dot";
            let read = jws(header, payload, "", flaws, 0);
            Jose::Jws(Box::new(Jws {
                damage: Some(missing.to_owned()),
                ..read
            }))
        }
        (0, _) => damaged("only the header is there: the token was cut", Some(header)),
        (3, _) => damaged(
            "it has four segments: a JWS has three, a JWE five",
            Some(header),
        ),
        (4, _) => damaged(
            "it has five segments and its header names no `enc`",
            Some(header),
        ),
        _ => damaged(
            "it has too many dots for a JWS (two) or a JWE (four)",
            Some(header),
        ),
    })
}

fn damaged(why: &str, header: Option<Map<String, Value>>) -> Jose {
    Jose::Damaged(Damaged {
        why: why.to_owned(),
        header,
    })
}

fn jws(
    header: Map<String, Value>,
    payload: &str,
    signature: &str,
    mut flaws: Vec<Flaw>,
    depth: usize,
) -> Jws {
    super::header_flaws::push(&header, signature.is_empty(), &mut flaws);
    let (signature, damage) = match decode_segment(signature, "signature", &mut flaws) {
        Ok(bytes) => (bytes.len(), None),
        Err(why) => (0, Some(why)),
    };
    let raw = header.get("b64") == Some(&Value::Bool(false));
    let says_nested = header
        .get("cty")
        .and_then(Value::as_str)
        .is_some_and(|c| super::media_type(c) == "jwt");
    if says_nested
        && depth < MAX_NESTED
        && let Some(inner) = nested(payload, &mut flaws, depth)
    {
        return Jws {
            nested: inner.nested + 1,
            ..inner
        };
    }
    let payload = if raw {
        Payload::Content
    } else {
        read_payload(payload, &mut flaws)
    };
    if says_nested && matches!(payload, Payload::Claims(_)) {
        flaws.push(Flaw {
            place: "header `cty`".into(),
            text: "says that a token lies inside, but the payload is a claims set".into(),
            fatal: false,
        });
    }
    Jws {
        header,
        payload,
        signature,
        damage,
        flaws,
        disclosures: None,
        nested: 0,
        json: false,
    }
}

fn nested(payload: &str, flaws: &mut Vec<Flaw>, depth: usize) -> Option<Jws> {
    let inner = text_of(decode_segment(payload, "payload", flaws).ok()?, "payload").ok()?;
    let mut parts = inner.trim_matches('"').split('.');
    let (first, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let mut inner_flaws = Vec::new();
    let header = header(first, &mut inner_flaws).ok()?;
    Some(jws(header, payload, signature, inner_flaws, depth + 1))
}

fn read_payload(segment: &str, flaws: &mut Vec<Flaw>) -> Payload {
    if segment.is_empty() {
        return Payload::Detached;
    }
    let bytes = match decode_segment(segment, "payload", flaws) {
        Ok(bytes) => bytes,
        Err(why) => return Payload::Broken(why),
    };
    payload_of(bytes, flaws)
}

fn payload_of(bytes: Vec<u8>, flaws: &mut Vec<Flaw>) -> Payload {
    let like_claims = bytes.trim_ascii_start().first() == Some(&b'{');
    let text = match text_of(bytes, "payload") {
        Ok(text) => text,
        Err(why) if like_claims => return Payload::Broken(why),
        Err(_) => return Payload::Content,
    };
    let bare = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if bare.len() < text.len() {
        flaws.push(Flaw {
            place: "payload".into(),
            text: "starts with a byte order mark, which RFC 8259 §8.1 forbids".into(),
            fatal: false,
        });
    }
    match json::read(bare) {
        Ok(read) => {
            push_json_flaws("claim", &read, flaws);
            match read.value {
                Value::Object(claims) => Payload::Claims(claims),
                other => Payload::NotObject(other),
            }
        }
        Err(fault) if like_claims || bare.trim_start().starts_with('[') => {
            Payload::Broken(json_fault("payload", &fault))
        }
        Err(_) => Payload::Content,
    }
}

/// Reads a JWS or JWE in JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2).
pub(super) fn read_json(text: &str) -> Option<Jose> {
    let read = json::read(text).ok()?;
    let object = read.value.as_object()?;
    if object.contains_key("ciphertext") {
        let protected = object
            .get("protected")
            .and_then(Value::as_str)
            .unwrap_or_default();
        return Some(Jose::Jwe(
            header(protected, &mut Vec::new()).unwrap_or_default(),
        ));
    }
    let payload = object.get("payload")?.as_str()?;
    let first = object
        .get("signatures")
        .and_then(|s| s.get(0))
        .and_then(Value::as_object)
        .unwrap_or(object);
    let text = |name: &str| first.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut flaws = Vec::new();
    let mut merged = header(text("protected"), &mut flaws).unwrap_or_default();
    for (name, value) in first
        .get("header")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        if merged.contains_key(name) {
            flaws.push(Flaw {
                place: format!("header `{name}`"),
                text:
                    "is in the protected and in the unprotected header (RFC 7515 §5.2 forbids it)"
                        .into(),
                fatal: true,
            });
        }
        merged.entry(name.clone()).or_insert_with(|| value.clone());
    }
    flaws.push(Flaw {
        place: "token".into(),
        text: "is in JSON serialization; a JWT uses the compact form only (RFC 7519 §3), so APIs refuse this".into(),
        fatal: true,
    });
    Some(Jose::Jws(Box::new(Jws {
        json: true,
        ..jws(merged, payload, text("signature"), flaws, 0)
    })))
}

/// Whether the text is base64 of a JWT (`ZXlK` is base64 of `eyJ`); the inner text if so.
pub(super) fn wrapped_in_base64(text: &str) -> Option<String> {
    if !text.starts_with("ZXlK") {
        return None;
    }
    let inner = decode_segment(text, "token", &mut Vec::new()).ok()?;
    let inner = String::from_utf8(inner).ok()?;
    let inner = inner.trim();
    (inner.starts_with("eyJ") && inner.contains('.')).then(|| inner.to_owned())
}

//! What stands in place of a credential: enough for a diagnosis, nothing that could be sent.

use super::harmless::{Grammar, HARMLESS};
use super::stand_in::{is_own, own_at};
use super::{Work, member};
use crate::http::{Follows, Scheme};
use crate::token::redact::{Strictness, is_stand_in, is_wordy};
use crate::token::{Form, HEADER_LIMIT, Payload, Token, known_prefix};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The signature of a JWT that was cleaned.
const SIGNATURE: &str = "redacted";

/// How a cleaned JWT ends.
pub(super) const TAIL: &[u8] = b".redacted";

/// The credential's stand-in; the credential itself is remembered.
pub(super) fn stand_in(secret: &str, place: &str, work: &mut Work<'_>) -> String {
    if is_own(secret) {
        return secret.to_owned();
    }
    if is_stand_in(secret) {
        return taken_out(secret, place, work);
    }
    let token = Token::read(secret.as_bytes());
    match &token.form {
        Form::Absent => secret.to_owned(),
        // A word in place of a token is the finding itself, and no secret.
        Form::Literal(_) if is_placeholder(secret) => secret.to_owned(),
        Form::Jws(jws)
            if matches!(jws.payload, Payload::Claims(_)) && jws.damage.is_none() && !jws.json =>
        {
            match jws.claims() {
                Some(claims) => {
                    let shown = jwt(&jws.header, claims, secret.len(), work);
                    if shown == secret {
                        return shown;
                    }
                    work.stand.number(secret, place);
                    // Each part by itself is as good as the whole to whoever wants to know what is in it.
                    for part in secret.split('.').skip(1) {
                        work.stand.remember(part, place);
                    }
                    shown
                }
                None => plain("opaque", secret, place, work),
            }
        }
        Form::Jws(_) | Form::Damaged(_) => plain("damaged", secret, place, work),
        Form::Broken(_) => plain("broken", secret, place, work),
        Form::Jwe(_) => plain("jwe", secret, place, work),
        _ => plain("opaque", secret, place, work),
    }
}

/// `$TOKEN`, `{{token}}`, `null`: words and marks without anything that a person could have typed as a secret.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.len() <= 64 && is_wordy(text, Strictness::Strict)
}

/// What somebody else put in place of a credential: its kind stays, and a vendor's public prefix.
fn taken_out(text: &str, place: &str, work: &mut Work<'_>) -> String {
    if text.bytes().all(|b| b"*xX.".contains(&b)) {
        return "***".to_owned();
    }
    let bare = text.trim_matches(['[', ']', '(', ')', '*', '_', '-']);
    if ["redacted", "removed", "hidden", "filtered", "masked"]
        .iter()
        .any(|w| bare.eq_ignore_ascii_case(w))
    {
        return text.to_owned();
    }
    let inner = text.trim_matches(['<', '>']);
    let prefix = inner
        .split(';')
        .find_map(|part| part.split_once('…').map(|(prefix, _)| prefix));
    match prefix {
        Some(prefix) => {
            work.stand.number(text, place);
            let own = known_prefix(prefix).unwrap_or_default();
            format!("<opaque;{own}…>")
        }
        None if inner.len() <= 40 && is_wordy(inner, Strictness::Strict) => text.to_owned(),
        None => plain("redacted", text, place, work),
    }
}

/// A JWT with the claims that are compared, without the others' values and without its signature.
fn jwt(
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
    length: usize,
    work: &mut Work<'_>,
) -> String {
    let kept: Map<String, Value> = header
        .iter()
        .map(|(name, value)| {
            let whole = HARMLESS.is_jwt_header(name);
            (
                member::key(name, work),
                if whole {
                    limited(value, work)
                } else {
                    hidden(value, work)
                },
            )
        })
        .collect();
    let mut body = claims_without(claims, work);
    body.insert("redacted".to_owned(), Value::Bool(true));
    let part =
        |members: Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(members).to_string());
    let mut out = format!("{}.{}.{SIGNATURE}", part(kept), part(body));
    if length > HEADER_LIMIT {
        // Too long a header is a finding of its own: the length stays in its class.
        let missing = length.saturating_sub(out.len()).div_ceil(1024) * 1024;
        out.push_str(&"-".repeat(missing));
    }
    out
}

/// Claims: names stay, and the values that a diagnosis compares.
pub(super) fn claims_without(
    claims: &Map<String, Value>,
    work: &mut Work<'_>,
) -> Map<String, Value> {
    let pairs = claims.iter().map(|(name, value)| {
        let shown = if work.keeps(name) {
            value.clone()
        } else {
            claim(value, HARMLESS.claim(name), work)
        };
        (member::key(name, work), shown)
    });
    pairs.collect()
}

fn claim(value: &Value, grammar: Option<Grammar>, work: &mut Work<'_>) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(number) => {
            let fits = grammar.is_some_and(|g| member::number_fits(&number.to_string(), g));
            if fits {
                value.clone()
            } else {
                hidden(value, work)
            }
        }
        Value::String(text) => Value::String(member::text(text, grammar, "claim", work)),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| claim(item, grammar, work))
                .collect(),
        ),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| {
                    (
                        member::key(name, work),
                        claim(value, grammar.or(HARMLESS.claim(name)), work),
                    )
                })
                .collect(),
        ),
    }
}

/// A header of a JWT that is kept, where it is a word or a list of words.
fn limited(value: &Value, work: &mut Work<'_>) -> Value {
    match value {
        Value::String(text) if text.len() > 40 || !is_wordy(text, Strictness::Lenient) => {
            hidden(value, work)
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| limited(item, work)).collect()),
        Value::Object(_) => hidden(value, work),
        _ => value.clone(),
    }
}

/// The shape of a value without it.
pub(super) fn hidden(value: &Value, work: &mut Work<'_>) -> Value {
    match value {
        Value::Bool(_) | Value::Null => value.clone(),
        Value::Number(number) => Value::String(work.stand.value(&number.to_string(), "claim")),
        Value::String(text) => Value::String(work.stand.value(text, "claim")),
        Value::Array(items) => Value::Array(items.iter().map(|item| hidden(item, work)).collect()),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| (member::key(name, work), hidden(value, work)))
                .collect(),
        ),
    }
}

fn plain(kind: &str, secret: &str, place: &str, work: &mut Work<'_>) -> String {
    let number = work.stand.number(secret, place);
    let prefix = known_prefix(secret)
        .map(|p| format!(";{p}…"))
        .unwrap_or_default();
    // No blank inside: in a header a blank would be taken for the one behind the scheme.
    format!("<{kind}{prefix};{};n{number}>", length_class(secret.len()))
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
pub(super) fn header(value: &str, place: &str, work: &mut Work<'_>) -> String {
    let mut out = String::new();
    let words = value.split_whitespace().count();
    let first = value.split_whitespace().next().unwrap_or_default();
    let scheme =
        is_scheme(first) || words > 1 && is_wordy(first, Strictness::Strict) && first.len() <= 24;
    let mut seen = 0;
    for piece in pieces(value) {
        if piece.trim().is_empty() {
            out.push_str(piece);
            continue;
        }
        seen += 1;
        if scheme && seen == 1 || is_scheme(piece) || is_own(piece) {
            out.push_str(piece);
        } else if Scheme::named(first).is_some_and(|s| s.follows == Follows::Password) {
            out.push_str(&quoted(piece, work, &|term, work| basic(term, place, work)));
        } else if let Some((name, rest)) = parameter(piece) {
            out.push_str(&member::key(name, work));
            out.push('=');
            out.push_str(&quoted(rest, work, &|term, work| {
                work.stand.value(term, place)
            }));
        } else if piece.ends_with(':') && is_wordy(piece, Strictness::Strict) {
            // A member's name: a whole answer was pasted in place of the token in it.
            out.push_str(piece);
        } else {
            out.push_str(&quoted(piece, work, &|term, work| {
                stand_in(term, place, work)
            }));
        }
    }
    out
}

/// The marks around a word stay; `clean` says what stands for it.
fn quoted(
    piece: &str,
    work: &mut Work<'_>,
    clean: &dyn Fn(&str, &mut Work<'_>) -> String,
) -> String {
    let edge = |c: char| {
        matches!(
            c,
            '"' | '\'' | ',' | ';' | '“' | '”' | '{' | '}' | '[' | ']' | '(' | ')'
        )
    };
    // `{{token}}`: a template that was never filled in.
    if piece.starts_with("{{") && piece.ends_with("}}") && is_placeholder(piece) {
        return piece.to_owned();
    }
    let term = piece.trim_matches(edge);
    if term.is_empty() || own_at(term).is_some_and(|length| length == term.len()) {
        return piece.to_owned();
    }
    let start = piece.len() - piece.trim_start_matches(edge).len();
    format!(
        "{}{}{}",
        &piece[..start],
        clean(term, work),
        &piece[start + term.len()..]
    )
}

/// A user name and password in base64; a vendor's public prefix of the name stays.
fn basic(term: &str, place: &str, work: &mut Work<'_>) -> String {
    if is_stand_in(term) {
        return taken_out(term, place, work);
    }
    if let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(term)
        && let Ok(pair) = String::from_utf8(bytes)
    {
        for part in pair.split(':') {
            work.stand.remember(part, place);
        }
    }
    plain("basic", term, place, work)
}

/// `Signature=…`, `oauth_token="…"`: a parameter of a scheme, not the padding of base64.
fn parameter(piece: &str) -> Option<(&str, &str)> {
    let (name, rest) = piece.split_once('=')?;
    let sound = !name.is_empty()
        && name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'_' || b == b'-');
    (sound && is_wordy(name, Strictness::Strict) && !rest.trim_matches(['=', ',']).is_empty())
        .then_some((name, rest))
}

fn is_scheme(term: &str) -> bool {
    Scheme::named(term.trim_end_matches(':')).is_some()
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

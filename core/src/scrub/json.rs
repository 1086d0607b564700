//! JSON without its secrets: HAR files, records, log lines, error bodies, and JSON inside their strings.

use super::{Work, credential, text};
use crate::token::redact::{MARK, is_secret_name};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// How deep JSON inside strings inside JSON is followed.
const DEPTH: usize = 6;

/// A whole document; one that is no JSON (a cut HAR, a plain body) is cleaned as text.
pub(super) fn document(source: &str, work: &mut Work) -> String {
    match serde_json::from_str::<Value>(source) {
        Ok(mut value) => {
            walk(&mut value, None, work, DEPTH);
            if source.trim().contains('\n') {
                format!("{value:#}\n")
            } else {
                format!("{value}\n")
            }
        }
        Err(_) => text::transcript(source, work),
    }
}

/// One document a line.
pub(super) fn lines(source: &str, work: &mut Work) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        match serde_json::from_str::<Value>(line) {
            Ok(mut value) => {
                walk(&mut value, None, work, DEPTH);
                out.push_str(&value.to_string());
                out.push('\n');
            }
            Err(_) => out.push_str(&text::transcript(line, work)),
        }
    }
    out
}

/// `name` is the member that holds the value.
fn walk(value: &mut Value, name: Option<&str>, work: &mut Work, depth: usize) {
    match value {
        Value::Object(members) => object(members, name, work, depth),
        Value::Array(items) => {
            for item in items {
                walk(item, name, work, depth);
            }
        }
        Value::String(text) => *text = string(text, name, work, depth),
        _ => {}
    }
}

fn object(members: &mut Map<String, Value>, holder: Option<&str>, work: &mut Work, depth: usize) {
    if holder == Some("claims") {
        claims(members, work);
        return;
    }
    // HAR writes headers, cookies and parameters as `{name, value}`.
    let pair = members
        .get("name")
        .and_then(Value::as_str)
        .map(str::to_owned);
    if let (Some(name), Some(Value::String(value))) = (pair, members.get_mut("value")) {
        *value = match holder {
            Some("cookies") => {
                work.remove("cookie", value);
                MARK.to_owned()
            }
            Some("headers") => text::header(&name, value, work),
            _ => string(value, Some(&name), work, depth),
        };
        return;
    }
    let base64 = members.get("encoding").and_then(Value::as_str) == Some("base64");
    for (name, value) in members.iter_mut() {
        if let (Some("token"), "value", Value::String(secret)) =
            (holder, name.as_str(), &mut *value)
        {
            // A record's token.
            *secret = credential::stand_in(secret, "token.value", work);
        } else if let (true, "text", Value::String(body)) = (base64, name.as_str(), &mut *value) {
            *body = encoded(body, work, depth);
        } else if let (Some("headers"), Value::String(text)) = (holder, &mut *value) {
            *text = text::header(name, text, work);
        } else {
            walk(value, Some(name), work, depth);
        }
    }
}

/// A record's claims: names stay, values of those that name a person go.
fn claims(members: &mut Map<String, Value>, work: &mut Work) {
    const PERSONAL: [&str; 14] = [
        "sub",
        "email",
        "name",
        "given_name",
        "family_name",
        "preferred_username",
        "upn",
        "unique_name",
        "phone_number",
        "nickname",
        "username",
        "ipaddr",
        "oid",
        "address",
    ];
    for (name, value) in members.iter_mut() {
        if let (true, Value::String(text)) = (PERSONAL.contains(&name.as_str()), value) {
            work.remove("claim", text);
            "…".clone_into(text);
        }
    }
}

fn encoded(body: &str, work: &mut Work, depth: usize) -> String {
    let text = STANDARD
        .decode(body.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match text {
        Some(text) => STANDARD.encode(string(&text, None, work, depth)),
        // A picture or archive holds no text to look at.
        None => body.to_owned(),
    }
}

/// Whether the value of a secret name is secret itself, and no code or word of an answer.
pub(super) fn is_credential(name: &str, value: &str) -> bool {
    const WEAK: [&str; 7] = [
        "code",
        "token",
        "session",
        "sid",
        "sig",
        "signature",
        "secret",
    ];
    if value.is_empty()
        || !value.is_char_boundary(1)
        || value.starts_with('<')
        || matches!(value, "null" | "undefined")
    {
        return false;
    }
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    if !WEAK.contains(&plain.as_str()) {
        return true;
    }
    // Codes of errors are words; a credential has digits, or capitals in its middle.
    let digits =
        value.bytes().any(|b| b.is_ascii_digit()) && value.bytes().any(|b| b.is_ascii_alphabetic());
    let mixed = value.len() >= 16
        && value[1..].bytes().any(|b| b.is_ascii_uppercase())
        && value.bytes().any(|b| b.is_ascii_lowercase())
        && !is_compound_word(value);
    !value.contains(' ')
        && value.len() >= 6
        && value.is_ascii()
        && (digits || mixed && !value.contains('.'))
}

/// `MailboxNotEnabled`: capitals begin words; in random text every fourth letter would.
fn is_compound_word(value: &str) -> bool {
    let begins = value
        .as_bytes()
        .windows(2)
        .filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
        .count();
    value.bytes().all(|b| b.is_ascii_alphabetic()) && begins * 5 <= value.len()
}

fn string(value: &str, name: Option<&str>, work: &mut Work, depth: usize) -> String {
    if let Some(name) = name {
        if work.is_also(name) {
            work.remove(&format!("member {name}"), value);
            return MARK.to_owned();
        }
        if text::is_secret_header(name) {
            return text::header(name, value, work);
        }
        if is_secret_name(name) && is_credential(name, value) {
            return credential::stand_in(value, &format!("member {name}"), work);
        }
    }
    let trimmed = value.trim_start();
    if depth > 0
        && trimmed.starts_with(['{', '['])
        && let Ok(mut inner) = serde_json::from_str::<Value>(value)
    {
        walk(&mut inner, None, work, depth - 1);
        return inner.to_string();
    }
    text::transcript(value, work)
}

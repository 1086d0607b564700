//! Cookies: how many there are and with which attributes, not what they hold.

use super::Work;
use super::stand_in::{is_own, own_at};
use crate::token::redact::{Strictness, is_wordy};

/// Attributes of `Set-Cookie` (RFC 6265 §4.1) that stay as they are.
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

/// `a=1; b=2` without the values; several cookies joined by commas are several.
pub(super) fn clean(value: &str, place: &str, work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(value.len());
    let mut start = 0;
    while start < value.len() {
        let end = value[start..]
            .find([';', ','])
            .map_or(value.len(), |at| start + at);
        // A comma inside `Expires=Wed, 09 Jun 2027` separates nothing.
        let part = &value[start..end];
        if let Some(length) = part
            .find('<')
            .filter(|at| own_at(&value[start + at..]).is_some())
        {
            // A stand-in has semicolons of its own.
            let whole = length + own_at(&value[start + length..]).unwrap_or(0);
            out.push_str(&one(&part[..length], work, place));
            out.push_str(&value[start + length..start + whole]);
            start += whole;
        } else {
            out.push_str(&one(part, work, place));
            start = end;
        }
        if let Some(mark) = value[start..]
            .chars()
            .next()
            .filter(|c| matches!(c, ';' | ','))
        {
            out.push(mark);
            start += 1;
        }
    }
    out
}

fn one(part: &str, work: &mut Work<'_>, place: &str) -> String {
    let Some((name, secret)) = part.split_once('=') else {
        let term = part.trim();
        let known = term.is_empty()
            || ATTRIBUTES.contains(&term.to_ascii_lowercase().as_str())
            || is_date(term)
            || is_own(term);
        return if known {
            part.to_owned()
        } else {
            part.replace(term, &work.stand.value(term, place))
        };
    };
    let lower = name.trim().to_ascii_lowercase();
    let secret = secret.trim();
    if secret.is_empty() {
        return part.to_owned();
    }
    if ATTRIBUTES.contains(&lower.as_str()) && attribute_fits(&lower, secret) {
        return part.to_owned();
    }
    let name = super::member::key(name.trim(), work);
    let blank = &part[..part.len() - part.trim_start().len()];
    format!("{blank}{name}={}", work.stand.value(secret, place))
}

/// An attribute's value as a HAR writes it by itself.
pub(super) fn attribute(name: &str, value: &str, work: &mut Work<'_>) -> String {
    let fits = attribute_fits(&name.to_ascii_lowercase(), value);
    if fits {
        value.to_owned()
    } else {
        work.stand.value(value, "cookie")
    }
}

fn attribute_fits(name: &str, value: &str) -> bool {
    match name {
        "expires" => value.len() <= 30,
        "max-age" => value.bytes().all(|b| b.is_ascii_digit() || b == b'-') && value.len() <= 12,
        "samesite" => ["lax", "strict", "none"].contains(&value.to_ascii_lowercase().as_str()),
        _ => value == "/" || value.len() <= 60 && is_wordy(value, Strictness::Strict),
    }
}

/// The rest of a date behind its comma: `09 Jun 2027 10:18:14 GMT`.
fn is_date(term: &str) -> bool {
    term.len() <= 30 && term.ends_with("GMT") && term.starts_with(|c: char| c.is_ascii_digit())
}

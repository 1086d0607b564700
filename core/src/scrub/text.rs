//! Text without its secrets: transcripts, raw messages, commands, bodies that are no JSON.

use super::json::is_credential;
use super::{Work, credential, json};
use crate::token::redact::{self, MARK, is_secret_name};

/// Parts of names that make a header's value secret.
const SECRET_PARTS: [&str; 12] = [
    "authorization",
    "cookie",
    "token",
    "api-key",
    "apikey",
    "secret",
    "password",
    "session",
    "credential",
    "signature",
    "subscription-key",
    "access-key",
];

/// Headers that such a part would catch and that hold no secret.
const OPEN: [&str; 10] = [
    "www-authenticate",
    "x-accepted-github-permissions",
    "github-authentication-token-expiration",
    "x-atlassian-token",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-request-headers",
    "access-control-expose-headers",
    "x-authorization-status",
    "vary",
];

/// Whether a header's value is a credential.
pub(super) fn is_secret_header(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !OPEN.contains(&lower.as_str()) && SECRET_PARTS.iter().any(|part| lower.contains(part))
        || lower == "dpop"
}

/// A header's value without its secret.
pub(super) fn header(name: &str, value: &str, work: &mut Work) -> String {
    let lower = name.to_ascii_lowercase();
    let place = format!("header {lower}");
    if work.is_also(name) {
        work.remove(&place, value);
        return MARK.to_owned();
    }
    match lower.as_str() {
        "cookie" | "set-cookie" => credential::cookies(value, &place, work),
        _ if is_secret_header(name) => credential::header(value, &place, work),
        _ => free(value, work),
    }
}

/// A text with lines: headers are known by their names, the rest by the form of what it holds.
pub(super) fn transcript(source: &str, work: &mut Work) -> String {
    let joined = crate::input::untraced(source);
    let text = joined.as_deref().unwrap_or(source);
    let mut form = FormPart::Outside;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        form = form.next(line);
        let content = line.trim_end_matches(['\n', '\r']);
        if form == FormPart::Value && !content.is_empty() {
            out.push_str(&credential::stand_in(content, "form field", work));
            out.push_str(&line[content.len()..]);
            form = FormPart::Outside;
        } else {
            out.push_str(&one(line, work));
        }
    }
    out
}

/// Where a line stands in a multipart form (RFC 7578): the value of a secret field is on a line of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FormPart {
    Outside,
    SecretHead,
    Value,
}

impl FormPart {
    fn next(self, line: &str) -> Self {
        let lower = line.to_ascii_lowercase();
        let name = lower
            .split_once("content-disposition:")
            .and_then(|(_, rest)| rest.split_once("name=\""))
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(name, _)| name);
        match (self, name) {
            (_, Some(name)) if is_secret_name(name) => Self::SecretHead,
            (_, Some(_)) => Self::Outside,
            (Self::SecretHead, None) if line.trim().is_empty() => Self::Value,
            (own, None) => own,
        }
    }
}

fn one(line: &str, work: &mut Work) -> String {
    let end = line.len()
        - line.len().min(
            line.chars()
                .rev()
                .take_while(|c| matches!(c, '\n' | '\r'))
                .count(),
        );
    let (content, ending) = line.split_at(end);
    // JSON that stands on a line of its own: a body.
    if content.trim_start().starts_with('{')
        && serde_json::from_str::<serde_json::Value>(content).is_ok()
    {
        return json::document(content, work)
            .trim_end_matches('\n')
            .to_owned()
            + ending;
    }
    let mut out = String::new();
    let mut rest = content;
    while let Some((start, colon, end)) = header_in(rest, work) {
        out.push_str(&free(&rest[..start], work));
        out.push_str(&rest[start..colon]);
        let name = rest[start..colon].trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        out.push_str(&header(name, &rest[colon..end], work));
        rest = &rest[end..];
    }
    out.push_str(&free(rest, work));
    out + ending
}

/// A secret header in a line: where its name starts, where its value starts, where that ends.
fn header_in(line: &str, work: &Work) -> Option<(usize, usize, usize)> {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let bytes = line.as_bytes();
    for (at, _) in line.match_indices(':') {
        let name_end = line[..at].trim_end_matches(['"', '\'', '\\', ' ']).len();
        let start = name_end
            - bytes[..name_end]
                .iter()
                .rev()
                .take_while(|b| is_name(**b))
                .count();
        let name = &line[start..name_end];
        if name.is_empty()
            || !(is_secret_header(name) || work.is_also(name))
            || is_secret_name(name) && name.len() < 6
        {
            continue;
        }
        let gap = line[at + 1..]
            .chars()
            .take_while(|c| matches!(c, ' ' | '"' | '\\'))
            .map(char::len_utf8)
            .sum::<usize>();
        // Of the blanks after the colon one belongs to the header's form, the others to what was sent.
        let gap = if line[at + 1..].starts_with("  ") {
            1
        } else {
            gap
        };
        let value = at + 1 + gap;
        let quote = bytes[..start]
            .last()
            .copied()
            .filter(|b| matches!(b, b'\'' | b'"'));
        let inner = line[at + 1..value].bytes().find(|b| *b == b'"');
        let end = quote
            .or(inner)
            .or(bytes[..start].ends_with(b"[").then_some(b']'))
            .and_then(|mark| line[value..].find(char::from(mark)))
            .map_or(line.len(), |offset| value + offset);
        return Some((start, value, end));
    }
    None
}

/// Free text: credentials by their form, values of secret names, passwords in URLs and options.
fn free(text: &str, work: &mut Work) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut found = redact::secrets(text);
    found.extend(parameters(text));
    found.extend(options(text));
    found.extend(elements(text));
    found.extend(inputs(text));
    found.sort_unstable();
    for (start, end) in found {
        if start < at || end <= start {
            continue;
        }
        out.push_str(&text[at..start]);
        let secret = &text[start..end];
        out.push_str(&credential::stand_in(secret, "text", work));
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// `name=value` of a query, fragment or form, by its name.
fn parameters(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('=') {
        let name_start = text[..at]
            .rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .map_or(0, |i| {
                i + text[i..].chars().next().map_or(1, char::len_utf8)
            });
        let name = &text[name_start..at];
        let value = &text[at + 1..];
        let end = value
            .find(|c: char| {
                c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '#' | ';' | ',' | ')' | '}')
            })
            .unwrap_or(value.len());
        if is_secret_name(name) && is_credential(name, &value[..end]) {
            found.push((at + 1, at + 1 + end));
        }
    }
    found
}

/// `<name>value</name>`, by its name.
fn elements(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('>') {
        let Some(open) = text[..at].rfind('<') else {
            continue;
        };
        let name = text[open + 1..at].split(' ').next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or(name);
        let length = text[at + 1..].find('<').unwrap_or(0);
        let value = &text[at + 1..at + 1 + length];
        if is_secret_name(name) && is_credential(name, value) {
            found.push((at + 1, at + 1 + length));
        }
    }
    found
}

/// `<input name="…" value="…">`, by its name: forms that post an answer back.
fn inputs(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, mark) in text.match_indices("value=\"") {
        let start = at + mark.len();
        let Some(length) = text[start..].find('"') else {
            continue;
        };
        let tag = text[..at].rfind('<').map_or("", |open| &text[open..at]);
        let name = tag
            .split_once("name=\"")
            .and_then(|(_, rest)| rest.split_once('"'));
        if name.is_some_and(|(name, _)| {
            is_secret_name(name) && is_credential(name, &text[start..start + length])
        }) {
            found.push((start, start + length));
        }
    }
    found
}

/// The secrets of a command's options: `-u user:password`, `--oauth2-bearer token`, `-b cookies`.
fn options(text: &str) -> Vec<(usize, usize)> {
    const LONG: [&str; 4] = ["--user", "--oauth2-bearer", "--cookie", "--proxy-user"];
    const SHORT: [&str; 3] = ["-u", "-b", "-U"];
    let command = text.trim_start().starts_with("curl") || text.starts_with("  -");
    let mut found = Vec::new();
    for option in LONG.iter().chain(SHORT.iter().filter(|_| command)) {
        for (at, _) in text.match_indices(&format!(" {option}")) {
            let after = at + 1 + option.len();
            let gap = text[after..]
                .chars()
                .take_while(|c| matches!(c, ' ' | '='))
                .count();
            if gap == 0 && option.len() > 2 {
                continue;
            }
            let start = after + gap;
            let rest = &text[start..];
            let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let (from, length) = match quote {
                Some(mark) => (start + 1, rest[1..].find(mark).unwrap_or(rest.len() - 1)),
                None => (start, rest.find(char::is_whitespace).unwrap_or(rest.len())),
            };
            found.push((from, from + length));
        }
    }
    found
}

//! Small readings that several forms share: start lines, header lines, statuses named in text.

use crate::http::{Headers, METHODS};
use serde_json::{Map, Value};

/// The start of a text without blanks.
pub(super) fn squeezed(text: &str) -> String {
    let start = text.chars().take(4_096);
    start.filter(|c| !c.is_whitespace()).collect()
}

/// Takes off what `--trace-time` and `--trace-ids` put before a line.
pub(crate) fn without_time(line: &str) -> &str {
    let bytes = line.as_bytes();
    let timed = bytes.len() > 16
        && bytes[2] == b':'
        && bytes[5] == b':'
        && bytes[8] == b'.'
        && bytes[..15]
            .iter()
            .all(|b| b.is_ascii_digit() || b":.".contains(b));
    let rest = if timed {
        line.get(15..).unwrap_or(line).trim_start_matches(' ')
    } else {
        line
    };
    let ids = rest
        .strip_prefix('[')
        .and_then(|inner| inner.split_once("] "))
        .filter(|(ids, _)| {
            ids.bytes()
                .all(|b| b.is_ascii_digit() || b"-x".contains(&b))
                && ids.contains('-')
        });
    ids.map_or(rest, |(_, after)| after)
}

/// The object that stands on the first line.
pub(super) fn first_object(text: &str) -> Option<Map<String, Value>> {
    let first = text.lines().next().unwrap_or_default();
    match serde_json::from_str(first) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

/// `METHOD target HTTP/version`.
pub(crate) fn request_line(line: &str) -> Option<(&str, &str)> {
    let mut parts = line.trim_end().split(' ');
    let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = METHODS.contains(&method) || is_extension(method);
    (sound && version.starts_with("HTTP/") && parts.next().is_none()).then_some((method, target))
}

/// Methods beyond HTTP's own that real traffic has (`WebDAV` and the like).
fn is_extension(method: &str) -> bool {
    (3..=16).contains(&method.len()) && method.bytes().all(|b| b.is_ascii_uppercase())
}

/// `HTTP/version status reason`; the reason may be missing (RFC 9112 §4).
pub(crate) fn status_line(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    let (version, rest) = rest.split_once(' ')?;
    let sound = version.starts_with(|c: char| c.is_ascii_digit()) && version.len() <= 3;
    let code = rest
        .trim_start()
        .split(|c: char| !c.is_ascii_digit())
        .next()?;
    (sound && code.len() == 3).then(|| code.parse().ok())?
}

/// Whether a status line is not the answer yet: 1xx, or a proxy's word that its tunnel stands.
pub(super) fn is_interim(line: &str) -> bool {
    status_line(line).is_some_and(|code| code < 200)
        || line
            .to_ascii_lowercase()
            .contains(" 200 connection established")
}

/// Adds a header line; one that starts with a blank continues the last (RFC 9112 §5.2).
pub(super) fn add_header(headers: &mut Headers, line: &str) {
    if line.starts_with([' ', '\t']) {
        if let Some(last) = headers.last_value_mut() {
            last.push(' ');
            last.push_str(line.trim());
        }
        return;
    }
    let pseudo = line.starts_with(':');
    if let Some((name, value)) = line
        .split_once(':')
        .filter(|(name, _)| !pseudo && !name.is_empty())
    {
        // Only the blank that separates is taken off: what follows is what was sent.
        let value = value.strip_prefix(' ').unwrap_or(value);
        headers.push(name.trim(), value.trim_end_matches(['\r', '\n']));
    }
}

/// An HTTP date (RFC 9110 §5.6.7), in seconds since 1970.
pub fn http_date(text: &str) -> Option<i64> {
    let parsed = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(parsed.timestamp().as_second())
}

/// Whether a redirect from one URL with that `Location` leads to the other; fragments do not count.
pub fn resolves_to(from: &str, location: &str, to: &str) -> bool {
    let parse = |text: &str| url::Url::parse(text.split('#').next().unwrap_or_default()).ok();
    match (parse(from), parse(to)) {
        (Some(from), Some(to)) => from
            .join(location.split('#').next().unwrap_or_default())
            .is_ok_and(|url| url == to),
        _ => location == to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_lines_are_told_from_text() {
        assert_eq!(status_line("HTTP/2 401 "), Some(401));
        assert_eq!(status_line("HTTP/1.1 40"), None);
        assert_eq!(request_line("GET /a HTTP/1.1"), Some(("GET", "/a")));
        assert_eq!(request_line("GET was refused today"), None);
    }
}

//! Small readings that several forms share: start lines, header lines, statuses named in text.

use crate::http::{Headers, METHODS};

/// `METHOD target HTTP/version`.
pub(super) fn request_line(line: &str) -> Option<(&str, &str)> {
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
pub(super) fn status_line(line: &str) -> Option<u16> {
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

/// The status that a text names as such: "HTTP 401", "status: 403", "(403) Forbidden", "Error 403".
pub(super) fn status_in(text: &str) -> Option<u16> {
    const MARKS: [&str; 7] = [
        "status code ",
        "status",
        "http",
        "error code ",
        "error",
        "code",
        "failed",
    ];
    let head: String = text.chars().take(2_000).collect();
    let lower = head.to_ascii_lowercase();
    for mark in MARKS {
        for (at, _) in lower.match_indices(mark) {
            let rest = lower[at + mark.len()..].trim_start_matches(|c: char| {
                matches!(c, ' ' | ':' | '"' | '\'' | '(' | '[' | '=' | '{' | ',')
            });
            if let Some(code) = leading_code(rest) {
                return Some(code);
            }
        }
    }
    // "403 Forbidden", "(401) Unauthorized": the code before its own words.
    [
        "401 unauthorized",
        "403 forbidden",
        "404 not found",
        "400 bad request",
        "429 too many",
    ]
    .iter()
    .find(|words| lower.contains(*words) || lower.contains(&words.replacen(' ', ") ", 1)))
    .and_then(|words| leading_code(words))
}

fn leading_code(text: &str) -> Option<u16> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let code: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
    (400..600).contains(&code).then_some(code)
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
    fn statuses_are_found_in_what_people_paste() {
        for (text, code) in [
            ("Request failed with status code 401", Some(401)),
            ("googleapi: Error 403: Not Authorized, forbidden", Some(403)),
            (
                "The remote server returned an error: (403) Forbidden.",
                Some(403),
            ),
            (
                "[HTTP 401] Unable to create record: Authenticate",
                Some(401),
            ),
            ("{\"status\":\"error\",\"code\":\"E403\"}", None),
            (
                "AADSTS50076: you must use multi-factor authentication",
                None,
            ),
        ] {
            assert_eq!(status_in(text), code, "{text}");
        }
    }

    #[test]
    fn start_lines_are_told_from_text() {
        assert_eq!(status_line("HTTP/2 401 "), Some(401));
        assert_eq!(status_line("HTTP/1.1 40"), None);
        assert_eq!(request_line("GET /a HTTP/1.1"), Some(("GET", "/a")));
        assert_eq!(request_line("GET was refused today"), None);
    }
}

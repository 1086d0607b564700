//! A request on a line of an application's log, without quotation marks: `time level worker METHOD target status duration`.

use crate::http::METHODS;

/// What such a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlainLine<'l> {
    pub(super) method: &'l str,
    pub(super) target: &'l str,
    pub(super) status: u16,
    /// Date and time, as they stand at the start.
    pub(super) time: Option<&'l str>,
}

/// So many words stand before the method, and between target and status.
const BEFORE: usize = 8;
const BETWEEN: usize = 5;

/// Words that begin a line which has no time.
const LEVELS: [&str; 9] = [
    "trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "critical",
];

/// Words between target and status.
const TO_STATUS: [&str; 16] = [
    "->",
    "=>",
    "→",
    "-",
    "–",
    "|",
    ":",
    "status",
    "status:",
    "code",
    "responded",
    "returned",
    "response",
    "completed",
    "answered",
    "with",
];

/// Words behind the status that say nothing of the answer.
const BEHIND: [&str; 13] = [
    "-", "|", "in", "after", "took", "ms", "s", "sec", "seconds", "us", "µs", "bytes", "b",
];

/// Members behind the status that hold words of the server.
const SAID: [&str; 8] = [
    "err", "error", "msg", "message", "reason", "body", "detail", "cause",
];

impl<'l> PlainLine<'l> {
    /// Reads one; `None` where the line says anything else, which may be the server's words.
    pub(super) fn read(line: &'l str) -> Option<Self> {
        let line = line.trim();
        let mut words = line.split_ascii_whitespace();
        let first = words.clone().next()?;
        let starts = first.starts_with(|c: char| c.is_ascii_digit() || c == '[') || is_level(first);
        let before = words
            .clone()
            .take_while(|word| !METHODS.contains(word))
            .count();
        if !starts || before == 0 || before > BEFORE {
            return None;
        }
        if words
            .clone()
            .take(before)
            .any(|word| matches!(word, "I" | "we" | "We" | "my" | "the" | "when"))
        {
            return None;
        }
        let method = words.nth(before)?;
        let target = words.next().filter(|word| is_target(word))?;
        let status = status(&mut words)?;
        words.all(is_noise).then_some(Self {
            method,
            target,
            status,
            time: time(line),
        })
    }
}

fn is_level(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphabetic());
    LEVELS.iter().any(|level| bare.eq_ignore_ascii_case(level))
}

fn is_target(word: &str) -> bool {
    let starts = ["/", "http://", "https://"];
    starts.iter().any(|start| word.starts_with(start)) && !word.ends_with([':', ',', ')'])
}

/// The status behind a target.
fn status<'l>(words: &mut impl Iterator<Item = &'l str>) -> Option<u16> {
    for word in words.take(BETWEEN) {
        let bare = word
            .rsplit('=')
            .next()?
            .trim_matches(['(', ')', '[', ']', ',', ';', '"']);
        let code = bare
            .parse::<u16>()
            .ok()
            .filter(|code| (100..600).contains(code));
        if let Some(code) = code.filter(|_| bare.len() == 3) {
            return Some(code);
        }
        if !TO_STATUS.contains(&word) && !word.starts_with("HTTP/") {
            return None;
        }
    }
    None
}

/// Whether a word behind the status is a measure, an id or a member that holds none of the server's words.
fn is_noise(word: &str) -> bool {
    if let Some((name, _)) = word.split_once('=') {
        return !SAID
            .iter()
            .any(|said| name.to_ascii_lowercase().ends_with(said));
    }
    let bare = word.trim_matches(['(', ')', '[', ']', ',', ';']);
    let lower = bare.to_ascii_lowercase();
    bare.starts_with(|c: char| c.is_ascii_digit())
        || BEHIND.contains(&lower.as_str())
        || bare.is_empty()
}

/// `2026-01-31T12:00:00Z`, `2026-01-31 12:00:00,123`, with or without brackets.
fn time(line: &str) -> Option<&str> {
    let line = line.strip_prefix('[').unwrap_or(line);
    let end = |text: &str| {
        let end = text.find(|c: char| c.is_whitespace() || c == ']');
        end.unwrap_or(text.len())
    };
    let date = &line[..end(line)];
    if date.len() < 10 || !date.contains(['-', '/']) {
        return None;
    }
    if date.contains('T') {
        return Some(date);
    }
    let rest = line.get(date.len() + 1..)?;
    let both = date.len() + 1 + end(rest);
    line.get(..both).filter(|both| both.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(&str, &str, u16, Option<&str>)> {
        PlainLine::read(line).map(|own| (own.method, own.target, own.status, own.time))
    }

    #[test]
    fn a_request_on_a_line_of_a_log_is_read() {
        for (line, wanted) in [
            (
                "2026-11-26T10:00:00Z INFO worker-1 GET https://a.example/x -> 401 120ms",
                (
                    "GET",
                    "https://a.example/x",
                    401,
                    Some("2026-11-26T10:00:00Z"),
                ),
            ),
            (
                "[2026-11-26 10:00:00,123] [main] WARN  c.a.Client - POST /x 403 (12 ms) trace=7f3",
                ("POST", "/x", 403, Some("2026-11-26 10:00:00,123")),
            ),
            (
                "INFO: DELETE /x HTTP/1.1 status=200 in 0.3s",
                ("DELETE", "/x", 200, None),
            ),
            (
                "10:00:00.123 GET /x responded with 500 -",
                ("GET", "/x", 500, None),
            ),
        ] {
            assert_eq!(read(line), Some(wanted), "{line}");
        }
    }

    #[test]
    fn a_line_that_says_more_is_a_text() {
        for line in [
            "",
            "GET /x 401",
            "ERROR GET /x 403 insufficient scope",
            "2026-11-26T10:00:00Z GET /x 401 error=token_expired",
            "2026-11-26 when I call GET /x 401",
            "2026-11-26 GET /x in 401 ways",
            "2026-11-26 GET x 401",
            "401 GET /x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}

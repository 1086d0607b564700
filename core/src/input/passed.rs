//! Log lines of calls that nobody refused: told by their status in one quick look, and counted instead of read.

use super::log::{Fields, TextLine};
use super::record::{moment, too_long};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Statuses that say of themselves what a line comes to, where nothing else of the answer was recorded.
const PASSED: std::ops::Range<u16> = 200..400;

/// The status of an answer, and when it came in hours since 1970, where the line says so.
pub type PassedKey = (u16, Option<i64>);

/// Counts lines that need not be read.
#[derive(Debug, Default)]
pub struct Passed {
    counts: BTreeMap<PassedKey, usize>,
    /// The last time that was read, up to its hour, and which hour that was: most lines repeat it.
    hour: Option<(String, i64)>,
}

impl Passed {
    /// Counts a line that was not refused; false where it has to be read, or cannot be.
    pub fn takes(&mut self, line: &str, fields: Option<&Fields>) -> bool {
        let found = match line.starts_with('{') {
            // Where a person said what stands where, the names of gateways say nothing.
            true if fields.is_some() || too_long(line).is_err() => None,
            true => of_json(line),
            false => of_combined(line).or_else(|| of_text(line)),
        };
        let Some((status, time)) = found.filter(|(status, _)| PASSED.contains(status)) else {
            return false;
        };
        let hour = time.and_then(|time| self.hour(time));
        *self.counts.entry((status, hour)).or_default() += 1;
        true
    }

    fn hour(&mut self, time: &str) -> Option<i64> {
        // `2026-01-31T12` or `31/Jan/2026:12` of a time in UTC: what follows changes no hour.
        let start = match time.get(..13) {
            Some(start) if time.ends_with('Z') && time.as_bytes()[10] == b'T' => Some(start),
            _ => time.get(..14).filter(|_| is_common_in_utc(time)),
        };
        if let (Some(start), Some((known, hour))) = (start, &self.hour)
            && start == known
        {
            return Some(*hour);
        }
        let hour = moment(time)?.div_euclid(3_600);
        self.hour = start.map(|start| (start.to_owned(), hour));
        Some(hour)
    }

    /// What was counted.
    pub fn counts(&self) -> impl Iterator<Item = (PassedKey, usize)> {
        self.counts.iter().map(|(key, count)| (*key, *count))
    }
}

/// Whether minutes, seconds and zone are those of `31/Jan/2026:12:59:59 +0000`.
fn is_common_in_utc(time: &str) -> bool {
    let small = |pair: &[u8]| matches!(pair, [b':', b'0'..=b'5', b'0'..=b'9']);
    match time.as_bytes().get(14..) {
        Some([minute @ .., b' ', b'+', b'0', b'0', b'0', b'0']) if minute.len() == 6 => {
            small(&minute[..3]) && small(&minute[3..])
        }
        _ => false,
    }
}

/// Status and time of a line of text whose answer has no words.
fn of_text(line: &str) -> Option<(u16, Option<&str>)> {
    let found = TextLine::read(line).filter(|found| found.details.is_none())?;
    Some((found.status, found.time()))
}

/// The same of a line in the combined form as servers write it, `address - user [time] "request" status size`, told by the
/// places of its marks; of any other the text has to be read.
fn of_combined(line: &str) -> Option<(u16, Option<&str>)> {
    let bytes = line.as_bytes();
    let blank = memchr::memchr(b' ', bytes)?;
    let of_address = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b'.' | b':');
    let address = bytes[0].is_ascii_digit() && bytes[..blank].iter().all(of_address);
    // What stands second is no time.
    let second = *bytes.get(blank + 1)?;
    if !address || second != b'-' && !second.is_ascii_alphabetic() {
        return None;
    }
    let quote = blank + memchr::memchr(b'"', &bytes[blank..])?;
    let open = blank + memchr::memchr(b'[', &bytes[blank..quote])?;
    let time = &line[open + 1..quote];
    let close = memchr::memchr(b']', time.as_bytes()).filter(|close| *close == TIME)?;
    let time = &time[..close];
    let (request, after) = line[quote + 1..].split_once('"')?;
    let after = after.as_bytes();
    let after = &after[..memchr::memchr(b'"', after).unwrap_or(after.len())];
    let [b' ', status @ ..] = after.get(..4)? else {
        return None;
    };
    let ends = after.get(4).is_none_or(|byte| *byte == b' ');
    let digits = status.iter().all(u8::is_ascii_digit) && ends;
    // Why a proxy itself answered is a word with such a mark.
    let plain = memchr::memchr(b'_', after).is_none() && after.is_ascii();
    if !digits || !plain || !is_time(time) || !is_request(request) {
        return None;
    }
    let status = status
        .iter()
        .fold(0, |sum, digit| 10 * sum + u16::from(digit - b'0'));
    Some((status, Some(time))).filter(|_| (100..600).contains(&status))
}

/// The length of `31/Jan/2026:12:59:59 +0000`.
const TIME: usize = 26;

/// Whether it is written with the characters of such a time alone.
fn is_time(text: &str) -> bool {
    let of_time =
        |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b':' | b' ' | b'+' | b'-');
    text.as_bytes()[0].is_ascii_digit() && text.as_bytes().iter().all(of_time)
}

/// Whether it is `METHOD target HTTP/version`.
fn is_request(line: &str) -> bool {
    let bytes = line.as_bytes();
    let Some(blank) = memchr::memchr(b' ', bytes) else {
        return false;
    };
    let method = &bytes[..blank];
    let rest = &bytes[blank + 1..];
    let version = memchr::memchr(b' ', rest).map(|at| &rest[at + 1..]);
    (3..=16).contains(&method.len())
        && method.iter().all(u8::is_ascii_uppercase)
        && version
            .is_some_and(|own| own.starts_with(b"HTTP/") && memchr::memchr(b' ', own).is_none())
}

/// The members of a line that decide whether its status tells all. Twice the same name, or a type that no gateway writes,
/// and the line is read in full.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    response_code: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<Response<'a>>,
    #[serde(borrow)]
    status_code: Option<&'a RawValue>,
    #[serde(borrow, rename = "statusCode")]
    status_camel: Option<&'a RawValue>,
    #[serde(borrow, rename = "responseStatus")]
    response_status: Option<&'a RawValue>,
    #[serde(borrow)]
    http_status: Option<&'a RawValue>,
    #[serde(borrow)]
    response_body: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow, rename = "errorMessage")]
    error_message: Option<&'a RawValue>,
    #[serde(borrow, rename = "authorizerError")]
    authorizer_error: Option<&'a RawValue>,
    #[serde(borrow)]
    response_code_details: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    http_authorization: Option<&'a RawValue>,
    #[serde(borrow)]
    authorization: Option<&'a RawValue>,
    #[serde(borrow)]
    request: Option<&'a RawValue>,
    #[serde(borrow)]
    start_time: Option<&'a str>,
    #[serde(borrow)]
    time_iso8601: Option<&'a str>,
    #[serde(borrow, rename = "@timestamp")]
    at_timestamp: Option<&'a str>,
    #[serde(borrow)]
    timestamp: Option<&'a str>,
    #[serde(borrow)]
    started_at: Option<&'a str>,
    #[serde(borrow, rename = "requestTimeEpoch")]
    request_time_epoch: Option<&'a RawValue>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    status: Option<&'a RawValue>,
    #[serde(borrow)]
    headers: Option<&'a RawValue>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

/// Status and time of a JSON line whose answer has neither words nor header fields, and which shows no credential.
fn of_json(line: &str) -> Option<(u16, Option<&str>)> {
    let line: Line<'_> = serde_json::from_str(line).ok()?;
    let response = line.response.as_ref();
    let silent = |member: Option<&RawValue>| {
        member.is_none_or(|raw| matches!(raw.get(), "null" | "\"\"" | "\"-\"" | "\"via_upstream\""))
    };
    let words = [
        line.response_body,
        response.and_then(|r| r.body),
        line.error,
        line.error_message,
        line.authorizer_error,
        line.response_code_details,
        line.message,
        line.http_authorization,
        line.authorization,
        response.and_then(|r| r.headers),
    ];
    // A request that is an object may hold the credential, which tells of its neighbours.
    let plain = line.request.is_none_or(|raw| !raw.get().starts_with('{'));
    if !plain || !words.into_iter().all(silent) {
        return None;
    }
    let statuses = [
        line.response_code,
        line.status,
        response.and_then(|r| r.status),
        line.status_code,
        line.status_camel,
        line.response_status,
        line.http_status,
    ];
    // One alone: of several, the order in which they are asked would decide.
    let mut given = statuses.into_iter().flatten().map(RawValue::get);
    let status = given.next()?.trim_matches('"').parse().ok()?;
    if given.next().is_some() {
        return None;
    }
    let times = [
        line.start_time,
        line.time_iso8601,
        line.at_timestamp,
        line.timestamp,
        line.started_at,
        line.request_time_epoch.map(unquoted),
        line.time.map(unquoted),
    ];
    Some((status, times.into_iter().flatten().next()))
}

fn unquoted(raw: &RawValue) -> &str {
    raw.get().trim_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str =
        r#"203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 12 "-" "c/1.0""#;

    #[test]
    fn lines_of_servers_are_told_by_their_marks() {
        let hour = Some("10/Oct/2026:13:55:36 +0000");
        assert_eq!(of_combined(LINE), Some((200, hour)));
        assert_eq!(
            of_combined(&LINE.replace(" 12 \"-\" \"c/1.0\"", "")),
            Some((200, hour))
        );
        assert_eq!(
            of_combined(&LINE.replace("- - [", "- ann [")),
            Some((200, hour))
        );
        for other in ["1[/Oct", "1\"/Oct", "1]/Oct", "1é/Oct"] {
            assert_eq!(of_combined(&LINE.replace("10/Oct", other)), None, "{other}");
        }
    }

    #[test]
    fn an_hour_that_was_read_is_that_of_all_its_times_and_of_no_other() {
        let mut passed = Passed::default();
        for (time, hour) in [
            ("10/Oct/2026:13:55:36 +0000", Some(497_677)),
            ("10/Oct/2026:13:00:00 +0000", Some(497_677)),
            ("10/Oct/2026:13:60:00 +0000", None),
            ("10/Oct/2026:13:55:36 +0100", Some(497_676)),
            ("10/Oct/2026:14:55:36 +0000", Some(497_678)),
        ] {
            assert_eq!(passed.hour(time), hour, "{time}");
        }
    }

    proptest! {
        #[test]
        fn what_marks_tell_is_what_is_read(
            place in 0..LINE.len(),
            gone in 0_usize..4,
            put in "([ \\[\\]\"'_-]|[0-9]{1,3}|HTTP/|GET|a_b|\t|é|2026-01-01T00:00:00Z){0,2}",
        ) {
            let mut line = LINE.to_owned();
            line.replace_range(place..(place + gone).min(LINE.len()), &put);
            let line = line.trim();
            if let Some(found) = of_combined(line) {
                prop_assert_eq!(Some(found), of_text(line), "{}", line);
            }
        }
    }
}

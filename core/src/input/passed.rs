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
            false => TextLine::read(line)
                .filter(|found| found.details.is_none())
                .map(|found| (found.status, found.time())),
        };
        let Some((status, time)) = found.filter(|(status, _)| PASSED.contains(status)) else {
            return false;
        };
        let hour = time.and_then(|time| self.hour(time));
        *self.counts.entry((status, hour)).or_default() += 1;
        true
    }

    fn hour(&mut self, time: &str) -> Option<i64> {
        // `2026-01-31T12` of a time in UTC: what follows changes no hour.
        let start = time
            .get(..13)
            .filter(|_| time.ends_with('Z') && time.as_bytes()[10] == b'T');
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

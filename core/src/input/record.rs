//! Exchange records: one JSON object a line, every member optional, null for "not known".

use super::form::{Form, ReadBy, Shape};
use super::words::{first_object, squeezed};
use crate::http::{Exchange, Given, Headers, Request, Response};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

pub(super) const FORM: Form = Form {
    name: "exchange records",
    shape: Shape::Records,
    looks_like,
    read: ReadBy::Lines(|line, place, _| read(line, place)),
};

fn looks_like(text: &str) -> bool {
    if let Some(members) = first_object(text) {
        return is_record(&members);
    }
    // A record whose first line is broken or longer than what is looked at still stands on a line of its own.
    let start = squeezed(text);
    let begins = ["{\"id\":", "{\"request\":", "{\"provider\":"];
    begins.iter().any(|own| start.starts_with(own)) && start.contains("\"request\":{")
}

/// Whether an object is such a record.
fn is_record(members: &Map<String, Value>) -> bool {
    let known = |name: &str| {
        members
            .get(name)
            .is_some_and(|v| v.is_object() || v.is_null())
    };
    (known("request") || known("response"))
        && members.iter().all(|(name, value)| match name.as_str() {
            "request" => value.is_null() || object(value, &["method", "url", "headers", "body"]),
            "response" => value.is_null() || object(value, &["status", "headers", "body"]),
            "id" | "provider" | "grant" | "at" => value.is_string() || value.is_null(),
            "token" | "granted_scopes" => true,
            _ => false,
        })
}

fn object(value: &Value, names: &[&str]) -> bool {
    value
        .as_object()
        .is_some_and(|members| members.keys().all(|own| names.contains(&own.as_str())))
}

/// Whether the first object of a text goes on over the end of its line, as programs print JSON for people.
pub(super) fn is_over_lines(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.split_once('\n').map(|(line, _)| line.trim());
    first.is_some_and(|line| {
        let read = serde_json::from_str::<IgnoredAny>(line);
        line.starts_with('{') && read.is_err_and(|fault| fault.is_eof())
    })
}

/// Objects that are printed over several lines, each in one, with the number of its first line; what follows the last
/// that can be read comes as it is.
pub(crate) fn in_one_line(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let (mut start, mut line) = (0, 1);
    while let Some(Ok(_)) = values.next() {
        let end = values.byte_offset();
        let own = &text[start..end];
        let blank = own.len() - own.trim_start().len();
        let first = line + own[..blank].matches('\n').count();
        // A break stands between tokens only: in a string it is escaped.
        out.push((first, own.trim().replace(['\n', '\r'], " ")));
        line += own.matches('\n').count();
        start = end;
    }
    let rest = &text[start..];
    if !rest.trim().is_empty() {
        out.push((line, rest.to_owned()));
    }
    out
}

/// A line of JSON above this many bytes is passed over: as a tree it takes many times its own size.
pub(super) const LINE: usize = 4 * 1024 * 1024;

/// Why a line of JSON is passed over for its length alone.
pub(super) fn too_long(line: &str) -> Result<(), String> {
    match line.len() > LINE {
        true => Err("the line is longer than 4 MB, the limit".to_owned()),
        false => Ok(()),
    }
}

/// Reads one record; the error names the member.
pub(super) fn read(line: &str, place: &str) -> Result<Exchange, String> {
    too_long(line)?;
    let value: Value = serde_json::from_str(line)
        .map_err(|e| format!("it is not JSON (column {})", e.column()))?;
    let Value::Object(members) = value else {
        return Err("it is not a JSON object".to_owned());
    };
    let known = [
        "id",
        "provider",
        "request",
        "response",
        "token",
        "grant",
        "granted_scopes",
        "at",
    ];
    if !members.keys().any(|own| known.contains(&own.as_str())) {
        return Err(format!("it has none of the members {}", known.join(", ")));
    }
    let request = members.get("request").unwrap_or(&Value::Null);
    let response = members.get("response").filter(|r| !r.is_null());
    Ok(Exchange {
        id: text(&members, "id"),
        place: place.to_owned(),
        read_as: None,
        of_many: false,
        provider: text(&members, "provider"),
        request: Request {
            selected: false,
            variable: None,
            method: string(request, "method").map(|m| m.to_ascii_uppercase()),
            url: string(request, "url"),
            headers: request.get("headers").and_then(headers),
            body: request.get("body").and_then(body),
        },
        response: response.map(answer).transpose()?,
        given: given(&members)?,
        at: text(&members, "at").and_then(|at| moment(&at)),
        failure: None,
        remarks: Vec::new(),
        hearsay: false,
        folded: None,
    })
}

fn answer(response: &Value) -> Result<Response, String> {
    let status = match response.get("status") {
        None | Some(Value::Null) => None,
        Some(Value::String(code)) => code.trim().parse().ok(),
        Some(code) => Some(
            code.as_u64()
                .and_then(|code| u16::try_from(code).ok())
                .ok_or("member `response.status` is not a status code")?,
        ),
    };
    Ok(Response {
        status: status.filter(|code| *code > 0),
        headers: response
            .get("headers")
            .and_then(headers)
            .unwrap_or_default(),
        body: response.get("body").and_then(body),
    })
}

fn given(members: &Map<String, Value>) -> Result<Given, String> {
    let token = members.get("token").unwrap_or(&Value::Null);
    let claims = match token.get("claims") {
        None | Some(Value::Null) => None,
        Some(Value::Object(claims)) => Some(claims.clone()),
        Some(_) => return Err("member `token.claims` is not an object".to_owned()),
    };
    let scopes = match members.get("granted_scopes") {
        Some(Value::Array(names)) => Some(
            names
                .iter()
                .filter_map(|n| n.as_str().map(str::to_owned))
                .collect(),
        ),
        Some(Value::String(names)) => Some(
            names
                .split([' ', ','])
                .filter(|n| !n.is_empty())
                .map(str::to_owned)
                .collect(),
        ),
        _ => None,
    };
    Ok(Given {
        kind: string(token, "kind"),
        claims,
        value: string(token, "value"),
        grant: text(members, "grant"),
        scopes,
        same: false,
    })
}

/// An exchange as a record; header lines as a list, since a name may occur twice.
pub fn written(exchange: &Exchange) -> Map<String, Value> {
    let lines = |headers: &Headers| -> Value {
        let list = headers
            .iter()
            .map(|(name, value)| serde_json::json!({"name": name, "value": value}));
        Value::Array(list.collect())
    };
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.to_owned(), value);
    };
    let request = &exchange.request;
    put(
        "request",
        serde_json::json!({
            "method": request.method, "url": request.url, "headers": request.headers.as_ref().map(lines), "body": request.body,
        }),
    );
    if let Some(response) = &exchange.response {
        put(
            "response",
            serde_json::json!({"status": response.status, "headers": lines(&response.headers), "body": response.body}),
        );
    }
    if let Some(at) = exchange.at {
        put("at", Value::String(at.to_string()));
    }
    out
}

/// An object of names and values, or a list of `{name, value}`.
pub(super) fn headers(value: &Value) -> Option<Headers> {
    match value {
        Value::Object(members) => Some(
            members
                .iter()
                .flat_map(|(name, value)| {
                    let values = match value {
                        Value::Array(items) => items.iter().filter_map(plain).collect(),
                        other => plain(other).into_iter().collect::<Vec<_>>(),
                    };
                    values.into_iter().map(move |v| (name.clone(), v))
                })
                .collect(),
        ),
        Value::Array(items) => Some(
            items
                .iter()
                .filter_map(|item| {
                    Some((
                        string(item, "name")?,
                        string(item, "value").unwrap_or_default(),
                    ))
                })
                .collect(),
        ),
        _ => None,
    }
}

/// A body as text; JSON that was given unquoted is written out.
fn body(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn string(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(plain)
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(plain)
}

/// A moment as RFC 3339, as servers write it into access logs, or as seconds or milliseconds since 1970.
pub(super) fn moment(text: &str) -> Option<i64> {
    if let Some(at) = common(text) {
        return Some(at);
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.as_second());
    }
    // A time without a zone is taken as UTC.
    if let Ok(at) = text.replace(',', ".").parse::<jiff::civil::DateTime>() {
        let at = jiff::tz::Offset::UTC.to_timestamp(at).ok()?;
        return Some(at.as_second());
    }
    let seconds: i64 = text.split('.').next()?.parse().ok()?;
    Some(if seconds > 100_000_000_000 {
        seconds / 1_000
    } else {
        seconds
    })
}

/// The time of the common log format (Apache `mod_log_config`, nginx `$time_local`): `[10/Oct/2026:13:55:36 +0000]`, with
/// or without its brackets.
fn common(text: &str) -> Option<i64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let text = text.trim_start_matches('[').trim_end_matches(']');
    let marks = [
        (2, b'/'),
        (6, b'/'),
        (11, b':'),
        (14, b':'),
        (17, b':'),
        (20, b' '),
    ];
    let bytes = text.as_bytes();
    if bytes.len() != 26 || marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = text.get(from..to)?;
        let sound = digits.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| digits.parse().ok())?
    };
    let small = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let month = MONTHS.find(text.get(3..6)?).filter(|at| at % 3 == 0)?;
    let month = i8::try_from(month / 3 + 1).ok()?;
    let (day, hour, minute, second) = (small(0)?, small(12)?, small(15)?, small(18)?);
    let there =
        jiff::civil::DateTime::new(number(7, 11)?, month, day, hour, minute, second, 0).ok()?;
    let ahead = i32::from(small(22)?) * 3_600 + i32::from(small(24)?) * 60;
    let ahead = match bytes[21] {
        b'+' => ahead,
        b'-' => -ahead,
        _ => return None,
    };
    let zone = jiff::tz::Offset::from_seconds(ahead).ok()?;
    zone.to_timestamp(there)
        .ok()
        .map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_access_logs_is_a_moment() {
        for (text, at) in [
            ("[10/Oct/2026:13:55:36 +0000]", Some(1_791_640_536)),
            ("10/Oct/2026:15:55:36 +0200", Some(1_791_640_536)),
            ("[10/Oct/2026:09:25:36 -0430]", Some(1_791_640_536)),
            ("[10/Oct/2026:13:55:36.120]", None),
            ("[10/Okt/2026:13:55:36 +0000]", None),
            ("[31/Feb/2026:13:55:36 +0000]", None),
            ("[10/Oct/2026:13:55:36 +00é]", None),
        ] {
            assert_eq!(moment(text), at, "{text}");
        }
    }

    #[test]
    fn every_member_is_optional_and_a_wrong_one_is_named() {
        assert!(read("{\"id\":\"a\"}", "x").is_ok());
        assert_eq!(
            read("{\"response\":{\"status\":70000}}", "x").unwrap_err(),
            "member `response.status` is not a status code"
        );
        assert!(read("{\"no\":1}", "x").is_err());
        let record = read(
            "{\"request\":{\"headers\":{\"A\":[\"1\",\"2\"]}},\"response\":{\"body\":{\"e\":1}}}",
            "x",
        )
        .expect("a record");
        assert_eq!(record.request.headers.expect("headers").all("a").count(), 2);
        assert_eq!(
            record.response.expect("an answer").body.as_deref(),
            Some("{\"e\":1}")
        );
    }
}

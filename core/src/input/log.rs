//! Log lines of gateways and servers: JSON by the names that gateways use or by a mapping given, text in the common forms.

use super::access;
use super::form::{Form, ReadBy, Shape};
use super::plain_line::PlainLine;
use super::record::{headers, moment, plain, too_long};
use super::words::{first_object, request_line};
use crate::http::{Exchange, Headers, Request, Response};
use serde_json::{Map, Value};

/// Where log lines hold what: names of this program and JSON pointers (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// The names that a mapping can use.
const NAMES: [&str; 9] = [
    "id",
    "time",
    "method",
    "url",
    "host",
    "path",
    "status",
    "body",
    "authorization",
];

impl Fields {
    /// Reads `name=JSON-pointer,...`; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for (number, pair) in text.split(',').enumerate() {
            let place = number + 1;
            let (name, pointer) = pair
                .split_once('=')
                .ok_or(format!("entry {place} has no `=`"))?;
            let header = name.strip_prefix("header.").is_some_and(|h| !h.is_empty());
            if !NAMES.contains(&name) && !header {
                return Err(format!(
                    "entry {place} maps an unknown name; known: {}, header.NAME",
                    NAMES.join(", ")
                ));
            }
            if !pointer.starts_with('/') {
                return Err(format!("entry {place}: a JSON pointer starts with `/`"));
            }
            pairs.push((name.to_owned(), pointer.to_owned()));
        }
        Ok(Self(pairs))
    }
}

/// The names that gateways give the same things: Envoy, Kong, nginx, AWS API Gateway, and what is common beside them.
const PRESETS: [(&str, &[&str]); 10] = [
    (
        "id",
        &[
            "/request_id",
            "/requestId",
            "/x_request_id",
            "/req_id",
            "/request/id",
            "/traceId",
        ],
    ),
    (
        "time",
        &[
            "/start_time",
            "/time_iso8601",
            "/@timestamp",
            "/timestamp",
            "/started_at",
            "/requestTimeEpoch",
            "/time",
        ],
    ),
    (
        "method",
        &[
            "/method",
            "/request_method",
            "/httpMethod",
            "/http_method",
            "/request/method",
            "/requestMethod",
            "/verb",
        ],
    ),
    (
        "url",
        &["/url", "/request/url", "/requestUrl", "/request_url"],
    ),
    (
        "host",
        &[
            "/authority",
            "/:authority",
            "/http_host",
            "/host",
            "/domainName",
            "/server_name",
            "/request/headers/host",
        ],
    ),
    (
        "path",
        &[
            "/path",
            "/x_envoy_original_path",
            "/request_uri",
            "/uri",
            "/request/uri",
            "/request_path",
            "/requestPath",
            "/resourcePath",
        ],
    ),
    (
        "status",
        &[
            "/response_code",
            "/status",
            "/response/status",
            "/status_code",
            "/statusCode",
            "/responseStatus",
            "/http_status",
        ],
    ),
    (
        "body",
        &[
            "/response_body",
            "/response/body",
            "/error/message",
            "/errorMessage",
            "/authorizerError",
            "/response_code_details",
            "/error",
            "/message",
        ],
    ),
    (
        "authorization",
        &[
            "/http_authorization",
            "/request/headers/authorization",
            "/authorization",
        ],
    ),
    ("request", &["/request", "/requestLine", "/request_line"]),
];

pub(super) const FORM: Form = Form {
    name: "log lines",
    shape: Shape::Lines,
    looks_like,
    read: ReadBy::Lines(read),
};

fn looks_like(text: &str) -> bool {
    match text.starts_with('{') {
        true => first_object(text).is_some_and(|members| is_line(&members)),
        false => are_access_lines(text),
    }
}

/// Whether the lines are access lines: all of the first, or nearly; what stands between them is read as text.
fn are_access_lines(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.take(200).collect();
    let known = lines.iter().filter(|line| text_line(line).is_some());
    let known = known.count();
    // The last line may be cut off where the head ends.
    known > 0
        && known + 1 >= lines.len()
        && text_line(lines[0]).is_some()
        && (known > 1 || lines.len() == 1)
}

/// Whether an object is a log line: it has a status and a path or method by one of the names.
fn is_line(members: &Map<String, Value>) -> bool {
    let value = Value::Object(members.clone());
    let has = |name| preset(&value, name).is_some();
    has("status")
        && (has("path") || has("url") || has("request"))
        && (has("method") || has("request"))
}

/// Reads one line.
pub(super) fn read(line: &str, place: &str, fields: Option<&Fields>) -> Result<Exchange, String> {
    too_long(line)?;
    if let Ok(value @ Value::Object(_)) = serde_json::from_str(line) {
        return json_line(&value, place, fields);
    }
    text_line(line)
        .map(|exchange| Exchange {
            place: place.to_owned(),
            of_many: true,
            ..exchange
        })
        .ok_or_else(|| {
            "neither a JSON object nor a line with `\"METHOD path HTTP/x\" status` or `time METHOD URL status`".to_owned()
        })
}

fn preset(value: &Value, name: &str) -> Option<String> {
    let (_, pointers) = PRESETS.iter().find(|(own, _)| *own == name)?;
    pointers
        .iter()
        .find_map(|pointer| value.pointer(pointer).and_then(plain))
}

fn json_line(value: &Value, place: &str, fields: Option<&Fields>) -> Result<Exchange, String> {
    let find = |name: &str| -> Option<String> {
        let mapped = fields.and_then(|f| f.0.iter().find(|(own, _)| own == name));
        match mapped {
            Some((_, pointer)) => value.pointer(pointer).and_then(plain),
            None => preset(value, name),
        }
    };
    let line = find("request");
    let (line_method, line_path) = line.as_deref().and_then(request_line).unzip();
    let path = find("path").or(line_path.map(str::to_owned));
    let url = find("url").or_else(|| absolute(find("host").as_deref(), path.as_deref()));
    let status = find("status").and_then(|s| s.parse().ok());
    if url.is_none() && status.is_none() {
        return Err("no status, URL or path was found in it by a name that is known: a mapping of fields can name them".to_owned());
    }
    Ok(Exchange {
        id: find("id"),
        place: place.to_owned(),
        of_many: true,
        request: Request {
            selected: true,
            variable: None,
            method: find("method")
                .or(line_method.map(str::to_owned))
                .map(|m| m.to_ascii_uppercase()),
            url,
            headers: request_headers(value, find("authorization")),
            body: None,
        },
        response: Some(Response {
            status,
            headers: response_headers(value, fields),
            body: find("body").filter(|text| !matches!(text.as_str(), "-" | "" | "via_upstream")),
        }),
        at: find("time").and_then(|t| moment(&t)),
        ..Exchange::default()
    })
}

fn request_headers(value: &Value, authorization: Option<String>) -> Option<Headers> {
    // A log names a few headers at most: what it does not name may have been sent.
    let mut known = value
        .pointer("/request/headers")
        .and_then(headers)
        .unwrap_or_default();
    if let Some(text) = authorization.filter(|t| !t.is_empty() && t != "-")
        && !known.has("authorization")
    {
        known.push("Authorization", text);
    }
    (!known.is_empty()).then_some(known)
}

fn response_headers(value: &Value, fields: Option<&Fields>) -> Headers {
    let mut found = value
        .pointer("/response/headers")
        .and_then(headers)
        .unwrap_or_default();
    for (name, pointer) in fields.into_iter().flat_map(|f| &f.0) {
        if let (Some(header), Some(text)) = (
            name.strip_prefix("header."),
            value.pointer(pointer).and_then(plain),
        ) {
            found.push(header, text);
        }
    }
    found
}

fn absolute(host: Option<&str>, path: Option<&str>) -> Option<String> {
    let path = path?;
    match host {
        Some(host) if path.starts_with('/') && host != "-" => Some(format!("https://{host}{path}")),
        _ => Some(path.to_owned()),
    }
}

/// A line in the common and combined forms of nginx and Apache, of a proxy, of an AWS load balancer, or of an application.
#[derive(Debug, Clone)]
pub(super) struct TextLine<'l> {
    line: &'l str,
    plain: Option<PlainLine<'l>>,
    method: &'l str,
    target: &'l str,
    /// The status of the answer.
    pub(super) status: u16,
    /// What the line names as the origin.
    origin: Option<&'l str>,
    /// Why the proxy itself answered.
    pub(super) details: Option<&'l str>,
    /// What is quoted behind, and what stands between.
    behind: std::str::Split<'l, char>,
}

impl<'l> TextLine<'l> {
    /// Reads one; `None` where it is none.
    pub(super) fn read(line: &'l str) -> Option<Self> {
        Self::quoted(line).or_else(|| PlainLine::read(line).map(|plain| Self::of(line, plain)))
    }

    fn of(line: &'l str, plain: PlainLine<'l>) -> Self {
        Self {
            line,
            plain: Some(plain),
            method: plain.method,
            target: plain.target,
            status: plain.status,
            origin: None,
            details: None,
            behind: "".split('"'),
        }
    }

    fn quoted(line: &'l str) -> Option<Self> {
        let mut parts = line.split('"');
        let (mut before, mut part) = (None, parts.next()?);
        let (method, target) = loop {
            if let Some(found) = request_line(part) {
                break found;
            }
            (before, part) = (Some(part), parts.next()?);
        };
        let after = parts.next();
        let balancer = ["http ", "https ", "h2 ", "ws ", "wss ", "grpcs "]
            .iter()
            .any(|t| line.starts_with(t));
        let status = if balancer {
            // An AWS load balancer writes its own status, then the target's, before the request.
            before?.split_whitespace().nth(8)?.parse().ok()
        } else {
            let own = after.and_then(|text| text.split_whitespace().next()?.parse().ok());
            own.or_else(|| before.and_then(access::timed_status))
        };
        Some(Self {
            line,
            plain: None,
            method,
            target,
            status: status.filter(|code| (100..600).contains(code))?,
            origin: before.and_then(access::origin),
            details: after.and_then(access::details),
            behind: parts,
        })
    }

    /// When it was written, as it stands there.
    pub(super) fn time(&self) -> Option<&'l str> {
        if let Some(plain) = self.plain {
            return plain.time;
        }
        let is_time =
            |text: &&str| text.len() >= 10 && text.starts_with(|c: char| c.is_ascii_digit());
        let second = self.line.split_whitespace().nth(1);
        // The common log format has it in brackets, before the request line.
        let before = self.line.split('"').next()?;
        let bracketed = before.split('[').skip(1);
        let mut bracketed = bracketed.filter_map(|rest| rest.split(']').next());
        second.filter(is_time).or_else(|| bracketed.find(is_time))
    }
}

pub(super) fn text_line(line: &str) -> Option<Exchange> {
    let read = TextLine::read(line)?;
    let behind: Vec<&str> = read.behind.clone().collect();
    Some(Exchange {
        request: Request {
            selected: true,
            variable: None,
            method: Some(read.method.to_owned()),
            url: read
                .origin
                .filter(|_| read.target.starts_with('/'))
                .map_or_else(
                    || absolute(access::authority(&behind), Some(read.target)),
                    |origin| Some(format!("{origin}{}", read.target)),
                ),
            headers: None,
            body: None,
        },
        response: Some(Response {
            status: Some(read.status),
            body: read.details.map(str::to_owned),
            ..Response::default()
        }),
        at: read.time().and_then(moment),
        ..Exchange::default()
    })
}

#[cfg(test)]
mod tests;

//! What a printed object tells: a client's dump of a request and its answer, a log's entry, or the body of an answer.

use super::headers::{self, Side};
use super::loose::Loose;
use super::request;
use super::sighting::Sighting;
use crate::http::METHODS;
use crate::input::record::moment;

/// Objects are walked so deep.
const DEEPEST: usize = 8;

/// Texts inside objects that may hold facts of their own.
pub(super) type Texts = Vec<String>;

/// Takes the facts of an object. `side` says what it was called; texts inside that are worth reading are handed back.
pub(super) fn take(value: &Loose, side: Side, into: &mut Sighting) -> Texts {
    let mut walk = Walk {
        into,
        texts: Vec::new(),
    };
    walk.value(value, side, 0);
    walk.texts
}

struct Walk<'s> {
    into: &'s mut Sighting,
    texts: Texts,
}

/// A member's name as letters and digits in lower case.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

const REQUESTS: [&str; 11] = [
    "config",
    "request",
    "req",
    "requestinfo",
    "requestoptions",
    "httprequest",
    "preparedrequest",
    "originalrequest",
    "options",
    "outgoing",
    "requestconfig",
];
const RESPONSES: [&str; 10] = [
    "response",
    "res",
    "resp",
    "httpresponse",
    "rawresponse",
    "upstreamresponse",
    "originalresponse",
    "result",
    "reply",
    "responseinfo",
];
const URLS: [&str; 13] = [
    "url",
    "uri",
    "requesturl",
    "requesturi",
    "href",
    "fullurl",
    "fulluri",
    "requestedurl",
    "responseurl",
    "urlfull",
    "httpurl",
    "requestrequesturi",
    "endpointurl",
];
const BASES: [&str; 9] = [
    "baseurl",
    "baseuri",
    "host",
    "hostname",
    "authority",
    "origin",
    "httphost",
    "serveraddress",
    "httprequesthost",
];
const PATHS: [&str; 9] = [
    "path",
    "pathname",
    "requestpath",
    "urlpath",
    "httppath",
    "resourcepath",
    "requesturipath",
    "httptarget",
    "httprequesturi",
];
const METHOD_NAMES: [&str; 7] = [
    "method",
    "httpmethod",
    "requestmethod",
    "verb",
    "httprequestmethod",
    "httpverb",
    "reqmethod",
];
const STATUSES: [&str; 11] = [
    "statuscode",
    "httpstatus",
    "httpstatuscode",
    "responsecode",
    "httpcode",
    "responsestatus",
    "httpresponsestatuscode",
    "responsestatuscode",
    "httpresponsecode",
    "upstreamstatus",
    "status",
];
const BODIES: [&str; 12] = [
    "data",
    "body",
    "responsebody",
    "responsetext",
    "responsedata",
    "responsecontent",
    "rawbody",
    "errorbody",
    "rawresponse",
    "httpbody",
    "httpresponsebody",
    "bodyastext",
];
/// Members by which an object is what a server says of an error.
const TELLING: [&str; 19] = [
    "error",
    "errors",
    "message",
    "detail",
    "details",
    "title",
    "code",
    "errorcode",
    "errormessage",
    "errordescription",
    "reason",
    "fault",
    "msg",
    "ok",
    "description",
    "errorsummary",
    "status",
    "success",
    "type",
];
/// Members whose text may itself hold facts.
const NESTED: [&str; 16] = [
    "message",
    "msg",
    "error",
    "errormessage",
    "exceptionmessage",
    "stack",
    "exception",
    "cause",
    "detailmessage",
    "description",
    "err",
    "reason",
    "log",
    "errordescription",
    "detail",
    "text",
];

impl Walk<'_> {
    fn value(&mut self, value: &Loose, side: Side, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Loose::Map(members) => self.map(members, side, depth),
            Loose::List(items) => {
                if side == Side::Answer && items.iter().any(|i| matches!(i, Loose::Map(_))) {
                    self.into.said(value.json().to_string(), 3);
                } else if side == Side::Unknown
                    && depth == 0
                    && items
                        .iter()
                        .any(|i| matches!(i, Loose::Map(m) if is_telling(m)))
                {
                    self.into.said(value.json().to_string(), 2);
                    self.inner_status(value, depth);
                    self.inner_texts(value, depth);
                } else {
                    for item in items.iter().take(8) {
                        if matches!(item, Loose::Map(_) | Loose::List(_)) {
                            self.value(item, side, depth + 1);
                        }
                    }
                }
            }
            Loose::Text(text) if side != Side::Request => self.texts.push(text.clone()),
            _ => {}
        }
    }

    fn map(&mut self, members: &[(String, Loose)], side: Side, depth: usize) {
        let kind = kind(members);
        if kind == Kind::Headers {
            self.headers(&Loose::Map(members.to_vec()), side);
            return;
        }
        if kind == Kind::Body && side != Side::Request {
            let weight = if side == Side::Answer { 4 } else { 2 };
            self.into
                .said(Loose::Map(members.to_vec()).json().to_string(), weight);
            self.inner_status(&Loose::Map(members.to_vec()), depth);
            for (_, value) in members {
                self.inner_texts(value, 0);
            }
            return;
        }
        for (name, value) in members {
            self.member(&plain(name), value, side, kind, depth);
        }
        let dumped = kind == Kind::Dump && side == Side::Unknown && self.into.body.is_none();
        if dumped && let Some(body) = rest(members) {
            self.into.said(body, 1);
        }
    }

    fn member(&mut self, name: &str, value: &Loose, side: Side, kind: Kind, depth: usize) {
        let nested = matches!(value, Loose::Map(_) | Loose::List(_));
        if nested && REQUESTS.contains(&name) {
            self.value(value, Side::Request, depth + 1);
        } else if nested
            && RESPONSES.contains(&name)
            && (side != Side::Request || name == "response")
        {
            self.value(value, Side::Answer, depth + 1);
        } else if name == "headers" || name.ends_with("headers") || name == "header" {
            let side = match name {
                n if n.contains("response") => Side::Answer,
                n if n.contains("request") || n == "rawrequestheaders" => Side::Request,
                _ => side,
            };
            self.headers(value, side);
        } else if BODIES.contains(&name) {
            self.body(value, side, name.starts_with("res"));
        } else if let Some(text) = value.plain() {
            self.scalar(name, text, side, kind);
        } else if nested && !matches!(side, Side::Request) {
            self.value(value, side, depth + 1);
        }
    }

    fn headers(&mut self, value: &Loose, side: Side) {
        let list = headers::of(value);
        if list.is_empty() {
            return;
        }
        match headers::side(&list, side) {
            Side::Request => {
                // A list that shows what the client adds by itself is the list that was sent.
                let whole = list.has("user-agent");
                self.into.sent_with(list, whole);
            }
            _ => self.into.answered_by(&list),
        }
    }

    fn body(&mut self, value: &Loose, side: Side, named: bool) {
        let side = if named { Side::Answer } else { side };
        match (value, side) {
            (Loose::Map(_) | Loose::List(_), Side::Request) => {
                self.into.request_body = Some(value.json().to_string());
            }
            (Loose::Map(members), _) => {
                self.inner_status(value, 0);
                let weight = if side == Side::Answer {
                    4
                } else if is_telling(members) {
                    3
                } else {
                    1
                };
                self.into.said(value.json().to_string(), weight);
            }
            (Loose::List(_), _) => self.into.said(value.json().to_string(), 3),
            (Loose::Text(text), Side::Request) => self.into.request_body = Some(text.clone()),
            (Loose::Text(text), Side::Answer) => {
                self.texts.push(text.clone());
                self.into.said(text.clone(), 4);
            }
            (Loose::Text(text), Side::Unknown) => self.texts.push(text.clone()),
            (Loose::Bare(_), _) => {}
        }
    }

    fn scalar(&mut self, name: &str, text: &str, side: Side, kind: Kind) {
        if METHOD_NAMES.contains(&name) {
            let method = text.to_ascii_uppercase();
            if METHODS.contains(&method.as_str()) {
                self.into.method.get_or_insert(method);
            }
        } else if URLS.contains(&name) && request::is_target(text) {
            let weight = if text.starts_with('/') { 4 } else { 5 };
            self.into.asked(None, text, weight);
        } else if PATHS.contains(&name) && text.starts_with('/') {
            self.into.asked(None, text, 3);
        } else if BASES.contains(&name) && is_host(text) && (side != Side::Answer) {
            self.into.base.get_or_insert(text.to_owned());
        } else if STATUSES.contains(&name) || name == "code" {
            let weight = match (name, side, kind) {
                ("code", Side::Answer, _) | ("status", Side::Unknown, Kind::Other) => 2,
                ("code", ..) => 1,
                _ => 4,
            };
            if let Some(status) = code(text) {
                self.into.answered_with(status, weight);
            } else {
                self.texts.push(text.to_owned());
            }
        } else if ["timestamp", "time", "ts", "date", "startedat", "starttime"].contains(&name) {
            self.into.at = self.into.at.or_else(|| moment(text));
        } else if name == "request" || name == "requestline" {
            self.texts.push(format!("\"{text}\""));
        } else if NESTED.contains(&name)
            || name.is_empty()
            || text.len() > 20 && text.contains(['{', ' ']) && side != Side::Request
        {
            self.texts.push(text.to_owned());
        }
    }

    fn inner_texts(&mut self, value: &Loose, depth: usize) {
        match value {
            Loose::Text(text) => self.texts.push(text.clone()),
            Loose::List(items) if depth < DEEPEST => items
                .iter()
                .take(8)
                .for_each(|item| self.inner_texts(item, depth + 1)),
            Loose::Map(members) if depth < DEEPEST => {
                for (_, value) in members {
                    self.inner_texts(value, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// The status that a body repeats of itself.
    fn inner_status(&mut self, value: &Loose, depth: usize) {
        if depth > 3 {
            return;
        }
        match value {
            Loose::Map(members) => {
                for (name, value) in members {
                    let name = plain(name);
                    if let (true, Some(status)) = (
                        STATUSES.contains(&name.as_str()) || name == "code",
                        value.plain().and_then(code),
                    ) {
                        self.into
                            .answered_with(status, if name == "code" { 2 } else { 3 });
                    } else if matches!(value, Loose::Map(_) | Loose::List(_)) {
                        self.inner_status(value, depth + 1);
                    }
                }
            }
            Loose::List(items) => items
                .iter()
                .take(4)
                .for_each(|item| self.inner_status(item, depth + 1)),
            _ => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A client's or log's account of a request and its answer.
    Dump,
    /// What a server said.
    Body,
    /// A list of header fields.
    Headers,
    Other,
}

fn kind(members: &[(String, Loose)]) -> Kind {
    let names: Vec<String> = members.iter().map(|(name, _)| plain(name)).collect();
    let has = |list: &[&str]| names.iter().any(|name| list.contains(&name.as_str()));
    let nested = |list: &[&str]| {
        members.iter().any(|(name, value)| {
            list.contains(&plain(name).as_str()) && matches!(value, Loose::Map(_))
        })
    };
    let asked = has(&URLS) && has(&METHOD_NAMES) || has(&PATHS) && has(&METHOD_NAMES);
    let located = members.iter().any(|(name, value)| {
        URLS.contains(&plain(name).as_str()) && value.plain().is_some_and(|url| url.contains("://"))
    }) && (has(&STATUSES) || has(&["code"]))
        && !has(&["error", "errors", "title", "detail"]);
    let answered = has(&[
        "headers",
        "responsebody",
        "requesturl",
        "responseheaders",
        "rawheaders",
    ]) && (has(&STATUSES) || has(&BODIES));
    let logged = has(&[
        "level",
        "severity",
        "lvl",
        "logger",
        "loggername",
        "atimestamp",
        "timestamp",
    ]) && has(&["msg", "message", "log", "event"])
        && !has(&["error", "errors", "path", "status"])
        || has(&["level", "lvl", "loggername"]) && has(&["msg", "message"]);
    if nested(&REQUESTS) || nested(&RESPONSES) || asked || answered || logged || located {
        return Kind::Dump;
    }
    if headers::looks_like(members) {
        return Kind::Headers;
    }
    let wrapped = has(&BODIES) && has(&STATUSES);
    if is_telling(members) && !wrapped && !is_wrapped_error(members) {
        return Kind::Body;
    }
    Kind::Other
}

/// Whether an object is what a server says of an error.
fn is_telling(members: &[(String, Loose)]) -> bool {
    let telling = members
        .iter()
        .filter(|(name, _)| TELLING.contains(&plain(name).as_str()))
        .count();
    telling > 0 && telling * 5 >= members.len()
}

/// A program's own account of an exception, in whose text the server's words stand.
fn is_wrapped_error(members: &[(String, Loose)]) -> bool {
    // Node's own error: its code says so, or its name.
    let own = |name: &str, value: &Loose| {
        value.plain().is_some_and(|text| {
            name == "code" && text.starts_with("ERR_") || name == "name" && text.ends_with("Error")
        })
    };
    if members.iter().any(|(name, value)| own(name, value)) {
        return true;
    }
    members.iter().any(|(name, _)| {
        [
            "exceptionmessage",
            "exceptionclass",
            "stacktrace",
            "detailmessage",
            "stack",
        ]
        .contains(&plain(name).as_str())
    })
}

/// The members of a dump that are neither request nor configuration, as JSON.
fn rest(members: &[(String, Loose)]) -> Option<String> {
    let kept: Vec<(String, Loose)> = members
        .iter()
        .filter(|(name, value)| {
            let name = plain(name);
            TELLING.contains(&name.as_str())
                && !matches!(value, Loose::Bare(text) if text.is_empty())
                && name != "type"
        })
        .cloned()
        .collect();
    let says = kept.iter().any(|(name, value)| {
        !["status", "code", "ok", "success"].contains(&plain(name).as_str())
            && matches!(value, Loose::Text(_) | Loose::Map(_) | Loose::List(_))
    });
    says.then(|| Loose::Map(kept).json().to_string())
}

fn code(text: &str) -> Option<u16> {
    let text = text.trim().trim_matches(['"', '\'']);
    let digits: &str = text.split([' ', ',']).next().unwrap_or_default();
    let status: u16 = digits.parse().ok().filter(|_| digits.len() == 3)?;
    (100..600).contains(&status).then_some(status)
}

fn is_host(text: &str) -> bool {
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
    !bare.is_empty()
        && bare != "-"
        && !bare.contains([' ', '@', '{', '$'])
        && (bare.contains('.')
            || bare.contains(':')
            || bare.starts_with("localhost")
            || text.contains("://"))
}

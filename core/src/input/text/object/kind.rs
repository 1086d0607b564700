//! What an object is by its members' names.

use super::names::{
    BODIES, METHOD_NAMES, PATHS, REQUESTS, RESPONSES, STATUSES, TELLING, URLS, plain,
};
use crate::http::without_client_words;
use crate::input::text::headers;
use crate::input::text::loose::Loose;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A client's or log's account of a request and its answer.
    Dump,
    /// What a server said.
    Body,
    /// A list of header fields.
    Headers,
    Other,
}

pub(super) fn kind(members: &[(String, Loose)]) -> Kind {
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
    ]) && has(&["msg", "message", "log", "event", "textpayload"])
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
pub(super) fn is_telling(members: &[(String, Loose)]) -> bool {
    let telling = members
        .iter()
        .filter(|(name, _)| TELLING.contains(&plain(name).as_str()))
        .count();
    // A kind by itself tells of nothing.
    let telling = telling
        * usize::from(members.iter().any(|(name, _)| {
            let name = plain(name);
            name != "type" && TELLING.contains(&name.as_str())
        }));
    // Some APIs send every member that an answer may have: an error with members of its own is one all the same.
    let holds_error = members.iter().any(|(name, value)| {
        ["error", "errors", "fault"].contains(&plain(name).as_str())
            && match value {
                Loose::Map(inner) => !inner.is_empty(),
                Loose::List(items) => items.iter().any(|i| matches!(i, Loose::Map(_))),
                Loose::Text(_) | Loose::Bare(_) => false,
            }
    });
    holds_error || telling > 0 && telling * 5 >= members.len()
}

/// A program's own account of an exception, in whose text the server's words stand.
pub(super) fn is_wrapped_error(members: &[(String, Loose)]) -> bool {
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

/// Whether a client says this of any refusal; so does axios with its codes.
fn is_clients(text: &str) -> bool {
    ["ERR_BAD_REQUEST", "ERR_BAD_RESPONSE"].contains(&text)
        || text.contains(' ') && without_client_words(text).is_empty()
}

/// The members of a dump that are neither request nor configuration, as JSON.
pub(super) fn rest(members: &[(String, Loose)]) -> Option<String> {
    let kept: Vec<(String, Loose)> = members
        .iter()
        .filter(|(name, value)| {
            let name = plain(name);
            TELLING.contains(&name.as_str())
                && !matches!(value, Loose::Bare(text) if text.is_empty())
                && !value.plain().is_some_and(is_clients)
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

//! JSON: HAR files, exchange records, log lines and bodies, each member by its name and place.

use super::body::{self, Side};
use super::harmless::{Grammar, HARMLESS};
use super::stand_in::is_own;
use super::{Work, cookie, credential, header, member, message, url};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::{Map, Value};

/// A body; `None` where it is not JSON.
pub(super) fn body(text: &str, side: Side, work: &mut Work<'_>) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    let cleaned = members(value, None, "", side, work);
    Some(written(&cleaned, text))
}

/// A value as text, in lines where it stood in lines.
pub(super) fn written(value: &Value, source: &str) -> String {
    if source.trim().contains('\n') {
        format!("{value:#}")
    } else {
        value.to_string()
    }
}

/// Members by their names; `holder` is the grammar of the member that holds the value, `name` its name.
fn members(
    value: Value,
    holder: Option<Grammar>,
    name: &str,
    side: Side,
    work: &mut Work<'_>,
) -> Value {
    match value {
        Value::Object(list) => Value::Object(
            list.into_iter()
                .map(|pair| named(pair, name, side, work))
                .collect(),
        ),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| members(item, holder, name, side, work))
                .collect(),
        ),
        Value::String(text) => Value::String(member::text(&text, holder, "member", work)),
        Value::Number(number) => {
            let text = number.to_string();
            let fits = holder.is_some_and(|grammar| member::number_fits(&text, grammar));
            if fits {
                Value::Number(number)
            } else {
                Value::String(work.stand.value(&text, "member"))
            }
        }
        other => other,
    }
}

fn named(
    (name, value): (String, Value),
    within: &str,
    side: Side,
    work: &mut Work<'_>,
) -> (String, Value) {
    if work.keeps(&name) {
        return (name, value);
    }
    let grammar = match side {
        Side::Request => HARMLESS.parameter(&name),
        // `{"error": {"id": …}}` says what `errorId` says.
        _ => HARMLESS
            .member(&name)
            .or_else(|| HARMLESS.member(&format!("{within}{name}"))),
    };
    let value = members(value, grammar, &name, side, work);
    (member::key(&name, work), value)
}

/// A HAR (1.1 to 1.3).
pub(super) fn har(value: Value, work: &mut Work<'_>) -> Value {
    part(value, "", "", false, work)
}

/// A value of a HAR: `name` is the member that holds it, `holder` the object around that.
fn part(value: Value, name: &str, holder: &str, request: bool, work: &mut Work<'_>) -> Value {
    let request = match name {
        "request" => true,
        "response" => false,
        _ => request,
    };
    match value {
        Value::Object(list) if ["headers", "cookies", "queryString", "params"].contains(&name) => {
            Value::Object(pair(list, name, work))
        }
        Value::Object(list) if ["content", "postData"].contains(&name) => {
            Value::Object(content(list, request, work))
        }
        Value::Object(list) => {
            let parts = list.into_iter().map(|(own, value)| {
                let value = part(value, &own, name, request, work);
                (member::key(&own, work), value)
            });
            Value::Object(parts.collect())
        }
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| part(item, name, holder, request, work))
                .collect(),
        ),
        Value::String(text) => Value::String(har_text(&text, name, holder, work)),
        Value::Number(number) => {
            let known = HARMLESS
                .har(name, holder)
                .is_some_and(|grammar| member::number_fits(&number.to_string(), grammar))
                || HARMLESS.har(name, holder) == Some(Grammar::Number);
            if known {
                Value::Number(number)
            } else {
                Value::String(work.stand.value(&number.to_string(), "HAR member"))
            }
        }
        other => other,
    }
}

fn har_text(text: &str, name: &str, holder: &str, work: &mut Work<'_>) -> String {
    if work.keeps(name) {
        return text.to_owned();
    }
    match HARMLESS.har(name, holder) {
        Some(Grammar::Url) => url::clean(text, url::Paths::Published, "URL", work),
        grammar => member::text(text, grammar, "HAR member", work),
    }
}

/// `{name, value}` as HAR writes headers, cookies and parameters; members beside them go by the format.
fn pair(list: Map<String, Value>, kind: &str, work: &mut Work<'_>) -> Map<String, Value> {
    let own = list
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let parts = list.into_iter().map(|(key, value)| {
        let shown = match (key.as_str(), value) {
            ("name", Value::String(text)) => Value::String(match kind {
                "headers" => header::name(&text, work),
                _ => member::key(&text, work),
            }),
            ("value", Value::String(text)) => Value::String(match kind {
                "headers" => header::value(&own, &text, work),
                "cookies" => work.stand.value(&text, "cookie"),
                _ if work.keeps(&own) => text,
                _ => member::parameter(&own, &text, "parameter", work),
            }),
            ("expires", Value::String(text)) if kind == "cookies" => {
                Value::String(member::text(&text, Some(Grammar::Time), "cookie", work))
            }
            ("path" | "domain" | "sameSite", Value::String(text)) if kind == "cookies" => {
                Value::String(cookie::attribute(&key, &text, work))
            }
            (_, value @ (Value::Bool(_) | Value::Null)) => value,
            (_, other) => credential::hidden(&other, work),
        };
        (member::key(&key, work), shown)
    });
    parts.collect()
}

/// `content` and `postData`: the text by its type, decoded where it is base64.
fn content(list: Map<String, Value>, request: bool, work: &mut Work<'_>) -> Map<String, Value> {
    let side = if request { Side::Request } else { Side::Answer };
    let encoding = list
        .get("encoding")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let mut out: Map<String, Value> = Map::new();
    for (name, value) in list {
        let shown = match (name.as_str(), value) {
            // What stands there afterwards is text: a body that was decoded, or a stand-in for bytes.
            ("encoding", _) => continue,
            ("text", Value::String(text)) if encoding.is_some() => {
                Value::String(match decoded(&text) {
                    Some(inner) if encoding.as_deref() == Some("base64") => {
                        body::clean(&inner, side, work)
                    }
                    _ => work
                        .stand
                        .typed_or_value("bytes", &text, "body in another encoding"),
                })
            }
            ("text", Value::String(text)) => Value::String(body::clean(&text, side, work)),
            (_, value) => part(
                value,
                &name,
                if request { "postData" } else { "content" },
                request,
                work,
            ),
        };
        out.insert(member::key(&name, work), shown);
    }
    out
}

/// Base64 in either alphabet, with padding or without; `None` where it holds no text.
fn decoded(text: &str) -> Option<String> {
    let bare: String = text.split_whitespace().collect();
    let bare = bare.trim_end_matches('=');
    let padded = format!("{bare}{}", "=".repeat((4 - bare.len() % 4) % 4));
    let bytes = STANDARD
        .decode(&padded)
        .or_else(|_| URL_SAFE.decode(&padded))
        .ok()?;
    String::from_utf8(bytes).ok()
}

/// An exchange record.
pub(super) fn record(list: Map<String, Value>, work: &mut Work<'_>) -> Value {
    let parts = list.into_iter().map(|(name, value)| {
        let shown = match (name.as_str(), value) {
            ("request", Value::Object(inner)) => Value::Object(side_of(inner, Side::Request, work)),
            ("response", Value::Object(inner)) => Value::Object(side_of(inner, Side::Answer, work)),
            ("token", Value::Object(inner)) => Value::Object(token(inner, work)),
            ("at", Value::String(text)) => {
                Value::String(member::text(&text, Some(Grammar::Time), "record", work))
            }
            ("id", Value::String(text)) => {
                Value::String(member::text(&text, Some(Grammar::Id), "record id", work))
            }
            ("provider" | "grant", Value::String(text)) => {
                Value::String(member::text(&text, Some(Grammar::Words), "record", work))
            }
            ("granted_scopes", value) => {
                members(value, Some(Grammar::Names), "", Side::Answer, work)
            }
            (_, value) => members(value, None, "", Side::Answer, work),
        };
        (member::key(&name, work), shown)
    });
    Value::Object(parts.collect())
}

fn side_of(list: Map<String, Value>, side: Side, work: &mut Work<'_>) -> Map<String, Value> {
    let parts = list.into_iter().map(|(name, value)| {
        let shown = match (name.as_str(), value) {
            ("method", Value::String(text)) => {
                Value::String(member::text(&text, Some(Grammar::Words), "method", work))
            }
            ("url", Value::String(text)) => {
                Value::String(url::clean(&text, url::Paths::Published, "URL", work))
            }
            ("headers", Value::Object(fields)) => Value::Object(
                fields
                    .into_iter()
                    .map(|(own, value)| field(&own, value, work))
                    .collect(),
            ),
            ("headers", Value::Array(items)) => part(
                Value::Array(items),
                "headers",
                "",
                side == Side::Request,
                work,
            ),
            ("status", value @ Value::Number(_)) => value,
            ("body", Value::String(text)) => Value::String(body::clean(&text, side, work)),
            (_, value) => members(value, None, "", side, work),
        };
        (member::key(&name, work), shown)
    });
    parts.collect()
}

fn field(name: &str, value: Value, work: &mut Work<'_>) -> (String, Value) {
    let shown = match value {
        Value::String(text) => Value::String(header::value(name, &text, work)),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| field(name, item, work).1)
                .collect(),
        ),
        Value::Number(number) => Value::String(header::value(name, &number.to_string(), work)),
        other => credential::hidden(&other, work),
    };
    (header::name(name, work), shown)
}

fn token(list: Map<String, Value>, work: &mut Work<'_>) -> Map<String, Value> {
    let parts = list.into_iter().map(|(name, value)| {
        let shown = match (name.as_str(), value) {
            ("value", Value::String(text)) => {
                Value::String(credential::stand_in(&text, "token.value", work))
            }
            ("claims", Value::Object(claims)) => {
                Value::Object(credential::claims_without(&claims, work))
            }
            ("kind", Value::String(text)) => {
                Value::String(member::text(&text, Some(Grammar::Id), "record", work))
            }
            (_, value) => credential::hidden(&value, work),
        };
        (member::key(&name, work), shown)
    });
    parts.collect()
}

/// A log line: requests, headers and URLs inside it by their forms.
pub(super) fn log(value: Value, name: &str, work: &mut Work<'_>) -> Value {
    match value {
        Value::Object(list) if name == "headers" => Value::Object(
            list.into_iter()
                .map(|(own, value)| field(&own, value, work))
                .collect(),
        ),
        Value::Object(list) => {
            let parts = list.into_iter().map(|(own, value)| {
                let value = if work.keeps(&own) {
                    value
                } else {
                    log(value, &own, work)
                };
                (member::key(&own, work), value)
            });
            Value::Object(parts.collect())
        }
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| log(item, name, work))
                .collect(),
        ),
        Value::String(text) => Value::String(log_text(&text, name, work)),
        other => members(other, HARMLESS.member(name), name, Side::Answer, work),
    }
}

fn log_text(text: &str, name: &str, work: &mut Work<'_>) -> String {
    if let Some(line) = message::request_line(text, work) {
        return line;
    }
    if is_own(text) || text == "-" {
        return text.to_owned();
    }
    let plain = super::harmless::plain(name);
    match plain.as_str() {
        "authorization" | "httpauthorization" => {
            credential::header(text, "header authorization", work)
        }
        "httphost" | "authority" | ":authority" | "host" | "domainname" | "servername" => {
            url::authority_of(text, "host", work)
        }
        own if super::harmless::is_target(own) => {
            url::clean(text, url::Paths::Published, "URL", work)
        }
        "verb" | "httpmethod" | "requestmethod" => {
            member::text(text, Some(Grammar::Words), "method", work)
        }
        "useragent" | "httpuseragent" => header::value("user-agent", text, work),
        "httpreferer" | "referer" => header::value("referer", text, work),
        "timeiso8601" | "@timestamp" | "starttime" | "startedat" => {
            member::text(text, Some(Grammar::Time), "time", work)
        }
        "responsebody" | "body" | "authorizererror" | "responsecodedetails" => {
            body::clean(text, Side::Answer, work)
        }
        "responsestatus" | "responsecode" => {
            member::text(text, Some(Grammar::Number), "status", work)
        }
        _ => member::text(text, HARMLESS.member(name), "log member", work),
    }
}

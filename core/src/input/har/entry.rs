//! One entry of a HAR as an exchange: by the types of HAR 1.2, or as far as it can be used.

use crate::http::{Exchange, Headers, Request, Response};
use crate::input::record::{headers, moment, plain};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Bodies above this many bytes of JSON text are cut: a refusal is short.
const BODY: usize = 256 * 1024;
/// An entry whose members have other types than the format says is read up to so many bytes: as a tree it takes many
/// times its own size.
const LOOSE: usize = 4 * 1024 * 1024;
/// So many header fields of a message are read.
const FIELDS: usize = 1_000;

#[derive(Deserialize)]
struct Typed<'a> {
    #[serde(borrow, rename = "startedDateTime", default)]
    started: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    request: Option<Sent<'a>>,
    #[serde(borrow, default)]
    response: Option<Answered<'a>>,
}

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "first_fields")]
    headers: Vec<Field<'a>>,
    #[serde(borrow, rename = "postData", default)]
    posted: Option<Content<'a>>,
}

#[derive(Deserialize)]
struct Answered<'a> {
    #[serde(default)]
    status: Option<i64>,
    #[serde(borrow, default, deserialize_with = "first_fields")]
    headers: Vec<Field<'a>>,
    #[serde(borrow, default)]
    content: Option<Content<'a>>,
    #[serde(borrow, rename = "_error", default)]
    error: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Field<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    value: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Content<'a> {
    /// Left unread until it is known to matter: pages and images are most of a HAR.
    #[serde(borrow, default)]
    text: Option<&'a RawValue>,
    #[serde(borrow, default)]
    encoding: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "mimeType", default)]
    mime: Option<Cow<'a, str>>,
}

/// The first fields of a list; the others are walked over.
fn first_fields<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Field<'de>>, D::Error> {
    struct First;
    impl<'de> serde::de::Visitor<'de> for First {
        type Value = Vec<Field<'de>>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of header fields")
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut list: A,
        ) -> Result<Self::Value, A::Error> {
            let mut out = Vec::new();
            while out.len() < FIELDS {
                match list.next_element()? {
                    Some(field) => out.push(field),
                    None => return Ok(out),
                }
            }
            while list.next_element::<serde::de::IgnoredAny>()?.is_some() {}
            Ok(out)
        }
    }
    from.deserialize_seq(First)
}

/// Reads an entry.
pub(super) fn entry(bytes: &[u8], place: &str) -> Result<Exchange, String> {
    if let Ok(typed) = serde_json::from_slice::<Typed<'_>>(bytes) {
        return typed.exchange(place);
    }
    if bytes.len() > LOOSE {
        return Err(
            "members of it have other types than HAR 1.2 says, and it is larger than 4 MB"
                .to_owned(),
        );
    }
    // Some member has another type than the format says: what can be used is taken.
    let value: Value = serde_json::from_slice(bytes).map_err(|e| {
        format!(
            "it is not JSON (line {}, column {} of the entry)",
            e.line(),
            e.column()
        )
    })?;
    loose(&value, place)
}

impl Typed<'_> {
    fn exchange(self, place: &str) -> Result<Exchange, String> {
        let Some(request) = self.request else {
            return Err("it has no `request`".to_owned());
        };
        let headers = once(fields(request.headers));
        let response = self.response;
        let failure = response
            .as_ref()
            .and_then(|r| r.error.as_deref().map(str::to_owned));
        let answer = response.and_then(Answered::answer);
        let unanswered = answer.is_none();
        Ok(Exchange {
            place: place.to_owned(),
            request: Request {
                selected: false,
                variable: None,
                method: request.method.map(|m| m.to_ascii_uppercase()),
                url: request.url.map(Cow::into_owned),
                headers: Some(headers),
                body: request.posted.and_then(|p| p.read(false)),
            },
            response: answer,
            at: self.started.as_deref().and_then(moment),
            failure: failure.or_else(|| {
                unanswered.then(|| "the HAR records status 0: no answer came".to_owned())
            }),
            ..Exchange::default()
        })
    }
}

impl Answered<'_> {
    /// `None` for status 0: the browser got no answer.
    fn answer(self) -> Option<Response> {
        let status = u16::try_from(self.status.unwrap_or(0))
            .ok()
            .filter(|s| *s > 0)?;
        let refused = status >= 400;
        Some(Response {
            status: Some(status),
            headers: fields(self.headers),
            body: self.content.and_then(|c| c.read(!refused)),
        })
    }
}

impl Content<'_> {
    /// The text; of a successful answer only JSON, which may hold an error all the same.
    fn read(&self, only_json: bool) -> Option<String> {
        let raw = self.text?.get();
        let json = self
            .mime
            .as_deref()
            .is_some_and(|m| m.contains("json") || m.contains("graphql"));
        if raw.len() > BODY || only_json && !json {
            return None;
        }
        let text = unescaped(raw)?;
        if self.encoding.as_deref() == Some("base64") {
            return decoded(&text);
        }
        (!text.is_empty()).then_some(text)
    }
}

/// The text of a JSON string that was checked. Bodies are JSON inside JSON, full of escapes that are one letter each:
/// those are taken in one walk.
fn unescaped(raw: &str) -> Option<String> {
    let inside = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    let (Some(inside), false) = (inside, raw.contains("\\u")) else {
        return serde_json::from_str(raw).ok();
    };
    let bytes = inside.as_bytes();
    let mut out = vec![0; bytes.len()];
    let (mut at, mut end) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let (own, taken) = match byte {
            b'\\' => (letter(*bytes.get(at + 1)?)?, 2),
            _ => (byte, 1),
        };
        *out.get_mut(end)? = own;
        (at, end) = (at + taken, end + 1);
    }
    out.truncate(end);
    String::from_utf8(out).ok()
}

/// What an escape of one letter stands for (RFC 8259 §7).
fn letter(escape: u8) -> Option<u8> {
    Some(match escape {
        b'"' | b'\\' | b'/' => escape,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return None,
    })
}

fn decoded(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    String::from_utf8(bytes).ok()
}

fn fields(list: Vec<Field<'_>>) -> Headers {
    list.into_iter()
        .filter(|f| !f.name.starts_with(':'))
        .map(|f| (f.name.into_owned(), f.value.into_owned()))
        .collect()
}

/// The fields of a request without those that the recorder wrote twice: some join two accounts of the same request. No client
/// names itself twice.
fn once(headers: Headers) -> Headers {
    let doubled = {
        let mut agents = headers.all("user-agent");
        let first = agents.next();
        first.is_some() && agents.next() == first
    };
    if !doubled {
        return headers;
    }
    let mut out = Headers::default();
    for (name, value) in headers.iter() {
        if !out.all(name).any(|own| own == value) {
            out.push(name, value);
        }
    }
    out
}

fn loose(value: &Value, place: &str) -> Result<Exchange, String> {
    let request = value
        .get("request")
        .filter(|r| r.is_object())
        .ok_or("it has no `request`")?;
    let text = |v: &Value, name: &str| v.get(name).and_then(plain);
    let response = value.get("response");
    let status = response
        .and_then(|r| text(r, "status"))
        .and_then(|s| s.parse::<u16>().ok())
        .filter(|s| *s > 0);
    let content = response.and_then(|r| r.get("content"));
    let body = content.and_then(|c| text(c, "text"));
    let base64 = content.and_then(|c| text(c, "encoding")).as_deref() == Some("base64");
    let answered = response
        .and_then(|r| r.get("headers"))
        .and_then(headers)
        .unwrap_or_default();
    Ok(Exchange {
        place: place.to_owned(),
        request: Request {
            selected: false,
            variable: None,
            method: text(request, "method").map(|m| m.to_ascii_uppercase()),
            url: text(request, "url"),
            headers: request.get("headers").and_then(headers),
            body: request.get("postData").and_then(|p| text(p, "text")),
        },
        response: status.map(|status| Response {
            status: Some(status),
            headers: answered,
            body: if base64 {
                body.as_deref().and_then(decoded)
            } else {
                body
            },
        }),
        at: text(value, "startedDateTime").and_then(|t| moment(&t)),
        failure: status
            .is_none()
            .then(|| "the HAR records no status: no answer came".to_owned()),
        remarks: vec!["members of this entry have other types than HAR 1.2 says".to_owned()],
        ..Exchange::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_string_is_unescaped_as_json_says(text in "(\\PC|[\"\\\\/\n\t\r]|\u{8}|\u{c}|\u{1}){0,40}", escapes in "(\\\\[\"\\\\/bfnrt]|[a-z]|\\\\u00e9){0,30}") {
            let raw = serde_json::to_string(&text).expect("a string");
            proptest::prop_assert_eq!(unescaped(&raw), Some(text));
            let raw = format!("\"{escapes}\"");
            proptest::prop_assert_eq!(unescaped(&raw), serde_json::from_str(&raw).ok());
        }
    }
}

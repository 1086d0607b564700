//! HTTP Archive files, entry by entry: memory holds one entry, however large the file. A file that ends early or has
//! broken entries gives the rest.

mod entries;

use super::record::{headers, moment};
use super::{Item, skipped};
use crate::http::{Exchange, Headers, Request, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entries::{Next, Scan};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

/// Bodies above this many bytes of JSON text are cut: a refusal is short.
const BODY: usize = 256 * 1024;
/// An entry whose members have other types than the format says is read up to so many bytes: as a tree it takes many
/// times its own size.
const LOOSE: usize = 4 * 1024 * 1024;
/// So many header fields of a message are read.
const FIELDS: usize = 1_000;

/// The creator that Chromium's developer tools name, as a JSON string.
const BROWSER: &[u8] = b"\"WebInspector\"";

/// A piece is handed over from so many bytes on.
const ENOUGH: usize = 64 * 1024;

/// Entries that stand beside each other.
#[derive(Debug)]
pub(super) struct Entries {
    /// The number of the first.
    first: usize,
    /// Where each stands in its piece.
    places: Vec<Range<usize>>,
    /// Whether the file leaves credentials out until an entry shows one.
    sanitised: bool,
}

impl Entries {
    /// Reads them.
    pub(super) fn read(&self, bytes: &[u8], name: &str, take: &mut dyn FnMut(Item)) {
        for (number, place) in (self.first..).zip(&self.places) {
            let where_ = format!("{name} entry {number}");
            take(match entry(&bytes[place.clone()], &where_) {
                Ok(mut exchange) => {
                    exchange.request.selected = self.sanitised;
                    Item::Exchange(Box::new(exchange))
                }
                Err(why) => Item::Skipped { place: where_, why },
            });
        }
    }
}

impl Entries {
    /// Hands over what was found since the last time; the next one has that number.
    fn hand_over(&mut self, bytes: Vec<u8>, next: usize, give: &mut dyn FnMut(Cut)) {
        let found = Self {
            first: std::mem::replace(&mut self.first, next),
            places: std::mem::take(&mut self.places),
            sanitised: self.sanitised,
        };
        if !found.places.is_empty() {
            give(Cut::Entries(bytes, found));
        }
    }
}

/// What is cut out of a file.
#[derive(Debug)]
pub(super) enum Cut {
    /// Entries, with the bytes in which they stand.
    Entries(Vec<u8>, Entries),
    /// Something that could not be read.
    Unread(Item),
}

/// Cuts every entry out.
pub(super) fn cut(reader: impl Read, name: &str, give: &mut dyn FnMut(Cut)) -> std::io::Result<()> {
    let mut scan = Scan::new(reader);
    if !scan.find_entries()? {
        give(Cut::Unread(skipped(
            name,
            "it has no list `log.entries`, or ends before it",
        )));
        return Ok(());
    }
    let mut pending = Entries {
        first: 1,
        places: Vec::new(),
        sanitised: scan.by_browser,
    };
    for number in 1_usize.. {
        let next = scan.next_object()?;
        if let Next::Object(place) = next {
            pending.places.push(place);
            if scan.at >= ENOUGH {
                pending.hand_over(scan.taken(), number + 1, give);
            }
            continue;
        }
        pending.hand_over(scan.taken(), number + 1, give);
        let place = format!("{name} entry {number}");
        let (place, why) = match next {
            Next::TooLarge => (place, "it is larger than 64 MB, the limit".to_owned()),
            Next::Cut => (place, "the file ends inside this entry".to_owned()),
            Next::Junk => {
                let why = "this is not an entry; the rest of the file was not read";
                (place, why.to_owned())
            }
            Next::CutBetween => {
                let last = number - 1;
                let why = format!("the file ends after entry {last}, before its list does");
                (name.to_owned(), why)
            }
            Next::Object(_) | Next::End => return Ok(()),
        };
        give(Cut::Unread(skipped(&place, why)));
        if !matches!(next, Next::TooLarge) {
            return Ok(());
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "startedDateTime", default)]
    started: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    request: Option<EntryRequest<'a>>,
    #[serde(borrow, default)]
    response: Option<EntryResponse<'a>>,
}

#[derive(Deserialize)]
struct EntryRequest<'a> {
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
struct EntryResponse<'a> {
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

fn entry(bytes: &[u8], place: &str) -> Result<Exchange, String> {
    if let Ok(typed) = serde_json::from_slice::<Entry<'_>>(bytes) {
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

impl Entry<'_> {
    fn exchange(self, place: &str) -> Result<Exchange, String> {
        let Some(request) = self.request else {
            return Err("it has no `request`".to_owned());
        };
        let headers = once(fields(request.headers));
        let response = self.response;
        let failure = response
            .as_ref()
            .and_then(|r| r.error.as_deref().map(str::to_owned));
        let answer = response.and_then(EntryResponse::answer);
        let unanswered = answer.is_none();
        Ok(Exchange {
            place: place.to_owned(),
            request: Request {
                selected: false,
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

impl EntryResponse<'_> {
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
        let text: String = serde_json::from_str(raw).ok()?;
        if self.encoding.as_deref() == Some("base64") {
            return decoded(&text);
        }
        (!text.is_empty()).then_some(text)
    }
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
    let text = |v: &Value, name: &str| v.get(name).and_then(super::record::plain);
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
    use crate::input::tests::exchanges;

    fn har(entries: &str) -> String {
        format!(
            "\u{feff}{{\"log\":{{\"version\":\"1.2\",\"pages\":[{{\"id\":\"entries\"}}],\"entries\":[{entries}"
        )
    }

    const GOOD: &str = r#"{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"get","url":"https://x/\"}{","headers":[{"name":":path","value":"/"},{"name":"A","value":"b"}]},"response":{"status":403,"headers":[],"content":{"encoding":"base64","mimeType":"application/json","text":"eyJhIjoxfQ=="}}}"#;

    #[test]
    fn entries_are_read_whole() {
        let (_, found, skipped) = exchanges(&(har(GOOD) + "]}}"));
        assert!(skipped.is_empty(), "{skipped:?}");
        assert_eq!(found[0].place, "x entry 1");
        assert_eq!(found[0].request.url.as_deref(), Some("https://x/\"}{"));
        assert!(
            found[0]
                .request
                .headers
                .as_ref()
                .is_some_and(|h| h.iter().count() == 1)
        );
        assert_eq!(
            found[0].response.as_ref().and_then(|r| r.body.as_deref()),
            Some("{\"a\":1}")
        );
    }

    #[test]
    fn a_credential_that_a_browser_left_out_of_its_file_is_not_known_to_be_absent() {
        let by = |creator: &str, entries: &str| {
            let file = format!(
                "{{\"log\":{{\"creator\":{{\"name\":\"{creator}\"}},\"entries\":[{entries}]}}}}"
            );
            exchanges(&file)
                .1
                .iter()
                .map(|e| e.request.selected)
                .collect::<Vec<_>>()
        };
        let signed = GOOD.replace("\"A\"", "\"Authorization\"");
        assert_eq!(by("WebInspector", GOOD), [true]);
        assert_eq!(by("Firefox", GOOD), [false]);
        let both = format!("{GOOD},{signed},{GOOD}");
        assert_eq!(by("WebInspector", &both), [true, false, false]);
    }

    #[test]
    fn a_cut_file_gives_what_is_there_and_names_the_place() {
        let (_, found, skipped) = exchanges(&har(&format!("{GOOD},{}", &GOOD[..GOOD.len() - 9])));
        assert_eq!(
            (found.len(), skipped.as_slice()),
            (
                1,
                &["x entry 2: the file ends inside this entry".to_owned()][..]
            )
        );
        let (_, found, skipped) = exchanges(&har(GOOD));
        assert_eq!((found.len(), skipped.len()), (1, 1));
    }

    #[test]
    fn a_broken_entry_costs_only_itself() {
        let (_, found, skipped) = exchanges(
            &(har(&format!(
                "{{\"request\":nope}},{{\"request\":{{\"headers\":null}},\"response\":{{\"status\":\"401\"}}}},{GOOD}"
            )) + "]}}"),
        );
        assert_eq!((found.len(), skipped.len()), (2, 1), "{skipped:?}");
        assert!(
            skipped[0].starts_with("x entry 1: it is not JSON"),
            "{skipped:?}"
        );
        assert_eq!(found[0].response.as_ref().and_then(|r| r.status), Some(401));
    }
}

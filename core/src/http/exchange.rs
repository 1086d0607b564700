//! One observed request and its response, as far as the evidence holds it.

use super::fold::Folded;
use super::target::Target;
use super::wire::WIRE;
use serde_json::{Map, Value};

/// Header fields in their order, names compared without case (RFC 9110 §5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Adds a field line.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The values of a field, one a line.
    pub fn all<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        self.0
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a field.
    pub fn get<'h>(&'h self, name: &'h str) -> Option<&'h str> {
        self.all(name).next()
    }

    /// Whether the field is there.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Every line.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last line, for continuing a folded one.
    pub fn last_value_mut(&mut self) -> Option<&mut String> {
        self.0.last_mut().map(|(_, value)| value)
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        Self(
            lines
                .into_iter()
                .map(|(n, v)| (n.into(), v.into()))
                .collect(),
        )
    }
}

/// A request, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, upper case.
    pub method: Option<String>,
    /// The URL or path, as written.
    pub url: Option<String>,
    /// Its header fields; `None` where nobody recorded them.
    pub headers: Option<Headers>,
    /// Whether the fields recorded are a selection: what is not among them may have been sent.
    pub selected: bool,
    /// Its body, where it is text.
    pub body: Option<String>,
}

/// What is known of something that a request may have carried. Not recorded is never "not sent".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// It was there.
    Seen,
    /// All that was sent is recorded, and it is not among it.
    Absent,
    /// Nobody recorded whether it was there.
    NotRecorded,
}

impl Request {
    /// Method and URL as tables need them; `None` where they cannot be read. A missing method counts as GET.
    pub fn target(&self) -> Option<Target> {
        let method = self.method.as_deref().unwrap_or("GET");
        Target::parse(method, self.url.as_deref()?).ok()
    }

    /// Whether it carried that header field.
    pub fn carried(&self, name: &str) -> Carried {
        match &self.headers {
            Some(headers) if headers.has(name) => Carried::Seen,
            Some(_) if !self.selected => Carried::Absent,
            _ => Carried::NotRecorded,
        }
    }

    /// Whether it carried a credential, in `Authorization` or another field for it.
    pub fn credential(&self) -> Carried {
        let others = WIRE.credential.iter().map(|name| self.carried(name));
        others
            .chain([self.carried("authorization")])
            .min_by_key(|carried| match carried {
                Carried::Seen => 0,
                Carried::NotRecorded => 1,
                Carried::Absent => 2,
            })
            .unwrap_or(Carried::NotRecorded)
    }

    /// A header's value.
    pub fn header<'h>(&'h self, name: &'h str) -> Option<&'h str> {
        self.headers.as_ref()?.get(name)
    }
}

/// An answer, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code; `None` where nobody recorded it.
    pub status: Option<u16>,
    /// Its header fields.
    pub headers: Headers,
    /// Its body, or the text in which somebody quoted it.
    pub body: Option<String>,
}

/// What is known of the credential beside the request itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// `jwt`, `opaque`, `none` or `unknown`.
    pub kind: Option<String>,
    /// Its claims, already decoded.
    pub claims: Option<Map<String, Value>>,
    /// The credential.
    pub value: Option<String>,
    /// The grant it came from (RFC 6749 §1.3).
    pub grant: Option<String>,
    /// The scopes it is said to hold.
    pub scopes: Option<Vec<String>>,
}

/// One observed request and its response.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exchange {
    /// The id given with it.
    pub id: Option<String>,
    /// Where it was found: "ticket.har entry 12".
    pub place: String,
    /// What the text was taken for: "HAR", "`AxiosError`".
    pub read_as: Option<String>,
    /// Whether its neighbours may be other clients' (a gateway's log): then none is its retry.
    pub of_many: bool,
    /// Whose API it is, in somebody's words.
    pub provider: Option<String>,
    /// The request.
    pub request: Request,
    /// The answer; `None` where none was seen.
    pub response: Option<Response>,
    /// The credential.
    pub given: Given,
    /// When it happened, in seconds since 1970.
    pub at: Option<i64>,
    /// Why no answer came, where the evidence says so: "could not resolve host".
    pub failure: Option<String>,
    /// What had to be forgiven to read it.
    pub remarks: Vec<String>,
    /// Whether a person tells of the answer in their own words, and nothing quotes the server.
    pub hearsay: bool,
    /// What it was read from with ids and times folded, where somebody asked: exchanges that are alike are judged alike.
    pub folded: Option<Box<Folded>>,
}

impl Exchange {
    /// The status, where an answer came.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref()?.status
    }

    /// What of the evidence was used, in words: "request POST https://…", "status 401", "body 74 bytes", "credential sent".
    pub fn used(&self) -> Vec<String> {
        let mut used = Vec::new();
        let url = self.request.target().map(|target| target.shown_url());
        match (&self.request.method, url) {
            (Some(method), Some(url)) => used.push(format!("request {method} {url}")),
            (None, Some(url)) => used.push(format!("request {url}, its method is not recorded")),
            (Some(method), None) => used.push(format!("method {method}, no URL")),
            (None, None) => used.push("no request line".to_owned()),
        }
        used.push(match (self.status(), &self.response) {
            (Some(status), _) => format!("status {status}"),
            (None, Some(_)) => "no status".to_owned(),
            (None, None) => "no answer".to_owned(),
        });
        if !self.body().is_empty() {
            used.push(format!("body {} bytes", self.body().len()));
        }
        used.push(
            match self.request.credential() {
                Carried::Seen => "credential sent",
                Carried::Absent => "no credential sent",
                Carried::NotRecorded => "credential not recorded",
            }
            .to_owned(),
        );
        used
    }

    /// The answer's body; empty where there is none.
    pub fn body(&self) -> &str {
        let body = self.response.as_ref().and_then(|r| r.body.as_deref());
        body.unwrap_or_default()
    }
}

/// What a probing request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// An endpoint that any valid token opens.
    Control,
    /// The same without a token.
    ControlBare,
    /// An ordinary call that people know to work, asked beside the control.
    Witness,
    /// The same without a token.
    WitnessBare,
    /// The operation in question, or a safe method in its place.
    Target,
    /// The same without a token.
    TargetBare,
    /// An invented path beside it.
    Sibling,
    /// The method that stands in for another, on a path that is known to exist: what it answers anywhere.
    Yardstick,
    /// The same URL with or without its final slash.
    Slash,
    /// The control of another region.
    Region(String),
    /// A request that was refused until the server's nonce is in the proof (RFC 9449 §8).
    Nonce,
    /// A document such as keys or metadata.
    Document,
    /// A token request (RFC 6749 §4.4).
    Grant,
}

impl Role {
    /// Its name in reports.
    pub fn name(&self) -> String {
        match self {
            Self::Control => "control".to_owned(),
            Self::ControlBare => "control without token".to_owned(),
            Self::Witness => "everyday call".to_owned(),
            Self::WitnessBare => "everyday call without token".to_owned(),
            Self::Target => "target".to_owned(),
            Self::TargetBare => "baseline".to_owned(),
            Self::Sibling => "sibling".to_owned(),
            Self::Yardstick => "same method on a known path".to_owned(),
            Self::Slash => "slash".to_owned(),
            Self::Region(region) => format!("region {region}"),
            Self::Nonce => "nonce demanded".to_owned(),
            Self::Document => "document".to_owned(),
            Self::Grant => "token request".to_owned(),
        }
    }
}

/// A body, read as far as it can be: JSON whole, JSON inside other text, or text.
#[derive(Debug, Clone, Default)]
pub struct Body<'a> {
    /// The text.
    pub text: &'a str,
    /// The JSON value, where there is one.
    pub json: Option<Value>,
}

/// The start of a text, at most so many bytes long, cut between characters.
pub fn start_of(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Bodies are looked at up to this many bytes: refusals are short.
const LOOKED_AT: usize = 64 * 1024;

/// At most so many bytes of a text, on a character's edge, and whether there is more.
pub fn cut(text: &str, most: usize) -> (&str, bool) {
    let head = start_of(text, most);
    (head, head.len() < text.len())
}

impl<'a> Body<'a> {
    /// Reads a body.
    pub fn read(text: &'a str) -> Self {
        let text = start_of(text, LOOKED_AT)
            .trim_start_matches('\u{feff}')
            .trim();
        Self {
            text,
            json: json_in(text),
        }
    }

    /// The values at a JSON pointer (RFC 6901) in which `*` stands for every element; texts, numbers and booleans only.
    pub fn at(&self, pointer: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(json) = &self.json {
            let steps: Vec<&str> = pointer.split('/').skip(1).collect();
            walk(json, &steps, &mut found);
        }
        found
    }
}

fn walk(value: &Value, steps: &[&str], found: &mut Vec<String>) {
    let Some((step, rest)) = steps.split_first() else {
        found.extend(scalars(value));
        return;
    };
    match (value, *step) {
        (Value::Array(items), "*") => items.iter().for_each(|item| walk(item, rest, found)),
        (Value::Object(members), "*") => {
            members.values().for_each(|item| walk(item, rest, found));
        }
        (Value::Array(items), index) => {
            let item = index.parse().ok().and_then(|i: usize| items.get(i));
            if let Some(item) = item {
                walk(item, rest, found);
            }
        }
        (Value::Object(members), name) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            let exact = members.get(&name);
            let member = exact.or_else(|| {
                members
                    .iter()
                    .find(|(own, _)| own.eq_ignore_ascii_case(&name))
                    .map(|(_, v)| v)
            });
            if let Some(member) = member {
                walk(member, rest, found);
            }
        }
        _ => {}
    }
}

fn scalars(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Array(items) => items.iter().flat_map(scalars).collect(),
        _ => Vec::new(),
    }
}

/// The whole text as JSON, or the first object or array inside it (an SDK's exception text around a body).
fn json_in(text: &str) -> Option<Value> {
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        return Some(value);
    }
    for (at, _) in text.match_indices(['{', '[']).take(8) {
        let mut stream = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(Value::Array(items))) if !items.iter().any(Value::is_object) => {}
            Some(Ok(value)) => return Some(value),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_inside_an_exception_text_is_found() {
        let body = Body::read(
            "HTTP 403 [Forbidden] data: {\"error\": {\"code\": 7, \"d\": [\"a\", \"b\"]}})",
        );
        assert_eq!(body.at("/error/code"), ["7"]);
        assert_eq!(body.at("/error/d"), ["a", "b"]);
        assert!(body.at("/nothing").is_empty());
    }

    #[test]
    fn pointers_reach_every_element() {
        let body = Body::read(r#"{"errors":[{"code":"a"},{"Code":"b"}]}"#);
        assert_eq!(body.at("/errors/*/code"), ["a", "b"]);
        assert_eq!(body.at("/errors/1/code"), ["b"]);
    }

    #[test]
    fn a_text_without_json_stays_text() {
        assert!(Body::read("missing: [telephony:plugin:all]").json.is_none());
    }
}

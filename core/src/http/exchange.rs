//! One observed request and its response, as far as the evidence holds it.

use super::fold::Folded;
use super::shell::Variable;
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
    /// The shell's variable from which the credential is taken.
    pub variable: Option<Variable>,
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

    /// Whether the query of the URL has a credential (RFC 6750 §2.3, API keys), by the name of a parameter; `own`: names
    /// beside those that are known of all.
    pub fn has_credential_in_query(&self, own: &[String]) -> bool {
        let query = self.url.as_deref().and_then(|url| url.split_once('?'));
        let query = query.map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let names = || WIRE.query.iter().chain(WIRE.signed);
        let known = |name: &str| {
            let own = own.iter().map(String::as_str);
            names()
                .copied()
                .chain(own)
                .any(|own| name.eq_ignore_ascii_case(own))
        };
        pairs.any(|(name, value)| !value.is_empty() && known(name))
    }

    /// Whether it carried a credential: in `Authorization`, another field for it, or the query.
    pub fn credential(&self) -> Carried {
        if self.has_credential_in_query(&[]) {
            return Carried::Seen;
        }
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
    /// Whether a person says that this call and others were made with one credential: in the text, or by giving it.
    pub same: bool,
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

    /// Whether the status says that the call succeeded (RFC 9110 §15.3).
    pub fn succeeded(&self) -> bool {
        self.status()
            .is_some_and(|status| (200..300).contains(&status))
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

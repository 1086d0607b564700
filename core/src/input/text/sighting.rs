//! What one place of a text tells of a request and its answer, and whether two places tell of the same.

use crate::http::{Headers, Variable};

/// Telling text is kept up to this many bytes a request.
const TOLD: usize = 16 * 1024;
/// Header fields are kept up to this many a message.
const FIELDS: usize = 200;

/// Facts that stand together.
#[derive(Debug, Clone, Default)]
pub(super) struct Sighting {
    /// The line where they begin, from 0.
    pub(super) line: usize,
    pub(super) method: Option<String>,
    /// URL or path.
    pub(super) url: Option<String>,
    /// How sure it is that this was requested, 0 to 5.
    pub(super) url_weight: u8,
    /// Scheme and host, or host alone, where they stand apart from the path.
    pub(super) base: Option<String>,
    pub(super) status: Option<u16>,
    /// How sure it is that this was the status, 0 to 5.
    pub(super) status_weight: u8,
    /// The header fields that were sent.
    pub(super) sent: Option<Headers>,
    /// Whether those are all that were sent.
    pub(super) sent_whole: bool,
    /// The variable from which the credential was taken.
    pub(super) variable: Option<Variable>,
    pub(super) answered: Headers,
    pub(super) request_body: Option<String>,
    pub(super) body: Option<String>,
    /// How sure it is that this was the answer's body, 0 to 5.
    pub(super) body_weight: u8,
    /// Seconds since 1970.
    pub(super) at: Option<i64>,
    /// Why no answer came.
    pub(super) failure: Option<String>,
    /// What was said besides, of which a body is made where there is none.
    pub(super) told: Vec<String>,
    /// What a person tells of it in their own words.
    pub(super) hearsay: Vec<String>,
    pub(super) remarks: Vec<String>,
    /// How many bytes of it there are.
    pub(super) told_size: usize,
    /// A line of an access log or a request that was seen whole: a second one is another request.
    pub(super) entry: bool,
    /// Whether all that is known of its answer is that a person says it works.
    pub(super) works: bool,
    /// An access line of a server.
    pub(super) access: bool,
}

impl Sighting {
    pub(super) fn at(line: usize) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }

    /// Takes the request if it is surer than the one known.
    pub(super) fn asked(&mut self, method: Option<String>, url: &str, weight: u8) {
        if self.url.is_none() || weight > self.url_weight {
            self.url = Some(url.to_owned());
            self.url_weight = weight;
            if method.is_some() {
                self.method = method;
            }
        } else if self.method.is_none() {
            self.method = method;
        }
    }

    /// Takes the status if it is surer than the one known.
    pub(super) fn answered_with(&mut self, status: u16, weight: u8) {
        if self.status.is_none() || weight > self.status_weight {
            self.status = Some(status);
            self.status_weight = weight;
        }
    }

    /// Takes the body if it is surer than the one known.
    pub(super) fn said(&mut self, body: String, weight: u8) {
        if !body.trim().is_empty() && (self.body.is_none() || weight > self.body_weight) {
            self.body = Some(body);
            self.body_weight = weight;
        }
    }

    /// Takes header fields that were sent.
    pub(super) fn sent_with(&mut self, headers: Headers, whole: bool) {
        match &mut self.sent {
            Some(known) => {
                for (name, value) in headers.iter() {
                    if !known.has(name) && known.iter().count() < FIELDS {
                        known.push(name, value);
                    }
                }
            }
            None => self.sent = Some(headers),
        }
        self.sent_whole |= whole;
    }

    /// Takes header fields of the answer.
    pub(super) fn answered_by(&mut self, headers: &Headers) {
        for (name, value) in headers.iter() {
            let known = self.answered.all(name).any(|own| own == value);
            if !known && self.answered.iter().count() < FIELDS {
                self.answered.push(name, value);
            }
        }
    }

    fn remark(&mut self, text: String) {
        if self.remarks.len() < 8 && !self.remarks.contains(&text) {
            self.remarks.push(text);
        }
    }

    pub(super) fn has_request(&self) -> bool {
        self.url.is_some() && self.url_weight >= 3
    }

    /// Whether a browser tells of a preflight that was refused.
    pub(super) fn is_told_preflight(&self) -> bool {
        let mut lines = self.told.iter().chain(&self.hearsay);
        self.method.as_deref() == Some("OPTIONS") && lines.any(|line| line.contains("reflight"))
    }

    /// Whether the client says that it failed, as browsers do where they block the answer.
    pub(super) fn has_failed(&self) -> bool {
        let mut lines = self.told.iter().chain(&self.hearsay);
        self.failure.is_some() || lines.any(|line| line.contains("net::ERR_FAILED"))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.url.is_none()
            && self.method.is_none()
            && self.status.is_none()
            && self.sent.is_none()
            && self.answered.is_empty()
            && self.body.is_none()
            && self.failure.is_none()
            && self.told.is_empty()
            && self.hearsay.is_empty()
    }

    /// Whether the other, later one can tell of the same request.
    pub(super) fn fits(&self, next: &Self) -> bool {
        let done = self.answer_known() || self.failure.is_some();
        if next.entry && (self.entry && done || self.has_request() && !self.same_request(next)) {
            return false;
        }
        if next.entry && self.answer_known() && self.has_request() {
            let open = self.status.is_none() || self.status == next.status;
            return self.same_request(next) && open;
        }
        let methods = match (&self.method, &next.method) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        let urls = !self.has_request() || !next.has_request() || self.same_request(next);
        let statuses = match (self.status, next.status) {
            (Some(own), Some(other)) => own == other || !next.has_request(),
            _ => true,
        };
        methods && urls && statuses
    }

    fn answer_known(&self) -> bool {
        self.status.is_some() || self.body.is_some()
    }

    /// Whether it tells of a request to that URL.
    pub(super) fn names(&self, url: &str) -> bool {
        self.url.as_deref().is_some_and(|own| same_target(own, url))
    }

    /// Scheme and host of its URL.
    pub(super) fn origin(&self) -> Option<&str> {
        let url = self.url.as_deref()?;
        let host = url.find("://")? + 3;
        let end = url[host..]
            .find(['/', '?'])
            .map_or(url.len(), |at| host + at);
        Some(&url[..end])
    }

    /// Its URL up to the version of the API: `https://api.example/api/v2`.
    pub(super) fn base_of_version(&self) -> Option<&str> {
        let url = self.url.as_deref().filter(|url| url.contains("://"))?;
        let version = |at: &usize| {
            let part = url[at + 2..].split(['/', '?']).next().unwrap_or_default();
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
        };
        let at = url.match_indices("/v").map(|(at, _)| at).find(version)?;
        let end = url[at + 1..].find(['/', '?']).map(|end| at + 1 + end);
        Some(&url[..end.unwrap_or(url.len())])
    }

    /// The credential that was sent, by itself.
    pub(super) fn credential(&self) -> Option<Headers> {
        let value = self.sent.as_ref()?.get("authorization")?;
        let mut own = Headers::default();
        own.push("Authorization", value);
        Some(own)
    }

    fn same_request(&self, other: &Self) -> bool {
        match (&self.url, &other.url) {
            (Some(own), Some(other)) => same_target(own, other),
            _ => true,
        }
    }

    /// Adds what another one tells of the same request.
    pub(super) fn merge(&mut self, next: Self) {
        if let Some(url) = &next.url {
            let longer = self
                .url
                .as_ref()
                .is_some_and(|own| !own.contains("://") && url.contains("://"));
            if self.url.is_none()
                || longer
                || next.url_weight > self.url_weight && next.has_request()
            {
                self.url = Some(url.clone());
                self.url_weight = self.url_weight.max(next.url_weight);
            }
        }
        self.method = self.method.take().or(next.method);
        self.base = self.base.take().or(next.base);
        self.merge_status(
            next.status,
            next.status_weight,
            next.body.is_some() || !next.told.is_empty(),
        );
        if let Some(sent) = next.sent {
            self.sent_with(sent, next.sent_whole);
        }
        self.variable = self.variable.take().or(next.variable);
        self.answered_by(&next.answered);
        self.request_body = self.request_body.take().or(next.request_body);
        if let Some(body) = next.body {
            self.say_more(body, next.body_weight);
        }
        self.at = self.at.or(next.at);
        self.failure = self.failure.take().or(next.failure);
        for line in next.told {
            self.tell(line);
        }
        for line in next.hearsay {
            if self.told_size < TOLD {
                self.told_size += line.len();
                self.hearsay.push(line);
            }
        }
        for remark in next.remarks {
            self.remark(remark);
        }
        self.entry |= next.entry;
        self.access |= next.access;
    }

    /// What another line says: beside what a logger said before, in the place of what is less sure to be the answer.
    fn say_more(&mut self, body: String, weight: u8) {
        let alike = self.body_weight == weight && weight <= 2 && self.told_size < TOLD;
        let own = self.body.as_ref().filter(|own| alike && **own != body);
        match own.cloned() {
            // Objects beside the lines of a log: none of them is the answer's body.
            Some(own) if weight <= 1 => {
                self.tell(own);
                self.tell(body);
            }
            Some(own)
                if !own.starts_with(['{', '[', '<']) && !body.starts_with(['{', '[', '<']) =>
            {
                self.told_size += body.len();
                self.body = Some(format!("{own}\n{body}"));
            }
            _ => self.said(body, weight),
        }
    }

    fn tell(&mut self, line: String) {
        if self.told_size < TOLD && !self.told.contains(&line) {
            self.told_size += line.len();
            self.told.push(line);
        }
    }

    fn merge_status(&mut self, status: Option<u16>, weight: u8, says_why: bool) {
        let Some(next) = status else { return };
        let Some(own) = self.status.filter(|own| *own != next) else {
            self.answered_with(next, weight);
            return;
        };
        // A server's access line tells what it answered itself; the error beside it what it was told.
        let inner = self.access && own >= 500 && next < 500 && says_why;
        if inner {
            self.is_what_it_was_told(own, next, weight);
            return;
        }
        if weight > self.status_weight {
            self.status = Some(next);
            self.status_weight = weight;
        }
        if weight >= 2 && self.status_weight >= 2 && next >= 400 {
            let kept = self.status.unwrap_or(own);
            let other = if kept == own { next } else { own };
            self.remark(format!(
                "the text names two statuses: {kept} was taken, {other} was not"
            ));
        }
    }
}

impl Sighting {
    /// What a server was refused while it answered a call: of its own request only the answer is known.
    fn is_what_it_was_told(&mut self, own: u16, inner: u16, weight: u8) {
        let call = [self.method.take(), self.url.take()];
        let call = call.into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.remark(format!(
            "the server answered {own} to {call}; {inner} is what it was answered itself, by a request that is not recorded"
        ));
        (self.url_weight, self.base) = (0, None);
        (self.status, self.status_weight) = (Some(inner), weight);
    }
}

/// Whether two spellings lead to the same place: one may lack host or query.
fn same_target(a: &str, b: &str) -> bool {
    let path = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let rest = if url.contains("://") {
            rest.find('/').map_or("/", |at| &rest[at..])
        } else {
            rest
        };
        rest.split(['?', '#'])
            .next()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned()
    };
    let host = |url: &str| {
        url.split_once("://").map(|(_, rest)| {
            rest.split(['/', '?'])
                .next()
                .unwrap_or_default()
                .trim_end_matches(":443")
                .to_ascii_lowercase()
        })
    };
    let (own, other) = (path(a), path(b));
    let hosts = match (host(a), host(b)) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    };
    let one_is_bare = host(a).is_none() != host(b).is_none();
    hosts
        && (own == other
            || one_is_bare
                && !own.is_empty()
                && !other.is_empty()
                && (own.ends_with(&other) || other.ends_with(&own)))
}

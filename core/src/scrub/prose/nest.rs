//! Which part of a printed exchange a text stands in: by the headings above it and the names of the objects around it.

use crate::scrub::harmless::plain;

/// What a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::scrub) enum Within {
    /// An answer, or nobody knows.
    #[default]
    Any,
    /// A request: one of its members is the body.
    Request,
    /// A body that was sent.
    Sent,
}

/// The objects that are open, line after line.
#[derive(Debug, Default)]
pub(in crate::scrub) struct Nest {
    /// What the last heading announces.
    base: Within,
    open: Vec<Within>,
    /// The member that was named last.
    name: String,
}

const REQUESTS: [&str; 5] = ["config", "request", "req", "options", "requestoptions"];
const RESPONSES: [&str; 2] = ["response", "res"];
const BODIES: [&str; 7] = [
    "data", "body", "json", "payload", "form", "formdata", "content",
];

/// Headings above what was sent, and above something else.
const SENT: [&str; 5] = [
    "requestbody",
    "requestpayload",
    "postdata",
    "formdata",
    "payload",
];
const OTHERS: [&str; 6] = [
    "requestheaders",
    "responseheaders",
    "responsebody",
    "response",
    "answer",
    "headers",
];

impl Nest {
    /// Where the text stands.
    pub(in crate::scrub) fn within(&self) -> Within {
        self.open.last().copied().unwrap_or(self.base)
    }

    /// A line that may be a heading, or end what one announced; whether it is one.
    pub(in crate::scrub) fn heading(&mut self, line: &str) -> bool {
        let bare = line.trim();
        if !self.open.is_empty() || bare.len() > 40 {
            return false;
        }
        let name = plain(bare.trim_matches(['#', '*', ':', ' ', '=', '-']));
        let known = [(&SENT[..], Within::Sent), (&OTHERS[..], Within::Any)];
        let found = known.iter().find(|(list, _)| list.contains(&name.as_str()));
        if let Some((_, within)) = found {
            self.base = *within;
        }
        found.is_some()
    }

    /// Whether an object is open.
    pub(in crate::scrub) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    pub(super) fn named(&mut self, name: &str) {
        self.name = plain(name);
    }

    pub(super) fn opens(&mut self) {
        let name = std::mem::take(&mut self.name);
        let around = self.within();
        let among = |list: &[&str]| list.contains(&name.as_str());
        self.open.push(match around {
            Within::Sent => Within::Sent,
            Within::Request if among(&BODIES) => Within::Sent,
            _ if among(&REQUESTS) => Within::Request,
            _ if among(&RESPONSES) => Within::Any,
            _ if among(&SENT) => Within::Sent,
            own => own,
        });
    }

    pub(super) fn closes(&mut self) {
        self.open.pop();
        if self.open.is_empty() {
            self.base = Within::Any;
        }
    }

    /// Whether a member that is named so holds the body of a request.
    pub(super) fn is_sent(&self, name: &str) -> bool {
        let name = plain(name);
        let among = |list: &[&str]| list.contains(&name.as_str());
        match self.within() {
            Within::Request => among(&BODIES) || among(&SENT),
            Within::Any => among(&SENT[..3]),
            Within::Sent => false,
        }
    }
}

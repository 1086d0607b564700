//! What a printed object tells: a client's dump of a request and its answer, a log's entry, or the body of an answer.

mod kind;
mod names;

use super::headers::{self, Side};
use super::loose::Loose;
use super::request;
use super::sighting::Sighting;
use crate::http::METHODS;
use crate::input::record::moment;
use kind::{Kind, is_telling, kind, rest};
use names::{
    BASES, BODIES, METHOD_NAMES, NESTED, PATHS, REQUESTS, RESPONSES, STATUSES, URLS, plain,
};

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
            } else if !text.starts_with("ERR_") {
                self.texts.push(text.to_owned());
            }
        } else if ["timestamp", "time", "ts", "date", "startedat", "starttime"].contains(&name) {
            self.into.at = self.into.at.or_else(|| moment(text));
        } else if (name == "request" || name == "requestline") && text.contains(' ') {
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

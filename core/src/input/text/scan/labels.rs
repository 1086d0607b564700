//! What announces what follows: labels of headers and bodies, a client's arrows, header fields on lines of their own.

use super::{Mode, Scan};
use crate::http::{Headers, Scheme, Usage};
use crate::input::text::headers::{self, Side};
use crate::input::text::loose::{self, Loose};
use crate::input::text::request;
use crate::input::text::sighting::Sighting;

impl<'t> Scan<'t> {
    /// `--> GET url`, `<-- 401 url (212ms)`: what `OkHttp`'s interceptor logs.
    pub(super) fn arrow(&mut self, text: &str) -> bool {
        let Some(at) = ["--> ", "<-- "]
            .iter()
            .filter_map(|mark| text.find(mark))
            .min()
            .filter(|at| *at < 40)
        else {
            return false;
        };
        let (mark, rest) = (&text[at..at + 4], &text[at + 4..]);
        let asked = request::all(&format!("{rest} ")).into_iter().next();
        if rest.starts_with("END") {
            self.mode = Mode::Plain;
            return true;
        }
        let mut sighting = Sighting::at(self.line);
        if mark == "--> " {
            let Some(asked) = asked else { return false };
            sighting.asked(asked.method, &asked.url, 5);
            sighting.entry = true;
            self.mode = Mode::Headers(Side::Request, true);
        } else {
            let Some(code) = rest.get(..3).and_then(|c| c.parse().ok()) else {
                return false;
            };
            sighting.answered_with(code, 5);
            if let Some(asked) = asked {
                sighting.asked(None, &asked.url, 5);
            }
            self.mode = Mode::Headers(Side::Answer, true);
        }
        self.form.get_or_insert("OkHttp log");
        self.push(sighting);
        true
    }

    /// `Request Headers`, `HTTP response body: …`: what follows is that.
    pub(super) fn label(&mut self, line: &'t str) -> bool {
        let Some((mode, length)) = labelled(line) else {
            return false;
        };
        self.mode = mode;
        let rest = &line[length..];
        let value = rest.trim_start();
        if value.is_empty() {
            return true;
        }
        self.at += length + (rest.len() - value.len());
        let value = &self.text[self.at..self.at + value.len()];
        match mode {
            Mode::Headers(side, _) => {
                self.mode = Mode::Plain;
                if let Some(read) = loose::read_value(self.text, self.at, &mut self.fuel) {
                    self.headers_of(&read.value, side);
                    self.jump(read.end.max(self.at));
                    let rest = self.rest_of_line();
                    self.at += rest.len();
                } else {
                    self.header(value.trim(), side, false);
                }
            }
            Mode::Body(_) => self.body_line(value),
            Mode::Plain => {}
        }
        true
    }

    pub(super) fn headers_of(&mut self, value: &Loose, side: Side) {
        let list = headers::of(value);
        let mut sighting = Sighting::at(self.line);
        match headers::side(&list, side) {
            Side::Request => {
                let whole = list.has("user-agent");
                if let Some(agent) = list.get("user-agent") {
                    self.names.agent(agent);
                }
                sighting.sent_with(list, whole);
            }
            _ => sighting.answered_by(&list),
        }
        self.push(sighting);
    }

    pub(super) fn header(&mut self, text: &str, side: Side, whole: bool) -> bool {
        if text.to_ascii_lowercase().starts_with("provisional headers") {
            self.mode = Mode::Headers(side, false);
            return true;
        }
        let mut list = Headers::default();
        headers::line_into(text, &mut list);
        if list.is_empty() || text.starts_with(['{', '[']) {
            return false;
        }
        let mut sighting = Sighting::at(self.line);
        if headers::side(&list, side) == Side::Request {
            if let Some(agent) = list.get("user-agent") {
                self.names.agent(agent);
            }
            sighting.sent_with(list, whole);
        } else {
            sighting.answered_by(&list);
        }
        self.push(sighting);
        true
    }

    /// A header field on a line of its own, told by its name; a challenge also without it.
    pub(super) fn lone_header(&mut self, text: &str) -> bool {
        let bare = text.trim_start_matches(['*', '-', '<', '>', ' ']);
        if let Some((name, value)) = bare
            .split_once(": ")
            .filter(|(name, _)| headers::is_known(name))
        {
            let mut list = Headers::default();
            list.push(name, value);
            let mut sighting = Sighting::at(self.line);
            match headers::side(&list, Side::Unknown) {
                Side::Request if name.eq_ignore_ascii_case("content-type") => return true,
                Side::Request => sighting.sent_with(list, false),
                _ => sighting.answered_by(&list),
            }
            self.push(sighting);
            return true;
        }
        if is_challenge(bare) {
            let mut sighting = Sighting::at(self.line);
            sighting.answered.push("www-authenticate", bare);
            sighting.told.push(bare.to_owned());
            self.push(sighting);
            return true;
        }
        false
    }
}

/// A scheme that servers name in challenges, and a parameter that only challenges have.
fn is_challenge(text: &str) -> bool {
    const PARAMETERS: [&str; 6] = [
        "realm=",
        "error=",
        "scope=",
        "error_description=",
        "resource_metadata=",
        "authorization_uri=",
    ];
    text.split_once(' ').is_some_and(|(scheme, rest)| {
        let known = Scheme::named(scheme).is_some_and(|own| own.usage == Usage::Standard);
        known && PARAMETERS.iter().any(|name| rest.starts_with(name))
    })
}

/// What an object is called by the words right before it on its line.
pub(super) fn called(before: &str) -> Option<Mode> {
    let text = before.trim_end();
    let glued = text.ends_with(['=', ':', '(', '>']);
    let letters = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = letters
        .rsplit(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '=' | ':' | '(' | '{'))
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let last: String = letters
        .chars()
        .rev()
        .take(24)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .filter(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_ascii_lowercase();
    if !glued {
        return None;
    }
    if word.contains("header") {
        return Some(Mode::Headers(
            if last.contains("response") {
                Side::Answer
            } else if last.contains("request") {
                Side::Request
            } else {
                Side::Unknown
            },
            false,
        ));
    }
    if text.ends_with('=') && ["data", "json", "params", "payload"].contains(&word.as_str())
        || last.ends_with("requestbody")
        || last.ends_with("requestdata")
    {
        return Some(Mode::Body(Side::Request));
    }
    if last.ends_with("responsebody")
        || last.ends_with("responsetext")
        || last.ends_with("respondedwith")
        || last.ends_with("responsecontent")
        || ["body", "content"].contains(&word.as_str())
    {
        return Some(Mode::Body(Side::Answer));
    }
    None
}

/// A label at the start of a line, and how many bytes it takes.
fn labelled(line: &str) -> Option<(Mode, usize)> {
    const LABELS: [(&str, Mode); 24] = [
        ("requestheaders", Mode::Headers(Side::Request, true)),
        ("httprequestheaders", Mode::Headers(Side::Request, true)),
        ("responseheaders", Mode::Headers(Side::Answer, true)),
        ("httpresponseheaders", Mode::Headers(Side::Answer, true)),
        ("headers", Mode::Headers(Side::Unknown, false)),
        ("requestbody", Mode::Body(Side::Request)),
        ("requestpayload", Mode::Body(Side::Request)),
        ("requestdata", Mode::Body(Side::Request)),
        ("responsebody", Mode::Body(Side::Answer)),
        ("httpresponsebody", Mode::Body(Side::Answer)),
        ("httpbody", Mode::Body(Side::Answer)),
        ("responsecontent", Mode::Body(Side::Answer)),
        ("responsetext", Mode::Body(Side::Answer)),
        ("responsedata", Mode::Body(Side::Answer)),
        ("responsestring", Mode::Body(Side::Answer)),
        ("httperrorresponsetext", Mode::Body(Side::Answer)),
        ("theserverrespondedwith", Mode::Body(Side::Answer)),
        ("serverresponse", Mode::Body(Side::Answer)),
        ("serverresponded", Mode::Body(Side::Answer)),
        ("errorbody", Mode::Body(Side::Answer)),
        ("body", Mode::Body(Side::Answer)),
        ("content", Mode::Body(Side::Answer)),
        ("response", Mode::Body(Side::Answer)),
        ("responsefromserver", Mode::Body(Side::Answer)),
    ];
    let head = loose::clip(line, 60);
    let (name, length) = match head.find(':') {
        Some(at) => (&head[..at], at + 1),
        None if line.len() < 40 => (line, line.len()),
        None => return None,
    };
    let letters: String = name
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let only_words = name.chars().all(|c| {
        c.is_alphanumeric()
            || c.is_whitespace()
            || matches!(c, '*' | '-' | '_' | '#' | '▶' | '▼' | '"' | '(' | ')')
    });
    let (_, mode) = LABELS
        .iter()
        .find(|(label, _)| only_words && letters == *label)?;
    // Without a colon one word may be anything.
    let plain = !line.contains(':')
        && !letters.starts_with("request")
        && !letters.starts_with("response")
        && letters != "headers"
        && letters != "body";
    (!plain).then_some((*mode, length))
}

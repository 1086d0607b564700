//! Walks a text line by line and gathers what each place tells.

mod facts;
mod labels;
mod objects;

use super::headers::Side;
use super::loose;
use super::product::ProductNames;
use super::sighting::Sighting;
use super::{noise, region, request, voice};
use crate::aside::Aside;

/// Texts inside texts are read so deep: an answer inside a log line inside a record.
const DEEPEST: usize = 4;
/// Telling text is kept up to this many bytes a request.
const TOLD: usize = 16 * 1024;
/// So many requests of one text are told apart.
pub(super) const MOST: usize = 100_000;

/// The weight of a body that a line of a log only mentions.
const NOTED: u8 = 2;

/// What the lines that follow are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Plain,
    /// Header lines; whether they are all that were sent.
    Headers(Side, bool),
    Body(Side),
}

/// The walk over one text.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    depth: usize,
    mode: Mode,
    fuel: usize,
    previous: &'t str,
    pub(super) found: Vec<Sighting>,
    pub(super) names: ProductNames,
    pub(super) form: Option<&'static str>,
    pub(super) cut: bool,
    /// Whether there were more requests than are told apart.
    pub(super) full: bool,
}

impl<'t> Scan<'t> {
    pub(super) fn new(text: &'t str, depth: usize) -> Self {
        Self {
            text,
            at: 0,
            line: 0,
            depth,
            mode: Mode::Plain,
            fuel: 4 * text.len() + 4_096,
            previous: "",
            found: Vec::new(),
            names: ProductNames::default(),
            form: None,
            cut: false,
            full: false,
        }
    }

    /// Walks to the end.
    pub(super) fn run(mut self) -> Self {
        while self.at < self.text.len() {
            let line = self.rest_of_line();
            let start = self.at;
            if !self.region(line) {
                self.one(line);
            }
            self.previous = line;
            // Whatever was read, the walk goes on.
            if self.at <= start {
                self.at = start + line.len();
            }
            self.next_line();
        }
        self
    }

    fn rest_of_line(&self) -> &'t str {
        let rest = &self.text[self.at..];
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        crate::work::looked(length);
        &rest[..length]
    }

    /// Goes behind the line break where one stands here.
    fn next_line(&mut self) {
        if self.text.as_bytes().get(self.at) == Some(&b'\n') {
            self.at += 1;
            self.line += 1;
        }
    }

    fn jump(&mut self, to: usize) {
        let breaks = memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..to]).count();
        self.line += breaks;
        self.at = to;
    }

    /// A command, a client's transcript or messages as on the wire: their own readers know them.
    fn region(&mut self, line: &'t str) -> bool {
        let Some(region) = region::at(self.text, self.at, line, self.depth, &mut self.fuel) else {
            return false;
        };
        for (number, (form, mut sighting)) in region.found.into_iter().enumerate() {
            sighting.line += self.line;
            self.form.get_or_insert(form);
            if let Some(agent) = sighting.sent.as_ref().and_then(|h| h.get("user-agent")) {
                self.names.agent(agent);
            }
            // Several of one region are several: their own reader has told them apart.
            if number == 0 {
                self.push(sighting);
            } else if self.found.len() < MOST {
                self.found.push(sighting);
            } else {
                self.full = true;
            }
        }
        self.mode = Mode::Plain;
        self.jump(region.end);
        true
    }

    fn one(&mut self, line: &'t str) {
        let text = line.trim();
        if text.is_empty() {
            self.blank();
            return;
        }
        if noise::is_frame(line) && !text.ends_with('{') {
            self.names.frame(text);
            return;
        }
        if noise::is_source_line(self.previous, line)
            || self.depth == 0 && noise::is_mail_head(text)
        {
            return;
        }
        if self.arrow(text) || self.label(line) {
            return;
        }
        if let Mode::Headers(side, whole) = self.mode {
            if self.header(text, side, whole) {
                return;
            }
            self.mode = Mode::Plain;
        }
        if self.lone_header(text) {
            return;
        }
        if self.mode == Mode::Body(Side::Answer) || self.mode == Mode::Body(Side::Request) {
            self.body_line(line);
            return;
        }
        // Of headings and of what a person tells, what they quote is kept. A line that names a call,
        // or on which an object begins that goes on, is evidence.
        let plain = self.depth == 0 && !text.starts_with('#') && !voice::is_person(text);
        match Aside::of(text).filter(|_| plain) {
            Some(Aside::Note) if opens(line) => self.mixed(line),
            Some(Aside::General) if has_request(line) => self.mixed(line),
            Some(Aside::General) => self.at += line.len(),
            Some(Aside::Note) => self.note(line),
            None => self.mixed(line),
        }
    }

    /// A line of which only a request and a status count.
    fn note(&mut self, line: &str) {
        let mut sighting = Sighting::at(self.line);
        self.facts(line, &mut sighting, true);
        self.pairs(line, &mut sighting);
        if sighting.body_weight <= NOTED {
            (sighting.body, sighting.body_weight) = (None, 0);
        }
        self.at += line.len();
        self.push(sighting);
    }

    fn blank(&mut self) {
        self.mode = match self.mode {
            Mode::Headers(Side::Answer, true) if self.form == Some("OkHttp log") => {
                Mode::Body(Side::Answer)
            }
            Mode::Headers(Side::Request, true) if self.form == Some("OkHttp log") => {
                Mode::Body(Side::Request)
            }
            Mode::Body(Side::Answer) if self.last_body_empty() => self.mode,
            _ => Mode::Plain,
        };
    }

    fn last_body_empty(&self) -> bool {
        self.found.last().is_none_or(|s| s.body_weight < 3)
    }

    /// Texts inside an object, which may be whole evidence themselves.
    fn nested(&mut self, texts: &[String], sighting: &mut Sighting, dump: bool) {
        if self.depth >= DEEPEST {
            return;
        }
        for text in texts
            .iter()
            .take(64)
            .filter(|t| t.len() > 2 && t.len() < 256 * 1024)
        {
            let inner = Scan::new(text, self.depth + 1).run();
            self.names.line(loose::clip(text, 2_000));
            for mut found in inner.found {
                if !dump {
                    found.told.clear();
                    found.body = None;
                    if found.url_weight < 4 {
                        found.url = None;
                        found.url_weight = 0;
                    }
                } else if found.body_weight >= 2 {
                    found.body_weight = found.body_weight.max(3);
                }
                found.entry = false;
                found.status_weight = found.status_weight.min(3);
                if sighting.fits(&found) {
                    sighting.merge(found);
                }
            }
        }
    }

    /// Adds a sighting: to the last one that it fits, else as a new one.
    fn push(&mut self, sighting: Sighting) {
        if sighting.is_empty() {
            return;
        }
        if self.found.len() >= MOST {
            self.full = true;
            return;
        }
        if let Some(last) = self.found.last_mut()
            && last.fits(&sighting)
        {
            last.merge(sighting);
            return;
        }
        let open = self.found.iter_mut().rev().take(8).find(|s| {
            s.status.is_none()
                && s.body.is_none()
                && s.has_request()
                && sighting.has_request()
                && s.fits(&sighting)
        });
        match open {
            Some(open) => open.merge(sighting),
            None => self.found.push(sighting),
        }
    }
}

/// Whether a line names a method with its URL.
fn has_request(line: &str) -> bool {
    let named = request::all(loose::clip(line, 4_096));
    named.iter().any(|asked| asked.weight >= 4)
}

/// Whether an object begins on a line that ends on another.
fn opens(line: &str) -> bool {
    line.matches('{').count() > line.matches('}').count()
}

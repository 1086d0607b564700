//! Walks a text line by line and gathers what each place tells.

use super::headers::{self, Side};
use super::loose::{self, Loose};
use super::product::Names;
use super::sighting::Sighting;
use super::{noise, object, region, request, status};
use crate::http::Headers;
use crate::input::words::request_line;

/// Texts inside texts are read so deep: an answer inside a log line inside a record.
const DEEPEST: usize = 4;
/// Telling text is kept up to this many bytes a request.
const TOLD: usize = 16 * 1024;
/// Of a line so many bytes are looked at for requests and statuses.
const LINE: usize = 64 * 1024;
/// So many requests of one text are told apart.
const MOST: usize = 100_000;

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
    pub(super) names: Names,
    pub(super) form: Option<&'static str>,
    pub(super) cut: bool,
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
            names: Names::default(),
            form: None,
            cut: false,
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
        &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
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
            sighting.line = self.line;
            self.form.get_or_insert(form);
            if let Some(agent) = sighting.sent.as_ref().and_then(|h| h.get("user-agent")) {
                self.names.agent(agent);
            }
            // Several of one region are several: their own reader has told them apart.
            if number == 0 {
                self.push(sighting);
            } else {
                self.found.push(sighting);
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
        self.mixed(line);
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

    /// `--> GET url`, `<-- 401 url (212ms)`: what `OkHttp`'s interceptor logs.
    fn arrow(&mut self, text: &str) -> bool {
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
    fn label(&mut self, line: &'t str) -> bool {
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

    fn headers_of(&mut self, value: &Loose, side: Side) {
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

    fn header(&mut self, text: &str, side: Side, whole: bool) -> bool {
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
    fn lone_header(&mut self, text: &str) -> bool {
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

    /// A line of a body that was announced: an object, or text up to the next blank line.
    fn body_line(&mut self, line: &str) {
        let Mode::Body(side) = self.mode else { return };
        let start = self.at + line.len() - line.trim_start().len();
        if let Some(read) = loose::read(self.text, start, &mut self.fuel) {
            let raw = &self.text[start..read.end];
            let mut sighting = Sighting::at(self.line);
            self.cut |= read.cut;
            if side == Side::Request {
                sighting.request_body = Some(raw.to_owned());
            } else {
                self.answer(&read.value, raw, &mut sighting);
            }
            self.jump(read.end);
            self.at += self.rest_of_line().len();
            self.mode = Mode::Plain;
            self.push(sighting);
            return;
        }
        let mut sighting = Sighting::at(self.line);
        if side == Side::Request {
            sighting.request_body = Some(line.trim().to_owned());
        } else {
            self.facts(line.trim(), &mut sighting, true);
            let fresh = self.last_body_empty();
            if let Some(last) = self.found.last_mut() {
                let body = last.body.get_or_insert_default();
                if fresh {
                    body.clear();
                }
                if body.len() < TOLD {
                    if !body.is_empty() {
                        body.push('\n');
                    }
                    body.push_str(line.trim());
                }
                last.body_weight = last.body_weight.max(3);
            } else {
                sighting.said(line.trim().to_owned(), 3);
            }
        }
        self.at += line.len();
        self.push(sighting);
    }

    /// An object that is said to be the answer's body: as it stands where it is JSON, else as JSON.
    fn answer(&mut self, value: &Loose, raw: &str, sighting: &mut Sighting) {
        let texts = object::take(value, Side::Answer, sighting);
        let body = if serde_json::from_str::<serde_json::Value>(raw).is_ok() {
            raw.to_owned()
        } else {
            value.json().to_string()
        };
        sighting.body = None;
        sighting.said(body, 4);
        self.nested(&texts, sighting, false);
    }

    /// A line of text with objects in it.
    fn mixed(&mut self, line: &'t str) {
        let line_end = self.at + line.len();
        let mut told_from = self.at;
        let mut looked = self.at;
        if self.depth == 0 && is_member(line) && self.naked() {
            return;
        }
        while let Some(start) = self.opening(looked, line_end) {
            let read = self.object_at(start);
            let Some((value, end, cut)) = read else {
                looked = start + 1;
                continue;
            };
            self.cut |= cut;
            let before = &self.text[told_from..start];
            let mut sighting = Sighting::at(self.line);
            self.prefix(before, &mut sighting);
            self.object(
                &value,
                before,
                &self.text[start..end.min(self.text.len())],
                &mut sighting,
            );
            self.push(sighting);
            if end > line_end {
                self.jump(end);
                let rest = self.rest_of_line();
                if rest
                    .trim_matches([' ', '\t', ')', ']', '}', ',', ';', '"', '\''])
                    .is_empty()
                {
                    self.at += rest.len();
                } else {
                    // What follows the object on its last line is read as a line of its own.
                    self.mixed(rest);
                }
                return;
            }
            told_from = end;
            looked = end;
        }
        let rest = &self.text[told_from..line_end];
        let mut sighting = Sighting::at(self.line);
        self.prefix(rest, &mut sighting);
        self.at = line_end;
        self.push(sighting);
    }

    /// The next place of the line where an object may open.
    fn opening(&self, from: usize, line_end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes().get(from..line_end)?;
        let at = memchr::memchr2(b'{', b'[', bytes)? + from;
        Some(
            if self.text[..at].ends_with("map")
                && bytes.get(at - from) == Some(&b'[')
                && at >= from + 3
            {
                at - 3
            } else {
                at
            },
        )
    }

    fn object_at(&mut self, start: usize) -> Option<(Loose, usize, bool)> {
        let rest = &self.text[start..];
        if rest.starts_with("{\\\"") || rest.starts_with("[{\\\"") {
            // An object inside a quoted text: read without its escapes, up to the end of the line.
            let line = loose::clip(rest, 256 * 1024);
            let line = &line[..line.find('\n').unwrap_or(line.len())];
            if self.fuel < line.len() {
                return None;
            }
            self.fuel -= line.len();
            let plain = line
                .replace("\\\\", "\\")
                .replace("\\\"", "\"")
                .replace("\\n", "\n");
            let read = loose::read(&plain, 0, &mut self.fuel)?;
            let consumed = escaped_length(line, read.end, &plain);
            return Some((read.value, start + consumed, read.cut));
        }
        let read = loose::read(self.text, start, &mut self.fuel)?;
        let holds = match &read.value {
            Loose::Map(_) => true,
            Loose::List(items) => {
                items
                    .iter()
                    .any(|i| matches!(i, Loose::Map(m) if !m.is_empty()))
                    || items.len() > 1
                        && items
                            .iter()
                            .all(|i| matches!(i, Loose::List(p) if p.len() == 2))
            }
            _ => false,
        };
        holds.then_some((read.value, read.end, read.cut))
    }

    /// Members at the start of a text whose opening brace was not copied.
    fn naked(&mut self) -> bool {
        let start = self.at + self.rest_of_line().len() - self.rest_of_line().trim_start().len();
        let Some(read) = loose::read_members(self.text, start, &mut self.fuel) else {
            return false;
        };
        let Loose::Map(members) = &read.value else {
            return false;
        };
        if members.len() < 2 {
            return false;
        }
        let mut sighting = Sighting::at(self.line);
        let raw = self.text[start..read.end].to_owned();
        self.object(&read.value, "", &raw, &mut sighting);
        self.cut = true;
        self.push(sighting);
        self.jump(read.end.max(self.at + 1).min(self.text.len()));
        self.at += self.rest_of_line().len();
        true
    }

    fn object(&mut self, value: &Loose, before: &str, raw: &str, sighting: &mut Sighting) {
        let called = called(before);
        if called == Some(Mode::Headers(Side::Request, true))
            || matches!(called, Some(Mode::Headers(..)))
        {
            let side = match called {
                Some(Mode::Headers(side, _)) => side,
                _ => Side::Unknown,
            };
            let list = headers::of(value);
            match headers::side(&list, side) {
                Side::Request => sighting.sent_with(list, false),
                _ => sighting.answered_by(&list),
            }
            return;
        }
        match called {
            Some(Mode::Body(Side::Request)) => sighting.request_body = Some(raw.to_owned()),
            Some(Mode::Body(Side::Answer)) => self.answer(value, raw, sighting),
            _ => {
                let texts = object::take(value, Side::Unknown, sighting);
                // The server's own bytes, where the object is the body.
                let same = |body: &str| {
                    let read = |text| serde_json::from_str::<serde_json::Value>(text).ok();
                    read(body).is_some_and(|value| Some(value) == read(raw))
                };
                if sighting.body.as_deref().is_some_and(same) {
                    sighting.body = Some(raw.to_owned());
                }
                if sighting.status.is_none() {
                    let named = status::all(loose::clip(raw, 4_000));
                    if let Some(best) = named
                        .into_iter()
                        .filter(|n| n.weight >= 3)
                        .max_by_key(|n| n.weight)
                    {
                        sighting.answered_with(best.code, best.weight - 1);
                    }
                }
                let dump = sighting.body.is_none() || sighting.body_weight == 1;
                self.nested(&texts, sighting, dump);
                if let Some(agent) = sighting.sent.as_ref().and_then(|h| h.get("user-agent")) {
                    self.names.agent(agent);
                }
            }
        }
    }

    /// Text before or after an object: its facts, its pairs, its words.
    fn prefix(&mut self, text: &str, sighting: &mut Sighting) {
        let bare = text.trim();
        if bare.is_empty() || bare.chars().all(|c| c.is_ascii_punctuation()) {
            return;
        }
        self.names.line(bare);
        self.facts(text, sighting, true);
        self.pairs(text, sighting);
        // A browser's reason is told; that it blocked the page is its own doing, not the server's.
        let said = bare
            .split_once("CORS policy: ")
            .map_or(bare, |(_, reason)| reason);
        sighting.told.push(said.to_owned());
    }

    /// Requests and statuses of a line of text. Further requests of the line are pushed as they are found.
    fn facts(&mut self, text: &str, sighting: &mut Sighting, own: bool) {
        let text = loose::clip(text, LINE);
        let asked = request::all(text);
        let mut named = status::all(text);
        for one in asked.iter().filter(|a| a.weight >= 4) {
            named.extend(status::behind(text, one.at.1));
        }
        let strong: Vec<_> = asked.iter().filter(|a| a.weight >= 4).collect();
        if let Some(failure) = failure_in(text) {
            sighting.failure = Some(failure);
        }
        if text.contains("preflight") && text.contains("CORS") {
            // The browser says that the preflight was what the server refused.
            sighting.method = Some("OPTIONS".to_owned());
            sighting.entry = true;
            self.form.get_or_insert("browser console");
        }
        let access = is_access(text);
        if access && own {
            sighting.access = true;
            sighting.entry = true;
            self.form.get_or_insert("log lines");
        }
        if strong.len() > 1 && own && strong.windows(2).any(|pair| pair[0].url != pair[1].url) {
            for (number, one) in strong.iter().enumerate() {
                let from = if number == 0 { 0 } else { one.at.0 };
                let to = strong.get(number + 1).map_or(text.len(), |next| next.at.0);
                let best = named
                    .iter()
                    .filter(|n| n.at >= from && n.at < to)
                    .max_by_key(|n| n.weight);
                let mut part = Sighting::at(self.line);
                part.asked(one.method.clone(), &one.url, one.weight);
                part.entry = true;
                if let Some(best) = best {
                    part.answered_with(best.code, best.weight);
                }
                if number + 1 == strong.len() {
                    sighting.merge(part);
                } else {
                    self.push(part);
                }
            }
            return;
        }
        if let Some(best) = asked
            .iter()
            .max_by_key(|a| (a.weight, std::cmp::Reverse(a.at.0)))
            .filter(|a| a.weight > 0)
        {
            let method =
                if sighting.method.as_deref() == Some("OPTIONS") && text.contains("preflight") {
                    None
                } else {
                    best.method.clone()
                };
            sighting.asked(method, &best.url, best.weight);
        }
        let asked_here = !strong.is_empty();
        let best = named
            .iter()
            .filter(|n| n.code >= 400 || asked_here && n.weight >= 2)
            .max_by_key(|n| (n.weight, n.code >= 400, std::cmp::Reverse(n.at)));
        if let Some(best) = best {
            sighting.answered_with(best.code, best.weight);
        }
    }

    /// `status=403, url=https://…, text=b'…'`: pairs of a log line or an exception.
    fn pairs(&mut self, text: &str, sighting: &mut Sighting) {
        let mut method = None;
        for (at, _) in text.match_indices('=').take(200) {
            let name: String = {
                let length = text[..at]
                    .bytes()
                    .rev()
                    .take_while(|b| b.is_ascii_alphanumeric() || b"_.-".contains(b))
                    .count();
                text[at - length..at].to_owned()
            };
            let plain: String = name
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_lowercase())
                .collect();
            let rest = &text[at + 1..];
            if plain.is_empty() || rest.starts_with(['=', '>', ' ']) {
                continue;
            }
            let value = pair_value(rest, &mut self.fuel);
            match plain.as_str() {
                "method" | "httprequestmethod" | "requestmethod" | "httpmethod" => {
                    method = Some(value.to_ascii_uppercase());
                }
                "url" | "uri" | "requesturl" | "requesturi" | "httprequesturi" | "path"
                | "httppath"
                    if request::is_target(&value) =>
                {
                    sighting.asked(None, &value, if value.starts_with('/') { 4 } else { 5 });
                }
                "host" | "httprequesthost" | "authority" if !value.is_empty() => {
                    sighting.base.get_or_insert(value);
                }
                "status" | "statuscode" | "httpstatus" | "responsecode" | "httpresponsestatus" => {
                    if let Some(code) = value.parse().ok().filter(|c| (100..600).contains(c)) {
                        sighting.answered_with(code, 4);
                    }
                }
                "text" | "body" | "responsebody" | "content" | "response" if value.len() > 4 => {
                    sighting.said(value, 4);
                }
                "msg" | "error" | "err" | "message" | "reason" if value.len() > 4 => {
                    sighting.said(value, 2);
                }
                "wwwauthenticate" => sighting.answered.push("www-authenticate", value),
                "useragent" | "httprequestuseragent" => self.names.agent(&value),
                _ => {}
            }
        }
        // nginx writes its error log's pairs with colons.
        if let Some((_, rest)) = text.split_once("host: \"") {
            sighting
                .base
                .get_or_insert(rest.split('"').next().unwrap_or_default().to_owned());
        }
        if let Some(method) = method.filter(|m| crate::http::METHODS.contains(&m.as_str())) {
            sighting.method.get_or_insert(method);
        }
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
        if sighting.is_empty() || self.found.len() >= MOST {
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

/// How many bytes of the escaped line the unescaped part took.
fn escaped_length(line: &str, plain_end: usize, plain: &str) -> usize {
    let wanted = plain[..plain_end].chars().count();
    let mut chars = line.char_indices();
    let mut seen = 0;
    while seen < wanted {
        match chars.next() {
            Some((_, '\\')) => {
                let mut ahead = chars.clone();
                if let Some((_, '"' | '\\' | 'n')) = ahead.next() {
                    chars = ahead;
                }
                seen += 1;
            }
            Some(_) => seen += 1,
            None => return line.len(),
        }
    }
    chars.next().map_or(line.len(), |(at, _)| at)
}

fn pair_value(rest: &str, fuel: &mut usize) -> String {
    let quoted = rest.trim_start_matches(['b', 'u']).starts_with(['"', '\'']);
    if quoted && let Some(read) = loose::read_value(rest, 0, fuel) {
        return read.value.plain().unwrap_or_default().to_owned();
    }
    let end = rest
        .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | '}' | ']'))
        .unwrap_or(rest.len());
    rest[..end].trim_matches(['"', '\'']).to_owned()
}

/// `"message": …` at the start of a line.
fn is_member(line: &str) -> bool {
    let text = line.trim_start();
    text.strip_prefix('"')
        .and_then(|t| t.split_once('"'))
        .is_some_and(|(name, rest)| {
            !name.is_empty() && name.len() < 60 && rest.trim_start().starts_with(':')
        })
}

/// A server's access line: the quoted request line, then a status.
fn is_access(text: &str) -> bool {
    text.split('"').any(|part| request_line(part).is_some())
        && text.matches('"').count() >= 2
        && !text.contains("http://")
        || text.contains("\" 40") && text.contains(" HTTP/") && text.contains("- - [")
}

fn is_challenge(text: &str) -> bool {
    ["Bearer ", "Basic ", "DPoP ", "Digest ", "Negotiate "]
        .iter()
        .any(|scheme| {
            text.strip_prefix(scheme).is_some_and(|rest| {
                [
                    "realm=",
                    "error=",
                    "scope=",
                    "error_description=",
                    "resource_metadata=",
                    "authorization_uri=",
                ]
                .iter()
                .any(|p| rest.starts_with(p))
            })
        })
}

/// Why no answer came, in the words of clients.
fn failure_in(text: &str) -> Option<String> {
    let lower = loose::clip(text, 2_000).to_ascii_lowercase();
    let refused = REFUSED_HEADERS.iter().find(|mark| lower.contains(**mark));
    if let Some(mark) = refused {
        // The value itself is a credential: that it was refused is what is told.
        return Some(format!("the client would not send a header: {mark}"));
    }
    let unanswered = [
        "net::err_",
        "could not resolve host",
        "econnrefused",
        "enotfound",
        "connection refused",
        "no such host",
        "getaddrinfo",
    ];
    unanswered
        .iter()
        .any(|mark| lower.contains(mark))
        .then(|| loose::clip(text.trim(), 300).to_owned())
}

/// What clients say where a header's value holds signs that no header may have (RFC 9110 §5.5).
const REFUSED_HEADERS: [&str; 11] = [
    "invalid header field value",
    "invalid header value",
    "invalid character in header",
    "illegal header value",
    "invalid leading whitespace, reserved character",
    "is an invalid header value",
    "new-line characters are not allowed in header",
    "in authorization value",
    "invalid http header value",
    "failed to parse header value",
    "invalid value for header",
];

/// What an object is called by the words right before it on its line.
fn called(before: &str) -> Option<Mode> {
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

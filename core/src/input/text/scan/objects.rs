//! Lines with printed objects in them, and the bodies that were announced.

use super::labels::called;
use super::{Mode, Scan, TOLD};
use crate::aside::is_calm_entry;
use crate::http::Unanswered;
use crate::input::text::headers::{self, Side};
use crate::input::text::loose::{self, Loose};
use crate::input::text::sighting::Sighting;
use crate::input::text::{object, status};
use serde_json::Value;

impl<'t> Scan<'t> {
    /// A line of a body that was announced: an object, or text up to the next blank line.
    pub(super) fn body_line(&mut self, line: &str) {
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
    pub(super) fn answer(&mut self, value: &Loose, raw: &str, sighting: &mut Sighting) {
        let texts = object::take(value, Side::Answer, sighting);
        let body = if serde_json::from_str::<Value>(raw).is_ok() {
            raw.to_owned()
        } else {
            value.json().to_string()
        };
        sighting.body = None;
        sighting.said(body, 4);
        self.nested(&texts, sighting, false);
    }

    /// A line of text with objects in it.
    pub(super) fn mixed(&mut self, line: &'t str) {
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
            self.prefix(before, &self.text[told_from..=start], &mut sighting);
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
        self.prefix(rest, rest, &mut sighting);
        self.at = line_end;
        self.push(sighting);
    }

    /// The next place of the line where an object may open.
    pub(super) fn opening(&self, from: usize, line_end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes().get(from..line_end)?;
        let rest = &self.text[from..];
        if bytes.trim_ascii_end().ends_with(b"Array")
            && rest[bytes.len()..].trim_start().starts_with("(\n")
        {
            return Some(from + bytes.trim_ascii_end().len() - "Array".len());
        }
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

    pub(super) fn object_at(&mut self, start: usize) -> Option<(Loose, usize, bool)> {
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
    pub(super) fn naked(&mut self) -> bool {
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

    pub(super) fn object(
        &mut self,
        value: &Loose,
        before: &str,
        raw: &str,
        sighting: &mut Sighting,
    ) {
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
                    let read = |text| serde_json::from_str::<Value>(text).ok();
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
                if sighting.status.is_none() && is_failure(raw) {
                    sighting.body = None;
                    sighting.failure = Some(loose::clip(raw.trim(), 300).to_owned());
                    return;
                }
                let told = sighting.status.is_some() || sighting.has_request();
                if self.depth == 0 && !told && is_calm(value) {
                    (sighting.body, sighting.body_weight) = (None, 0);
                    return;
                }
                let dump = sighting.body.is_none() || sighting.body_weight == 1;
                self.nested(&texts, sighting, dump);
                if let Some(agent) = sighting.sent.as_ref().and_then(|h| h.get("user-agent")) {
                    self.names.agent(agent);
                }
            }
        }
    }
}

/// Whether it is an entry of a log that notes that all is well.
fn is_calm(value: &Loose) -> bool {
    let Loose::Map(members) = value else {
        return false;
    };
    let texts = members.iter();
    is_calm_entry(texts.filter_map(|(name, own)| Some((&**name, own.plain()?))))
}

/// Whether a client printed why it got no answer, as `{ code: 'ECONNRESET', … }`. An answer would be JSON, and would not
/// have a number of the client's system as its code.
fn is_failure(raw: &str) -> bool {
    let raw = loose::clip(raw, 4_000);
    let errno = |value: &Value| {
        let code = value.get("code").and_then(Value::as_str);
        code.is_some_and(|code| code.starts_with('E') && Unanswered::of(code).is_some())
    };
    Unanswered::of(raw).is_some()
        && serde_json::from_str::<Value>(raw).map_or(true, |value| errno(&value))
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

/// `"message": …` at the start of a line.
fn is_member(line: &str) -> bool {
    let text = line.trim_start();
    text.strip_prefix('"')
        .and_then(|t| t.split_once('"'))
        .is_some_and(|(name, rest)| {
            !name.is_empty() && name.len() < 60 && rest.trim_start().starts_with(':')
        })
}

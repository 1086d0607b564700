//! What a server said, cut into clauses with their places: members of JSON, sentences, lines, the text between tags.

use super::line::{class, is_read, without_logger};
use super::text::{plain, unescaped};
use super::vocabulary::{Vocabulary, word};
use crate::aside::{Aside, is_calm_entry};
use serde_json::Value;

/// What a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One identifier that is a whole value: `invalid_token`, `TOKEN_EXPIRED`.
    Code,
    /// Words of a sentence.
    Prose,
    /// The name of a member.
    Key,
    /// The name of an exception before what it says: `JWT::DecodeError: …`.
    Class,
}

/// Words that are read together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Where it stands: a JSON pointer inside the passage, or the passage itself.
    pub place: String,
    /// What it is.
    pub role: Role,
    /// The text as it was said.
    pub text: String,
    /// Its words; `:`, `,` and brackets stand for themselves.
    pub words: Vec<String>,
    /// Whether it counts only where something else tells that a request was refused.
    pub aside: bool,
}

/// So many clauses of one answer are read, so many words of one clause, so deep into JSON.
const MOST_CLAUSES: usize = 96;
const MOST_WORDS: usize = 64;
const DEEPEST: usize = 12;

/// So many characters of a clause are kept as they were said.
const LONGEST_TEXT: usize = 160;

/// Members that hold no words about a refusal: where, when, and the program's own insides.
const UNREAD: [&str; 29] = [
    "path",
    "instance",
    "timestamp",
    "time",
    "date",
    "url",
    "uri",
    "href",
    "links",
    "_links",
    "documentation_url",
    "doc_url",
    "docs",
    "help_url",
    "trace",
    "stack",
    "stacktrace",
    "stack_trace",
    "request_id",
    "requestid",
    "trace_id",
    "traceid",
    "correlation_id",
    "method",
    "host",
    "sub",
    "iss",
    "jti",
    "version",
];

/// Clauses in the order in which they were said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clauses {
    list: Vec<Clause>,
    /// Whether a text is read that is no member of an answer.
    plain: bool,
    /// Whether what is read now is no answer.
    aside: bool,
}

impl Clauses {
    /// The clauses.
    pub fn list(&self) -> &[Clause] {
        &self.list
    }

    /// Adds what stands at a place: JSON, markup or text.
    pub fn add(&mut self, place: &str, text: &str) {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with(['{', '[', '"'])
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            self.json(place, &value, 0);
            return;
        }
        self.plain = true;
        match text.contains('<') {
            true => self.text(place, text),
            false => self.value(place, text, 0),
        }
        self.plain = false;
    }

    /// Adds a JSON value that was read already.
    pub fn add_json(&mut self, place: &str, value: &Value) {
        self.json(place, value, 0);
    }

    /// Adds a value that was said as a parameter: of a challenge, of a query.
    pub fn add_value(&mut self, place: &str, text: &str) {
        self.value(place, text, 0);
    }

    fn json(&mut self, place: &str, value: &Value, depth: usize) {
        if depth > DEEPEST || self.is_full() {
            return;
        }
        match value {
            Value::String(text) => self.value(place, text, depth),
            Value::Array(items) => items
                .iter()
                .take(8)
                .for_each(|item| self.json(place, item, depth + 1)),
            Value::Object(members) => {
                let outer = self.aside;
                let texts = members.iter();
                let texts = texts.filter_map(|(name, own)| Some((&**name, own.as_str()?)));
                self.aside |= is_calm_entry(texts);
                for (name, member) in members {
                    let number = name.eq_ignore_ascii_case("id") && !is_name(member);
                    if number || UNREAD.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                        continue;
                    }
                    let inside = format!("{place}/{name}");
                    self.key(&inside, name, member);
                    self.json(&inside, member, depth + 1);
                }
                self.aside = outer;
            }
            _ => {}
        }
    }

    fn key(&mut self, place: &str, name: &str, member: &Value) {
        let mut words = Vec::new();
        match name.contains([' ', '/']) {
            true => return,
            false => word::push(name, true, &mut words),
        }
        if let Value::Bool(flag) = member {
            words.push(flag.to_string());
        }
        if words.len() > 1 {
            self.put(place, Role::Key, name, words);
        }
    }

    fn value(&mut self, place: &str, text: &str, depth: usize) {
        let text = text.trim();
        if depth < 3
            && text.starts_with('{')
            && let Ok(inner) = serde_json::from_str::<Value>(text)
        {
            self.json(place, &inner, depth + 4);
            return;
        }
        if text.contains(char::is_whitespace) || text.chars().count() > 80 {
            self.text(place, text);
            return;
        }
        let code = match text.split_once("://") {
            // A problem type (RFC 9457 §3.1.1) ends in its name.
            Some((_, path)) => match path.trim_end_matches('/').rsplit_once('/') {
                Some((_, name)) if name.contains(['-', '_']) => name,
                _ => return,
            },
            None => text,
        };
        let mut words = Vec::new();
        word::push(
            code.trim_matches(|c: char| !c.is_alphanumeric()),
            true,
            &mut words,
        );
        if let [whole] = words.as_slice()
            && let Some(parts) = Vocabulary::shipped().parted(whole)
        {
            words = parts;
        }
        self.put(place, Role::Code, text, words);
    }

    /// Adds text whose markup was taken off: a page's.
    pub fn add_lines(&mut self, place: &str, text: &str) {
        self.lines(place, &unescaped(text));
    }

    fn text(&mut self, place: &str, text: &str) {
        self.lines(place, &plain(text));
    }

    fn lines(&mut self, place: &str, text: &str) {
        for line in text.lines() {
            if self.is_full() {
                return;
            }
            let line = without_logger(line.trim_start());
            if !is_read(line) {
                continue;
            }
            let outer = self.aside;
            self.aside |= self.plain && Aside::of(line).is_some();
            match class(line) {
                Some((name, rest)) => {
                    self.put(place, Role::Class, name, class_words(name));
                    self.line(place, rest);
                }
                None => self.line(place, line),
            }
            self.aside = outer;
        }
    }

    fn line(&mut self, place: &str, line: &str) {
        let mut words = Vec::new();
        let mut start = 0;
        for (at, chunk) in chunks(line) {
            let end = at + chunk.len();
            if matches!(
                chunk,
                "=" | "-" | "--" | "|" | "–" | "—" | "·" | "=>" | "->"
            ) {
                words.push(":".to_owned());
                continue;
            }
            let bare = chunk.trim_matches(|c: char| {
                !c.is_alphanumeric() && !matches!(c, '/' | '_' | '<' | '>')
            });
            let bare = bare.trim_matches(['<', '>', '_']);
            let tail = &chunk[chunk.rfind(|c: char| c.is_alphanumeric()).map_or(0, |i| i)..];
            if bare.is_empty() {
                continue;
            }
            if chunk.starts_with(['(', '[']) {
                words.push("(".to_owned());
            }
            word::push(bare, false, &mut words);
            let stops = tail.contains([';', '。', '；', '！'])
                || tail.contains(['.', '!', '?']) && !matches!(bare, "e.g" | "i.e" | "etc" | "vs");
            if stops || words.len() >= MOST_WORDS {
                self.put(
                    place,
                    Role::Prose,
                    &line[start..end],
                    std::mem::take(&mut words),
                );
                if self.is_full() {
                    return;
                }
                start = end;
            } else if tail.contains([':', '|', '：']) {
                words.push(":".to_owned());
            } else if tail.contains([')', ']']) {
                words.push(")".to_owned());
            } else if tail.contains([',', '，', '、']) {
                words.push(",".to_owned());
            }
        }
        self.put(place, Role::Prose, &line[start..], words);
    }

    fn is_full(&self) -> bool {
        self.list.len() >= MOST_CLAUSES
    }

    fn put(&mut self, place: &str, role: Role, text: &str, words: Vec<String>) {
        if words.is_empty() || self.is_full() {
            return;
        }
        let text = text.trim();
        let end = text.char_indices().nth(LONGEST_TEXT);
        let text = text[..end.map_or(text.len(), |(end, _)| end)].to_owned();
        let place = place.to_owned();
        self.list.push(Clause {
            place,
            role,
            text,
            words,
            aside: self.aside,
        });
    }
}

/// The words of an exception's name. `MongoServerError` is an error that a server reported, and no fault of the server as
/// `InternalServerError` is.
fn class_words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    word::push(name, true, &mut words);
    if let [.., owner, server, _] = words.as_slice()
        && server == "server"
        && owner != "internal"
    {
        words.remove(words.len() - 2);
    }
    words
}

/// Chunks between blanks, with their places; sentences of scripts without blanks are parted at their full stops.
fn chunks(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split_whitespace()
        .flat_map(|chunk| chunk.split_inclusive(['。', '；', '！', '，', '：', '、']))
        .map(|chunk| (chunk.as_ptr() as usize - line.as_ptr() as usize, chunk))
}

/// Whether an `id` is the name of an error (`session_aal2_required`, `api.context.session_expired`) and no number.
fn is_name(id: &Value) -> bool {
    let words = |id: &str| {
        id.split(['_', '.', '-'])
            .filter(|word| word.len() > 2 && word.bytes().all(|b| b.is_ascii_alphabetic()))
            .count()
    };
    id.as_str().is_some_and(|id| words(id) > 1)
}

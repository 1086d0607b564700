//! What a server said, cut into clauses with their places: members of JSON, sentences, lines, the text between tags.

use super::word;
use serde_json::Value;
use std::borrow::Cow;

/// What a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One identifier that is a whole value: `invalid_token`, `TOKEN_EXPIRED`.
    Code,
    /// Words of a sentence.
    Prose,
    /// The name of a member.
    Key,
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
    /// Its words; `:` and `,` stand for themselves.
    pub words: Vec<String>,
}

/// So many clauses of one answer are read, so many words of one clause, so deep into JSON.
const MOST_CLAUSES: usize = 96;
const MOST_WORDS: usize = 64;
const DEEPEST: usize = 12;

/// Members that hold no words about a refusal: where, when, and the program's own insides.
const UNREAD: [&str; 30] = [
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
    "id",
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
        self.text(place, text);
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
        if depth > DEEPEST || self.list.len() >= MOST_CLAUSES {
            return;
        }
        match value {
            Value::String(text) => self.value(place, text, depth),
            Value::Array(items) => items
                .iter()
                .take(8)
                .for_each(|item| self.json(place, item, depth + 1)),
            Value::Object(members) => {
                for (name, member) in members {
                    if UNREAD.iter().any(|own| own.eq_ignore_ascii_case(name)) {
                        continue;
                    }
                    let inside = format!("{place}/{name}");
                    self.key(&inside, name, member);
                    self.json(&inside, member, depth + 1);
                }
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
        self.put(place, Role::Code, text, words);
    }

    fn text(&mut self, place: &str, text: &str) {
        let text = plain(text);
        for line in text.lines() {
            if !is_frame(line.trim_start()) {
                self.line(place, line);
            }
        }
    }

    fn line(&mut self, place: &str, line: &str) {
        let mut words = Vec::new();
        let mut start = 0;
        for (at, chunk) in chunks(line) {
            let end = at + chunk.len();
            if matches!(chunk, "-" | "--" | "|" | "–" | "—" | "·" | "=>" | "->") {
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
                words.push(":".to_owned());
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
                start = end;
            } else if tail.contains([':', '|', '：', ')', ']']) {
                words.push(":".to_owned());
            } else if tail.contains([',', '，', '、']) {
                words.push(",".to_owned());
            }
        }
        self.put(place, Role::Prose, &line[start..], words);
    }

    fn put(&mut self, place: &str, role: Role, text: &str, words: Vec<String>) {
        if words.is_empty() || self.list.len() >= MOST_CLAUSES {
            return;
        }
        let text = text.trim().chars().take(160).collect();
        let place = place.to_owned();
        self.list.push(Clause {
            place,
            role,
            text,
            words,
        });
    }
}

/// Chunks between blanks, with their places; sentences of scripts without blanks are parted at their full stops.
fn chunks(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split_whitespace()
        .flat_map(|chunk| chunk.split_inclusive(['。', '；', '！', '，', '：', '、']))
        .map(|chunk| (chunk.as_ptr() as usize - line.as_ptr() as usize, chunk))
}

/// A frame of a stack trace.
fn is_frame(line: &str) -> bool {
    line.starts_with("at ") && line.contains(['(', '/', ':'])
        || line.starts_with("File \"")
        || line.starts_with("Traceback ")
        || line.starts_with("goroutine ")
        || line.starts_with("... ")
}

/// The text without escapes and markup, and with the members of JSON inside it on lines of their own.
fn plain(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains('\\') {
        let unescaped = text
            .replace("\\r", " ")
            .replace("\\n", "\n")
            .replace("\\t", " ")
            .replace("\\\"", "\"")
            .replace("\\/", "/");
        text = Cow::Owned(unescaped);
    }
    if text.contains("{\"") || text.contains("{'") || text.contains("[{") {
        text = Cow::Owned(members_apart(&text));
    }
    if text.contains('<') {
        text = Cow::Owned(without_markup(&text));
    }
    text
}

fn members_apart(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let near =
        |at: Option<&char>| at.is_some_and(|c| matches!(c, '{' | '}' | '[' | ']' | ',' | ':'));
    let mut out = String::with_capacity(text.len());
    for (at, c) in letters.iter().enumerate() {
        let quote = matches!(c, '"' | '\'');
        let before = at.checked_sub(1).and_then(|i| letters.get(i));
        let before = if before == Some(&' ') {
            at.checked_sub(2).and_then(|i| letters.get(i))
        } else {
            before
        };
        if quote && (near(before) || near(letters.get(at + 1))) {
            out.push('\n');
        } else {
            out.push(*c);
        }
    }
    out
}

/// Tags that stand inside a sentence.
const INLINE: [&str; 10] = [
    "b", "i", "em", "strong", "a", "code", "span", "u", "tt", "small",
];

/// Tags that need no end.
const ALONE: [&str; 12] = [
    "br", "hr", "p", "li", "meta", "link", "img", "input", "td", "tr", "html", "body",
];

fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let Some(end) = after.find('>').filter(|_| {
            after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '!' | '?'))
        }) else {
            out.push(' ');
            rest = after;
            continue;
        };
        let tag = &after[..end];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let name = name.to_ascii_lowercase();
        rest = &after[end + 1..];
        // A stand-in such as `<redacted>` is part of its sentence.
        let stand_in = !tag.starts_with(['/', '!', '?'])
            && !ALONE.contains(&name.as_str())
            && !rest.contains(&format!("</{}", tag.split(' ').next().unwrap_or_default()));
        if stand_in {
            out.push_str(" <name> ");
            continue;
        }
        if matches!(name.as_str(), "script" | "style") && !tag.starts_with('/') {
            let close = format!("</{name}");
            rest = rest.find(&close).map_or("", |at| &rest[at..]);
        }
        out.push(if INLINE.contains(&name.as_str()) {
            ' '
        } else {
            '\n'
        });
    }
    out.push_str(rest);
    for (entity, text) in [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, text);
        }
    }
    out
}

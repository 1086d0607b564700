//! Objects as programs print them: JSON, JavaScript inspect, Python and Ruby repr, Go maps, Java's `toString`; cut ones too.

use serde_json::{Map as JsonMap, Value};

/// Objects nest so deep at most; what lies deeper is passed over.
const DEEPEST: usize = 40;

/// A printed value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Loose {
    /// Text that stood in quotes.
    Text(String),
    /// Text without quotes: numbers, words, what could not be read.
    Bare(String),
    /// A list or tuple.
    List(Vec<Loose>),
    /// Names and values in their order; a value without a name has an empty one.
    Map(Vec<(String, Loose)>),
}

/// A value that was read, and where it ended.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) value: Loose,
    /// The first byte after it.
    pub(super) end: usize,
    /// Whether the text ended before the value did.
    pub(super) cut: bool,
}

impl Loose {
    /// As text, where it is no list and no map.
    pub(super) fn plain(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Some(text),
            Self::List(items) if items.len() == 1 => items[0].plain(),
            _ => None,
        }
    }

    /// As JSON.
    pub(super) fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Bare(text) => bare(text),
            Self::List(items) => Value::Array(items.iter().map(Self::json).collect()),
            Self::Map(members) => {
                let mut out = JsonMap::new();
                for (name, value) in members {
                    let name = if name.is_empty() { "message" } else { name };
                    out.entry(name.to_owned()).or_insert_with(|| value.json());
                }
                Value::Object(out)
            }
        }
    }
}

fn bare(text: &str) -> Value {
    match text {
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        "null" | "None" | "nil" | "undefined" | "NULL" => Value::Null,
        _ => serde_json::from_str::<serde_json::Number>(text)
            .map_or_else(|_| Value::String(text.to_owned()), Value::Number),
    }
}

/// Reads the object, list or call whose opening sign stands at `at`; `None` where none does. `fuel` bounds the bytes that
/// failed attempts may cost.
pub(super) fn read(text: &str, at: usize, fuel: &mut usize) -> Option<Read> {
    attempt(text, at, fuel, |reader| {
        let value = reader.value(0)?;
        matches!(value, Loose::Map(_) | Loose::List(_)).then_some(value)
    })
}

/// Reads one value of any kind at `at`.
pub(super) fn read_value(text: &str, at: usize, fuel: &mut usize) -> Option<Read> {
    attempt(text, at, fuel, |reader| reader.value(0))
}

/// Reads members whose opening brace was cut off: `"message": "…",` and on.
pub(super) fn read_members(text: &str, at: usize, fuel: &mut usize) -> Option<Read> {
    attempt(text, at, fuel, |reader| reader.map(0, true))
}

fn attempt(
    text: &str,
    at: usize,
    fuel: &mut usize,
    read: impl FnOnce(&mut Reader<'_>) -> Option<Loose>,
) -> Option<Read> {
    if *fuel == 0 {
        return None;
    }
    let mut reader = Reader {
        text,
        at,
        spent: 0,
        cut: false,
    };
    let value = read(&mut reader);
    let wasted = if value.is_none() {
        reader.at - at + 1
    } else {
        0
    };
    *fuel = fuel.saturating_sub(reader.spent + wasted);
    Some(Read {
        value: value?,
        end: reader.at,
        cut: reader.cut,
    })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Bytes looked at in vain.
    spent: usize,
    cut: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn eat(&mut self, word: &str) -> bool {
        let fits = self.rest().starts_with(word);
        if fits {
            self.at += word.len();
        }
        fits
    }

    fn value(&mut self, depth: usize) -> Option<Loose> {
        if depth > DEEPEST {
            return None;
        }
        self.blanks();
        if self.rest().starts_with("<ref ") {
            let skip = self.rest().find('>').map_or(0, |end| end + 1);
            self.at += skip;
            self.blanks();
        }
        match self.peek()? {
            b'"' | b'\'' | b'`' => self.quoted().map(Loose::Text),
            b'{' => {
                self.at += 1;
                self.map(depth, false)
            }
            b'%' if self.rest().starts_with("%{") => {
                self.at += 2;
                self.map(depth, false)
            }
            // `[Object: null prototype] {…}` of JavaScript.
            b'[' if self.opens_after_class() => self.map(depth, false),
            b'[' => {
                self.at += 1;
                self.list(b']', depth)
            }
            b'(' => {
                self.at += 1;
                self.list(b')', depth)
            }
            _ => self.word(depth),
        }
    }

    /// A quoted text; one that is not closed ends with its line.
    fn quoted(&mut self) -> Option<String> {
        let quote = char::from(self.peek()?);
        self.at += 1;
        let start = self.at;
        let mut out = String::new();
        let mut chars = self.text[start..].char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.at = start + offset + 1;
                    return Some(out);
                }
                '\\' => match chars.next() {
                    Some((_, escaped)) => unescape(escaped, &mut chars, &mut out),
                    None => break,
                },
                c => out.push(c),
            }
        }
        self.spent += self.text.len() - start;
        self.cut = true;
        let line = self.text[start..].find('\n');
        self.at = line.map_or(self.text.len(), |end| start + end);
        let end = out.find('\n').unwrap_or(out.len());
        out.truncate(end);
        Some(out)
    }

    /// `Name {…}`, `Name(…)`, `Object [Name] {…}`, `map[…]`, `b'…'`, or a word.
    fn word(&mut self, depth: usize) -> Option<Loose> {
        let start = self.at;
        let name = self
            .rest()
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_.$@#:%\\".contains(b))
            .count();
        self.at += name;
        let named = &self.text[start..self.at];
        let next = self.peek();
        if name > 0 && name <= 2 && matches!(next, Some(b'"' | b'\'')) {
            return self.quoted().map(Loose::Text);
        }
        if named == "map" && self.eat("[") {
            return self.go_map(depth);
        }
        if name > 0 && next == Some(b'{') {
            self.at += 1;
            return self.map(depth, false);
        }
        if name > 0 && next == Some(b'(') {
            self.at += 1;
            return self.call(depth);
        }
        if name > 0 && next == Some(b' ') && self.opens_after_name() {
            return self.map(depth, false);
        }
        self.at = start;
        let text = self.bare();
        (!text.is_empty()).then_some(Loose::Bare(text))
    }

    /// `[Object: null prototype] {`: stands after the brace then.
    fn opens_after_class(&mut self) -> bool {
        let near = clip(self.rest(), 80);
        let Some(end) = near.find("] {") else {
            return false;
        };
        let opens = near[1..end]
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ": _".contains(c));
        if opens {
            self.at += end + 3;
        }
        opens
    }

    /// ` {` or ` [Name] {` behind a name, on the same line: stands after the brace then.
    fn opens_after_name(&mut self) -> bool {
        let rest = clip(self.rest(), 120);
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let after = line.trim_start();
        let after = match after.strip_prefix('[').and_then(|t| t.split_once("] ")) {
            Some((inner, after)) if inner.len() < 60 => after,
            _ => after,
        };
        let opens = after.starts_with('{') && !after.starts_with("{…");
        if opens {
            self.at += line.len() - after.len() + 1;
        }
        opens
    }

    /// `Name(…)`: one value inside is the value itself; a text with attributes is the text.
    fn call(&mut self, depth: usize) -> Option<Loose> {
        let mut members = Vec::new();
        loop {
            self.separators();
            match self.peek() {
                None => {
                    self.cut = true;
                    break;
                }
                Some(b')') => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            let before = self.at;
            let name = self.name().unwrap_or_default();
            members.push((name, self.value(depth + 1)?));
            if self.at == before {
                return None;
            }
        }
        Some(match members.as_slice() {
            [] => Loose::Bare(String::new()),
            [(name, value)] if name.is_empty() => value.clone(),
            [(name, Loose::Text(text)), ..] if name == "string" => Loose::Text(text.clone()),
            _ if members.iter().all(|(name, _)| name.is_empty()) => {
                Loose::List(members.into_iter().map(|(_, value)| value).collect())
            }
            _ => Loose::Map(members),
        })
    }

    /// `map[Key:[a b] Other:c]` after its opening bracket.
    fn go_map(&mut self, depth: usize) -> Option<Loose> {
        let mut members = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None => {
                    self.cut = true;
                    break;
                }
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            let rest = self.rest();
            let length = rest.find([':', ' ', ']', '\n'])?;
            if rest.as_bytes()[length] != b':' || length == 0 {
                return None;
            }
            let name = rest[..length].trim_matches('"').to_owned();
            self.at += length + 1;
            let value = if self.peek() == Some(b'[') {
                let rest = &self.rest()[1..];
                let found = rest.find(']');
                let end = found.unwrap_or(rest.len());
                let inner = rest[..end].trim_matches('"').to_owned();
                self.at += 1 + (end + 1).min(rest.len());
                self.cut |= found.is_none();
                Loose::Text(inner)
            } else if self.rest().starts_with("map[") {
                self.at += 4;
                self.go_map(depth + 1).filter(|_| depth < DEEPEST)?
            } else {
                let rest = self.rest();
                let end = rest.find([' ', ']', '\n']).unwrap_or(rest.len());
                let text = rest[..end].to_owned();
                self.at += end;
                Loose::Bare(text)
            };
            members.push((name, value));
        }
        (!members.is_empty()).then_some(Loose::Map(members))
    }

    fn separators(&mut self) {
        while let Some(b) = self.peek() {
            if b.is_ascii_whitespace() || matches!(b, b',' | b';') {
                self.at += 1;
            } else if self.rest().starts_with('…') {
                self.step();
            } else if self.rest().starts_with("...") {
                self.at += 3;
            } else {
                break;
            }
        }
    }

    /// A member's name with its `:`, `=>` or `=`; nothing is consumed where there is none.
    fn name(&mut self) -> Option<String> {
        let start = self.at;
        let name = match self.peek()? {
            b'"' | b'\'' => {
                let near = clip(self.rest(), 300);
                let line = &near[..near.find('\n').unwrap_or(near.len())];
                let quote = char::from(self.peek()?);
                if !line[1..].contains(quote) {
                    return None;
                }
                self.quoted()?
            }
            // `[Symbol(timeout)]: …` of JavaScript.
            b'[' => {
                let near = clip(self.rest(), 120);
                let inner = near.find("]:").map(|end| near[1..end].to_owned())?;
                if inner.contains(['\n', '[', '{', ',']) {
                    return None;
                }
                self.at += inner.len() + 2;
                inner
            }
            _ => {
                let length = self
                    .rest()
                    .bytes()
                    .take_while(|b| b.is_ascii_alphanumeric() || b"_.$@-".contains(b) || *b >= 0x80)
                    .count();
                // Ruby's symbols carry their colon in front.
                let symbol = self.rest().starts_with(':') && length == 0;
                self.at += usize::from(symbol);
                let length = if symbol {
                    self.rest()
                        .bytes()
                        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
                        .count()
                } else {
                    length
                };
                let name = self.rest().get(..length).map(str::to_owned);
                self.at += length;
                name.filter(|n| !n.is_empty()).unwrap_or_default()
            }
        };
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let separated = !name.is_empty()
            && (self.eat("=>")
                || !self.rest().starts_with("::") && self.eat(":")
                || !self.rest().starts_with("==") && self.eat("="));
        if separated {
            return Some(name);
        }
        self.at = start;
        None
    }

    /// Members up to the closing brace; `open` where the opening one was cut off.
    fn map(&mut self, depth: usize, open: bool) -> Option<Loose> {
        let (mut members, mut strays) = (Vec::new(), 0_usize);
        loop {
            self.separators();
            let Some(b) = self.peek() else {
                self.cut = true;
                break;
            };
            if b == b'}' {
                self.at += 1;
                break;
            }
            let before = self.at;
            if let Some(name) = self.name() {
                let value = if self.peek() == Some(b'\n') && !open {
                    self.value(depth + 1)
                } else {
                    while matches!(self.peek(), Some(b' ' | b'\t')) {
                        self.at += 1;
                    }
                    match self.peek() {
                        Some(b',' | b'}' | b'\n' | b'\r') | None => {
                            Some(Loose::Bare(String::new()))
                        }
                        _ => self.value(depth + 1),
                    }
                };
                let value = value?;
                // What follows a value on its line is a program's expression: the value is not known then.
                if self.joined() {
                    self.bare();
                } else {
                    members.push((name, value));
                }
            } else if open {
                self.at = before;
                break;
            } else if is_frame(self.rest()) {
                self.skip_line();
            } else if matches!(b, b']' | b')') {
                strays += 1;
                self.at += 1;
            } else {
                match self.value(depth + 1)? {
                    Loose::Bare(_) => strays += 1,
                    value => members.push((String::new(), value)),
                }
            }
            if self.at == before || strays > 2 + 2 * members.len() {
                return None;
            }
        }
        let named = members.iter().filter(|(name, _)| !name.is_empty()).count();
        if named == 0 && members.len() > 1 {
            return Some(Loose::List(members.into_iter().map(|(_, v)| v).collect()));
        }
        if named == 0 && (depth == 0 || strays > 0) && !members.is_empty() || open && named == 0 {
            return None;
        }
        if strays > named + 1 || depth == 0 && named == 0 {
            return None;
        }
        Some(Loose::Map(members))
    }

    /// Whether an expression goes on behind the value.
    fn joined(&mut self) -> bool {
        let rest = self.rest().trim_start_matches([' ', '\t']);
        rest.starts_with("+ ") || rest.starts_with("+\n") || rest.starts_with(". $")
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        // A frame that ends with a brace opens the object that belongs to its error.
        let line = rest.find('\n').unwrap_or(rest.len());
        let brace = rest[..line].trim_end().ends_with('{');
        self.at += if brace {
            rest[..line].rfind('{').unwrap_or(line) + 1
        } else {
            line
        };
    }

    fn list(&mut self, close: u8, depth: usize) -> Option<Loose> {
        let mut items = Vec::new();
        loop {
            self.separators();
            let Some(b) = self.peek() else {
                self.cut = true;
                break;
            };
            if b == close {
                self.at += 1;
                break;
            }
            if matches!(b, b'}' | b']' | b')') {
                return None;
            }
            let before = self.at;
            items.push(self.value(depth + 1)?);
            if self.at == before {
                return None;
            }
        }
        Some(Loose::List(items))
    }

    /// A word or phrase up to the sign that ends it; a comma inside a phrase (`Mon, 01 Jan`) does not.
    fn bare(&mut self) -> String {
        let start = self.at;
        let (mut round, mut square) = (0_usize, 0_usize);
        while let Some(b) = self.peek() {
            match b {
                b'\n' | b'}' => break,
                b']' if square == 0 => break,
                b']' => square -= 1,
                b'[' => square += 1,
                b'(' => round += 1,
                b')' if round == 0 => break,
                b')' => round -= 1,
                b',' | b';' if round == 0 && self.ends_member() => break,
                _ => {}
            }
            self.step();
        }
        self.text[start..self.at].trim().to_owned()
    }

    /// Whether a comma separates: the next member or line follows.
    fn ends_member(&self) -> bool {
        let rest = self.rest()[1..].trim_start_matches([' ', '\t']);
        let Some(first) = rest.chars().next() else {
            return true;
        };
        if matches!(
            first,
            '\n' | '\r' | '"' | '\'' | '{' | '[' | '}' | ']' | ')' | '…' | ':'
        ) {
            return true;
        }
        let name = rest
            .bytes()
            .take(80)
            .take_while(|b| b.is_ascii_alphanumeric() || b"_-.$@".contains(b))
            .count();
        let after = rest[name..].trim_start_matches(' ');
        name > 0 && after.starts_with([':', '=', '{', '(', ',', ']', '}', '\n']) || name == 0
    }
}

fn unescape(c: char, chars: &mut std::str::CharIndices<'_>, out: &mut String) {
    match c {
        'n' => out.push('\n'),
        'r' => out.push('\r'),
        't' => out.push('\t'),
        'u' | 'x' => {
            let most = if c == 'u' { 4 } else { 2 };
            let digits: String = chars.clone().take(most).map(|(_, c)| c).collect();
            match u32::from_str_radix(&digits, 16) {
                Ok(code) if digits.len() == most => {
                    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    for _ in 0..most {
                        chars.next();
                    }
                }
                _ => out.push(c),
            }
        }
        '\n' => {}
        other => out.push(other),
    }
}

/// Whether a stack frame stands here.
fn is_frame(rest: &str) -> bool {
    rest.starts_with("at ") || rest.starts_with("... ")
}

/// The first so many bytes, at a character's edge.
pub(super) fn clip(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        read(text, 0, &mut 10_000).map_or(Value::Null, |read| read.value.json())
    }

    #[test]
    fn the_same_object_in_every_dialect() {
        let wanted = serde_json::json!({"status": 401, "error": "a b"});
        for text in [
            r#"{"status": 401, "error": "a b"}"#,
            "{ status: 401, error: 'a b' }",
            "{'status': 401, 'error': u'a b'}",
            "{:status=>401, :error=>\"a b\"}",
            "{status=401, error=a b}",
            "%{\"status\" => 401, \"error\" => \"a b\"}",
            "Response{status=401, error=a b}",
            "Object [Headers] {\n  status: 401,\n  error: 'a b'\n}",
            "Foo(status=401, error='a b')",
            "map[status:401 error:[a b]]",
            r#"{"status": 401, "error": "a b"#,
        ] {
            assert_eq!(json(text), wanted, "{text}");
        }
    }

    #[test]
    fn symbols_of_javascript_are_names() {
        assert_eq!(
            json("{\n  [Symbol(a)]: Timeout {\n    b: 1\n  },\n  c: 2\n}"),
            serde_json::json!({"Symbol(a)": {"b": 1}, "c": 2})
        );
        assert_eq!(
            json("{\n  config: [Object: null prototype] {\n    b: [Object [X]]\n  }\n}"),
            serde_json::json!({"config": {"b": ["Object [X]"]}})
        );
    }

    #[test]
    fn prose_and_code_are_no_objects() {
        for text in [
            "{see below}",
            "{ return x ? a : b; }",
            "[1] see there",
            "{",
            "{}",
        ] {
            let found = read(text, 0, &mut 10_000);
            assert!(
                !found.is_some_and(|r| matches!(r.value, Loose::Map(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn a_date_is_one_value_and_an_expression_is_none() {
        assert_eq!(
            json("{\n  Date: Mon, 01 Jan 2024 00:00:00 GMT\n  Server: nginx\n}"),
            serde_json::json!({"Date": "Mon, 01 Jan 2024 00:00:00 GMT", "Server": "nginx"})
        );
        assert_eq!(
            json("{ a: 'Bearer ' + token, b: 1 }"),
            serde_json::json!({"b": 1})
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read(text in "(\\{|\\}|\\[|\\]|\\(|\\)|\"|'|a|:|=|=>|,| |\n|\\\\|map\\[|é|401|…){0,60}") {
            for at in 0..text.len() {
                if text.is_char_boundary(at) {
                    let _ = read(&text, at, &mut 10_000);
                    let _ = read_members(&text, at, &mut 10_000);
                }
            }
        }
    }
}

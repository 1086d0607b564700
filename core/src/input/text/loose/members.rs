//! Reads what stands inside objects, lists and calls.

use super::reader::Reader;
use super::{DEEPEST, Loose, clip};

impl Reader<'_> {
    pub(super) fn separators(&mut self) {
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

    /// What stands before the closing mark; `None` behind the mark, and where the text was cut before it.
    fn before(&mut self, close: u8) -> Option<u8> {
        let next = self.peek();
        self.cut |= next.is_none();
        self.at += usize::from(next == Some(close));
        next.filter(|b| *b != close)
    }

    /// Members up to the closing brace; `open` where the opening one was cut off.
    pub(super) fn map(&mut self, depth: usize, open: bool) -> Option<Loose> {
        let (mut members, mut strays) = (Vec::new(), 0_usize);
        loop {
            self.separators();
            let Some(b) = self.before(b'}') else {
                break;
            };
            let before = self.at;
            if let Some(name) = self.name() {
                let value = self.member(depth, open);
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
        Self::settled(members, strays, depth, open)
    }

    /// The value behind a member's name; empty where the line ends and no object or list stands on the next.
    fn member(&mut self, depth: usize, open: bool) -> Option<Loose> {
        if self.peek() == Some(b'\n') && !open {
            return self.value(depth + 1);
        }
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let next = self.rest().trim_start();
        match self.peek() {
            Some(b'\n' | b'\r') if next.starts_with(['{', '[']) && !is_bracketed_name(next) => {
                self.value(depth + 1)
            }
            Some(b',' | b'}' | b'\n' | b'\r') | None => Some(Loose::Bare(String::new())),
            _ => self.value(depth + 1),
        }
    }

    /// What was read as a map or list; `None` where it was prose or code.
    fn settled(
        members: Vec<(String, Loose)>,
        strays: usize,
        depth: usize,
        open: bool,
    ) -> Option<Loose> {
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
    pub(super) fn joined(&mut self) -> bool {
        let rest = self.rest().trim_start_matches([' ', '\t']);
        rest.starts_with("+ ") || rest.starts_with("+\n") || rest.starts_with(". $")
    }

    pub(super) fn skip_line(&mut self) {
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

    pub(super) fn list(&mut self, close: u8, depth: usize) -> Option<Loose> {
        let mut items = Vec::new();
        loop {
            self.separators();
            let Some(b) = self.before(close) else {
                break;
            };
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

    /// `map[Key:[a b] Other:c]` after its opening bracket.
    pub(super) fn go_map(&mut self, depth: usize) -> Option<Loose> {
        let mut members = Vec::new();
        loop {
            self.blanks();
            if self.before(b']').is_none() {
                break;
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

    /// `Name(…)`: one value inside is the value itself; a text with attributes is the text.
    pub(super) fn call(&mut self, depth: usize) -> Option<Loose> {
        let mut members = Vec::new();
        loop {
            self.separators();
            if self.before(b')').is_none() {
                break;
            }
            let before = self.at;
            let name = self.name().unwrap_or_default();
            let empty = !name.is_empty()
                && self
                    .rest()
                    .trim_start_matches([' ', '\t'])
                    .starts_with('\n')
                && is_bracketed_name(self.rest().trim_start());
            let value = match empty {
                true => Loose::Bare(String::new()),
                false => self.value(depth + 1)?,
            };
            members.push((name, value));
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

    /// A member's name with its `:`, `=>` or `=`; nothing is consumed where there is none.
    pub(super) fn name(&mut self) -> Option<String> {
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
            // `[Symbol(timeout)]: …` of JavaScript, `[name] => …` and `["name"]=>…` of PHP.
            b'[' => {
                let near = clip(self.rest(), 120);
                let ends = ["]:", "] =>", "]=>"];
                let end = near.find(']').filter(|end| {
                    let rest = &near[*end..];
                    ends.iter().any(|mark| rest.starts_with(mark))
                })?;
                let inner = &near[1..end];
                if inner.contains(['\n', '[', '{', ',']) {
                    return None;
                }
                let inner = inner.split(':').next().unwrap_or_default();
                let inner = inner.trim_matches('"').to_owned();
                self.at += end + 1;
                inner
            }
            _ => self.plain_name(),
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

    /// A name without quotes; empty where none stands here.
    fn plain_name(&mut self) -> String {
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

    /// A word or phrase up to the sign that ends it; a comma inside a phrase (`Mon, 01 Jan`) does not.
    pub(super) fn bare(&mut self) -> String {
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
    pub(super) fn ends_member(&self) -> bool {
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

/// Whether `[name] =>` stands here.
fn is_bracketed_name(rest: &str) -> bool {
    let near = clip(rest, 120);
    near.starts_with('[')
        && near
            .find(']')
            .is_some_and(|end| near[end..].starts_with("] =>") || near[end..].starts_with("]=>"))
}

/// Whether a stack frame stands here.
fn is_frame(rest: &str) -> bool {
    rest.starts_with("at ") || rest.starts_with("... ")
}

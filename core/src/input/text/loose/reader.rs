//! Reads printed values: quoted texts, words, what opens an object.

use super::{DEEPEST, Loose, clip};

/// Where the reading is.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// Bytes looked at in vain.
    pub(super) spent: usize,
    pub(super) cut: bool,
}

impl Reader<'_> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn step(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    pub(super) fn blanks(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let fits = self.rest().starts_with(word);
        if fits {
            self.at += word.len();
        }
        fits
    }

    pub(super) fn value(&mut self, depth: usize) -> Option<Loose> {
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
    pub(super) fn quoted(&mut self) -> Option<String> {
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
    pub(super) fn word(&mut self, depth: usize) -> Option<Loose> {
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
        if named == "Array" && self.rest().trim_start().starts_with('(') {
            // PHP prints a list's sign on a line of its own.
            self.blanks();
            self.at += 1;
            return self.call(depth);
        }
        if next == Some(b'(') && self.dumped(named_as(named)) {
            return self.value(depth);
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

    /// `string(4) "…"`, `array(2) {…}`, `object(Name)#1 (2) {…}` as PHP's `var_dump` prints: stands before the value then.
    fn dumped(&mut self, opens: Option<char>) -> bool {
        let near = clip(self.rest(), 120);
        let line = &near[..near.find('\n').unwrap_or(near.len())];
        let behind = opens.and_then(|opens| {
            let at = line.find(opens)?;
            line[..at].trim_end().ends_with(')').then_some(at)
        });
        self.at += behind.unwrap_or_default();
        behind.is_some()
    }

    /// `[Object: null prototype] {`: stands after the brace then.
    pub(super) fn opens_after_class(&mut self) -> bool {
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
    pub(super) fn opens_after_name(&mut self) -> bool {
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
}

/// What opens the value behind the name of a type of PHP.
fn named_as(name: &str) -> Option<char> {
    match name {
        "string" => Some('"'),
        "array" | "object" => Some('{'),
        _ => None,
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

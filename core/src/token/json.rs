//! A JSON reader for hostile claims: keeps big numbers whole, names duplicates, survives lone surrogates.
//!
//! `serde_json` refuses lone surrogates and hides duplicate members, both of which are findings here
//! (RFC 7515 §10.13, RFC 7519 §4: a parser rejects duplicates or takes the last).

use serde_json::{Map, Number, Value};

/// How deep arrays and objects may nest before reading stops.
pub const MAX_DEPTH: usize = 128;

/// What was read and what had to be forgiven.
#[derive(Debug, Default)]
pub struct Read {
    /// The value; for a duplicate member, the last one.
    pub value: Value,
    /// Member names that occur more than once (compared after unescaping), with the earlier values.
    pub duplicates: Vec<(String, Value)>,
    /// Members or elements holding a lone surrogate, shown as U+FFFD.
    pub lone_surrogates: bool,
    /// Member names whose number is too large for a 64-bit float.
    pub huge_numbers: bool,
}

/// Why a text is not JSON, and where (byte offset).
#[derive(Debug, PartialEq, Eq)]
pub struct NotJson {
    /// What was expected or found, without repeating the text.
    pub why: &'static str,
    /// Byte offset in the decoded text.
    pub at: usize,
}

/// Reads one JSON text, nothing after it (RFC 7515 §10.12).
pub fn read(text: &str) -> Result<Read, NotJson> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        out: Read::default(),
    };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < reader.bytes.len() {
        return Err(reader.fault("something follows after the end of the JSON value"));
    }
    reader.out.value = value;
    Ok(reader.out)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    out: Read,
}

impl Reader<'_> {
    fn fault(&self, why: &'static str) -> NotJson {
        NotJson { why, at: self.at }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, NotJson> {
        if depth > MAX_DEPTH {
            return Err(self.fault("nested too deep (more than 128 levels)"));
        }
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err(self.fault("a character that starts no JSON value")),
            None => Err(self.fault("the text ends where a value is expected")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, NotJson> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.fault("a bare word that JSON does not know"))
    }

    fn array(&mut self, depth: usize) -> Result<Value, NotJson> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.fault("expected `,` or `]`")),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, NotJson> {
        self.at += 1;
        let mut members = Map::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.fault("expected a member name in double quotes"));
            }
            let name = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.fault("expected `:` after the member name"));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            if let Some(earlier) = members.insert(name.clone(), value) {
                self.out.duplicates.push((name, earlier));
            }
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                _ => return Err(self.fault("expected `,` or `}`")),
            }
        }
    }

    fn digits(&mut self) -> Result<(), NotJson> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            Err(self.fault("expected a digit"))
        } else {
            Ok(())
        }
    }

    fn number(&mut self) -> Result<Value, NotJson> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let digits = &self.text[start..self.at];
        if digits.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.out.huge_numbers = true;
        }
        digits
            .parse::<Number>()
            .map(Value::Number)
            .map_err(|_| NotJson {
                why: "a number that cannot be read",
                at: start,
            })
    }

    fn string(&mut self) -> Result<String, NotJson> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let run = self.at;
            while self
                .peek()
                .is_some_and(|b| b != b'"' && b != b'\\' && b >= 0x20)
            {
                self.at += 1;
            }
            // Quote, backslash and controls are ASCII, so a run always ends on a character boundary.
            out.push_str(&self.text[run..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let c = self.escape()?;
                    out.push(c);
                }
                Some(_) => return Err(self.fault("a raw control character inside a string")),
                None => return Err(self.fault("the text ends inside a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, NotJson> {
        let kind = self
            .peek()
            .ok_or_else(|| self.fault("the text ends inside a string"))?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape()?,
            _ => return Err(self.fault("an escape that JSON does not know")),
        })
    }

    fn unicode_escape(&mut self) -> Result<char, NotJson> {
        let first = self.hex4()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let high = (0xD800..0xDC00).contains(&first);
        if high && self.bytes[self.at..].starts_with(b"\\u") {
            let back = self.at;
            self.at += 2;
            let second = self.hex4()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = back;
        }
        self.out.lone_surrogates = true;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Result<u32, NotJson> {
        let digits = self
            .bytes
            .get(self.at..self.at + 4)
            .and_then(|b| std::str::from_utf8(b).ok());
        let code = digits
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|d| u32::from_str_radix(d, 16).ok())
            .ok_or_else(|| self.fault("`\\u` needs four hex digits"))?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_equal_names_wins_and_the_first_is_kept() {
        let read = read(r#"{"scope":"admin","sc\u006fpe":"read"}"#).expect("JSON");
        assert_eq!(read.value["scope"], "read");
        assert_eq!(
            read.duplicates,
            [("scope".to_owned(), Value::from("admin"))]
        );
    }

    #[test]
    fn faults_have_a_place() {
        assert_eq!(read(r#"{"a":1,}"#).unwrap_err().at, 7);
        assert_eq!(read("{}ABCD").unwrap_err().at, 2);
        assert!(read(&"[".repeat(100_000)).unwrap_err().why.contains("deep"));
    }

    #[test]
    fn huge_numbers_and_lone_surrogates_are_kept_and_told() {
        let read = read(r#"{"exp":1e400,"sub":"\ud800"}"#).expect("JSON");
        assert!(read.huge_numbers && read.lone_surrogates);
        assert_eq!(read.value["sub"], "\u{fffd}");
    }

    proptest::proptest! {
        #[test]
        fn what_serde_json_accepts_is_read_the_same(text in r#"[\[\]{}",:0-9a-z\\ .eE+-]{0,40}"#) {
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                assert_eq!(read(&text).expect("accepted by serde_json").value, value);
            }
        }
    }
}

//! Objects as programs print them: JSON, JavaScript inspect, Python and Ruby repr, Go maps, Java's `toString`; cut ones too.

mod members;
mod reader;

use reader::Reader;
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
    crate::work::looked(reader.at - at + reader.spent);
    *fuel = fuel.saturating_sub(reader.spent + wasted);
    Some(Read {
        value: value?,
        end: reader.at,
        cut: reader.cut,
    })
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
            "array(2) {\n  [\"status\"]=>\n  int(401)\n  [\"error\"]=>\n  string(3) \"a b\"\n}",
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

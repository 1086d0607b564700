//! The body of an answer, looked into without knowing its form.

use super::page;
use serde_json::Value;
use std::borrow::Cow;

/// Bodies are looked at up to this many bytes: refusals are short.
const LOOKED_AT: usize = 64 * 1024;

/// A body, read as far as it can be: JSON whole, JSON inside other text, or text.
#[derive(Debug, Clone, Default)]
pub struct Body<'a> {
    /// The text.
    pub text: &'a str,
    /// What it says: of a page what is shown, else the text.
    pub said: Cow<'a, str>,
    /// The JSON value, where there is one.
    pub json: Option<Value>,
}

/// The start of a text, at most so many bytes long, cut between characters.
pub fn start_of(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// At most so many bytes of a text, on a character's edge, and whether there is more.
pub fn cut(text: &str, most: usize) -> (&str, bool) {
    let head = start_of(text, most);
    (head, head.len() < text.len())
}

impl<'a> Body<'a> {
    /// A body that is kept as it is: what it says is known without reading it.
    pub fn unread(text: &'a str) -> Self {
        let text = looked_at(text);
        Self {
            text,
            said: Cow::Borrowed(text),
            json: None,
        }
    }

    /// Reads a body.
    pub fn read(text: &'a str) -> Self {
        let text = looked_at(text);
        let said = match page::is_page(text) {
            true => Cow::Owned(page::shown(text)),
            false => Cow::Borrowed(text),
        };
        Self {
            text,
            json: json_in(&said),
            said,
        }
    }

    /// Whether it is a page for people.
    pub fn is_page(&self) -> bool {
        self.json.is_none() && matches!(self.said, Cow::Owned(_))
    }

    /// The values at a JSON pointer (RFC 6901) in which `*` stands for every element; texts, numbers and booleans only.
    pub fn at(&self, pointer: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(json) = &self.json {
            let steps: Vec<&str> = pointer.split('/').skip(1).collect();
            walk(json, &steps, &mut found);
        }
        found
    }
}

fn looked_at(text: &str) -> &str {
    let start = start_of(text, LOOKED_AT);
    start.trim_start_matches('\u{feff}').trim()
}

fn walk(value: &Value, steps: &[&str], found: &mut Vec<String>) {
    let Some((step, rest)) = steps.split_first() else {
        found.extend(scalars(value));
        return;
    };
    match (value, *step) {
        (Value::Array(items), "*") => items.iter().for_each(|item| walk(item, rest, found)),
        (Value::Object(members), "*") => {
            members.values().for_each(|item| walk(item, rest, found));
        }
        (Value::Array(items), index) => {
            let item = index.parse().ok().and_then(|i: usize| items.get(i));
            if let Some(item) = item {
                walk(item, rest, found);
            }
        }
        (Value::Object(members), name) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            let exact = members.get(&name);
            let member = exact.or_else(|| {
                members
                    .iter()
                    .find(|(own, _)| own.eq_ignore_ascii_case(&name))
                    .map(|(_, v)| v)
            });
            if let Some(member) = member {
                walk(member, rest, found);
            }
        }
        _ => {}
    }
}

fn scalars(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Array(items) => items.iter().flat_map(scalars).collect(),
        _ => Vec::new(),
    }
}

/// The whole text as JSON, or the first object or array inside it (an SDK's exception text around a body).
fn json_in(text: &str) -> Option<Value> {
    if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        return Some(value);
    }
    for (at, _) in text.match_indices(['{', '[']).take(8) {
        let mut stream = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(Value::Array(items))) if !items.iter().any(Value::is_object) => {}
            Some(Ok(value)) => return Some(value),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_inside_an_exception_text_is_found() {
        let body = Body::read(
            "HTTP 403 [Forbidden] data: {\"error\": {\"code\": 7, \"d\": [\"a\", \"b\"]}})",
        );
        assert_eq!(body.at("/error/code"), ["7"]);
        assert_eq!(body.at("/error/d"), ["a", "b"]);
        assert!(body.at("/nothing").is_empty());
    }

    #[test]
    fn pointers_reach_every_element() {
        let body = Body::read(r#"{"errors":[{"code":"a"},{"Code":"b"}]}"#);
        assert_eq!(body.at("/errors/*/code"), ["a", "b"]);
        assert_eq!(body.at("/errors/1/code"), ["b"]);
    }

    #[test]
    fn a_text_without_json_stays_text() {
        assert!(Body::read("missing: [telephony:plugin:all]").json.is_none());
    }
}

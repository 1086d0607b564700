//! What an app calls.

use crate::gate::manifest::Endpoint;
use crate::gate::reader::{Reader, Value, in_order};

/// Keys of an endpoint that is written as a table.
pub(super) const ENDPOINT_KEYS: [&str; 4] = ["call", "needs", "note", "optional"];
pub(super) fn endpoints(reader: &mut Reader, value: &Value<'_>) -> Vec<Endpoint> {
    let Some(list) = value.get_ref().as_array() else {
        let line = reader.line(&value.span());
        reader.flaw(
            line,
            "endpoints",
            "`endpoints` is not a list",
            "write endpoints = [\"GET /path\"]",
        );
        return Vec::new();
    };
    list.iter()
        .filter_map(|own| endpoint(reader, own))
        .collect()
}

fn endpoint(reader: &mut Reader, value: &Value<'_>) -> Option<Endpoint> {
    let line = reader.line(&value.span());
    let mut out = Endpoint {
        method: String::new(),
        url: String::new(),
        note: None,
        optional: false,
        needs: None,
        line,
    };
    let call = match value.get_ref().as_table() {
        None => reader.text("endpoints", value)?,
        Some(table) => {
            let mut call = Some(String::new());
            for (key, span, value) in in_order(table) {
                match key {
                    "call" => call = reader.text(key, value),
                    "needs" => out.needs = reader.names(key, value),
                    "note" => out.note = reader.text(key, value),
                    "optional" => out.optional = reader.flag(key, value).unwrap_or_default(),
                    _ => {
                        let line = reader.line(&span);
                        reader.unknown(key, line, &ENDPOINT_KEYS);
                    }
                }
            }
            call?
        }
    };
    let words: Vec<&str> = call.split_whitespace().collect();
    let [method, url] = words.as_slice() else {
        reader.flaw(
            line,
            "endpoints",
            "an endpoint is not `METHOD /path`",
            "write \"GET /path\", or { call = \"GET /path\", note = \"...\", optional = true }",
        );
        return None;
    };
    out.method = method.to_ascii_uppercase();
    (*url).clone_into(&mut out.url);
    Some(out)
}

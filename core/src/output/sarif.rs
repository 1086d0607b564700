//! SARIF 2.1.0: a result a question that does not pass, at the manifest's line; a rule a cause, with its page.

use super::item::{Item, State};
use super::json::text;
use crate::finding::Cause;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The rule of what has no cause: it is undecided.
const CANNOT_TELL: &str = "cannot-tell";
/// The rule of what could not be judged.
const CANNOT_RUN: &str = "cannot-run";

pub(super) fn render(items: &[Item]) -> String {
    let told: Vec<&Item> = items
        .iter()
        .filter(|item| item.state != State::Pass)
        .collect();
    let mut rules: Vec<Value> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    for item in &told {
        let id = rule_id(item);
        if !ids.contains(&id) {
            ids.push(id);
            rules.push(rule(id, item.cause));
        }
    }
    let results: Vec<Value> = told
        .iter()
        .map(|item| {
            let id = rule_id(item);
            result(item, id, ids.iter().position(|own| *own == id))
        })
        .collect();
    text(&json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "why401",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule_id(item: &Item) -> &'static str {
    match (item.cause, item.state) {
        (Some(cause), _) => cause.code,
        (None, State::Error) => CANNOT_RUN,
        (None, _) => CANNOT_TELL,
    }
}

fn rule(id: &str, cause: Option<&Cause>) -> Value {
    let (summary, page) = match cause {
        Some(cause) => (cause.summary, cause.page),
        None if id == CANNOT_RUN => (
            "It could not be judged.",
            "Line and key are in the message: correct the manifest, or provide what it names.",
        ),
        None => (
            "What is known does not decide.",
            "A permission that is not visible, an endpoint that no table knows, or no answer. Declare what the principal has, or ask online.",
        ),
    };
    json!({
        "id": id,
        "name": name(id),
        "shortDescription": { "text": summary },
        "fullDescription": { "text": summary },
        "help": { "text": page, "markdown": page },
        "helpUri": format!("{}/blob/main/docs/{}.md", env!("CARGO_PKG_REPOSITORY"), match cause {
            Some(_) => format!("causes/{id}"),
            None => "ci".to_owned(),
        }),
    })
}

/// `scope.missing` as `ScopeMissing`.
fn name(id: &str) -> String {
    let words = id.split(['.', '-', '_']);
    words
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

fn result(item: &Item, id: &str, index: Option<usize>) -> Value {
    let level = match item.state {
        State::Error | State::Fail => "error",
        State::CannotTell => "warning",
        State::Skipped | State::Pass => "note",
    };
    let next = item.next.iter().map(|next| format!(" Next: {next}"));
    let message: String = std::iter::once(format!("{} {}: {}", item.group, item.name, item.says()))
        .chain(next)
        .collect();
    // `[text](target)` would be a link (SARIF 2.1.0 §3.11.6).
    let message = message.replace("](", "\\](");
    let logical = json!([{ "fullyQualifiedName": format!("{} {}", item.group, item.name) }]);
    let location = match &item.place {
        Some((file, line)) => json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(file) },
                "region": { "startLine": line },
            },
            "logicalLocations": logical,
        }),
        None => json!({ "logicalLocations": logical }),
    };
    json!({
        "ruleId": id,
        "ruleIndex": index,
        "level": level,
        "message": { "text": message },
        "locations": [location],
        "partialFingerprints": { "why401/v1": fingerprint(item, id) },
    })
}

/// The same from run to run: made of app, endpoint and cause, never of the token.
fn fingerprint(item: &Item, id: &str) -> String {
    let hash = Sha256::digest(format!("{}\n{}\n{id}", item.group, item.name).as_bytes());
    hash.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A path as a relative URI reference (RFC 3986 §4.2).
fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const CODED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}')
        .add(b':');
    utf8_percent_encode(path.trim_start_matches("./"), CODED).to_string()
}

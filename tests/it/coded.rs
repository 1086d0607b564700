//! Every code to which a table gives one meaning: the answer that has it is read so, and a code that only looks like it is
//! not. The answers are made from the tables, so that a new code is held to it too.

use crate::program::run;
use serde_json::{Value, json};
use std::collections::HashMap;

/// One code of a product, with nothing else that must match.
struct Coded {
    provider: String,
    wording: String,
    status: Option<i64>,
    /// Pointers and the value that stands there.
    members: Vec<(String, String)>,
    cause: String,
}

fn first(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(list) => list.first().and_then(first),
        _ => None,
    }
}

fn coded(provider: &str, error: &toml::Table) -> Option<Coded> {
    let other = [
        "re",
        "header",
        "sent",
        "url",
        "method",
        "principal",
        "token",
        "trust",
    ];
    let means = error.get("means")?.as_array()?;
    if means.len() != 1 || other.iter().any(|key| error.contains_key(*key)) {
        return None;
    }
    let members = error.get("json")?.as_table()?.iter();
    let members: Vec<_> = members
        .map(|(pointer, value)| Some((pointer.clone(), first(value)?)))
        .collect::<Option<_>>()?;
    let told = |(_, value): &(String, String)| value != "*";
    let status = error
        .get("status")
        .and_then(|list| list.as_array()?.first()?.as_integer());
    members.iter().any(told).then(|| Coded {
        provider: provider.to_owned(),
        wording: error["id"].as_str().unwrap_or_default().to_owned(),
        status,
        members,
        cause: means[0].as_str().unwrap_or_default().to_owned(),
    })
}

pub(crate) fn files() -> Vec<(String, toml::Table)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir("tables").expect("tables").flatten() {
        let Ok(text) = std::fs::read_to_string(entry.path().join("provider.toml")) else {
            continue;
        };
        let file: toml::Table = text.parse().expect("TOML");
        let provider = file["provider"]["id"].as_str().expect("an id").to_owned();
        out.push((provider, file));
    }
    out
}

pub(crate) fn errors(file: &toml::Table) -> impl Iterator<Item = &toml::Table> {
    let errors = file.get("error").and_then(toml::Value::as_array);
    errors
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_table)
}

/// What of all tables is a code of one meaning.
fn all() -> Vec<Coded> {
    let files = files();
    let own = files.iter().flat_map(|(provider, file)| {
        let errors = errors(file);
        errors.filter_map(|error| coded(provider, error))
    });
    own.collect()
}

/// A value that nobody documents and that looks like this one: no words that could be read.
fn near(value: &str) -> String {
    let backwards: String = value.chars().rev().collect();
    match value.parse::<i64>() {
        Ok(_) => format!("{value}977"),
        Err(_) => format!("{backwards}qx"),
    }
}

/// A document that has these values at these pointers.
pub(crate) fn body(members: &[(String, String)], own: impl Fn(&str) -> String) -> String {
    let mut root = json!({});
    for (pointer, value) in members {
        let mut here = &mut root;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let list = step == "*" || step.parse::<usize>().is_ok();
            if list && !here.is_array() {
                *here = json!([{}]);
            } else if !list && !here.is_object() {
                *here = json!({});
            }
            here = match list {
                true => &mut here[0],
                false => &mut here[&step],
            };
        }
        let value = own(if value == "*" { "x" } else { value });
        *here = serde_json::from_str(&value).unwrap_or_else(|_| json!(value));
    }
    root.to_string()
}

/// The causes of answers with such bodies, by the number of the code; whether they are stated.
fn causes(all: &[Coded], is_near: bool) -> HashMap<String, (String, bool)> {
    let line = |(number, coded): (usize, &Coded)| {
        // The status alone may tell: the near miss has one that does not.
        let (status, body) = match is_near {
            true => (403, body(&coded.members, near)),
            false => (
                coded.status.unwrap_or(403),
                body(&coded.members, str::to_owned),
            ),
        };
        let response = json!({"status": status, "body": body});
        json!({"id": number.to_string(), "provider": coded.provider, "response": response})
            .to_string()
    };
    let lines: Vec<String> = all.iter().enumerate().map(line).collect();
    let out = run(
        &["explain", "-", "--format", "jsonl", "--offline"],
        Some(&lines.join("\n")),
    );
    let lines = out.out.lines().filter(|line| line.starts_with('{'));
    let answers = lines.map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    answers
        .filter_map(|answer| {
            let cause = answer["cause"]["code"].as_str()?.to_owned();
            let stated = answer["cause"]["certainty"] == "stated";
            Some((answer["id"].as_str()?.to_owned(), (cause, stated)))
        })
        .collect()
}

#[test]
fn a_code_of_one_meaning_is_read_so_and_one_that_looks_like_it_is_not() {
    let all = all();
    assert!(all.len() > 100, "{} codes", all.len());
    let (found, near) = (causes(&all, false), causes(&all, true));
    let mut wrong = Vec::new();
    for (number, coded) in all.iter().enumerate() {
        let number = number.to_string();
        let place = format!("{} {}", coded.provider, coded.wording);
        match found.get(&number) {
            Some((code, _)) if *code == coded.cause => {}
            other => wrong.push(format!("{place}: {other:?}, not {}", coded.cause)),
        }
        if near.get(&number) == Some(&(coded.cause.clone(), true)) {
            wrong.push(format!("{place}: the near miss states {}", coded.cause));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_wording_of_one_meaning_names_its_source() {
    let mut wrong = Vec::new();
    for (provider, file) in files() {
        let sources = file.get("source").and_then(toml::Value::as_array);
        let ids: Vec<&str> = sources
            .into_iter()
            .flatten()
            .filter_map(|source| source.get("id")?.as_str())
            .collect();
        for error in errors(&file) {
            let one = error["means"].as_array().is_some_and(|m| m.len() == 1);
            let source = error.get("src").and_then(toml::Value::as_str);
            let named = source.map_or(!ids.is_empty(), |id| ids.contains(&id));
            if one && !named {
                wrong.push(format!("{provider} {}", error["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_number_that_many_products_use_names_none_of_them() {
    let told = |body: &str| {
        let record = json!({"response": {"status": 401, "body": body}}).to_string();
        let out = run(
            &["explain", "-", "--format", "json", "--offline"],
            Some(&record),
        );
        let cause = out.diagnosis()["cause"].clone();
        let member = |name: &str| cause[name].as_str().unwrap_or_default().to_owned();
        (member("code"), member("certainty"))
    };
    let (code, _) = told(r#"{"code":3001,"message":"Invalid credentials"}"#);
    assert_eq!(code, "credentials.invalid");
    let (code, _) = told(r#"{"code":3001,"message":"Your plan does not include this API"}"#);
    assert_eq!(code, "feature.disabled");
    let (_, certainty) = told(r#"{"code":3001,"message":"No"}"#);
    assert_ne!(certainty, "stated");
}

#[test]
fn a_name_that_grpc_says_before_any_reason_is_not_stated_beside_a_sentence_that_gives_another() {
    let text = "status = StatusCode.INVALID_ARGUMENT details = \"You do not have permission to act as service account 7.\"";
    let out = run(
        &["explain", "-", "--format", "json", "--offline"],
        Some(text),
    );
    assert_ne!(out.diagnosis()["cause"]["certainty"], "stated");
    assert!(out.codes().iter().any(|code| code == "permission.missing"));
}

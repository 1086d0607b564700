//! Against third-party vectors and vendors' documents kept beside the project; each test says when it skips.

use crate::program::{run, run_with};
use base64::Engine as _;
use serde_json::Value;
use std::path::{Path, PathBuf};

#[expect(clippy::print_stdout, reason = "a test that skips says so")]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    if found.exists() {
        return Some(found);
    }
    println!("skipped: ../shared/{path} is not there");
    None
}

pub(crate) fn read(path: &str) -> Option<String> {
    Some(std::fs::read_to_string(shared(path)?).expect("a text"))
}

pub(crate) fn json(path: &str) -> Option<Value> {
    Some(serde_json::from_str(&read(path)?).expect("JSON"))
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

#[test]
fn every_published_operation_asks_for_what_its_source_says() {
    let Some(text) = read("sources/genesys-cloud/operations.ndjson") else {
        return;
    };
    let table = why401_core::table::shipped("genesys-cloud")
        .expect("shipped")
        .expect("sound");
    let mut compared = 0;
    for line in text.lines() {
        let operation: Value = serde_json::from_str(line).expect("JSON");
        let (method, path) = (
            operation["method"].as_str().expect("method"),
            operation["path"].as_str().expect("path"),
        );
        let rule = table
            .rule_named(method, path)
            .unwrap_or_else(|| panic!("{method} {path} is missing"));
        let need = serde_json::to_value(&rule.need).expect("JSON");
        assert_eq!(need, expected_need(&operation), "{method} {path}");
        assert_eq!(
            Value::from(rule.deprecated),
            operation["deprecated"],
            "{method} {path}"
        );
        compared += 1;
    }
    assert_eq!(compared, 3180);
}

fn expected_need(operation: &Value) -> Value {
    let schemes = list(&operation["security_schemes"]);
    match schemes.first().and_then(Value::as_str) {
        None => serde_json::json!({ "anonymous": {} }),
        Some("Guest Chat JWT") => serde_json::json!({ "guest_chat": {} }),
        Some("Webmessaging JWT") => serde_json::json!({ "web_messaging": {} }),
        Some(_) => {
            let scopes: Vec<Value> = list(&operation["scopes"])
                .iter()
                .flat_map(list)
                .map(|s| Value::from(vec![s]))
                .collect();
            let mut names = list(&operation["permissions"]);
            // One document lists a permission twice.
            let mut seen = std::collections::BTreeSet::new();
            names.retain(|name| seen.insert(name.to_string()));
            // What is no `domain:entity:action` is noise of the document.
            let sound = |name: &Value| name.as_str().is_some_and(|n| n.matches(':').count() == 2);
            let permissions = match operation["permissions_mode"].as_str() {
                Some("ALL") if names.iter().all(sound) => vec![Value::from(names)],
                Some("ALL") => Vec::new(),
                _ => names
                    .into_iter()
                    .filter(sound)
                    .map(|name| Value::from(vec![name]))
                    .collect(),
            };
            let mut need = serde_json::json!({ "user": {}, "client_credentials": {} });
            let asks = !list(&operation["permissions"]).is_empty();
            if asks {
                need["user"]["permission"] = Value::from(permissions.clone());
                need["client_credentials"]["permission"] = Value::from(permissions);
            }
            if !scopes.is_empty() {
                need["user"]["scope"] = Value::from(scopes);
            }
            need
        }
    }
}

#[test]
fn the_importer_writes_the_shipped_rows_again() {
    let Some(folder) = shared("sources/genesys-cloud/openapi") else {
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = std::env::temp_dir().join(format!("why401-again-{}", std::process::id()));
    std::fs::create_dir_all(&out).expect("a folder");
    for name in ["provider.toml", "rules.ndjson"] {
        let own = root.join("tables/genesys-cloud").join(name);
        std::fs::copy(own, out.join(name)).expect("copied");
    }
    let files: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path().display().to_string())
        .collect();
    let mut arguments = vec![
        "tables",
        "update",
        "genesys-cloud",
        "--source",
        "spec",
        "--out",
        out.to_str().expect("UTF-8"),
        "--from",
    ];
    arguments.extend(files.iter().map(String::as_str));
    let run = run(&arguments, None);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = |path: &Path| std::fs::read_to_string(path).expect("rows");
    assert!(
        text(&out.join("rules.ndjson")) == text(&root.join("tables/genesys-cloud/rules.ndjson")),
        "the shipped rows differ"
    );
    std::fs::remove_dir_all(&out).expect("removed");
}

#[test]
fn invented_scopes_are_said_to_be_so() {
    let Some(folklore) = json("sources/genesys-cloud/folklore.json") else {
        return;
    };
    let scopes: Vec<String> = list(&folklore["nonexistent_scopes"])
        .iter()
        .map(|s| s["scope"].as_str().expect("scope").to_owned())
        .collect();
    assert_eq!(scopes.len(), 35);
    for scope in scopes {
        let run = run(
            &[
                "check",
                "GET",
                "https://api.mypurecloud.com/api/v2/users/me",
                "--scope",
                &scope,
                "--format",
                "json",
            ],
            None,
        );
        assert!(
            run.codes().contains(&"note.unpublished-scope".to_owned()),
            "{scope}"
        );
    }
}

#[test]
fn jose_vectors_are_read_as_the_strict_reading() {
    let Some(vectors) = json("vectors/jose/decode_vectors.json") else {
        return;
    };
    let mut compared = 0;
    for vector in list(&vectors["vectors"]) {
        let input = vector["input"]
            .as_str()
            .map_or_else(|| vector["input"].to_string(), str::to_owned);
        let token = why401_core::token::Token::read(input.as_bytes());
        let strict = &vector["strict"];
        if !strict["form"]
            .as_str()
            .is_some_and(|form| form.ends_with("compact"))
            || strict["header"].is_null()
        {
            continue;
        }
        assert_eq!(
            token.header().map(|h| Value::Object(h.clone())).as_ref(),
            Some(&strict["header"]),
            "{}",
            vector["id"]
        );
        if strict["payload"].is_object() {
            assert_eq!(
                token.claims().map(|c| Value::Object(c.clone())).as_ref(),
                Some(&strict["payload"]),
                "{}",
                vector["id"]
            );
        }
        compared += 1;
    }
    assert_eq!(compared, 678);
}

#[test]
fn nasty_tokens_end_in_a_report_of_bounded_size() {
    let Some(nasty) = json("vectors/nasty/nasty.json") else {
        return;
    };
    for case in list(&nasty["cases"])
        .iter()
        .filter(|case| case["kind"] == "token")
    {
        let Some(bytes) = nasty_bytes(case) else {
            continue;
        };
        for format in ["human", "json"] {
            let run = run_with(
                &[
                    "token",
                    "--token-file",
                    "-",
                    "--at",
                    "2023-11-14T22:13:20Z",
                    "--format",
                    format,
                ],
                Some(&bytes),
                &[],
            );
            assert!(
                run.code <= 3 && !run.err.contains("panicked"),
                "{}: {}",
                case["id"],
                run.err
            );
            assert!(
                format == "json" || run.out.len() < 100_000,
                "{}",
                case["id"]
            );
        }
    }
}

fn nasty_bytes(case: &Value) -> Option<Vec<u8>> {
    if let Some(text) = case["input"].as_str() {
        return Some(text.as_bytes().to_vec());
    }
    if let Some(file) = case["input_file"].as_str() {
        return std::fs::read(shared(&format!("vectors/nasty/{file}"))?).ok();
    }
    base64::engine::general_purpose::STANDARD
        .decode(case["input_b64"].as_str()?)
        .ok()
}

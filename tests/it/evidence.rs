//! Against third parties' recorded evidence: challenges, transcripts, HAR files, real cases; each test says when it skips.

use crate::shared::{json, shared};
use serde_json::{Value, json};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use why401_core::http::Exchange;
use why401_core::input::{InputOptions, Item};

#[test]
fn challenges_are_read_as_the_grammar_says() {
    let Some(file) = json("vectors/www-authenticate/challenges.json") else {
        return;
    };
    let (mut valid, mut wrong) = (0, Vec::new());
    for vector in file["vectors"].as_array().expect("vectors") {
        let lines: Vec<&str> = vector["headers"]
            .as_array()
            .expect("headers")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let read = why401_core::http::challenge::read(lines);
        let is_valid = vector["rfc9110"]["valid"] == true;
        let expected = if is_valid {
            Some(&vector["rfc9110"]["challenges"])
        } else {
            vector["recover"]["challenges"]
                .as_array()
                .map(|_| &vector["recover"]["challenges"])
        };
        valid += usize::from(is_valid && read.faults.is_empty());
        let fits = expected.is_none_or(|list| holds(&read.list, list, is_valid));
        if !fits || is_valid != read.faults.is_empty() {
            wrong.push(format!("{}: {:?}", vector["id"], read));
        }
    }
    assert_eq!(valid, 342, "{}", wrong.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the challenges are those of the list; a recovered field may hold more than was asked for.
fn holds(read: &[why401_core::http::challenge::Challenge], list: &Value, exactly: bool) -> bool {
    let list = list.as_array().expect("challenges");
    let same = |(own, other): (&why401_core::http::challenge::Challenge, &Value)| {
        let params: Vec<(String, String)> = match &other["params"] {
            Value::Array(pairs) => pairs
                .iter()
                .map(|p| (text(&p[0]).to_ascii_lowercase(), text(&p[1])))
                .collect(),
            Value::Object(members) => members
                .iter()
                .filter(|(_, v)| !v.is_null())
                .map(|(n, v)| (n.to_ascii_lowercase(), text(v)))
                .collect(),
            _ => Vec::new(),
        };
        let found: Vec<(String, String)> = own
            .params
            .iter()
            .map(|(n, v)| (n.to_ascii_lowercase(), v.clone()))
            .collect();
        let params_fit = if exactly {
            found == params
        } else {
            params.iter().all(|p| found.contains(p))
        };
        own.scheme
            .eq_ignore_ascii_case(other["scheme"].as_str().expect("scheme"))
            && (!exactly || own.token68.as_deref() == other["token68"].as_str())
            && params_fit
    };
    (read.len() == list.len() || !exactly && read.len() > list.len())
        && read.iter().zip(list).all(same)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Every exchange of a file, and what was passed over.
fn exchanges(path: &Path) -> (Vec<Exchange>, Vec<String>) {
    let (mut found, mut skipped) = (Vec::new(), Vec::new());
    let file = BufReader::new(std::fs::File::open(path).expect("a file"));
    let how = InputOptions {
        name: "x",
        form: None,
        fields: None,
    };
    why401_core::input::read(file, how, &mut |item| match item {
        Item::Exchange(exchange) => found.push(*exchange),
        Item::Skipped { place, why } => skipped.push(format!("{place}: {why}")),
    })
    .expect("a readable file");
    (found, skipped)
}

fn files(folder: &str) -> Vec<PathBuf> {
    let Some(folder) = shared(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn name_of(path: &Path) -> &str {
    path.file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default()
}

/// Headers of an answer for comparing: names without case, in order; hop-by-hop ones are the replaying server's own.
fn comparable<'h>(lines: impl Iterator<Item = (&'h str, &'h str)>) -> Vec<(String, String)> {
    const OWN: [&str; 6] = [
        "content-length",
        "connection",
        "transfer-encoding",
        "status",
        "content-encoding",
        "keep-alive",
    ];
    lines
        .map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned()))
        .filter(|(n, _)| !OWN.contains(&n.as_str()))
        .collect()
}

#[test]
fn every_client_transcript_is_read_as_it_was_answered() {
    let Some(replayed) = json("vectors/http/replay_cases.json") else {
        return;
    };
    let (mut compared, mut wrong) = (0, Vec::new());
    for path in files("vectors/http/curl") {
        let name = name_of(&path);
        let (case, kind) = name.split_once('.').expect("case.kind");
        let (found, skipped) = exchanges(&path);
        let Some(expected) = replayed["cases"].get(case) else {
            assert_eq!(found.len(), 1, "{name}: {skipped:?}");
            continue;
        };
        compared += 1;
        let many = if kind.starts_with("v-two-urls") { 2 } else { 1 };
        let response = found.first().and_then(|e| e.response.as_ref());
        let headers = expected["headers"].as_array().expect("headers");
        let wanted = comparable(
            headers
                .iter()
                .map(|h| (h[0].as_str().expect("name"), h[1].as_str().expect("value"))),
        );
        let got = response
            .map(|r| comparable(r.headers.iter()))
            .unwrap_or_default();
        let status = response.and_then(|r| r.status).map(u64::from);
        let method = found.first().and_then(|e| e.request.method.clone());
        let wanted_method = match kind {
            kind if kind.starts_with("v-post") => Some("POST"),
            "i.txt" | "D.txt" => None,
            _ => Some("GET"),
        };
        let fits = found.len() == many
            && status == expected["status"].as_u64()
            && got == wanted
            && method.as_deref() == wanted_method
            && skipped.is_empty();
        if !fits {
            wrong.push(format!("{name}: {} found, {status:?}, {method:?}, {skipped:?}\n  got    {got:?}\n  wanted {wanted:?}", found.len()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_har_is_read_and_the_recorded_one_entry_by_entry() {
    let Some(expected) = json("vectors/http/har/recorded/mitmproxy-replay.expected.json") else {
        return;
    };
    let path =
        shared("vectors/http/har/recorded/mitmproxy-replay.har").expect("beside its expectation");
    let (found, skipped) = exchanges(&path);
    let expected = expected.as_array().expect("entries");
    assert_eq!(
        (found.len(), skipped.len()),
        (expected.len(), 0),
        "{skipped:?}"
    );
    for (entry, wanted) in found.iter().zip(expected) {
        let response = entry.response.as_ref().expect("an answer");
        let challenges: Vec<&str> = response.headers.all("www-authenticate").collect();
        assert_eq!(entry.request.method.as_deref(), wanted["method"].as_str());
        assert_eq!(entry.request.url.as_deref(), wanted["url"].as_str());
        assert_eq!(response.status.map(u64::from), wanted["status"].as_u64());
        assert_eq!(
            json!(challenges),
            wanted["www_authenticate"],
            "{}",
            wanted["case"]
        );
        let body = response.body.as_deref().unwrap_or_default();
        let wanted_body = wanted["body"].as_str().unwrap_or_default();
        assert!(
            body == wanted_body || response.status < Some(400) && body.is_empty(),
            "{}",
            wanted["case"]
        );
    }
    for folder in ["mitmproxy", "playwright", "perfcascade", "har-validator"] {
        for path in files(&format!("vectors/http/har/{folder}")) {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let entries = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
                .ok()
                .and_then(|har| har["log"]["entries"].as_array().map(Vec::len));
            let (found, skipped) = exchanges(&path);
            if let Some(entries) = entries {
                assert_eq!(
                    found.len() + skipped.len(),
                    entries.max(skipped.len()),
                    "{}: {skipped:?}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn raw_messages_give_their_status() {
    let Some(index) = json("vectors/http/raw/index.json") else {
        return;
    };
    for entry in index.as_array().expect("entries") {
        let file = entry["file"].as_str().expect("file");
        let path = shared(&format!("vectors/http/raw/{file}")).expect("a file");
        let (found, _) = exchanges(&path);
        let line = entry["status_line"].as_str().unwrap_or_default();
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse::<u16>().ok());
        let seen: Vec<Option<u16>> = found
            .iter()
            .map(|e| e.response.as_ref().and_then(|r| r.status))
            .collect();
        let interim =
            status.is_some_and(|code| code < 200) || line.contains("Connection established");
        assert!(
            status.is_none() || interim || !line.starts_with("HTTP/") || seen.contains(&status),
            "{file}: {line}: {seen:?}"
        );
    }
}

/// One record a line, as the exchange records of `explain`.
fn diagnoses(records: &[Value]) -> Vec<Value> {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let run = crate::program::run(
        &["explain", "-", "--format", "jsonl", "--offline"],
        Some(&lines.join("\n")),
    );
    run.out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn no_success_of_the_recorded_exchanges_is_called_a_missing_scope() {
    let Some(file) = json("vectors/http/github_exchanges.json") else {
        return;
    };
    let pairs = |list: &Value| -> Vec<Value> {
        list.as_array()
            .expect("headers")
            .iter()
            .map(|h| json!({"name": h[0], "value": h[1]}))
            .collect()
    };
    let exchanges = file["exchanges"].as_array().expect("exchanges");
    let records: Vec<Value> = exchanges
        .iter()
        .enumerate()
        .map(|(number, e)| {
            json!({"id": number.to_string(), "request": {"method": e["request"]["method"], "url": e["request"]["url"], "headers": pairs(&e["request"]["headers"])},
                "response": {"status": e["response"]["status"], "headers": pairs(&e["response"]["headers"]), "body": e["response"]["body"]}})
        })
        .collect();
    let found = diagnoses(&records);
    assert_eq!(found.len(), exchanges.len());
    for diagnosis in found {
        let success = diagnosis["subject"]["status"]
            .as_u64()
            .is_some_and(|s| s < 300);
        assert!(!success || diagnosis["cause"].is_null(), "{diagnosis}");
    }
}

#[test]
fn real_refusals_are_explained_as_often_as_promised() {
    let mut records = Vec::new();
    let mut causes = std::collections::BTreeMap::new();
    for path in files("cases/dev") {
        let case: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).expect("a case")).expect("JSON");
        let id = case["id"].as_str().expect("id").to_owned();
        records.push(json!({"id": id, "provider": case["provider"], "request": case["request"], "response": case["response"], "token": case["token"],
            "grant": case["context"]["grant"], "granted_scopes": case["context"]["granted_scopes"]}));
        causes.insert(id, case["cause"].clone());
    }
    if records.is_empty() {
        return;
    }
    let (mut right, mut overclaimed) = (0, 0);
    for diagnosis in diagnoses(&records) {
        let wanted = &causes[diagnosis["id"].as_str().expect("id")];
        let cause = &diagnosis["cause"];
        if &cause["code"] == wanted {
            right += 1;
        } else if cause["certainty"] == "stated" || cause["certainty"] == "derived" {
            overclaimed += 1;
        }
    }
    assert!(
        right * 100 >= causes.len() * 85,
        "{right} of {}",
        causes.len()
    );
    assert!(
        overclaimed * 100 <= causes.len() * 3,
        "{overclaimed} overclaimed"
    );
}

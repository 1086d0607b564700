//! How products word their refusals: every line of `fixtures/wordings.ndjson` is read as it says.

use crate::program::run;
use serde_json::{Value, json};
use std::collections::HashMap;

/// One line: who answered (absent: only the answer tells, or the `url` that was called), what, and what is to be read from it. A line without a cause
/// is a near miss: nobody's wording, so that no product may be named.
fn lines() -> Vec<Value> {
    let text = std::fs::read_to_string("fixtures/wordings.ndjson").expect("the fixture");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}")))
        .collect()
}

fn explained(lines: &[Value]) -> HashMap<String, Value> {
    let records: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(number, line)| {
            let response = json!({
                "status": line["status"], "headers": line["headers"], "body": line["body"],
            });
            let request = match line["url"].as_str() {
                Some(url) => json!({"method": "GET", "url": url}),
                None => Value::Null,
            };
            json!({
                "id": number.to_string(), "provider": line["by"], "request": request, "response": response,
            })
            .to_string()
        })
        .collect();
    let out = run(
        &["explain", "-", "--format", "jsonl", "--offline"],
        Some(&records.join("\n")),
    );
    let answers = out.out.lines().filter(|line| line.starts_with('{'));
    answers
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .map(|value: Value| (value["id"].as_str().unwrap_or_default().to_owned(), value))
        .collect()
}

#[test]
fn every_wording_of_the_fixture_is_read_as_it_says() {
    let lines = lines();
    let answers = explained(&lines);
    let mut wrong = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let Some(answer) = answers.get(&number.to_string()) else {
            wrong.push(format!("not answered: {line}"));
            continue;
        };
        let cause = &answer["cause"];
        let sure = cause["certainty"] == "stated";
        let names = line["names"].as_array().into_iter().flatten();
        let mut missing = names
            .filter_map(Value::as_str)
            .filter(|name| !answer["findings"].to_string().contains(name));
        let near_miss = line["cause"].is_null();
        let claimed = answer["findings"].to_string().contains("worded as by");
        if near_miss && claimed
            || !near_miss && cause["code"] != line["cause"]
            || line["sure"].as_bool().is_some_and(|wanted| wanted != sure)
            || missing.next().is_some()
        {
            wrong.push(format!(
                "{} ({}) for {line}",
                cause["code"], cause["certainty"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

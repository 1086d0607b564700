//! How well the reader of refusal language reads messages of products that it does not know.
//!
//! usage: language MESSAGES.ndjson [--vocabulary FILE] [--products FILE] [--list]

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a tool of measurement"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use why401_core::http::challenge;
use why401_core::language::{Clauses, Vocabulary};

#[derive(Default)]
struct Count {
    n: usize,
    top1: usize,
    top3: usize,
    silent: usize,
    sure: usize,
    over: usize,
    alarms: usize,
    none: usize,
}

fn clauses(line: &Value) -> Clauses {
    let mut clauses = Clauses::default();
    if let Some(body) = line["body"].as_str() {
        clauses.add("body", body);
    }
    if let Some(headers) = line["headers"].as_object() {
        for (name, value) in headers {
            let value = value.as_str().unwrap_or_default();
            if name.eq_ignore_ascii_case("www-authenticate") {
                for one in challenge::read([value]).list {
                    for (key, value) in &one.params {
                        if key.starts_with("error") {
                            clauses.add_value("header", value);
                        }
                    }
                }
            }
        }
    }
    clauses
}

/// What one message came to, and a line that shows it where it is wrong.
fn judge(vocabulary: &Vocabulary, line: &Value, counts: [&mut Count; 2]) -> Option<String> {
    let reading = vocabulary.read(&clauses(line));
    let senses: Vec<_> = reading.senses.iter().filter(|s| s.strength >= 5).collect();
    let shown = |verdict: String| {
        let said = line["body"]
            .as_str()
            .map_or_else(|| line["headers"].to_string(), str::to_owned);
        let said: String = said.chars().take(150).collect();
        let read = senses.iter().take(4);
        let read: Vec<String> = read
            .map(|s| format!("{} {} [{}]", s.cause, s.strength, s.words.join(" · ")))
            .collect();
        format!(
            "  {}: {verdict} {said:?}\n        {}",
            line["id"],
            read.join(" | ")
        )
    };
    let Some(cause) = line["cause"].as_str() else {
        let [total, _] = counts;
        total.none += 1;
        total.alarms += usize::from(!senses.is_empty());
        return (!senses.is_empty()).then(|| shown("no refusal".to_owned()));
    };
    let mut want = vec![cause];
    want.extend(
        line["also"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str),
    );
    let first = senses.first().is_some_and(|s| want.contains(&s.cause));
    let found = senses.iter().take(3).any(|s| want.contains(&s.cause));
    let strength = |at: usize| senses.get(at).map_or(0, |s| s.strength);
    let sure = strength(0) >= 40 && strength(0) - strength(1) >= 15;
    for count in counts {
        count.n += 1;
        count.top1 += usize::from(first);
        count.top3 += usize::from(found);
        count.silent += usize::from(senses.is_empty());
        count.sure += usize::from(sure);
        count.over += usize::from(sure && !first);
    }
    (!first).then(|| shown(format!("want {}", want.join("|"))))
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = args.iter().position(|a| a == name)?;
        args.get(at + 1)
            .map(|path| std::fs::read_to_string(path).unwrap())
    };
    let given = option("--vocabulary").map(|text| Vocabulary::parse(&text).unwrap());
    let vocabulary = given.as_ref().unwrap_or_else(|| Vocabulary::shipped());
    let only = option("--products");
    let list = args.iter().any(|a| a == "--list");
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let mut total = Count::default();
    let mut by: BTreeMap<String, Count> = BTreeMap::new();
    let start = std::time::Instant::now();
    let mut bytes = 0;
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let product = line["product"].as_str().unwrap();
        if only
            .as_ref()
            .is_some_and(|only| !only.lines().any(|l| l == product))
        {
            continue;
        }
        bytes += line["body"].as_str().unwrap_or_default().len();
        let cause = line["cause"].as_str().unwrap_or("none").to_owned();
        let wrong = judge(
            vocabulary,
            &line,
            [&mut total, by.entry(cause).or_default()],
        );
        if let Some(wrong) = wrong.filter(|_| list) {
            println!("{wrong}");
        }
    }
    let took = start.elapsed().as_micros() as f64;
    for (cause, c) in by.iter().filter(|(_, c)| c.n > 0) {
        println!(
            "{cause:22} {:4}/{:<4} top 3 {:4}  silent {:3}  sure {:3} wrong {}",
            c.top1, c.n, c.top3, c.silent, c.sure, c.over
        );
    }
    let p = |x: usize| 100.0 * x as f64 / total.n.max(1) as f64;
    println!(
        "messages {} · top 1 {:.1} · top 3 {:.1} · silent {} · sure {} of which wrong {} · alarms {}/{}",
        total.n,
        p(total.top1),
        p(total.top3),
        total.silent,
        total.sure,
        total.over,
        total.alarms,
        total.none
    );
    let all = (total.n + total.none).max(1);
    println!(
        "{:.1} µs a message of {} bytes",
        took / all as f64,
        bytes / all
    );
}

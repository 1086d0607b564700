//! Every wording of the tables has a fixture. For nearly all it is made of the wording itself, so that a new one has its own
//! at once: the values that it looks for, and for each alternative of a pattern the shortest text that fits. Where such an
//! answer cannot tell, a line of `fixtures/wordings.ndjson` names the wording.

use crate::coded::{body, errors, files};
use crate::program::run;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// Alternatives of one pattern are tried up to this many.
const MOST: usize = 40;

/// An answer in one wording.
struct Sample {
    /// Provider and wording: `github sso`.
    wording: String,
    record: Value,
    means: Vec<String>,
}

fn hir(pattern: &str) -> Hir {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(pattern).expect("a pattern")
}

/// The most alternatives that stand side by side.
fn widest(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Alternation(list) => list.iter().map(widest).max().unwrap_or(1).max(list.len()),
        HirKind::Concat(list) => list.iter().map(widest).max().unwrap_or(1),
        HirKind::Capture(own) => widest(&own.sub),
        HirKind::Repetition(own) if own.min > 0 => widest(&own.sub),
        _ => 1,
    }
}

/// A text that fits; of alternatives that one, counted around, and of what may be left out so much.
fn fitting(hir: &Hir, choice: usize, more: u32, out: &mut Vec<u8>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(own) => out.extend_from_slice(&own.0),
        HirKind::Class(class) => out.extend(member(class, more)),
        HirKind::Repetition(own) => {
            let count = own.min.max(more).min(own.max.unwrap_or(u32::MAX));
            (0..count).for_each(|_| fitting(&own.sub, choice, more, out));
        }
        HirKind::Capture(own) => fitting(&own.sub, choice, more, out),
        HirKind::Concat(list) => list.iter().for_each(|own| fitting(own, choice, more, out)),
        HirKind::Alternation(list) => fitting(&list[choice % list.len()], choice, more, out),
    }
}

/// A character of a class: a small letter where there is one; a blank where words have to be kept apart.
fn member(class: &Class, more: u32) -> Option<u8> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Bytes(own) => own
            .iter()
            .map(|r| (r.start().into(), r.end().into()))
            .collect(),
        Class::Unicode(own) => own
            .iter()
            .map(|r| (r.start().into(), r.end().into()))
            .collect(),
    };
    let has = |byte: &u8| {
        ranges
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&u32::from(*byte)))
    };
    let blank = (more > 0).then_some(b' ');
    let letters = (b'a'..=b'z').rev();
    let others = (b'0'..=b'9').chain(b'A'..=b'Z').chain(b' '..=b'~');
    blank.into_iter().chain(letters).chain(others).find(has)
}

/// Texts that fit a pattern, one an alternative.
fn texts(pattern: &str) -> Vec<String> {
    let hir = hir(pattern);
    let regex = regex_lite::Regex::new(pattern).expect("a pattern");
    let one = |choice: usize, more: u32| {
        let mut out = Vec::new();
        fitting(&hir, choice, more, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    };
    let all = (0..widest(&hir).min(MOST)).map(|choice| {
        let mut tried = (0..2).map(|more| one(choice, more));
        let fits = tried.find(|text| regex.is_match(text));
        fits.unwrap_or_else(|| panic!("no text was found that fits {pattern:?}"))
    });
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    match value {
        Some(toml::Value::Array(list)) => list.iter().flat_map(|own| strings(Some(own))).collect(),
        Some(toml::Value::String(text)) => vec![text.clone()],
        Some(toml::Value::Integer(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// Header fields that fit their patterns.
fn fields(of: Option<&toml::Value>) -> Map<String, Value> {
    let table = of.and_then(toml::Value::as_table).into_iter().flatten();
    let field = |(name, pattern): (&String, &toml::Value)| {
        let text = texts(pattern.as_str().unwrap_or_default()).swap_remove(0);
        (name.clone(), Value::String(text))
    };
    table.map(field).collect()
}

/// The bodies in which the wording stands.
fn bodies(error: &toml::Table) -> Vec<String> {
    let said = error.get("re").and_then(toml::Value::as_str).map(texts);
    let Some(members) = error.get("json").and_then(toml::Value::as_table) else {
        return said.unwrap_or_else(|| vec![String::new()]);
    };
    let values: Vec<(String, Vec<String>)> = members
        .iter()
        .map(|(pointer, value)| (pointer.clone(), strings(Some(value))))
        .collect();
    let most = values.iter().map(|(_, list)| list.len()).max().unwrap_or(1);
    let words = said.unwrap_or_default();
    (0..most.max(words.len()))
        .map(|number| {
            let one = |(pointer, list): &(String, Vec<String>)| {
                (pointer.clone(), list[number % list.len()].clone())
            };
            let members: Vec<_> = values.iter().map(one).collect();
            let document = body(&members, str::to_owned);
            match words.get(number % words.len().max(1)) {
                Some(words) => format!("{document}\n{words}"),
                None => document,
            }
        })
        .collect()
}

fn samples(provider: &str, error: &toml::Table) -> Vec<Sample> {
    let text = |key: &str| error.get(key).and_then(toml::Value::as_str);
    let url = match text("url")
        .map(texts)
        .and_then(|list| list.into_iter().next())
    {
        Some(url) if url.starts_with("http") => url,
        Some(path) => format!("https://api.example.com/{}", path.trim_start_matches('/')),
        None => "https://api.example.com/v1/things".to_owned(),
    };
    // What was sent is not known where the wording does not ask for it: what was not sent would speak against some causes.
    let mut sent = fields(error.get("sent"));
    let credential = match text("token") {
        Some("jwt") => Some("Bearer <jwt>"),
        Some("opaque") => Some("Bearer <opaque>"),
        _ => None,
    };
    sent.extend(credential.map(|own| ("Authorization".to_owned(), Value::from(own))));
    // What a status alone means of a missing credential is told only where none was sent.
    let bare = ["json", "re", "header"]
        .iter()
        .all(|key| !error.contains_key(*key));
    let unsent = bare
        && strings(error.get("means"))
            .iter()
            .any(|own| own == "header.missing");
    let sent = Some(sent).filter(|own| !own.is_empty() || text("token").is_some() || unsent);
    let method = strings(error.get("method"));
    let status = error
        .get("status")
        .and_then(|list| list.as_array()?.first()?.as_integer());
    let wording = format!("{provider} {}", text("id").unwrap_or_default());
    let sample = |body: String| Sample {
        wording: wording.clone(),
        record: json!({
            "provider": provider,
            "request": {"method": method.first().map_or("GET", String::as_str), "url": url, "headers": sent},
            "response": {"status": status.unwrap_or(403), "headers": fields(error.get("header")), "body": body},
        }),
        means: strings(error.get("means")),
    };
    bodies(error).into_iter().map(sample).collect()
}

/// The errors that each answer is read as.
fn read(samples: &[Sample]) -> HashMap<String, Vec<String>> {
    let line = |(number, sample): (usize, &Sample)| {
        let mut record = sample.record.clone();
        record["id"] = Value::from(number.to_string());
        record.to_string()
    };
    let lines: Vec<String> = samples.iter().enumerate().map(line).collect();
    let arguments = ["explain", "-", "--format", "jsonl", "--offline"];
    let out = run(&arguments, Some(&lines.join("\n")));
    let lines = out.out.lines().filter(|line| line.starts_with('{'));
    let answers = lines.map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    let codes = |answer: &Value| {
        let findings = answer["findings"].as_array().into_iter().flatten();
        let errors = findings.filter(|own| own["severity"] == "error");
        errors
            .filter_map(|own| Some(own["code"].as_str()?.to_owned()))
            .collect()
    };
    answers
        .map(|answer| {
            (
                answer["id"].as_str().unwrap_or_default().to_owned(),
                codes(&answer),
            )
        })
        .collect()
}

/// The wordings that a line of the fixture names.
fn by_hand() -> BTreeSet<String> {
    let text = std::fs::read_to_string("fixtures/wordings.ndjson").expect("the fixture");
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"));
    lines
        .filter_map(|line| Some(line["wording"].as_str()?.to_owned()))
        .collect()
}

#[test]
fn every_wording_is_read_in_an_answer_that_is_made_of_it() {
    let files = files();
    let own = files
        .iter()
        .flat_map(|(provider, file)| errors(file).flat_map(move |error| samples(provider, error)));
    let samples: Vec<Sample> = own.collect();
    assert!(samples.len() > 5_000, "{}", samples.len());
    let (found, by_hand) = (read(&samples), by_hand());
    let known: BTreeSet<String> = samples.iter().map(|own| own.wording.clone()).collect();
    assert!(by_hand.is_subset(&known), "{by_hand:?}");
    let mut wrong = Vec::new();
    for (number, sample) in samples.iter().enumerate() {
        let codes = found.get(&number.to_string());
        let is_read =
            codes.is_some_and(|codes| codes.iter().any(|code| sample.means.contains(code)));
        if !is_read && !by_hand.contains(&sample.wording) {
            wrong.push(format!(
                "{}: {codes:?}, not {:?}: {}",
                sample.wording, sample.means, sample.record["response"]
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        samples.len(),
        wrong.join("\n")
    );
}

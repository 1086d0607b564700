//! What ten real servers answered, judged from the recording. `tests/live/matrix.py` makes the recordings anew and asks the
//! servers themselves.

use crate::program::{Run, run_with};
use std::path::Path;

/// What a row wants: `a|b` one of these causes, `?` nothing that is called known, `!a` anything else and not as known.
fn fits(wanted: &str, cause: Option<&str>, certainty: Option<&str>) -> bool {
    let unsure = cause.is_none() || certainty == Some("possible");
    wanted.split('|').any(|word| match word.strip_prefix('!') {
        Some(other) => unsure && cause != Some(other),
        None if word == "?" => unsure,
        None => cause == Some(word),
    })
}

fn judged(text: &str, options: &[&str]) -> (Run, Option<String>, Option<String>) {
    let fixed = [
        "explain",
        "-",
        "--format",
        "json",
        "--offline",
        "--no-config",
    ];
    let run = run_with(&[&fixed[..], options].concat(), Some(text.as_bytes()), &[]);
    let report = run.json();
    let all = report["diagnoses"].as_array().expect("diagnoses");
    let first = all.iter().find(|d| !d["cause"].is_null()).or(all.first());
    let told = |member: &str| Some(first?["cause"][member].as_str()?.to_owned());
    let (code, certainty) = (told("code"), told("certainty"));
    (run, code, certainty)
}

#[test]
fn what_real_servers_answered_is_judged_from_the_recording() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = std::fs::read_to_string(root.join("tests/live/matrix.txt")).expect("the rows");
    let mut wrong = Vec::new();
    let mut judgements = 0;
    for row in rows
        .lines()
        .filter(|row| !row.is_empty() && !row.starts_with('#'))
    {
        let words: Vec<&str> = row.split_whitespace().collect();
        let wanted = words[2].split('/').next().unwrap_or_default();
        if wanted == "-" {
            continue;
        }
        let name = format!("{}-{}", words[0], words[1]);
        let file = root.join("fixtures/servers").join(format!("{name}.txt"));
        let text = std::fs::read_to_string(file).expect("a recording");
        let options: Vec<&str> = words[3..]
            .iter()
            .copied()
            .filter(|word| !word.starts_with("path="))
            .collect();
        let (run, cause, certainty) = judged(&text, &options);
        judgements += 1;
        if !fits(wanted, cause.as_deref(), certainty.as_deref()) {
            wrong.push(format!("{name}: {cause:?} ({certainty:?}), not {wanted}"));
        }
        let secret = text
            .split("Authorization: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        let secret = secret.and_then(|value| value.split(' ').next_back());
        let shown = secret.is_some_and(|secret| secret.len() > 12 && run.out.contains(secret));
        assert!(!shown, "{name}: the credential is shown");
    }
    assert!(judgements > 150, "{judgements} recordings");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

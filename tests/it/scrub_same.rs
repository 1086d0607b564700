//! `scrub` changes no diagnosis, and what is scrubbed once is not changed by scrubbing it again.

use crate::program::run;
use crate::shared::shared;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Verdict, cause, certainty, status and operation of every diagnosis, and the exit code.
fn diagnoses(text: &str) -> (i32, Vec<[Value; 5]>) {
    let arguments = [
        "explain",
        "-",
        "--format",
        "jsonl",
        "--offline",
        "--at",
        "2026-01-01T00:00:00Z",
    ];
    let run = run(&arguments, Some(text));
    let lines = run
        .out
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let told = lines.map(|d| {
        let of = |pointer: &str| d.pointer(pointer).cloned().unwrap_or_default();
        [
            of("/verdict"),
            of("/cause/code"),
            of("/cause/certainty"),
            of("/subject/status"),
            of("/subject/operation"),
        ]
    });
    (run.code, told.collect())
}

/// What differs, by the input's name.
fn compare(inputs: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, text) in inputs {
        let once = run(&["scrub", "-"], Some(text));
        if once.code != 0 {
            if !diagnoses(text).1.is_empty() {
                wrong.push(format!("{name}: refused: {}", once.err));
            }
            continue;
        }
        let (before, after) = (diagnoses(text), diagnoses(&once.out));
        if before != after {
            wrong.push(format!("{name}: {before:?} is {after:?}"));
        }
        if run(&["scrub", "-"], Some(&once.out)).out != once.out {
            wrong.push(format!("{name}: the second time changes the first"));
        }
    }
    wrong
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .collect();
    found.sort();
    found.into_iter().filter(|path| path.is_file()).collect()
}

#[test]
fn every_fixture_is_judged_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/causes");
    let mut inputs = Vec::new();
    for folder in std::fs::read_dir(root).expect("fixtures") {
        for file in files(&folder.expect("an entry").path()) {
            let text = std::fs::read_to_string(&file).expect("a fixture");
            let fixture: Value = serde_json::from_str(&text).unwrap_or_default();
            if let Some(input) = fixture["input"].as_str() {
                inputs.push((file.display().to_string(), input.to_owned()));
            }
        }
    }
    assert!(inputs.len() > 50);
    let wrong = compare(&inputs);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_beside_the_project_is_judged_the_same() {
    let mut inputs = Vec::new();
    for folder in ["cases/dev", "cases/fresh"] {
        for file in shared(folder).iter().flat_map(|path| files(path)) {
            let text = std::fs::read_to_string(&file).expect("a case");
            let case: Value = serde_json::from_str(&text).unwrap_or_default();
            let record = json!({
                "provider": case["provider"], "request": case["request"], "response": case["response"], "token": case["token"],
                "grant": case["context"]["grant"], "granted_scopes": case["context"]["granted_scopes"],
            });
            inputs.push((file.display().to_string(), record.to_string()));
        }
    }
    // The transcripts of one program; the flows of another tool's own format beside them are no evidence.
    for file in shared("vectors/http/curl")
        .iter()
        .flat_map(|path| files(path))
    {
        inputs.push((
            file.display().to_string(),
            std::fs::read_to_string(&file).expect("a transcript"),
        ));
    }
    let wrong = compare(&inputs);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! What a CI reads: every verdict of the gate in every format, with one exit code; SARIF, JUnit and annotations checked.

use crate::gate::{TOKEN, gate, manifest};
use crate::program::{run, run_with};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const FORMATS: [&str; 7] = [
    "human", "json", "jsonl", "markdown", "sarif", "junit", "github",
];

/// An app of one endpoint that comes to this.
fn app(name: &str, kind: &str, scopes: &str, more: &str, endpoint: &str) -> String {
    format!(
        "[[app]]\nname = '{name}'\nprovider = 'genesys-cloud'\nkind = '{kind}'\nscopes = '{scopes}'\ntoken-env = 'T'\n{more}endpoints = [{endpoint}]\n"
    )
}

/// Every verdict: its manifest and exit code, and what JUnit makes of it: failures, errors, skipped.
fn verdicts() -> Vec<(&'static str, String, i32, [usize; 3])> {
    let queues = "'GET /api/v2/routing/queues'";
    let optional = "{ call = 'GET /api/v2/routing/queues', optional = true, note = 'x' }";
    let held = "permissions = ['routing:queue:view']\n";
    let pass = app("pass", "user", "routing", held, queues);
    let fail = app("fail", "user", "users", held, queues);
    let untold = app("untold", "user", "routing", "", queues);
    let skipped = app("skipped", "user", "users", held, optional);
    let broken = app("broken", "usr", "routing", held, queues);
    let note = app(
        "note",
        "user",
        "routing made-up",
        &format!("{held}fail-on = ['note.unpublished-scope']\n"),
        queues,
    );
    let hostile = app(
        "hostile",
        "user",
        "users",
        held,
        "'GET /api/v2/routing/queues::error%0A,\\u202e'",
    )
    .replace('\'', "\"");
    vec![
        ("pass", pass.clone(), 0, [0, 0, 0]),
        ("fail", fail.clone(), 1, [1, 0, 0]),
        ("untold", untold.clone(), 3, [0, 1, 0]),
        ("skipped", skipped, 0, [0, 0, 1]),
        ("broken", broken.clone(), 2, [0, 1, 0]),
        ("note", note, 1, [1, 0, 0]),
        ("fail-and-untold", format!("{fail}{untold}"), 1, [1, 1, 0]),
        ("fail-and-broken", format!("{fail}{broken}"), 2, [1, 1, 0]),
        ("no-toml", "[[app]\n".to_owned(), 2, [0, 1, 0]),
        ("hostile", hostile, 3, [0, 1, 0]),
        ("all", format!("{pass}{fail}{untold}{broken}"), 2, [1, 2, 0]),
    ]
}

fn schema_fits(name: &str, value: &Value) {
    let schema: Value = serde_json::from_str(&run(&["schema", name], None).out).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a sound schema");
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|e| e.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}: {value}");
}

#[test]
fn every_verdict_has_one_exit_code_in_every_format() {
    for (what, text, code, junit) in verdicts() {
        let path = manifest(&format!("verdict-{what}"), &text);
        let path = path.to_str().expect("UTF-8");
        for format in FORMATS {
            let with = |more: &[&str]| {
                let arguments = [&["--format", format][..], more].concat();
                gate(path, &arguments, &[("T", TOKEN)])
            };
            let run = with(&[]);
            assert_eq!(run.code, code, "{what} {format}: {}{}", run.out, run.err);
            let zero = if code == 2 { 2 } else { 0 };
            assert_eq!(with(&["--exit-zero"]).code, zero, "{what} {format}");
            let untold = if code == 3 { 0 } else { code };
            assert_eq!(
                with(&["--cannot-tell", "pass"]).code,
                untold,
                "{what} {format}"
            );
            let silent = with(&["-q"]);
            assert_eq!(
                (silent.code, silent.out.as_str()),
                (code, ""),
                "{what} {format}"
            );
            check(what, format, &run.out, junit);
        }
    }
}

fn check(what: &str, format: &str, out: &str, [failures, errors, skipped]: [usize; 3]) {
    let unsafe_text = out.chars().any(|c| c.is_control() && c != '\n');
    assert!(
        !unsafe_text && !out.contains('\u{202e}'),
        "{what} {format}: {out}"
    );
    match format {
        "json" => schema_fits("gate", &serde_json::from_str(out).expect("JSON")),
        "jsonl" => assert!(
            out.lines()
                .all(|l| serde_json::from_str::<Value>(l).is_ok())
        ),
        "junit" => {
            let count = |tag: &str| out.matches(tag).count();
            let found = [count("<failure "), count("<error "), count("<skipped ")];
            assert_eq!(found, [failures, errors, skipped], "{what}: {out}");
        }
        "sarif" => {
            let value: Value = serde_json::from_str(out).expect("JSON");
            let results = value["runs"][0]["results"].as_array().expect("results");
            assert_eq!(results.len(), failures + errors + skipped, "{what}: {out}");
            for result in results {
                let place = &result["locations"][0]["physicalLocation"];
                assert!(
                    place["region"]["startLine"].as_u64() >= Some(1),
                    "{what}: {out}"
                );
            }
        }
        "github" => {
            let commands = out.lines().filter(|line| line.starts_with("::"));
            assert_eq!(
                commands.count(),
                failures + errors + skipped,
                "{what}: {out}"
            );
        }
        _ => assert!(!out.is_empty()),
    }
}

#[test]
fn fingerprints_are_the_same_for_another_token() {
    let (_, text, _, _) = verdicts().swap_remove(1);
    let path = manifest("fingerprints", &text);
    let prints = |token: &str| {
        let run = gate(
            path.to_str().expect("UTF-8"),
            &["--format", "sarif"],
            &[("T", token)],
        );
        run.json()["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert!(prints(TOKEN)["why401/v1"].is_string());
    assert_eq!(prints(TOKEN), prints("another-token-0123456789"));
}

#[test]
fn annotations_come_worst_first_and_the_summary_goes_to_its_file() {
    let (_, text, _, _) = verdicts().pop().expect("all");
    let path = manifest("annotated", &text);
    let summary = manifest("summary", "# before\n");
    let environment = [
        ("T", TOKEN),
        ("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8")),
    ];
    let run = gate(
        path.to_str().expect("UTF-8"),
        &["--format", "github"],
        &environment,
    );
    let levels: Vec<&str> = run
        .out
        .lines()
        .filter_map(|l| l.strip_prefix("::")?.split(' ').next())
        .collect();
    assert_eq!(levels, ["error", "error", "warning"], "{}", run.out);
    assert!(
        run.out.lines().next().expect("a line").contains("broken"),
        "{}",
        run.out
    );
    let written = std::fs::read_to_string(&summary).expect("the summary");
    assert!(
        written.starts_with("# before\n**") && written.contains("| fail |"),
        "{written}"
    );
}

#[test]
fn the_examples_manifest_fits_the_schema() {
    let text = std::fs::read_to_string("fixtures/example/why401.toml").expect("the manifest");
    let value: Value = toml::from_str(&text).expect("TOML");
    schema_fits("manifest", &value);
}

#[test]
fn other_commands_take_the_formats_or_refuse_them_plainly() {
    let url = "https://api.mypurecloud.com/api/v2/routing/queues";
    let check = run(
        &[
            "check",
            "GET",
            url,
            "--scope",
            "users",
            "--token-kind",
            "user",
            "--format",
            "junit",
        ],
        None,
    );
    assert_eq!(check.code, 1);
    assert!(
        check.out.contains("type=\"scope.missing\""),
        "{}",
        check.out
    );
    let needs = run(&["needs", "GET", url, "--format", "junit"], None);
    assert_eq!(needs.code, 2);
    assert!(
        needs
            .err
            .contains("formats of check, explain, gate and token"),
        "{}",
        needs.err
    );
}

/// Writes every verdict in a format into a folder; the manifests' names as they would stand in a repository.
fn written(folder: &Path, format: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for (what, text, _, _) in verdicts() {
        let source = manifest(&format!("official-{what}"), &text);
        let run = gate(
            source.to_str().expect("UTF-8"),
            &["--format", format],
            &[("T", TOKEN)],
        );
        let name = source.display().to_string();
        let file = folder.join(format!("{what}.{format}"));
        std::fs::write(&file, run.out.replace(&name, "why401.toml")).expect("written");
        files.push(file);
    }
    let explained = run_with(
        &["explain", "fixtures/inputs/ticket.har", "--format", format],
        None,
        &[],
    );
    let file = folder.join(format!("explain.{format}"));
    std::fs::write(&file, explained.out).expect("written");
    files.push(file);
    files
}

fn folder(name: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
#[ignore = "needs Node and the packages of tests/live (npm ci)"]
fn the_official_validator_takes_every_sarif() {
    let files = written(&folder("sarif"), "sarif");
    let tool = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/live/node_modules/.bin/sarif-multitool"
    );
    let output = Command::new(tool)
        .arg("validate")
        .args(&files)
        .output()
        .expect("`npm ci` done in tests/live");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains(&format!("{} files scanned", files.len())),
        "{said}"
    );
    let complaints: Vec<&str> = said
        .lines()
        .filter(|line| line.contains(": error ") || line.contains(": warning "))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
#[ignore = "needs Python with the packages of tests/live/requirements.txt, and Jenkins' schema"]
fn jenkins_schema_and_another_reader_take_every_junit() {
    let files = written(&folder("junit"), "junit");
    let python = std::env::var("WHY401_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/junit.py"))
        .args(&files)
        .output()
        .expect("Python");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}{err}");
    for ((what, _, _, counts), line) in verdicts().iter().zip(said.lines()) {
        let [failures, errors, skipped] = counts;
        assert_eq!(line, format!("{failures} {errors} {skipped}"), "{what}");
    }
}

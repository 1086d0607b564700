//! Every format: the schemas hold, the exit code is the same, hostile text is harmless.

use crate::formats::FORMATS;
use crate::program::run;
use serde_json::{Value, json};

const URL: &str = "https://api.mypurecloud.com/api/v2/routing/queues";

fn schema(name: &str) -> Value {
    serde_json::from_str(&run(&["schema", name], None).out).expect("a schema is JSON")
}

fn fits(name: &str, value: &Value) {
    let validator = jsonschema::validator_for(&schema(name)).expect("a sound schema");
    let faults: Vec<String> = validator
        .iter_errors(value)
        .map(|e| format!("{} at {}", e, e.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{name}: {}", faults.join("; "));
}

#[test]
fn outputs_fit_their_schemas() {
    let jwt = include_str!("../../fixtures/tokens/thread.jwt");
    for (name, arguments, token) in [
        (
            "report",
            vec![
                "check",
                "POST",
                "https://api.mypurecloud.com/api/v2/conversations/messaging",
            ],
            Some(jwt),
        ),
        (
            "report",
            vec!["check", "GET", URL],
            Some("opaque-token-value"),
        ),
        ("report", vec!["check", "GET", URL], None),
        (
            "report",
            vec!["check", "GET", "https://unknown.example/a"],
            None,
        ),
        ("report", vec!["token"], Some(jwt)),
        ("report", vec!["token"], Some("Bearer null")),
        ("report", vec!["check", "GET", "nonsense"], None),
        ("needs", vec!["needs", "GET", URL], None),
        ("needs", vec!["needs", "GET", URL, "--scope", "a b"], None),
        ("tables", vec!["tables", "list"], None),
        (
            "tables",
            vec!["tables", "search", "queues", "routing"],
            None,
        ),
        ("tables", vec!["tables", "lint"], None),
        ("tables", vec!["tables", "who", "Mail.Send"], None),
        (
            "tables",
            vec![
                "tables",
                "open",
                "playlists",
                "--provider",
                "spotify",
                "--scope",
                "user-library-read",
            ],
            None,
        ),
        (
            "tables",
            vec!["tables", "diff", "tables/figma", "tables/spotify"],
            None,
        ),
        (
            "summary",
            vec!["explain", "fixtures/inputs/ticket.har", "--summary"],
            None,
        ),
        ("causes", vec!["causes"], None),
        ("causes", vec!["causes", "scope.missing"], None),
    ] {
        let arguments: Vec<&str> = arguments.into_iter().chain(["--format", "json"]).collect();
        fits(name, &run(&arguments, token).json());
    }
}

#[test]
fn the_schema_refuses_what_is_not_a_report() {
    let validator = jsonschema::validator_for(&schema("report")).expect("a sound schema");
    assert!(!validator.is_valid(&json!({"schema": "why401.report/1", "verdict": "maybe"})));
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    let cases: [(&[&str], i32); 4] = [
        (
            &["--scope", "routing", "--permissions", "routing:queue:view"],
            0,
        ),
        (&["--scope", "users", "--token-kind", "user"], 1),
        (&["--token-kind", "nobody-knows-it"], 2),
        (&["--scope", "routing"], 3),
    ];
    for (options, code) in cases {
        for format in FORMATS {
            let arguments: Vec<&str> = ["check", "GET", URL]
                .into_iter()
                .chain(options.iter().copied())
                .chain(["--format", format])
                .collect();
            assert_eq!(run(&arguments, None).code, code, "{options:?} {format}");
            let silent: Vec<&str> = arguments
                .iter()
                .copied()
                .chain(["--exit-zero", "-q"])
                .collect();
            let silent = run(&silent, None);
            assert_eq!(
                (silent.code, silent.out.as_str()),
                (if code == 2 { 2 } else { 0 }, ""),
                "{options:?} {format}"
            );
        }
    }
}

#[test]
fn hostile_claims_reach_no_terminal() {
    let file = std::env::temp_dir().join(format!("why401-hostile-{}.json", std::process::id()));
    std::fs::write(
        &file,
        r#"{"sub":"\u001b[2J\u202eX\u009b","scope":"a\u001b[31mb"}"#,
    )
    .expect("a temporary file");
    let path = file.to_str().expect("UTF-8");
    for format in FORMATS {
        let run = run(
            &["check", "GET", URL, "--claims", path, "--format", format],
            None,
        );
        assert!(
            !run.out.contains(['\u{1b}', '\u{202e}', '\u{9b}']),
            "{format}: {:?}",
            run.out
        );
    }
    std::fs::remove_file(&file).expect("removed");
}

#[test]
fn colours_follow_the_flag_only_for_people() {
    let coloured = |format: &str, when: &str| {
        run(
            &[
                "check", "GET", URL, "--scope", "routing", "--format", format, "--color", when,
            ],
            None,
        )
        .out
        .contains('\u{1b}')
    };
    assert!(coloured("human", "always"));
    assert!(
        !coloured("human", "never") && !coloured("human", "auto") && !coloured("json", "always")
    );
}

#[test]
fn the_manual_comes_from_the_command_line() {
    assert!(run(&["man"], None).out.contains(".TH why401"));
    assert!(run(&["man", "check"], None).out.contains(".TH why401"));
}

#[test]
fn where_a_document_was_asked_for_there_is_nothing_else() {
    let queues = "https://api.mypurecloud.com/api/v2/routing/queues";
    let commands: [&[&str]; 9] = [
        &["needs", "GET", queues],
        &["needs", "GET", queues, "--scopes-only"],
        &["tables", "search", "queues"],
        &["tables", "show", "GET", queues],
        &["tables", "who", "routing"],
        &[
            "tables",
            "open",
            "queues",
            "--provider",
            "genesys-cloud",
            "--scope",
            "routing",
        ],
        &["tables", "lint", "--provider", "genesys-cloud"],
        &[
            "check",
            "GET",
            queues,
            "--probe",
            "--dry-run",
            "--scope",
            "routing",
        ],
        &["causes"],
    ];
    for command in commands {
        let of = |format: &str| {
            let words = [command, &["--format", format]].concat();
            run(&words, None)
        };
        let json: Value =
            serde_json::from_str(&of("json").out).unwrap_or_else(|e| panic!("{command:?}: {e}"));
        assert!(json["schema"].is_string(), "{command:?}");
        for line in of("jsonl").out.lines() {
            let line: Result<Value, _> = serde_json::from_str(line);
            assert!(line.is_ok(), "{command:?}");
        }
        // What a CI reads is verdicts, and these have none.
        assert_eq!(of("sarif").code, 2, "{command:?}");
        let (human, markdown) = (of("human").out, of("markdown").out);
        assert!(!human.is_empty() && !markdown.is_empty(), "{command:?}");
    }
    let scrubbed = run(
        &["scrub", "fixtures/inputs/curl.txt", "--format", "json"],
        None,
    );
    let removed: Value = serde_json::from_str(&scrubbed.err).expect("JSON");
    assert!(
        removed["removed"]["header authorization"].is_u64(),
        "{removed}"
    );
}

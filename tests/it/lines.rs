//! The answer to one request fits twelve lines of eighty columns, and says what to do.

use crate::program::{Run, run, run_with};
use serde_json::{Value, json};
use why401_core::diagnose::Clock;
use why401_core::output::{self, Format, View};
use why401_core::triage::{Declared, Options, Providers, explain};

const API: &str = "https://api.mypurecloud.com/api/v2";
const THREAD: [&str; 4] = [
    "--token-file",
    "fixtures/tokens/thread.jwt",
    "--at",
    "2026-08-01T00:00:00Z",
];

/// Lines of a screen of eighty columns.
fn rows(text: &str) -> usize {
    let of = |line: &str| line.chars().count().div_ceil(80).max(1);
    text.lines().map(of).sum()
}

fn check(method: &str, url: &str, more: &[&str]) -> Run {
    let words: Vec<&str> = ["check", method, url].iter().chain(more).copied().collect();
    run(&words, None)
}

/// Twelve runs as people make them.
fn runs() -> Vec<(&'static str, Run)> {
    let url = |path: &str| format!("{API}{path}");
    let queues = url("/routing/queues");
    let opaque = [("WHY401_TOKEN", "H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk")];
    let body = r#"{"message":"Resource not accessible by personal access token","documentation_url":"https://docs.github.com/rest","status":"403"}"#;
    let raw = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The access token expired\"\r\n\r\n";
    let token: Vec<&str> = ["token"].iter().chain(&THREAD).copied().collect();
    vec![
        (
            "the thread's call",
            check("POST", &url("/conversations/messaging"), &THREAD),
        ),
        ("its control", check("GET", &url("/users/me"), &THREAD)),
        (
            "an opaque token",
            run_with(&["check", "GET", &queues], None, &opaque),
        ),
        (
            "scopes by hand",
            check("GET", &queues, &["--scope", "users routing:readonly"]),
        ),
        (
            "the wrong scope",
            check(
                "GET",
                &queues,
                &["--scope", "users", "--token-kind", "user"],
            ),
        ),
        (
            "a host that no table names",
            check("GET", "https://api.example.com/things/7", &["--scope", "a"]),
        ),
        ("no token", check("GET", &queues, &[])),
        (
            "enough",
            check(
                "GET",
                &queues,
                &["--scope", "routing", "--permissions", "routing:queue:view"],
            ),
        ),
        (
            "a transcript",
            run(&["explain", "fixtures/inputs/curl.txt"], None),
        ),
        (
            "an error body",
            run(&["explain", "--status", "403", "-"], Some(body)),
        ),
        ("an answer", run(&["explain", "-"], Some(raw))),
        ("a token", run(&token, None)),
    ]
}

#[test]
fn one_request_is_answered_in_twelve_lines_of_eighty_columns() {
    for (what, run) in runs() {
        let lines = rows(&run.out);
        assert!(
            (1..=12).contains(&lines),
            "{what}: {lines} lines\n{}",
            run.out
        );
        let code = format!("Exit code {}", run.code);
        assert!(run.out.contains(&code), "{what}: {}", run.out);
        let broken = run.out.lines().find(|line| {
            let own = line.trim_start_matches("next").trim_start();
            !own.starts_with('$') && line.chars().count() > 80
        });
        assert_eq!(broken, None, "{what}");
    }
}

/// Lines of the block that this label begins.
fn block(text: &str, label: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.starts_with(label));
    let first = lines.next().unwrap_or_default().to_owned();
    let rest = lines.take_while(|line| line.starts_with("           ") && !line.contains(" $ "));
    rest.fold(first, |text, line| text + "\n" + line)
}

#[test]
fn a_reason_is_whole_sentences_however_a_product_words_its_refusal() {
    let text = std::fs::read_to_string("fixtures/wordings.ndjson").expect("the fixture");
    let providers = Providers::shipped();
    let options = Options::new("a wording", Declared::at(Clock::at(1_785_542_400)));
    let mut reasons = 0;
    for line in text.lines() {
        let own: Value = serde_json::from_str(line).expect("JSON");
        let response =
            json!({"status": own["status"], "headers": own["headers"], "body": own["body"]});
        let record = json!({"provider": own["by"], "response": response}).to_string();
        let report = explain(record.as_bytes(), &providers, &options);
        let shown = output::render(&report, Format::Human, &View::default());
        assert!(rows(&shown) <= 12, "{shown}");
        let because = block(&shown, "because");
        let own_words = report.diagnoses[0]
            .cause()
            .map(|f| f.message.as_str())
            .unwrap_or_default();
        let cut = because.contains('…') && !own_words.contains('…');
        assert!(!cut, "{shown}");
        reasons += usize::from(!because.is_empty());
    }
    assert!(reasons > 90, "only {reasons}");
}

#[test]
fn commands_that_are_offered_are_commands_of_this_program() {
    let har = "fixtures/inputs/ticket.har";
    let typed = "curl https://api.mypurecloud.com/api/v2/routing/queues -H 'Authorization: Bearer H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk'";
    let thread = format!("{API}/conversations/messaging");
    let asked: [&[&str]; 5] = [
        &["check", typed],
        &["explain", "-", "--trust", "A", "--input-format", "command"],
        &["explain", har, "--entry", "3"],
        &["check", "POST", &thread, "--scope", "view:conversation"],
        &[
            "check",
            "GET",
            "/api/v2/routing/queues",
            "--provider",
            "genesys-cloud",
            "--scope",
            "x",
        ],
    ];
    let mut seen = 0;
    for words in asked {
        let words: Vec<&str> = words.iter().chain(&["--format", "json"]).copied().collect();
        let stdin = words.contains(&"-").then_some(typed);
        let said = run(&words, stdin);
        let steps = said.diagnosis()["next"].clone();
        for step in steps.as_array().into_iter().flatten() {
            let command = step["command"].as_str().unwrap_or_default();
            let Some(rest) = command.strip_prefix("why401 ") else {
                continue;
            };
            // A server that is asked is shown, and a file that is named is the reader's.
            let rest = rest.replace("--probe", "--probe --dry-run");
            let files = ["openapi.yaml", "token.txt", "evidence.txt"]
                .iter()
                .any(|file| rest.contains(file));
            let words = shlex::split(&rest).expect("words of a shell");
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let token = [("WHY401_TOKEN", "H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk")];
            let run = run_with(&words, stdin.map(str::as_bytes), &token);
            assert!(run.code != 2 || files, "{command}\n{}{}", run.out, run.err);
            seen += 1;
        }
    }
    assert!(seen > 6, "only {seen}");
}

#[test]
fn a_suggested_command_repeats_the_options_and_works() {
    let url = format!("{API}/routing/queues");
    let run = check(
        "GET",
        &url,
        &["--scope", "users routing:readonly", "--trust", "A"],
    );
    let command = run
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("$ "));
    let command = command.expect("a command to paste");
    for part in [
        "--scope 'users routing:readonly'",
        "--trust A",
        "--permissions",
    ] {
        assert!(command.contains(part), "{command}");
    }
    let words = shlex::split(command).expect("words of a shell");
    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    assert_eq!(crate::program::run(&words, None).code, 0, "{command}");
}

#[test]
fn everything_else_is_one_option_away() {
    let words: Vec<&str> = ["check", "POST"].to_vec();
    let url = format!("{API}/conversations/messaging");
    let more: Vec<&str> = THREAD.iter().chain(&["-v"]).copied().collect();
    let words: Vec<&str> = words
        .into_iter()
        .chain([url.as_str()])
        .chain(more)
        .collect();
    let whole = run(&words, None).out;
    for part in ["What it is not", "Notes", "source [1]", "Next"] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
}

#[test]
fn many_requests_are_counted_by_cause_and_by_what_is_missing() {
    let run = run(&["explain", "fixtures/inputs/ticket.har"], None);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], "4 requests: 3 denied, 1 clear; 2 causes");
    assert!(
        lines[2].starts_with("count  status  request"),
        "{}",
        run.out
    );
    assert!(
        lines[3].contains("2     403  GET /api/v2/routing/queues"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("--only 'GET /api/v2/conversations'"),
        "{}",
        run.out
    );
}

#[test]
fn a_summary_counts_without_diagnoses() {
    let arguments = ["explain", "fixtures/inputs/ticket.har", "--summary"];
    let table = run(&arguments, None);
    assert_eq!(table.code, 1);
    assert!(table.out.contains("clear"), "{}", table.out);
    let json: Vec<&str> = arguments
        .iter()
        .chain(&["--format", "json"])
        .copied()
        .collect();
    let json = run(&json, None).json();
    assert_eq!(json["schema"], "why401.summary/1");
    assert_eq!(json["rows"][0]["missing"][0], "routing:queue:view");
    assert_eq!(json["rows"][0]["count"], 2);
}

#[test]
fn what_is_to_be_done_tells_groups_apart_and_each_row_has_its_command() {
    let token = "H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk";
    let record = |method: &str, path: &str, status: u16, body: &str| {
        json!({
            "request": {"method": method, "url": format!("{API}{path}"), "headers": {"Authorization": format!("Bearer {token}")}},
            "response": {"status": status, "body": body},
        })
        .to_string()
    };
    let unknown = r#"{"message":"HTTP 404 Not Found","code":"not.found","status":404}"#;
    let text = [
        record("GET", "/users/me", 200, "{}"),
        record("POST", "/conversations/messaging", 401, ""),
        record("GET", "/analytics/queues/observations/q", 404, unknown),
    ]
    .join("\n");
    let words = ["explain", "-", "--input-format", "records"];
    let shown = run_with(&words, Some(text.as_bytes()), &[]);
    assert!(shown.out.contains("first of 2 groups"), "{}", shown.out);
    let command = "--only 'GET /api/v2/analytics/queues/observations/q'";
    assert!(shown.out.contains(command), "{}", shown.out);
    let other = [&words[..], &["--only", "GET /api/v2/analytics/*"]].concat();
    let other = run_with(&other, Some(text.as_bytes()), &[]);
    let because = block(&other.out, "because");
    assert!(because.contains("does not publish"), "{}", other.out);
}

#[test]
fn what_is_no_report_fits_eighty_columns_too() {
    let thread = format!("{API}/conversations/messaging");
    let plan = [
        "check",
        "POST",
        &thread,
        "--scope",
        "x",
        "--probe",
        "--dry-run",
    ];
    for words in [&plan[..], &["tables", "search", "queues"]] {
        let run = run(words, None);
        let wide = run.out.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{}", run.out);
    }
}

#[test]
fn one_of_many_regions_is_asked_and_the_others_are_named() {
    let body =
        json!({"message": "Invalid login credentials.", "code": "bad.credentials", "status": 401});
    let record = json!({
        "request": {"method": "GET", "url": format!("{API}/users/me"), "headers": {"Authorization": "Bearer H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk"}},
        "response": {"status": 401, "body": body.to_string()},
    });
    let words = ["explain", "-", "--format", "json"];
    let run = run_with(&words, Some(record.to_string().as_bytes()), &[]);
    let steps = run.diagnosis()["next"].clone();
    let steps = steps.as_array().expect("steps").iter();
    let asks = |step: &&Value| {
        step["command"]
            .as_str()
            .is_some_and(|own| own.contains("--regions"))
    };
    let step = steps
        .clone()
        .find(asks)
        .unwrap_or_else(|| panic!("{}", run.out));
    let command = step["command"].as_str().expect("a command");
    assert!(!command.contains(','), "{command}");
    let text = step["text"].as_str().expect("a text");
    assert!(
        text.contains("eu-west-1") && text.contains("The others"),
        "{text}"
    );
}

#[test]
fn of_many_names_the_one_to_ask_for_is_named_first_and_is_the_remedy() {
    let url = "https://graph.microsoft.com/v1.0/users";
    let kind = ["--token-kind", "delegated_work", "--scope", "User.Read"];
    let run = run(&[&["check", "GET", url][..], &kind].concat(), None);
    let because = block(&run.out, "because");
    assert!(
        because.contains("one of `User.ReadBasic.All`"),
        "{}",
        run.out
    );
    assert!(because.contains("others"), "{}", run.out);
    let fix = block(&run.out, "fix");
    assert!(
        fix.contains("`User.ReadBasic.All`") && !fix.contains("others"),
        "{}",
        run.out
    );
}

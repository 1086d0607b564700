//! `explain`: what support people hand in, and what comes back.

use crate::program::{Run, run, run_with};
use serde_json::{Value, json};

const REFUSED: &str = "> GET /api/v2/routing/queues HTTP/1.1\n> Host: api.mypurecloud.com\n> Authorization: Bearer 0123456789abcdefABCD\n> \n< HTTP/1.1 403 Forbidden\n< ININ-Correlation-Id: 1f2d\n< \n{\"code\":\"missing.any.permissions\",\"message\":\"You must have at least one of the following permissions assigned: [routing:queue:view]\"}\n";

fn explain(input: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["explain", "-", "--format", "json"];
    arguments.extend(more);
    run(&arguments, Some(input))
}

fn record(status: u16, body: &str) -> String {
    json!({"request": {"method": "GET", "url": "https://api.example/a", "headers": {"Authorization": "Bearer <opaque>"}}, "response": {"status": status, "body": body}}).to_string()
}

#[test]
fn a_refusal_names_its_cause_what_is_needed_and_the_id_for_a_ticket() {
    let run = explain(REFUSED, &[]);
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (1, Some("permission.missing"))
    );
    let diagnosis = run.diagnosis();
    assert_eq!(diagnosis["subject"]["status"], 403);
    assert_eq!(
        diagnosis["subject"]["operation"],
        "GET /api/v2/routing/queues"
    );
    assert!(run.out.contains("routing:queue:view") && run.out.contains("1f2d"));
    assert!(!run.out.contains("0123456789abcdefABCD"));
}

#[test]
fn exit_codes_follow_what_was_found() {
    for (input, code) in [
        (record(200, "{}"), 0),
        (record(403, "insufficient_scope"), 1),
        (record(429, ""), 3),
        (record(503, ""), 3),
        ("* Could not resolve host: api.example\ncurl: (6) Could not resolve host: api.example\n".to_owned(), 3),
        ("\u{0}\u{1}\u{2}".to_owned(), 2),
        (String::new(), 2),
    ] {
        assert_eq!(explain(&input, &[]).code, code, "{input}");
    }
}

#[test]
fn a_network_fault_is_never_the_tokens() {
    let run = explain(
        "> GET / HTTP/1.1\n> Host: api.example\n> Authorization: Bearer null\n> \n* Connection timed out\ncurl: (28) Connection timed out\n",
        &[],
    );
    assert_eq!((run.code, run.cause()), (3, None), "{}", run.out);
    assert!(run.codes().contains(&"note.no-answer".to_owned()));
}

#[test]
fn a_success_is_clear_whatever_the_table_says() {
    let input = "> GET /api/v2/no/such/path HTTP/1.1\n> Host: api.mypurecloud.com\n> Authorization: Bearer 0123456789abcdefABCD\n> \n< HTTP/1.1 200 OK\n< \n";
    let run = explain(input, &["--scope", ""]);
    assert_eq!((run.code, run.cause()), (0, None), "{}", run.out);
}

fn entry(url: &str, status: u16, token: &str, location: Option<&str>) -> Value {
    let headers: Vec<Value> = location
        .iter()
        .map(|l| json!({"name": "Location", "value": l}))
        .collect();
    let sent: Vec<Value> = if token.is_empty() {
        Vec::new()
    } else {
        vec![json!({"name": "Authorization", "value": format!("Bearer {token}")})]
    };
    json!({"request": {"method": "GET", "url": url, "headers": sent}, "response": {"status": status, "headers": headers, "content": {}}})
}

fn har(entries: &[Value]) -> String {
    json!({"log": {"version": "1.2", "entries": entries}}).to_string()
}

#[test]
fn a_header_dropped_at_a_redirect_is_found() {
    let input = har(&[
        entry(
            "https://api.example/a",
            301,
            "0123456789abcdef",
            Some("https://www.api.example/a/"),
        ),
        entry("https://www.api.example/a/", 401, "", None),
    ]);
    let run = explain(&input, &[]);
    let all = run.json();
    assert_eq!(all["diagnoses"][0]["verdict"], "clear");
    assert_eq!(
        all["diagnoses"][1]["cause"],
        json!({"code": "header.stripped", "certainty": "derived"})
    );
    assert_eq!(run.code, 1);
}

#[test]
fn a_refusal_that_a_refreshed_token_healed_is_no_fault() {
    let input = har(&[
        entry("https://api.example/a", 401, "old-token-0123456789", None),
        entry("https://other.example/token", 200, "", None),
        entry("https://api.example/a", 200, "new-token-0123456789", None),
    ]);
    let run = explain(&input, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("note.retried"));
}

#[test]
fn many_requests_are_grouped_by_cause_for_people() {
    let lines: Vec<String> = (0..12)
        .map(|n| record(if n < 8 { 403 } else { 200 }, "insufficient_scope"))
        .collect();
    let run = run(
        &["explain", "-", "--format", "human"],
        Some(&lines.join("\n")),
    );
    assert!(
        run.out
            .starts_with("12 requests: 8 denied, 4 clear; 1 cause\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("7 more like it"), "{}", run.out);
}

#[test]
fn a_bare_body_can_be_given_its_status() {
    let run = explain(
        "Unauthorized",
        &["--input-format", "body", "--status", "401"],
    );
    assert_eq!(
        (run.code, run.diagnosis()["subject"]["status"].clone()),
        (1, json!(401)),
        "{}",
        run.out
    );
}

#[test]
fn only_and_entry_choose() {
    let input = har(&[
        entry("https://a.example/x", 403, "", None),
        entry("https://a.example/y", 200, "", None),
    ]);
    assert_eq!(explain(&input, &["--entry", "2"]).code, 0);
    assert_eq!(
        explain(&input, &["--only", "GET /x"]).json()["diagnoses"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert_eq!(explain(&input, &["--only", "GET /nothing"]).code, 2);
    assert_eq!(explain(&input, &["--only", "GET"]).code, 2);
}

#[test]
fn log_lines_with_broken_ones_among_them_give_the_rest_and_the_places() {
    let good = r#"{"response_code":401,"path":"/a","method":"GET","authority":"api.example"}"#;
    let mut lines = vec![good; 20];
    lines[3] = "{broken";
    lines[9] = "garbage";
    let run = explain(&lines.join("\n"), &[]);
    let report = run.json();
    assert_eq!(report["diagnoses"].as_array().map(Vec::len), Some(18));
    assert_eq!(report["skipped"][0]["place"], "standard input line 4");
    assert_eq!(run.code, 1);
    let mapped = explain(
        r#"{"a":{"s":403},"p":"/x"}"#,
        &["--fields", "status=/a/s,path=/p"],
    );
    assert_eq!(
        mapped.diagnosis()["subject"]["status"],
        403,
        "{}",
        mapped.out
    );
    assert_eq!(explain(good, &["--fields", "colour=/a"]).code, 2);
}

#[test]
fn a_command_without_an_answer_is_judged_by_token_and_table() {
    let input = "curl -X POST 'https://api.mypurecloud.com/api/v2/conversations/messaging' -H 'Authorization: Bearer 0123456789abcdefABCD' -d @secret.json";
    let run = explain(input, &["--token-kind", "user", "--scope", "conversations"]);
    assert!(
        run.codes().contains(&"endpoint.unknown".to_owned()),
        "{}",
        run.out
    );
    assert!(
        run.codes().contains(&"scope.missing".to_owned()),
        "{}",
        run.out
    );
}

#[test]
fn markdown_holds_no_markup_of_the_servers() {
    let input = record(
        403,
        "<img src=x onerror=alert(1)> ``` **missing_scope** [a](http://b)",
    );
    let run = run(&["explain", "-", "--format", "markdown"], Some(&input));
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&run.out));
    for markup in ["<img", "<a ", "<strong>missing_scope"] {
        assert!(!html.contains(markup), "{html}");
    }
    assert!(run.out.starts_with("**Denied:**"), "{}", run.out);
}

#[test]
fn a_credential_in_any_place_of_the_evidence_is_never_printed() {
    let secret = "kD83hdKq-83hd_oaue8XyZ0987";
    let places = [
        format!("> GET /?access_token={secret} HTTP/1.1\n> Host: a.example\n> Cookie: s={secret}\n> \n< HTTP/1.1 401 no\n< \n"),
        format!("> GET / HTTP/1.1\n> Host: bob:{secret}@a.example\n> Authorization: Basic {secret}\n> \n< HTTP/1.1 401 no\n< Location: https://x/?token={secret}\n< \n"),
        json!({"request": {"method": "GET", "url": "https://a.example/", "headers": {"Authorization": format!("Bearer {secret}")}}, "response": {"status": 401, "body": format!("the token {secret} is bad")}}).to_string(),
        json!({"token": {"value": secret}, "response": {"status": 401, "body": format!("{{\"access_token\":\"{secret}\"}}")}}).to_string(),
        format!("curl -u bob:{secret} https://a.example/?code={secret}"),
        format!("{{\"error\":\"x\",\"refresh_token\":\"{secret}\"}}"),
    ];
    for place in &places {
        for format in ["human", "json", "jsonl", "markdown"] {
            let run = run(&["explain", "-", "--format", format], Some(place));
            assert!(
                !run.out.contains(secret) && !run.err.contains(secret),
                "{format}: {place}\n{}",
                run.out
            );
        }
    }
}

/// Some recorders join two accounts of one request, so every field stands twice. A client that sends two credentials names
/// itself once.
#[test]
fn fields_that_the_recorder_wrote_twice_are_not_two_credentials() {
    let credential = r#"{"name":"Authorization","value":"Bearer tok-Aq81mZpQ77xLwv29"}"#;
    let agent = r#"{"name":"User-Agent","value":"shop/1"}"#;
    let judged = |fields: &[&str]| {
        let fields = fields.join(",");
        let har = format!(
            r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"https://api.shop.example/v1/orders","headers":[{fields}]}},"response":{{"status":401,"headers":[],"content":{{}}}}}}]}}}}"#
        );
        run_with(
            &["explain", "-", "--format", "json"],
            Some(har.as_bytes()),
            &[],
        )
    };
    let joined = judged(&[agent, credential, agent, credential]);
    assert!(joined.code == 1 || joined.code == 3, "{}", joined.err);
    assert!(!joined.out.contains("header.malformed"), "{}", joined.out);
    let sent = judged(&[agent, credential, credential]);
    assert_eq!(
        sent.cause().as_deref(),
        Some("header.malformed"),
        "{}",
        sent.out
    );
}

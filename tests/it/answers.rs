//! What the short answers say: how sure they are, which fact decides, what is ruled out, and what to do next.

use crate::program::{Run, run, run_with, unwrapped};

const API: &str = "https://api.mypurecloud.com/api/v2";
const TOKEN: &str = "H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk";
const REFUSED: &str =
    r#"{\"message\":\"Invalid login credentials.\",\"code\":\"bad.credentials\"}"#;

/// A record of a call with a token.
fn record(method: &str, path: &str, status: u16, body: &str) -> String {
    format!(
        r#"{{"request":{{"method":"{method}","url":"{API}{path}","headers":{{"Authorization":"Bearer {TOKEN}"}}}},"response":{{"status":{status},"body":"{body}"}}}}"#
    )
}

/// The thread's evidence: the token works before and after the call that is refused.
fn thread() -> String {
    [
        record("GET", "/users/me", 200, "{}"),
        record("POST", "/conversations/messaging", 401, REFUSED),
        record("GET", "/users/me", 200, "{}"),
    ]
    .join("\n")
}

fn explain(text: &str, more: &[&str]) -> Run {
    let words: Vec<&str> = ["explain", "-"].iter().chain(more).copied().collect();
    run_with(&words, Some(text.as_bytes()), &[])
}

/// The causes that an answer leaves possible.
fn causes(run: &Run) -> Vec<String> {
    let diagnosis = run.diagnosis();
    let findings = diagnosis["findings"].as_array().expect("findings");
    let errors = findings.iter().filter(|f| f["severity"] == "error");
    errors
        .map(|f| f["code"].as_str().expect("a code").to_owned())
        .collect()
}

#[test]
fn a_check_that_may_be_switched_off_is_never_more_than_possible() {
    let queues = format!("{API}/routing/queues");
    let words = ["check", "GET", &queues, "--scope", "users", "--token-kind"];
    let of = |kind: &str| run(&[&words[..], &[kind, "--format", "json"]].concat(), None);
    let user = of("user");
    assert_eq!(user.code, 1, "{}", user.out);
    assert_eq!(user.diagnosis()["cause"]["code"], "scope.missing");
    assert_eq!(user.diagnosis()["cause"]["certainty"], "possible");
    // Where the server refused, it is still the likeliest, and the server's own words state it.
    let record = |body: &str| record("GET", "/routing/queues", 403, body);
    let more = [
        "--scope",
        "users",
        "--token-kind",
        "user",
        "--format",
        "json",
    ];
    let bare = explain(&record(""), &more);
    assert_eq!(bare.diagnosis()["cause"]["code"], "scope.missing");
    assert_eq!(bare.diagnosis()["cause"]["certainty"], "possible");
    let body = r#"{\"message\":\"App not authorized to use scope [routing:readonly, routing]\",\"code\":\"app.not.authorized.for.scope\"}"#;
    let stated = explain(&record(body), &more);
    assert_eq!(stated.diagnosis()["cause"]["certainty"], "stated");
    // A vendor that always checks is still believed.
    let github = run(
        &[
            "check",
            "GET",
            "https://api.github.com/user/emails",
            "--scope",
            "gist",
            "--token-kind",
            "oauth",
            "--format",
            "json",
        ],
        None,
    );
    assert_ne!(
        github.diagnosis()["cause"]["certainty"],
        "possible",
        "{}",
        github.out
    );
}

#[test]
fn a_token_that_works_elsewhere_in_the_evidence_is_not_dead() {
    let only = ["--only", "POST /api/v2/conversations/messaging"];
    let json = ["--format", "json"];
    for more in [&only[..], &["--entry", "2"]] {
        let run = explain(&thread(), &[more, &json].concat());
        assert_eq!(
            run.cause().as_deref(),
            Some("endpoint.unknown"),
            "{}",
            run.out
        );
        let left = causes(&run);
        for dead in [
            "token.unknown",
            "token.expired",
            "token.revoked",
            "region.mismatch",
            "credentials.invalid",
        ] {
            assert!(!left.contains(&dead.to_owned()), "{more:?}: {left:?}");
        }
    }
    let human = unwrapped(&explain(&thread(), &only).out);
    assert!(
        human.contains("not expired, unknown or of another region: the token worked in 2"),
        "{human}"
    );
    // The same answer by itself is read as the server words it.
    let alone = explain(
        &record("POST", "/conversations/messaging", 401, REFUSED),
        &json,
    );
    assert_eq!(alone.cause().as_deref(), Some("token.unknown"));
}

#[test]
fn what_a_person_says_of_the_token_counts_and_is_called_that() {
    let told = |how: &str| {
        let text = format!(
            "POST {API}/conversations/messaging returns 401 Unauthorized but GET {API}/users/me returns 200 {how}."
        );
        unwrapped(&explain(&text, &[]).out)
    };
    let same = told("with the same token");
    assert!(same.contains("as reported, the token worked"), "{same}");
    for dead in ["token.expired", "token.unknown", "region.mismatch"] {
        assert!(!same.contains(dead), "{same}");
    }
    let other = told("with another token");
    assert!(other.contains("token.expired"), "{other}");
}

#[test]
fn check_and_explain_agree_where_their_evidence_is_equal() {
    let url = format!("{API}/conversations/messaging");
    let check = run(
        &["check", "POST", &url, "--scope", "view:conversation"],
        None,
    );
    let record = record("POST", "/conversations/messaging", 401, "");
    let explained = explain(&record, &["--scope", "view:conversation"]);
    for text in [&check.out, &explained.out] {
        let text = unwrapped(text);
        assert!(text.contains(": endpoint.unknown"), "{text}");
        assert!(
            text.contains("fix Use POST /api/v2/conversations/messages"),
            "{text}"
        );
        assert!(text.contains("scope.missing"), "{text}");
    }
    assert_eq!((check.code, explained.code), (1, 1));
}

#[test]
fn an_answer_that_says_no_more_than_its_status_yields_to_what_is_published() {
    let json = ["--format", "json"];
    let body = r#"{\"message\":\"Forbidden\"}"#;
    let texts = [
        format!("POST {API}/conversations/messaging 403 Forbidden"),
        format!("POST {API}/conversations/messaging 401 Unauthorized"),
        record("POST", "/conversations/messaging", 403, body),
        record("POST", "/conversations/messaging", 401, ""),
    ];
    for text in &texts {
        for more in [&[][..], &["--scope", "view:conversation"]] {
            let run = explain(text, &[&json, more].concat());
            assert_eq!(run.cause().as_deref(), Some("endpoint.unknown"), "{text}");
        }
    }
    // The name of a status is like nothing but itself.
    let bare = explain(&format!("GET {API}/users/me 401"), &json);
    let left = causes(&bare);
    for guessed in ["credentials.invalid", "endpoint.unknown", "rate.limited"] {
        assert!(!left.contains(&guessed.to_owned()), "{left:?}");
    }
    // A published call: the scope that is missing goes before the name of the status, as in `check`.
    let queues = record("GET", "/routing/queues", 403, body);
    let run = explain(&queues, &[&json[..], &["--scope", "users"]].concat());
    assert_eq!(run.cause().as_deref(), Some("scope.missing"), "{}", run.out);
    // What the server does say goes first.
    let named = r#"{\"code\":\"ip.not.authorized\",\"message\":\"x\"}"#;
    let text = record("POST", "/conversations/messaging", 401, named);
    let run = explain(&text, &json);
    assert_eq!(run.cause().as_deref(), Some("ip.blocked"), "{}", run.out);
}

#[test]
fn a_reported_scope_is_no_missing_name_of_an_unpublished_path() {
    let text = format!("{}\n{}", thread(), record("GET", "/users/me", 200, "{}"));
    let run = explain(&text, &["--scope", "view:conversation"]);
    let row = run.out.lines().find(|line| line.contains("  401  "));
    let row = row.expect("a row of the table");
    assert!(row.contains("endpoint.unknown"), "{row}");
    let table = run.out.split("DENIED").next().unwrap_or_default();
    assert!(!table.contains("write:conversation:messaging"), "{table}");
    let url = format!("{API}/conversations/messaging");
    let script = crate::program::run(&["needs", "POST", &url, "--scopes-only"], None);
    assert_eq!((script.code, script.out.trim()), (3, ""), "{}", script.err);
    assert!(
        script.err.contains("not published") && script.err.contains("trust C"),
        "{}",
        script.err
    );
    let needs = crate::program::run(&["needs", "POST", &url], None).out;
    assert!(
        unwrapped(&needs).contains("reported write:conversation:messaging (one report, trust C"),
        "{needs}"
    );
}

#[test]
fn one_refusal_beside_one_success_needs_no_table() {
    let text = "The token works on GET https://api.example.com/me, but POST https://api.example.com/things answers 401";
    let run = explain(text, &[]);
    assert!(
        run.out.starts_with("2 requests: 1 denied, 1 clear"),
        "{}",
        run.out
    );
    assert!(
        !run.out.contains("count  status") && run.out.lines().count() <= 14,
        "{}",
        run.out
    );
    assert!(
        unwrapped(&run.out).contains("as reported, the token worked"),
        "{}",
        run.out
    );
}

#[test]
fn a_scope_that_is_missing_too_is_not_counted_as_a_permission() {
    let body = r#"{\"message\":\"You are missing the following permission(s): routing:queue:view\",\"code\":\"missing.permissions\"}"#;
    let text = format!(
        "{}\n{}\n{}",
        record("GET", "/routing/queues", 403, body),
        record("GET", "/users/me", 200, "{}"),
        record("GET", "/tokens/me", 200, "{}")
    );
    let run = explain(&text, &["--scope", "user-basic-info"]);
    let table = unwrapped(run.out.split("DENIED").next().unwrap_or_default());
    assert!(
        table.contains("permission.missing: routing:queue:view"),
        "{table}"
    );
    assert!(!table.contains("routing:readonly"), "{table}");
}

#[test]
fn the_fact_that_decides_is_shown() {
    let url = format!("{API}/conversations/messaging");
    let given = run(
        &["check", "POST", &url, "--scope", "view:conversation"],
        None,
    );
    let shown = "endpoint.unknown, else scope.missing (possible, not certain)";
    assert!(unwrapped(&given.out).contains(shown), "{}", given.out);
    let nothing = run(&["check", "POST", &url], None);
    let shown = "verdict undecided: endpoint.unknown alone does not deny; no token was given";
    assert!(unwrapped(&nothing.out).contains(shown), "{}", nothing.out);
    assert_eq!((given.code, nothing.code), (1, 3));
}

#[test]
fn without_the_network_no_step_needs_it() {
    let url = format!("{API}/conversations/messaging");
    let words = ["check", "POST", &url, "--scope", "view:conversation"];
    for more in [&["--offline"][..], &["--offline", "-v"]] {
        let run = run(&[&words[..], more].concat(), None);
        for asks in ["--probe", "curl", "Ask the server"] {
            assert!(!run.out.contains(asks), "{asks}: {}", run.out);
        }
    }
    let both = run(&[&words[..], &["--offline", "--probe"]].concat(), None);
    assert!(
        both.err.contains("the server was not asked"),
        "{}",
        both.err
    );
    let client = run(&[&words[..], &["--client-id", "x"]].concat(), None);
    assert!(client.err.contains("without effect"), "{}", client.err);
}

#[test]
fn the_server_that_saw_no_token_states_it() {
    let body = r#"{\"message\":\"No authentication bearer token specified in authorization header.\",\"code\":\"authentication.required\"}"#;
    let with = |headers: &str| {
        let text = format!(
            r#"{{"request":{{"method":"GET","url":"{API}/users/me","headers":{{{headers}}}}},"response":{{"status":401,"headers":{{"ININ-Correlation-Id":"7bd2d9a3-45b1-4f6e-9f21-0a9ddc7d1b11"}},"body":"{body}"}}}}"#
        );
        explain(&text, &["--format", "json"]).diagnosis()["cause"].clone()
    };
    let stated = |code: &str| serde_json::json!({"code": code, "certainty": "stated"});
    assert_eq!(with(r#""Accept":"*/*""#), stated("header.missing"));
    assert_eq!(
        with(&format!(r#""Authorization":"Bearer {TOKEN}""#)),
        stated("header.stripped")
    );
}

#[test]
fn a_reply_can_be_sent_as_it_is_and_names_the_id() {
    let id = "7bd2d9a3-45b1-4f6e-9f21-0a9ddc7d1b11";
    let body = r#"{\"message\":\"Invalid login credentials.\",\"code\":\"bad.credentials\"}"#;
    let text = format!(
        r#"{{"request":{{"method":"GET","url":"{API}/users/me","headers":{{"Authorization":"Bearer {TOKEN}"}}}},"response":{{"status":401,"headers":{{"ININ-Correlation-Id":"{id}"}},"body":"{body}"}}}}"#
    );
    let run = explain(&text, &["--format", "markdown"]);
    let (reply, folded) = run.out.split_once("<details>").expect("a folded part");
    let lines = reply.lines().filter(|line| !line.is_empty()).count();
    assert!((4..=10).contains(&lines), "{reply}");
    assert!(reply.contains(id), "{reply}");
    assert!(reply.contains("not a certain one"), "{reply}");
    assert!(reply.contains("- Also possible: The token"), "{reply}");
    for jargon in ["why401", "--", "token.unknown"] {
        assert!(!reply.contains(jargon), "{jargon}: {reply}");
    }
    assert!(folded.contains("why401 check"), "{folded}");
}

#[test]
fn a_long_answer_is_cut_around_the_words_that_were_read() {
    let noise =
        "The request that was sent cannot be completed by this service at the moment. ".repeat(5);
    let text = format!(
        r#"{{"response":{{"status":401,"body":"{noise}The access token expired and has to be renewed before this call is made again, as the documentation of the service explains."}}}}"#
    );
    let run = explain(&text, &[]);
    let seen = run.out.lines().find(|line| line.starts_with("seen"));
    let seen = seen.unwrap_or_else(|| panic!("no fact: {}", run.out));
    assert!(seen.contains("expired"), "{seen}");
    assert!(seen.chars().count() <= 80, "{seen}");
}

#[test]
fn a_token_that_was_not_sent_is_no_unknown_one_and_one_in_the_query_was_sent() {
    let told = |command: &str| {
        let text =
            format!("$ {command}\nHTTP/1.1 401 Unauthorized\n\n{{\"error\":\"Invalid token\"}}\n");
        let out = run(
            &["explain", "-", "--format", "json", "--offline"],
            Some(&text),
        );
        out.cause().unwrap_or_default()
    };
    assert_eq!(
        told("curl -i https://api.example.com/v1/x"),
        "header.missing"
    );
    let sent = "curl -i -H 'Authorization: Bearer opaque-7f31c2' https://api.example.com/v1/x";
    assert_eq!(told(sent), "token.unknown");
    let in_query = "curl -i 'https://api.example.com/v1/x?access_token=opaque-7f31c2'";
    assert_eq!(told(in_query), "token.unknown");
}

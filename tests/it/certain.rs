//! What an answer says of itself: what is certain, what is not, what limits it, and with which code the process ends.

use crate::program::{run, run_with, unwrapped};

const API: &str = "https://api.mypurecloud.com/api/v2";

#[test]
fn the_threads_answer_says_what_is_certain_what_is_not_and_what_to_call() {
    let url = format!("{API}/conversations/messaging");
    let words = ["check", "POST", &url, "--scope", "view:conversation"];
    let shown = run(&words, None);
    let told = unwrapped(&shown.out);
    for part in [
        "endpoint.unknown, else scope.missing (possible, not certain)",
        "because Genesys Cloud does not publish this operation (table of 2026-07-19).",
        "not sure whether the server has the path; whether the one report of what it needs is right; whether the organisation enforces scopes",
        "Use POST /api/v2/conversations/messages (a user's agent session) or one of 3 others, depending on who calls: -v",
    ] {
        assert!(told.contains(part), "{part}: {}", shown.out);
    }
    assert!(!told.contains("does not deny"), "{}", shown.out);
    let document = run(&[&words[..], &["--format", "json"]].concat(), None);
    let fix = document.diagnosis()["findings"][0]["fix"]["text"].clone();
    let fix = fix.as_str().expect("a text");
    for way in [
        "messages (a user's",
        "POST /api/v2/conversations/messages/agentless (a server",
        "(open messaging)",
        "webmessaging",
    ] {
        assert!(fix.contains(way), "{way}: {fix}");
    }
    let reply = run(&[&words[..], &["--format", "markdown"]].concat(), None);
    let unsure = "it is not known whether the server has the path";
    assert!(reply.out.contains(unsure), "{}", reply.out);
}

#[test]
fn a_host_of_another_provider_than_the_named_one_is_not_judged_in_silence() {
    let url = "https://api.github.com/user/repos";
    for (id, more) in [
        ("genesys-cloud", ""),
        ("msgraph", ""),
        ("genesys-cloud", "json"),
    ] {
        let format = if more.is_empty() { "human" } else { more };
        let words = ["check", "GET", url, "--provider", id, "--scope", "users"];
        let run = run(&[&words[..], &["--format", format]].concat(), None);
        let said = format!(
            "api.github.com is a host of `github`, and this answer is by the table of `{id}`"
        );
        assert!(unwrapped(&run.out).contains(&said), "{id}: {}", run.out);
    }
    for (url, id) in [
        (url, "github"),
        ("https://proxy.example/api/v2/users/me", "genesys-cloud"),
    ] {
        let words = [
            "check",
            "GET",
            url,
            "--provider",
            id,
            "--scope",
            "repo",
            "--format",
            "json",
        ];
        let run = run(&words, None);
        let codes = run.codes();
        assert!(
            !codes.contains(&"note.other-provider".to_owned()),
            "{}",
            run.out
        );
    }
}

#[test]
fn what_the_token_shows_of_its_kind_goes_before_what_was_given() {
    let classic = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
    let url = "https://api.github.com/orgs/o/teams";
    let ask = |kind: &str| {
        let words = [
            "check",
            "GET",
            url,
            "--token-kind",
            kind,
            "--permissions",
            "members:read",
        ];
        let words = [&words[..], &["--format", "json"]].concat();
        run_with(&words, None, &[("WHY401_TOKEN", classic)])
    };
    let wrong = ask("fine_grained_pat");
    assert_ne!(wrong.code, 0, "{}", wrong.out);
    assert_eq!(wrong.diagnosis()["token"]["kind"], "classic");
    assert!(
        wrong.codes().contains(&"note.difference".to_owned()),
        "{}",
        wrong.out
    );
    let right = ask("classic");
    assert_eq!(right.diagnosis()["token"]["kind"], "classic");
    assert!(
        !right.codes().contains(&"note.difference".to_owned()),
        "{}",
        right.out
    );
    // Claims that only look like a kind leave what was given, and the doubt is said.
    let claims = std::env::temp_dir().join(format!("why401-kind-{}.json", std::process::id()));
    std::fs::write(
        &claims,
        r#"{"gty":"client-credentials","scope":"conversations"}"#,
    )
    .expect("a temporary file");
    let words = [
        "check",
        "GET",
        &format!("{API}/users/me"),
        "--token-kind",
        "user",
    ];
    let file = [
        "--claims",
        claims.to_str().expect("UTF-8"),
        "--format",
        "json",
    ];
    let weak = run(&[&words[..], &file].concat(), None);
    std::fs::remove_file(&claims).expect("removed");
    assert_eq!(weak.diagnosis()["token"]["kind"], "user", "{}", weak.out);
    assert!(
        weak.codes().contains(&"note.difference".to_owned()),
        "{}",
        weak.out
    );
}

#[test]
fn the_line_of_the_exit_code_is_true() {
    let me = format!("{API}/users/me");
    let words = [
        "check",
        "GET",
        &me,
        "--scope",
        "conversations",
        "--exit-zero",
    ];
    let check = run(&words, None);
    assert_eq!(check.code, 0);
    let said = "Exit code 0 (--exit-zero; without it 1, denied).";
    assert!(check.out.contains(said), "{}", check.out);
    let scope = ["--scope", "user-basic-info", "--exit-zero"];
    let clear = run(&[&["check", "GET", &me][..], &scope].concat(), None);
    assert!(clear.out.contains("Exit code 0 (clear)."), "{}", clear.out);
    let gate = [
        "gate",
        "fixtures/example/why401.toml",
        "--lint",
        "--exit-zero",
    ];
    let gate = run(&gate, None);
    assert!(gate.out.contains("Exit code 0"), "{}", gate.out);
}

#[test]
fn a_request_id_and_a_token_that_were_taken_out_are_not_offered() {
    let har = std::fs::read("fixtures/inputs/ticket.har").expect("a fixture");
    let clean = run_with(&["scrub", "-"], Some(&har), &[]).out;
    let reply = run_with(
        &["explain", "-", "--format", "markdown"],
        Some(clean.as_bytes()),
        &[],
    );
    let hidden = "For the vendor's support: the value of `inin-correlation-id` in the original (removed here)";
    assert!(reply.out.contains(hidden), "{}", reply.out);
    assert!(!reply.out.contains("<uuid"), "{}", reply.out);
    let record = r#"{"request":{"method":"GET","url":"https://api.example.com/v1/orders","headers":{"Authorization":"Bearer <redacted>"}},"response":{"status":401,"body":""}}"#;
    let words = ["explain", "-", "--format", "markdown"];
    let reply = run_with(&words, Some(record.as_bytes()), &[]);
    assert!(
        reply.out.contains("The evidence hides the token."),
        "{}",
        reply.out
    );
    assert!(!reply.out.contains("token.txt"), "{}", reply.out);
}

#[test]
fn a_404_says_by_itself_that_something_is_not_there() {
    for (message, first) in [
        ("Account not found", None),
        ("http user not found", Some("resource.not_shared")),
        ("Order not found", Some("endpoint.unknown")),
    ] {
        let text = format!(
            "GET https://shop.example.com/api/users/7 HTTP/1.1\nHost: shop.example.com\nAuthorization: Bearer abcDEF1234567890abcDEF1234567890\n\nHTTP/1.1 404 Not Found\nContent-Type: application/json\n\n{{\"message\":\"{message}\"}}\n"
        );
        let document = run(&["explain", "-", "--format", "json"], Some(&text));
        let cause = document.diagnosis()["cause"].clone();
        assert_eq!(cause["certainty"], "possible", "{message}");
        assert!(
            first.is_none_or(|first| cause["code"] == first),
            "{message}: {cause}"
        );
    }
}

/// Cause and certainty of an answer.
fn judged(record: &serde_json::Value) -> (String, String) {
    let run = run(
        &["explain", "-", "--format", "json"],
        Some(&record.to_string()),
    );
    let cause = run.diagnosis()["cause"].clone();
    let text = |name: &str| cause[name].as_str().unwrap_or_default().to_owned();
    (text("code"), text("certainty"))
}

#[test]
fn a_code_beside_a_sentence_that_names_another_cause_is_not_stated() {
    for body in [
        r#"{"error":{"status":"INVALID_ARGUMENT","message":"API key expired. Please renew the API key.","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}"#,
        r#"{"error":{"code":403,"reason":"Scope orders.write was not granted","message":"Access credentials are not sufficient to access this resource"}}"#,
        r#"client error 401: {"message":"Unauthorized"}"#,
    ] {
        let record = serde_json::json!({"response": {"status": 400, "body": body}});
        assert_eq!(judged(&record).1, "possible", "{body}");
    }
}

#[test]
fn a_token_that_another_vendor_issues_and_this_one_takes_is_not_foreign() {
    let token = format!("Bearer ATATT3x{}", "a1B2".repeat(10));
    for (url, wanted) in [
        ("https://api.bitbucket.org/2.0/user", "possible"),
        ("https://api.github.com/user", "derived"),
    ] {
        let record = serde_json::json!({
            "request": {"method": "GET", "url": url, "headers": {"Authorization": token}},
            "response": {"status": 401},
        });
        let (code, certainty) = judged(&record);
        assert_eq!(certainty, wanted, "{url}: {code}");
    }
}

#[test]
fn errors_in_a_list_inside_a_success_are_read() {
    let record = serde_json::json!({"response": {"status": 200, "body": r#"{"error":["EGeneral:Permission denied"]}"#}});
    assert_eq!(judged(&record).0, "permission.missing");
    let record = serde_json::json!({"response": {"status": 200, "body": r#"{"error":[],"result":{"token":"expired"}}"#}});
    assert_eq!(judged(&record).0, "");
}

#[test]
fn what_a_person_tells_of_two_calls_is_put_on_the_one_it_is_told_of() {
    let api = "https://api.mypurecloud.com/api/v2";
    for text in [
        format!("POST {api}/conversations/messages gives me a 401, GET {api}/users/me is fine"),
        format!("POST {api}/conversations/messages fails with 401. GET {api}/users/me works with the same token."),
        format!("The token works on GET {api}/users/me, but POST {api}/conversations/messages answers 401"),
        "Genesys Cloud, mypurecloud.com: POST /api/v2/conversations/messages returns 401, the same token works on GET /api/v2/users/me.".to_owned(),
    ] {
        let run = run(&["explain", "-", "--format", "json"], Some(&text));
        let diagnoses = run.json()["diagnoses"].clone();
        for diagnosis in diagnoses.as_array().expect("a list") {
            let subject = &diagnosis["subject"];
            let wanted = if subject["method"] == "POST" { 401 } else { 200 };
            assert_eq!(subject["status"], wanted, "{text}: {subject}");
            assert_eq!(subject["provider"], "genesys-cloud", "{text}");
        }
        assert!(!run.out.contains("token.expired"), "{text}: {}", run.out);
    }
    let never = format!("It never returned 401 or 403 on GET {api}/users/me; all is well");
    let run = run(&["explain", "-", "--format", "json"], Some(&never));
    assert!(
        run.diagnosis()["subject"]["status"].is_null(),
        "{}",
        run.out
    );
}

#[test]
fn no_token_is_offered_to_a_login_host() {
    let text = "POST https://login.mypurecloud.com/oauth/token answers 400 invalid_client";
    let run = run(&["explain", "-"], Some(text));
    assert!(run.out.contains("credentials.invalid"), "{}", run.out);
    assert!(!run.out.contains("--probe"), "{}", run.out);
}

#[test]
fn a_number_inside_a_request_id_is_no_code() {
    let cause = |id: &str| {
        let body = format!(
            r#"{{"error":"invalid_token","error_description":"Token signature verification failed","traceId":"{id}"}}"#
        );
        judged(&serde_json::json!({"response": {"status": 401, "body": body}}))
    };
    let plain = cause("7fefdfe7-aaaa-c3cc-d22a-39fcb01a2a76");
    // Codes of exchanges, of Microsoft Entra ID and of Cloudflare.
    for group in ["2015", "4014", "1020"] {
        assert_eq!(
            cause(&format!("7fefdfe7-{group}-c3cc-d22a-39fcb01a2a76")),
            plain,
            "{group}"
        );
    }
}

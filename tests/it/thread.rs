//! The case behind the project: a token that works on `/users/me` and fails on the messaging path.

use crate::program::{Run, run, run_with, unwrapped};

const TOKEN: &str = include_str!("../../fixtures/tokens/thread.jwt");
const MESSAGING: &str = "https://api.mypurecloud.com/api/v2/conversations/messaging";
const ME: &str = "https://api.mypurecloud.com/api/v2/users/me";
const AT: [&str; 4] = ["--at", "2026-01-01T00:00:00Z", "--format", "json"];

fn check(method: &str, url: &str, more: &[&str], token: &str) -> Run {
    let arguments: Vec<&str> = ["check", method, url]
        .into_iter()
        .chain(AT)
        .chain(more.iter().copied())
        .collect();
    run(&arguments, Some(token))
}

#[test]
fn the_reported_scope_is_missing_and_the_path_is_unpublished() {
    let run = check("POST", MESSAGING, &[], TOKEN);
    assert_eq!(run.code, 1);
    let diagnosis = run.diagnosis();
    assert_eq!(
        diagnosis["cause"],
        serde_json::json!({"code": "endpoint.unknown", "certainty": "possible"})
    );
    assert_eq!(diagnosis["findings"][0]["source"]["trust"], "A");
    assert_eq!(diagnosis["findings"][1]["code"], "scope.missing");
    assert_eq!(diagnosis["findings"][1]["source"]["trust"], "C");
    let gate = &diagnosis["gates"][0];
    assert_eq!(
        (gate["have"][0].as_str(), gate["missing"][0].as_str()),
        (
            Some("view:conversation"),
            Some("write:conversation:messaging")
        )
    );
    for code in ["note.unpublished-scope", "note.token-form", "note.reported"] {
        assert!(run.codes().contains(&code.to_owned()), "{code}");
    }
    for said in [
        "POST /api/v2/conversations/messages",
        "inbound/open/message",
        "client credentials",
        "web messaging guest",
        "2026-07-19",
        "an invented one beside it",
    ] {
        assert!(run.out.contains(said), "{said}");
    }
    assert!(
        diagnosis["ruled_out"].to_string().contains("400"),
        "the payload is answered"
    );
}

#[test]
fn the_published_table_alone_knows_no_such_path() {
    let run = check("POST", MESSAGING, &["--trust", "A"], TOKEN);
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (3, Some("endpoint.unknown"))
    );
}

#[test]
fn adding_the_scope_to_a_service_account_is_without_effect() {
    let run = check(
        "POST",
        MESSAGING,
        &["--token-kind", "client_credentials"],
        TOKEN,
    );
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (3, Some("endpoint.unknown"))
    );
    assert!(run.out.contains("without effect"));
}

#[test]
fn the_same_token_lacks_the_scope_of_the_control_endpoint() {
    let run = check("GET", ME, &[], TOKEN);
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (1, Some("scope.missing"))
    );
    assert_eq!(
        run.diagnosis()["gates"][0]["missing"],
        serde_json::json!(["user-basic-info"])
    );
    assert!(
        run.codes().contains(&"note.enforcement".to_owned())
            && run.codes().contains(&"note.token-form".to_owned())
    );
}

#[test]
fn marks_of_another_kind_of_jwt_are_the_cause_before_any_scope() {
    let marks = [
        r#"{"scope":"view:conversation","iss":"https://issuer.example/"}"#,
        r#"{"scope":"view:conversation","nonce":"n","at_hash":"h"}"#,
        r#"{"data":{"jid":"x@y"},"iss":"urn:purecloud:conversation","org":"o"}"#,
    ];
    for claims in marks {
        let file = std::env::temp_dir().join(format!(
            "why401-{}-{}.json",
            std::process::id(),
            claims.len()
        ));
        std::fs::write(&file, claims).expect("a temporary file");
        let run = check("GET", ME, &["--claims", file.to_str().expect("UTF-8")], "");
        std::fs::remove_file(&file).expect("removed");
        assert_eq!(
            (run.code, run.cause().as_deref()),
            (1, Some("token.type")),
            "{claims}: {}",
            run.out
        );
    }
}

#[test]
fn an_opaque_token_is_ordinary_and_its_scopes_can_be_given() {
    let queues = "https://api.usw2.pure.cloud/api/v2/routing/queues";
    let opaque = "H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk";
    let unknown = check("GET", queues, &[], opaque);
    assert_eq!((unknown.code, unknown.cause()), (3, None));
    assert!(
        unknown
            .out
            .contains("/api/v2/tokens/me?preserveIdleTTL=true")
    );
    let shut = check(
        "GET",
        queues,
        &["--scope", "users", "--token-kind", "user"],
        opaque,
    );
    assert_eq!(
        (shut.code, shut.cause().as_deref()),
        (1, Some("scope.missing"))
    );
    let hidden = check("GET", queues, &["--scope", "routing:readonly"], opaque);
    assert_eq!((hidden.code, hidden.cause()), (3, None));
    let open = check(
        "GET",
        queues,
        &[
            "--scope",
            "routing:readonly",
            "--permissions",
            "routing:queue:view",
        ],
        opaque,
    );
    assert_eq!((open.code, open.cause()), (0, None));
}

#[test]
fn a_path_with_a_provider_is_the_same_question() {
    let run = run_with(
        &[
            "check",
            "GET",
            "/api/v2/users/me",
            "--scope",
            "user-basic-info",
            "-q",
        ],
        None,
        &[("WHY401_PROVIDER", "genesys-cloud")],
    );
    assert_eq!((run.code, run.out.as_str()), (0, ""));
}

#[test]
fn a_login_host_has_no_api_paths() {
    let run = check(
        "GET",
        "https://login.mypurecloud.ie/api/v2/users/me",
        &[],
        TOKEN,
    );
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (3, Some("endpoint.unknown"))
    );
    assert!(run.out.contains("api.mypurecloud.ie"));
}

#[test]
fn a_scope_list_is_no_guests_token() {
    let url = "https://api.mypurecloud.com/api/v2/webmessaging/messages";
    let run = check("GET", url, &["--scope", "conversations"], "");
    assert_eq!((run.code, run.cause().as_deref()), (1, Some("token.type")));
    assert_eq!(
        check("GET", url, &["--token-kind", "web_messaging"], "").code,
        0
    );
}

#[test]
fn invented_paths_are_told_where_the_real_ones_are() {
    let run = check(
        "POST",
        "https://api.mypurecloud.com/api/v2/oauth/token",
        &["--scope", ""],
        "",
    );
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (3, Some("endpoint.unknown"))
    );
    assert!(run.out.contains("login.<domain>/oauth/token"));
}

#[test]
fn a_literal_path_with_other_methods_is_mentioned() {
    let run = check("PATCH", ME, &["--scope", "users"], "");
    assert!(
        run.out.contains("is published by itself, with GET only"),
        "{}",
        run.out
    );
}

#[test]
fn what_speaks_of_the_current_user_warns_a_client_credentials_token() {
    for (method, path, warns) in [
        ("GET", "/api/v2/voicemail/me/mailbox", true),
        ("GET", "/api/v2/conversations/calls", true),
        ("GET", "/api/v2/organizations/me", false),
        ("GET", "/api/v2/routing/queues", false),
    ] {
        let url = format!("https://api.mypurecloud.com{path}");
        let run = check(method, &url, &["--token-kind", "client_credentials"], "");
        assert_eq!(run.out.contains("has none"), warns, "{path}: {}", run.out);
        assert_ne!(run.code, 1, "{path}");
    }
}

#[test]
fn the_token_endpoint_of_a_login_host_is_known() {
    let run = run(
        &[
            "check",
            "POST",
            "https://login.mypurecloud.ie/oauth/token",
            "--format",
            "json",
        ],
        None,
    );
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.cause().is_none(), "{}", run.out);
    assert!(
        run.out.contains("This is the token endpoint"),
        "{}",
        run.out
    );
}

#[test]
fn a_token_without_a_signature_is_a_problem_of_its_own() {
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjo0MTAyNDQ0ODAwfQ.";
    let run = run(&["token", "--format", "json"], Some(unsigned));
    assert_eq!(run.code, 1, "{}", run.out);
    assert_eq!(run.cause().as_deref(), Some("token.signature"));
}

#[test]
fn a_scope_that_one_person_reported_is_shown_as_that() {
    let run = run(
        &["check", "POST", MESSAGING, "--scope", "view:conversation"],
        None,
    );
    let out = unwrapped(&run.out);
    let shown = "have view:conversation · need write:conversation:messaging (reported; no such scope is published)";
    assert!(out.contains(shown), "{}", run.out);
    let published = check_human(ME);
    assert!(!published.contains("report"), "{published}");
}

fn check_human(url: &str) -> String {
    run(&["check", "GET", url, "--scope", "view:conversation"], None).out
}

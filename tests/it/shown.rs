//! Operations asked for as people type them: by name, by path alone, by words; and parts of an answer in every format.

use crate::program::{run, unwrapped};
use serde_json::{Value, json};

#[test]
fn an_operation_is_shown_by_its_name() {
    let shown = run(&["tables", "show", "chat.postMessage"], None);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("/api/chat.postMessage") && shown.out.contains("chat:write"));
    let unknown = run(&["tables", "show", "chat.postNothing"], None);
    assert_eq!(unknown.code, 3);
}

#[test]
fn a_path_that_one_provider_has_needs_no_provider_and_others_are_listed() {
    let one = run(&["tables", "show", "GET", "/api/v2/routing/queues"], None);
    assert_eq!(one.code, 0, "{}", one.err);
    assert!(one.out.starts_with("GET /api/v2/routing/queues\n"));
    // A template of variables alone fits this path too, and is not meant.
    let github = run(&["tables", "show", "GET", "/repos/o/r/pulls"], None);
    assert!(
        github.out.starts_with("GET /repos/{owner}/{repo}/pulls\n"),
        "{}",
        github.out
    );
    let several = run(
        &["tables", "show", "GET", "/users/1", "--format", "json"],
        None,
    );
    let rows = several.json()["rows"].as_array().map_or(0, Vec::len);
    assert_eq!((several.code, rows > 1), (3, true), "{}", several.out);
}

#[test]
fn a_search_prints_one_line_an_operation_and_says_how_many_are_left() {
    let found = run(&["tables", "search", "drive", "files"], None);
    let lines: Vec<&str> = found.out.lines().collect();
    assert_eq!(lines.len(), 21, "{}", found.out);
    assert!(
        lines[0].starts_with("google") && lines[0].contains("/files"),
        "{}",
        lines[0]
    );
    assert!(!found.out.contains("https://"), "{}", found.out);
    assert!(
        lines[20].ends_with("more; --format jsonl has them all"),
        "{}",
        lines[20]
    );
}

#[test]
fn open_tells_the_provider_from_scopes_that_one_alone_has() {
    let open = |scope: &str| run(&["tables", "open", "chat", "--scope", scope], None);
    let slack = open("chat:write");
    assert_eq!(slack.code, 0, "{}", slack.err);
    assert!(slack.out.contains("allowed      * /api/chat.postMessage"));
    let several = open("users:read");
    assert_eq!(several.code, 2);
    assert!(
        several.err.contains("slack") && several.err.contains("asana"),
        "{}",
        several.err
    );
    assert_eq!(open("nobody-has-this").code, 2);
}

#[test]
fn parts_of_needs_are_json_where_json_was_asked_for() {
    let ask = |more: &[&str]| {
        let words = ["needs", "GET", "https://gitlab.com/api/v4/user"];
        let all = words.iter().chain(more).chain(&["--format", "json"]);
        run(&all.copied().collect::<Vec<_>>(), None).json()
    };
    assert_eq!(ask(&["--scopes-only"])["scopes"], json!(["read_user"]));
    let snippet = ask(&["--snippet", "curl"]);
    assert!(
        snippet["snippet"]
            .as_str()
            .is_some_and(|text| text.contains("read_user"))
    );
}

#[test]
fn what_the_table_does_not_know_is_not_called_needless() {
    let host = "https://api.mypurecloud.com";
    let silent = format!("{host}/api/v2/agentic/virtualagents");
    let noise = format!("{host}/api/v2/contentmanagement/documents/1");
    for url in [&silent, &noise] {
        let text = run(&["needs", "GET", url], None).out;
        assert!(text.contains("permissions  not known"), "{text}");
        assert!(!text.contains("nothing is needed"), "{text}");
        let kinds = run(&["needs", "GET", url, "--format", "json"], None).json();
        for kind in kinds["kinds"].as_array().expect("kinds") {
            assert_eq!(
                kind["not_known"].as_array().map(Vec::len),
                Some(1),
                "{kind}"
            );
        }
    }
    let row = run(&["tables", "show", "GET", &silent], None).out;
    assert!(!row.contains("nothing more"), "{row}");
    let row = run(&["tables", "show", "GET", &noise], None).out;
    assert!(row.contains("permission: not known"), "{row}");
}

#[test]
fn a_server_of_ones_own_is_told_by_its_paths() {
    let url = "https://10.0.0.1:6443/api/v1/namespaces/web/pods";
    let needs = run(&["needs", "GET", url, "--format", "json"], None).json();
    assert_eq!(needs["elsewhere"], json!(0));
    assert_eq!(needs["kinds"][0]["permissions"], json!(["pods:list"]));
}

#[test]
fn a_wide_name_is_recommended_where_nothing_else_opens_and_that_is_said() {
    let needs = |method: &str| {
        let url = "https://gitlab.com/api/v4/projects/1/issues";
        let all = ["needs", method, url, "--format", "json"];
        run(&all, None).json()["kinds"][0].clone()
    };
    let (read, write) = (needs("GET"), needs("POST"));
    assert_eq!(
        (&read["scopes"], &read["against"]),
        (&json!(["read_api"]), &json!({}))
    );
    assert_eq!(write["scopes"], json!(["api"]));
    assert!(write["against"]["api"].is_string(), "{write}");
}

#[test]
fn what_one_person_reported_goes_last_and_is_marked() {
    let found = run(
        &[
            "tables",
            "search",
            "messaging",
            "--provider",
            "genesys-cloud",
            "--format",
            "json",
        ],
        None,
    );
    let rows = found.json()["rows"].as_array().expect("rows").clone();
    let reported = |row: &Value| row["trust"] == "C";
    let first = rows.iter().position(reported).expect("the reported row");
    assert!(
        rows[first..].iter().all(reported),
        "published rows go first"
    );
    let url = "https://api.mypurecloud.com/api/v2/conversations/messaging";
    let show = run(&["tables", "show", "POST", url], None).out;
    assert!(show.contains("(reported, not published)"), "{show}");
    let needs = run(&["needs", "POST", url], None);
    assert_eq!(needs.code, 3, "one report decides nothing: {}", needs.out);
    let first = needs.out.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("REPORTED, NOT PUBLISHED: POST "),
        "{}",
        needs.out
    );
    assert!(!needs.out.contains("nothing is needed"), "{}", needs.out);
    assert!(!needs.out.contains("none needed"), "{}", needs.out);
    let script = run(&["needs", "POST", url, "--scopes-only"], None);
    assert!(script.err.contains("not published"), "{}", script.err);
    let published = run(
        &[
            "needs",
            "GET",
            "https://api.mypurecloud.com/api/v2/users/me",
        ],
        None,
    );
    assert!(
        published.code == 0 && !published.out.contains("REPORTED"),
        "{}",
        published.out
    );
}

#[test]
fn a_denial_that_hangs_on_a_setting_says_so_in_short() {
    let url = "https://api.mypurecloud.com/api/v2/users/me";
    let denied = run(&["check", "GET", url, "--scope", "users"], None).out;
    let denied = unwrapped(&denied);
    assert!(
        denied.contains("where the organisation enforces scopes"),
        "{denied}"
    );
    assert!(
        denied.contains("Add `user-basic-info` to the OAuth client"),
        "{denied}"
    );
    let other = run(
        &[
            "check",
            "GET",
            "https://api.spotify.com/v1/me/tracks",
            "--scope",
            "x",
        ],
        None,
    )
    .out;
    assert!(!other.contains("where "), "{other}");
}

#[test]
fn a_wrong_kind_of_token_is_answered_with_the_right_one() {
    let url = "https://api.mypurecloud.com/api/v2/users/me";
    let run = run(
        &["check", "GET", url, "--token-kind", "client_credentials"],
        None,
    );
    let out = unwrapped(&run.out);
    assert!(
        out.contains("fix Use a user's token: log a user in"),
        "{out}"
    );
    assert!(
        out.contains("No scope, role or permission opens it for a client credentials token."),
        "{out}"
    );
}

#[test]
fn a_certainty_names_what_it_was_derived_from() {
    let claims = std::env::temp_dir().join(format!("why401-past-{}.json", std::process::id()));
    std::fs::write(&claims, r#"{"sub":"1","exp":1516239022}"#).expect("written");
    let claims = claims.to_str().expect("UTF-8");
    let told = |words: &[&str]| {
        let all = [words, &["--claims", claims, "--at", "2026-01-18T01:30:22Z"]].concat();
        let out = run(&all, None).out;
        unwrapped(&out)
    };
    let token = told(&["token"]);
    assert!(
        token.contains("token.expired (derived from the token)"),
        "{token}"
    );
    assert!(token.contains("(8 y 2 d ago)"), "{token}");
    let foreign = told(&["check", "GET", "https://orders.example.com/v1/orders"]);
    assert!(
        foreign.contains("(derived from request and token)"),
        "{foreign}"
    );
    let known = told(&["check", "GET", "https://api.spotify.com/v1/me"]);
    assert!(
        known.contains("(derived from request, token and table)"),
        "{known}"
    );
    assert!(!known.contains("leeway"), "{known}");
}

#[test]
fn a_reply_for_a_ticket_has_no_step_where_cause_and_remedy_are_sure() {
    let words = [
        "explain",
        "fixtures/inputs/ticket.har",
        "--entry",
        "2",
        "--format",
        "markdown",
    ];
    let run = run(&words, None);
    let reply = run.out.split("<details>").next().unwrap_or_default();
    assert!(
        reply.contains("The server itself says so.") && reply.contains("What to do"),
        "{reply}"
    );
    assert!(
        !reply.contains("Next:") && !reply.contains("not visible"),
        "{reply}"
    );
}

#[test]
fn names_that_are_enough_in_one_case_say_what_opens_the_others() {
    let url = "https://api.github.com/user/repos";
    let out = run(&["check", "GET", url, "--scope", "gist"], None).out;
    let out = unwrapped(&out);
    assert!(
        out.contains("repo is missing, and needed unless only public things are asked for"),
        "{out}"
    );
    assert!(
        out.contains("next In any other case, get a token with `repo`."),
        "{out}"
    );
}

#[test]
fn a_kind_that_cannot_call_an_operation_is_shown_as_that() {
    let url = "https://api.mypurecloud.com/api/v2/users/me";
    let out = run(&["tables", "show", "GET", url], None).out;
    let kind = |name: &str| out.lines().find(|line| line.trim_start().starts_with(name));
    let refused = kind("client_credentials").unwrap_or_default();
    assert!(refused.ends_with("cannot call it"), "{out}");
    assert!(
        kind("user").is_some_and(|line| line.ends_with("scope: user-basic-info")),
        "{out}"
    );
}

#[test]
fn a_name_that_nobody_publishes_leads_to_what_is_published_and_to_the_report() {
    let who = |name: &str| {
        run(
            &["tables", "who", name, "--provider", "genesys-cloud"],
            None,
        )
    };
    let reported = who("write:conversation:messaging");
    assert_eq!(reported.code, 3, "{}", reported.out);
    assert!(
        reported.out.contains("(reported, not published)"),
        "{}",
        reported.out
    );
    let hint = unwrapped(&reported.err);
    assert!(
        hint.contains("one report alone (trust C) has this name"),
        "{hint}"
    );
    let alike = unwrapped(&who("view:conversation").err);
    assert!(
        alike.contains("published names like it: conversations"),
        "{alike}"
    );
    let typo = unwrapped(&who("routing:redaonly").err);
    assert!(typo.contains("did you mean routing:readonly?"), "{typo}");
    let published = who("routing:readonly");
    assert_eq!((published.code, published.err.as_str()), (0, ""));
    let mut lines = published.out.lines();
    let line = lines.find(|line| line.contains("GET /api/v2/languages "));
    assert!(
        line.is_some_and(|line| !line.contains("reported")),
        "{}",
        published.out
    );
}

//! Where a setting decides whether scopes are checked: what a person says of it, and what a call that succeeded shows.

use crate::gate::{gate, manifest};
use crate::probe::probe;
use crate::program::{Run, run, run_with, unwrapped};
use crate::simulator::{Org, Simulator};
use serde_json::Value;

const API: &str = "https://api.mypurecloud.com/api/v2";
const TOKEN: &str = "H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk";

/// A record of a call with a token that is known to have these scopes.
fn record(path: &str, status: u16, scope: &str) -> String {
    format!(
        r#"{{"request":{{"method":"GET","url":"{API}{path}","headers":{{"Authorization":"Bearer {TOKEN}"}}}},"response":{{"status":{status},"body":""}},"granted_scopes":["{scope}"]}}"#
    )
}

/// The call that was refused, beside others.
fn refused(others: &[(&str, u16)], more: &[&str]) -> Run {
    let (scope, more) = more.split_first().expect("a scope");
    let mut lines = vec![record("/routing/queues", 403, scope)];
    let others = others.iter();
    lines.extend(others.map(|(path, status)| record(path, *status, scope)));
    let fixed = ["explain", "-", "--format", "json"];
    let words: Vec<&str> = fixed.iter().chain(more).copied().collect();
    run_with(&words, Some(lines.join("\n").as_bytes()), &[])
}

/// What speaks against a missing scope.
fn against(run: &Run) -> Vec<String> {
    let all = run.diagnosis()["against"].clone();
    let all = all.as_array().expect("a list").iter();
    let own = all.filter(|own| own["cause"] == "scope.missing");
    own.map(|own| own["says"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn a_call_that_needs_a_scope_which_the_token_lacks_shows_that_scopes_are_not_checked() {
    let alone = refused(&[], &["conversations", "--token-kind", "user"]);
    assert_eq!(alone.cause().as_deref(), Some("scope.missing"));
    assert!(against(&alone).is_empty(), "{}", alone.out);
    let user = ["conversations", "--token-kind", "user"];
    let worked = refused(&[("/users/me", 200)], &user);
    assert_ne!(worked.cause().as_deref(), Some("scope.missing"));
    let says = against(&worked).join(" ");
    assert!(
        says.contains("GET /api/v2/users/me answered 200") && says.contains("user-basic-info"),
        "{}",
        worked.out
    );
    assert!(!worked.out.contains(TOKEN));
}

#[test]
fn a_call_that_proves_nothing_about_the_check_leaves_the_missing_scope() {
    let user = ["--token-kind", "user"];
    for (scopes, path, status) in [
        // It has what that call needs.
        ("user-basic-info", "/users/me", 200),
        ("conversations", "/users/me", 401),
        // Nobody publishes it.
        ("conversations", "/no/such/path", 200),
    ] {
        let run = refused(&[(path, status)], &[&[scopes][..], &user].concat());
        let codes = run.codes();
        assert!(
            codes.contains(&"scope.missing".to_owned()),
            "{path}: {}",
            run.out
        );
        assert!(against(&run).is_empty(), "{path}: {}", run.out);
    }
    let client = ["conversations", "--token-kind", "client_credentials"];
    let run = refused(&[("/users/me", 200)], &client);
    assert!(against(&run).is_empty(), "{}", run.out);
}

#[test]
fn a_probe_shows_it_too() {
    for (enforced, scopes) in [
        (false, vec!["conversations"]),
        (true, vec!["user-basic-info"]),
    ] {
        let server = Simulator::start(Org {
            scopes,
            enforced,
            ..Org::default()
        });
        let run = probe(
            &server.origin,
            "POST",
            "/api/v2/conversations/messaging",
            &[],
        );
        let missing = run.codes().contains(&"scope.missing".to_owned());
        assert_eq!(
            (missing, against(&run).is_empty()),
            (enforced, enforced),
            "{}",
            run.out
        );
    }
}

#[test]
fn a_person_may_know_how_it_is_set() {
    let me = format!("{API}/users/me");
    let ask = |more: &[&str]| {
        let words = ["check", "GET", &me, "--scope", "conversations"];
        let words = [
            &words[..],
            &["--token-kind", "user", "--format", "json"],
            more,
        ]
        .concat();
        run(&words, None)
    };
    let certainty = |run: &Run| run.diagnosis()["cause"]["certainty"].clone();
    assert_eq!(
        (ask(&[]).code, certainty(&ask(&[]))),
        (1, "possible".into())
    );
    let on = ask(&["--enforce-scopes", "true"]);
    assert_eq!(
        (on.code, certainty(&on)),
        (1, "derived".into()),
        "{}",
        on.out
    );
    let off = ask(&["--enforce-scopes", "false"]);
    assert_eq!((off.code, off.cause()), (0, None), "{}", off.out);
    let github = [
        "check",
        "GET",
        "https://api.github.com/user/emails",
        "--scope",
        "gist",
    ];
    let kind = ["--token-kind", "classic", "--enforce-scopes", "false"];
    let run = run(&[&github[..], &kind].concat(), None);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(
        unwrapped(&run.out).contains("has no setting"),
        "{}",
        run.out
    );
}

#[test]
fn a_denial_that_depends_on_the_setting_says_so() {
    let me = format!("{API}/users/me");
    let run = run(&["check", "GET", &me, "--scope", "conversations"], None);
    let told = unwrapped(&run.out);
    for words in [
        "not sure whether the organisation enforces scopes",
        "note A missing scope explains a refusal only where the organisation enforces scopes",
    ] {
        assert!(told.contains(words), "{}", run.out);
    }
}

#[test]
fn a_manifest_says_how_it_is_set() {
    let with = |provider: &str, call: &str, line: &str| {
        let text = format!(
            "[[app]]\nname = 'a'\nprovider = '{provider}'\nkind = 'user'\nscopes = ['conversations']\n{line}\nendpoints = ['{call}']\n"
        );
        let path = manifest("enforced", &text);
        gate(path.to_str().expect("UTF-8"), &[], &[])
    };
    let me = "GET /api/v2/users/me";
    let plain = with("genesys-cloud", me, "");
    assert_eq!(plain.code, 1, "{}", plain.out);
    // Nobody has seen the token: its scopes are what the manifest says.
    let told = unwrapped(&plain.out);
    assert!(
        told.contains("the manifest declares `conversations`"),
        "{told}"
    );
    let off = with("genesys-cloud", me, "enforce-scopes = false");
    assert_eq!(off.code, 0, "{}", off.out);
    let word = with("genesys-cloud", me, "enforce-scopes = 'no'");
    assert_eq!(word.code, 2, "{}", word.out);
    let other = with("spotify", "GET /v1/me", "enforce-scopes = false");
    assert_eq!(other.code, 2, "{}", other.out);
    assert!(other.out.contains("no such setting"), "{}", other.out);
}

#[test]
fn the_schema_of_a_manifest_knows_the_key() {
    let schema = run(&["schema", "manifest"], None).json();
    let key = schema.pointer("/properties/enforce-scopes/type");
    assert_eq!(key.and_then(Value::as_str), Some("boolean"));
}

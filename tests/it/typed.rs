//! What is typed wrongly: the line that is right, and never a word that may be a secret.

use crate::meant::{URL, told};
use crate::program::{run, run_with};

#[test]
fn a_token_among_the_words_is_refused_whatever_the_command_and_never_repeated() {
    let tokens = [
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        include_str!("../../fixtures/tokens/thread.jwt").trim(),
    ];
    for token in tokens {
        for words in [
            &[token][..],
            &["check", "GET", URL, token],
            &["token", token],
            &["explain", token],
            &["check", "GET", URL, "--token-file", token],
        ] {
            let run = run(words, None);
            assert_eq!(run.code, 2, "{}", run.out);
            let told = run.out + &run.err;
            assert!(told.contains("revoke or replace it"), "{told}");
            assert!(!told.contains(&token[4..20]), "{told}");
        }
    }
}

#[test]
fn options_may_stand_before_what_was_plainly_meant() {
    let text = format!("GET {URL} returned 403 Forbidden");
    let piped = |words: &[&str]| run_with(words, Some(text.as_bytes()), &[]);
    let bare = piped(&["--scope", "users"]);
    assert!(
        bare.out.contains("scope.missing"),
        "{}{}",
        bare.out,
        bare.err
    );
    assert_eq!(bare.out, piped(&["explain", "--scope", "users"]).out);
    let scrubbed = piped(&["scrub"]);
    assert_eq!((scrubbed.code, scrubbed.out.is_empty()), (0, false));
    let before = run(&["--scope", "users", URL], None);
    assert_eq!(
        before.out,
        run(&["check", URL, "--scope", "users"], None).out
    );
    let quoted = format!("curl {URL} -H 'Authorization: Bearer x'");
    let explained = run(&["explain", &quoted], None);
    assert_eq!(explained.code, run(&["check", &quoted], None).code);
    let page = run(&["scope.missing"], None);
    assert_eq!(page.out, run(&["causes", "scope.missing"], None).out);
}

#[test]
fn a_wrong_command_line_says_which_one_is_right() {
    let jwt = "fixtures/tokens/thread.jwt";
    let pairs: [(&[&str], &str); 10] = [
        (&["check", "GET", URL, "--scope", "a", "b"], "--scope 'a b'"),
        (
            &["check", "GET", URL, "--scope"],
            "--scope <LIST>: the value is missing",
        ),
        (&["check"], "the URL is missing"),
        (&["help", "chek"], "did you mean check?"),
        (
            &["tables", "open", "routing:readonly"],
            "`why401 tables open --scope NAME`",
        ),
        (
            &[
                "tables",
                "open",
                "nonsensical",
                "--provider",
                "genesys-cloud",
            ],
            "no operation has all these words",
        ),
        (&["token", jwt], "`why401 token --token-file fixtures/"),
        (
            &["api.mypurecloud.com/api/v2/users/me"],
            "put `https://` in front of it",
        ),
        (
            &[
                "check",
                "GET",
                "https://api.mypurecluod.com/api/v2/users/me",
            ],
            "api.mypurecluod.com: did you mean api.mypurecloud.com?",
        ),
        (
            &["explain", "401 Unauthorized for GET /a"],
            "that is a text, not a file",
        ),
    ];
    for (words, says) in pairs {
        let told = told(words);
        assert!(told.contains(says), "{words:?}: {told}");
    }
}

/// `--scope`, `--claims` and `--token-kind` stand in for a token.
#[test]
fn a_list_of_scopes_stands_in_for_a_token() {
    let run = run(&["token", "--scope", "a b"], None);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("a b"), "{}", run.out);
}

#[test]
fn an_opaque_token_is_known_by_what_stands_before_it_and_never_repeated() {
    let token = "H1zXoGvYcvZ3h6wrg7hTz0n";
    let bearer = format!("Bearer {token}");
    let header = format!("Authorization: {bearer}");
    let asked: [&[&str]; 9] = [
        &["check", "GET", URL, &bearer],
        &["check", "GET", URL, "Bearer", token],
        &[&bearer],
        &["check", "GET", URL, "--header", &header],
        &["check", "GET", URL, "--token", token],
        &["check", "GET", URL, token],
        &["token", token],
        &[token],
        &["gate", "fixtures/example/why401.toml", token],
    ];
    for words in asked {
        let run = run(words, None);
        assert_eq!(run.code, 2, "{words:?}: {}", run.out);
        let told = run.out + &run.err;
        assert!(
            told.contains("the shell's history") && told.contains("revoke"),
            "{told}"
        );
        assert!(!told.contains(&token[2..12]), "{told}");
    }
    // A request command brings its own: it is judged, and the same is said of it.
    let command = format!("curl {URL} -H '{header}'");
    for words in [&["check", &command][..], &["curl", URL, "-H", &header]] {
        let run = run(words, None);
        assert_ne!(run.code, 2, "{}", run.err);
        assert!(
            run.err.contains("it is in the shell's history now"),
            "{}",
            run.err
        );
        assert!(!(run.out + &run.err).contains(&token[2..12]));
    }
    let placeholder = run(&["curl", URL, "-H", "Authorization: Bearer $TOKEN"], None);
    assert!(!placeholder.err.contains("history"), "{}", placeholder.err);
}

#[test]
fn a_request_command_needs_no_quotation_marks_and_version_no_dashes() {
    let quoted = run(
        &["check", &format!("curl -X POST '{URL}?pageSize=1'")],
        None,
    );
    let url = format!("{URL}?pageSize=1");
    for words in [
        &["curl", "-X", "POST", &url][..],
        &["check", "curl", "-X", "POST", &url],
    ] {
        let run = run(words, None);
        assert_eq!((run.code, run.out), (quoted.code, quoted.out.clone()));
    }
    let pair = run(&[&format!("POST {URL}"), "--scope", "users"], None);
    let apart = run(&["check", "POST", URL, "--scope", "users"], None);
    assert_eq!(pair.out, apart.out);
    let version = run(&["version"], None);
    assert_eq!(version.out, run(&["--version"], None).out);
    assert_eq!(version.code, 0);
}

#[test]
fn a_url_alone_is_a_get_for_needs_too_and_that_is_said() {
    let alone = run(&["needs", URL, "POST", URL], None);
    assert_eq!(alone.code, 0, "{}", alone.err);
    assert!(alone.err.contains("GET is assumed"), "{}", alone.err);
    let pairs = run(&["needs", "GET", URL, "POST", URL], None);
    assert_eq!((&alone.out, pairs.err.as_str()), (&pairs.out, ""));
    let half = run(&["needs", URL, "POST"], None);
    assert_eq!(half.code, 2);
    assert!(half.err.contains("the URL is missing"), "{}", half.err);
}

#[test]
fn scrub_says_which_names_keep_nothing_and_that_it_takes_one_file() {
    let har = "fixtures/inputs/ticket.har";
    let scrub = |keep: &str| run(&["scrub", har, "--keep", keep], None).err;
    let nowhere = scrub("inin-correlation-id,x-no-such-header");
    assert!(
        nowhere.contains("`x-no-such-header`") && !nowhere.contains("`inin-correlation-id`"),
        "{nowhere}"
    );
    assert!(!scrub("inin-correlation-id").contains("kept nothing"));
    let two = run(&["scrub", har, "fixtures/inputs/curl.txt"], None);
    assert_eq!(two.code, 2);
    assert!(two.err.contains("scrub takes one file"), "{}", two.err);
}

#[test]
fn a_key_of_the_manifest_is_no_option_of_the_gate() {
    for (option, key) in [
        ("--token-env", "token-env"),
        ("--scope", "scopes"),
        ("--token-kind", "kind"),
    ] {
        let run = run(&["gate", "fixtures/example/why401.toml", option, "x"], None);
        assert_eq!(run.code, 2);
        let said = format!("the manifest names it: `{key} = ...` in the app");
        assert!(run.err.contains(&said), "{}", run.err);
    }
}

#[test]
fn an_error_names_the_option_that_caused_it() {
    let me = "https://api.mypurecloud.com/api/v2/users/me";
    let asked: [(&[&str], &str); 7] = [
        (&["--provider", "nobody"], "--provider"),
        (&["--token-kind", "nobody"], "--token-kind"),
        (&["--claims", "nowhere.json"], "--claims"),
        (&["--token-file", "nowhere.txt"], "--token-file"),
        (&["--jwks", "nowhere.json", "--scope", "x"], "--jwks"),
        (&["--config", "nowhere.toml"], "--config"),
        (&["--leeway", "x"], "--leeway"),
    ];
    for (options, name) in asked {
        let run = run(&[&["check", "GET", me][..], options].concat(), None);
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(
            run.err
                .lines()
                .next()
                .is_some_and(|line| line.contains(name)),
            "{}",
            run.err
        );
        assert!(
            !run.err.contains("nowhere") && !run.err.contains("entity not found"),
            "{}",
            run.err
        );
    }
    let alone = run(&["check", "GET", me, "--dry-run"], None);
    assert!(alone.err.contains("--probe is missing"), "{}", alone.err);
    let command = run(
        &["check", "GET", me, "--token-cmd", "no-such-program-here"],
        None,
    );
    assert!(!command.err.contains("entity not found"), "{}", command.err);
    // A manifest's provider is no option.
    let text = "[[app]]\nname = 'a'\nprovider = 'gihub'\nendpoints = ['GET /user']\n";
    let path = crate::gate::manifest("no-provider", text);
    let gate = crate::gate::gate(path.to_str().expect("UTF-8"), &[], &[]);
    assert!(gate.out.contains("did you mean github?"), "{}", gate.out);
    assert!(!gate.out.contains("--provider:"), "{}", gate.out);
}

#[test]
fn a_mistyped_option_is_the_one_that_is_nearest_whatever_the_command() {
    let manifest = "fixtures/example/why401.toml";
    let pairs: [(&[&str], &str); 5] = [
        (&["gate", manifest, "--evn", "staging"], "--env"),
        (&["gate", manifest, "--evn=staging"], "--env"),
        (&["check", "GET", URL, "--scpoe", "a"], "--scope"),
        (&["tables", "open", "--alowed"], "--allowed"),
        (&["gate", manifest, "--fromat", "json"], "--format"),
    ];
    for (words, meant) in pairs {
        let told = told(words);
        let said = format!("did you mean {meant}?");
        assert!(told.contains(&said), "{words:?}: {told}");
    }
    let told = told(&["gate", manifest, "--nothing-like-it"]);
    assert!(!told.contains("did you mean"), "{told}");
}

#[test]
fn an_option_for_one_app_names_the_apps_that_there_are() {
    let gate = |more: &[&str]| told(&[&["gate", "fixtures/example/why401.toml"], more].concat());
    for (more, says) in [
        (
            &["--online", "--send-to", "dsek=http://127.0.0.1:9"][..],
            "did you mean `desk`?",
        ),
        (
            &["--online", "--send-to", "orders=http://127.0.0.1:9"],
            "its apps: desk, report",
        ),
        (&["--token-cmd", "orders=true"], "its apps: desk, report"),
        (&["--app", "reprot"], "did you mean `report`?"),
        (
            &["--online", "--send-to", "desk"],
            "--send-to is not `APP=URL`",
        ),
        (
            &["--online", "--send-to", "desk=nowhere"],
            "--send-to is not `APP=URL`",
        ),
    ] {
        let told = gate(more);
        assert!(told.contains(says), "{more:?}: {told}");
    }
    // Of one that is not judged here it is not said that the manifest lacks it.
    let other = gate(&["--app", "desk", "--token-cmd", "report=true"]);
    assert!(
        other.contains("is judged") && other.contains("its apps: desk"),
        "{other}"
    );
}

#[test]
fn a_command_that_may_open_no_socket_is_not_suggested_with_what_asks_the_server() {
    for more in [
        &["--probe", "--offline"][..],
        &["--offline", "--probe", "--control", "GET /a"],
    ] {
        let run = run(&[&["check", "GET", URL][..], more].concat(), None);
        let next = run.out.lines().find(|line| line.trim().starts_with("$ "));
        let next = next.unwrap_or_else(|| panic!("{}", run.out));
        assert!(
            next.contains("--offline") && !next.contains("--probe") && !next.contains("--control"),
            "{next}"
        );
    }
}

#[test]
fn the_examples_of_the_help_fit_a_terminal() {
    let help = run_with(&["--help"], None, &[("COLUMNS", "80")]).out;
    let examples = help.lines().skip(1).take_while(|line| !line.is_empty());
    let mut count = 0;
    for line in examples {
        assert!(line.starts_with("  why401 "), "{line}");
        count += 1;
    }
    assert!(count > 4, "{help}");
    let check = run(&["check", "--help"], None).out;
    assert!(
        !check.contains("<METHOD> [URL]") && check.contains("[METHOD] URL"),
        "{check}"
    );
}

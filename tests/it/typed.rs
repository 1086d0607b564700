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

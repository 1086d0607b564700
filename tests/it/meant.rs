//! What people type is taken as it was meant, or one line says which command does it.

use crate::program::{Run, run, run_with};

const URL: &str = "https://api.mypurecloud.com/api/v2/routing/queues";

fn cause(run: &Run) -> String {
    assert!(run.out.contains("Exit code"), "{}{}", run.out, run.err);
    run.out.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_url_is_checked_with_get() {
    let whole = run(&["check", "GET", URL, "--scope", "users"], None).out;
    for words in [
        &[URL][..],
        &["check", URL],
        &["GET", URL],
        &["check", URL, "GET"],
    ] {
        let words: Vec<&str> = words.iter().chain(&["--scope", "users"]).copied().collect();
        assert_eq!(
            run(&words, None).out.lines().next(),
            whole.lines().next(),
            "{words:?}"
        );
    }
}

#[test]
fn a_request_command_is_checked_with_its_own_token() {
    let command =
        format!("curl -X POST {URL} -H 'Authorization: Bearer H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk'");
    for words in [&["check", &command][..], &[&command]] {
        let run = run(words, None);
        assert!(cause(&run).contains("POST"), "{}", run.out);
        assert!(!run.out.contains("H1zXoGvYcvZ3h6wrg7hTz0n"), "{}", run.out);
    }
}

#[test]
fn a_file_and_what_is_piped_in_are_explained() {
    let file = run(&["fixtures/inputs/curl.txt"], None);
    let text = std::fs::read("fixtures/inputs/curl.txt").expect("a fixture");
    let piped = run_with(&[], Some(&text), &[]);
    assert_eq!(
        (file.code, piped.code),
        (1, 1),
        "{}{}",
        piped.out,
        piped.err
    );
    assert_eq!(cause(&file), cause(&piped));
}

#[test]
fn a_method_alone_lacks_its_url_and_a_missing_file_is_named() {
    let method = run(&["check", "POST"], None);
    assert_eq!(
        (method.code, method.err.lines().next()),
        (2, Some("error: the URL is missing"))
    );
    let file = run(&["explain", "nowhere.har"], None);
    assert_eq!(
        file.err.lines().next(),
        Some("error: no such file: nowhere.har")
    );
}

#[test]
fn a_token_as_an_argument_is_refused_with_the_ways_that_there_are() {
    let run = run(&["check", URL, "--token", "H1zXoGvYcvZ3h6wrg7hTz0n"], None);
    assert_eq!(run.code, 2);
    assert!(
        run.err.starts_with("error: there is no --token"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("--token-file") && !run.err.contains("token-cmd"),
        "{}",
        run.err
    );
    assert!(!run.err.contains("H1zXoGvYcvZ"), "{}", run.err);
}

#[test]
fn an_unknown_provider_suggests_the_nearest() {
    let near = |id: &str| run(&["check", "GET", "/a", "--provider", id], None).err;
    assert!(
        near("gihub").contains("did you mean github"),
        "{}",
        near("gihub")
    );
    assert!(!near("zzzz").contains("did you mean"), "{}", near("zzzz"));
}

#[test]
fn commas_and_blanks_separate_scopes() {
    let with = |scopes: &str| {
        run(
            &["check", "GET", URL, "--scope", scopes, "--format", "json"],
            None,
        )
        .json()
    };
    let first = |scopes: &str| with(scopes)["diagnoses"][0]["token"]["scopes"].clone();
    assert_eq!(first("users,routing"), first("users routing"));
}

#[test]
fn help_knows_the_commands() {
    let run = run(&["help", "check"], None);
    assert!(
        run.code == 0 && run.out.contains("--token-file"),
        "{}",
        run.out
    );
}

//! What people type is taken as it was meant, or one line says which command does it.

use crate::program::{Run, run, run_with};

pub(crate) const URL: &str = "https://api.mypurecloud.com/api/v2/routing/queues";

fn cause(run: &Run) -> String {
    assert!(run.out.contains("Exit code"), "{}{}", run.out, run.err);
    run.out.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_url_is_checked_with_get() {
    let headline = |words: &[&str]| {
        let out = run(words, None).out.replace("(assumed) ", "");
        let words = out.split_whitespace().take_while(|word| *word != "because");
        words.collect::<Vec<_>>().join(" ")
    };
    let whole = headline(&["check", "GET", URL, "--scope", "users"]);
    assert!(whole.contains("scope.missing"), "{whole}");
    for words in [
        &[URL][..],
        &["check", URL],
        &["GET", URL],
        &["check", URL, "GET"],
    ] {
        let words: Vec<&str> = words.iter().chain(&["--scope", "users"]).copied().collect();
        assert_eq!(headline(&words), whole, "{words:?}");
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

/// What is asked about `words`, in one line.
pub(crate) fn told(words: &[&str]) -> String {
    let run = run(words, None);
    (run.out + &run.err)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_mistyped_scope_permission_path_or_kind_is_asked_about() {
    let scope = told(&["check", "GET", URL, "--scope", "routing:redaonly"]);
    assert!(
        scope.contains("fix Correct the spelling: `routing:readonly`."),
        "{scope}"
    );
    let words = ["check", "GET", URL, "--scope", "routing", "--permissions"];
    let permission = told(&[&words[..], &["routing:queue:veiw"]].concat());
    assert!(
        permission.contains("fix Correct the spelling: `routing:queue:view`."),
        "{permission}"
    );
    let none = told(&[&words[..], &["routing:queue:view"]].concat());
    assert!(!none.contains("did you mean"), "{none}");
    let mee = "https://api.mypurecloud.com/api/v2/users/mee";
    let path = told(&["check", "GET", mee, "--scope", "users"]);
    assert!(
        path.contains("did you mean GET /api/v2/users/me?"),
        "{path}"
    );
    assert!(
        path.contains("operation GET /api/v2/users/{userId}"),
        "{path}"
    );
    let id = mee.replace("mee", "6f1d2c3b-0000-4000-8000-000000000001");
    let real = told(&["check", "GET", &id, "--scope", "users"]);
    assert!(!real.contains("did you mean"), "{real}");
    // Graph compares paths without case: what differs in case only is the operation itself.
    let case = "https://graph.microsoft.com/v1.0/users/7/assignLicense";
    let scope = "LicenseAssignment.ReadWrite.All";
    let same = told(&["check", "-v", "POST", case, "--scope", scope]);
    assert!(
        !same.contains("is read as") && !same.to_lowercase().contains("did you mean"),
        "{same}"
    );
    let near = case.replace("assignLicense", "asignLicense/x");
    let other = told(&["check", "-v", "POST", &near, "--scope", scope]);
    assert!(!other.contains("need LicenseAssignment"), "{other}");
    for (kind, near) in [
        ("client_credential", "client_credentials"),
        ("authorization-code", "user"),
    ] {
        let told = told(&["check", "GET", URL, "--token-kind", kind]);
        assert!(told.contains(&format!("did you mean {near}?")), "{told}");
    }
    let who = told(&[
        "tables",
        "who",
        "routing:redaonly",
        "--provider",
        "genesys-cloud",
    ]);
    assert!(who.contains("did you mean routing:readonly?"), "{who}");
    let alias = run(
        &[
            "check",
            "GET",
            URL,
            "--token-kind",
            "client-credentials",
            "--format",
            "json",
        ],
        None,
    );
    assert_eq!(
        alias.json()["diagnoses"][0]["token"]["kind"],
        "client_credentials"
    );
}

#[test]
fn a_mistyped_file_is_asked_about_and_a_file_is_not_a_url() {
    let near = "fixtures/inputs/tickt.har";
    for words in [
        &["explain", near][..],
        &["check", near],
        &["check", "GET", near],
        &[near],
    ] {
        let told = told(words);
        assert!(
            told.contains("did you mean") && told.contains("fixtures/inputs/ticket.har"),
            "{told}"
        );
    }
    let file = told(&["check", "fixtures/inputs/ticket.har"]);
    assert!(
        file.contains("`why401 explain fixtures/inputs/ticket.har`"),
        "{file}"
    );
    let bare = told(&["check", "GET", "api.mypurecloud.com/api/v2/users/me"]);
    assert!(
        bare.contains("URL has no scheme hint: put `https://` in front of it"),
        "{bare}"
    );
    let url = told(&["explain", URL]);
    assert!(
        url.contains("that is a URL, not a file") && url.contains("why401 check"),
        "{url}"
    );
    let har = told(&["gate", "fixtures/inputs/ticket.har"]);
    assert!(
        har.contains("`why401 gate --init FILE -o why401.toml`"),
        "{har}"
    );
    let far = told(&["explain", "fixtures/inputs/nothing-like-it.har"]);
    assert!(!far.contains("did you mean"), "{far}");
}

#[test]
fn a_url_without_a_method_says_that_get_is_assumed() {
    let bare = told(&[URL, "--scope", "users"]);
    assert!(bare.contains(&format!("GET (assumed) {URL}")), "{bare}");
    for words in [&["GET", URL][..], &["get", URL], &["check", "get", URL]] {
        let told = told(words);
        assert!(
            told.contains(&format!("GET {URL}")) && !told.contains("assumed"),
            "{told}"
        );
    }
}

#[test]
fn what_cannot_be_run_names_what_is_wrong() {
    let manifest = "fixtures/example/why401.toml";
    let har = "fixtures/inputs/ticket.har";
    let pairs: [(&[&str], &str); 9] = [
        (
            &["gate", manifest, "--junit"],
            "did you mean --format junit?",
        ),
        (&["explain", har, "--json"], "did you mean --format json?"),
        (
            &["check", "GET", "/a", "b", "c"],
            "too many arguments hint: the form is `why401 check [OPTIONS] [METHOD] URL`",
        ),
        (
            &["gate", manifest, "hunter2"],
            "too many arguments hint: the form is `why401 gate [OPTIONS] [MANIFEST]`",
        ),
        (&["explain", har, "--hunter2"], "there is no such option"),
        (
            &["token", "hunter2"],
            "use --token-file, --token-env or standard input",
        ),
        (&["chekc", "GET", URL], "did you mean check?"),
        (
            &["explain", har, "--only", "GET /hunter2"],
            "no request matches --only; the evidence has 4 requests",
        ),
        (
            &["explain", har, "--entry", "99"],
            "no such --entry; the evidence has 4 requests",
        ),
    ];
    for (words, says) in pairs {
        let told = told(words);
        assert!(told.contains(says) && !told.contains("hunter2"), "{told}");
    }
}

#[test]
fn a_suggested_command_says_where_it_reads_a_token_that_was_not_given() {
    let place = "with the token in the variable WHY401_TOKEN";
    let api = "https://api.mypurecloud.com/api/v2/conversations";
    let asks = "--token-env WHY401_TOKEN --probe";
    let messaging = format!("{api}/messaging");
    let short = told(&["check", "POST", &messaging, "--scope", "view:conversation"]);
    // Where there is no room beside it, the command alone names the variable.
    assert!(short.contains(asks), "{short}");
    let refused = format!(
        "GET {URL} HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\n\n{{\"message\":\"Invalid login credentials.\",\"code\":\"bad.credentials\",\"status\":401}}"
    );
    let run = run_with(&["explain", "-"], Some(refused.as_bytes()), &[]);
    let roomy = crate::program::unwrapped(&run.out);
    assert!(roomy.contains(place) && roomy.contains(asks), "{roomy}");
    let bare = told(&["check", "GET", URL]);
    assert!(bare.contains("from the variable WHY401_TOKEN"), "{bare}");
    let words = [
        "check",
        "GET",
        URL,
        "--token-file",
        "fixtures/tokens/thread.jwt",
    ];
    let given = told(&words);
    assert!(!given.contains("WHY401_TOKEN"), "{given}");
}

//! What people type, know and pass on, met half-way: an empty secret, a sentence, a scope in the wrong case, a mail.

use crate::gate::{gate, manifest};
use crate::program::{run, run_with, unwrapped};

const URL: &str = "https://api.mypurecloud.com/api/v2/conversations/messaging";
const TOKEN: &str = "fixtures/tokens/thread.jwt";
const AT: [&str; 2] = ["--at", "2026-08-01T00:00:00Z"];

fn app(credential: &str) -> String {
    format!(
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'client_credentials'\n{credential}\npermissions = ['routing:queue:view']\nendpoints = ['GET /api/v2/routing/queues']\n"
    )
}

#[test]
fn a_secret_that_is_set_and_empty_does_not_pass_the_gate() {
    for (name, credential) in [
        ("client", "client-id = 'c'\nclient-secret-env = 'OWN'"),
        ("token", "token-env = 'OWN'"),
    ] {
        let path = manifest(&format!("people-empty-{name}"), &app(credential));
        let path = path.to_str().expect("UTF-8");
        let empty = gate(path, &[], &[("OWN", "")]);
        assert_eq!(empty.code, 3, "{name}: {}", empty.out);
        assert!(
            unwrapped(&empty.out).contains("`OWN` is empty"),
            "{}",
            empty.out
        );
        assert_eq!(gate(path, &[], &[]).code, 3, "{name}: not set");
        let text = app(&format!(
            "{credential}\nunknown = {{ credential = 'pass' }}"
        ));
        std::fs::write(path, text).expect("written");
        for environment in [&[("OWN", "")][..], &[]] {
            let run = gate(path, &[], environment);
            assert_eq!(run.code, 0, "what is advised is accepted");
        }
    }
}

#[test]
fn a_token_that_is_stored_in_quotes_does_not_pass_the_gate() {
    let path = manifest("people-quotes", &app("token-env = 'OWN'"));
    let path = path.to_str().expect("UTF-8");
    for (value, code) in [("kD83hdKq83hdoaue8XyZ", 0), ("\"kD83hdKq83hdoaue8XyZ\"", 3)] {
        let run = gate(path, &[], &[("OWN", value)]);
        assert_eq!(run.code, code, "{}", run.out);
        assert_eq!(unwrapped(&run.out).contains("quotes around it"), code == 3);
    }
}

#[test]
fn that_the_token_works_elsewhere_is_heard_and_used() {
    let with = |text: &str| {
        let words = ["explain", "-", "--token-file", TOKEN];
        run(&[&words[..], &AT].concat(), Some(text))
    };
    // The call that worked needs a scope that the token lacks: scopes are not checked here, where it is seen to have worked.
    let sentences = [
        (
            true,
            format!(
                "My token works on https://api.mypurecloud.com/api/v2/users/me but POST {URL} returns 401 Unauthorized."
            ),
        ),
        (
            false,
            format!("GET https://api.mypurecloud.com/api/v2/users/me 200\nPOST {URL} 401\n"),
        ),
    ];
    for (told, text) in sentences {
        let said = unwrapped(&with(&text).out);
        assert!(said.contains("endpoint.unknown"), "{said}");
        assert!(
            said.contains("not expired, unknown or of another region"),
            "{said}"
        );
        assert_eq!(said.contains("scope.missing"), told, "{said}");
        assert_eq!(
            said.contains("or another one was sent there"),
            told,
            "{said}"
        );
    }
    let alone = with(&format!(
        "The token works on /users/me, but POST {URL} returns 401."
    ));
    let said = unwrapped(&alone.out);
    assert!(said.contains("the token worked in another call"), "{said}");
}

#[test]
fn a_scope_in_another_case_or_with_another_mark_is_asked_about() {
    for (scope, meant) in [
        ("REPO", "REPO: did you mean repo?"),
        ("repos", "repos: did you mean repo?"),
        ("repo;gist", "repo;gist: did you mean repo gist?"),
        ("a|b", "a|b: did you mean a b?"),
    ] {
        let url = "https://api.github.com/user/repos";
        let said = unwrapped(&run(&["check", url, "--scope", scope], None).out);
        assert!(said.contains(meant), "{said}");
        assert!(said.contains("repo is missing"), "{said}");
        assert!(!said.contains("is enough"), "{said}");
    }
}

/// The lines of a reply that stand open.
fn open_lines(text: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut open = Vec::new();
    for line in text.lines() {
        let before = depth;
        depth += usize::from(line.starts_with("<details>"));
        depth -= usize::from(line.starts_with("</details>"));
        if before == 0 && depth == 0 && !line.is_empty() {
            open.push(line);
        }
    }
    open
}

#[test]
fn the_end_of_a_long_scope_is_asked_about_and_long_names_stand_once() {
    let url = "https://www.googleapis.com/drive/v3/files";
    let run = run(&["check", url, "--scope", "drive.readonly"], None);
    let said = unwrapped(&run.out);
    let meant = "Correct the spelling: `https://www.googleapis.com/auth/drive.readonly`.";
    assert!(said.contains(meant), "{said}");
    assert!(!said.contains("need one of …"), "{said}");
    // No token can have a scope of that name: it is the other one, written short.
    assert!(said.contains("scope.missing (possible"), "{said}");
    assert_eq!(run.code, 3);
    let rows = run
        .out
        .lines()
        .map(|line| line.chars().count().div_ceil(80));
    assert!(rows.sum::<usize>() <= 12, "{}", run.out);
}

#[test]
fn a_reply_has_ten_lines_and_the_rest_is_folded() {
    let graph = "https://graph.microsoft.com/v1.0/me/messages";
    let runs: [&[&str]; 5] = [
        &["explain", "fixtures/inputs/ticket.har"],
        &["explain", "fixtures/inputs/curl.txt"],
        &["explain", "fixtures/pasted/sdks.txt"],
        &["check", "POST", URL, "--token-file", TOKEN],
        &["check", graph, "--scope", "x"],
    ];
    for words in runs {
        let run = run(&[words, &["--format", "markdown"]].concat(), None);
        let open = open_lines(&run.out);
        assert!(
            (1..=10).contains(&open.len()),
            "{words:?}:\n{}",
            open.join("\n")
        );
        // A row or line names a few of many names.
        assert!(
            open.iter().all(|line| line.matches('`').count() <= 20),
            "{open:?}"
        );
    }
}

#[test]
fn what_was_piped_in_is_read_from_a_file_by_the_next_command() {
    let text = std::fs::read_to_string("fixtures/inputs/ticket.har").expect("a file");
    let said = run(&["explain", "-"], Some(&text)).out;
    assert!(
        said.contains("$ why401 explain evidence.txt --only"),
        "{said}"
    );
    assert!(said.contains("saved as evidence.txt"), "{said}");
    let token = std::fs::read_to_string(TOKEN).expect("a file");
    let url = "https://api.mypurecloud.com/api/v2/routing/queues";
    let said = run(&[&["check", url][..], &AT].concat(), Some(&token)).out;
    assert!(said.contains("--token-file token.txt"), "{said}");
    assert!(!said.contains("explain -"), "{said}");
}

#[test]
fn a_region_is_asked_that_is_likely_and_said_to_be_a_guess() {
    let body = "HTTP/1.1 401 Unauthorized\n\n{\"message\":\"Invalid login credentials.\",\"code\":\"bad.credentials\",\"status\":401}";
    let call = format!(
        "GET https://api.mypurecloud.de/api/v2/users/me HTTP/1.1\nHost: api.mypurecloud.de\n\n{body}"
    );
    let said = unwrapped(&run(&["explain", "-"], Some(&call)).out);
    assert!(said.contains("--regions us-east-1"), "{said}");
    assert!(
        said.contains("replace us-east-1 with your own region, if you know it"),
        "{said}"
    );
    // Without a host there is no region to ask.
    let alone = run(&["explain", "-", "--provider", "genesys-cloud"], Some(body)).out;
    assert!(!alone.contains("--regions"), "{alone}");
}

#[test]
fn a_wrong_option_or_method_is_answered_with_what_is_near_or_nothing() {
    let url = "https://api.github.com/user";
    for (words, hint) in [
        (
            &["check", url, "--status", "403"][..],
            "--status is an option of explain",
        ),
        (&["check", url, "--method", "POST"], "give the method first"),
        (
            &["check", url, "--output", "json"],
            "did you mean --format json?",
        ),
        (
            &["explain", "fixtures/inputs/curl.txt", "--probe"],
            "--probe is an option of check",
        ),
        (&["check", url, "--scopes", "a"], "did you mean --scope?"),
        (&["check", url, "--jwt", "a"], "--token-file FILE"),
        (&["check", "PSOT", url], "did you mean POST?"),
        (&["PSOT", url], "did you mean POST?"),
        (&["needs", "GTE", url], "did you mean GET?"),
    ] {
        let run = run(words, None);
        assert_eq!(run.code, 2, "{words:?}");
        assert!(unwrapped(&run.err).contains(hint), "{words:?}: {}", run.err);
    }
    let far = run(&["check", url, "--works", "/a"], None).err;
    assert!(!far.contains("did you mean"), "{far}");
}

#[test]
fn a_page_or_an_error_in_place_of_a_token_is_called_that() {
    for (text, what) in [
        (
            "<!DOCTYPE html><html><body>Sign in</body></html>",
            "an HTML page",
        ),
        ("{\"error\":\"invalid_client\"}", "an answer with an error"),
    ] {
        let run = run(&["token"], Some(text));
        assert_eq!(run.code, 1);
        assert!(unwrapped(&run.out).contains(what), "{}", run.out);
    }
}

#[test]
fn what_a_token_opens_is_listed_first_and_what_it_does_not_on_demand() {
    let open = |more: &[&str]| {
        let words = ["tables", "open", "--provider", "github", "--scope", "gist"];
        run(&[&words[..], more].concat(), None).out
    };
    let short = open(&[]);
    assert!(short.starts_with("allowed "), "{short}");
    assert!(!short.contains("\ndenied "), "{short}");
    assert!(
        unwrapped(&short).contains("denied (-v lists them)"),
        "{short}"
    );
    assert!(open(&["-v"]).contains("\ndenied "));
    assert!(open(&["/user/repos"]).contains("/user/repos"));
    let all = open(&["--format", "json"]);
    assert!(all.contains("\"denied\""), "programs are given all");
}

#[test]
fn persons_in_a_mail_are_taken_out_and_the_summary_promises_no_more() {
    let mail = "From: Jane Doe <jane@a.example>\nTo: Help Desk <help@b.example>\n\nHi Martin,\n\nuser \"Jane Doe\" gets 401 from GET https://api.github.com/user\n\nBest regards,\nJane Doe\n\nOn Mon, 3 Aug 2026, Martin Fowler wrote:\n> again?\n";
    let run = run(&["scrub", "-"], Some(mail));
    for name in ["Jane", "Doe", "Martin", "Fowler", "a.example"] {
        assert!(!run.out.contains(name), "{name}: {}", run.out);
    }
    assert!(
        run.out.contains("GET https://api.github.com/user"),
        "{}",
        run.out
    );
    assert!(
        unwrapped(&run.err).contains("Not looked for: names in sentences"),
        "{}",
        run.err
    );
}

#[test]
fn an_empty_file_is_not_scrubbed_and_no_folder_is_made() {
    let empty = run(&["scrub", "-"], Some(" \n"));
    assert_eq!(empty.code, 2);
    assert!(
        empty.err.contains("there is nothing to scrub"),
        "{}",
        empty.err
    );
    let folder = std::env::temp_dir().join(format!("why401-none-{}", std::process::id()));
    let out = folder.join("x.har");
    let words = [
        "scrub",
        "fixtures/inputs/ticket.har",
        "-o",
        out.to_str().expect("UTF-8"),
    ];
    let run = run_with(&words, None, &[]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("there is no folder"), "{}", run.err);
    assert!(!folder.exists());
}

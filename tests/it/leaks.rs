//! One marked secret through every command, format and error path: it never comes out.

use crate::formats::FORMATS;
use crate::gate::manifest;
use crate::program::{run, run_with};

const MARK: &str = "zQ7marked0secret0signature9Kx";

fn tokens() -> Vec<String> {
    let jwt = include_str!("../../fixtures/tokens/thread.jwt").trim();
    let head = &jwt[..jwt.rfind('.').expect("dots")];
    vec![
        format!("{head}.{MARK}"),
        format!("Bearer {MARK}"),
        format!("Bearer Bearer {MARK}"),
        format!("\"{MARK}\""),
        format!("{{\"access_token\":\"{MARK}\",\"refresh_token\":\"{MARK}\"}}"),
        format!("https://app.example/#access_token={MARK}"),
        format!("Basic {MARK}"),
        format!("ghr_{MARK}"),
        format!("eyJhbGciOiJSUzI1NiJ9.{MARK}"),
        format!("eyJhbGciOiJSUzI1NiJ9.e30.{MARK}.{MARK}"),
        format!("{MARK}…"),
        format!("-----BEGIN PRIVATE KEY-----\n{MARK}"),
    ]
}

#[test]
fn no_format_and_no_error_shows_the_token() {
    let commands: [&[&str]; 5] = [
        &[
            "check",
            "GET",
            "https://api.mypurecloud.com/api/v2/users/me",
            "-v",
        ],
        &[
            "check",
            "POST",
            "https://api.mypurecloud.com/api/v2/conversations/messaging",
        ],
        &["check", "GET", "/nowhere"],
        &["token", "-v"],
        &[
            "needs",
            "GET",
            "https://api.mypurecloud.com/api/v2/users/me",
        ],
    ];
    for token in tokens() {
        for command in commands {
            for format in FORMATS {
                let arguments: Vec<&str> = command
                    .iter()
                    .copied()
                    .chain(["--format", format])
                    .collect();
                let run = run(&arguments, Some(&token));
                assert!(
                    !run.out.contains(MARK) && !run.err.contains(MARK),
                    "{arguments:?} on {token:?}: {}{}",
                    run.out,
                    run.err
                );
                assert!(run.code <= 3 && !run.err.contains("panicked"));
            }
        }
    }
}

#[test]
fn no_format_of_the_gate_shows_the_token() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\ntoken-env = 'T'\nendpoints = ['GET /api/v2/users/me']\n[[app]]\nname = 'b'\nprovider = 'genesys-cloud'\nclient-id-env = 'T'\nclient-secret-env = 'T'\nendpoints = ['GET /api/v2/users/me']\n";
    let path = manifest("leaks", text);
    let path = path.to_str().expect("UTF-8");
    for token in tokens() {
        for format in FORMATS {
            let online = [
                "--online",
                "--send-to",
                "a=http://127.0.0.1:9",
                "--send-to",
                "b=http://127.0.0.1:9",
            ];
            for more in [&[][..], &online[..]] {
                let arguments = [&["gate", path, "--format", format][..], more].concat();
                let run = run_with(&arguments, None, &[("T", &token)]);
                assert!(
                    !run.out.contains(MARK) && !run.err.contains(MARK),
                    "{arguments:?} on {token:?}: {}{}",
                    run.out,
                    run.err
                );
                assert!(run.code <= 3 && !run.err.contains("panicked"));
            }
        }
    }
}

#[test]
fn a_report_that_would_hold_the_token_is_not_printed() {
    let url = format!("https://api.mypurecloud.com/api/v2/{MARK}");
    let run = run(&["check", "GET", &url], Some(MARK));
    assert_eq!(run.code, 2);
    assert!(!run.out.contains(MARK) && !run.err.contains(MARK));
    assert!(run.err.contains("nothing was printed"), "{}", run.err);
}

#[test]
fn a_credential_in_the_place_of_a_name_is_refused_and_not_shown() {
    let token = format!("ghp_{MARK}0123456789");
    let list = format!("repo {token}");
    let url = "https://api.github.com/user";
    let named = manifest(
        "named",
        &format!(
            "[[app]]\nname = 'a'\nprovider = 'github'\ntoken-env = '{token}'\nendpoints = ['GET /user']\n"
        ),
    );
    let declared = manifest(
        "declared",
        &format!(
            "[[app]]\nname = 'a'\nprovider = 'github'\nkind = 'classic'\nscopes = ['{token}']\nendpoints = ['GET /user']\n"
        ),
    );
    let [named, declared] = [&named, &declared].map(|path| path.to_str().expect("UTF-8"));
    let calls: [&[&str]; 5] = [
        &["check", "GET", url, "--scope", &list],
        &["check", "GET", url, "--permission", &list],
        &["tables", "who", &token],
        &["gate", named],
        &["gate", declared],
    ];
    for call in calls {
        for format in ["human", "json", "junit", "markdown"] {
            let run = run(&[call, &["--format", format][..]].concat(), None);
            assert!(
                !run.out.contains(MARK) && !run.err.contains(MARK),
                "{call:?} {format}: {}{}",
                run.out,
                run.err
            );
        }
    }
    let refused = run(calls[0], None);
    assert!(refused.code == 2 && refused.err.contains("looks like a token"));
    let refused = run(calls[3], None);
    assert!(refused.code == 2 && refused.out.contains("it has a credential"));
}

#[test]
fn what_an_answer_repeats_of_a_credential_does_not_cost_the_answer() {
    for value in [
        "Authorization: Bearer my own token here",
        "Token token=a-word-or-two",
        "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=<signature>",
    ] {
        let record = serde_json::json!({
            "request": {"method": "GET", "url": "https://api.example/", "headers": {"Authorization": value}},
            "response": {"status": 403, "body": format!("'{value}' is not a valid header value")},
        });
        let secret = value.rsplit(' ').next().expect("a word");
        for format in FORMATS {
            let run = run(
                &["explain", "-", "--format", format],
                Some(&record.to_string()),
            );
            assert_eq!(run.code, 1, "{format}: {}{}", run.out, run.err);
            let hidden = secret.len() < 12 || !run.out.contains(secret);
            assert!(hidden, "{format}: {}", run.out);
        }
    }
}

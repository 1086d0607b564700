//! `scrub`: nothing secret is left, and the evidence still tells its cause.

use crate::program::{Run, run};
use serde_json::json;

const SECRET: &str = "kD83hdKq-83hd_oaue8XyZ0987";

fn scrub(input: &str) -> Run {
    run(&["scrub", "-"], Some(input))
}

/// Evidence of every form with the secret in every place that is known to hold one.
fn evidence() -> Vec<String> {
    let mut out = Vec::new();
    for name in [
        "Authorization",
        "AUTHORIZATION",
        "Proxy-Authorization",
        "X-Api-Key",
        "x-auth-token",
        "PRIVATE-TOKEN",
        "Cookie",
        "X-Amz-Security-Token",
        "Ocp-Apim-Subscription-Key",
        "X-Vault-Token",
        "DPoP",
    ] {
        let lower = name.to_ascii_lowercase();
        let value = match lower.as_str() {
            "cookie" => format!("sid={SECRET}; a=b"),
            _ if lower.contains("authorization") => format!("Bearer {SECRET}"),
            _ => SECRET.to_owned(),
        };
        out.push(format!("> GET /a HTTP/1.1\n> Host: x\n> {name}: {value}\n> \n< HTTP/1.1 401 no\n< {name}: {value}\n< \n"));
        out.push(json!({"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "https://x/", "headers": [{"name": name, "value": value}]}, "response": {"status": 401, "headers": [], "content": {}}}]}}).to_string());
        out.push(json!({"request": {"method": "GET", "url": "https://x/", "headers": {name: value}}, "response": {"status": 401}}).to_string());
        out.push(format!("curl 'https://x/a' -H '{name}: {value}'"));
    }
    for name in [
        "access_token",
        "code",
        "client_secret",
        "refresh_token",
        "password",
        "api_key",
        "sig",
    ] {
        out.push(format!("GET /cb?x=1&{name}={SECRET} HTTP/1.1\nHost: x\n\nHTTP/1.1 302 x\nLocation: https://y/#{name}={SECRET}\n\n"));
        out.push(format!(
            "curl https://x/token -d 'grant_type=a&{name}={SECRET}'"
        ));
        out.push(json!({"log": {"entries": [{"request": {"method": "POST", "url": "https://x/", "headers": [], "postData": {"text": format!("{{\"{name}\":\"{SECRET}\"}}"), "params": [{"name": name, "value": SECRET}]}}, "response": {"status": 400, "content": {"text": format!("<r><{name}>{SECRET}</{name}></r>")}}}]}}).to_string());
    }
    out.push(format!("> GET / HTTP/1.1\n> Host: bob:{SECRET}@x\n> \n< HTTP/1.1 401 no\n< Set-Cookie: s={SECRET}; Path=/\n< \n"));
    out.push(format!(
        "curl -ubob:{SECRET} https://bob:{SECRET}@x/ --oauth2-bearer {SECRET}"
    ));
    out.push(json!({"id": "1", "token": {"kind": "opaque", "value": SECRET}, "response": {"status": 401, "body": format!("unknown token {SECRET}")}}).to_string());
    out.push(format!("=> Send header, 60 bytes (0x3c)\n0000: GET / HTTP/1.1\n0010: Authorization: Bearer {}\n0036: {}\n", &SECRET[..10], &SECRET[10..]));
    out
}

#[test]
fn no_planted_secret_survives_in_any_place() {
    for input in evidence() {
        let run = scrub(&input);
        assert_eq!(run.code, 0, "{input}\n{}", run.err);
        assert!(
            !run.out.contains(SECRET) && !run.err.contains(SECRET),
            "{input}\n{}",
            run.out
        );
        assert!(run.err.starts_with("removed"), "{input}\n{}", run.err);
    }
}

#[test]
fn the_cause_is_the_same_before_and_after() {
    let cause = |text: &str| {
        let run = run(
            &[
                "explain",
                "-",
                "--format",
                "jsonl",
                "--at",
                "2026-01-01T00:00:00Z",
            ],
            Some(text),
        );
        let causes: Vec<serde_json::Value> = run
            .out
            .lines()
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON")["cause"].clone()
            })
            .collect();
        (run.code, causes)
    };
    let mut inputs = evidence();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/causes");
    for folder in std::fs::read_dir(root).expect("fixtures") {
        let file = folder.expect("an entry").path().join("fires.json");
        let fixture: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).expect("a fixture")).expect("JSON");
        inputs.extend(fixture["input"].as_str().map(str::to_owned));
    }
    let jwt = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tokens/thread.jwt"),
    )
    .expect("a token");
    inputs.push(format!(
        "> GET /a HTTP/1.1\n> Host: x\n> Authorization: Bearer {}\n> \n< HTTP/1.1 401 no\n< \n",
        jwt.trim()
    ));
    inputs.push(
        "> GET /a HTTP/1.1\n> Host: x\n> Authorization: Bearer null\n> \n< HTTP/1.1 401 no\n< \n"
            .to_owned(),
    );
    for input in inputs {
        let run = scrub(&input);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(cause(&input), cause(&run.out), "{input}\n{}", run.out);
    }
}

#[test]
fn the_input_is_never_overwritten() {
    let folder = std::env::temp_dir().join(format!("why401-scrub-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("a.txt");
    std::fs::write(
        &file,
        format!("> GET / HTTP/1.1\n> Authorization: Bearer {SECRET}\n> \n"),
    )
    .expect("written");
    let name = file.to_str().expect("UTF-8");
    let refused = run(&["scrub", name, "-o", name], None);
    assert_eq!(refused.code, 2);
    assert!(
        std::fs::read_to_string(&file)
            .expect("still there")
            .contains(SECRET)
    );
    let out = folder.join("b.txt");
    let done = run(&["scrub", name, "-o", out.to_str().expect("UTF-8")], None);
    assert_eq!((done.code, done.out.as_str()), (0, ""));
    assert!(
        !std::fs::read_to_string(&out)
            .expect("written")
            .contains(SECRET)
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn other_names_can_be_added() {
    let run = run(
        &["scrub", "-", "--also", "x-customer"],
        Some("> GET / HTTP/1.1\n> X-Customer: Alice Example\n> \n"),
    );
    assert!(!run.out.contains("Alice"), "{}", run.out);
}

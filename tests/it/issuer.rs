//! Token requests, introspection, metadata and key sets against a small authorization server on loopback.

use crate::program::{Run, run_with};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

const SECRET: &str = "client-secret-0123456789";
const ISSUED: &str = "issued-token-0123456789abcdef";

struct Issuer {
    origin: String,
    log: Arc<Mutex<Vec<String>>>,
}

/// `basic`: whether HTTP Basic is accepted, else only the form.
fn start(basic: bool, named_issuer: Option<&'static str>) -> Issuer {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let (kept, own) = (Arc::clone(&log), origin.clone());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let (mut line, mut length, mut authorization) = (String::new(), 0, String::new());
            reader.read_line(&mut line).expect("a line");
            let first = line.clone();
            loop {
                line.clear();
                reader.read_line(&mut line).expect("a line");
                let Some((name, value)) = line.trim().split_once(':') else {
                    break;
                };
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.trim().parse().expect("a length"),
                    "authorization" => value.trim().clone_into(&mut authorization),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let body = String::from_utf8(body).expect("UTF-8");
            kept.lock()
                .expect("the log")
                .push(format!("{} {body}", first.trim()));
            let good = format!("Basic {}", STANDARD.encode(format!("app:{SECRET}")));
            let known = if basic {
                authorization == good
            } else {
                body.contains(SECRET)
            };
            let issuer = named_issuer.unwrap_or(&own);
            let (status, answer) = match first.split_whitespace().nth(1).unwrap_or_default() {
                "/.well-known/openid-configuration" => (
                    200,
                    json!({"issuer": issuer, "token_endpoint": format!("{own}/token"), "jwks_uri": format!("{own}/jwks")}),
                ),
                "/token" if !known => (401, json!({"error": "invalid_client"})),
                "/token" if body.contains("scope=bad") => (
                    400,
                    json!({"error": "invalid_scope", "error_description": "no such scope"}),
                ),
                "/token" => (
                    200,
                    json!({"access_token": ISSUED, "token_type": "Bearer", "scope": "read"}),
                ),
                "/introspect" if authorization != good => (401, json!({"error": "invalid_client"})),
                "/introspect" => (
                    200,
                    json!({"active": body.contains(ISSUED), "scope": "read write"}),
                ),
                "/.well-known/oauth-protected-resource/v1" => (
                    200,
                    json!({"resource": format!("{own}/v1"), "authorization_servers": [own]}),
                ),
                _ => (404, json!({})),
            };
            let answer = answer.to_string();
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
                answer.len()
            );
        }
    });
    Issuer { origin, log }
}

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let environment: Vec<(&str, &str)> =
        environment.iter().copied().chain([("S", SECRET)]).collect();
    let run = run_with(arguments, None, &environment);
    assert!(
        !run.out.contains(SECRET) && !run.err.contains(SECRET),
        "{}",
        run.out
    );
    run
}

fn request(issuer: &str, more: &[&str]) -> Run {
    let fixed = [
        "token",
        "--request",
        "--issuer",
        issuer,
        "--client-id",
        "app",
        "--client-secret-env",
        "S",
        "--format",
        "json",
    ];
    run(&[&fixed[..], more].concat(), &[])
}

#[test]
fn a_token_is_requested_looked_at_and_thrown_away() {
    for basic in [true, false] {
        let server = start(basic, None);
        let run = request(&server.origin, &["--scope", "read write"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        assert!(!run.out.contains(ISSUED));
        assert_eq!(run.diagnosis()["token"]["scopes"], json!(["read"]));
        assert!(
            run.out.contains("not granted") && run.out.contains("write"),
            "{}",
            run.out
        );
        let shown = request(&server.origin, &["--show-token"]);
        assert_eq!(shown.out.trim(), ISSUED);
        assert!(
            server
                .log
                .lock()
                .expect("the log")
                .iter()
                .all(|l| !l.contains("GET /token"))
        );
    }
}

#[test]
fn a_refusal_of_the_token_endpoint_is_the_clients() {
    let server = start(true, None);
    let fixed = [
        "token",
        "--request",
        "--issuer",
        &server.origin,
        "--client-id",
        "app",
        "--format",
        "json",
    ];
    let wrong = run(
        &[&fixed[..], &["--client-secret-env", "W"]].concat(),
        &[("W", "another-secret-0123456789")],
    );
    assert_eq!(
        (wrong.code, wrong.cause().as_deref()),
        (1, Some("credentials.invalid")),
        "{}",
        wrong.out
    );
    let scope = request(&server.origin, &["--scope", "bad"]);
    assert_eq!(
        (scope.code, scope.cause().as_deref()),
        (1, Some("grant.invalid")),
        "{}",
        scope.out
    );
    assert_eq!(
        run(
            &[&fixed[..], &["--client-secret-env", "NOT_SET"]].concat(),
            &[]
        )
        .code,
        2
    );
    assert_eq!(request(&server.origin, &["--offline"]).code, 2);
}

#[test]
fn metadata_of_another_issuer_is_not_used() {
    let server = start(true, Some("https://another.example"));
    let run = request(&server.origin, &[]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("another.example"), "{}", run.out);
    assert!(
        server
            .log
            .lock()
            .expect("the log")
            .iter()
            .all(|line| !line.starts_with("POST"))
    );
}

#[test]
fn introspection_tells_scopes_and_whether_the_token_lives() {
    let server = start(true, None);
    let endpoint = format!("{}/introspect", server.origin);
    let ask = |token: &str| {
        let arguments = [
            "token",
            "--client-id",
            "app",
            "--client-secret-env",
            "S",
            "--introspect",
            &endpoint,
            "--format",
            "json",
        ];
        run(&arguments, &[("WHY401_TOKEN", token)])
    };
    let alive = ask(ISSUED);
    assert_eq!(alive.code, 0, "{}", alive.out);
    assert_eq!(
        alive.diagnosis()["token"]["scopes"],
        json!(["read", "write"])
    );
    assert_eq!(alive.diagnosis()["token"]["scopes_from"], "introspection");
    let dead = ask("another-token-0123456789");
    assert_eq!(
        (dead.code, dead.cause().as_deref()),
        (1, Some("token.unknown")),
        "{}",
        dead.out
    );
    assert_eq!(dead.diagnosis()["cause"]["certainty"], "stated");
}

#[test]
fn a_key_set_may_be_fetched_from_a_url_that_was_named() {
    let server = start(true, None);
    let url = format!("{}/no-such", server.origin);
    let missing = run(
        &["token", "--jwks", &url, "--format", "json"],
        &[("WHY401_TOKEN", "opaque-token-value-1")],
    );
    assert_eq!(missing.code, 2);
    let value: Value = missing.json();
    assert_eq!(value["error"]["code"], "network", "{}", missing.out);
    assert!(
        server
            .log
            .lock()
            .expect("the log")
            .iter()
            .all(|line| !line.contains("opaque"))
    );
}

#[test]
fn a_resource_says_whose_tokens_it_takes() {
    let server = start(true, None);
    let folder = std::env::temp_dir().join(format!("why401-resource-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let look = |issuer: &str, resource: &str| {
        let claims = folder.join("claims.json");
        std::fs::write(
            &claims,
            json!({"iss": issuer, "exp": 4_102_444_800_i64}).to_string(),
        )
        .expect("written");
        let resource = format!("{}{resource}", server.origin);
        run(
            &[
                "token",
                "--claims",
                claims.to_str().expect("UTF-8"),
                "--resource-metadata",
                &resource,
                "--format",
                "json",
            ],
            &[],
        )
    };
    assert_eq!(look(&server.origin, "/v1").code, 0);
    let other = look("https://another.example", "/v1");
    assert_eq!(
        (other.code, other.cause().as_deref()),
        (1, Some("token.issuer")),
        "{}",
        other.out
    );
    assert_eq!(look(&server.origin, "/v2").code, 2);
}

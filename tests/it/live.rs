//! Against a real authorization server (npm `oidc-provider`) and an API that a real library guards
//! (`express-oauth2-jwt-bearer`), both on loopback. `npm ci` in tests/live installs them.

use crate::faults::{Row, page_has, table};
use crate::program::{Run, run_with};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};

const SECRET: &str = "client-secret-0123456789";

struct Live {
    child: Child,
    issuer: String,
    api: String,
    other: String,
    bound: String,
}

impl Live {
    fn start() -> Self {
        let mut child = Command::new("node")
            .arg("server.mjs")
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live"))
            .env("CLIENT_SECRET", SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node, and `npm ci` done in tests/live");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("piped");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line)
            .expect("the server's addresses: is `npm ci` done in tests/live?");
        let text = |key: &str| told[key].as_str().expect("an address").to_owned();
        Self {
            issuer: text("issuer"),
            api: text("api"),
            other: text("other"),
            bound: text("bound"),
            child,
        }
    }

    fn request(&self, client: &str, more: &[&str]) -> Run {
        let fixed = [
            "token",
            "--request",
            "--issuer",
            &self.issuer,
            "--client-id",
            client,
            "--client-secret-env",
            "S",
        ];
        run_with(&[&fixed[..], more].concat(), None, &[("S", SECRET)])
    }

    fn token(&self, client: &str, scope: &str) -> String {
        let run = self.request(client, &["--scope", scope, "--show-token"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        run.out.trim().to_owned()
    }

    /// Has the issuer change its keys, and waits until it has.
    fn rotate(&mut self) {
        let input = self.child.stdin.as_mut().expect("piped");
        input.write_all(b"rotate\n").expect("the server reads");
        let out = self.child.stdout.as_mut().expect("piped");
        BufReader::new(out)
            .read_line(&mut String::new())
            .expect("a line");
    }

    fn revoke(&self, client: &str, token: &str) {
        let host = self.issuer.trim_start_matches("http://");
        let form = format!("client_id={client}&client_secret={SECRET}&token={token}");
        let mut stream = std::net::TcpStream::connect(host).expect("the issuer");
        write!(stream, "POST /token/revocation HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}", form.len()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// A probe of the API that takes bound tokens only.
    fn bound(&self, token: &str, more: &[&str]) -> Run {
        let url = format!("{}/me", self.bound);
        let fixed = ["check", "GET", &url, "--probe", "--format", "json"];
        run_with(
            &[&fixed[..], more].concat(),
            None,
            &[("WHY401_TOKEN", token), ("S", SECRET)],
        )
    }

    fn probe(&self, api: &str, path: &str, token: &str) -> Run {
        let (url, control) = (format!("{api}{path}"), format!("GET {}/me", self.api));
        let arguments = [
            "check",
            "GET",
            &url,
            "--probe",
            "--control",
            &control,
            "--format",
            "json",
        ];
        run_with(&arguments, None, &[("WHY401_TOKEN", token)])
    }
}

fn key(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("live-{name}.pem"));
    let key = rcgen::KeyPair::generate().expect("a key");
    std::fs::write(&path, key.serialize_pem()).expect("the key is written");
    path.to_str().expect("UTF-8").to_owned()
}

fn look(token: &str, more: &[&str]) -> Run {
    let fixed = ["token", "--format", "json"];
    run_with(
        &[&fixed[..], more].concat(),
        None,
        &[("WHY401_TOKEN", token), ("S", SECRET)],
    )
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same token with one claim changed after signing.
fn with_other_claims(jwt: &str) -> String {
    let parts: Vec<&str> = jwt.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).expect("base64url");
    let mut claims: Value = serde_json::from_slice(&claims).expect("claims");
    claims["scope"] = Value::from("read write");
    format!(
        "{}.{}.{}",
        parts[0],
        URL_SAFE_NO_PAD.encode(claims.to_string()),
        parts[2]
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of rows")]
#[ignore = "needs Node and the packages of tests/live (npm ci)"]
fn real_servers_faults_are_named_as_the_page_says() {
    let mut live = Live::start();
    let (read, write) = (
        live.token("app-jwt", "read"),
        live.token("app-jwt", "read write"),
    );
    let opaque = live.token("app-opaque", "read");
    let short = live.token("app-short", "read");
    let jwks = format!("{}/jwks", live.issuer);
    let introspection = format!("{}/token/introspection", live.issuer);
    let about = [
        "--client-id",
        "app-jwt",
        "--client-secret-env",
        "S",
        "--introspect",
        &introspection,
    ];
    let (own, other) = (key("own"), key("other"));
    let bound = live.request(
        "app-jwt",
        &["--scope", "read", "--dpop-key", &own, "--show-token"],
    );
    assert_eq!(bound.code, 0, "{}{}", bound.out, bound.err);
    let bound = bound.out.trim().to_owned();
    let revoked = live.token("app-opaque", "read");
    live.revoke("app-opaque", &revoked);
    let issuer = live.issuer.clone();
    let by_issuer = [
        "--client-id",
        "app-opaque",
        "--client-secret-env",
        "S",
        "--issuer",
        &issuer,
    ];
    let altered = with_other_claims(&read);
    // The library that guards the API grants five seconds.
    std::thread::sleep(std::time::Duration::from_secs(8));
    let wrong = [
        "token",
        "--request",
        "--issuer",
        &live.issuer,
        "--client-id",
        "app-jwt",
        "--client-secret-env",
        "S",
        "--format",
        "json",
    ];
    let cases: Vec<(&'static str, Run, i32, Option<&str>)> = vec![
        (
            "a token with the scope",
            live.probe(&live.api, "/write", &write),
            0,
            None,
        ),
        (
            "a token without the scope",
            live.probe(&live.api, "/write", &read),
            1,
            Some("scope.missing"),
        ),
        (
            "a token for another audience",
            live.probe(&live.other, "/me", &read),
            1,
            Some("token.audience"),
        ),
        (
            "an expired token",
            live.probe(&live.api, "/me", &short),
            1,
            Some("token.expired"),
        ),
        (
            "a path that needs no token",
            live.probe(&live.api, "/open", &read),
            0,
            None,
        ),
        (
            "the signature of a sound token, keys from the issuer",
            look(&read, &["--jwks", &jwks]),
            0,
            None,
        ),
        (
            "an altered token, keys from the issuer",
            look(&altered, &["--jwks", &jwks]),
            1,
            Some("token.signature"),
        ),
        (
            "introspection of a valid opaque token",
            look(&opaque, &about),
            0,
            None,
        ),
        (
            "introspection of an invented token",
            look("invented-token-0123456789", &about),
            1,
            Some("token.unknown"),
        ),
        (
            "a token request with a wrong secret",
            run_with(&wrong, None, &[("S", "wrong-secret-0123456789")]),
            1,
            Some("credentials.invalid"),
        ),
        (
            "a token request for a scope that does not exist: less is granted, and said so",
            live.request("app-jwt", &["--scope", "nothing", "--format", "json"]),
            0,
            None,
        ),
        (
            "a client that may only use the form",
            live.request("app-post", &["--scope", "read", "--format", "json"]),
            0,
            None,
        ),
        (
            "the issuer named: its keys are found and the signature of a sound token fits",
            live.bound(&bound, &["--dpop-key", &own, "--issuer", &issuer]),
            0,
            None,
        ),
        (
            "introspection of a revoked opaque token, the endpoint found by the issuer's metadata",
            live.bound(&revoked, &by_issuer),
            1,
            Some("token.unknown"),
        ),
        (
            "a token bound to a key, with proofs; the issuer wants its nonce in the first",
            live.bound(&bound, &["--dpop-key", &own]),
            0,
            None,
        ),
        (
            "a token bound to a key, sent as Bearer",
            live.bound(&bound, &[]),
            1,
            Some("binding.required"),
        ),
        (
            "a token bound to a key, with proofs of another",
            live.bound(&bound, &["--dpop-key", &other]),
            1,
            Some("binding.required"),
        ),
        (
            "the issuer changed its keys after it signed",
            {
                live.rotate();
                look(&read, &["--jwks", &jwks])
            },
            1,
            Some("token.signature"),
        ),
    ];
    let mut rows = Vec::new();
    for (what, run, code, cause) in cases {
        for secret in [&read, &write, &opaque, &short, &bound, &revoked, SECRET] {
            assert!(
                !run.out.contains(secret) && !run.err.contains(secret),
                "{what}: {}",
                run.out
            );
        }
        assert_eq!(
            (run.code, run.cause().as_deref()),
            (code, cause),
            "{what}: {}",
            run.out
        );
        rows.push(Row {
            what,
            code: run.code,
            cause: run.cause(),
        });
    }
    page_has(&table(&rows));
}

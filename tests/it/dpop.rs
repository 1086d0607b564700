//! Tokens bound to a key (RFC 9449): proofs, a server's nonce, and a key that is not the token's.

use crate::program::{Run, run_with};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

const TOKEN: &str = "bound-token-0123456789abcdef";

/// What came in `Authorization`, and the claims of the proof.
type Log = Arc<Mutex<Vec<(String, Value)>>>;

/// A resource that wants a proof with its nonce; keeps what came in `Authorization` and the proof's claims.
fn resource() -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let log: Log = Arc::default();
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let reader = BufReader::new(stream.try_clone().expect("a stream"));
            let (mut scheme, mut claims) = (String::new(), Value::Null);
            for line in reader.lines().map_while(Result::ok) {
                let Some((name, value)) = line.split_once(": ") else {
                    if line.is_empty() {
                        break;
                    }
                    continue;
                };
                match name.to_ascii_lowercase().as_str() {
                    "authorization" => value.clone_into(&mut scheme),
                    "dpop" => {
                        let payload = value.split('.').nth(1).expect("a JWT");
                        let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
                        claims = serde_json::from_slice(&payload).expect("claims");
                    }
                    _ => {}
                }
            }
            let head = match claims["nonce"].as_str() {
                Some("n-1") => "200 OK",
                _ => {
                    "401 Unauthorized\r\nDPoP-Nonce: n-1\r\nWWW-Authenticate: DPoP error=\"use_dpop_nonce\""
                }
            };
            kept.lock().expect("the log").push((scheme, claims));
            let _ = write!(
                stream,
                "HTTP/1.1 {head}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
            );
        }
    });
    (origin, log)
}

fn key() -> PathBuf {
    let name = format!("dpop-{}.pem", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let key = rcgen::KeyPair::generate().expect("a key");
    std::fs::write(&path, key.serialize_pem()).expect("the key is written");
    path
}

fn check(more: &[&str], token: &str) -> Run {
    let fixed = ["check", "--format", "json", "GET"];
    run_with(
        &[&fixed[..], more].concat(),
        None,
        &[("WHY401_TOKEN", token)],
    )
}

#[test]
fn a_proof_is_made_again_with_the_servers_nonce() {
    let (origin, log) = resource();
    let url = format!("{origin}/a?b=c");
    let key = key();
    let run = check(
        &[&url, "--probe", "--dpop-key", key.to_str().expect("UTF-8")],
        TOKEN,
    );
    assert_eq!((run.code, run.cause()), (0, None), "{}", run.out);
    let roles: Vec<Value> = run.diagnosis()["exchanges"]
        .as_array()
        .expect("exchanges")
        .iter()
        .map(|e| json!([e["role"], e["status"]]))
        .collect();
    assert!(roles.contains(&json!(["nonce demanded", 401])), "{roles:?}");
    assert!(roles.contains(&json!(["target", 200])), "{roles:?}");
    let log = log.lock().expect("the log").clone();
    let proofs: Vec<_> = log
        .iter()
        .filter(|(scheme, _)| !scheme.is_empty())
        .collect();
    assert_eq!(proofs.len(), 2);
    for (scheme, claims) in &proofs {
        assert_eq!(*scheme, format!("DPoP {TOKEN}"));
        assert_eq!(claims["htu"], format!("{origin}/a"));
    }
    assert_ne!(proofs[0].1["jti"], proofs[1].1["jti"]);
    assert!(
        log.iter()
            .any(|(scheme, claims)| scheme.is_empty() && claims.is_null())
    );
    assert!(!run.out.contains(TOKEN) && !run.out.contains("PRIVATE"));
}

#[test]
fn a_key_that_is_not_the_tokens_is_named_without_asking() {
    let claims = json!({"exp": 4_102_444_800_i64, "cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}});
    let coded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let token = format!(
        "{}.{}.{}",
        coded("{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}"),
        coded(&claims.to_string()),
        coded("signature")
    );
    let key = key();
    let url = "https://api.example/a";
    let run = check(&[url, "--dpop-key", key.to_str().expect("UTF-8")], &token);
    assert_eq!(
        (run.code, run.cause().as_deref()),
        (1, Some("binding.required")),
        "{}",
        run.out
    );
}

#[test]
fn a_file_that_is_no_key_is_refused_unread() {
    let run = check(
        &["https://api.example/a", "--dpop-key", "Cargo.toml"],
        TOKEN,
    );
    assert_eq!(run.code, 2);
    assert!(
        run.out.contains("--dpop-key is not a private key"),
        "{}",
        run.out
    );
}

//! Certificates, trusted roots and proxies: what stands between the program and the server, and is never the token.

use crate::faults::{page_has, row, table};
use crate::program::{Run, run_with};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

const TOKEN: &str = "tls-token-0123456789abcdef";

/// A server with a certificate for this name; answers 200 to whatever it can read.
fn serve(root: &CertifiedIssuer<'_, KeyPair>, name: &str, expired: bool) -> u16 {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    if expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 2, 1);
    }
    let certificate = params.signed_by(&key, root).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .expect("a configuration");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            std::thread::spawn(move || {
                let mut session = rustls::ServerConnection::new(config).expect("a session");
                let mut tls = rustls::Stream::new(&mut session, &mut stream);
                if tls.read(&mut [0; 4096]).is_ok() {
                    let _ = tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
                    let _ = tls.flush();
                }
            });
        }
    });
    port
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn probe(url: &str, environment: &[(&str, &str)]) -> Run {
    let control = format!("GET {url}");
    let arguments = [
        "check",
        "GET",
        url,
        "--probe",
        "--control",
        &control,
        "--timeout",
        "3",
        "--format",
        "json",
    ];
    let environment: Vec<(&str, &str)> = [("WHY401_TOKEN", TOKEN)]
        .into_iter()
        .chain(environment.iter().copied())
        .collect();
    let run = run_with(&arguments, None, &environment);
    assert!(!run.out.contains(TOKEN) && !run.err.contains(TOKEN));
    run
}

/// A proxy that refuses every tunnel, and keeps what it was told.
fn refusing_proxy() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let log: Arc<Mutex<String>> = Arc::default();
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap_or_default();
            kept.lock()
                .expect("the log")
                .push_str(&String::from_utf8_lossy(&bytes[..read]));
            let _ = stream.write_all(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            );
        }
    });
    (address, log)
}

#[test]
fn certificates_and_proxies_are_never_the_tokens_fault() {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root =
        CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root");
    let file = folder().join("root.pem");
    std::fs::write(&file, root.pem()).expect("the root is written");
    let file = file.to_str().expect("UTF-8");
    let trusted = [("SSL_CERT_FILE", file)];
    let url = |port: u16| format!("https://localhost:{port}/a");
    let sound = url(serve(&root, "localhost", false));
    let (proxy, log) = refusing_proxy();
    let rows = [
        (
            "a certificate whose root the environment trusts (SSL_CERT_FILE)",
            probe(&sound, &trusted),
            0,
        ),
        (
            "a certificate whose root nobody trusts",
            probe(&sound, &[]),
            3,
        ),
        (
            "an expired certificate",
            probe(&url(serve(&root, "localhost", true)), &trusted),
            3,
        ),
        (
            "a certificate for another name",
            probe(&url(serve(&root, "other.example", false)), &trusted),
            3,
        ),
        (
            "a proxy of the environment that refuses (HTTPS_PROXY)",
            probe("https://api.example/a", &[("HTTPS_PROXY", &proxy)]),
            3,
        ),
    ];
    let rows: Vec<_> = rows
        .iter()
        .map(|(what, run, code)| {
            assert_eq!(
                (run.code, run.cause()),
                (*code, None),
                "{what}: {}",
                run.out
            );
            row(what, run)
        })
        .collect();
    let said = log.lock().expect("the log").clone();
    assert!(said.starts_with("CONNECT api.example:443 "), "{said}");
    assert!(!said.contains(TOKEN), "the proxy was told the token");
    page_has(&table(&rows));
}

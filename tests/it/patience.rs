//! A run that asks servers ends, whatever they do: floods, drips and silence have one bound together.

use crate::origins::{folder, run};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// A server that sends the first text, and then the other again and again.
fn drip(first: &'static str, again: &'static str, every: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let mut sent = stream.write_all(first.as_bytes());
                while sent.is_ok() {
                    std::thread::sleep(every);
                    sent = stream.write_all(again.as_bytes());
                }
            });
        }
    });
    format!("http://{address}")
}

const HINTS: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

#[test]
fn floods_and_drips_end_with_the_time_of_the_run() {
    let (fast, slow) = (Duration::ZERO, Duration::from_millis(50));
    let servers = [
        ("a flood of interim answers", drip("", HINTS, fast)),
        ("interim answers now and then", drip("", HINTS, slow)),
        (
            "a header by the letter",
            drip("HTTP/1.1 200 OK\r\nX-", "a", slow),
        ),
        (
            "a chunked body by the letter",
            drip(
                "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n",
                "1\r\na\r\n",
                slow,
            ),
        ),
        ("silence", drip("", "", slow)),
    ];
    std::thread::scope(|scope| {
        for (what, origin) in &servers {
            scope.spawn(move || bounded(what, origin));
        }
    });
}

fn bounded(what: &str, origin: &str) {
    let url = format!("{origin}/x");
    let control = format!("GET {origin}/me");
    let jwks = format!("{origin}/keys");
    let arguments = [
        "check",
        "GET",
        &url,
        "--probe",
        "--control",
        &control,
        "--timeout",
        "1",
        "--jwks",
        &jwks,
    ];
    let began = Instant::now();
    let run = run(&folder("patience", &[]), &arguments, &[]);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(6), "{what}: {took:?}");
    assert_ne!(run.code, 0, "{what}: {}", run.out);
}

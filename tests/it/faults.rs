//! What was tried against servers, and what the program made of it: the rows of `docs/faults.md`.

use crate::probe::probe;
use crate::program::Run;
use crate::simulator::{Org, Simulator};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

const QUEUES: &str = "/api/v2/routing/queues";
const THREAD: &str = "/api/v2/conversations/messaging";

/// A fault, and what came of it.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) code: i32,
    pub(crate) cause: Option<String>,
}

pub(crate) fn row(what: &'static str, run: &Run) -> Row {
    Row {
        what,
        code: run.code,
        cause: run.cause(),
    }
}

/// The rows as a table of the page.
pub(crate) fn table(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let cause = row
            .cause
            .as_ref()
            .map_or("none".to_owned(), |code| format!("`{code}`"));
        format!("| {} | {cause} | {} |\n", row.what, row.code)
    };
    format!(
        "| what | cause named | exit |\n|---|---|---|\n{}",
        rows.iter().map(line).collect::<String>()
    )
}

pub(crate) fn page_has(table: &str) {
    let page = include_str!("../../docs/faults.md");
    assert!(
        page.contains(table),
        "docs/faults.md lacks this table:\n{table}"
    );
}

/// An organisation, a call, and what it should come to.
type Case = (
    &'static str,
    Org,
    &'static str,
    &'static str,
    &'static [&'static str],
    i32,
    Option<&'static str>,
);

#[expect(clippy::too_many_lines, reason = "a list of rows")]
fn organisations() -> Vec<Case> {
    let org = Org::default;
    let scopes = |scopes: &[&'static str]| Org {
        scopes: scopes.to_vec(),
        ..org()
    };
    let service = || Org {
        grant: "CLIENT-CREDENTIALS",
        ..org()
    };
    let answering = |status: u16| Org {
        always: Some(status),
        ..org()
    };
    let dead = || Org {
        token: "another-token-0123456789".to_owned(),
        ..org()
    };
    vec![
        (
            "the thread's POST; unpublished paths answer 404",
            org(),
            "POST",
            THREAD,
            &[],
            1,
            Some("endpoint.unknown"),
        ),
        (
            "the thread's POST; unpublished paths answer 401",
            Org {
                unpublished: 401,
                ..org()
            },
            "POST",
            THREAD,
            &[],
            1,
            Some("endpoint.unknown"),
        ),
        (
            "the thread's POST, sent for real; 404",
            org(),
            "POST",
            THREAD,
            &["--allow-unsafe"],
            1,
            Some("endpoint.unknown"),
        ),
        (
            "a GET of an unpublished path; 404",
            org(),
            "GET",
            "/api/v2/nothing/here",
            &[],
            1,
            Some("endpoint.unknown"),
        ),
        (
            "a GET of an unpublished path; 401",
            Org {
                unpublished: 401,
                ..org()
            },
            "GET",
            "/api/v2/nothing/here",
            &[],
            1,
            Some("endpoint.unknown"),
        ),
        (
            "a scope is missing, scopes are enforced",
            org(),
            "GET",
            QUEUES,
            &[],
            1,
            Some("scope.missing"),
        ),
        (
            "a scope is missing, scopes are not enforced",
            Org {
                enforced: false,
                ..org()
            },
            "GET",
            QUEUES,
            &[],
            0,
            None,
        ),
        (
            "the read-only scope on a GET",
            scopes(&["user-basic-info", "routing:readonly"]),
            "GET",
            QUEUES,
            &[],
            0,
            None,
        ),
        (
            "the read-only scope on a POST, not sent",
            scopes(&["user-basic-info", "routing:readonly"]),
            "POST",
            QUEUES,
            &[],
            1,
            Some("scope.missing"),
        ),
        (
            "the read-only scope on a POST, sent",
            scopes(&["user-basic-info", "routing:readonly"]),
            "POST",
            QUEUES,
            &["--allow-unsafe"],
            1,
            Some("scope.missing"),
        ),
        (
            "the write scope on a POST, sent",
            scopes(&["user-basic-info", "routing"]),
            "POST",
            QUEUES,
            &["--allow-unsafe"],
            0,
            None,
        ),
        (
            "no scope at all, so the control refuses too",
            scopes(&[]),
            "GET",
            QUEUES,
            &[],
            1,
            Some("scope.missing"),
        ),
        (
            "a role is missing",
            Org {
                permissions: vec![],
                ..scopes(&["user-basic-info", "routing"])
            },
            "GET",
            QUEUES,
            &[],
            1,
            Some("permission.missing"),
        ),
        (
            "the role is there",
            Org {
                permissions: vec!["routing:queue:view"],
                ..scopes(&["user-basic-info", "routing"])
            },
            "GET",
            QUEUES,
            &[],
            0,
            None,
        ),
        (
            "client credentials where a user is needed",
            service(),
            "GET",
            "/api/v2/users/me",
            &[],
            1,
            Some("token.type"),
        ),
        (
            "client credentials without any scope",
            Org {
                scopes: vec![],
                ..service()
            },
            "GET",
            QUEUES,
            &[],
            0,
            None,
        ),
        (
            "client credentials without the role",
            Org {
                permissions: vec![],
                ..service()
            },
            "GET",
            QUEUES,
            &[],
            1,
            Some("permission.missing"),
        ),
        (
            "a token that this region does not know",
            dead(),
            "GET",
            QUEUES,
            &[],
            1,
            Some("token.unknown"),
        ),
        (
            "the same, asked for a POST that is not sent",
            dead(),
            "POST",
            QUEUES,
            &[],
            1,
            Some("token.unknown"),
        ),
        (
            "the rate limit",
            answering(429),
            "GET",
            QUEUES,
            &[],
            3,
            Some("rate.limited"),
        ),
        (
            "500 to everything",
            answering(500),
            "GET",
            QUEUES,
            &[],
            3,
            Some("server.fault"),
        ),
        (
            "502 to everything",
            answering(502),
            "GET",
            QUEUES,
            &[],
            3,
            Some("server.fault"),
        ),
        (
            "503 to everything",
            answering(503),
            "GET",
            QUEUES,
            &[],
            3,
            Some("server.fault"),
        ),
        (
            "504 to everything",
            answering(504),
            "GET",
            QUEUES,
            &[],
            3,
            Some("server.fault"),
        ),
    ]
}

#[test]
fn the_simulators_faults_are_named_as_the_page_says() {
    let mut rows = Vec::new();
    for (what, org, method, path, more, code, cause) in organisations() {
        let server = Simulator::start(org);
        let run = probe(&server.origin, method, path, more);
        assert_eq!(
            (run.code, run.cause().as_deref()),
            (code, cause),
            "{what}: {}",
            run.out
        );
        let log = server.log();
        let unsafe_ones = log
            .iter()
            .filter(|l| !["GET", "HEAD", "OPTIONS"].contains(&l.method.as_str()))
            .count();
        assert_eq!(
            unsafe_ones,
            usize::from(more.contains(&"--allow-unsafe")),
            "{what}: {log:?}"
        );
        assert!(log.len() <= 10, "{what}");
        rows.push(row(what, &run));
    }
    page_has(&table(&rows));
}

/// A server that answers every connection with these bytes, then closes or holds it.
fn raw(answer: Vec<u8>, hold: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(&answer);
                if hold {
                    std::thread::sleep(std::time::Duration::from_secs(20));
                }
            });
        }
    });
    format!("http://{address}")
}

/// A server whose body never ends.
fn endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n");
                while stream.write_all(&[b' '; 8192]).is_ok() {}
            });
        }
    });
    format!("http://{address}")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of rows")]
fn the_networks_faults_are_never_the_tokens() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let answer = |head: &str, body: &str| {
        format!(
            "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    let elsewhere = Simulator::start(Org::default());
    let other_host = elsewhere.origin.replace("127.0.0.1", "localhost");
    let plain = Simulator::start(Org::default());
    let cases: Vec<(&'static str, String, i32, Option<&str>)> = vec![
        ("connection refused", format!("http://{closed}"), 3, None),
        (
            "a name that does not resolve",
            "https://no-such-host.invalid".to_owned(),
            3,
            None,
        ),
        (
            "the connection ends without an answer",
            raw(Vec::new(), false),
            3,
            None,
        ),
        (
            "the connection ends within the header",
            raw(b"HTTP/1.1 401 Unauthor".to_vec(), false),
            3,
            None,
        ),
        (
            "an answer that is not HTTP",
            raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), false),
            3,
            None,
        ),
        (
            "an endless header",
            raw(b"HTTP/1.1 200 OK\r\nX-Slow: ".to_vec(), true),
            3,
            None,
        ),
        ("no answer within the time", raw(Vec::new(), true), 3, None),
        (
            "TLS to a port without TLS",
            plain.origin.replace("http:", "https:"),
            3,
            None,
        ),
        (
            "a 200 whose body is cut off",
            raw(
                b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n".to_vec(),
                false,
            ),
            3,
            None,
        ),
        (
            "a redirect to another host",
            raw(
                answer(
                    &format!("302 Found\r\nLocation: {other_host}/api/v2/users/me"),
                    "",
                ),
                false,
            ),
            3,
            Some("header.stripped"),
        ),
        (
            "an endless redirect to itself",
            raw(answer("302 Found\r\nLocation: /api/v2/users/me", ""), false),
            3,
            Some("header.stripped"),
        ),
        (
            "a body of 1 GB, of which 64 KB are read",
            endless(),
            0,
            None,
        ),
        (
            "a compressed body that was not asked for",
            raw(
                answer("200 OK\r\nContent-Encoding: gzip", "\u{1f}\u{8b}bomb"),
                false,
            ),
            0,
            None,
        ),
        (
            "a login page with 200",
            raw(
                answer(
                    "200 OK\r\nContent-Type: text/html",
                    "<form><input name=p type=\"password\"></form>",
                ),
                false,
            ),
            3,
            Some("header.stripped"),
        ),
        (
            "a challenge: the token expired",
            raw(
                answer(
                    "401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The access token expired\"",
                    "",
                ),
                false,
            ),
            1,
            Some("token.expired"),
        ),
        (
            "a challenge: the scope is not sufficient",
            raw(
                answer(
                    "403 Forbidden\r\nWWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"x\"",
                    "",
                ),
                false,
            ),
            1,
            Some("scope.missing"),
        ),
    ];
    let mut rows = Vec::new();
    for (what, origin, code, cause) in cases {
        let run = probe(&origin, "GET", "/api/v2/users/me", &["--timeout", "2"]);
        assert_eq!(
            (run.code, run.cause().as_deref()),
            (code, cause),
            "{what}: {}",
            run.out
        );
        rows.push(row(what, &run));
    }
    assert!(elsewhere.log().is_empty(), "a token followed a redirect");
    page_has(&table(&rows));
}

//! `check --probe` against a server that answers as documented, and against faults of the network.

use crate::program::{Run, run_with, unwrapped};
use crate::simulator::{Org, Simulator};

const TOKEN: &str = "sim-token-0123456789abcdef";
const THREAD: &str = "/api/v2/conversations/messaging";

/// A probe of the simulator's; the token is never in what it prints.
pub(crate) fn probe(origin: &str, method: &str, path: &str, more: &[&str]) -> Run {
    let url = format!("{origin}{path}");
    let mut arguments = vec![
        "check",
        method,
        &url,
        "--provider",
        "genesys-cloud",
        "--probe",
        "--format",
        "json",
    ];
    arguments.extend(more);
    let run = run_with(&arguments, None, &[("WHY401_TOKEN", TOKEN)]);
    assert!(
        !run.out.contains(TOKEN) && !run.err.contains(TOKEN),
        "{}",
        run.out
    );
    run
}

fn cause(run: &Run) -> (Option<String>, String) {
    let diagnosis = run.diagnosis();
    let certainty = diagnosis["cause"]["certainty"].as_str().unwrap_or_default();
    (run.cause(), certainty.to_owned())
}

#[test]
fn the_thread_is_a_path_that_does_not_exist_in_both_readings() {
    for unpublished in [404, 401] {
        let server = Simulator::start(Org {
            unpublished,
            ..Org::default()
        });
        let run = probe(&server.origin, "POST", THREAD, &[]);
        assert_eq!(
            cause(&run),
            (Some("endpoint.unknown".to_owned()), "derived".to_owned()),
            "{}",
            run.out
        );
        let roles: Vec<String> = run.diagnosis()["exchanges"]
            .as_array()
            .expect("exchanges")
            .iter()
            .map(|e| e["role"].as_str().expect("a role").to_owned())
            .collect();
        assert!(
            roles.iter().any(|r| r == "control") && roles.iter().any(|r| r == "sibling"),
            "{roles:?}"
        );
        let log = server.log();
        assert!(log.len() <= 10);
        assert!(
            log.iter()
                .all(|l| ["GET", "HEAD", "OPTIONS"].contains(&l.method.as_str()) && l.body == 0),
            "{log:?}"
        );
        // `GET /conversations/{conversationId}` is another operation: it is not asked.
        assert!(
            log.iter()
                .all(|l| l.method == "OPTIONS" || !l.path.contains("conversations")),
            "{log:?}"
        );
    }
}

#[test]
fn what_the_server_says_of_scope_permission_and_kind_is_taken_from_it() {
    let queues = "/api/v2/routing/queues";
    let narrow = Simulator::start(Org::default());
    let run = probe(&narrow.origin, "GET", queues, &[]);
    assert_eq!(
        cause(&run),
        (Some("scope.missing".to_owned()), "stated".to_owned()),
        "{}",
        run.out
    );
    assert_eq!(run.diagnosis()["token"]["scopes_from"], "control");
    assert_eq!(run.diagnosis()["token"]["kind"], "user");
    let off = Simulator::start(Org {
        enforced: false,
        ..Org::default()
    });
    let run = probe(&off.origin, "GET", queues, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
    // The table said no: the answer shows that scopes are not checked.
    assert!(
        run.codes().contains(&"note.enforcement".to_owned()),
        "{}",
        run.out
    );
    let roleless = Simulator::start(Org {
        scopes: vec!["user-basic-info", "routing"],
        permissions: vec![],
        ..Org::default()
    });
    let run = probe(&roleless.origin, "GET", queues, &[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.cause().as_deref(),
        Some("permission.missing"),
        "{}",
        run.out
    );
    let service = Simulator::start(Org {
        grant: "CLIENT-CREDENTIALS",
        ..Org::default()
    });
    let run = probe(&service.origin, "GET", "/api/v2/users/me", &[]);
    assert_eq!(run.cause().as_deref(), Some("token.type"), "{}", run.out);
}

#[test]
fn a_dead_token_is_told_by_the_control_and_another_region_only_when_named() {
    let here = Simulator::start(Org {
        token: "another-token-of-another-org".to_owned(),
        ..Org::default()
    });
    let there = Simulator::start(Org::default());
    let run = probe(&here.origin, "GET", "/api/v2/routing/queues", &[]);
    assert_eq!(run.code, 1);
    assert!(
        [
            "token.unknown",
            "token.expired",
            "token.revoked",
            "region.mismatch"
        ]
        .contains(&run.cause().unwrap_or_default().as_str()),
        "{}",
        run.out
    );
    assert!(there.log().is_empty());
    let host = format!("eu-west-1={}", there.origin);
    let run = probe(
        &here.origin,
        "GET",
        "/api/v2/routing/queues",
        &["--regions", "eu-west-1", "--region-host", &host],
    );
    assert_eq!(
        cause(&run),
        (Some("region.mismatch".to_owned()), "derived".to_owned()),
        "{}",
        run.out
    );
    assert_eq!(there.log().len(), 1);
}

#[test]
fn faults_of_server_and_network_are_never_the_tokens() {
    for status in [429, 500, 503] {
        let server = Simulator::start(Org {
            always: Some(status),
            ..Org::default()
        });
        let run = probe(&server.origin, "GET", "/api/v2/users/me", &[]);
        assert_eq!(run.code, 3, "{status}: {}", run.out);
        let cause = run.cause().unwrap_or_default();
        assert!(
            ["rate.limited", "server.fault"].contains(&cause.as_str()),
            "{status}: {}",
            run.out
        );
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    for origin in [
        format!("http://{closed}"),
        "https://no-such-host.invalid".to_owned(),
    ] {
        let run = probe(&origin, "GET", "/api/v2/users/me", &["--timeout", "5"]);
        assert_eq!((run.code, run.cause()), (3, None), "{}", run.out);
        assert!(run.out.contains("failure"), "{}", run.out);
    }
}

#[test]
fn nothing_is_sent_that_was_not_asked_for() {
    let server = Simulator::start(Org::default());
    let dry = probe(&server.origin, "POST", THREAD, &["--dry-run"]);
    assert_eq!(dry.code, 0, "{}", dry.out);
    assert!(server.log().is_empty());
    probe(&server.origin, "POST", THREAD, &["--offline"]);
    assert!(server.log().is_empty());
    probe(
        &server.origin,
        "GET",
        "/api/v2/users/me",
        &["--no-baseline"],
    );
    assert!(server.log().iter().all(|l| l.token.is_some()) && !server.log().is_empty());
    let before = server.log().len();
    probe(
        &server.origin,
        "POST",
        "/api/v2/conversations/messages",
        &["--allow-unsafe"],
    );
    let posts = server.log()[before..]
        .iter()
        .filter(|l| l.method == "POST")
        .count();
    assert_eq!(posts, 1);
    for (url, more) in [
        ("http://api.example/a", vec![]),
        ("/api/v2/users/me", vec![]),
        ("https://u:p@api.example/a", vec![]),
        (
            "https://api.example/a",
            vec!["--header", "Authorization: Bearer x"],
        ),
        (
            "https://api.example/a",
            vec!["--control", "POST https://api.example/b"],
        ),
    ] {
        let mut arguments = vec![
            "check",
            "GET",
            url,
            "--provider",
            "genesys-cloud",
            "--probe",
        ];
        arguments.extend(more);
        let run = run_with(&arguments, None, &[("WHY401_TOKEN", TOKEN)]);
        assert_eq!(run.code, 2, "{url}: {}", run.out);
    }
}

/// The thread's call, asked of a server, in words.
fn thread_asked(server: &Simulator, environment: &[(&str, &str)]) -> Run {
    let url = format!("{}{THREAD}", server.origin);
    let words = [
        "check",
        "POST",
        &url,
        "--provider",
        "genesys-cloud",
        "--probe",
    ];
    run_with(&words, None, environment)
}

#[test]
fn what_is_asked_without_a_token_proves_nothing_about_one() {
    let server = Simulator::start(Org::default());
    let run = thread_asked(&server, &[]);
    let told = unwrapped(&run.out);
    assert!(
        told.contains("asked without a token, since none was given"),
        "{told}"
    );
    assert!(!told.contains("of another region: "), "{told}");
}

#[test]
fn a_call_that_may_change_something_is_offered_with_what_it_does() {
    let server = Simulator::start(Org {
        options: Some(200),
        ..Org::default()
    });
    let run = thread_asked(&server, &[("WHY401_TOKEN", TOKEN)]);
    let told = unwrapped(&run.out);
    let shown = "sends POST itself: what it changes stays changed: $ why401 check POST";
    assert!(told.contains(shown), "{told}");
    assert!(told.contains("--allow-unsafe --sibling"), "{told}");
    assert!(run.out.contains("asked "), "{}", run.out);
}

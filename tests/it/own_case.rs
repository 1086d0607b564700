//! The case that the program was made for, probed: a user's token that works elsewhere, and a POST that is refused.

use crate::probe::probe;
use crate::program::Run;
use crate::simulator::{Org, Simulator};
use crate::wire::{Wire, answer};
use serde_json::Value;

const THREAD: &str = "/api/v2/conversations/messaging";

/// Cause, its certainty and the exit code.
fn came_to(run: &Run) -> (Option<String>, String, i32) {
    let certainty = run.diagnosis()["cause"]["certainty"].clone();
    (
        run.cause(),
        certainty.as_str().unwrap_or_default().to_owned(),
        run.code,
    )
}

fn is_unknown_for_sure(run: &Run) {
    let expected = (Some("endpoint.unknown".to_owned()), "derived".to_owned(), 1);
    assert_eq!(came_to(run), expected, "{}", run.out);
}

/// The roles that were asked, as the report names them.
fn roles(run: &Run) -> Vec<String> {
    let exchanges = run.diagnosis()["exchanges"].clone();
    let names = exchanges.as_array().expect("exchanges").iter();
    names
        .map(|e| e["role"].as_str().expect("a role").to_owned())
        .collect()
}

fn texts(run: &Run) -> String {
    let diagnosis = run.diagnosis();
    let findings = diagnosis["findings"].as_array().expect("findings").iter();
    findings
        .map(|f| f["message"].as_str().expect("a text").to_owned() + "\n")
        .collect()
}

#[test]
fn what_works_is_asked_beside_what_does_not_and_all_of_it_safely() {
    let server = Simulator::start(Org::default());
    let run = probe(&server.origin, "POST", THREAD, &[]);
    assert_eq!(
        roles(&run),
        [
            "control",
            "everyday call",
            "target",
            "control without token",
            "everyday call without token",
            "baseline",
            "sibling",
            "same method on a known path"
        ]
    );
    let log = server.log();
    assert!(log.len() <= 10, "{log:?}");
    let safe = |method: &str| ["GET", "HEAD", "OPTIONS"].contains(&method);
    assert!(
        log.iter().all(|call| safe(&call.method) && call.body == 0),
        "{log:?}"
    );
    assert!(
        log.iter().any(|call| call.path == "/api/v2/users/me"),
        "{log:?}"
    );
}

#[test]
fn an_unpublished_path_is_told_whatever_status_it_answers() {
    for unpublished in [404, 401, 405] {
        for enforced in [true, false] {
            let server = Simulator::start(Org {
                enforced,
                unpublished,
                ..Org::default()
            });
            let run = probe(&server.origin, "POST", THREAD, &[]);
            is_unknown_for_sure(&run);
            // The control answered: the token is known here, alive, and of this region.
            for dead in [
                "token.unknown",
                "token.expired",
                "token.revoked",
                "region.mismatch",
            ] {
                assert!(
                    !run.codes().contains(&dead.to_owned()),
                    "{unpublished}: {}",
                    run.out
                );
            }
        }
    }
}

#[test]
fn a_method_that_answers_everything_alike_proves_nothing() {
    for options in [200, 204, 401, 404, 405] {
        let server = Simulator::start(Org {
            options: Some(options),
            ..Org::default()
        });
        let run = probe(&server.origin, "POST", THREAD, &[]);
        let (cause, certainty, _) = came_to(&run);
        assert!(
            cause.as_deref() != Some("endpoint.unknown") || certainty != "derived",
            "{options}: {}",
            run.out
        );
        assert!(
            texts(&run).contains("it says nothing about this path"),
            "{options}: {}",
            run.out
        );
    }
}

#[test]
fn the_one_call_that_decides_is_offered_and_decides() {
    let server = Simulator::start(Org {
        options: Some(200),
        ..Org::default()
    });
    let run = probe(&server.origin, "POST", THREAD, &[]);
    let next = run.diagnosis()["next"].as_array().expect("steps").clone();
    let offered = next.iter().find_map(|step: &Value| {
        let command = step["command"].as_str()?;
        command
            .contains("--allow-unsafe --sibling")
            .then(|| command.to_owned())
    });
    let offered = offered.unwrap_or_else(|| panic!("{}", run.out));
    assert!(offered.starts_with("why401 check POST "), "{offered}");
    let before = server.log().len();
    let decided = probe(
        &server.origin,
        "POST",
        THREAD,
        &["--allow-unsafe", "--sibling"],
    );
    is_unknown_for_sure(&decided);
    let posts = server.log()[before..]
        .iter()
        .filter(|call| call.method == "POST")
        .count();
    assert_eq!(
        posts, 2,
        "the call, and the same on a path that cannot exist"
    );
}

#[test]
fn a_real_path_is_told_from_an_invented_one_by_the_same_call() {
    let server = Simulator::start(Org {
        scopes: vec!["user-basic-info"],
        ..Org::default()
    });
    let queues = "/api/v2/routing/queues";
    let run = probe(
        &server.origin,
        "POST",
        queues,
        &["--allow-unsafe", "--sibling"],
    );
    assert_eq!(
        came_to(&run),
        (Some("scope.missing".to_owned()), "stated".to_owned(), 1),
        "{}",
        run.out
    );
    assert!(
        texts(&run).contains("the server knows this path"),
        "{}",
        run.out
    );
}

#[test]
fn scope_enforcement_decides_for_a_published_call() {
    for (enforced, code) in [(true, 1), (false, 0)] {
        let server = Simulator::start(Org {
            enforced,
            ..Org::default()
        });
        let run = probe(&server.origin, "GET", "/api/v2/routing/queues", &[]);
        assert_eq!(run.code, code, "{}", run.out);
    }
}

#[test]
fn a_control_that_is_refused_for_a_right_of_its_own_is_no_dead_token() {
    let server = Simulator::start(Org {
        scopes: vec!["conversations"],
        ..Org::default()
    });
    let run = probe(&server.origin, "POST", THREAD, &[]);
    is_unknown_for_sure(&run);
    let run = probe(&server.origin, "GET", "/api/v2/routing/queues", &[]);
    assert_eq!(run.cause().as_deref(), Some("scope.missing"), "{}", run.out);
}

#[test]
fn a_target_that_is_itself_the_control_is_asked_once_with_the_token() {
    for path in ["/api/v2/tokens/me", "/api/v2/users/me"] {
        let server = Simulator::start(Org::default());
        let run = probe(&server.origin, "GET", path, &[]);
        assert_eq!((run.code, run.cause()), (0, None), "{}", run.out);
        let log = server.log();
        let own = log
            .iter()
            .filter(|call| call.path.starts_with(path) && call.token.is_some());
        assert_eq!(own.count(), 1, "{log:?}");
    }
}

#[test]
fn an_object_that_does_not_exist_is_no_unknown_endpoint() {
    let path = "/api/v2/users/00000000-0000-4000-8000-00000000dead";
    let server = Simulator::start(Org {
        scopes: vec!["user-basic-info", "users"],
        gone: Some(path),
        ..Org::default()
    });
    let run = probe(&server.origin, "GET", path, &[]);
    assert_ne!(run.code, 0, "{}", run.out);
    assert_ne!(
        run.cause().as_deref(),
        Some("endpoint.unknown"),
        "{}",
        run.out
    );
}

#[test]
fn a_captive_portal_leaves_what_the_table_says() {
    let portal = Wire::at("127.0.0.1", |_| {
        answer(
            "200 OK",
            "Content-Type: text/html\r\n",
            "<html>Accept the terms</html>",
        )
    });
    let run = probe(&portal.origin(), "POST", THREAD, &[]);
    let alone = crate::program::run_with(
        &[
            "check",
            "POST",
            THREAD,
            "--provider",
            "genesys-cloud",
            "--format",
            "json",
        ],
        None,
        &[("WHY401_TOKEN", "sim-token-0123456789abcdef")],
    );
    assert_eq!(
        (run.code, run.cause()),
        (alone.code, alone.cause()),
        "{}",
        run.out
    );
    assert!(texts(&run).contains("a page for people"), "{}", run.out);
}

//! An answer that is not the API's decides nothing, and a refusal under a status that says success is one.

use crate::origins::{folder, run};
use crate::program::Run;
use crate::wire::{Wire, answer, json};

const PAGE: &str =
    "<!DOCTYPE html><html><body>Welcome to the airport. Accept the terms.</body></html>";

fn probe(server: &Wire, more: &[&str]) -> Run {
    let url = format!("{}/api/v2/users/me", server.origin());
    let fixed = [
        "check",
        "GET",
        &url,
        "--provider",
        "genesys-cloud",
        "--probe",
        "--timeout",
        "2",
        "--format",
        "json",
    ];
    run(&folder("speaker", &[]), &[&fixed[..], more].concat(), &[])
}

/// A token request to a server that answers this.
fn request(status: &'static str, head: &'static str, body: &'static str) -> Run {
    let server = Wire::at("127.0.0.1", move |_| answer(status, head, body));
    let endpoint = format!("{}/oauth/token", server.origin());
    let arguments = [
        "token",
        "--request",
        "--token-endpoint",
        &endpoint,
        "--client-id",
        "app",
        "--client-secret-env",
        "S",
        "--format",
        "json",
    ];
    run(&folder("speaker", &[]), &arguments, &[])
}

#[test]
fn what_stands_between_decides_nothing() {
    let html = "Content-Type: text/html\r\n";
    for (status, head, body, cause) in [
        ("200 OK", html, PAGE, None),
        ("200 OK", "", PAGE, None),
        ("203 Non-Authoritative Information", html, PAGE, None),
        (
            "101 Switching Protocols",
            "Upgrade: websocket\r\nConnection: Upgrade\r\n",
            "",
            None,
        ),
        (
            "407 Proxy Authentication Required",
            "Proxy-Authenticate: Basic realm=\"x\"\r\n",
            "",
            Some("edge.blocked"),
        ),
        (
            "511 Network Authentication Required",
            html,
            PAGE,
            Some("edge.blocked"),
        ),
    ] {
        let server = Wire::at("127.0.0.1", move |_| answer(status, head, body));
        for more in [&[][..], &["--no-baseline"]] {
            let run = probe(&server, more);
            assert_eq!(
                (run.code, run.cause().as_deref()),
                (3, cause),
                "{status} {head}: {}",
                run.out
            );
            assert_eq!(run.diagnosis()["verdict"], "unknown", "{status}");
        }
    }
}

#[test]
fn the_api_behind_its_own_page_is_still_believed() {
    let server = Wire::at("127.0.0.1", |request| {
        match request.starts_with("GET /api/v2/users/me") {
            true => json("200 OK", "", "{\"id\":\"x\"}"),
            false => answer("200 OK", "Content-Type: text/html\r\n", PAGE),
        }
    });
    let run = probe(&server, &[]);
    assert_eq!((run.code, run.cause()), (0, None), "{}", run.out);
}

#[test]
fn what_token_and_table_say_stands_where_nobody_answers() {
    // A token whose claims say that it ended in 2001.
    let token =
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjk3ODMwNzIwMCwic2NvcGUiOiJhIn0.c2lnbmF0dXJl";
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let portal = Wire::at("127.0.0.1", |_| {
        answer("200 OK", "Content-Type: text/html\r\n", PAGE)
    });
    for origin in [format!("http://{address}"), portal.origin()] {
        let url = format!("{origin}/x");
        let arguments = [
            "check",
            "GET",
            &url,
            "--probe",
            "--timeout",
            "2",
            "--format",
            "json",
        ];
        let run = crate::program::run_with(&arguments, None, &[("WHY401_TOKEN", token)]);
        assert_eq!(
            (run.code, run.cause().as_deref()),
            (1, Some("token.expired")),
            "{origin}: {}",
            run.out
        );
    }
}

#[test]
fn an_error_under_200_at_a_token_endpoint_is_a_refusal() {
    let form = "Content-Type: application/json\r\n";
    for (body, code, cause) in [
        (
            "{\"error\":\"invalid_client\"}",
            1,
            Some("credentials.invalid"),
        ),
        (
            "{\"error\":\"invalid_scope\",\"error_description\":\"no such scope\"}",
            1,
            Some("grant.invalid"),
        ),
        ("{\"error\":\"unheard_of\"}", 3, None),
        ("{}", 3, None),
        ("[]", 3, None),
        ("", 3, None),
        (PAGE, 3, None),
    ] {
        let run = request("200 OK", form, body);
        assert_eq!(
            (run.code, run.cause().as_deref()),
            (code, cause),
            "{body}: {}",
            run.out
        );
    }
    let page = request("200 OK", "Content-Type: text/html\r\n", PAGE);
    assert_eq!((page.code, page.cause()), (3, None), "{}", page.out);
    let proxy = request("407 Proxy Authentication Required", "", "");
    assert_eq!(proxy.code, 3, "{}", proxy.out);
    let closed = request("HTTP", "", "");
    assert_eq!((closed.code, closed.cause()), (3, None), "{}", closed.out);
}

#[test]
fn a_recorded_page_in_place_of_published_data_is_no_success() {
    let record = |url: &str| {
        let record = serde_json::json!({
            "request": {"method": "GET", "url": url},
            "response": {"status": 200, "headers": {"Content-Type": "text/html"}, "body": PAGE},
        });
        let line = format!("{record}\n");
        crate::program::run_with(
            &["explain", "-", "--format", "json"],
            Some(line.as_bytes()),
            &[],
        )
    };
    let published = record("https://api.mypurecloud.com/api/v2/users/me");
    assert_eq!(
        (published.code, published.cause()),
        (3, None),
        "{}",
        published.out
    );
    // Where nothing is known of the URL, a page may be what was asked for.
    assert_eq!(record("https://www.example/").code, 0);
}

//! Kinds of refusals that nobody worded for: what a request, its host or its client's log tells beside the answer.

use crate::program::run;
use serde_json::{Value, json};

/// What is read of evidence: the first exchange with a cause, else the first one.
fn read(evidence: &str) -> Value {
    let run = run(
        &["explain", "-", "--offline", "--format", "jsonl"],
        Some(evidence),
    );
    let lines: Vec<Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let caused = lines.iter().find(|line| line["cause"].is_object());
    caused.or(lines.first()).cloned().unwrap_or_default()
}

fn cause(read: &Value) -> Option<&str> {
    read["cause"]["code"].as_str()
}

fn causes(read: &Value) -> Vec<&str> {
    let findings = read["findings"].as_array().into_iter().flatten();
    findings
        .filter(|finding| finding["severity"] == "error")
        .filter_map(|finding| finding["code"].as_str())
        .collect()
}

#[test]
fn the_request_tells_what_an_answer_without_a_reason_does_not() {
    let php = json!({"Server": "Apache/2.4", "X-Powered-By": "PHP/8.3"});
    for (record, wanted) in [
        (
            json!({"request": {"method": "GET", "url": "https://shop.example/wares", "headers": {"Authorization": "Bearer <opaque>"}},
                "response": {"status": 401, "headers": php}}),
            "header.stripped",
        ),
        (
            json!({"request": {"method": "GET", "url": "https://shop.example/wares", "headers": {"DEPOT_KEY": "k"}},
                "response": {"status": 401, "body": "{\"message\":\"No API key found in request\"}"}}),
            "header.stripped",
        ),
        (
            json!({"request": {"method": "GET", "url": "https://api.shop.example/v1/me/orders"}, "grant": "client_credentials",
                "response": {"status": 401, "body": "{\"message\":\"\"}"}}),
            "token.type",
        ),
        (
            json!({"request": {"method": "POST", "url": "https://shop.example/notes", "headers": {"Cookie": "sid=1"}},
                "response": {"status": 403}}),
            "csrf.blocked",
        ),
    ] {
        let read = read(&record.to_string());
        assert_eq!(cause(&read), Some(wanted), "{record}");
        assert_eq!(read["cause"]["certainty"], "possible", "{record}");
    }
}

#[test]
fn what_the_request_hints_at_yields_to_what_the_answer_says() {
    let record = json!({"request": {"method": "GET", "url": "https://api.shop.example/v1/me/orders", "headers": {"Authorization": "Bearer <opaque>"}},
        "grant": "client_credentials", "response": {"status": 401, "headers": {"Server": "Apache", "X-Powered-By": "PHP"}, "body": "{\"message\":\"The access token has expired\"}"}});
    assert_eq!(cause(&read(&record.to_string())), Some("token.expired"));
}

#[test]
fn an_unknown_credential_may_be_known_on_another_host() {
    for host in [
        "intake-eu.shop.example",
        "api.sandbox.shop.example",
        "us2.api.shop.example",
    ] {
        let record = json!({"request": {"method": "POST", "url": format!("https://{host}/v1/wares")},
            "response": {"status": 401, "body": "{\"message\":\"Invalid API key\"}"}});
        let read = read(&record.to_string());
        assert!(
            causes(&read)
                .iter()
                .take(3)
                .any(|code| *code == "region.mismatch"),
            "{host}: {read}"
        );
        assert_ne!(cause(&read), Some("region.mismatch"), "{host}");
    }
    let record = json!({"request": {"method": "POST", "url": "https://api.shop.example/v1/wares"},
        "response": {"status": 401, "body": "{\"message\":\"Invalid API key\"}"}});
    let read = read(&record.to_string());
    let mut first = causes(&read).into_iter().take(3);
    assert!(first.all(|code| code != "region.mismatch"), "{read}");
}

#[test]
fn a_sentence_that_gives_the_reason_goes_before_a_code_of_many() {
    let record = json!({"provider": "IdentityServer", "request": {"method": "POST", "url": "https://id.shop.example/connect/token"},
        "response": {"status": 400, "body": "{\"error\":\"invalid_grant\",\"error_description\":\"Two factor code required\"}"}});
    let read = read(&record.to_string());
    assert!(
        causes(&read)
            .iter()
            .take(2)
            .any(|code| *code == "stepup.required"),
        "{read}"
    );
}

#[test]
fn a_clients_log_says_what_it_tried_and_why_that_failed() {
    for (text, wanted) in [
        (
            "level=error ts=2025-03-01T08:00:00Z msg=\"error sending batch of wares\" status=401 error=\"server returned HTTP status 401 Unauthorized (401): no org id\"",
            Some("context.missing"),
        ),
        (
            "ERROR wares: Error fetching wares: 403 Client Error: Forbidden for url: https://api.shop.example/v1/wares [Rate limit exceeded]",
            Some("rate.limited"),
        ),
        (
            "Error: cannot start the sync\n  connection lost:\n  Get \"https://vault.shop.example/v1/wares\":\n  dial tcp: lookup vault.shop.example on 127.0.0.53:53: no such host",
            None,
        ),
        (
            "Error: Get \"https://wares.shop.example/v2/\": x509: certificate signed by unknown authority\nlevel=error msg=\"login failed\" error=\"Get \\\"https://wares.shop.example/v2/\\\": x509: certificate signed by unknown authority\"",
            None,
        ),
        (
            "[Sync] request GET /v1/wares <error> connect ECONNREFUSED ::1:443\n[Sync] {\"code\":\"ECONNREFUSED\",\"message\":\"Cannot reach the depot. No response received.\"}",
            None,
        ),
        (
            "Access to fetch at 'https://api.shop.example/v1/wares' from origin 'https://app.shop.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: It does not have HTTP ok status.\nUncaught TypeError: Failed to fetch",
            Some("cors.preflight"),
        ),
        (
            "HTTP error: [GET] https://shop.example/v1/time: 403.Forbidden (4513 bytes)\n<!DOCTYPE html>\n<html>\n<head>\n<title>Attention Required! | Cloudflare</title>\n<script>\n  if (!navigator.cookieEnabled) {\n    window.alert('x');\n",
            Some("edge.blocked"),
        ),
    ] {
        assert_eq!(cause(&read(text)), wanted, "{text}");
    }
}

#[test]
fn a_note_in_a_configuration_is_not_what_a_server_said() {
    let read = read(
        "depot:\n  # A valid depot token (required)\n  token: \"x\"\n\nDepotError: (401) unauthorized; http://192.0.2.7:3200/",
    );
    assert_ne!(read["cause"]["certainty"], "stated", "{read}");
}

#[test]
fn what_a_server_wrote_in_the_place_of_a_statuss_name_is_read() {
    for (text, wanted) in [
        (
            "httpx.HTTPStatusError: Client error '403 Quota Exceeded' for url 'https://api.shop.example/v1/wares'",
            "rate.limited",
        ),
        (
            "requests.exceptions.HTTPError: 401 Client Error: Token expired for url: https://api.shop.example/v1/wares",
            "token.expired",
        ),
        (
            "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://api.shop.example/v1/wares",
            "permission.missing",
        ),
    ] {
        assert_eq!(cause(&read(text)), Some(wanted), "{text}");
    }
}

#[test]
fn what_a_logger_prints_beside_its_lines_is_read_in_whole() {
    let text = "level=warning msg=\"first try of the depot\" err=\"no wares\"\nlevel=error msg=\"giving up\" err=\"This account has not opted in to the labels service.\"";
    assert_eq!(cause(&read(text)), Some("feature.disabled"));
}

#[test]
fn an_answer_is_read_although_the_request_stands_below_it() {
    let text = "The depot answers:\n{\"ret_code\":77,\"ret_msg\":\"unmatched ip address.\",\"result\":null,\"more\":\"\",\"time\":1}\n\nThe request:\nhttps://api.shop.example/v1/wares?page=2";
    assert_eq!(cause(&read(text)), Some("ip.blocked"));
}

#[test]
fn a_status_that_is_told_before_its_request_is_that_requests() {
    let url = "https://api.mypurecloud.com/api/v2/conversations/messaging";
    for told in [
        format!("My token works on GET /api/v2/users/me and fails with 401 on POST {url}"),
        format!("401 on POST {url}"),
        format!("POST {url} fails with 401"),
    ] {
        let read = read(&told);
        assert_eq!(read["subject"]["method"], "POST", "{told}");
        assert_eq!(read["subject"]["status"], 401, "{told}");
        assert_eq!(cause(&read), Some("endpoint.unknown"), "{told}");
    }
}

//! Many requests at once: the bytes are the same for any number of cores, and for answers that are put together from
//! answers to their like.

use crate::program::run;
use serde_json::json;

/// Refused and other calls of a few kinds, each with ids and times of its own.
struct Call {
    number: usize,
    url: String,
    status: u16,
    body: String,
    at: String,
}

const CALLS: usize = 240;

fn calls() -> impl Iterator<Item = Call> {
    (0..CALLS).map(|number| {
        let id = format!("{:08x}-6d7c-cf5f-19f0-adb07f68{number:04x}", number * 7_919);
        let at = format!("2026-01-01T{:02}:{:02}:{:02}Z", number / 60 % 24, number % 60, number % 7);
        let (url, status, body) = match number % 6 {
            0 => (
                format!("https://api.mypurecloud.com/api/v2/routing/queues/{id}"),
                403,
                json!({"message": "You must have at least one of the following permissions assigned: [routing:queue:view]", "code": "missing.any.permissions", "contextId": id}).to_string(),
            ),
            1 => (
                format!("https://shop.example/api/orders/{number}"),
                401,
                json!({"error": "invalid_token", "error_description": format!("The token expired at {at}"), "trace": id}).to_string(),
            ),
            2 => {
                let body = match number % 4 {
                    0 => json!({"orders": [{"id": id, "name": "a"}]}).to_string(),
                    1 => json!({"ok": false, "error": "token_expired", "trace": id}).to_string(),
                    2 => json!({"id": id, "name": number}).to_string(),
                    _ => String::new(),
                };
                (format!("https://shop.example/api/orders/{}", number / 30), 200, body)
            }
            3 => (
                format!("https://internal.example/v1/ledger/{id}"),
                403,
                json!({"detail": format!("user {id} lacks the role reader in tenant {number}")}).to_string(),
            ),
            // No two are alike.
            4 => (
                format!("https://internal.example/v1/book/{}", "abcdefgh".repeat(number % 40)),
                403,
                format!("no {}", "way ".repeat(number % 50)),
            ),
            _ => (format!("https://api.github.com/repos/acme/{id}/issues"), 403, json!({"message": "Resource not accessible by integration"}).to_string()),
        };
        Call { number, url, status, body, at }
    })
}

fn records() -> String {
    let lines = calls().map(|call| match call.number % 100 {
        99 => "not JSON\n".to_owned(),
        _ => {
            // One in five without an id: then a neighbour may belong to it.
            let id = (call.number % 5 > 0).then(|| format!("case-{}", call.number));
            let record = json!({
                "id": id,
                "request": {"method": "GET", "url": call.url, "headers": {"Authorization": "Bearer <redacted>"}},
                "response": {"status": call.status, "body": call.body},
                "token": {"claims": {"exp": 1_767_225_600 + call.number, "scope": "users"}},
                "at": call.at,
            });
            format!("{record}\n")
        }
    });
    lines.collect()
}

fn json_lines() -> String {
    let lines = calls().map(|call| {
        // One in seven shows its credential.
        let sent = (call.number % 7 == 0).then(|| format!("Bearer opaque-{:032}", call.number % 11));
        let line = json!({
            "request_id": format!("r-{}", call.number), "start_time": call.at, "method": "GET", "url": call.url,
            "response_code": call.status, "duration": call.number, "message": call.body, "authorization": sent,
        });
        format!("{line}\n")
    });
    lines.collect()
}

fn access_lines() -> String {
    let lines = calls().map(|call| {
        let path = call.url.split('/').skip(3).collect::<Vec<_>>().join("/");
        let (number, status) = (call.number, call.status);
        format!("203.0.113.{} - - [01/Jan/2026:10:{:02}:00 +0000] \"GET /{path} HTTP/1.1\" {status} {number} \"-\" \"client/1.0\"\n", number % 250, number % 60)
    });
    lines.collect()
}

fn har() -> String {
    let jwt = include_str!("../../fixtures/tokens/thread.jwt").trim();
    let entries = calls().map(|call| {
        let token = match call.number % 11 {
            0..=4 => jwt.to_owned(),
            which => format!("opaque-{which:032}"),
        };
        json!({
            "startedDateTime": call.at,
            "request": {"method": "GET", "url": call.url, "headers": [{"name": "Authorization", "value": format!("Bearer {token}")}]},
            "response": {"status": call.status, "headers": [], "content": {"mimeType": "application/json", "text": call.body}},
        })
        .to_string()
    });
    let entries: Vec<String> = entries.collect();
    format!(
        r#"{{"log":{{"version":"1.2","entries":[{}]}}}}"#,
        entries.join(",")
    )
}

/// Everything that a run says of evidence.
fn told(path: &str, how: &str, more: &[&str]) -> String {
    let mut words = vec!["explain", path, "--no-config", "--offline"];
    words.extend(how.split_whitespace().chain(more.iter().copied()));
    let run = run(&words, None);
    format!("{}{}exit {}", run.out, run.err, run.code)
}

#[test]
fn neither_cores_nor_what_is_remembered_change_a_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("records", records()),
        ("log.json", json_lines()),
        ("access.log", access_lines()),
        ("a.har", har()),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        let path = path.to_str().expect("UTF-8");
        for how in [
            "--format jsonl",
            "--format json",
            "--summary --format json",
            "",
        ] {
            let one = told(path, how, &["--jobs", "1"]);
            assert!(one.ends_with("exit 1"), "{name}: {one}");
            let others = [
                ["--jobs", "2"],
                ["--jobs", "5"],
                // Where requests are picked each is read and judged by itself; counts say less of what was not refused.
                ["--only", "GET /*"],
            ];
            let texts = how.starts_with("--format");
            for other in &others[..2 + usize::from(texts)] {
                let same = told(path, how, other) == one;
                assert!(same, "{name} {how} {other:?}");
            }
        }
    }
}

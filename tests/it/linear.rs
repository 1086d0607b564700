//! Reading, judging and cleaning take time in proportion to the evidence: each kind of bulk at 1×, 2×, 4× and 8×.

use serde_json::json;
use std::time::{Duration, Instant};
use why401_core::diagnose::Clock;
use why401_core::input::{self, InputForm};
use why401_core::scrub::{Keep, scrub};
use why401_core::triage::{Declared, Options, Providers, explain};

/// A kind of bulk: evidence of about so many bytes.
type Bulk = fn(usize) -> String;

fn record(request: &str, headers: &serde_json::Value, body: &str) -> String {
    json!({
        "request": {"method": "GET", "url": request, "headers": {"Authorization": "Bearer opaque-0123456789abcdef"}},
        "response": {"status": 401, "headers": headers, "body": body},
    })
    .to_string()
}

const URL: &str = "https://api.mypurecloud.com/api/v2/users/me";

const BULKS: [(&str, Bulk); 12] = [
    ("one header", |size| {
        record(URL, &json!({"X-Note": "denied ".repeat(size / 7)}), "no")
    }),
    ("one header without a blank", |size| {
        record(URL, &json!({"X-Note": "aB3-".repeat(size / 4)}), "no")
    }),
    ("a challenge", |size| {
        let parameters = "error=\"invalid_token\", ".repeat(size / 23);
        record(
            URL,
            &json!({"WWW-Authenticate": format!("Bearer {parameters}a=b")}),
            "no",
        )
    }),
    ("many headers", |size| {
        let headers: serde_json::Map<_, _> = (0..size / 24)
            .map(|number| (format!("X-Header-{number}"), json!("value")))
            .collect();
        record(URL, &headers.into(), "no")
    }),
    ("refused answers with a page", |size| {
        let page = "<div class=\"a\"><p>You are not allowed to see this page.</p></div>\n";
        let one = record(URL, &json!({"Content-Type": "text/html"}), &page.repeat(60));
        (one + "\n").repeat((size / 4_200).max(1))
    }),
    ("a body of JSON", |size| {
        let list = vec![json!({"code": "denied", "message": "no"}); size / 34];
        record(URL, &json!({}), &json!({"errors": list}).to_string())
    }),
    ("a deep body", |size| {
        record(URL, &json!({}), &"[{\"a\":".repeat(size / 6))
    }),
    ("a form", |size| "a=&".repeat(size / 3)),
    ("open names of values", |size| "a=".repeat(size / 2)),
    ("cookies", |size| {
        let cookies: Vec<String> = (0..size / 16).map(|n| format!("c{n}=v{n}x9Kz")).collect();
        format!(
            "GET /a HTTP/1.1\nHost: a.example\nCookie: {}\n\nHTTP/1.1 401 no\n\n",
            cookies.join("; ")
        )
    }),
    ("a long path", |size| {
        record(
            &format!("https://a.example{}", "/x9".repeat(size / 3)),
            &json!({}),
            "no",
        )
    }),
    ("marks of every kind", |size| {
        "<{[(\"'`&%\\".repeat(size / 10)
    }),
];

fn judge(text: &str, providers: &Providers) {
    let declared = Declared::at(Clock::at(1_767_225_600));
    let report = explain(text.as_bytes(), providers, &Options::new("bulk", declared));
    assert!(report.error.is_none());
}

fn clean(text: &str) {
    let form = input::sniff(&text[..text.len().min(4_000)], false);
    let form = if text.starts_with('{') {
        InputForm::Records
    } else {
        form
    };
    let _ = scrub(text, form, &Keep::default());
}

/// How long this thread has worked; where the system does not tell, how late it is.
fn worked(began: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse().ok());
    told.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// The lesser of two runs: what else the machine does only adds.
fn least(work: impl Fn()) -> Duration {
    let began = Instant::now();
    let took = || {
        let before = worked(began);
        work();
        worked(began).saturating_sub(before)
    };
    took().min(took())
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures are read with --nocapture")]
fn time_grows_with_the_evidence_and_no_faster() {
    const SMALL: usize = 16 * 1024;
    let providers = Providers::shipped();
    judge(&BULKS[0].1(SMALL), &providers);
    for (what, bulk) in BULKS {
        let texts = [1, 2, 4, 8].map(|times| bulk(SMALL * times));
        for (work, run) in [
            (
                "explain",
                &(|text: &str| judge(text, &providers)) as &dyn Fn(&str),
            ),
            ("scrub", &clean),
        ] {
            let took = texts.each_ref().map(|text| least(|| run(text)));
            println!("{work} of {what}: {took:?}");
            // A square would be 64 times as long; what is too quick to measure says nothing.
            let bound = took[0].max(Duration::from_millis(4)) * 24;
            assert!(took[3] < bound, "{work} of {what}: {took:?}");
        }
    }
}

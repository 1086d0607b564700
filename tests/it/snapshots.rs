//! The same samples in every format, as they are printed: a change of any of them is seen and read.
//!
//! `INSTA_UPDATE=always cargo test --test it snapshots` writes them again; every line is read before it is committed.

use why401_core::diagnose::{Clock, Credential, Probed};
use why401_core::finding::Report;
use why401_core::http::{Exchange, Role, Target};
use why401_core::input::{self, InputOptions, Item};
use why401_core::output::plan::{Planned, plan};
use why401_core::output::{self, Format, Given, View};
use why401_core::token::Token;
use why401_core::triage::{Declared, Judge, Options, Providers, explain};

/// 2026-08-01T00:00:00Z.
const NOW: i64 = 1_785_542_400;

const SCOPE_MISSING: &str = r#"{"id":"1","request":{"method":"POST","url":"https://api.mypurecloud.com/api/v2/routing/queues","headers":{"Authorization":"Bearer <jwt>"}},"response":{"status":403,"headers":{"Content-Type":"application/json"},"body":"{\"code\":\"missing.scopes\",\"message\":\"Requires *all* of the following scopes: routing\",\"status\":403,\"contextId\":\"6f2c\"}"},"token":{"kind":"jwt","claims":{"scope":"users:readonly","exp":1785549600}}}"#;

const EXPIRED: &str = r#"{"id":"2","request":{"method":"GET","url":"https://api.example.com/orders","headers":{"Authorization":"Bearer <jwt>"}},"response":{"status":401,"headers":{"WWW-Authenticate":"Bearer error=\"invalid_token\", error_description=\"The access token expired\""}},"token":{"kind":"jwt","claims":{"iss":"https://id.example.com","scope":"orders:read","exp":1785538800}}}"#;

const NO_ANSWER: &str = "$ curl -v https://api.example.com/orders -H 'Authorization: Bearer <opaque>'\n* Could not resolve host: api.example.com\n* Closing connection\ncurl: (6) Could not resolve host: api.example.com\n";

const NO_REFUSAL: &str = r#"{"id":"5","request":{"method":"GET","url":"https://api.github.com/user","headers":{"Authorization":"Bearer <opaque>"}},"response":{"status":200,"headers":{"Content-Type":"application/json"},"body":"{\"login\":\"octocat\"}"}}"#;

/// Every format; that for people short and whole.
fn formats() -> impl Iterator<Item = (&'static str, Format, bool)> {
    let named = Format::NAMES.iter().map(|(name, own)| (*name, *own, false));
    named.chain([("whole", Format::Human, true)])
}

fn options(name: &str) -> Options {
    Options::new(name, Declared::at(Clock::at(NOW)))
}

fn explained(name: &str, evidence: &str) -> Report {
    explain(evidence.as_bytes(), &Providers::shipped(), &options(name))
}

/// What a server answers the thread's call, its control, and a path that nobody has.
fn probed() -> Report {
    let answer = |method: &str, path: &str, status: u16, body: &str| {
        serde_json::json!({
            "request": { "method": method, "url": format!("https://api.mypurecloud.com{path}"), "headers": { "Authorization": "Bearer <opaque>" } },
            "response": { "status": status, "headers": { "Content-Type": "application/json" }, "body": body },
        })
    };
    let gone = r#"{"code":"not.found","status":404}"#;
    let asked = [
        (
            Role::Control,
            None,
            answer("GET", "/api/v2/tokens/me", 200, "{}"),
        ),
        (
            Role::Target,
            Some("POST"),
            answer("OPTIONS", "/api/v2/conversations/messaging", 404, gone),
        ),
        (
            Role::Sibling,
            None,
            answer(
                "OPTIONS",
                "/api/v2/conversations/why401-no-such-path",
                404,
                gone,
            ),
        ),
    ];
    let exchanges: Vec<Exchange> = asked
        .iter()
        .flat_map(|(_, _, own)| read(&own.to_string()))
        .collect();
    let heard: Vec<Probed<'_>> = asked
        .iter()
        .zip(&exchanges)
        .map(|((role, stands_for, _), exchange)| Probed {
            role,
            exchange,
            stands_for: *stands_for,
        })
        .collect();
    let providers = Providers::shipped();
    let mut declared = options("").declared;
    declared.credential = Credential::of(Token::read(b"H1zXoGvYcvZ3h6wrg7hTz0n-dF7tPvGk"));
    let target = Target::parse(
        "POST",
        "https://api.mypurecloud.com/api/v2/conversations/messaging",
    );
    let judge = Judge::new(&providers, &declared);
    let diagnosis = judge
        .probes(target.ok(), &heard, None, &[])
        .expect("a diagnosis");
    Report {
        diagnoses: vec![diagnosis],
        ..Report::default()
    }
}

fn read(record: &str) -> Vec<Exchange> {
    let how = InputOptions {
        name: "a record",
        form: None,
        fields: None,
    };
    let mut out = Vec::new();
    let read = input::read(record.as_bytes(), how, &mut |item| {
        if let Item::Exchange(exchange) = item {
            out.push(*exchange);
        }
    });
    read.expect("readable");
    out
}

fn compare(name: &str, text: &str) {
    let text = without_pages(text);
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = text.replace(&version, "\"version\": \"VERSION\"");
    let short = version.replace(": ", ":");
    let text = text.replace(&short, "\"version\":\"VERSION\"");
    let text = text.replace(
        &version.replace("version", "semanticVersion"),
        "\"semanticVersion\": \"VERSION\"",
    );
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

/// SARIF without the pages of the causes: they are files of their own.
fn without_pages(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let own = line.trim_start();
        let is_page = ["\"text\": \"# ", "\"markdown\": \"# "]
            .iter()
            .any(|start| own.starts_with(start));
        let shown = if is_page { "PAGE" } else { line };
        lines += shown;
        lines.push('\n');
    }
    lines
}

fn in_every_format(name: &str, report: &Report) {
    for (format, own, whole) in formats() {
        let given = Given {
            command: vec!["explain".to_owned(), format!("{name}.txt")],
            ..Given::default()
        };
        let view = View {
            whole,
            given,
            ..View::default()
        };
        compare(
            &format!("{name}.{format}"),
            &output::render(report, own, &view),
        );
    }
}

#[test]
fn a_scope_is_missing() {
    in_every_format(
        "scope-missing",
        &explained("scope-missing.txt", SCOPE_MISSING),
    );
}

#[test]
fn a_token_has_expired() {
    in_every_format("expired", &explained("expired.txt", EXPIRED));
}

#[test]
fn nobody_answers() {
    in_every_format("no-answer", &explained("no-answer.txt", NO_ANSWER));
}

#[test]
fn several_requests() {
    let all = format!("{SCOPE_MISSING}\n{EXPIRED}\n{NO_REFUSAL}\n{{\"broken\n");
    in_every_format("several", &explained("several.txt", &all));
}

#[test]
fn nothing_was_refused() {
    in_every_format("no-refusal", &explained("no-refusal.txt", NO_REFUSAL));
}

#[test]
fn a_server_was_asked() {
    in_every_format("probed", &probed());
    let ask = |role: &str, method: &str, token: bool| Planned {
        role: role.to_owned(),
        method: method.to_owned(),
        url: "https://api.example.com/orders".to_owned(),
        token,
        stands_for: (role == "target").then(|| "POST".to_owned()),
    };
    let asks = [
        ask("control", "GET", true),
        ask("target", "OPTIONS", true),
        ask("baseline", "OPTIONS", false),
    ];
    let remarks = ["OPTIONS replaces POST.".to_owned()];
    for (format, own, whole) in formats() {
        if !whole && !own.is_for_ci() {
            compare(&format!("plan.{format}"), &plan(&asks, &remarks, own));
        }
    }
}

//! Token reading, path lookup in the full table, and a whole diagnosis.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use why401_core::diagnose::{Clock, Credential};
use why401_core::http::Target;
use why401_core::language::{Clauses, Vocabulary};
use why401_core::table::{self, Table, Trust};
use why401_core::token::Token;
use why401_core::triage::{Declared, Judge, Providers};

const TOKEN: &str = include_str!("../fixtures/tokens/thread.jwt");

fn genesys() -> Table {
    table::shipped("genesys-cloud")
        .expect("shipped")
        .expect("sound")
}

fn token(c: &mut Criterion) {
    c.bench_function("token read", |b| {
        b.iter(|| Token::read(black_box(TOKEN.as_bytes())));
    });
}

/// A body of 500 bytes, as gateways send it.
fn language(c: &mut Criterion) {
    let body = r#"{"timestamp":"2026-01-01T10:00:00.000Z","status":401,"error":"Unauthorized","code":"AUTH_TOKEN_REJECTED","message":"Authentication of the request failed: the access token presented in the Authorization header could not be verified.","details":[{"reason":"An error occurred while attempting to decode the Jwt: Signed JWT rejected: Another algorithm expected, or no matching key(s) found"},{"reason":"No user was found for the token"}],"hint":"Please check the issuer's key set and try again.","path":"/v1/invoices/42"}"#;
    let vocabulary = Vocabulary::shipped();
    c.bench_function("refusal language, 500 bytes", |b| {
        b.iter(|| {
            let mut clauses = Clauses::default();
            clauses.add("body", black_box(body));
            vocabulary.read(&clauses)
        });
    });
}

fn lookup(c: &mut Criterion) {
    let table = genesys();
    for (name, method, path) in [
        ("path lookup, literal", "GET", "/api/v2/users/me"),
        (
            "path lookup, deep",
            "GET",
            "/api/v2/conversations/messages/1/communications/2/messages/media/3",
        ),
        (
            "path lookup, unknown",
            "POST",
            "/api/v2/conversations/messaging/9",
        ),
    ] {
        c.bench_function(name, |b| {
            b.iter(|| table.locate(method, black_box(path), Trust::C).is_some());
        });
    }
    c.bench_function("find, row parsed", |b| {
        b.iter(|| table.find("GET", None, black_box("/api/v2/users/me"), Trust::C));
    });
}

/// One in so many rows is looked up.
const EVERY: usize = 20;

/// Rows of every shipped table: as they are published, with values for their variables, and with a part that nobody
/// publishes. What is measured is divided by the number of lookups.
fn every_table(c: &mut Criterion) {
    let tables: Vec<Table> = table::names()
        .filter(|id| table::has_rows(id))
        .filter_map(table::shipped)
        .map(|table| table.expect("sound"))
        .collect();
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for table in &tables {
        for rule in table.rules().step_by(EVERY) {
            let path = with_values(&rule.path);
            unknown.push((
                table,
                rule.method.clone(),
                format!("{path}/nobody-publishes-this"),
            ));
            known.push((table, rule.method, path));
        }
    }
    let mut group = c.benchmark_group("lookup, every table");
    for (name, paths) in [("known", &known), ("unknown", &unknown)] {
        group.throughput(Throughput::Elements(paths.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                let found = paths.iter().filter(|(table, method, path)| {
                    table.locate(method, black_box(path), Trust::C).is_some()
                });
                found.count()
            });
        });
    }
    group.finish();
}

/// A template with a value in place of each variable.
fn with_values(template: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for letter in template.chars() {
        match letter {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                out.push_str("5e6f8f3a");
            }
            letter if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    out
}

/// Over eleven thousand rows, case folded, keys in parentheses.
fn graph(c: &mut Criterion) {
    let table = table::shipped("msgraph").expect("shipped").expect("sound");
    for (name, path) in [
        ("graph lookup, literal", "/me/messages"),
        (
            "graph lookup, deep",
            "/me/mailFolders/1/messages/2/attachments",
        ),
        (
            "graph lookup, key in parentheses",
            "/users('jane@contoso.example')/messages",
        ),
    ] {
        c.bench_function(name, |b| {
            b.iter(|| {
                table
                    .locate("GET", black_box(path), Trust::C)
                    .expect("a row")
            });
        });
    }
}

fn whole(c: &mut Criterion) {
    let mut declared = Declared::at(Clock::at(1_767_225_600));
    declared.credential = Credential {
        named: true,
        ..Credential::of(Token::read(TOKEN.as_bytes()))
    };
    let providers = Providers::shipped();
    let judge = Judge::new(&providers, &declared);
    for (name, method, path) in [
        ("diagnose, known operation", "GET", "/api/v2/users/me"),
        (
            "diagnose, unknown operation",
            "POST",
            "/api/v2/conversations/messaging",
        ),
    ] {
        let url = format!("https://api.mypurecloud.com{path}");
        c.bench_function(name, |b| {
            b.iter(|| {
                let target = Target::parse(method, black_box(&url)).expect("a target");
                judge.question(Some(target), None).expect("a diagnosis")
            });
        });
    }
}

criterion_group!(benches, token, language, lookup, every_table, graph, whole);
criterion_main!(benches);

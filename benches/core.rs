//! Token reading, path lookup in the full table, and a whole diagnosis.

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use why401_core::diagnose::{Case, diagnose};
use why401_core::http::Target;
use why401_core::table::{self, Table, Trust};
use why401_core::token::Token;

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
    let table = genesys();
    let token = Token::read(TOKEN.as_bytes());
    let case = |method: &str, path: &str| Case {
        target: Some(
            Target::parse(method, &format!("https://api.mypurecloud.com{path}")).expect("a target"),
        ),
        table: Some(&table),
        trust: Trust::C,
        token_named: true,
        ..Case::of(&token, 1_767_225_600)
    };
    let known = case("GET", "/api/v2/users/me");
    let unknown = case("POST", "/api/v2/conversations/messaging");
    c.bench_function("diagnose, known operation", |b| {
        b.iter(|| diagnose(black_box(&known)));
    });
    c.bench_function("diagnose, unknown operation", |b| {
        b.iter(|| diagnose(black_box(&unknown)));
    });
}

criterion_group!(benches, token, lookup, graph, whole);
criterion_main!(benches);

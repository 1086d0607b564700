//! The calls that people make most, provider by provider: what opens them, what does not, and what to ask for.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use why401_core::diagnose::{Clock, ToldScopes};
use why401_core::finding::{ScopesFrom, Verdict};
use why401_core::http::Target;
use why401_core::table::{Match, Trust, kinds, shipped};
use why401_core::triage::{Declared, Judge, Providers};

/// 2026-11-26.
const NOW: i64 = 1_795_651_200;

/// One line under a call.
struct Line<'t> {
    word: &'t str,
    kind: Option<&'t str>,
    scopes: Vec<&'t str>,
    rights: Vec<&'t str>,
}

impl<'t> Line<'t> {
    fn read(text: &'t str) -> Self {
        let mut words = text.split_whitespace();
        let (word, kind) = (words.next().expect("a word"), words.next().expect("a kind"));
        let names = words.filter(|name| *name != "-");
        let (rights, scopes): (Vec<&str>, Vec<&str>) =
            names.partition(|name| name.starts_with('+'));
        Self {
            word,
            kind: (kind != "*").then_some(kind),
            scopes,
            rights: rights.iter().map(|name| &name[1..]).collect(),
        }
    }
}

fn verdict(providers: &Providers, target: &Target, line: &Line<'_>) -> Verdict {
    let mut declared = Declared::at(Clock::at(NOW));
    let credential = &mut declared.credential;
    credential.scopes = Some(ToldScopes::of(
        line.scopes.iter().copied().collect(),
        ScopesFrom::Person,
    ));
    credential.kind = line.kind.map(str::to_owned);
    if !line.rights.is_empty() {
        credential.permissions = Some(line.rights.iter().copied().collect());
    }
    Judge::new(providers, &declared)
        .question(Some(target.clone()), None)
        .expect("a table")
        .verdict
}

/// What is recommended for a kind, over all that a token or its principal has to hold.
fn asked(id: &str, target: &Target, kind: &str) -> BTreeSet<String> {
    let table = shipped(id).expect("shipped").expect("sound");
    let host = target.host.as_deref();
    let Match::Found(found) = table.find(&target.method, host, &target.path_and_query(), Trust::C)
    else {
        return BTreeSet::new();
    };
    let needs = kinds(&table, &[found.rule], Some(kind));
    let gates = needs
        .into_iter()
        .flat_map(|needs| needs.gates.into_values());
    gates.flat_map(|set| set.names).collect()
}

fn wrong(id: &str, text: &str) -> String {
    let providers = Providers::shipped();
    let mut out = String::new();
    let mut target = None;
    for (number, text) in text.lines().enumerate() {
        let place = format!("{id}.txt line {}", number + 1);
        if !text.starts_with(' ') {
            let (method, url) = text.split_once(' ').expect("METHOD URL");
            target = Some(Target::parse(method, url).expect("a call"));
            continue;
        }
        let (target, line) = (target.as_ref().expect("a call first"), Line::read(text));
        if line.word == "asks" {
            let names: BTreeSet<String> = line.scopes.iter().map(ToString::to_string).collect();
            let own = asked(id, target, line.kind.expect("a kind"));
            if own != names {
                let _ = writeln!(
                    out,
                    "{place}: {} {}: {} asks {own:?}",
                    target.method,
                    target.path,
                    text.trim()
                );
            }
            continue;
        }
        let verdict = verdict(&providers, target, &line);
        let right = match line.word {
            "clear" => verdict == Verdict::Clear,
            "denied" => verdict == Verdict::Denied,
            "not-denied" => verdict != Verdict::Denied,
            "not-clear" => verdict != Verdict::Clear,
            word => panic!("{place}: {word}"),
        };
        if !right {
            let _ = writeln!(
                out,
                "{place}: {} {}: {} is {verdict:?}",
                target.method,
                target.path,
                text.trim()
            );
        }
    }
    out
}

/// The files by provider.
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/popular");
    let entries = std::fs::read_dir(folder).expect("tests/popular");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let texts = paths.filter(|path| path.extension().is_some_and(|end| end == "txt"));
    texts
        .map(|path| {
            let id = path.file_stem().and_then(|name| name.to_str());
            let text = std::fs::read_to_string(&path).expect("readable");
            (id.expect("an id").to_owned(), text)
        })
        .collect()
}

#[test]
fn the_calls_that_people_make_most_are_judged_as_their_vendors_say() {
    let out: String = files().iter().map(|(id, text)| wrong(id, text)).collect();
    assert!(out.is_empty(), "\n{out}");
}

#[test]
fn a_source_of_rows_says_what_its_silence_proves() {
    for (id, _) in files() {
        let table = shipped(&id).expect("shipped").expect("sound");
        let mut published = table
            .provider
            .source
            .iter()
            .filter(|source| !source.is_report());
        let why = published
            .next()
            .and_then(|source| source.denies_why.as_deref());
        assert!(why.is_some_and(|why| !why.is_empty()), "{id}");
    }
}

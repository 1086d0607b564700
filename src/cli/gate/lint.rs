//! `gate --lint`: a manifest read and nothing judged; everything that is wrong or open in it, each with its line.

use super::app::{empty, entry, kind, placed, targets};
use super::judged::{Judged, declarations};
use super::{Bench, Run, faults, hint, notes};
use crate::cli::error::Failure;
use why401_core::diagnose::Credential;
use why401_core::finding::{
    Blank, Certainty, ENDPOINT_UNKNOWN, Entry, GatedApp, Judged as Half, NOTE_UNPUBLISHED_SCOPE,
    Outcome, Step, TOKEN_TYPE, Verdict,
};
use why401_core::gate::{self, App, Endpoint, Manifest};
use why401_core::http::Target;
use why401_core::table::Table;
use why401_core::token::Token;

/// Reads every app as it is without an environment, then in each of the others: what is said once is not said again.
pub(super) fn all(run: &Run<'_>, manifest: &Manifest, others: &[Manifest]) -> Vec<GatedApp> {
    let apps = manifest.apps.iter();
    apps.map(|app| {
        let mut out = lint(run, app);
        let same = others.iter().flat_map(|other| &other.apps);
        for own in same.filter(|own| own.line == app.line) {
            join(&mut out, lint(run, own));
        }
        out
    })
    .collect()
}

fn join(out: &mut GatedApp, own: GatedApp) {
    let entries = [
        (&mut out.checks, own.checks),
        (&mut out.endpoints, own.endpoints),
    ];
    for (known, more) in entries {
        for entry in more {
            let same = |other: &Entry| (other.line, &other.name) == (entry.line, &entry.name);
            if !known.iter().any(same) {
                known.push(entry);
            }
        }
        known.sort_by_key(|entry| entry.line);
    }
    add(&mut out.notes, own.notes);
    add(&mut out.faults, own.faults);
    out.notes.sort_by_key(|note| note.line);
    out.faults.sort_by_key(|fault| fault.line);
}

/// Adds what is not there yet.
pub(super) fn add<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// Reads an app and judges nothing: what is wrong with it, what is not published, and what is to be filled in.
fn lint(run: &Run<'_>, app: &App) -> GatedApp {
    let mut out = empty(app);
    let mut flaws = app.flaws.clone();
    flaws.extend(targets(app).err().into_iter().flatten());
    match run.providers(app) {
        Ok(bench) => {
            let table = bench.table();
            flaws.extend(gate::flaws(app, table));
            out.checks = open(app, table);
            out.checks.extend(gate::nothing_called(app));
            let (mistyped, other) = gate::unknown_names(app, table)
                .into_iter()
                .partition::<Vec<_>, _>(|own| own.mistyped);
            out.checks.extend(mistyped.into_iter().map(name));
            out.notes = other.into_iter().map(|own| own.note).collect();
            let unknown = gate::unknown_endpoints(app, table, run.settings.trust);
            let unknown = unknown.into_iter();
            let unknown = unknown.map(|(own, flaw)| unpublished(app, table, own, flaw));
            out.endpoints = unknown.collect();
            // A kind that the provider does not have is a flaw already.
            if flaws.is_empty() {
                match refused(run, app, &bench) {
                    Ok(refused) => out.endpoints.extend(refused),
                    Err(failure) => out.faults.push(placed(app, failure)),
                }
            }
        }
        // An endpoint that cannot be read is a flaw already, and keeps the provider from being found.
        Err(failure) if flaws.is_empty() => out.faults.push(placed(app, failure)),
        Err(_) => {}
    }
    // An app without environments is the same in all of them, and of one that nobody asked for only a slip is telling.
    let lacks = notes::lacks(app).filter(|_| !app.environments.is_empty());
    let lacks = lacks.filter(|note| run.chosen || note.finding.meant.is_some());
    out.notes.extend(lacks);
    flaws.sort_by_key(|flaw| flaw.line);
    out.faults.extend(faults(&flaws));
    for entry in out.checks.iter_mut().chain(&mut out.endpoints) {
        entry.tolerated = gate::tolerates(app, entry.deciding());
    }
    out
}

/// The lines that wait for a value.
fn open(app: &App, table: &Table) -> Vec<Entry> {
    let row = |blank: Blank| {
        let judged = Half {
            next: vec![Step::Declare {
                blanks: vec![blank.clone()],
                ask: true,
            }],
            undecided: match blank.key {
                "kind" => vec![gate::CREDENTIAL.to_owned()],
                "needs" => vec![gate::ENDPOINT.to_owned()],
                _ => gates(table, blank.key),
            },
            ..Half::plain(
                Outcome::CannotTell,
                match blank.there {
                    true => "it is not filled in yet",
                    false if blank.endpoint.is_some() => "the manifest does not say what it needs",
                    false => "no table knows this API, and the manifest does not say what it needs",
                },
            )
        };
        let mut endpoints = app.endpoints.iter().filter(|own| own.line == blank.line);
        let own = |own: &&Endpoint| {
            let name = blank.endpoint.as_ref();
            name.is_some_and(|name| *name == format!("{} {}", own.method, own.url))
        };
        match endpoints.find(own) {
            Some(own) => entry(own, judged),
            None => Entry::rule(blank.key, blank.line, judged),
        }
    };
    gate::blanks(app, table).into_iter().map(row).collect()
}

/// The gates of a provider whose names a list declares.
fn gates(table: &Table, key: &str) -> Vec<String> {
    let gates = table.provider.gate.iter();
    let own = gates.filter(|gate| gate::key_of(&gate.id) == key);
    own.map(|gate| gate.id.clone()).collect()
}

/// A name that was probably mistyped.
fn name(unknown: gate::UnknownName) -> Entry {
    let finding = unknown.note.finding;
    let judged = Half {
        undecided: vec![unknown.gate.to_owned()],
        ..Half::because(
            Outcome::CannotTell,
            &NOTE_UNPUBLISHED_SCOPE,
            finding.message,
        )
    };
    Entry::rule(unknown.key, unknown.note.line, judged)
}

/// An endpoint that no published row has: as undecided as when the gate runs.
fn unpublished(app: &App, table: &Table, own: &Endpoint, flaw: gate::Flaw) -> Entry {
    let last = own.url.rsplit('/').find(|word| !word.is_empty());
    let next = match hint(&flaw.hint) {
        // The table is one of the manifest's own, over which no other command would search.
        None if !app.tables.is_empty() => Step::Remedy(format!(
            "Compare path, method and version with {}.",
            app.tables.join(", ")
        )),
        None => Step::Search {
            word: last.unwrap_or_default().to_owned(),
            provider: table.provider.info.id.clone(),
        },
        Some(words) => Step::Remedy(words),
    };
    let judged = Half {
        undecided: vec![gate::ENDPOINT.to_owned()],
        next: vec![next],
        // A document may not list everything: as sure as when the gate runs.
        cause: Some((&ENDPOINT_UNKNOWN, Certainty::Possible)),
        sure: Certainty::Possible.words(),
        ..Half::plain(Outcome::CannotTell, flaw.text)
    };
    entry(own, judged)
}

/// Endpoints that the app's kind of token cannot call, whatever it is granted.
fn refused(run: &Run<'_>, app: &App, bench: &Bench) -> Result<Vec<Entry>, Failure> {
    let Some(kind) = kind(app, bench.table()) else {
        return Ok(Vec::new());
    };
    let now = run.settings.now;
    let credential = Credential {
        kind: Some(kind),
        ..Credential::of(Token::absent())
    };
    let judge = Judged {
        app,
        bench,
        declared: declarations(run, app, credential, now),
        now,
    };
    let mut out = Vec::new();
    for endpoint in &app.endpoints {
        let target = Target::parse(&endpoint.method, &endpoint.url).ok();
        let diagnosis = judge.question(target)?;
        let cause = diagnosis.cause().map(|finding| finding.cause);
        if diagnosis.verdict == Verdict::Denied && cause == Some(&TOKEN_TYPE) {
            out.push(entry(endpoint, Half::of(&diagnosis)));
        }
    }
    Ok(out)
}

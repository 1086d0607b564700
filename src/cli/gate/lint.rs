//! `gate --lint`: a manifest read and nothing judged; everything that is wrong or open in it, each with its line.

use super::app::{empty, placed, targets};
use super::{Run, faults, hint};
use why401_core::finding::{
    Blank, ENDPOINT_UNKNOWN, Entry, GatedApp, Judged as Half, NOTE_UNPUBLISHED_SCOPE, Outcome, Step,
};
use why401_core::gate::{self, App};
use why401_core::table::Table;

/// Reads an app and judges nothing: what is wrong with it, what is not published, and what is to be filled in.
pub(super) fn lint(run: &Run<'_>, app: &App) -> GatedApp {
    let mut out = empty(app);
    let mut flaws = app.flaws.clone();
    flaws.extend(targets(app).err().into_iter().flatten());
    match run.providers(app) {
        Ok(bench) => {
            let table = bench.table();
            flaws.extend(gate::flaws(app, table));
            out.checks = open(app, table);
            let (mistyped, other) = gate::unknown_names(app, table)
                .into_iter()
                .partition::<Vec<_>, _>(|own| own.mistyped);
            out.checks.extend(mistyped.into_iter().map(name));
            out.notes = other.into_iter().map(|own| own.note).collect();
            let unknown = gate::unknown_endpoints(app, table, run.settings.trust);
            out.endpoints = unknown
                .into_iter()
                .map(|flaw| unpublished(app, table, flaw))
                .collect();
        }
        // An endpoint that cannot be read is a flaw already, and keeps the provider from being found.
        Err(failure) if flaws.is_empty() => out.faults.push(placed(app, failure)),
        Err(_) => {}
    }
    flaws.sort_by_key(|flaw| flaw.line);
    out.faults.extend(faults(&flaws));
    for entry in out.checks.iter_mut().chain(&mut out.endpoints) {
        entry.tolerated = gate::tolerates(app, entry.deciding());
    }
    out
}

/// The lines that wait for a value.
fn open(app: &App, table: &Table) -> Vec<Entry> {
    let entry = |blank: Blank| {
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
            ..Half::plain(Outcome::CannotTell, "it is not filled in yet")
        };
        Entry::rule(blank.key, blank.line, judged)
    };
    gate::blanks(app, table).into_iter().map(entry).collect()
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
fn unpublished(app: &App, table: &Table, flaw: gate::Flaw) -> Entry {
    let own = app.endpoints.iter().find(|own| own.line == flaw.line);
    let last = own.and_then(|own| own.url.rsplit('/').find(|word| !word.is_empty()));
    let next = match hint(&flaw.hint) {
        None => Step::Search {
            word: last.unwrap_or_default().to_owned(),
            provider: table.provider.info.id.clone(),
        },
        Some(words) => Step::Remedy(words),
    };
    let judged = Half {
        undecided: vec![gate::ENDPOINT.to_owned()],
        next: vec![next],
        ..Half::because(Outcome::CannotTell, &ENDPOINT_UNKNOWN, flaw.text)
    };
    let mut entry = Entry::rule("endpoint", flaw.line, judged);
    if let Some(own) = own {
        entry.name = format!("{} {}", own.method, own.url);
        entry.optional = own.optional;
    }
    entry
}

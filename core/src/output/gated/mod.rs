//! A gate's run to text, in every format.

mod human;
mod json;
mod markdown;

use super::item::items_of_gate;
use super::step::declare;
use super::{Format, View, github, junit, sarif};
use crate::finding::{Blank, Entry, Gated, GatedApp, Outcome, ScopesFrom, Step};
use std::collections::BTreeSet;

/// Renders a run of the gate.
pub fn render(gated: &Gated, format: Format, view: &View) -> String {
    match format {
        Format::Human => human::gate(gated, view),
        Format::Json => json::gate(gated, &view.given),
        Format::Jsonl => json::lines(gated, &view.given),
        Format::Markdown => markdown::gate(gated),
        Format::Junit => junit::render(&items_of_gate(gated, &view.given)),
        Format::Sarif => sarif::render(&items_of_gate(gated, &view.given)),
        Format::Github => github::render(&items_of_gate(gated, &view.given), &summary(gated)),
    }
}

/// What the run came to, in a sentence.
fn summary(gated: &Gated) -> String {
    let skipped = gated
        .entries()
        .filter(|(_, entry)| entry.is_skipped())
        .count();
    let unjudged = match gated.lint {
        true => (
            gated.unjudged().map(|(_, faults)| faults.len()).sum(),
            "faults",
        ),
        false => (gated.unjudged().count(), "could not be judged"),
    };
    let counts = [
        unjudged,
        (gated.count(Outcome::Fail), "failed"),
        (gated.count(Outcome::CannotTell), "undecided"),
        (skipped, "skipped"),
        (gated.count(Outcome::Pass), "passed"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, word)| match (count, *word) {
            (1, "faults") => "1 fault".to_owned(),
            _ => format!("{count} {word}"),
        })
        .collect();
    match told.is_empty() {
        true => "nothing wrong".to_owned(),
        false if gated.checked_nothing() => format!("no endpoint was checked: {}", told.join(", ")),
        false => told.join(", "),
    }
}

/// What is to be done where no endpoint of an app was decided and the gate passes all the same.
const NOTHING: &str = "This run decided nothing about these endpoints. Declare `kind`, `scopes` and `permissions` in the manifest, or run with --online.";

/// Whether that is to be said of an app.
fn says_nothing(gated: &Gated, app: &GatedApp) -> bool {
    app.checked_nothing() && !gated.lint && gated.exit_code() == 0
}

/// By what the endpoints of an app were decided, and what was not checked; `None` where it has none.
fn checked(app: &GatedApp) -> Option<String> {
    let all = app.endpoints.len();
    let decided = |own: &&Entry| matches!(own.outcome(), Outcome::Pass | Outcome::Fail);
    let decided: Vec<&Entry> = app.endpoints.iter().filter(decided).collect();
    let asked = decided.iter().filter(|own| own.is_asked()).count();
    let by_table = decided.len() - asked;
    let there = app.token.is_some();
    // An opaque token shows nothing to compare.
    let read = app
        .token
        .as_ref()
        .is_some_and(|token| token.form != "opaque");
    let lists = |compared: bool| {
        let own = app.declared.iter().map(|(gate, _)| gate);
        let own = own.filter(|gate| app.compared.contains(gate) == compared);
        let names: Vec<String> = own.map(|gate| format!("{gate}s")).collect();
        names.join(" and ")
    };
    let (lists, unused) = (lists(true), lists(false));
    let told = app
        .token
        .as_ref()
        .is_some_and(|token| token.scopes_from == Some(ScopesFrom::Control));
    let by = match (read, lists.as_str()) {
        _ if told && lists.is_empty() => "the scopes that the server reported".to_owned(),
        _ if told => format!("the scopes that the server reported and the declared {lists}"),
        (true, "") => "the token".to_owned(),
        (true, lists) => format!("the token and the declared {lists}"),
        (false, "") => "the kind of token".to_owned(),
        (false, lists) => format!("the declared {lists}"),
    };
    let mut done = Vec::new();
    let of_all = |count: usize| match (count == all, all) {
        (true, 1) => "1 endpoint".to_owned(),
        (true, 2) => "both endpoints".to_owned(),
        (true, _) => format!("all {all} endpoints"),
        (false, _) => format!("{count} of {all} endpoints"),
    };
    if asked > 0 {
        done.push(format!("{} by asking the server", of_all(asked)));
    }
    if by_table > 0 {
        let against = match app.own {
            true => "what the manifest says is needed",
            false => "the table",
        };
        done.push(format!("{} by {by} against {against}", of_all(by_table)));
    }
    let mut left = Vec::new();
    if !lists.is_empty() && by_table > 0 {
        left.push(format!("whether the {lists} are granted as declared"));
    }
    if !unused.is_empty() && by_table > 0 {
        left.push(format!(
            "the declared {unused}, which nothing here is compared with"
        ));
    }
    if !there {
        left.push("the token (none was read)".to_owned());
    }
    if !app.online {
        left.push("the server (--online asks it)".to_owned());
    } else if by_table > 0 {
        left.push(format!("{} by the server", of_all(by_table)));
    }
    let left = match left.is_empty() {
        true => String::new(),
        false => format!(". Not checked: {}", left.join("; ")),
    };
    let done = match done.is_empty() {
        true => "no endpoint is decided".to_owned(),
        false => done.join(", "),
    };
    (all > 0).then(|| format!("{done}{left}."))
}

/// The lines of the manifest that would decide what is open, for all endpoints of an app.
fn what_decides(app: &GatedApp) -> Option<String> {
    let open = app.entries();
    let open = open.filter(|own| own.outcome() == Outcome::CannotTell);
    let mut lines = BTreeSet::new();
    let mut either = false;
    for step in open.flat_map(|own| &own.deciding().next) {
        if let Step::Declare { blanks, ask } = step {
            lines.extend(blanks.iter().cloned());
            either |= ask;
        }
    }
    let lines: Vec<Blank> = lines.into_iter().collect();
    (!lines.is_empty()).then(|| declare(&lines, either))
}

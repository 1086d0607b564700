//! A gate's run for people: a table an app, with reasons.

use super::{NOTHING, says_nothing, summary};
use crate::finding::{Entry, Gated, GatedApp, Judged, Outcome, RunError};
use crate::output::View;
use crate::output::escape::terminal;
use crate::output::group::certainty;
use crate::output::step::advice;
use crate::output::style::Style;
use std::fmt::Write as _;

pub(super) fn gate(gated: &Gated, view: &View) -> String {
    // Writing to a string cannot fail.
    let mut out = String::new();
    let style = view.style;
    let _ = writeln!(out, "{}: {}", terminal(&gated.manifest), summary(gated));
    if let Some(error) = &gated.error {
        unjudged(&mut out, "the manifest", error, style);
    }
    for app in &gated.apps {
        match &app.error {
            Some(error) => unjudged(&mut out, &app.name, error, style),
            None => one(&mut out, app, view),
        }
        if says_nothing(gated, app) {
            let _ = writeln!(out, "  {}", style.unsure(NOTHING));
        }
    }
    out
}

fn unjudged(out: &mut String, name: &str, error: &RunError, style: Style) {
    let word = style.bad("cannot be judged");
    let _ = writeln!(out, "\n{}: {word}", terminal(name));
    let _ = writeln!(out, "  {}", terminal(&error.message));
    if let Some(hint) = &error.hint {
        let _ = writeln!(out, "  {}", terminal(hint));
    }
}

fn one(out: &mut String, app: &GatedApp, view: &View) {
    let style = view.style;
    if app.entries().next().is_none() {
        let _ = writeln!(
            out,
            "\n{}: nothing wrong in the manifest",
            terminal(&app.name)
        );
        return;
    }
    let _ = writeln!(out, "\n{}", terminal(&headline(app)));
    for (gate, names) in &app.declared {
        let names = names.join(" ");
        let _ = writeln!(out, "  declared, not verified: {gate} {}", terminal(&names));
    }
    let width = app.entries().map(|entry| entry.name.chars().count()).max();
    let mut before = None;
    for own in app.entries() {
        entry(out, own, width.unwrap_or_default().min(60), style);
        let judged = own.deciding();
        // One fault may meet every endpoint: a reason is given once.
        if own.outcome() != Outcome::Pass && before != Some(&judged.message) {
            why(out, own, judged, view);
        }
        halves(out, own);
        before = Some(&judged.message);
    }
    for note in &app.notes {
        let code = style.quiet(note.finding.cause.code);
        let message = terminal(&note.finding.message);
        let _ = writeln!(out, "  {code} (line {}): {message}", note.line);
    }
}

fn headline(app: &GatedApp) -> String {
    let token = app.token.as_ref().filter(|token| token.form != "absent");
    let token = token.map(|token| {
        let kind = token.kind.iter().map(|kind| format!("kind {kind}"));
        let fingerprint = token.fingerprint.clone();
        let expires = token.expires.iter().map(|at| format!("expires {at}"));
        let words = std::iter::once(token.form.clone()).chain(kind);
        words
            .chain(fingerprint)
            .chain(expires)
            .collect::<Vec<_>>()
            .join(" · ")
    });
    let asked = match app.online {
        true => "the server was asked",
        false => "the server was not asked",
    };
    format!(
        "{} ({}): {}; {asked}",
        app.name,
        app.provider.as_deref().unwrap_or("no provider"),
        token.as_deref().unwrap_or("no token"),
    )
}

fn entry(out: &mut String, entry: &Entry, width: usize, style: Style) {
    let word = match entry.word() {
        "cannot-tell" => "undecided",
        word => word,
    };
    let word = format!("{word:11}");
    let word = match entry.outcome() {
        _ if entry.is_skipped() => style.quiet(&word),
        Outcome::Pass => style.good(&word),
        Outcome::Fail => style.bad(&word),
        Outcome::CannotTell | Outcome::NotAsked => style.unsure(&word),
    };
    let judged = entry.deciding();
    let cause = judged.cause.filter(|_| entry.outcome() != Outcome::Pass);
    let reason = match cause {
        Some((cause, sure)) => format!("{} ({})", cause.code, certainty(sure)),
        None => judged.message.clone(),
    };
    let name = terminal(&entry.name);
    let _ = writeln!(out, "  {word} {name:width$}  {}", terminal(&reason));
}

fn why(out: &mut String, entry: &Entry, judged: &Judged, view: &View) {
    let mut say = |text: &str| {
        let _ = writeln!(out, "              {}", terminal(text));
    };
    if judged.cause.is_some() {
        say(&judged.message);
    }
    for fact in judged.telling() {
        say(&fact);
    }
    for (cause, message) in &judged.others {
        say(&format!("or {}: {message}", cause.code));
    }
    if let Some(note) = &entry.note {
        say(&format!("purpose: {note}"));
    }
    if let Some(next) = judged.next.first() {
        let next = advice(next, &judged.subject, &view.given);
        say(&format!("next: {}", next.text));
        if let Some(command) = &next.command {
            say(&format!("  $ {command}"));
        }
    }
}

/// The half that did not decide, where it says something else.
fn halves(out: &mut String, entry: &Entry) {
    let Some(online) = &entry.online else {
        return;
    };
    if online.outcome == Outcome::NotAsked {
        let _ = writeln!(out, "              online: {}", terminal(&online.message));
    } else if online.outcome != entry.offline.outcome {
        let offline = &entry.offline;
        let _ = writeln!(
            out,
            "              offline: {}: {}",
            offline.outcome.word(),
            terminal(&offline.message)
        );
    }
}

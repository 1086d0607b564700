//! A gate's run for a ticket or the summary of a CI run.

use super::{NOTHING, checked, says_nothing, summary, what_decides};
use crate::finding::{Fault, Gated, GatedApp, Judged};
use crate::output::span::{cell, code, sentence};
use std::fmt::Write as _;

pub(super) fn gate(gated: &Gated) -> String {
    // Writing to a string cannot fail.
    let mut out = String::new();
    let _ = writeln!(out, "**{}: {}**", code(&gated.manifest), summary(gated));
    if !gated.faults.is_empty() {
        out.push_str("\nThe manifest cannot be judged:\n\n");
        faults(&mut out, &gated.faults);
    }
    for app in &gated.apps {
        let _ = writeln!(out, "\n### {}\n", code(&app.name));
        if !app.faults.is_empty() {
            out.push_str("Cannot be judged:\n\n");
            faults(&mut out, &app.faults);
        }
        if app.faults.is_empty() || gated.lint && app.entries().next().is_some() {
            one(&mut out, app);
        }
        if let Some(text) = what_decides(app) {
            let _ = writeln!(out, "\nTo decide it: {}", sentence(&text));
        }
        if let Some(text) = checked(app).filter(|_| !gated.lint) {
            let _ = writeln!(out, "\nChecked: {text}");
        }
        if says_nothing(gated, app) {
            let _ = writeln!(out, "\n{NOTHING}");
        }
    }
    out
}

fn faults(out: &mut String, faults: &[Fault]) {
    for fault in faults {
        let hint = fault.error.hint.iter();
        let hint: String = hint.map(|hint| format!(" ({})", sentence(hint))).collect();
        let _ = writeln!(out, "- {}{hint}", sentence(&fault.error.message));
    }
}

fn one(out: &mut String, app: &GatedApp) {
    for (gate, names) in &app.declared {
        let _ = writeln!(
            out,
            "Declared, not verified: {} {}\n",
            sentence(gate),
            code(&names.join(" "))
        );
    }
    out.push_str("| | endpoint | offline | online | why |\n|---|---|---|---|---|\n");
    for entry in app.entries() {
        let judged = entry.deciding();
        let cause = judged
            .cause
            .map(|(cause, _)| format!("{}: ", code(cause.code)));
        let online = entry.online.as_ref().map(|online| online.outcome.word());
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {}{} |",
            entry.word(),
            cell(&code(&entry.name)),
            entry.offline.outcome.word(),
            online.unwrap_or("–"),
            cause.unwrap_or_default(),
            cell(&sentence(&told(judged)))
        );
    }
    for note in &app.notes {
        let (code, text) = (
            code(note.finding.cause.code),
            sentence(&note.finding.message),
        );
        let _ = writeln!(out, "\n- {code}, line {}: {text}", note.line);
    }
}

/// The reason, with the other candidates by their codes.
fn told(judged: &Judged) -> String {
    let others = judged.others.iter();
    let others = others.map(|(cause, _)| format!(" Or {}.", cause.code));
    std::iter::once(judged.message.clone())
        .chain(others)
        .collect()
}

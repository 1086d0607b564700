//! A gate's run for a ticket or the summary of a CI run.

use super::{NOTHING, says_nothing, summary};
use crate::finding::{Gated, GatedApp, Judged};
use crate::output::markdown::{cell, code, sentence};
use std::fmt::Write as _;

pub(super) fn gate(gated: &Gated) -> String {
    // Writing to a string cannot fail.
    let mut out = String::new();
    let _ = writeln!(out, "**{}: {}**", code(&gated.manifest), summary(gated));
    if let Some(error) = &gated.error {
        let _ = writeln!(
            out,
            "\nThe manifest cannot be judged: {}",
            sentence(&error.message)
        );
    }
    for app in &gated.apps {
        let _ = writeln!(out, "\n### {}\n", code(&app.name));
        match &app.error {
            Some(error) => {
                let _ = writeln!(out, "Cannot be judged: {}", sentence(&error.message));
            }
            None => one(&mut out, app),
        }
        if says_nothing(gated, app) {
            let _ = writeln!(out, "\n{NOTHING}");
        }
    }
    out
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

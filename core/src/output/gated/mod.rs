//! A gate's run to text, in every format.

mod human;
mod json;
mod markdown;

use super::item::items_of_gate;
use super::{Format, View, github, junit, sarif};
use crate::finding::{Gated, GatedApp, Outcome};

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
    let counts = [
        (gated.errors().count(), "could not be judged"),
        (gated.count(Outcome::Fail), "failed"),
        (gated.count(Outcome::CannotTell), "undecided"),
        (skipped, "skipped"),
        (gated.count(Outcome::Pass), "passed"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, word)| format!("{count} {word}"))
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

//! What a vendor changed.

use super::{alternatives, listing};
use crate::output::Format;
use crate::output::sheet::Sheet;
use crate::table::{Diff, Partly, Rule};
use serde_json::{Value, json};

/// What one table has and another has not, with a remark for people.
pub fn changes(diff: &Diff, remark: &str, format: Format) -> String {
    let row = |change: &str, rule: &Rule, was: Option<&Rule>| {
        json!({
            "change": change, "method": rule.method, "path": rule.path,
            "need": rule.need, "was": was.map(|was| &was.need),
            "doubt": rule.doubt, "doubt_was": was.map(|was| &was.doubt),
        })
    };
    let added = diff.added.iter().map(|rule| row("added", rule, None));
    let removed = diff.removed.iter().map(|rule| row("removed", rule, None));
    let pair =
        |change: &'static str| move |(was, rule): &(Rule, Rule)| row(change, rule, Some(was));
    let changed = diff.changed.iter().map(pair("changed"));
    let doubted = diff.doubted.iter().map(pair("doubt"));
    let rows: Vec<Value> = added.chain(removed).chain(changed).chain(doubted).collect();
    listing("changes", &rows, format, || page(diff, remark))
}

fn page(diff: &Diff, remark: &str) -> Sheet {
    let mut out = Sheet::new(4);
    for rule in &diff.added {
        out.row(format!("+ {}  {}", rule.name(), needs(rule)));
    }
    for rule in &diff.removed {
        out.row(format!("- {}  {}", rule.name(), needs(rule)));
    }
    for (was, rule) in &diff.changed {
        out.row(format!("~ {}", rule.name()));
        out.pair("  was", format!(" {}", needs(was)));
        out.pair("  now", format!(" {}", needs(rule)));
    }
    for (was, rule) in &diff.doubted {
        out.row(format!("? {}", rule.name()));
        out.pair("  was", format!(" {}", doubts(was)));
        out.pair("  now", format!(" {}", doubts(rule)));
    }
    out.text(format!(
        "{} added, {} removed, {} changed, {} with other doubts, {} the same",
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len(),
        diff.doubted.len(),
        diff.same
    ));
    if !remark.is_empty() {
        out.text(remark);
    }
    out
}

/// A row's requirement and state in one line.
fn needs(rule: &Rule) -> String {
    let kinds = rule.need.iter().map(|(kind, gates)| {
        let gates: Vec<String> = gates
            .iter()
            .map(|(gate, need)| format!("{gate} {}", alternatives(need)))
            .collect();
        match gates.is_empty() {
            true => format!("{kind}: nothing more"),
            false => format!("{kind}: {}", gates.join(", ")),
        }
    });
    let mut parts: Vec<String> = kinds.collect();
    if !rule.deny.is_empty() {
        parts.push(format!("closed to {}", rule.deny.join(", ")));
    }
    if rule.unknown {
        parts.push("not known".to_owned());
    }
    if rule.deprecated {
        parts.push("deprecated".to_owned());
    }
    parts.extend(rule.partly.iter().map(in_one_case));
    if !rule.doubt.is_empty() {
        parts.push(doubts(rule));
    }
    parts.join("; ")
}

/// `public_repo is enough where the repository is public`.
fn in_one_case(partly: &Partly) -> String {
    let names = match partly.has.is_empty() {
        true => "nothing".to_owned(),
        false => partly.has.join(" and "),
    };
    format!("{names} is enough where {}", partly.when)
}

/// What is doubtful about a row, in one line.
fn doubts(rule: &Rule) -> String {
    match rule.doubt.is_empty() {
        true => "no doubt".to_owned(),
        false => format!("doubtful: {}", rule.doubt.join("; ")),
    }
}

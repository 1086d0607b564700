//! What a vendor changed.

use super::{alternatives, listing};
use crate::output::Format;
use crate::output::sheet::Sheet;
use crate::table::{Diff, Rule};
use serde_json::{Value, json};

/// What one table has and another has not, with a remark for people.
pub fn changes(diff: &Diff, remark: &str, format: Format) -> String {
    let row = |change: &str, rule: &Rule, was: Option<&Rule>| json!({ "change": change, "method": rule.method, "path": rule.path, "need": rule.need, "was": was.map(|was| &was.need) });
    let added = diff.added.iter().map(|rule| row("added", rule, None));
    let removed = diff.removed.iter().map(|rule| row("removed", rule, None));
    let changed = diff.changed.iter();
    let changed = changed.map(|(was, rule)| row("changed", rule, Some(was)));
    let rows: Vec<Value> = added.chain(removed).chain(changed).collect();
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
    out.text(format!(
        "{} added, {} removed, {} changed, {} the same",
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len(),
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
    parts.join("; ")
}

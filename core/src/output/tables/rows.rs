//! Operations: a few with all that is known of them, many in a line each.

use super::{alternatives, listing};
use crate::output::Format;
use crate::output::sheet::{Sheet, WIDTH};
use crate::output::wrap::cut;
use crate::table::{Rule, Table, Trust};
use serde_json::{Value, json};

/// So many operations are shown to a person.
const SHOWN: usize = 20;

/// A search shows so many ways to open an operation.
const WAYS: usize = 3;

/// An operation, and the table that has it.
pub type Row<'r> = (&'r Table, &'r Rule);

/// Operations with all that is known of them; too many of them, or some of which one was meant, in a line each.
pub fn rows(rows: &[Row<'_>], format: Format) -> String {
    listing("rows", &values(rows), format, || {
        let mut out = Sheet::new(20);
        let first = rows.first().map(|(table, _)| id(table));
        let several = rows.iter().any(|(table, _)| Some(id(table)) != first);
        let mut last = "";
        for (table, rule) in rows {
            if several && id(table) != last {
                last = id(table);
                out.text(last);
            }
            describe(&mut out, table, rule);
        }
        out
    })
}

/// Operations of which one was meant, and nothing says which.
pub fn candidates(rows: &[Row<'_>], format: Format) -> String {
    listing("rows", &values(rows), format, || {
        let mut out = listed(rows);
        out.text("several operations fit: add --provider ID, or give METHOD and path");
        out
    })
}

/// What a search found, the best first.
pub fn found(rows: &[Row<'_>], format: Format) -> String {
    listing("rows", &values(rows), format, || match rows {
        [] => {
            let mut out = Sheet::new(0);
            out.text("no operation contains all these words");
            out.text("Try fewer words, or a part of the path. `why401 tables list` names the providers; `why401 tables who NAME` finds what a scope opens.");
            out
        }
        [(table, rule)] => {
            let mut out = Sheet::new(20);
            describe(&mut out, table, rule);
            out
        }
        _ => listed(rows),
    })
}

/// No operation fits; what a person may try.
pub fn none(more: &[String], format: Format) -> String {
    listing("rows", &[], format, || {
        let mut out = Sheet::new(0);
        out.text("the table has no such operation");
        for line in more {
            out.text(&**line);
        }
        out
    })
}

/// Whether so many operations are shown in a line each.
pub fn is_many(count: usize) -> bool {
    count > SHOWN
}

fn id(table: &Table) -> &str {
    &table.provider.info.id
}

fn name(table: &Table, rule: &Rule) -> String {
    let reported = match table.is_reported(rule) {
        true => "  (reported, not published)",
        false => "",
    };
    let old = if rule.deprecated {
        "  (deprecated)"
    } else {
        ""
    };
    rule.name() + reported + old
}

fn describe(out: &mut Sheet, table: &Table, rule: &Rule) {
    out.title(name(table, rule));
    for (kind, gates) in &rule.need {
        let needs: Vec<String> = gates
            .iter()
            .map(|(gate, need)| format!("{gate}: {}", alternatives(need)))
            .collect();
        let needs = match needs.as_slice() {
            _ if rule.deny.contains(kind) => "cannot call it".to_owned(),
            [] if rule.is_silent_for(kind) => "not known".to_owned(),
            [] => nothing(table, rule),
            needs => needs.join("; "),
        };
        out.pair(&**kind, needs);
    }
    for doubt in &rule.doubt {
        out.pair("doubt", &**doubt);
    }
    if let Some(source) = table.source_of(rule) {
        let trust = rule.trust.or(source.trust).map_or("-", Trust::letter);
        let date = source.date.as_deref().unwrap_or("no date");
        let address = source.address();
        out.pair("source", format!("{address} ({date}, trust {trust})"));
    }
}

/// A line for each operation, and how many are not shown.
fn listed(rows: &[Row<'_>]) -> Sheet {
    let mut out = Sheet::new(0);
    for (table, rule) in rows.iter().take(SHOWN) {
        let (id, name) = (id(table), name(table, rule));
        let line = format!("{id:14} {name}  {}", ways(table, rule));
        out.row(cut(&line, WIDTH));
    }
    if is_many(rows.len()) {
        let more = rows.len() - SHOWN;
        out.text(format!("{more} more; --format jsonl has them all"));
    }
    out
}

/// What the provider's usual kind of token needs, in a few words.
fn ways(table: &Table, rule: &Rule) -> String {
    let usual = table.provider.info.default_kind.as_deref();
    let admitted = |kind: &&String| !rule.deny.contains(*kind);
    let kinds = || rule.need.keys().filter(admitted);
    let kind = kinds().find(|kind| Some(kind.as_str()) == usual);
    let gates = kind
        .or_else(|| kinds().next())
        .and_then(|kind| rule.need.get(kind));
    let Some(gates) = gates else {
        return "not known".to_owned();
    };
    let mut out = Vec::new();
    for need in gates.values() {
        let more = if need.len() > WAYS { " | ..." } else { "" };
        let first = need.iter().take(WAYS).map(|set| {
            let names: Vec<&str> = set.iter().map(|name| short(name)).collect();
            names.join(" and ")
        });
        out.push(first.collect::<Vec<_>>().join(" | ") + more);
    }
    match (out.is_empty(), rule.unknown) {
        (true, true) => "not known".to_owned(),
        (true, false) => nothing(table, rule),
        _ => out.join("; "),
    }
}

/// What a kind needs of which the row names nothing: one report may not have told all.
fn nothing(table: &Table, rule: &Rule) -> String {
    match table.is_reported(rule) {
        true => "none reported".to_owned(),
        false => "nothing more".to_owned(),
    }
}

/// A name that is an address, as people call it: its last part.
fn short(name: &str) -> &str {
    let address = name.starts_with("https://") || name.starts_with("http://");
    let last = name.trim_end_matches('/').rsplit('/').next();
    last.filter(|_| address).unwrap_or(name)
}

/// Rows as the documents have them, with whose they are.
fn values(rows: &[Row<'_>]) -> Vec<Value> {
    let value = |(table, rule): &Row<'_>| {
        let mut row = json!(rule);
        row["provider"] = id(table).into();
        row
    };
    rows.iter().map(value).collect()
}

//! `why401 tables diff` and `update`: what a vendor changed, for review before it is taken over.

use super::import::{convert, documents};
use super::{alternatives, render};
use crate::cli::Answer;
use crate::cli::args::{ImportKind, UpdateArgs};
use crate::cli::error::Failure;
use crate::cli::job::{self, Settings};
use crate::sink;
use crate::source;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use why401_core::output::escape;
use why401_core::scope::Reading;
use why401_core::table::{self, Diff, Rule, Table};

pub(super) fn diff(settings: &Settings, old: &Path, new: &Path) -> Result<Answer, Failure> {
    let id = settings.provider.as_deref();
    let (old, new) = (job::read_table(old, id)?, job::read_table(new, id)?);
    Ok(Answer::clear(shown(settings, &table::diff(&old, &new), "")))
}

pub(super) fn update(settings: &Settings, args: &UpdateArgs) -> Result<Answer, Failure> {
    let shipped = || table::shipped_file(&args.provider);
    let own = args.out.as_deref().map(|out| out.join("provider.toml"));
    let own = own.map(|path| source::text_if_there(&path, "provider.toml of the table"));
    let file = own.transpose()?.flatten().or_else(shipped).ok_or_else(|| {
        Failure::usage(
            "no table has the provider id that was given",
            "for a new provider use `tables import`",
        )
    })?;
    let old_rows = args.out.as_deref().map(|out| out.join("rules.ndjson"));
    let old_rows = old_rows.map(|path| source::text_if_there(&path, "rules.ndjson of the table"));
    let old = match old_rows.transpose()?.flatten() {
        Some(rows) => Table::read(&file, &rows)?,
        None => match table::shipped(&args.provider).transpose()? {
            Some(table) => table,
            None => Table::read(&file, "")?,
        },
    };
    let source = old.provider.source.first();
    let kind = kind_of(source.map_or("", |s| s.kind.as_str()));
    let reading = source.and_then(|s| s.lists).unwrap_or(Reading::Unclear);
    let files = documents(&args.from)?;
    let imported = convert(kind, &files, Some(&old.provider), reading, &args.from);
    if imported.rules.is_empty() {
        let (place, why) = imported.doubts.first().cloned().unwrap_or_default();
        return Err(Failure::new(
            "input",
            format!("nothing could be imported: {place} {why}"),
            Some("give documents of the kind that the table was made from"),
        ));
    }
    let rows = table::lines(&imported.rules);
    let new = Table::read(&file, &rows)?;
    let remark = match &args.out {
        Some(_) => "written; set the date and version of the source in provider.toml\n",
        None => "nothing was written: add --out DIR to write the table\n",
    };
    let text = shown(settings, &table::diff(&old, &new), remark);
    if let Some(out) = &args.out {
        sink::file(&out.join("rules.ndjson"), &rows)?;
        sink::file(&out.join("provider.toml"), &file)?;
    }
    Ok(Answer::clear(text))
}

/// The importer that a source was read with, by the kind it declares.
fn kind_of(kind: &str) -> ImportKind {
    match kind {
        "kibali" => ImportKind::Msgraph,
        "google-discovery" => ImportKind::GoogleDiscovery,
        "csv" => ImportKind::Csv,
        _ => ImportKind::Openapi,
    }
}

fn shown(settings: &Settings, diff: &Diff, remark: &str) -> String {
    let row = |change: &str, rule: &Rule, was: Option<&Rule>| json!({ "change": change, "method": rule.method, "path": rule.path, "need": rule.need, "was": was.map(|was| &was.need) });
    let mut rows: Vec<Value> = diff
        .added
        .iter()
        .map(|rule| row("added", rule, None))
        .collect();
    rows.extend(diff.removed.iter().map(|rule| row("removed", rule, None)));
    rows.extend(
        diff.changed
            .iter()
            .map(|(was, rule)| row("changed", rule, Some(was))),
    );
    render(settings, "changes", &rows, || {
        let mut out = String::new();
        for rule in &diff.added {
            let _ = writeln!(out, "+ {}  {}", rule.name(), needs(rule));
        }
        for rule in &diff.removed {
            let _ = writeln!(out, "- {}  {}", rule.name(), needs(rule));
        }
        for (was, rule) in &diff.changed {
            let _ = writeln!(
                out,
                "~ {}\n    was  {}\n    now  {}",
                rule.name(),
                needs(was),
                needs(rule)
            );
        }
        let _ = writeln!(
            out,
            "{} added, {} removed, {} changed, {} the same",
            diff.added.len(),
            diff.removed.len(),
            diff.changed.len(),
            diff.same
        );
        escape::terminal_lines(&(out + remark))
    })
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

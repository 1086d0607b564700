//! `why401 tables`: what the tables hold, and what can be asked of them.

mod import;
mod list;
mod questions;
mod rows;
mod update;

use super::Answer;
use super::args::TablesCommand;
use super::error::Failure;
use super::job::{self, Settings};
use crate::cli::counted;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use why401_core::output::{Format, escape, json};
use why401_core::table::{self, Complaint, Rule, Table};
use why401_core::triage::Product;

/// Answers `tables`.
pub(super) fn tables(settings: &Settings, command: &TablesCommand) -> Result<Answer, Failure> {
    match command {
        TablesCommand::List => list::list(settings),
        TablesCommand::Show { operation } => rows::show(settings, operation),
        TablesCommand::Search { words } => rows::search(settings, words),
        TablesCommand::Who { scope } => questions::who(settings, scope),
        TablesCommand::Open(args) => questions::open(settings, args),
        TablesCommand::Lint => lint(settings),
        TablesCommand::Import(args) => import::import(settings, args),
        TablesCommand::Diff { old, new } => update::diff(settings, old, new),
        TablesCommand::Update(args) => update::update(settings, args),
    }
}

/// The tables a command is about: the provider's, the ones given, else all shipped ones.
pub(super) fn in_force(settings: &Settings) -> Result<Vec<Arc<Product>>, Failure> {
    let providers = job::providers(settings)?;
    if settings.provider.is_some() {
        return Ok(providers.judge_of(None)?.into_iter().collect());
    }
    if !settings.tables.is_empty() {
        let own = settings.tables.iter();
        let own = own.map(|path| Ok(Arc::new(Product::of(job::read_table(path, None)?))));
        return own.collect();
    }
    let shipped = table::names().map(|id| providers.get(id));
    Ok(shipped
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?)
}

fn envelope(name: &str, value: &Value) -> Value {
    json!({ "schema": "why401.tables/1", "tool": json::tool(), name: value })
}

fn render(
    settings: &Settings,
    name: &str,
    rows: &[Value],
    human: impl FnOnce() -> String,
) -> String {
    match settings.format {
        Format::Json => json::text(&envelope(name, &Value::from(rows.to_vec()))),
        Format::Jsonl => rows.iter().map(json::line).collect(),
        _ => human(),
    }
}

fn describe(table: &Table, rules: &[Rule]) -> String {
    let mut out = String::new();
    for rule in rules {
        let _ = writeln!(
            out,
            "{}{}",
            rule.name(),
            if rule.deprecated {
                "  (deprecated)"
            } else {
                ""
            }
        );
        for (kind, gates) in &rule.need {
            let needs: Vec<String> = gates
                .iter()
                .map(|(gate, need)| format!("{gate}: {}", alternatives(need)))
                .collect();
            let needs = match needs.as_slice() {
                [] if rule.is_silent_for(kind) => "not known".to_owned(),
                [] => "nothing more".to_owned(),
                needs => needs.join("; "),
            };
            let _ = writeln!(out, "  {kind:20} {needs}");
        }
        for doubt in &rule.doubt {
            let _ = writeln!(out, "  doubt                {doubt}");
        }
        if let Some(source) = table.source_of(rule) {
            let trust = rule
                .trust
                .or(source.trust)
                .map_or("-", table::Trust::letter);
            let _ = writeln!(
                out,
                "  source               {} ({}, trust {trust})",
                source.address(),
                source.date.as_deref().unwrap_or("no date")
            );
        }
    }
    escape::terminal_lines(&out)
}

fn alternatives(need: &[Vec<String>]) -> String {
    if need.is_empty() {
        return "not known".to_owned();
    }
    need.iter()
        .map(|set| set.join(" and "))
        .collect::<Vec<_>>()
        .join(" | ")
}

/// So many operations are shown to a person.
const SHOWN: usize = 20;

fn lint(settings: &Settings) -> Result<Answer, Failure> {
    let today = job::today(settings);
    let tables = in_force(settings)?;
    let complaints: Vec<Complaint> = tables
        .iter()
        .flat_map(|product| {
            let id = product.id();
            let within = move |c: Complaint| Complaint {
                place: format!("{id}: {}", c.place),
                ..c
            };
            table::lint(&product.table, &today).into_iter().map(within)
        })
        .collect();
    let errors = complaints.iter().filter(|c| c.severity == "error").count();
    let rows: Vec<Value> = complaints.iter().map(|c| json!(c)).collect();
    let human = || {
        let lines: String = complaints
            .iter()
            .map(|c| format!("{}: {}: {}\n", c.severity, c.place, c.message))
            .collect();
        escape::terminal_lines(&format!(
            "{lines}{}, {}\n",
            counted(errors, "error"),
            counted(complaints.len() - errors, "warning")
        ))
    };
    let text = render(settings, "complaints", &rows, human);
    Ok(Answer::coded(text, u8::from(errors > 0)))
}

//! The providers, with rows, sources and dates; as Markdown, the page `docs/providers.md`.

use super::listing;
use crate::output::Format;
use crate::output::sheet::Sheet;
use crate::scope::ListReading;
use crate::table::{ProviderInfo, Source, Table, Trust};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What a table holds.
struct Content {
    rows: usize,
    /// Rows that ask for something.
    required: usize,
    unknown: usize,
    anonymous: usize,
    /// Rows with a doubt.
    doubtful: usize,
}

impl Content {
    fn of(table: &Table) -> Self {
        let mut out = Self {
            rows: 0,
            required: 0,
            unknown: 0,
            anonymous: 0,
            doubtful: 0,
        };
        for rule in table.rules() {
            out.rows += 1;
            out.required += usize::from(rule.need.values().any(|gates| !gates.is_empty()));
            out.unknown += usize::from(rule.unknown);
            out.anonymous += usize::from(rule.is_anonymous());
            out.doubtful += usize::from(!rule.doubt.is_empty() || rule.sem == ListReading::Unclear);
        }
        out
    }
}

/// Tables by their providers, those without rows last. `today` is a date, against which sources are old.
pub fn list(tables: &[&Table], today: &str, format: Format) -> String {
    let (with, without): (Vec<&Table>, Vec<&Table>) =
        tables.iter().partition(|table| !table.is_empty());
    if format == Format::Markdown {
        return markdown(&with, &without);
    }
    let rows: Vec<Value> = tables.iter().map(|table| value(table, today)).collect();
    listing("tables", &rows, format, || page(&with, &without, today))
}

fn value(table: &Table, today: &str) -> Value {
    let provider = &table.provider;
    let sources: Vec<Value> = provider.source.iter().map(|s| json!({ "id": s.id, "from": s.from, "date": s.date, "trust": s.trust, "licence": s.licence, "age_days": s.age(today), "old": s.is_old(today), "lists": s.lists, "lists_why": s.lists_why })).collect();
    let kinds: Vec<&str> = provider.kind.iter().map(|k| k.id.as_str()).collect();
    let held = Content::of(table);
    json!({
        "id": provider.info.id, "name": provider.info.name, "docs": provider.info.docs, "rows": held.rows, "required": held.required,
        "unknown": held.unknown, "anonymous": held.anonymous, "doubtful": held.doubtful, "partial": provider.info.partial,
        "refusals": table.signatures().len(), "date": table.date(), "kinds": kinds, "hosts": table.places().len(), "sources": sources,
    })
}

fn page(with: &[&Table], without: &[&Table], today: &str) -> Sheet {
    let mut out = Sheet::new(14);
    for table in with {
        let info = &table.provider.info;
        out.row(format!(
            "{:16} {:6} rows  table of {}  {}",
            info.id,
            table.len(),
            table.date().unwrap_or("unknown date"),
            info.name
        ));
        if let Some(partial) = &info.partial {
            out.pair("", format!("partial: {partial}"));
        }
        for source in &table.provider.source {
            let trust = source.trust.map_or("-", Trust::letter);
            let date = source.date.as_deref().unwrap_or("no date   ");
            let address = source.address();
            let age = age(source, today);
            out.pair("", format!("trust {trust}  {date}  {address}{age}"));
        }
    }
    if !without.is_empty() {
        let ids: Vec<&str> = without
            .iter()
            .map(|t| t.provider.info.id.as_str())
            .collect();
        out.blank();
        out.text(format!(
            "known by their refusals only, without rows: {}",
            ids.join(", ")
        ));
    }
    out
}

/// A warning where a source is older than it is good for.
fn age(source: &Source, today: &str) -> String {
    match source.age(today).filter(|_| source.is_old(today)) {
        Some(days) => format!("  OLD: {days} days; update it with `why401 tables update`"),
        None => String::new(),
    }
}

fn markdown(with: &[&Table], without: &[&Table]) -> String {
    let mut out = String::from(
        "# Providers\n\nWritten by `why401 tables list --format markdown`. *Required*: operations that need a scope, permission or role. *Unknown*: operations of which no source says, or not for every kind of token, what they need. *Doubtful*: operations of which the source contradicts itself, or leaves open how its list is meant.\n\n| provider | id | operations | required | unknown | doubtful | table of | lists are read as | licence of the source |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    let cell = |text: &str| text.replace('|', "\\|");
    for table in with {
        let info = &table.provider.info;
        let held = Content::of(table);
        let source = table.provider.source.iter().find(|s| !s.is_report());
        let lists = source
            .and_then(|s| s.lists)
            .map(reading)
            .unwrap_or_default();
        let licence = source
            .and_then(|s| s.licence.as_deref())
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {} | {} | {} | {} | {lists} | {} |",
            cell(&linked(info)),
            info.id,
            held.rows,
            held.required,
            held.unknown,
            held.doubtful,
            table.date().unwrap_or("?"),
            cell(licence.split(';').next().unwrap_or_default())
        );
    }
    out.push_str("\n## Where the rows come from, and what is missing\n\n");
    for table in with {
        let info = &table.provider.info;
        let Some(source) = table.provider.source.iter().find(|s| !s.is_report()) else {
            continue;
        };
        let _ = writeln!(out, "- **{}**: {}.", info.name, source.address());
        if let Some(why) = &source.lists_why {
            let _ = writeln!(out, "  Reading of lists: {why}.");
        }
        if let Some(partial) = &info.partial {
            let _ = writeln!(out, "  The table {partial}.");
        }
    }
    let _ = write!(
        out,
        "\n## Known by their refusals only\n\nThese have no rows; `explain` knows the wordings of their refusals: "
    );
    let names: Vec<String> = without
        .iter()
        .map(|t| format!("{} (`{}`)", linked(&t.provider.info), t.provider.info.id))
        .collect();
    let _ = writeln!(out, "{}.", names.join(", "));
    out
}

/// The provider's name, as a link to its documentation where that is known.
fn linked(info: &ProviderInfo) -> String {
    match &info.docs {
        Some(docs) => format!("[{}]({docs})", info.name),
        None => info.name.clone(),
    }
}

fn reading(reading: ListReading) -> &'static str {
    match reading {
        ListReading::All => "all of them",
        ListReading::Any => "any one of them",
        ListReading::When => "the one that fits the case",
        ListReading::Unclear => "unclear",
    }
}

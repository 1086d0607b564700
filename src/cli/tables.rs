//! `why401 tables`: list, show, search, lint and import.

use super::args::{ImportArgs, ImportKind, ReadingArg, TablesCommand};
use super::error::Failure;
use super::job::{self, Settings};
use super::{Answer, sink};
use crate::finding::Verdict;
use crate::http::Target;
use crate::input::source;
use crate::output::{Format, escape, json};
use crate::scope::Reading;
use crate::table::import::{self, Document, Imported, Options};
use crate::table::{self, Complaint, Match, Rule, Table};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Answers `tables`.
pub(super) fn tables(settings: &Settings, command: &TablesCommand) -> Result<Answer, Failure> {
    match command {
        TablesCommand::List => list(settings),
        TablesCommand::Show { method, path } => show(settings, method, path),
        TablesCommand::Search { words } => search(settings, words),
        TablesCommand::Lint => lint(settings),
        TablesCommand::Import(args) => import(settings, args),
    }
}

/// The tables a command is about: the provider's, the ones given, else all shipped ones.
fn in_force(settings: &Settings) -> Result<Vec<Table>, Failure> {
    if settings.provider.is_some() {
        return Ok(job::table_for(settings, None)?.into_iter().collect());
    }
    if !settings.tables.is_empty() {
        return settings
            .tables
            .iter()
            .map(|path| job::read_table(path))
            .collect();
    }
    table::names()
        .filter_map(table::shipped)
        .map(|read| Ok(read?))
        .collect()
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
        Format::Human | Format::Markdown => human(),
        Format::Json => json::text(&envelope(name, &Value::from(rows.to_vec()))),
        Format::Jsonl => rows.iter().map(json::line).collect(),
    }
}

fn list(settings: &Settings) -> Result<Answer, Failure> {
    let tables = in_force(settings)?;
    let rows: Vec<Value> = tables
        .iter()
        .map(|t| {
            let sources: Vec<Value> = t.provider.source.iter().map(|s| json!({ "id": s.id, "from": s.from, "date": s.date, "trust": s.trust, "licence": s.licence })).collect();
            let kinds: Vec<&str> = t.provider.kind.iter().map(|k| k.id.as_str()).collect();
            json!({ "id": t.provider.provider.id, "name": t.provider.provider.name, "rows": t.len(), "date": t.date(), "kinds": kinds, "hosts": t.places().len(), "sources": sources })
        })
        .collect();
    let human = || {
        let mut out = String::new();
        for table in &tables {
            let info = &table.provider.provider;
            let _ = writeln!(
                out,
                "{:16} {:6} rows  table of {}  {}",
                info.id,
                table.len(),
                table.date().unwrap_or("unknown date"),
                info.name
            );
            for source in &table.provider.source {
                let trust = source.trust.map_or("-", table::Trust::letter);
                let _ = writeln!(
                    out,
                    "                 trust {trust}  {}  {}",
                    source.date.as_deref().unwrap_or("no date   "),
                    source.address()
                );
            }
        }
        escape::terminal_lines(&out)
    };
    Ok(Answer::clear(render(settings, "tables", &rows, human)))
}

fn rows(rules: &[Rule]) -> Vec<Value> {
    rules.iter().map(|rule| json!(rule)).collect()
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
            let _ = writeln!(
                out,
                "  {kind:20} {}",
                if needs.is_empty() {
                    "nothing more".to_owned()
                } else {
                    needs.join("; ")
                }
            );
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
    need.iter()
        .map(|set| set.join(" and "))
        .collect::<Vec<_>>()
        .join(" | ")
}

fn show(settings: &Settings, method: &str, path: &str) -> Result<Answer, Failure> {
    let target = Target::parse(method, path)?;
    let table = job::table_for(settings, Some(&target))?
        .ok_or_else(|| Failure::usage("no table speaks of this host", "add --provider ID"))?;
    let Match::Found(found) = table.find(
        &target.method,
        target.host.as_deref(),
        &target.path,
        settings.trust,
    ) else {
        let near = table.near(&target.method, &target.path, 5);
        let human = || {
            let lines: String = near
                .iter()
                .map(|n| format!("near: {} {}\n", n.method, n.path))
                .collect();
            escape::terminal_lines(&format!("no row of the table fits\n{lines}"))
        };
        return Ok(Answer::coded(
            render(settings, "rows", &[], human),
            Verdict::Unknown.exit_code(),
        ));
    };
    let rule = found.rule;
    let rules = [rule];
    Ok(Answer::clear(render(
        settings,
        "rows",
        &rows(&rules),
        || describe(&table, &rules),
    )))
}

fn search(settings: &Settings, words: &[String]) -> Result<Answer, Failure> {
    let words: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
    let mut found: Vec<(Table, Vec<Rule>)> = Vec::new();
    for table in in_force(settings)? {
        let hits = table.rules().filter(|rule| {
            let text = format!(
                "{} {} {} {}",
                rule.name(),
                rule.op.as_deref().unwrap_or_default(),
                names_of(rule),
                table.provider.provider.id
            )
            .to_lowercase();
            words.iter().all(|word| text.contains(word))
        });
        let hits: Vec<Rule> = hits.collect();
        found.push((table, hits));
    }
    let all: Vec<Value> = found.iter().flat_map(|(_, rules)| rows(rules)).collect();
    let human = || {
        let count = all.len();
        let text: String = found
            .iter()
            .map(|(table, rules)| describe(table, rules))
            .collect();
        format!("{text}{count} row(s)\n")
    };
    Ok(Answer::clear(render(settings, "rows", &all, human)))
}

fn names_of(rule: &Rule) -> String {
    rule.need
        .values()
        .flat_map(|gates| gates.values())
        .flatten()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" ")
}

fn lint(settings: &Settings) -> Result<Answer, Failure> {
    let complaints: Vec<Complaint> = in_force(settings)?.iter().flat_map(table::lint).collect();
    let errors = complaints.iter().filter(|c| c.severity == "error").count();
    let rows: Vec<Value> = complaints.iter().map(|c| json!(c)).collect();
    let human = || {
        let lines: String = complaints
            .iter()
            .map(|c| format!("{}: {}: {}\n", c.severity, c.place, c.message))
            .collect();
        escape::terminal_lines(&format!(
            "{lines}{errors} error(s), {} warning(s)\n",
            complaints.len() - errors
        ))
    };
    let text = render(settings, "complaints", &rows, human);
    Ok(Answer::coded(text, u8::from(errors > 0)))
}

fn import(settings: &Settings, args: &ImportArgs) -> Result<Answer, Failure> {
    let id = settings.provider.as_deref().ok_or_else(|| {
        Failure::usage(
            "--provider is missing: whose rows are they?",
            "give an id; it may be a new one",
        )
    })?;
    let documents = documents(args)?;
    let provider_file = args.out.join("provider.toml");
    let known = source::text_if_there(&provider_file, "provider.toml of the table")?
        .map(|text| Table::read(&text, ""))
        .transpose()?;
    let options = Options {
        provider: known.as_ref().map(|table| &table.provider),
        source: known
            .as_ref()
            .and_then(|t| t.provider.source.first())
            .map_or_else(|| "spec".to_owned(), |s| s.id.clone()),
        reading: reading(args.reading),
        find: &|path| beside(args, path),
    };
    let convert = match args.kind {
        ImportKind::Openapi => import::openapi,
        ImportKind::GoogleDiscovery => import::discovery,
        ImportKind::Msgraph => import::graph,
        ImportKind::Csv => import::plain,
    };
    let imported = convert(&documents, &options);
    if imported.rules.is_empty() {
        let (place, why) = imported.doubts.first().cloned().unwrap_or_default();
        return Err(Failure::new(
            "input",
            format!("nothing could be imported: {place}: {why}"),
            Some("give documents of the kind that --kind names"),
        ));
    }
    sink::file(
        &args.out.join("rules.ndjson"),
        &table::lines(&imported.rules),
    )?;
    if known.is_none() {
        sink::file(&provider_file, &starter(id, args, &imported))?;
    }
    Ok(Answer::clear(summary(settings, args, &imported)))
}

fn documents(args: &ImportArgs) -> Result<Vec<Document>, Failure> {
    let read = args.files.iter().map(|path| {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        Ok(Document {
            text: source::text(path, &format!("the document {name}"))?,
            name,
        })
    });
    read.collect()
}

/// A file that a document refers to, beside the first document or below it.
fn beside(args: &ImportArgs, path: &str) -> Option<String> {
    let folder = args.files.first()?.parent()?;
    source::text_if_there(&folder.join(path), "a file that a document refers to").ok()?
}

fn reading(reading: ReadingArg) -> Reading {
    match reading {
        ReadingArg::All => Reading::All,
        ReadingArg::Any => Reading::Any,
        ReadingArg::When => Reading::When,
        ReadingArg::Unclear => Reading::Unclear,
    }
}

/// A `provider.toml` to start from: what the documents themselves tell.
fn starter(id: &str, args: &ImportArgs, imported: &Imported) -> String {
    let quote = |text: &str| Value::from(text).to_string();
    let reading = json!(reading(args.reading));
    let why = args.reading_why.as_deref().unwrap_or("not established");
    let mut out = format!(
        "# Started by `why401 tables import`; add hosts, dates and trust by hand.\nformat = \"scope-table/1\"\n\n[provider]\nid = {id}\nname = {id}\n\n[[source]]\nid = \"spec\"\nkind = \"openapi\"\nlists = {reading}\nlists_why = {}\ntrust = \"B\"\n\n[[gate]]\nid = \"scope\"\nholder = \"client\"\n",
        quote(why),
        id = quote(id),
    );
    let mut kinds: Vec<&String> = imported
        .rules
        .iter()
        .flat_map(|rule| rule.need.keys())
        .collect();
    kinds.sort();
    kinds.dedup();
    for kind in kinds {
        let gates = if kind == "anonymous" {
            "[]"
        } else {
            "[\"scope\"]"
        };
        let _ = write!(out, "\n[[kind]]\nid = {}\ngates = {gates}\n", quote(kind));
    }
    if !imported.bases.is_empty() {
        let bases: Vec<String> = imported.bases.iter().map(|base| quote(base)).collect();
        let _ = write!(out, "\n[paths]\nprefix = [{}]\n", bases.join(", "));
    }
    for host in &imported.hosts {
        let _ = write!(out, "\n[[host]]\nname = {}\n", quote(host));
    }
    out
}

fn summary(settings: &Settings, args: &ImportArgs, imported: &Imported) -> String {
    let counts = imported.counts;
    let doubts: Vec<Value> = imported
        .doubts
        .iter()
        .map(|(place, why)| json!({ "place": place, "why": why }))
        .collect();
    let value = envelope(
        "import",
        &json!({
            "counts": counts, "schemes": imported.schemes, "reading": reading(args.reading), "reading_why": args.reading_why, "doubts": doubts,
        }),
    );
    match settings.format {
        Format::Json => json::text(&value),
        Format::Jsonl => json::line(&value),
        Format::Human | Format::Markdown => {
            let mut out = format!(
                "{} document(s), {} operation(s): {} with scopes ({} with a list of several), {} without a token, {} unknown, {} deprecated, {} doubtful\n",
                counts.documents,
                counts.operations,
                counts.with_scopes,
                counts.lists,
                counts.anonymous,
                counts.unknown,
                counts.deprecated,
                counts.doubtful
            );
            let _ = writeln!(
                out,
                "lists read as {}: {}",
                json!(reading(args.reading)),
                args.reading_why.as_deref().unwrap_or("no reason given")
            );
            for (scheme, count) in &imported.schemes {
                let _ = writeln!(out, "scheme {scheme}: {count} operation(s)");
            }
            for (place, why) in &imported.doubts {
                let _ = writeln!(out, "doubt: {place}: {why}");
            }
            let doubtful = imported.rules.iter().filter(|rule| !rule.doubt.is_empty());
            for rule in doubtful.take(20) {
                let _ = writeln!(out, "doubt: {}: {}", rule.name(), rule.doubt.join("; "));
            }
            escape::terminal_lines(&out)
        }
    }
}

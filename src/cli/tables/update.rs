//! `why401 tables diff` and `update`: what a vendor changed, for review before it is taken over.

use super::import::{convert, documents, first_source};
use crate::cli::Answer;
use crate::cli::args::{ImportKind, UpdateArgs};
use crate::cli::error::Failure;
use crate::cli::job::{self, Settings};
use crate::sink::{self, Over};
use crate::source;
use std::path::{Path, PathBuf};
use why401_core::output::tables;
use why401_core::scope::ListReading;
use why401_core::table::{self, Rule, Table, import};

pub(super) fn diff(settings: &Settings, old: &Path, new: &Path) -> Result<Answer, Failure> {
    let id = settings.provider.as_deref();
    let (old, new) = (job::read_table(old, id)?, job::read_table(new, id)?);
    let diff = table::diff(&old, &new);
    Ok(Answer::clear(tables::changes(&diff, "", settings.format)))
}

pub(super) fn update(settings: &Settings, args: &UpdateArgs) -> Result<Answer, Failure> {
    let Former { file, rows } = former(args)?;
    let old = Table::read(&file, &rows)?;
    let wanted = args.source.clone();
    let id = wanted.unwrap_or_else(|| first_source(Some(&old.provider)));
    let Some(source) = old.source(&id) else {
        let known: Vec<&str> = old.provider.source.iter().map(|s| s.id.as_str()).collect();
        return Err(Failure::usage(
            "the table has no source of the id given with --source",
            &format!("it has: {}", known.join(", ")),
        ));
    };
    let reading = source.lists.unwrap_or(ListReading::Unclear);
    let files = documents(&args.from)?;
    let kind = kind_of(&source.kind);
    let imported = convert(kind, &files, Some(&old.provider), &id, reading, &args.from);
    if imported.rules.is_empty() {
        let (place, why) = imported.doubts.first().cloned().unwrap_or_default();
        return Err(Failure::new(
            "input",
            format!("nothing could be imported: {place} {why}"),
            Some("give documents of the kind that the table was made from"),
        ));
    }
    let by_line = |line| serde_json::from_str::<Rule>(line).ok();
    let merged = import::merge(
        &old,
        rows.lines().filter_map(by_line).collect(),
        imported.rules,
        &id,
    );
    let rows = table::lines(&merged);
    let new = Table::read(&file, &rows)?;
    let remark = match &args.out {
        Some(_) => "written; set the date and version of the source in provider.toml",
        None => "nothing was written: add --out DIR to write the table",
    };
    let text = tables::changes(&table::diff(&old, &new), remark, settings.format);
    if let Some(out) = &args.out {
        let inputs: Vec<&Path> = args.from.iter().map(PathBuf::as_path).collect();
        sink::folder(out)?;
        for (name, text) in [("rules.ndjson", &rows), ("provider.toml", &file)] {
            sink::file(&out.join(name), text, &inputs, Over::File)?;
        }
    }
    Ok(Answer::clear(text))
}

/// The table before: the provider file, and its rows as text.
struct Former {
    file: String,
    rows: String,
}

/// The folder's own table, else the shipped one; half a table in the folder is named and not filled up in silence.
fn former(args: &UpdateArgs) -> Result<Former, Failure> {
    let own = |name: &str, what: &str| -> Result<Option<String>, Failure> {
        let path = args.out.as_deref().map(|out| out.join(name));
        let text = path.map(|path| source::text_if_there(&path, what));
        Ok(text.transpose()?.flatten())
    };
    let file = own("provider.toml", "provider.toml of the table")?;
    let rows = own("rules.ndjson", "rules.ndjson of the table")?;
    match (file, rows) {
        (Some(file), rows) => Ok(Former {
            file,
            rows: rows.unwrap_or_default(),
        }),
        (None, Some(_)) => Err(Failure::new(
            "input",
            "the folder given with --out has rules.ndjson and no provider.toml".to_owned(),
            Some("put the table's provider.toml there, or give an empty folder"),
        )),
        (None, None) => {
            let unknown = || {
                Failure::usage(
                    "no table has the provider id that was given",
                    "for a new provider use `tables import`",
                )
            };
            let file = table::shipped_file(&args.provider).ok_or_else(unknown)?;
            let table = table::shipped(&args.provider).transpose()?;
            let rows = table.as_ref().map(Table::imported).unwrap_or_default();
            Ok(Former { file, rows })
        }
    }
}

/// The importer that a source was read with, by the kind it declares.
fn kind_of(kind: &str) -> ImportKind {
    match kind {
        "kibali" => ImportKind::Msgraph,
        "google-discovery" => ImportKind::GoogleDiscovery,
        "stone" => ImportKind::Stone,
        "csv" => ImportKind::Csv,
        _ => ImportKind::Openapi,
    }
}

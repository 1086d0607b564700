//! The providers of a run, and tables that people bring.

use super::Settings;
use crate::cli::error::Failure;
use crate::cli::given::file_name;
use crate::source;
use std::path::Path;
use why401_core::scope::ListReading;
use why401_core::table::import;
use why401_core::table::{self, Table};
use why401_core::triage::{ProviderError, Providers};

/// The providers of a run: shipped, with the tables that the options bring and the provider that they name.
pub(in crate::cli) fn providers(settings: &Settings) -> Result<Providers, Failure> {
    let id = settings.provider.as_deref();
    let brought = settings.tables.iter().map(|path| read_table(path, id));
    let brought = brought.collect::<Result<Vec<_>, _>>()?;
    let providers = Providers::with(brought, settings.provider.clone());
    let providers = providers.map_err(|error| match (&error, id) {
        (ProviderError::Unknown, Some(id)) => {
            let place = if settings.provider_named {
                "--provider: "
            } else {
                ""
            };
            Failure::usage(format!("{place}{error}"), &nearest(id))
        }
        _ => error.into(),
    })?;
    Ok(match settings.general_wordings {
        true => providers.with_general_wordings(),
        false => providers,
    })
}

/// The shipped ids that may have been meant.
fn nearest(id: &str) -> String {
    let mut scored: Vec<(f64, &str)> = table::names()
        .map(|own| (strsim::jaro_winkler(own, &id.to_lowercase()), own))
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let by_words = table::by_words(id);
    let close = scored
        .into_iter()
        .filter(|(score, _)| *score > 0.8)
        .map(|(_, own)| own);
    let close = close.filter(|own| !by_words.contains(own)).take(3);
    let near: Vec<&str> = by_words.iter().copied().take(3).chain(close).collect();
    match near.is_empty() {
        true => "`why401 tables list` names them; --table adds your own".to_owned(),
        false => format!(
            "did you mean {}? `why401 tables list` names them all",
            near.join(" or ")
        ),
    }
}

/// A table of the user's own: a folder, a TOML file, or an OpenAPI document, whose rows belong to the provider of that
/// id, else to one named after the file.
pub(in crate::cli) fn read_table(path: &Path, id: Option<&str>) -> Result<Table, Failure> {
    if path.is_dir() {
        let provider =
            source::file_text(&path.join("provider.toml"), "provider.toml of the table")?;
        let rules = source::text_if_there(&path.join("rules.ndjson"), "rules.ndjson of the table")?
            .unwrap_or_default();
        return Ok(Table::read(&provider, &rules)?);
    }
    let text = source::file_text(path, &file_name(path))?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("yaml" | "yml" | "json")) {
        return document_as_table(path, text, id);
    }
    Ok(Table::read(&text, "")?)
}

/// An OpenAPI document as a table; nothing says how its lists are meant, so they are unclear.
fn document_as_table(path: &Path, text: String, id: Option<&str>) -> Result<Table, Failure> {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let id = id.map_or_else(|| stem.unwrap_or_default(), str::to_owned);
    let known = table::shipped(&id).transpose()?;
    let document = import::Document {
        name: path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        text,
    };
    let folder = path.parent();
    let find = |other: &str| {
        let found = source::text_if_there(&folder?.join(other), "a file that the table refers to");
        found.ok()?
    };
    let options = import::Options {
        provider: known.as_ref().map(|table| &table.provider),
        source: "spec".to_owned(),
        reading: ListReading::Unclear,
        find: &find,
    };
    let imported = import::openapi(&[document], &options);
    if imported.rules.is_empty() {
        let why = imported
            .doubts
            .first()
            .map_or("it has no operation", |(_, why)| why);
        return Err(Failure::new(
            "table",
            format!("the table cannot be read as an OpenAPI document: {why}"),
            Some("give a folder, a scope-table/1 TOML file, or an OpenAPI document"),
        ));
    }
    let file = import::starter(&id, ListReading::Unclear, None, &imported);
    Ok(Table::read(&file, &table::lines(&imported.rules))?)
}

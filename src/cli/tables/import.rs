//! `why401 tables import`: rows from a vendor's machine-readable document.

use crate::cli::Answer;
use crate::cli::args::{ImportArgs, ImportKind};
use crate::cli::error::Failure;
use crate::cli::job::Settings;
use crate::sink::{self, Over};
use crate::source;
use std::path::{Path, PathBuf};
use why401_core::output::tables::{self, HowImported};
use why401_core::scope::ListReading;
use why401_core::table::import::{self, Document, Imported, Options};
use why401_core::table::{self, Provider, Table};

/// Answers `tables import`.
pub(super) fn import(settings: &Settings, args: &ImportArgs) -> Result<Answer, Failure> {
    let id = settings.provider.as_deref().ok_or_else(|| {
        Failure::usage(
            "--provider is missing: whose rows are they?",
            "give an id; it may be a new one",
        )
    })?;
    let documents = documents(&args.files)?;
    let provider_file = args.out.join("provider.toml");
    let beside = source::text_if_there(&provider_file, "provider.toml of the table")?;
    let known = match &beside {
        Some(text) => Some(Table::read(text, "")?),
        None => declared(settings, id)?,
    };
    let provider = known.as_ref().map(|table| &table.provider);
    let source = first_source(provider);
    let reading = args.reading;
    let imported = convert(
        args.kind,
        &documents,
        provider,
        &source,
        reading,
        &args.files,
    );
    if imported.rules.is_empty() {
        let (place, why) = imported.doubts.first().cloned().unwrap_or_default();
        return Err(Failure::new(
            "input",
            format!("nothing could be imported: {place} {why}"),
            Some("give documents of the kind that --kind names"),
        ));
    }
    let inputs = args.files.iter().chain(&settings.tables);
    let inputs: Vec<&Path> = inputs.map(PathBuf::as_path).collect();
    sink::folder(&args.out)?;
    sink::file(
        &args.out.join("rules.ndjson"),
        &table::lines(&imported.rules),
        &inputs,
        Over::File,
    )?;
    if beside.is_none() {
        let why = args.reading_why.as_deref();
        let starter = match brought(settings, id)? {
            Some(text) => text,
            None => match table::shipped_file(id) {
                Some(text) => text,
                None => import::starter(id, reading, why, &imported),
            },
        };
        sink::file(&provider_file, &starter, &inputs, Over::Nothing)?;
    }
    let how = HowImported {
        reading,
        why: args.reading_why.as_deref(),
    };
    let text = tables::imported(&imported, how, settings.format);
    Ok(Answer::clear(text))
}

/// What is known of a provider whose folder does not say it: a table given with --table, else the shipped one.
fn declared(settings: &Settings, id: &str) -> Result<Option<Table>, Failure> {
    let file = brought(settings, id)?.or_else(|| table::shipped_file(id));
    Ok(file.map(|text| Table::read(&text, "")).transpose()?)
}

/// The provider file of that id among the tables given with --table.
fn brought(settings: &Settings, id: &str) -> Result<Option<String>, Failure> {
    for path in &settings.tables {
        let file = match path.is_dir() {
            true => path.join("provider.toml"),
            false => path.clone(),
        };
        if file.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let text = source::file_text(&file, "provider.toml of the table")?;
        if Table::read(&text, "")?.provider.info.id == id {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// The id of the source that rows name where nothing else is said.
pub(super) fn first_source(provider: Option<&Provider>) -> String {
    let first = provider.and_then(|p| p.source.first());
    first.map_or_else(|| "spec".to_owned(), |source| source.id.clone())
}

/// Reads documents of a kind; what is known of the provider decides about kinds, gates and extensions.
pub(super) fn convert(
    kind: ImportKind,
    documents: &[Document],
    provider: Option<&Provider>,
    source_id: &str,
    reading: ListReading,
    files: &[PathBuf],
) -> Imported {
    let folder = files.first().and_then(|file| file.parent());
    let options = Options {
        provider,
        source: source_id.to_owned(),
        reading,
        find: &|path| {
            let text =
                source::text_if_there(&folder?.join(path), "a file that a document refers to");
            text.ok()?
        },
    };
    let read = match kind {
        ImportKind::Openapi => import::openapi,
        ImportKind::GoogleDiscovery => import::discovery,
        ImportKind::Msgraph => import::graph,
        ImportKind::Stone => import::stone,
        ImportKind::Csv => import::plain,
    };
    read(documents, &options)
}

pub(super) fn documents(files: &[PathBuf]) -> Result<Vec<Document>, Failure> {
    let read = files.iter().map(|path| {
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

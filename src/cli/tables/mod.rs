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
use std::sync::Arc;
use why401_core::output::tables;
use why401_core::table::{self, Complaint};
use why401_core::triage::Product;

/// Answers `tables`.
pub(super) fn answer(settings: &Settings, command: &TablesCommand) -> Result<Answer, Failure> {
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
    let text = tables::complaints(&complaints, settings.format);
    Ok(Answer::coded(text, u8::from(errors > 0)))
}

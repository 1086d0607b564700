//! `why401 tables list`: the providers, with rows, sources and dates.

use super::in_force;
use crate::cli::Answer;
use crate::cli::error::Failure;
use crate::cli::job::{self, Settings};
use why401_core::output::tables;
use why401_core::table::Table;

pub(super) fn list(settings: &Settings) -> Result<Answer, Failure> {
    let products = in_force(settings)?;
    let all: Vec<&Table> = products.iter().map(|own| &own.table).collect();
    let text = tables::list(&all, &job::today(settings), settings.format);
    Ok(Answer::clear(text))
}

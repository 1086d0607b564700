//! From evidence to diagnoses: whose API it is, what belongs together, which credential it was, and the judgement.
//!
//! [`explain`] answers a whole text at once. [`Triage`] takes exchanges one by one, in memory that does not grow with
//! their number. [`Judge`] answers single questions.

mod credential;
mod judge;
mod link;
mod memo;
mod providers;
mod siblings;
mod skim;

pub use credential::learn;
pub use judge::{Declared, Judge};
pub use link::{Linked, Linker};
pub use memo::Memo;
pub use providers::{Attribution, Product, ProviderError, Providers};
pub use skim::{Skim, Skimmed};

use crate::finding::{Diagnosis, Report, RunError};
use crate::http::Exchange;
use crate::input::{self, InputForm, Item, Reading};

/// Exchanges in, diagnoses out, in the same order; redirects and retries are linked, and the last carries the verdict.
#[derive(Debug)]
pub struct Triage<'a> {
    judge: Judge<'a>,
    linker: Linker,
}

impl<'a> Triage<'a> {
    /// Ready for the first exchange.
    pub fn new(providers: &'a Providers, declared: &'a Declared) -> Self {
        Self {
            judge: Judge::new(providers, declared),
            linker: Linker::default(),
        }
    }

    /// Takes an exchange; gives the diagnosis of an earlier one, where nothing that follows can change it any more.
    ///
    /// # Errors
    /// Where no table can be chosen, or where it does not know the kind that was given.
    pub fn take(&mut self, exchange: Exchange) -> Option<Result<Diagnosis, ProviderError>> {
        let linked = self.linker.take(exchange)?;
        Some(self.judge.exchange(&linked))
    }

    /// The diagnoses of what is still in sight; then ready for another file.
    pub fn finish(&mut self) -> Vec<Result<Diagnosis, ProviderError>> {
        let rest: Vec<Linked> = std::iter::from_fn(|| self.linker.release()).collect();
        self.linker.reset();
        rest.iter()
            .map(|linked| self.judge.exchange(linked))
            .collect()
    }
}

/// How a whole text is explained.
#[derive(Debug, Clone)]
pub struct Options {
    /// The name of the evidence, for places.
    pub name: String,
    /// Its form, where a person said it.
    pub form: Option<InputForm>,
    /// What a person says beside it.
    pub declared: Declared,
}

impl Options {
    /// Evidence of that name, its form sniffed.
    pub fn new(name: &str, declared: Declared) -> Self {
        Self {
            name: name.to_owned(),
            form: None,
            declared,
        }
    }
}

/// Explains evidence of any form: one diagnosis an exchange.
pub fn explain(evidence: &[u8], providers: &Providers, options: &Options) -> Report {
    let mut report = Report::default();
    let mut triage = Triage::new(providers, &options.declared);
    let mut answers = Vec::new();
    let reading = Reading {
        name: &options.name,
        form: options.form,
        fields: None,
    };
    let read = input::read(evidence, reading, &mut |item| match item {
        Item::Exchange(exchange) => answers.extend(triage.take(*exchange)),
        Item::Skipped { place, why } => report.skip(place, why),
    });
    answers.extend(triage.finish());
    for answer in answers {
        match answer {
            Ok(diagnosis) => {
                report.count(diagnosis.verdict);
                report.diagnoses.push(diagnosis);
            }
            Err(error) => {
                report.error.get_or_insert(RunError {
                    code: "input".to_owned(),
                    message: error.to_string(),
                    hint: None,
                });
            }
        }
    }
    if let Err(error) = read {
        report.error.get_or_insert(RunError {
            code: "input".to_owned(),
            message: format!("{} cannot be read: {}", options.name, error.kind()),
            hint: None,
        });
    }
    report
}

//! What a CI reads of diagnoses, taken one by one: no more of each is kept than it is told.

use super::item::{self, Item};
use super::{Format, Given, View};
use super::{github, group, junit, sarif};
use crate::finding::{Diagnosis, Report};

/// Diagnoses as far as a CI is told of them.
#[derive(Debug, Default)]
pub struct ForCi(Vec<Item>);

impl ForCi {
    /// Takes the next.
    pub fn add(&mut self, diagnosis: &Diagnosis, given: &Given) {
        self.0.push(item::of_diagnosis(diagnosis, given));
    }

    /// Renders them, with what a report counts and says of the run; empty for a format that no CI reads.
    pub fn render(mut self, report: &Report, format: Format, view: &View) -> String {
        let given = &view.given;
        let error = item::of_run(report);
        let own = report.diagnoses.iter();
        let own = own.map(|diagnosis| item::of_diagnosis(diagnosis, given));
        self.0.splice(0..0, error.into_iter().chain(own));
        match format {
            Format::Sarif => sarif::render(&self.0),
            Format::Junit => junit::render(&self.0),
            Format::Github => {
                let tally = group::tally(report);
                github::render(&self.0, &group::summary(report, &tally))
            }
            _ => String::new(),
        }
    }
}

//! What a session keeps of its diagnoses: memory is bounded, whatever the size of the evidence.

use std::collections::HashMap;
use why401_core::finding::{AlikeKey, Diagnosis, Report, TallyRow, Verdict};
use why401_core::output::Given;

/// So many diagnoses that come to the same are kept whole; of further ones what a list needs.
const ALIKE: usize = 200;

/// So many are kept whole in all.
const WHOLE: usize = 10_000;

/// So many are kept at all; further ones are counted.
const ROWS: usize = 100_000;

/// Diagnoses by number, and all of them counted.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    rows: Vec<Row>,
    whole: usize,
    alike: HashMap<AlikeKey, (usize, usize)>,
    /// The counts, and what was not looked at.
    pub(crate) report: Report,
}

/// A diagnosis that is kept.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) diagnosis: Diagnosis,
    /// The row that tells the reasons, where this one is shortened.
    pub(crate) like: Option<usize>,
    pub(crate) given: Given,
}

impl Kept {
    /// Counts a diagnosis and keeps what there is room for; gives its number, and that of the row that tells its reasons.
    pub(crate) fn add(&mut self, mut diagnosis: Diagnosis, given: &Given) -> Option<usize> {
        self.report.count(diagnosis.verdict);
        self.report.tally.add(&diagnosis);
        let number = self.rows.len();
        if number >= ROWS {
            return None;
        }
        let key = TallyRow::of(&diagnosis).alike();
        let group = self.alike.entry(key).or_insert((number, 0));
        group.1 += 1;
        let whole = group.1 == 1 || group.1 <= ALIKE && self.whole < WHOLE;
        let like = (!whole).then_some(group.0);
        self.whole += usize::from(whole);
        if !whole {
            diagnosis.shorten();
        }
        self.rows.push(Row {
            diagnosis,
            like,
            given: given.clone(),
        });
        Some(number)
    }

    pub(crate) fn row(&self, number: usize) -> Option<&Row> {
        self.rows.get(number)
    }

    /// The report of these rows; of all without any, then successes are left to the counts as the program's page does.
    pub(crate) fn report_of(&self, numbers: Option<&[usize]>, whole: bool) -> (Report, Given) {
        let mut report = Report::default();
        let chosen: Vec<&Row> = match numbers {
            Some(numbers) => numbers.iter().filter_map(|n| self.row(*n)).collect(),
            None => {
                report.clone_from(&self.report);
                self.rows.iter().collect()
            }
        };
        let worth =
            |row: &&Row| whole || numbers.is_some() || row.diagnosis.verdict != Verdict::Clear;
        let rows = chosen.into_iter().filter(worth);
        let mut given: Option<&Given> = None;
        let mut one = true;
        for row in rows {
            one &= given.is_none_or(|own| *own == row.given);
            given = Some(&row.given);
            report.diagnoses.push(row.diagnosis.clone());
        }
        // Commands of several files would name one of them: then the request itself is what a command asks about.
        let given = given.filter(|_| one).cloned().unwrap_or_default();
        (report, given)
    }
}

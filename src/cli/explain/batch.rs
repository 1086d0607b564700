//! Some exchanges, judged together on one core.

use crate::cli::error::Failure;
use crate::sink;
use std::collections::HashMap;
use why401_core::finding::{Diagnosis, Tally, TallyRow, Verdict};
use why401_core::output::{self, Given};
use why401_core::triage::{Judge, Linked, Memo};

/// What becomes of a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// It is counted.
    Nothing,
    /// It is a line.
    Line,
    /// It is a member of a list.
    Listed,
    /// It is kept for a page.
    Later,
}

/// A diagnosis that is kept, with the credentials that it must not show.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) diagnosis: Diagnosis,
    pub(super) row: TallyRow,
    pub(super) secrets: Vec<String>,
}

/// What some exchanges came to.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// What is written at once, and the place of its exchange.
    pub(super) texts: Vec<(usize, String)>,
    /// Denied, unknown, clear.
    pub(super) counts: [usize; 3],
    pub(super) tally: Tally,
    pub(super) kept: Vec<Kept>,
    /// The first thing that went wrong.
    pub(super) failure: Option<Failure>,
}

/// How exchanges are judged, and what becomes of the diagnoses.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'a> {
    pub(super) judge: Judge<'a>,
    pub(super) memo: &'a Memo,
    pub(super) printed: Printed,
    pub(super) given: &'a Given,
    /// Whether a call that succeeded is only counted.
    pub(super) counts_clear: bool,
    /// Whether others of their kind were judged before.
    pub(super) again: bool,
}

/// The places of exchanges of which no two before are of their kind, and those of the others.
pub(super) fn two_of_a_kind(linked: &[Linked]) -> (Vec<usize>, Vec<usize>) {
    let mut kinds: HashMap<&[u8], usize> = HashMap::new();
    (0..linked.len()).partition(|place| match &linked[*place].exchange.folded {
        Some(folded) => {
            let count = kinds.entry(&folded.key).or_default();
            *count += 1;
            *count <= 2
        }
        None => true,
    })
}

impl How<'_> {
    /// Judges exchanges, told by their places.
    pub(super) fn judge_all(self, linked: &[Linked], places: &[usize]) -> Batch {
        let mut batch = Batch::default();
        for place in places {
            let one = &linked[*place];
            let counted = self.counts_clear && one.exchange.succeeded();
            if (self.again || counted) && self.is_known(*place, one, &mut batch) {
                continue;
            }
            if let Err(failure) = self.judge(*place, one, &mut batch) {
                batch.failure.get_or_insert(failure);
            }
        }
        batch
    }

    /// Answers what is like something that was judged meanwhile.
    fn is_known(self, place: usize, linked: &Linked, batch: &mut Batch) -> bool {
        if matches!(self.printed, Printed::Nothing | Printed::Later) {
            let Some((row, hour)) = self.memo.row_of(linked) else {
                return false;
            };
            if self.printed == Printed::Later && row.verdict() != Verdict::Clear {
                return false;
            }
            batch.counts[row.verdict().rank()] += 1;
            batch.tally.add_row(row, hour, 1);
            return true;
        }
        let mut text = String::new();
        let Some(verdict) = self.memo.text_of(linked, &self.judge, &mut text) else {
            return false;
        };
        batch.counts[verdict.rank()] += 1;
        batch.texts.push((place, text));
        true
    }

    fn judge(self, place: usize, linked: &Linked, batch: &mut Batch) -> Result<(), Failure> {
        let diagnosis = self.judge.exchange(linked)?;
        let row = TallyRow::of(&diagnosis);
        let secrets = self.judge.sent_with(&linked.exchange);
        let shown: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let text = match self.printed {
            Printed::Nothing | Printed::Later => None,
            Printed::Line => Some(output::json::diagnosis_line(&diagnosis, self.given)),
            Printed::Listed => Some(output::json::listed(&diagnosis, self.given)),
        };
        match text {
            Some(text) => {
                sink::guard(&text, &shown)?;
                self.memo.learn(linked, &self.judge, &diagnosis, &text);
                batch.texts.push((place, text));
            }
            None => {
                sink::guard(&row.operation, &shown)?;
                sink::guard(&row.missing.join(" "), &shown)?;
                self.memo.put(linked, &self.judge, &row);
            }
        }
        batch.counts[diagnosis.verdict.rank()] += 1;
        batch.tally.add_as(&diagnosis, row.clone());
        if self.printed == Printed::Later {
            batch.kept.push(Kept {
                diagnosis,
                row,
                secrets,
            });
        }
        Ok(())
    }
}

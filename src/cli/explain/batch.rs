//! Some exchanges, judged together on one core.

use crate::cli::error::Failure;
use crate::sink;
use why401_core::finding::{Diagnosis, Tally, TallyRow};
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
    /// What is written at once.
    pub(super) texts: Vec<String>,
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
}

impl How<'_> {
    /// Judges some exchanges.
    pub(super) fn judge_all(self, linked: &[Linked]) -> Batch {
        let mut batch = Batch::default();
        for one in linked {
            if let Err(failure) = self.judge(one, &mut batch) {
                batch.failure.get_or_insert(failure);
            }
        }
        batch
    }

    fn judge(self, linked: &Linked, batch: &mut Batch) -> Result<(), Failure> {
        let diagnosis = self.judge.exchange(linked)?;
        let row = TallyRow::of(&diagnosis);
        let secrets = secrets(linked, &self.judge);
        let shown: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let text = match self.printed {
            Printed::Nothing | Printed::Later => None,
            Printed::Line => Some(output::json::diagnosis_line(&diagnosis, self.given)),
            Printed::Listed => Some(output::json::listed(&diagnosis, self.given)),
        };
        match text {
            Some(text) => {
                sink::guard(&text, &shown)?;
                batch.texts.push(text);
            }
            None => {
                sink::guard(&row.operation, &shown)?;
                sink::guard(&row.missing.join(" "), &shown)?;
            }
        }
        self.memo.put(linked, &self.judge, &row);
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

/// The credential by which an exchange is judged, and the one that was sent.
fn secrets(linked: &Linked, judge: &Judge<'_>) -> Vec<String> {
    let given = judge.token_of(&linked.exchange);
    let sent = linked.exchange.request.header("authorization");
    let sent = sent.and_then(|v| v.rsplit(' ').next()).unwrap_or_default();
    let both = [given.secret.expose(), sent];
    let both = both.into_iter().filter(|secret| !secret.is_empty());
    both.map(str::to_owned).collect()
}

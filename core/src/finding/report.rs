//! The finished value: diagnoses and what was not looked at. Renderers see nothing else.

use super::diagnosis::{Diagnosis, Verdict};
use super::tally::Tally;
use serde::Serialize;

/// Something that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Where.
    pub place: String,
    /// Why.
    pub why: String,
}

/// Why a run could not be made (exit code 2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunError {
    /// A stable word: `usage`, `input`, `table`, `leak`.
    pub code: String,
    /// What is wrong, never repeating what was typed.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Diagnoses, and what was not looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// One an exchange, or one a question.
    pub diagnoses: Vec<Diagnosis>,
    /// What was passed over: the first places, at most [`Report::SKIPPED`].
    pub skipped: Vec<Skipped>,
    /// How many more places were passed over.
    pub more_skipped: usize,
    /// Why the run could not be finished; outranks every verdict.
    pub error: Option<RunError>,
    /// Verdicts counted beside the diagnoses that are kept: denied, unknown, clear.
    pub counts: [usize; 3],
    /// Every request, counted by what it came to; empty where nobody counted.
    pub tally: Tally,
}

impl Report {
    /// So many places that were passed over are kept; junk has a place a line.
    pub const SKIPPED: usize = 10;

    /// Notes a place that was passed over.
    pub fn skip(&mut self, place: String, why: String) {
        match self.skipped.len() < Self::SKIPPED {
            true => self.skipped.push(Skipped { place, why }),
            false => self.more_skipped += 1,
        }
    }

    /// How many places more than those kept, in words.
    pub fn more_skipped(&self) -> Option<String> {
        match self.more_skipped {
            0 => None,
            1 => Some("and 1 more place".to_owned()),
            more => Some(format!("and {more} more places")),
        }
    }

    /// Counts a verdict whose diagnosis need not be kept.
    pub fn count(&mut self, verdict: Verdict) {
        self.count_many(verdict, 1);
    }

    /// Counts so many of a verdict.
    pub fn count_many(&mut self, verdict: Verdict, count: usize) {
        self.counts[verdict.rank()] += count;
    }

    /// How many cases there were: those counted, or those kept where nobody counted.
    pub fn counted(&self) -> usize {
        self.counts.iter().sum::<usize>().max(self.diagnoses.len())
    }

    /// How many cases came to that.
    pub fn with(&self, verdict: Verdict) -> usize {
        let kept = self
            .diagnoses
            .iter()
            .filter(|d| d.verdict == verdict)
            .count();
        self.counts[verdict.rank()].max(kept)
    }

    /// Over many cases denied outranks unknown, which outranks clear.
    pub fn verdict(&self) -> Verdict {
        let mut seen = Verdict::ALL
            .into_iter()
            .filter(|verdict| self.with(*verdict) > 0);
        seen.next().unwrap_or(Verdict::Unknown)
    }

    /// The process's exit code, computed before anything is rendered.
    pub fn exit_code(&self) -> u8 {
        if self.error.is_some() {
            2
        } else {
            self.verdict().exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Subject, TokenView};

    fn diagnosis(verdict: Verdict) -> Diagnosis {
        Diagnosis {
            id: None,
            subject: Subject::default(),
            read_as: None,
            token: TokenView::default(),
            verdict,
            findings: Vec::new(),
            gates: Vec::new(),
            said: None,
            exchanges: Vec::new(),
            next: Vec::new(),
            arguments: Vec::new(),
            counterarguments: Vec::new(),
            living: None,
            ruled_out: Vec::new(),
            alike: 0,
        }
    }

    #[test]
    fn denied_outranks_unknown_and_an_error_outranks_both() {
        let mut report = Report::default();
        for (verdict, code) in [
            (Verdict::Clear, 0),
            (Verdict::Unknown, 3),
            (Verdict::Denied, 1),
            (Verdict::Clear, 1),
        ] {
            report.diagnoses.push(diagnosis(verdict));
            assert_eq!(report.exit_code(), code);
        }
        report.error = Some(RunError {
            code: "input".into(),
            message: String::new(),
            hint: None,
        });
        assert_eq!(report.exit_code(), 2);
    }
}

//! The row in force as evidence: how much it proves, what it asks for first, and the finding of what is missing by it.

use super::facts::{Facts, KindBy};
use crate::finding::{Cause, Certainty, Finding};
use crate::table::Trust;

impl Facts<'_> {
    /// Whether the requirement in force is only reported.
    pub(super) fn is_reported(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.trust == Trust::C)
    }

    /// Sets of names of which one opens the operation, the one first that an expert would ask for.
    pub(super) fn in_order(&self, sets: &[Vec<String>]) -> Vec<Vec<String>> {
        let row = self.row.as_ref().zip(self.chosen.as_ref());
        match (self.case.table, row) {
            (Some(table), Some((row, chosen))) => table.in_order(&row.rule, &chosen.kind, sets),
            _ => sets.to_vec(),
        }
    }

    /// The smallest sufficient set that the vendor names for the kind.
    pub(super) fn least(&self) -> Option<&Vec<String>> {
        let kind = &self.chosen.as_ref()?.kind;
        self.row.as_ref()?.rule.least.get(kind)
    }

    /// Whether nothing says how the row's lists are meant.
    pub(super) fn is_unclear(&self) -> bool {
        let row = self.row.as_ref();
        row.is_some_and(|row| row.rule.sem == crate::scope::ListReading::Unclear)
    }

    /// Why the row in force, its doubts aside, does not decide about a missing name.
    pub(super) fn is_certain(&self) -> bool {
        !self.is_reported()
            && self.kind.1 != KindBy::Assumed
            && self
                .row
                .as_ref()
                .is_none_or(|row| row.rival.is_none() && row.rule.doubt.is_empty())
    }

    /// A cause by the table alone: sure where the row decides, and where nobody may have switched the check off.
    pub(super) fn lack(&self, gate: &str, cause: &'static Cause, text: String) -> Finding {
        let certainty = match self.is_certain() {
            true => Certainty::Derived,
            false => Certainty::Possible,
        };
        let gate = self.gate(gate).filter(|own| own.enforced.is_some());
        let mut finding = Finding::error(cause, certainty, text);
        finding.conditional = gate.is_some() && self.case.expected.enforced != Some(true);
        if self.is_reported() {
            finding = finding.open("whether the one report of what it needs is right");
        } else if let (KindBy::Assumed, Some(kind)) = (&self.kind.1, self.kind_id()) {
            finding = finding.open(format!("whether this is {}", self.kind_words(kind)));
        } else if certainty == Certainty::Possible {
            finding = finding.open("whether the published row is right");
        }
        let when = gate.and_then(|own| own.enforced_when.as_deref());
        let when = when.and_then(|when| when.strip_prefix("where "));
        match when.filter(|_| finding.conditional) {
            Some(when) => finding.open(format!("whether {when}")),
            None => finding,
        }
    }
}

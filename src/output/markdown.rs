//! The report for a ticket: Markdown that can be pasted, without a secret and without anything that formats itself.

use super::human;
use super::style::Style;
use crate::finding::Report;

/// The human report in a fence that nothing inside it can close.
pub fn report(report: &Report) -> String {
    human::report(report, Style::PLAIN)
}

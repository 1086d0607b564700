//! Finished values to text. A renderer sees the value and nothing else.

pub mod escape;
mod group;
pub mod human;
pub mod json;
pub mod markdown;
pub mod style;

use crate::finding::Report;

/// The formats a report can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// One diagnosis a line.
    Jsonl,
    /// For a ticket.
    Markdown,
}

/// Renders a report.
pub fn render(report: &Report, format: Format, style: style::Style) -> String {
    match format {
        Format::Human => human::report(report, style),
        Format::Json => json::report(report),
        Format::Jsonl => json::report_lines(report),
        Format::Markdown => markdown::report(report),
    }
}

//! Finished values to text. A renderer sees the value and nothing else.

pub mod escape;
pub mod gated;
mod github;
mod group;
pub mod human;
mod item;
pub mod json;
mod junit;
pub mod markdown;
mod sarif;
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
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML, for the test report of a CI.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
}

impl Format {
    /// Whether it holds verdicts only, as a CI reads them.
    pub fn is_for_ci(self) -> bool {
        matches!(self, Self::Sarif | Self::Junit | Self::Github)
    }
}

/// Renders a report.
pub fn render(report: &Report, format: Format, style: style::Style) -> String {
    match format {
        Format::Human => human::report(report, style),
        Format::Json => json::report(report),
        Format::Jsonl => json::report_lines(report),
        Format::Markdown => markdown::report(report),
        Format::Sarif => sarif::render(&item::items_of_report(report)),
        Format::Junit => junit::render(&item::items_of_report(report)),
        Format::Github => github::render(
            &item::items_of_report(report),
            &group::summary(report, &group::groups(report)),
        ),
    }
}

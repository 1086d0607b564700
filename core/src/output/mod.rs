//! Finished values to text. A renderer sees the value and nothing else: a report, a gate's run, the answer to `needs`, a
//! plan of requests, rows of the tables.

pub mod escape;
mod for_ci;
pub mod gated;
mod github;
mod given;
mod group;
mod human;
mod item;
pub mod json;
mod junit;
pub mod markdown;
pub mod needs;
pub mod plan;
mod sarif;
mod sheet;
mod span;
mod step;
pub mod style;
mod summary;
pub mod tables;
pub mod untrusted;
mod wrap;

pub use for_ci::ForCi;
pub use given::{Given, shell};
pub use sheet::counted;
pub use summary::render as summary;
pub use wrap::wrap;

use crate::finding::Report;
use style::Style;

choice! {
    /// The formats a report can take.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    #[non_exhaustive]
    pub enum Format or "not a format" {
        /// For people.
        Human = "human",
        /// One JSON document.
        Json = "json",
        /// One diagnosis a line.
        Jsonl = "jsonl",
        /// For a ticket.
        Markdown = "markdown",
        /// SARIF 2.1.0, for code scanning.
        Sarif = "sarif",
        /// JUnit's XML, for the test report of a CI.
        Junit = "junit",
        /// Annotations of GitHub Actions.
        Github = "github",
    }
}

impl Format {
    /// Whether it holds verdicts only, as a CI reads them.
    pub fn is_for_ci(self) -> bool {
        matches!(self, Self::Sarif | Self::Junit | Self::Github)
    }
}

/// How a page for people looks, and what it may repeat of the command line.
#[derive(Debug, Clone)]
pub struct View {
    /// Colours.
    pub style: Style,
    /// Columns of a line.
    pub width: usize,
    /// Everything, not only the answer.
    pub whole: bool,
    /// What the user typed, for commands to paste.
    pub given: Given,
    /// Whether the process ends with 0 whatever the verdict.
    pub exit_zero: bool,
}

impl View {
    /// With which code the process ends, and what that means.
    fn exit_code(&self, code: u8, means: &str) -> String {
        match (self.exit_zero, code) {
            (true, 1 | 3) => format!("Exit code 0 (--exit-zero; without it {code}, {means})."),
            _ => format!("Exit code {code} ({means})."),
        }
    }
}

impl Default for View {
    fn default() -> Self {
        Self {
            style: Style::PLAIN,
            width: 80,
            whole: false,
            given: Given::default(),
            exit_zero: false,
        }
    }
}

/// Renders a report.
pub fn render(report: &Report, format: Format, view: &View) -> String {
    match format {
        Format::Human => human::report(report, view),
        Format::Json => json::report(report, &view.given),
        Format::Jsonl => json::report_lines(report, &view.given),
        Format::Markdown => markdown::report(report, &view.given),
        Format::Sarif | Format::Junit | Format::Github => {
            ForCi::default().render(report, format, view)
        }
    }
}

//! A page that is no report: described once, written for a terminal and for a ticket.

use super::Format;
use super::escape::terminal_lines;
use super::json;
use super::span::sentence;
use super::wrap::wrap;
use serde_json::Value;

/// A number with its noun: `1 operation`, `2 operations`.
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Columns of a page.
pub(super) const WIDTH: usize = 80;

enum Line {
    Title(String),
    Text(String),
    Row(String),
    Item(String),
    Pair(String, String),
    Under(String),
    Prose(String, String),
    Blank,
}

/// Lines under way, each with its meaning.
pub(super) struct Sheet {
    /// Columns of a label.
    column: usize,
    lines: Vec<Line>,
}

impl Sheet {
    pub(super) fn new(column: usize) -> Self {
        Self {
            column,
            lines: Vec::new(),
        }
    }

    /// What the following lines are about.
    pub(super) fn title(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Title(text.into()));
    }

    /// A sentence.
    pub(super) fn text(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Text(text.into()));
    }

    /// One of many lines alike.
    pub(super) fn row(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Row(text.into()));
    }

    /// One of several, under a title.
    pub(super) fn item(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Item(text.into()));
    }

    /// A label and what belongs to it, under a title.
    pub(super) fn pair(&mut self, label: impl Into<String>, text: impl Into<String>) {
        self.lines.push(Line::Pair(label.into(), text.into()));
    }

    /// What belongs to the line before and has no room beside it.
    pub(super) fn under(&mut self, text: impl Into<String>) {
        self.lines.push(Line::Under(text.into()));
    }

    /// A label and sentences, in lines of a page's width.
    pub(super) fn prose(&mut self, label: impl Into<String>, text: impl Into<String>) {
        self.lines.push(Line::Prose(label.into(), text.into()));
    }

    pub(super) fn blank(&mut self) {
        self.lines.push(Line::Blank);
    }

    fn human(&self) -> String {
        let column = self.column;
        let line = |line: &Line| match line {
            Line::Title(text) | Line::Text(text) => wrap("", text, WIDTH).join("\n") + "\n",
            Line::Row(text) => format!("{}\n", text.trim_end()),
            Line::Item(text) => format!("  {text}\n"),
            Line::Pair(label, text) => format!("  {label:column$} {text}\n"),
            Line::Under(text) => format!("      {text}\n"),
            Line::Prose(label, text) => {
                let lines = wrap(&format!("  {label:column$} "), text, WIDTH);
                lines.join("\n") + "\n"
            }
            Line::Blank => "\n".to_owned(),
        };
        terminal_lines(&self.lines.iter().map(line).collect::<String>())
    }

    fn markdown(&self) -> String {
        let line = |line: &Line| match line {
            Line::Title(text) => format!("\n**{}**\n\n", sentence(text)),
            Line::Text(text) => format!("\n{}\n", sentence(text)),
            Line::Row(text) | Line::Item(text) => format!("- {}\n", sentence(text)),
            Line::Under(text) => format!("  {}\n", sentence(text)),
            Line::Pair(label, text) | Line::Prose(label, text) => {
                format!("- {}: {}\n", sentence(label.trim()), sentence(text))
            }
            Line::Blank => String::new(),
        };
        let text: String = self.lines.iter().map(line).collect();
        text.trim_start().to_owned()
    }

    /// The page in a format for people.
    pub(super) fn written(&self, format: Format) -> String {
        match format {
            Format::Markdown => self.markdown(),
            _ => self.human(),
        }
    }
}

/// A document, or the page that says the same.
pub(super) fn document(value: &Value, format: Format, page: impl FnOnce() -> Sheet) -> String {
    match format {
        Format::Json => json::text(value),
        Format::Jsonl => json::line(value),
        _ => page().written(format),
    }
}

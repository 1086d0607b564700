//! A page of lines, wrapped to a width; untrusted text is made harmless on its way in.

use crate::output::View;
use crate::output::escape::terminal;
use crate::output::style::Style;
use crate::output::wrap::wrap;

/// Lines under way to a terminal.
pub(super) struct Page<'v> {
    pub(super) text: String,
    pub(super) view: &'v View,
    /// Sources already printed, by their line: each is written out once and referred to by number.
    pub(super) sources: Vec<String>,
}

impl<'v> Page<'v> {
    pub(super) fn new(view: &'v View) -> Self {
        Self {
            text: String::new(),
            view,
            sources: Vec::new(),
        }
    }

    pub(super) fn style(&self) -> Style {
        self.view.style
    }

    /// A line as it stands.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A text behind a head, wrapped; continued lines hang.
    pub(super) fn hung(&mut self, head: &str, text: &str) {
        self.painted(head, text, str::to_owned);
    }

    /// The same, with the head painted.
    pub(super) fn painted(&mut self, head: &str, text: &str, paint: impl Fn(&str) -> String) {
        let lines = wrap(&terminal(head), &terminal(text), self.view.width);
        for (number, line) in lines.iter().enumerate() {
            match line.strip_prefix(head).filter(|_| number == 0) {
                Some(rest) => self.line(&format!("{}{rest}", paint(head))),
                None => self.line(line),
            }
        }
    }

    /// A command: never broken, so that it can be pasted.
    pub(super) fn command(&mut self, indent: usize, command: &str) {
        self.line(&format!("{:indent$}$ {}", "", terminal(command)));
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }
}

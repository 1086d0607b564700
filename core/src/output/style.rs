//! Colours, as an addition to words. The only file that knows `colored`.

use colored::{Color, Colorize as _};

/// Whether colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Decided by the shell: flag, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
    pub colour: bool,
}

impl Style {
    /// Without colours.
    pub const PLAIN: Self = Self { colour: false };

    fn paint(self, text: &str, colour: Color, bold: bool) -> String {
        if !self.colour {
            return text.to_owned();
        }
        // The library asks the environment by itself; the shell has decided already.
        colored::control::set_override(true);
        let painted = text.color(colour);
        if bold {
            painted.bold().to_string()
        } else {
            painted.to_string()
        }
    }

    /// For refusals.
    pub fn bad(self, text: &str) -> String {
        self.paint(text, Color::Red, true)
    }

    /// For what is open.
    pub fn good(self, text: &str) -> String {
        self.paint(text, Color::Green, true)
    }

    /// For what is not decided.
    pub fn unsure(self, text: &str) -> String {
        self.paint(text, Color::Yellow, true)
    }

    /// For places and codes.
    pub fn quiet(self, text: &str) -> String {
        self.paint(text, Color::BrightBlack, false)
    }
}

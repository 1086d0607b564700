//! Lines that belong together, and what they give up where room is short.

use crate::output::escape::terminal;
use crate::output::wrap::{cut, wrap};
use unicode_width::UnicodeWidthStr as _;

/// Lines of one answer, at most.
const LINES: usize = 12;

/// A label's column.
pub(super) const LABEL: usize = 11;

/// A few lines that belong together.
pub(super) struct Block {
    pub(super) lines: Vec<String>,
    /// So many of them stay where room is short.
    pub(super) least: usize,
    /// Which block gives way first: the highest.
    pub(super) spare: u8,
    /// The same in fewer words, the fewest first: it takes their place before a line is cut.
    pub(super) shorter: Vec<Vec<String>>,
    /// What takes their place where everything else was given up and there is still no room.
    last: Option<Vec<String>>,
}

impl Block {
    pub(super) fn text(
        label: &str,
        text: &str,
        width: usize,
        (least, most): (usize, usize),
        spare: u8,
    ) -> Self {
        let mut lines = wrap(&format!("{label:LABEL$}"), &terminal(text), width);
        shorten(&mut lines, most, width);
        Self {
            lines,
            least,
            spare,
            shorter: Vec::new(),
            last: None,
        }
    }

    /// A reason: so many of its sentences as there is room for, each of them whole.
    pub(super) fn sentences(label: &str, text: &str, width: usize, spare: u8) -> Self {
        let text = terminal(text);
        let mut shorter: Vec<Vec<String>> = ends(&text)
            .map(|end| wrap(&format!("{label:LABEL$}"), &text[..end], width))
            .collect();
        let lines = shorter.pop().unwrap_or_default();
        Self {
            least: shorter.first().unwrap_or(&lines).len(),
            lines,
            spare,
            shorter,
            last: None,
        }
    }

    /// What to do: never cut, since half a remedy is none.
    pub(super) fn whole(label: &str, text: &str, width: usize) -> Self {
        Self::plain(wrap(&format!("{label:LABEL$}"), &terminal(text), width))
    }

    /// Several ways, a line each: so many as there is room for, and how many others there are.
    pub(super) fn ways(label: &str, ways: &[String], width: usize, spare: u8) -> Self {
        let row = |number: usize, text: &str| {
            let (label, word) = match number {
                0 => (label, "Use"),
                _ => ("", "or"),
            };
            wrap(
                &format!("{label:LABEL$}"),
                &terminal(&format!("{word} {text}")),
                width,
            )
        };
        let rows: Vec<Vec<String>> = (0..).zip(ways).map(|(n, way)| row(n, way)).collect();
        let shorter = (1..ways.len().saturating_sub(1)).map(|shown| {
            let others = format!(
                "one of {} others, depending on who calls: -v",
                ways.len() - shown
            );
            let mut lines = rows[..shown].concat();
            lines.extend(row(shown, &others));
            lines
        });
        let shorter: Vec<Vec<String>> = shorter.collect();
        let lines = rows.concat();
        Self {
            least: shorter.first().unwrap_or(&lines).len(),
            lines,
            spare,
            shorter,
            last: None,
        }
    }

    /// Leaves out what stands beside a command where room is short: the command says it.
    pub(super) fn with_the_command_alone(&mut self, label: &str, command: &str) {
        let alone = vec![format!("{label:LABEL$}$ {}", terminal(command))];
        self.least = alone.len();
        self.shorter.insert(0, alone);
    }

    /// Says it in other words where there is no room for anything else.
    pub(super) fn at_last(&mut self, label: &str, text: &str, width: usize) {
        self.last = Some(wrap(&format!("{label:LABEL$}"), &terminal(text), width));
    }

    /// Takes the last words; whether they save a line.
    fn give_all(&mut self, width: usize) -> bool {
        let Some(last) = self.last.take() else {
            return false;
        };
        let rows = last.iter().map(|line| rows_of(line, width)).sum::<usize>();
        let saves = rows < self.rows(width);
        if saves {
            self.lines = last;
        }
        saves
    }

    pub(super) fn plain(lines: Vec<String>) -> Self {
        Self {
            least: lines.len(),
            lines,
            spare: 0,
            shorter: Vec::new(),
            last: None,
        }
    }

    /// Gives a line, or as many as a shorter text saves.
    fn give(&mut self, width: usize) {
        match (self.shorter.pop(), self.lines.len() - 1) {
            (Some(shorter), _) => self.lines = shorter,
            (None, 0) => self.lines.clear(),
            (None, most) => shorten(&mut self.lines, most, width),
        }
    }

    /// How many lines of the screen it takes: a command is never broken by us, only by the terminal.
    fn rows(&self, width: usize) -> usize {
        self.lines.iter().map(|line| rows_of(line, width)).sum()
    }

    /// What to do, and the command for it, which says it by itself where room is short: but for the `least` that has to
    /// stand beside it.
    pub(super) fn step(
        label: &str,
        text: &str,
        (command, least): (&str, Option<&str>),
        width: usize,
        spare: u8,
    ) -> Self {
        let command = format!("$ {}", terminal(command));
        let mut lines = wrap(&format!("{label:LABEL$}"), &terminal(text), width);
        lines.push(format!("{:LABEL$}{command}", ""));
        let short = match least {
            Some(least) => {
                let mut short = wrap(&format!("{label:LABEL$}"), least, width);
                short.push(format!("{:LABEL$}{command}", ""));
                short
            }
            None => vec![format!("{label:LABEL$}{command}")],
        };
        Self {
            lines,
            least: short.len(),
            spare,
            shorter: vec![short],
            last: None,
        }
    }
}

fn rows_of(line: &str, width: usize) -> usize {
    line.width().div_ceil(width.max(20)).max(1)
}

/// Where the sentences of a text end. What stands between backticks is one word.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let stops = text.match_indices(". ").filter(|(at, _)| {
        let next = text[at + 2..].chars().next();
        let quoted = text[..*at].matches('`').count() % 2 == 1;
        !quoted && next.is_some_and(|c| c.is_uppercase() || c == '`')
    });
    stops.map(|(at, _)| at + 1).chain([text.len()])
}

/// Takes lines off the end; the last one that stays says so.
fn shorten(lines: &mut Vec<String>, most: usize, width: usize) {
    if lines.len() <= most {
        return;
    }
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        *last = cut(&format!("{last} …"), width);
        if !last.ends_with('…') {
            last.push('…');
        }
    }
}

/// Takes lines from the blocks that can spare them until the answer fits.
pub(super) fn fit(blocks: &mut [Block], width: usize) {
    while too_long(blocks, width) {
        let spare = blocks
            .iter_mut()
            .filter(|block| block.lines.len() > block.least);
        match spare.max_by_key(|block| (block.spare, block.lines.len())) {
            Some(block) => block.give(width),
            None => break,
        }
    }
    while too_long(blocks, width) {
        if !blocks.iter_mut().any(|block| block.give_all(width)) {
            return;
        }
    }
}

fn too_long(blocks: &[Block], width: usize) -> bool {
    let rows = blocks.iter().map(|block| block.rows(width));
    rows.sum::<usize>() > LINES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_gives_up_its_last_sentences_and_no_part_of_one() {
        let text = "The server said `a. B`. The table of 2026-07-19 has v1.2 of it. `x` is needed.";
        let mut block = Block::sentences("because", text, 40, 2);
        let said = |block: &Block| {
            block
                .lines
                .join(" ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(said(&block), format!("because {text}"));
        block.give(40);
        assert!(said(&block).ends_with("v1.2 of it."), "{:?}", block.lines);
        block.give(40);
        assert_eq!(said(&block), "because The server said `a. B`.");
        assert_eq!(block.lines.len(), block.least);
    }
}

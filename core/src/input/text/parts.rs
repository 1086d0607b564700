//! A text's parts with their places, for whoever rewrites it: commands, however many lines they take, and lines.

use super::region::{COMMAND, command_in};
use crate::input::curl_command;
use std::ops::Range;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A request command.
    Command(Range<usize>),
    /// A line with its break, or what of it stands before or after a command.
    Line(Range<usize>),
}

/// The parts of a text in their order; together they are the text.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].find('\n').map_or(text.len() - at, |end| end + 1);
        let line = text[at..at + length].trim_end_matches(['\n', '\r']);
        let Some(start) = command_in(line) else {
            out.push(Part::Line(at..at + length));
            at += length;
            continue;
        };
        let start = at + start;
        if start > at {
            out.push(Part::Line(at..start));
        }
        let own = curl_command::length(&text[start..], COMMAND).max(1);
        let end = start + text[start..start + own].trim_end().len().max(1);
        out.push(Part::Command(start..end));
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_whole_and_nothing_is_lost() {
        let text = "I ran this:\n$ curl https://a.example/b \\\n  -H 'Authorization: Bearer x'\nand got 401\n";
        let parts = parts(text);
        let command: Vec<&str> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Command(range) => Some(&text[range.clone()]),
                Part::Line(_) => None,
            })
            .collect();
        assert_eq!(
            command,
            ["curl https://a.example/b \\\n  -H 'Authorization: Bearer x'"]
        );
        let all: String = parts
            .iter()
            .map(|part| match part {
                Part::Command(range) | Part::Line(range) => &text[range.clone()],
            })
            .collect();
        assert_eq!(all, text);
    }

    proptest::proptest! {
        #[test]
        fn the_parts_of_any_text_are_the_text(text in "(curl |await fetch\\(|\\$ |'|\"|\\\\\n|\n|é|a|http|-H ){0,60}") {
            let mut end = 0;
            for part in parts(&text) {
                let (Part::Command(range) | Part::Line(range)) = part;
                proptest::prop_assert_eq!(range.start, end);
                proptest::prop_assert!(text.get(range.clone()).is_some_and(|own| !own.is_empty()));
                end = range.end;
            }
            proptest::prop_assert_eq!(end, text.len());
        }
    }
}

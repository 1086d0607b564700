//! Messages as on the wire.

use super::{Region, Walk, find_end, read_by, transcript};
use crate::input::http_text;
use crate::input::text::undress::is_header;
use crate::input::text::{loose, noise};
use crate::input::words::{request_line, status_line};

/// Messages: heads up to a blank line, bodies to the end of their object or to the next blank line.
pub(super) fn read(text: &str, at: usize, fuel: &mut usize) -> Option<Region> {
    let mut walk = Walk { text, at };
    let mut own = String::new();
    let mut head = false;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut margin = 0;
    while let Some(line) = walk.line() {
        let bare = line.trim();
        let starts = status_line(bare).is_some() || request_line(bare).is_some();
        if starts {
            own.extend([bare, "\n"]);
            head = true;
            margin = indent(line);
        } else if head && !bare.is_empty() && indent(line) > margin {
            // A folded header line (RFC 9112 §5.2).
            own.extend([" ", bare, "\n"]);
        } else if head && is_header(bare) {
            own.extend([bare, "\n"]);
        } else if head {
            own.push('\n');
            head = false;
            let from = body_start(text, walk.at);
            let length = body(text, from, fuel);
            own.extend([&text[from..from + length], "\n"]);
            walk.at = from + length;
            let rest = walk.line().unwrap_or_default();
            if rest.trim().is_empty() {
                walk.step(rest);
            }
            // Another message may follow at once or after a blank line.
            let next = body_start(text, walk.at);
            let line = Walk { text, at: next }.line().unwrap_or_default().trim();
            if status_line(line).is_some() || request_line(line).is_some() {
                walk.at = next;
                continue;
            }
            break;
        } else {
            break;
        }
        walk.step(line);
    }
    let found = read_by(&own, "HTTP messages", http_text::read);
    Region::of_lines(text, at..walk.at, found)
}

/// The first byte of the next line that is not blank.
fn body_start(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let blank = rest.len() - rest.trim_start().len();
    // The line's own indentation belongs to it.
    at + blank
}

/// How long the body is that begins here.
fn body(text: &str, from: usize, fuel: &mut usize) -> usize {
    let rest = &text[from..];
    let first = rest.lines().next().unwrap_or_default();
    if status_line(first.trim()).is_some()
        || request_line(first.trim()).is_some()
        || noise::is_mail_head(first)
    {
        return 0;
    }
    if let Some(read) = loose::read(text, from, fuel) {
        return read.end - from;
    }
    if first.trim_start().starts_with('<')
        && let Some(end) = find_end(rest)
    {
        return end + 7;
    }
    let mut walk = Walk { text, at: from };
    while let Some(line) = walk.line() {
        if line.trim().is_empty()
            || walk.at > from
                && (status_line(line.trim()).is_some() || transcript::is_marked(line.trim()))
        {
            break;
        }
        walk.step(line);
    }
    (walk.at.min(text.len()) - from).min(64 * 1024 + first.len())
}

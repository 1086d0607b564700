//! A client's own account: marked lines, and the bodies between them.

use super::{Region, Walk, read_by};
use crate::input::curl_trace;
use crate::input::text::loose;
use crate::input::text::undress::is_header;
use crate::input::words::{status_line, without_time};

/// Where reading goes on.
enum Then {
    /// With the line that follows.
    Next,
    /// Where the reader stands.
    Here,
    /// Nowhere: the account ends before this line.
    End,
}

struct Transcript<'t> {
    walk: Walk<'t>,
    /// What is the client's, without times and the marks of others.
    own: String,
    /// Whether the head of an answer was seen.
    headed: bool,
    /// Whether this is a body.
    body: bool,
}

/// Reads the account that begins here.
pub(super) fn read(text: &str, at: usize, fuel: &mut usize) -> Option<Region> {
    let mut reader = Transcript {
        walk: Walk { text, at },
        own: String::new(),
        headed: false,
        body: false,
    };
    while let Some(line) = reader.walk.line() {
        match reader.take(line, fuel) {
            Then::Next => reader.walk.step(line),
            Then::Here => {}
            Then::End => break,
        }
    }
    let found = read_by(&reader.own, "client transcript", curl_trace::read);
    Region::of_lines(text, at..reader.walk.at, found)
}

impl Transcript<'_> {
    fn take(&mut self, line: &str, fuel: &mut usize) -> Then {
        let bare = without_time(line.trim_start());
        if let Some(rest) = listed(bare) {
            self.put(&[&bare[..2], rest.trim_end()]);
        } else if bare.starts_with("< {") || bare.starts_with("< [") {
            let (inner, next) = unmarked(self.walk.text, self.walk.at);
            self.put(&["<\n", &inner]);
            self.walk.at = next;
            self.body = true;
            return Then::Here;
        } else if has_mark(bare) {
            self.put(&[bare]);
            self.headed |= bare.starts_with("< HTTP") || bare.starts_with("< http");
            self.body &= !bare.starts_with("> ");
        } else if line.trim().is_empty() {
            self.put(&[]);
            if self.body {
                return Then::End;
            }
        } else if !self.headed && status_line(bare).is_some() {
            return Then::End;
        } else if self.headed && !self.body || self.own.is_empty() {
            return self.begin_body(line, bare, fuel);
        } else if self.body && !curl_trace::looks_like_line(bare) || is_meter(bare) {
            self.put(&[line]);
        } else {
            return Then::End;
        }
        Then::Next
    }

    /// A body: an object to its end, else up to a blank line.
    fn begin_body(&mut self, line: &str, bare: &str, fuel: &mut usize) -> Then {
        self.body = true;
        let from = self.walk.at + line.len() - bare.len();
        let Some(read) = loose::read(self.walk.text, from, fuel) else {
            self.put(&[line]);
            return Then::Next;
        };
        let object = &self.walk.text[from..read.end];
        self.put(&[object]);
        self.walk.at = read.end;
        let rest = self.walk.line().unwrap_or_default();
        self.put(&[rest.trim_start_matches(|c: char| c != '*')]);
        self.walk.step(rest);
        Then::Here
    }

    /// One more line.
    fn put(&mut self, parts: &[&str]) {
        self.own.extend(parts.iter().copied());
        self.own.push('\n');
    }
}

/// A header field as Go SDKs log it, in a list.
fn listed(bare: &str) -> Option<&str> {
    let rest = bare
        .strip_prefix("> * ")
        .or_else(|| bare.strip_prefix("< * "))?;
    is_header(rest).then_some(rest)
}

/// Whether a client's account begins with this line.
pub(super) fn is_marked(line: &str) -> bool {
    // `curl: (22)` stands alone where --fail was used: it names the status.
    curl_trace::looks_like_line(line) && !line.starts_with("curl: (22)")
}

/// Whether the line belongs to curl's progress meter.
fn is_meter(bare: &str) -> bool {
    ["--:--:--", "* Connection #"]
        .iter()
        .any(|mark| bare.contains(mark))
        || ["% Total", "Dload"]
            .iter()
            .any(|start| bare.starts_with(start))
}

/// Whether a client's mark stands before the line.
fn has_mark(bare: &str) -> bool {
    [
        "> ", "< ", "* ", "{ [", "} [", "== Info", "=> ", "<= ", "curl: (",
    ]
    .iter()
    .any(|m| bare.starts_with(m))
        || matches!(bare.trim_end(), ">" | "<" | "*")
}

/// Lines marked with `< ` that hold an object, without their marks; and where they end.
fn unmarked(text: &str, at: usize) -> (String, usize) {
    let mut walk = Walk { text, at };
    let mut out = String::new();
    while let Some(line) = walk.line() {
        let Some(rest) = line.trim_start().strip_prefix('<') else {
            break;
        };
        out.push_str(rest.strip_prefix(' ').unwrap_or(rest));
        out.push('\n');
        walk.step(line);
    }
    (out, walk.at)
}

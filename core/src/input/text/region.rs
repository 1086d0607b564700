//! Parts of a text that have a form of their own: commands, a client's transcript, messages as on the wire.

mod message;
mod transcript;

use super::loose;
use super::sighting::Sighting;
use super::status;
use super::wire;
use crate::http::{Exchange, Shell};
use crate::input::words::{request_line, status_line};
use crate::input::{Item, access, curl_command, http_text};

/// A command goes on over so many lines at most.
pub(super) const COMMAND: usize = 400;

/// A region that was read.
pub(super) struct Region {
    pub(super) found: Vec<(&'static str, Sighting)>,
    /// The first byte after it.
    pub(super) end: usize,
}

impl Region {
    /// What was read of whole lines; the end of the last one is not part of it.
    fn of_lines(
        text: &str,
        lines: std::ops::Range<usize>,
        found: Vec<(&'static str, Sighting)>,
    ) -> Option<Self> {
        let end = lines.end.min(text.len());
        let ends_a_line = text[..end].ends_with('\n');
        (end > lines.start).then(|| Self {
            found,
            end: end - usize::from(ends_a_line),
        })
    }
}

/// Reads the region that begins with the line at `at`; `None` where none does.
pub(super) fn at(
    text: &str,
    at: usize,
    line: &str,
    depth: usize,
    fuel: &mut usize,
) -> Option<Region> {
    if depth == 0
        && let Some(start) = command_in(line)
    {
        return command(text, at + start, &line[..start]);
    }
    let bare = line.trim();
    if bare.starts_with("#Fields:") {
        return extended(text, at);
    }
    if let Some((own, length)) = wire::messages(&text[at..]) {
        let found = read_by(&own, "wire log", http_text::read);
        return Region::of_lines(text, at..at + length, found);
    }
    if transcript::is_marked(bare) {
        return transcript::read(text, at, fuel);
    }
    if status_line(bare).is_some() || request_line(bare).is_some() {
        return message::read(text, at, fuel);
    }
    page(text, at, bare)
}

/// Of a page that does not end so many bytes are read.
const CUT: usize = 16 * 1024;

/// A page for people, to its end, or to the end of what was copied of it.
fn page(text: &str, at: usize, bare: &str) -> Option<Region> {
    let head = loose::clip(bare, 15).to_ascii_lowercase();
    let starts = ["<!doctype html", "<html", "<head>"];
    if !starts.iter().any(|start| head.starts_with(start)) {
        return None;
    }
    let near = loose::clip(&text[at..], CUT);
    let whole = find_end(&text[at..]).map(|end| end + "</html>".len());
    let end = at + whole.or_else(|| near.find("\n```")).unwrap_or(near.len());
    let mut sighting = Sighting::default();
    sighting.said(text[at..end].trim().to_owned(), 3);
    // A stock page has the status in its title.
    let mut named = status::all(loose::clip(&text[at..end], 4_096)).into_iter();
    if let Some(named) = named.find(|named| named.code >= 400) {
        sighting.answered_with(named.code, named.weight);
    }
    Some(Region {
        found: vec![("page", sighting)],
        end,
    })
}

/// Where a command begins in a line: at its start behind a prompt, or behind words that announce it.
pub(super) fn command_in(line: &str) -> Option<usize> {
    let text = line.trim_start();
    let start = line.len() - text.len();
    let mut bare = text;
    // `$ `, `% `, `PS C:\>`, `user@host:~$ `, `+ `
    for mark in ["$ ", "% ", "# ", "> ", "+ "] {
        if let Some(at) = bare
            .find(mark)
            .filter(|at| *at < 60 && !bare[..*at].contains(['"', '{', '=']))
        {
            let rest = &bare[at + mark.len()..];
            if curl_command::starts(rest) {
                bare = rest;
            }
        }
    }
    // `C:\Users\me>curl …`
    if let Some((prompt, rest)) = bare.split_once('>') {
        let typed = Shell::of_prompt(&format!("{prompt}>")).is_some();
        if typed && prompt.len() < 200 && curl_command::starts(rest) {
            bare = rest;
        }
    }
    bare = bare.trim_start_matches(['`', '*']);
    if curl_command::starts(bare) {
        return Some(start + text.len() - bare.len());
    }
    for mark in [
        ": curl ",
        "Run curl ",
        " `curl ",
        "$resp = Invoke-",
        "= Invoke-RestMethod ",
        "= Invoke-WebRequest ",
        "await fetch(",
    ] {
        if let Some(at) = line.find(mark) {
            let skip = mark.find(['c', 'I', 'a']).unwrap_or(0);
            let rest = &line[at + skip..];
            if curl_command::starts(rest)
                && !line.contains("At line:")
                && !line.trim_start().starts_with('+')
            {
                return Some(at + skip);
            }
        }
    }
    None
}

fn command(text: &str, start: usize, prompt: &str) -> Option<Region> {
    let length = curl_command::length(&text[start..], COMMAND);
    let own = &text[start..start + length];
    let found = read_by(own, "request command", |own, name, take| {
        curl_command::read_behind(prompt, own, name, take);
    });
    (!found.is_empty()).then_some(Region {
        found,
        end: start + length,
    })
}

/// The lines of an extended log.
fn extended(text: &str, at: usize) -> Option<Region> {
    let start = at + text[at..].len() - text[at..].trim_start().len();
    let mut found = Vec::new();
    let length = access::extended(&text[start..], &mut |line, exchange| {
        let mut sighting = of(exchange);
        sighting.line = line;
        sighting.access = true;
        found.push(("log lines", sighting));
    })?;
    match found.is_empty() {
        true => None,
        false => Region::of_lines(text, start..start + length, found),
    }
}

/// Where a page ends, if it ends soon.
fn find_end(rest: &str) -> Option<usize> {
    let near = loose::clip(rest, 256 * 1024);
    near.find("</html>").or_else(|| near.find("</HTML>"))
}

/// Line by line.
struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Walk<'t> {
    fn line(&self) -> Option<&'t str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        crate::work::looked(length);
        Some(&rest[..length])
    }

    fn step(&mut self, line: &str) {
        self.at = (self.at + line.len() + 1).min(self.text.len());
    }
}

fn read_by(
    own: &str,
    form: &'static str,
    read: impl Fn(&str, &str, &mut dyn FnMut(Item)),
) -> Vec<(&'static str, Sighting)> {
    let mut found = Vec::new();
    read(own, "", &mut |item| {
        if let Item::Exchange(exchange) = item {
            found.push((form, of(*exchange)));
        }
    });
    found
}

/// An exchange of a form of its own as a sighting.
fn of(exchange: Exchange) -> Sighting {
    let request = exchange.request;
    let mut out = Sighting {
        entry: request.url.is_some(),
        url_weight: if request.url.is_some() { 5 } else { 0 },
        method: request.method,
        url: request.url,
        sent_whole: request.headers.is_some() && !request.selected,
        sent: request.headers,
        variable: request.variable,
        request_body: request.body,
        at: exchange.at,
        failure: exchange.failure,
        remarks: exchange.remarks,
        ..Sighting::default()
    };
    if let Some(response) = exchange.response {
        out.status = response.status;
        out.status_weight = if response.status.is_some() { 5 } else { 0 };
        out.answered = response.headers;
        out.body_weight = if response.body.is_some() { 5 } else { 0 };
        out.body = response.body;
    }
    out
}

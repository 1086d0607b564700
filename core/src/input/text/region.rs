//! Parts of a text that have a form of their own: commands, a client's transcript, messages as on the wire.

use super::loose;
use super::noise;
use super::sighting::Sighting;
use super::status;
use super::undress::is_header;
use super::wire;
use crate::http::Exchange;
use crate::input::words::{request_line, status_line};
use crate::input::{Item, access, curl_command, curl_trace, http_text};

/// A command goes on over so many lines at most.
pub(super) const COMMAND: usize = 400;

/// A region that was read.
pub(super) struct Region {
    pub(super) found: Vec<(&'static str, Sighting)>,
    /// The first byte after it.
    pub(super) end: usize,
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
        return command(text, at + start);
    }
    let bare = line.trim();
    if bare.starts_with("#Fields:") {
        return extended(text, at);
    }
    if let Some((own, length)) = wire::messages(&text[at..]) {
        let end = at + length;
        return Some(Region {
            found: read_by(&own, "wire log", http_text::read),
            end: end - usize::from(text[..end].ends_with('\n')),
        });
    }
    if is_marked(bare) {
        return transcript(text, at, fuel);
    }
    if status_line(bare).is_some() || request_line(bare).is_some() {
        return message(text, at, fuel);
    }
    page(text, at, bare)
}

/// A page for people, to its end; one that does not end soon is read line by line.
fn page(text: &str, at: usize, bare: &str) -> Option<Region> {
    let head = loose::clip(bare, 15).to_ascii_lowercase();
    if !head.starts_with("<!doctype html") && !head.starts_with("<html") {
        return None;
    }
    let end = at + find_end(&text[at..])? + "</html>".len();
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

fn command(text: &str, start: usize) -> Option<Region> {
    let length = curl_command::length(&text[start..], COMMAND);
    let own = &text[start..start + length];
    let mut found = Vec::new();
    curl_command::read(own, "", &mut |item| {
        if let Item::Exchange(exchange) = item {
            found.push(("request command", of(*exchange)));
        }
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
    (!found.is_empty()).then_some(Region {
        found,
        end: start + length - usize::from(text[..start + length].ends_with('\n')),
    })
}

fn is_marked(line: &str) -> bool {
    // `curl: (22)` stands alone where --fail was used: it names the status.
    curl_trace::looks_like_line(line) && !line.starts_with("curl: (22)")
}

/// A client's own account: marked lines, and the bodies between them.
fn transcript(text: &str, at: usize, fuel: &mut usize) -> Option<Region> {
    let mut walk = Walk { text, at };
    let mut own = String::new();
    let (mut headed, mut body) = (false, false);
    while let Some(line) = walk.line() {
        let bare = curl_trace::without_time(line.trim_start());
        let marked = has_mark(bare);
        let listed = bare
            .strip_prefix("> * ")
            .or_else(|| bare.strip_prefix("< * "))
            .filter(|rest| is_header(rest));
        if let Some(rest) = listed {
            // Go SDKs log header fields as a list.
            own.extend([&bare[..2], rest.trim_end(), "\n"]);
        } else if bare.starts_with("< {") || bare.starts_with("< [") {
            let (inner, next) = unmarked(text, walk.at);
            own.extend(["<\n", &inner, "\n"]);
            walk.at = next;
            body = true;
            continue;
        } else if marked {
            own.extend([bare, "\n"]);
            headed |= bare.starts_with("< HTTP") || bare.starts_with("< http");
            body &= !bare.starts_with("> ");
        } else if line.trim().is_empty() {
            own.push('\n');
            if body {
                break;
            }
        } else if let Some(status) = status_line(bare).filter(|_| !headed) {
            let _ = status;
            break;
        } else if headed && !body || own.is_empty() {
            // The body: an object to its end, else up to a blank line.
            body = true;
            let from = walk.at + line.len() - bare.len();
            if let Some(read) = loose::read(text, from, fuel) {
                own.extend([&text[from..read.end], "\n"]);
                walk.at = read.end;
                let rest = walk.line().unwrap_or_default();
                own.extend([rest.trim_start_matches(|c: char| c != '*'), "\n"]);
                walk.step(rest);
                continue;
            }
            own.extend([line, "\n"]);
        } else if body && !curl_trace::looks_like_line(bare) || is_meter(bare) {
            own.extend([
                line, "
",
            ]);
        } else {
            break;
        }
        walk.step(line);
    }
    let end = walk.at.min(text.len());
    (end > at).then(|| Region {
        found: read_by(&own, "client transcript", curl_trace::read),
        end: end.saturating_sub(usize::from(
            text.as_bytes().get(end.wrapping_sub(1)) == Some(&b'\n'),
        )),
    })
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

/// Messages: heads up to a blank line, bodies to the end of their object or to the next blank line.
fn message(text: &str, at: usize, fuel: &mut usize) -> Option<Region> {
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
    let end = walk.at.min(text.len());
    (end > at).then(|| Region {
        found: read_by(&own, "HTTP messages", http_text::read),
        end: end.saturating_sub(usize::from(
            text.as_bytes().get(end.wrapping_sub(1)) == Some(&b'\n'),
        )),
    })
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
            || walk.at > from && (status_line(line.trim()).is_some() || is_marked(line.trim()))
        {
            break;
        }
        walk.step(line);
    }
    (walk.at.min(text.len()) - from).min(64 * 1024 + first.len())
}

/// Where a page ends, if it ends soon.
fn find_end(rest: &str) -> Option<usize> {
    let near = loose::clip(rest, 256 * 1024);
    near.find("</html>").or_else(|| near.find("</HTML>"))
}

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

type ReadForm = fn(&str, &str, &mut dyn FnMut(Item));

fn read_by(own: &str, form: &'static str, read: ReadForm) -> Vec<(&'static str, Sighting)> {
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

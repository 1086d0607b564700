//! Text with lines: transcripts, raw messages, logs, exceptions; each line by what it is.

use super::body::{self, Side};
use super::harmless::HARMLESS;
use super::people::People;
use super::prose::nest::Within;
use super::{Work, command, header, json, prose, url};
use crate::http::WIRE;
use crate::input::words::{request_line as start_of, status_line};
use crate::input::{self, Place, Sender};
use crate::token::redact::weight;
use serde_json::Value;
use std::ops::Range;

/// A transcript or a text of messages.
pub(super) fn transcript(source: &str, work: &mut Work<'_>) -> String {
    let joined = input::untraced(source);
    let text = joined.as_deref().unwrap_or(source);
    let mut out = String::with_capacity(text.len());
    let mut pending = String::new();
    let mut before = Place::Outside;
    let mut object: Vec<input::Span<'_>> = Vec::new();
    for span in input::spans(text, true) {
        // Some clients mark the lines of a body like those of a head.
        let head = matches!(span.place, Place::Head(_)) && !span.mark.is_empty();
        let opens = head && span.text.starts_with(['{', '[']);
        if opens
            || object.last().is_some_and(|last| last.place == span.place)
                && head
                && status_line(span.text).is_none()
        {
            flush(&mut pending, before, &mut out, work);
            before = span.place;
            object.push(span);
            continue;
        }
        marked(&mut object, &mut out, work);
        let gathered = span.mark.is_empty() && !matches!(span.place, Place::Head(_));
        if !(gathered && span.place == before) {
            flush(&mut pending, before, &mut out, work);
        }
        before = span.place;
        if gathered {
            pending.extend([span.text, span.ending]);
            continue;
        }
        out.push_str(span.mark);
        out.push_str(&one(span.text, span.mark, span.place, work));
        out.push_str(span.ending);
    }
    marked(&mut object, &mut out, work);
    flush(&mut pending, before, &mut out, work);
    out
}

/// A body whose lines are marked, as one text; its lines keep the mark.
fn marked(object: &mut Vec<input::Span<'_>>, out: &mut String, work: &mut Work<'_>) {
    let Some(first) = object.first() else {
        return;
    };
    let side = match first.place {
        Place::Head(Sender::Client) => Side::Request,
        _ => Side::Answer,
    };
    let mark = first.mark;
    let lines: Vec<&str> = object.iter().map(|span| span.text).collect();
    let ending = object.last().map_or("", |last| last.ending);
    let cleaned = body::clean(&lines.join("\n"), side, work);
    for (number, line) in cleaned.trim_end_matches('\n').split('\n').enumerate() {
        let start = if number > 0 { "\n" } else { "" };
        out.extend([start, mark, line]);
    }
    out.push_str(ending);
    object.clear();
}

fn flush(pending: &mut String, place: Place, out: &mut String, work: &mut Work<'_>) {
    if pending.is_empty() {
        return;
    }
    let side = match place {
        Place::Body(Sender::Client) => Side::Request,
        Place::Body(Sender::Server) => Side::Answer,
        _ => {
            out.push_str(&text(pending, work));
            pending.clear();
            return;
        }
    };
    let bare = pending.trim_matches(['\n', '\r']);
    let start = pending.len() - pending.trim_start_matches(['\n', '\r']).len();
    let end = start + bare.len();
    out.push_str(&pending[..start.min(pending.len())]);
    out.push_str(&body::clean(bare, side, work));
    out.push_str(pending.get(end..).unwrap_or_default());
    pending.clear();
}

fn one(line: &str, mark: &str, place: Place, work: &mut Work<'_>) -> String {
    if mark.trim_end().ends_with('*') {
        return prose::prose(line, "client's note", work);
    }
    if let Some(rest) = line.strip_prefix("* ") {
        // A field as Go SDKs log it, in a list.
        return format!("* {}", one(rest, "", place, work));
    }
    if let Some(cleaned) = request_line(line, work) {
        return cleaned;
    }
    if status_line(line).is_some() {
        let at = line
            .match_indices(' ')
            .nth(1)
            .map_or(line.len(), |(at, _)| at);
        return format!(
            "{}{}",
            &line[..at],
            prose::prose(&line[at..], "reason", work)
        );
    }
    if matches!(place, Place::Head(_)) {
        if line.starts_with([' ', '\t']) && !line.trim().is_empty() {
            // A folded line belongs to a field that is not known here any more.
            let blank = line.len() - line.trim_start().len();
            return format!(
                "{}{}",
                &line[..blank],
                work.stand.value(line.trim_start(), "folded header")
            );
        }
        if let Some(field) = field(line, work) {
            return field;
        }
    }
    text(line, work)
}

/// `METHOD target HTTP/version`, where a line is that.
pub(super) fn request_line(line: &str, work: &mut Work<'_>) -> Option<String> {
    let (method, target) = start_of(line)?;
    let version = line.trim_end().rsplit(' ').next().unwrap_or_default();
    let version = if version.len() <= 8 {
        version
    } else {
        "HTTP/1.1"
    };
    let ending = &line[line.trim_end().len()..];
    Some(format!(
        "{method} {} {version}{ending}",
        url::clean(target, url::Paths::Published, "URL", work)
    ))
}

/// `Name: value`.
fn field(line: &str, work: &mut Work<'_>) -> Option<String> {
    let pseudo = usize::from(line.starts_with(':'));
    let colon = pseudo + line[pseudo..].find(':')?;
    let (name, value) = line.split_at(colon);
    if name.contains(' ') && name.trim() != name
        || name.is_empty()
        || name.contains(' ') && name.len() > 40
    {
        return None;
    }
    let value = &value[1..];
    let shown = match name {
        ":path" => url::clean(value.trim(), url::Paths::Published, "URL", work),
        ":authority" => url::authority_of(value.trim(), "host", work),
        ":method" | ":scheme" | ":status" => prose::prose(value.trim(), "pseudo header", work),
        _ => {
            return Some(format!(
                "{}:{}",
                header::name(name, work),
                header::value(name, value, work)
            ));
        }
    };
    Some(format!("{name}: {shown}"))
}

/// A text of no message: its commands, and line after line.
pub(super) fn text(source: &str, work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(source.len());
    let mut people = People::default();
    for part in input::parts(source) {
        match part {
            input::Part::Command(range) => {
                let own = &source[range];
                let cleaned = command::clean(own, work);
                out.push_str(&cleaned.unwrap_or_else(|| work.stand.typed("text", own, "command")));
            }
            input::Part::Line(range) => {
                let line = &source[range];
                let bare = line.trim_end_matches(['\n', '\r']);
                let names = people.names(bare);
                match names.is_empty() || work.keep.personal {
                    true => out.push_str(&text_line(bare, work)),
                    false => {
                        work.free = true;
                        out.push_str(&named_line(bare, &names, work));
                    }
                }
                out.push_str(&line[bare.len()..]);
            }
        }
    }
    out
}

/// A line in which persons are named.
fn named_line(line: &str, names: &[Range<usize>], work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    for name in names.iter().filter(|name| !name.is_empty()) {
        out.push_str(&prose::part(&line[at..name.start], "text", work));
        out.push_str(&prose::person(&line[name.clone()], work));
        at = name.end;
    }
    out.push_str(&prose::part(&line[at..], "text", work));
    out
}

/// A line of no message: a log line, a header somebody quoted, prose.
fn text_line(line: &str, work: &mut Work<'_>) -> String {
    let bare = line.trim();
    if bare.is_empty() || work.nest.heading(line) {
        return line.to_owned();
    }
    let side = match work.nest.within() {
        Within::Sent => Side::Request,
        _ => Side::Answer,
    };
    if let Some(sent) = sent(line, work) {
        return sent;
    }
    if bare.starts_with(['{', '[']) && serde_json::from_str::<Value>(bare).is_ok() {
        return line.replace(bare, &body::clean(bare, side, work));
    }
    if let Some(log) = access_log(line, work) {
        return log;
    }
    // Whoever quotes a message puts marks before its lines, and some programs print their own.
    let own = bare.trim_start_matches(['<', '>', '*', '|', ' ', '\t']);
    if is_quoted_field(own, work)
        && let Some(field) = field(own, work)
    {
        let start = own.as_ptr() as usize - line.as_ptr() as usize;
        return format!("{}{field}{}", &line[..start], &line[start + own.len()..]);
    }
    work.free |= prose::is_sentence(bare);
    prose::part(line, "text", work)
}

/// A line of what was sent that is no object: nothing of it is needed.
fn sent(line: &str, work: &mut Work<'_>) -> Option<String> {
    let bare = line.trim();
    let object = bare.starts_with(['{', '}', '[', ']', '"', '\'']);
    let plain = !work.nest.is_open() && work.nest.within() == Within::Sent;
    (plain && !bare.is_empty() && !object)
        .then(|| line.replace(bare, &body::clean(bare, Side::Request, work)))
}

/// Whether a line of a text is a header field, by its name.
fn is_quoted_field(line: &str, work: &Work<'_>) -> bool {
    let Some((name, _)) = line.split_once(':') else {
        return false;
    };
    let lower = name.to_ascii_lowercase();
    let known = HARMLESS.header(name).is_some()
        || weight(name).is_some()
        || lower.starts_with("x-")
        || WIRE.correlation.contains(&lower.as_str())
        || work.keep.names.contains(&lower);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    known
        && (1..=64).contains(&name.len())
        && name.bytes().all(is_name)
        && HARMLESS.member(name).is_none()
}

/// The common and combined forms of nginx and Apache: a quoted request line in a line.
fn access_log(line: &str, work: &mut Work<'_>) -> Option<String> {
    let parts: Vec<&str> = line.split('"').collect();
    let at = parts.iter().position(|part| start_of(part).is_some())?;
    let mut out = Vec::with_capacity(parts.len());
    for (number, part) in parts.iter().enumerate() {
        out.push(match number {
            _ if number == at => request_line(part, work).unwrap_or_default(),
            _ if number == 0 => before_request(part, work),
            _ if part.contains("://") && !part.contains(' ') => {
                url::clean(part, url::Paths::Published, "referer", work)
            }
            _ => prose::prose(part, "log", work),
        });
    }
    Some(out.join("\""))
}

/// `address ident user [time]`: the second and third name persons.
fn before_request(text: &str, work: &mut Work<'_>) -> String {
    let words = text
        .split_inclusive(' ')
        .enumerate()
        .map(|(number, piece)| {
            let term = piece.trim_end();
            let address = text
                .split(' ')
                .next()
                .is_some_and(|first| first.parse::<std::net::IpAddr>().is_ok());
            if matches!(number, 1 | 2)
                && address
                && term != "-"
                && !term.starts_with('[')
                && !term.is_empty()
                && !work.keep.personal
            {
                format!(
                    "{}{}",
                    work.stand.typed_or_value("name", term, "log user"),
                    &piece[term.len()..]
                )
            } else {
                prose::prose(piece, "log", work)
            }
        });
    words.collect()
}

/// One JSON document a line; what is not JSON is a line of text.
pub(super) fn lines(
    source: &str,
    clean: &dyn Fn(Value, &mut Work<'_>) -> Value,
    work: &mut Work<'_>,
) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        let bare = line.trim();
        match serde_json::from_str::<Value>(bare) {
            Ok(value) => {
                out.push_str(&clean(value, work).to_string());
                out.push('\n');
            }
            // What strict JSON refuses is read as `explain` reads pasted objects.
            Err(_) => match input::object(bare).filter(|_| bare.starts_with('{')) {
                Some((value, end)) => {
                    out.push_str(&clean(value, work).to_string());
                    out.push_str(&text(&bare[end..], work));
                    out.push('\n');
                }
                None => out.push_str(&text(line, work)),
            },
        }
    }
    out
}

/// A record line, or a log line where it is none.
pub(super) fn record_or_log(value: Value, work: &mut Work<'_>) -> Value {
    match value {
        Value::Object(list)
            if ["request", "response", "token", "id", "provider"]
                .iter()
                .any(|name| list.contains_key(*name))
                && !list.contains_key("message") =>
        {
            json::record(list, work)
        }
        other => json::log(other, "", work),
    }
}

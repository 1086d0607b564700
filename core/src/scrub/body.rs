//! Bodies: JSON, forms, multipart, markup and text, each by its own structure.

use super::harmless::HARMLESS;
use super::stand_in::is_own;
use super::{Work, json, markup, member, prose};
use crate::token::redact;

/// Whose words a body holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// What the client sent: names, and what it asked for.
    Request,
    /// What the server answered.
    Answer,
    /// A message inside an answer.
    Said,
}

/// How deep text inside text is followed.
const DEPTH: usize = 6;

/// A body without its values.
pub(super) fn clean(text: &str, side: Side, work: &mut Work<'_>) -> String {
    let bare = text.trim();
    if bare.is_empty() || is_own(bare) {
        return text.to_owned();
    }
    if work.depth >= DEPTH {
        return work.stand.typed("text", text, "nested text");
    }
    work.depth += 1;
    let out = dispatch(text, bare, side, work);
    work.depth -= 1;
    out
}

fn dispatch(text: &str, bare: &str, side: Side, work: &mut Work<'_>) -> String {
    if bare.starts_with(['{', '[']) {
        if let Some(out) = json::body(text, side, work) {
            return out;
        }
        if side == Side::Request {
            return work.stand.typed("text", text, "request body");
        }
    }
    if bare.contains("form-data") && bare.starts_with("--") {
        return multipart(text, work);
    }
    if let Some(out) = form(text, side, work) {
        return out;
    }
    match side {
        // What a client sent is not asked by a diagnosis.
        Side::Request => work.stand.typed("text", text, "request body"),
        Side::Answer if markup::is_markup(bare) => markup::clean(text, work),
        _ => {
            work.free |= prose::is_sentence(bare);
            prose::prose(text, "text", work)
        }
    }
}

/// `a=1&b=2`.
fn form(text: &str, side: Side, work: &mut Work<'_>) -> Option<String> {
    let bare = text.trim();
    let first = bare.split('=').next()?;
    let sound = bare.contains('=')
        && !bare.contains([' ', '\n', '"', '{'])
        && !first.is_empty()
        && first.len() <= 60
        && first
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.[]$%".contains(&b));
    if !sound {
        return None;
    }
    let pairs = bare.split('&').map(|pair| {
        let Some((name, value)) = pair.split_once('=') else {
            return member::key(pair, work);
        };
        let answer = side != Side::Request && redact::weight(name).is_none();
        let shown = match HARMLESS.member(name).filter(|_| answer) {
            _ if work.keeps(name) => value.to_owned(),
            Some(grammar) => {
                let decoded = percent_encoding::percent_decode_str(value)
                    .decode_utf8_lossy()
                    .replace('+', " ");
                let cleaned = member::text(&decoded, Some(grammar), "form", work);
                if cleaned == decoded {
                    value.to_owned()
                } else {
                    cleaned.replace(' ', "+").replace('&', "%26")
                }
            }
            None => member::parameter(name, value, "form", work),
        };
        format!("{}={shown}", member::key(name, work))
    });
    Some(text.replace(bare, &pairs.collect::<Vec<_>>().join("&")))
}

/// The parts of a form (RFC 7578): their names and types.
fn multipart(text: &str, work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut head = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let ending = &line[bare.len()..];
        if bare.starts_with("--") && !bare.contains(' ') {
            head = !bare.ends_with("--") || bare.len() < 5;
            let number = work.stand.number(bare.trim_matches('-'), "form boundary");
            let end = if bare.ends_with("--") { "--" } else { "" };
            out.extend(["--part-n", &number.to_string(), end, ending]);
        } else if head && bare.is_empty() {
            head = false;
            out.push_str(line);
        } else if head {
            out.push_str(&prose::prose(line, "form", work));
        } else {
            out.push_str(&work.stand.value(bare, "form field"));
            out.push_str(ending);
        }
    }
    out
}

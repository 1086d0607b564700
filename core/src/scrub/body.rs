//! Bodies: JSON, forms, multipart, markup and text, each by its own structure.

use super::harmless::{Grammar, HARMLESS};
use super::stand_in::{is_own, own_at};
use super::{Work, json, member, prose, url};
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
        Side::Answer if is_markup(bare) => markup(text, work),
        _ => prose::prose(text, "text", work),
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

fn is_markup(text: &str) -> bool {
    text.strip_prefix('<').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?')
    }) && own_at(text).is_none()
}

/// HTML and XML: text and names of tags; values of attributes and of elements where their names are known.
fn markup(text: &str, work: &mut Work<'_>) -> String {
    let head: String = text
        .chars()
        .take(2_000)
        .collect::<String>()
        .to_ascii_lowercase();
    let html = [
        "<html",
        "<!doctype html",
        "<head",
        "<body",
        "<title",
        "<h1",
        "<p>",
        "<div",
        "<center",
    ]
    .iter()
    .any(|t| head.contains(t));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut name = String::new();
    while at < text.len() {
        let rest = &text[at..];
        if let Some(length) = own_at(rest) {
            out.push_str(&rest[..length]);
            at += length;
        } else if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |e| e + 3);
            out.push_str(&comment(&rest[..end], work));
            at += end;
        } else if rest.starts_with('<') {
            let end = tag_end(rest);
            let tag = &rest[..end];
            name = tag_name(tag);
            out.push_str(&attributes(tag, work));
            at += end;
            if matches!(name.as_str(), "script" | "style")
                && !tag.starts_with("</")
                && !tag.ends_with("/>")
            {
                let inner = text[at..].find("</").unwrap_or(text.len() - at);
                let code = &text[at..at + inner];
                out.push_str(&if code.trim().is_empty() {
                    code.to_owned()
                } else {
                    work.stand.typed_or_value("text", code, "script")
                });
                at += inner;
            }
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let inner = &rest[..end];
            out.push_str(&if inner.trim().is_empty() {
                inner.to_owned()
            } else if html {
                prose::prose(inner, "page", work)
            } else {
                element(&name, inner, work)
            });
            at += end;
        }
    }
    out
}

fn comment(text: &str, work: &mut Work<'_>) -> String {
    let inner = text.trim_start_matches("<!--").trim_end_matches("-->");
    format!(
        "<!--{}{}",
        prose::prose(inner, "page", work),
        if text.ends_with("-->") { "-->" } else { "" }
    )
}

fn element(name: &str, inner: &str, work: &mut Work<'_>) -> String {
    let local = name.rsplit(':').next().unwrap_or(name);
    let bare = inner.trim();
    let grammar = HARMLESS
        .member(local)
        .filter(|_| redact::weight(local) != Some(redact::Weight::Strong));
    if work.keeps(local) {
        return inner.to_owned();
    }
    inner.replace(bare, &member::text(bare, grammar, "element", work))
}

/// Where a tag ends; a stand-in inside it has a mark of its own.
fn tag_end(text: &str) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(['<', '>']) {
        at += found;
        match own_at(&text[at..]) {
            Some(length) => at += length,
            None if text[at..].starts_with('>') => return at + 1,
            None => at += 1,
        }
    }
    text.len()
}

fn tag_name(tag: &str) -> String {
    let inner = tag.trim_start_matches(['<', '/', '?', '!']);
    let end = inner
        .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .unwrap_or(inner.len());
    inner[..end].to_owned()
}

/// A tag with the values of the attributes that say what it is.
fn attributes(tag: &str, work: &mut Work<'_>) -> String {
    const PLAIN: [&str; 14] = [
        "class",
        "id",
        "name",
        "type",
        "lang",
        "rel",
        "charset",
        "http-equiv",
        "method",
        "role",
        "property",
        "version",
        "encoding",
        "title",
    ];
    let mut out = String::with_capacity(tag.len());
    let mut rest = tag;
    while let Some(sign) = rest.find('=') {
        let (before, after) = rest.split_at(sign);
        let name = before
            .rsplit(|c: char| c.is_whitespace())
            .next()
            .unwrap_or_default()
            .trim_matches(['"', '\'', '/'])
            .to_ascii_lowercase();
        out.push_str(before);
        out.push('=');
        let after = &after[1..];
        let (open, value, tail) = attribute(after);
        out.push_str(open);
        let shown = if work.keeps(&name) {
            value.to_owned()
        } else if PLAIN.contains(&name.as_str()) {
            prose::prose(value, "attribute", work)
        } else if ["href", "src", "action"].contains(&name.as_str()) || name.starts_with("xmlns") {
            url::clean(value, url::Paths::Words, "attribute", work)
        } else {
            member::text(value, None::<Grammar>, "attribute", work)
        };
        out.push_str(&shown);
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The opening quote, the value, and what follows it.
fn attribute(text: &str) -> (&str, &str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let end = text[1..].find(quote).map_or(text.len(), |e| e + 1);
            (&text[..1], &text[1..end], &text[end..])
        }
        _ => {
            let own = own_at(text).unwrap_or(0);
            let end = own
                + text[own..]
                    .find(|c: char| c.is_whitespace() || c == '>')
                    .unwrap_or(text.len() - own);
            ("", &text[..end], &text[end..])
        }
    }
}

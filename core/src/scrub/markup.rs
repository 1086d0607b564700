//! HTML and XML.

use super::harmless::{Grammar, HARMLESS};
use super::stand_in::own_at;
use super::{Work, member, prose, url};
use crate::token::redact;

/// Tags of pages for people.
const PAGES: [&str; 9] = [
    "<html",
    "<!doctype html",
    "<head",
    "<body",
    "<title",
    "<h1",
    "<p>",
    "<div",
    "<center",
];

/// Whether a text is markup.
pub(super) fn is_markup(text: &str) -> bool {
    text.strip_prefix('<').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?')
    }) && own_at(text).is_none()
}

/// Whether the markup is a page for people: its text is prose.
fn is_page(text: &str) -> bool {
    let head: String = text.chars().take(2_000).collect();
    let head = head.to_ascii_lowercase();
    PAGES.iter().any(|tag| head.contains(tag))
}

/// HTML and XML: text and names of tags; values of attributes and of elements where their names are known.
pub(super) fn clean(text: &str, work: &mut Work<'_>) -> String {
    let page = is_page(text);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut name = String::new();
    while at < text.len() {
        let rest = &text[at..];
        at += if let Some(length) = own_at(rest) {
            out.push_str(&rest[..length]);
            length
        } else if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |e| e + 3);
            out.push_str(&comment(&rest[..end], work));
            end
        } else if rest.starts_with('<') {
            let end = tag_end(rest);
            let tag = &rest[..end];
            name = tag_name(tag);
            out.push_str(&attributes(tag, work));
            let code = code_behind(tag, &name, &rest[end..]);
            out.push_str(&script(code, work));
            end + code.len()
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            out.push_str(&content(&rest[..end], &name, page, work));
            end
        };
    }
    out
}

/// What stands between a tag of a script or style and its end; else nothing.
fn code_behind<'t>(tag: &str, name: &str, rest: &'t str) -> &'t str {
    let opens = !tag.starts_with("</") && !tag.ends_with("/>");
    match opens && matches!(name, "script" | "style") {
        true => &rest[..rest.find("</").unwrap_or(rest.len())],
        false => "",
    }
}

fn script(code: &str, work: &mut Work<'_>) -> String {
    match code.trim().is_empty() {
        true => code.to_owned(),
        false => work.stand.typed_or_value("text", code, "script"),
    }
}

fn content(inner: &str, name: &str, page: bool, work: &mut Work<'_>) -> String {
    if inner.trim().is_empty() {
        inner.to_owned()
    } else if page {
        prose::prose(inner, "page", work)
    } else {
        element(name, inner, work)
    }
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

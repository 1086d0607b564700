//! What was said without its dress: escapes, markup, JSON inside a sentence.

use std::borrow::Cow;

/// The text without escapes and markup, and with the members of JSON inside it on lines of their own.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = unescaped(text);
    match text.contains('<') {
        true => Cow::Owned(without_markup(&text)),
        false => text,
    }
}

/// The text without escapes, and with the members of JSON inside it on lines of their own.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains('\\') {
        let unescaped = text
            .replace("\\r", " ")
            .replace("\\n", "\n")
            .replace("\\t", " ")
            .replace("\\\"", "\"")
            .replace("\\/", "/");
        text = Cow::Owned(unescaped);
    }
    // "scope(s)", "(re)authentication".
    for (part, letters) in [
        ("(s)", "s"),
        ("(re)", "re"),
        ("(re-)", "re"),
        ("(ri)", "ri"),
    ] {
        if text.contains(part) {
            text = Cow::Owned(text.replace(part, letters));
        }
    }
    if text.contains("{\"") || text.contains("{'") || text.contains("[{") {
        text = Cow::Owned(members_apart(&text));
    }
    text
}

fn members_apart(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let near =
        |at: Option<&char>| at.is_some_and(|c| matches!(c, '{' | '}' | '[' | ']' | ',' | ':'));
    let mut out = String::with_capacity(text.len());
    for (at, c) in letters.iter().enumerate() {
        let quote = matches!(c, '"' | '\'');
        let before = at.checked_sub(1).and_then(|i| letters.get(i));
        let before = if before == Some(&' ') {
            at.checked_sub(2).and_then(|i| letters.get(i))
        } else {
            before
        };
        if quote && (near(before) || near(letters.get(at + 1))) {
            out.push('\n');
        } else {
            out.push(*c);
        }
    }
    out
}

/// Tags that stand inside a sentence.
const INLINE: [&str; 10] = [
    "b", "i", "em", "strong", "a", "code", "span", "u", "tt", "small",
];

/// Tags that need no end.
const ALONE: [&str; 12] = [
    "br", "hr", "p", "li", "meta", "link", "img", "input", "td", "tr", "html", "body",
];

fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let Some(end) = after.find('>').filter(|_| {
            after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '!' | '?'))
        }) else {
            out.push(' ');
            rest = after;
            continue;
        };
        let tag = &after[..end];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let name = name.to_ascii_lowercase();
        rest = &after[end + 1..];
        // A stand-in such as `<redacted>` is part of its sentence.
        let stand_in = !tag.starts_with(['/', '!', '?'])
            && !ALONE.contains(&name.as_str())
            && !rest.contains(&format!("</{}", tag.split(' ').next().unwrap_or_default()));
        if stand_in {
            // What Python prints of an exception stands in such brackets too: it is what was said.
            let mut words = tag.split_whitespace().skip(1);
            let said = words.next().is_some_and(|word| !word.contains('=')) && words.count() > 1;
            match said {
                true => out.extend([" ", tag, " "]),
                false => out.push_str(" <name> "),
            }
            continue;
        }
        if matches!(name.as_str(), "script" | "style") && !tag.starts_with('/') {
            let close = format!("</{name}");
            rest = rest.find(&close).map_or("", |at| &rest[at..]);
        }
        out.push(if INLINE.contains(&name.as_str()) {
            ' '
        } else {
            '\n'
        });
    }
    out.push_str(rest);
    without_entities(out)
}

fn without_entities(mut out: String) -> String {
    for (entity, text) in [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, text);
        }
    }
    out
}

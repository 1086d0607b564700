//! Takes off what people and programs put around evidence: quotation marks of mails, fences, boxes, colours, log prefixes.

use super::headers::is_request_field;
use crate::input::words::{request_line, status_line};
use std::borrow::Cow;

/// Quotations inside quotations are taken off so deep.
const LEVELS: usize = 6;

/// The text without its dress; lines stay lines.
/// A plain text is not copied.
pub(super) fn undress(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for step in [
        without_colours,
        plain_signs,
        unquoted_printable,
        decoded_entities,
    ] {
        if let Cow::Owned(own) = step(&text) {
            text = Cow::Owned(own);
        }
    }
    crate::work::looked(text.len());
    let plain = {
        let lines = undressed(&text);
        let same = lines.iter().map(AsRef::as_ref).eq(text.split('\n'));
        (!same).then(|| lines.join("\n"))
    };
    plain.map_or(text, Cow::Owned)
}

fn undressed(text: &str) -> Vec<Cow<'_, str>> {
    let lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let mut lines: Vec<Cow<'_, str>> = lines.map(|line| Cow::Borrowed(unboxed(line))).collect();
    for _ in 0..LEVELS {
        if !unquote(&mut lines) {
            break;
        }
    }
    without_columns(&mut lines);
    rejoin_reasons(&mut lines);
    for line in &mut lines {
        let kept = match is_fence(line) {
            true => "",
            false => without_syslog(unfenced(line)),
        };
        if kept.len() < line.len() {
            *line = Cow::Owned(kept.to_owned());
        }
    }
    lines
}

/// A terminal wraps a status and its reason onto two lines: `… success: 401`, `(Unauthorized).`
fn rejoin_reasons(lines: &mut [Cow<'_, str>]) {
    for at in 1..lines.len() {
        if !is_reason(&lines[at]) || !ends_in_refusal(&lines[at - 1]) {
            continue;
        }
        let reason = std::mem::take(&mut lines[at]);
        lines[at - 1] = Cow::Owned(format!(
            "{} {}",
            lines[at - 1].trim_end(),
            reason.trim_start()
        ));
    }
}

/// `(Unauthorized).`, `(Non autorisé)`.
fn is_reason(line: &str) -> bool {
    let inner = line.trim().strip_prefix('(');
    let inner = inner.and_then(|rest| rest.trim_end_matches('.').strip_suffix(')'));
    inner.is_some_and(|words| {
        words.len() < 40 && words.chars().all(|c| c.is_alphabetic() || c == ' ')
    })
}

/// Whether a line ends in a number from 400 to 599.
fn ends_in_refusal(line: &str) -> bool {
    let last = line.trim_end().rsplit(' ').next().unwrap_or_default();
    last.parse::<u16>()
        .is_ok_and(|code| (400..600).contains(&code))
}

/// Without ANSI escape sequences (ECMA-48 §5.4) and backspaces.
fn without_colours(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            out.push(c);
            continue;
        }
        let mut ahead = chars.clone();
        if ahead.next() == Some('[') {
            chars = ahead;
            for c in chars.by_ref() {
                if ('\u{40}'..='\u{7e}').contains(&c) {
                    break;
                }
            }
        }
    }
    Cow::Owned(out)
}

/// Typographic quotes and blanks as programs write them.
fn plain_signs(text: &str) -> Cow<'_, str> {
    let odd = |c: char| {
        matches!(
            c,
            '“' | '”' | '„' | '‘' | '’' | '\u{a0}' | '\u{200b}' | '\u{202f}' | '\u{feff}'
        )
    };
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .filter_map(|c| match c {
                '“' | '”' | '„' => Some('"'),
                '‘' | '’' => Some('\''),
                '\u{a0}' | '\u{202f}' => Some(' '),
                '\u{200b}' | '\u{feff}' => None,
                c => Some(c),
            })
            .collect(),
    )
}

/// A mail's source in quoted-printable (RFC 2045 §6.7).
fn unquoted_printable(text: &str) -> Cow<'_, str> {
    if !text.contains("=3D") || !(text.contains("=\n") || text.contains("=\r\n")) {
        return Cow::Borrowed(text);
    }
    let joined = text.replace("=\r\n", "").replace("=\n", "");
    let bytes = joined.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'=')
            .then(|| joined.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// What was copied out of a page's source: entities are signs again, tags that only lay out are gone.
fn decoded_entities(text: &str) -> Cow<'_, str> {
    let signs = ["&quot;", "&lt;", "&gt;", "&#39;", "&#x27;", "&#34;"];
    if !signs.iter().any(|sign| text.contains(sign)) {
        return Cow::Borrowed(text);
    }
    let mut out = text.to_owned();
    if !text.contains("<html") && !text.contains("<HTML") {
        for (tag, with) in [
            ("<br>", "\n"),
            ("<br/>", "\n"),
            ("<br />", "\n"),
            ("</p>", "\n"),
            ("</div>", "\n"),
        ] {
            out = out.replace(tag, with);
        }
        for tag in [
            "<p>", "<div>", "<pre>", "</pre>", "<code>", "</code>", "<span>", "</span>",
        ] {
            out = out.replace(tag, "");
        }
    }
    for (entity, sign) in [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&#47;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, sign);
    }
    Cow::Owned(out)
}

/// Without the frame that Terraform and others draw.
fn unboxed(line: &str) -> &str {
    let drawn = |c: char| ('\u{2500}'..='\u{257f}').contains(&c);
    let text = line.trim_start();
    if !text.starts_with(drawn) {
        return line;
    }
    let text = text.trim_start_matches(drawn);
    let text = text.strip_prefix(' ').unwrap_or(text);
    text.trim_end_matches(drawn).trim_end()
}

/// Takes one level of `> ` off the runs of lines that quote somebody; a client's `> ` before what it sent stays.
fn unquote(lines: &mut [Cow<'_, str>]) -> bool {
    let quoted = |line: &Cow<'_, str>| line.trim_start().starts_with('>');
    let mut changed = false;
    let mut at = 0;
    while at < lines.len() {
        if !quoted(&lines[at]) {
            at += 1;
            continue;
        }
        let end = at + lines[at..].iter().take_while(|line| quoted(line)).count();
        if is_quotation(&lines[at..end]) {
            for line in &mut lines[at..end] {
                *line = Cow::Owned(once(line).to_owned());
            }
            changed = true;
        }
        at = end;
    }
    changed
}

fn once(line: &str) -> &str {
    let rest = line.trim_start().strip_prefix('>').unwrap_or(line);
    rest.strip_prefix(' ').unwrap_or(rest)
}

/// Whether the run quotes: it holds marks of its own, or nothing that a client would have sent.
fn is_quotation(run: &[Cow<'_, str>]) -> bool {
    let inner = || run.iter().map(|line| once(line));
    let listed = |line: &str| line.strip_prefix("* ").is_some_and(is_header);
    let marked = |line: &str| {
        line.starts_with('>')
            || line.starts_with("< ")
            || line.starts_with("* ") && !listed(line)
            || line.starts_with("$ ")
            || line.starts_with("curl ")
            || status_line(line).is_some()
    };
    let field = |line: &str| {
        line.split_once(':')
            .is_some_and(|(name, _)| is_header(line) && is_request_field(name))
    };
    let sent = |line: &str| request_line(line).is_some() || field(line) || listed(line);
    inner().any(marked) || !inner().any(sent)
}

/// `Name: value`, the name without blanks.
pub(super) fn is_header(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, value)| {
        !name.is_empty()
            && name.len() < 60
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && (value.is_empty() || value.starts_with(' '))
    })
}

/// `service_1  | …`, as container tools put before each line.
fn without_columns(lines: &mut [Cow<'_, str>]) {
    let column = |line: &str| -> Option<usize> {
        let at = line.find(" | ")?;
        let name = line[..at].trim_end();
        let sound = !name.is_empty()
            && name.len() < 40
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b));
        sound.then_some(at + 3)
    };
    let with = lines.iter().filter(|line| column(line).is_some()).count();
    let filled = lines.iter().filter(|line| !line.trim().is_empty()).count();
    if with < 2 || with * 2 < filled {
        return;
    }
    for line in lines {
        if let Some(at) = column(line) {
            *line = Cow::Owned(line[at..].to_owned());
        }
    }
}

/// A line that only opens or closes a block of code or a quotation, or underlines.
fn is_fence(line: &str) -> bool {
    let text = line.trim();
    let lower = text.to_ascii_lowercase();
    (text.starts_with("```") || text.starts_with("~~~"))
        && text
            .trim_start_matches(['`', '~'])
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-')
        || ["{code", "{noformat", "{quote", "[code", "[/code", "{panel"]
            .iter()
            .any(|mark| lower.starts_with(mark))
            && lower.ends_with(['}', ']'])
        || [
            "<pre>",
            "</pre>",
            "<code>",
            "</code>",
            "<details>",
            "</details>",
            "<pre><code>",
            "</code></pre>",
        ]
        .contains(&lower.as_str())
}

/// Fences that share a line with the text.
fn unfenced(mut line: &str) -> &str {
    for mark in ["```", "{code}", "{noformat}", "{{{", "}}}"] {
        line = line.strip_prefix(mark).unwrap_or(line);
        if mark != "}}}" || line.matches('{').count() < line.matches('}').count() {
            line = line.strip_suffix(mark).unwrap_or(line);
        }
    }
    line
}

/// `Jan  5 11:34:23 host program[123]: …` (RFC 3164): the program's own words stay, its name with them.
fn without_syslog(line: &str) -> &str {
    const MONTHS: [&str; 12] = [
        "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ",
        "Dec ",
    ];
    if !MONTHS.iter().any(|month| line.starts_with(month))
        || line.len() < 20
        || !line.is_char_boundary(16)
    {
        return line;
    }
    let clock = line.as_bytes()[9] == b':' && line.as_bytes()[12] == b':';
    match line[16..].split_once(' ').filter(|_| clock) {
        Some((_, rest)) => rest.trim_start(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_taken_off_and_what_a_client_sent_stays() {
        let transcript = "> GET /a HTTP/1.1\n> Host: x\n>\n< HTTP/1.1 401 No";
        assert_eq!(undress(transcript), transcript);
        let quoted: Vec<String> = transcript.lines().map(|l| format!("> > {l}")).collect();
        assert_eq!(undress(&quoted.join("\n")), transcript);
        assert_eq!(undress("> it fails\n> with 401"), "it fails\nwith 401");
    }

    #[test]
    fn boxes_fences_colours_and_prefixes_go() {
        assert_eq!(undress("│ Error: 403"), "Error: 403");
        assert_eq!(
            undress("correcto: 401\n(Unauthorized).\n  en X"),
            "correcto: 401 (Unauthorized).\n\n  en X"
        );
        assert_eq!(
            undress("line 401\n(see above, 2)"),
            "line 401\n(see above, 2)"
        );
        assert_eq!(undress("```json\n{}\n```"), "\n{}\n");
        assert_eq!(undress("\u{1b}[31m401\u{1b}[0m"), "401");
        assert_eq!(
            undress("Jan  5 11:34:23 host registry[2]: x"),
            "registry[2]: x"
        );
        assert_eq!(undress("api_1  | a\ndb_1  | b"), "a\nb");
        assert_eq!(undress("{&quot;a&quot;:1}"), "{\"a\":1}");
    }
}

//! One run of free text: an address, a number, a time, or words joined by marks.

use super::harmless::HARMLESS;
use super::{Work, url};
use crate::token::redact::{Strictness, is_wordy};

/// Whether a character ends a run.
pub(super) fn is_edge(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '"' | '\''
                | '`'
                | '('
                | ')'
                | '['
                | ']'
                | '{'
                | '}'
                | '<'
                | '>'
                | ','
                | ';'
                | '|'
                | '='
                | '&'
                | '\\'
                | '“'
                | '”'
                | '‘'
                | '’'
                | '«'
                | '»'
        )
}

/// A telephone or card number: nine digits or more in groups.
pub(super) fn digit_group(text: &str) -> Option<usize> {
    let mut digits = 0;
    let mut length = 0;
    let mut groups = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices().take(32) {
        match c {
            '0'..='9' => {
                digits += 1;
                groups += usize::from(!before.is_ascii_digit());
                length = at + 1;
            }
            '+' if at == 0 => {}
            ' ' | '-' | '(' | ')' if at > 0 && before != ' ' || c == '(' => {}
            _ => break,
        }
        before = c;
    }
    let next = text[length..].chars().next();
    let ends = next.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, ':' | '_' | '/'));
    let plus = text.starts_with('+');
    (digits >= if plus { 8 } else { 9 }
        && (groups > 1 || plus)
        && ends
        && !is_time(&text[..length]))
    .then_some(length)
}

/// One run: an address, or words joined by marks.
pub(super) fn run(term: &str, place: &str, work: &mut Work<'_>) -> String {
    let core = term.trim_matches(['.', ':', '!', '?', '*', '~', '#', '$', '%', '-', '_', '…']);
    if core.is_empty() {
        return term.to_owned();
    }
    // Both are parts of the same text.
    let start = core.as_ptr() as usize - term.as_ptr() as usize;
    let (before, after) = (&term[..start], &term[start + core.len()..]);
    format!("{before}{}{after}", bare(core, place, work))
}

/// What stands in a path for whoever calls, in place of a name.
const ONESELF: [&str; 4] = ["me", "self", "myself", "current"];

fn bare(term: &str, place: &str, work: &mut Work<'_>) -> String {
    if HARMLESS.is_value(term) || is_time(term) || is_ruler(term) {
        return term.to_owned();
    }
    if term.contains("://") {
        return url::clean(term, url::Paths::Words, place, work);
    }
    if is_address(term) {
        return if work.keep.personal {
            term.to_owned()
        } else {
            work.stand.typed("email", term, place)
        };
    }
    if let Ok(ip) = without_port(term).parse::<std::net::IpAddr>() {
        return if ip.is_loopback() || ip.is_unspecified() || work.keep.personal {
            term.to_owned()
        } else {
            work.stand.typed("ip", term, place)
        };
    }
    if let Some((prompt, rest)) = prompt(term).filter(|_| !work.keep.personal) {
        let shown = work.stand.typed_or_value("name", prompt, "person");
        return format!("{shown}{}", bare(rest, place, work));
    }
    if term.starts_with('/') {
        return url::path(term, url::Paths::Words, place, work);
    }
    let mut out = String::with_capacity(term.len());
    let mut before = "";
    for piece in term.split_inclusive([':', '/', '?', '#']) {
        let bare = piece.trim_end_matches([':', '/', '?', '#']);
        let person =
            matches!(before, "user/" | "users/") && !work.keep.personal && !ONESELF.contains(&bare);
        let known = bare.is_empty()
            || is_number(bare)
            || KINDS.contains(&bare)
            || is_wordy(bare, Strictness::Strict)
            || HARMLESS.is_path_word(bare);
        if person && !bare.is_empty() {
            out.push_str(&work.stand.typed_or_value("name", bare, "person"));
        } else if known && bare.len() <= 120 {
            out.push_str(bare);
        } else {
            let (stem, kind) = source_file(bare);
            out.push_str(&work.stand.value(stem, place));
            out.push_str(kind);
        }
        out.push_str(&piece[bare.len()..]);
        before = piece;
    }
    out
}

/// How the names of programs' sources end.
const KINDS: [&str; 11] = [
    "js", "mjs", "ts", "tsx", "py", "ps1", "go", "java", "cs", "rb", "php",
];

/// The name of a program's source without its kind, and the kind: where an error was thrown, in `main.4f2a.js:1`.
fn source_file(name: &str) -> (&str, &str) {
    let kind = KINDS.iter().find(|kind| name.ends_with(**kind));
    let stem = kind.and_then(|kind| name.strip_suffix(kind)?.strip_suffix('.'));
    stem.filter(|stem| !stem.is_empty())
        .map_or((name, ""), |stem| (stem, &name[stem.len()..]))
}

/// One mark, however often: `+`, `^^^^`.
fn is_ruler(term: &str) -> bool {
    let mut chars = term.chars();
    let first = chars.next();
    first.is_some_and(|c| c.is_ascii_punctuation()) && chars.all(|c| Some(c) == first)
}

fn without_port(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => text,
    }
}

/// An address of mail.
fn is_address(term: &str) -> bool {
    let Some((user, host)) = term.rsplit_once('@') else {
        return false;
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    !user.is_empty()
        && !user.contains('/')
        && host.contains('.')
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Who is logged in where, as a shell's prompt shows it, and the folder that follows: `jane@laptop`, `:~/work`.
fn prompt(term: &str) -> Option<(&str, &str)> {
    let (who, folder) = term.split_at(term.find(':')?);
    let (user, host) = who.split_once('@')?;
    let named = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let opened = folder.starts_with(":~") || folder.starts_with(":/");
    (opened && named(user) && named(host)).then_some((who, folder))
}

/// Six digits at most, with a point or percent sign: a status, a code, a size.
fn is_number(term: &str) -> bool {
    let digits = term.bytes().filter(u8::is_ascii_digit).count();
    (1..=6).contains(&digits)
        && term
            .bytes()
            .all(|b| b.is_ascii_digit() || b".,%+-".contains(&b))
}

/// A date or a time of day, in the forms of RFC 3339 and logs.
pub(super) fn is_time(term: &str) -> bool {
    let bytes = term.as_bytes();
    let shaped = |form: &[u8]| {
        bytes.len() >= form.len()
            && form.iter().zip(bytes).all(|(f, b)| {
                if *f == b'd' {
                    b.is_ascii_digit()
                } else {
                    f == b
                }
            })
    };
    let date = shaped(b"dddd-dd-dd") || shaped(b"dddd/dd/dd");
    let clock = shaped(b"dd:dd");
    let log = bytes.len() > 10
        && bytes[2] == b'/'
        && bytes.get(6) == Some(&b'/')
        && bytes[..2].iter().all(u8::is_ascii_digit);
    let rest = if log { &bytes[11..] } else { bytes };
    (date || clock || log)
        && bytes.len() <= 40
        && rest
            .iter()
            .all(|b| b.is_ascii_digit() || b"-:./TtZz+ ".contains(b))
}

//! URLs: scheme and host stay, of the path what is published, of the query the names.

use super::harmless::HARMLESS;
use super::stand_in::{is_own, own_at};
use super::{Work, member};
use crate::token::redact::{Strictness, is_wordy};

/// Which segments of a path are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paths {
    /// Words of published paths: where a request went.
    Published,
    /// Any word: what a message says of a path.
    Words,
}

/// A URL, or a path with its query.
pub(super) fn clean(text: &str, paths: Paths, place: &str, work: &mut Work<'_>) -> String {
    let Some((scheme, rest)) = text.split_once("://").filter(|(s, _)| {
        s.len() <= 20
            && s.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    }) else {
        if text.starts_with("data:") || text.starts_with("mailto:") || text.starts_with("blob:") {
            return work.stand.value(text, place);
        }
        return path(text, paths, place, work);
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    format!(
        "{scheme}://{}{}",
        authority_of(authority, place, work),
        path(tail, paths, place, work)
    )
}

/// A host as it is; a user name and a password before it as stand-ins.
pub(super) fn authority_of(text: &str, place: &str, work: &mut Work<'_>) -> String {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, text),
    };
    let mut out = String::new();
    if let Some(user) = user {
        let shown: Vec<String> = user
            .split(':')
            .map(|part| work.stand.value(part, "user information of a URL"))
            .collect();
        out.push_str(&shown.join(":"));
        out.push('@');
    }
    out.push_str(&host_of(host, place, work));
    out
}

fn host_of(host: &str, place: &str, work: &mut Work<'_>) -> String {
    let (name, port) = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()) && port.len() <= 5)
        .map_or((host, ""), |(name, _)| (name, &host[name.len()..]));
    // A label of random text is the name of a webhook or a tunnel, and as good as a key.
    let labels = name.split('.').map(|label| {
        let random =
            label.len() >= 16 && !is_wordy(label, Strictness::Lenient) && !label.starts_with('[');
        if random
            && !is_own(label)
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            let number = work.stand.number(label, place);
            format!("name-n{number}")
        } else {
            label.to_owned()
        }
    });
    let name: Vec<String> = labels.collect();
    let sound = |c: char| {
        c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '[' | ']' | ':' | '{' | '}' | '$')
    };
    let joined = name.join(".");
    let colons = joined.contains(':') && !joined.starts_with('[');
    if joined.chars().all(sound) && joined.len() <= 253 && !colons {
        format!("{joined}{port}")
    } else {
        work.stand.value(host, place)
    }
}

/// A path, its query and its fragment.
pub(super) fn path(text: &str, paths: Paths, place: &str, work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Query and fragment begin at the first `?` and `#`, but for stand-ins' own marks there are none.
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    for segment in rest[..end].split_inclusive(['/', '\\']) {
        let bare = segment.trim_end_matches(['/', '\\']);
        out.push_str(&self::segment(bare, paths, place, work));
        out.push_str(&segment[bare.len()..]);
    }
    rest = &rest[end..];
    while let Some(mark) = rest.chars().next() {
        let next = rest[1..].find('#').map_or(rest.len(), |at| at + 1);
        out.push(mark);
        out.push_str(&query(&rest[1..next], place, work));
        rest = &rest[next..];
    }
    out
}

/// One segment: whole, or the words between its marks; `;name=value` loses the value.
fn segment(text: &str, paths: Paths, place: &str, work: &mut Work<'_>) -> String {
    if text.is_empty() || own_at(text) == Some(text.len()) || is_kept(text, paths) {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut start = 0;
    let mut name = false;
    while start < text.len() {
        let rest = &text[start..];
        if let Some(length) = own_at(rest) {
            out.push_str(&rest[..length]);
            start += length;
            continue;
        }
        let edge = |c: char| {
            matches!(
                c,
                '(' | ')'
                    | '\''
                    | ':'
                    | ';'
                    | ','
                    | '='
                    | '@'
                    | '$'
                    | '*'
                    | '['
                    | ']'
                    | '+'
                    | '&'
                    | '{'
                    | '}'
                    | '<'
                    | '>'
            )
        };
        let end = rest.find(edge).unwrap_or(rest.len());
        if end == 0 {
            let mark = rest.chars().next().unwrap_or_default();
            name = mark == ';';
            out.push(mark);
            start += mark.len_utf8();
            continue;
        }
        let piece = &rest[..end];
        let attribute = name && rest[end..].starts_with('=') && is_wordy(piece, Strictness::Strict);
        if attribute || is_kept(piece, paths) {
            out.push_str(piece);
        } else {
            out.push_str(&work.stand.value(piece, place));
        }
        start += end;
    }
    out
}

fn is_kept(piece: &str, paths: Paths) -> bool {
    let version = piece.len() <= 8
        && piece.starts_with(['v', 'V'])
        && piece[1..].bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && piece.len() > 1;
    let spoken = paths == Paths::Words && is_wordy(piece, Strictness::Strict) && piece.len() <= 60;
    let template =
        piece.starts_with('{') && piece.ends_with('}') && is_wordy(piece, Strictness::Strict);
    version
        || spoken
        || template
        || matches!(
            piece,
            "-" | "_" | "~" | "." | ".." | "..." | "…" | "*" | "{" | "}" | "id"
        )
        || HARMLESS.is_path_word(piece)
}

/// `a=1&b=2`: names, and values where the name is known to hold none that matters.
pub(super) fn query(text: &str, place: &str, work: &mut Work<'_>) -> String {
    let pairs = text.split('&').map(|pair| {
        let (name, value) = pair
            .split_once('=')
            .map_or((pair, None), |(n, v)| (n, Some(v)));
        let Some(value) = value else {
            return if name.is_empty()
                || own_at(name) == Some(name.len())
                || is_wordy(name, Strictness::Strict) && name.len() <= 40
            {
                name.to_owned()
            } else {
                work.stand.value(name, place)
            };
        };
        if work.keeps(name) {
            return pair.to_owned();
        }
        let shown = member::parameter(name, value, place, work);
        format!("{}={shown}", member::key(name, work))
    });
    pairs.collect::<Vec<_>>().join("&")
}

//! Challenges (RFC 9110 §11): schemes and the parameters that are known; the others keep their names.

use super::harmless::HARMLESS;
use super::stand_in::own_at;
use super::{Work, member, prose};
use crate::token::redact::{Strictness, is_wordy};

/// A header's value, its marks as they were sent.
pub(super) fn clean(value: &str, work: &mut Work<'_>) -> String {
    const PLACE: &str = "challenge";
    let mut out = String::with_capacity(value.len());
    let mut at = 0;
    while let Some(c) = value[at..].chars().next() {
        if let Some(length) = own_at(&value[at..]) {
            out.push_str(&value[at..at + length]);
            at += length;
            continue;
        }
        if matches!(c, ' ' | '\t' | ',' | '=' | '"' | '\r' | '\n' | ';') {
            out.push(c);
            at += 1;
            continue;
        }
        let end = value[at..]
            .find([' ', '\t', ',', '=', '"', '\r', '\n', ';'])
            .map_or(value.len(), |e| at + e);
        let name = &value[at..end];
        let rest = value[end..].trim_start_matches([' ', '\t']);
        if !rest.starts_with('=')
            || rest[1..].trim_start().starts_with(['=', ','])
            || rest.len() == 1
        {
            // A scheme, or what stands alone behind it.
            let term = is_wordy(name, Strictness::Strict) && name.len() <= 40;
            out.push_str(&if term {
                name.to_owned()
            } else {
                prose::prose(name, PLACE, work)
            });
            at = end;
            continue;
        }
        let sign = value.len() - rest.len() + 1;
        let after = &value[sign..];
        let gap = after.len() - after.trim_start_matches([' ', '\t']).len();
        out.push_str(&member::key(name, work));
        out.push_str(&value[end..sign + gap]);
        at = sign + gap;
        let (open, inner) = inner_of(&value[at..]);
        out.push_str(&value[at..at + open]);
        let grammar = HARMLESS.challenge(name);
        let kept = work.keeps(name);
        out.push_str(&if kept {
            inner.to_owned()
        } else {
            member::text(inner, grammar, PLACE, work)
        });
        at += open + inner.len();
    }
    out
}

/// The length of what opens a value (one quote, two where a client doubled it), and the value.
fn inner_of(text: &str) -> (usize, &str) {
    let open = text.bytes().take_while(|b| *b == b'"').count().min(2);
    if open == 0 {
        let end = text
            .find([' ', '\t', ',', '\r', '\n', '"'])
            .unwrap_or(text.len());
        return (0, &text[..end]);
    }
    // An empty value: the second quote closes.
    if open == 2 && !text[2..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return (1, "");
    }
    let inner = &text[open..];
    let bytes = inner.as_bytes();
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'"' {
        at += 1 + usize::from(bytes[at] == b'\\');
    }
    let end = at.min(inner.len());
    let end = (0..=end)
        .rev()
        .find(|e| inner.is_char_boundary(*e))
        .unwrap_or(0);
    (open, &inner[..end])
}

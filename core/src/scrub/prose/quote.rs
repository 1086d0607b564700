//! What stands in quotes: a member's name with its value behind it, a value in a list, a person, or nothing of its own.

use super::{Holder, Lexer, quoted_person};
use crate::scrub::harmless::{Grammar, HARMLESS};
use crate::scrub::{Work, member};

const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// So long is a member's name at most.
const NAME: usize = 200;

/// A text between quotes.
struct Quoted<'t> {
    /// The quote as it is written, `"` or with backslashes before it.
    mark: &'t str,
    inner: &'t str,
    /// Where the text goes on.
    after: usize,
}

impl<'t> Lexer<'t, '_> {
    /// A quote that opens here, or is only a mark in a sentence.
    pub(super) fn quote(&mut self, work: &mut Work<'_>) {
        let text = self.text;
        let rest = &text[self.at..];
        let mark = &rest[..=rest.find('"').unwrap_or(0)];
        let start = self.at + mark.len();
        let Some(length) = closing(&text[start..], mark) else {
            return self.unclosed(mark, work);
        };
        let quoted = Quoted {
            mark,
            inner: &text[start..start + length],
            after: start + length + mark.len(),
        };
        if let Some(colon) = self.colon_behind(&quoted) {
            return self.member(&quoted, colon, work);
        }
        match self.holder {
            Some(Holder { grammar }) => {
                let shown = member::text(quoted.inner, grammar, self.place, work);
                self.replace(&quoted, &escaped(&shown, mark));
                let rest = text.get(quoted.after..).unwrap_or_default();
                if !rest.trim_start_matches(BLANKS).starts_with(',') {
                    self.holder = None;
                }
            }
            None if self.is_person() => {
                let shown = quoted_person(quoted.inner, self.place, work);
                self.replace(&quoted, &shown);
            }
            None => self.copy(mark.len()),
        }
    }

    /// A quote that nothing closes; a value that was cut off is a value.
    fn unclosed(&mut self, mark: &str, work: &mut Work<'_>) {
        self.copy(mark.len());
        if let Some(Holder { grammar }) = self.holder.take() {
            let rest = &self.text[self.at..];
            let end = rest.find('\n').unwrap_or(rest.len());
            let shown = member::text(&rest[..end], grammar, self.place, work);
            self.out.push_str(&shown);
            self.at += end;
        }
    }

    /// Where the text goes on behind the colon that makes a quoted text a member's name.
    fn colon_behind(&self, quoted: &Quoted<'t>) -> Option<usize> {
        let rest = self.text.get(quoted.after..)?;
        let blanks = rest.len() - rest.trim_start_matches(BLANKS).len();
        let value = rest[blanks..].strip_prefix(':')?;
        let inner = quoted.inner;
        let is_name = inner.len() <= NAME && !inner.contains('\n') && names_a_value(inner, value);
        is_name.then_some(quoted.after + blanks + 1)
    }

    /// A member's name; what follows is its value, or a list of them.
    fn member(&mut self, quoted: &Quoted<'t>, colon: usize, work: &mut Work<'_>) {
        let grammar = match work.keeps(quoted.inner) {
            true => Some(Grammar::Whole),
            false => HARMLESS.member(quoted.inner),
        };
        self.replace(quoted, &member::key(quoted.inner, work));
        let rest = &self.text[colon..];
        let gap = rest.len() - rest.trim_start_matches(BLANKS).len();
        self.copy(colon - self.at + gap);
        self.holder = Some(Holder { grammar });
        self.last = (self.at, self.at);
        self.scalar(work);
    }

    /// Writes what stands for a quoted text, in its marks.
    fn replace(&mut self, quoted: &Quoted<'t>, shown: &str) {
        for part in [quoted.mark, shown, quoted.mark] {
            self.out.push_str(part);
        }
        self.at = quoted.after;
    }

    /// A number behind a member's name.
    fn scalar(&mut self, work: &mut Work<'_>) {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '+' | '.'))
            .unwrap_or(rest.len());
        let value = &rest[..end];
        if end == 0 {
            return;
        }
        let kept = HARMLESS.is_value(value)
            || self
                .holder
                .and_then(|holder| holder.grammar)
                .is_some_and(|g| member::number_fits(value, g));
        let shown = if kept {
            value.to_owned()
        } else {
            format!("\"{}\"", work.stand.value(value, self.place))
        };
        self.out.push_str(&shown);
        self.at += end;
        self.holder = None;
    }
}

/// Whether a quoted text before a colon is a member's name: an address in a sentence (`Get "https://…": refused`) is none,
/// unless a value of JSON follows.
fn names_a_value(name: &str, after: &str) -> bool {
    let value = after.trim_start();
    let json = value.starts_with(['"', '{', '[', '\\', '-'])
        || value.starts_with(|c: char| c.is_ascii_digit())
        || ["true", "false", "null"]
            .iter()
            .any(|word| value.starts_with(word));
    json || !name.contains("://")
}

fn escaped(text: &str, mark: &str) -> String {
    // What stood inside quotes was escaped already and its escapes were copied.
    if mark.len() > 1 {
        text.to_owned()
    } else {
        text.replace('\n', "\\n")
    }
}

/// The place of the quote that closes, written as the one that opened.
fn closing(text: &str, mark: &str) -> Option<usize> {
    if mark.len() > 1 {
        let line = text.find('\n').unwrap_or(text.len());
        return text[..line].find(mark);
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return Some(at),
            b'\n' => return None,
            _ => at += 1,
        }
    }
    None
}

//! What stands in quotes: a member's name with its value behind it, a value in a list, a person, or nothing of its own.

use super::nest::Within;
use super::{Holder, Lexer, quoted_person};
use crate::scrub::body::{self, Side};
use crate::scrub::harmless::{Grammar, HARMLESS};
use crate::scrub::{Work, header, member};

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
    pub(super) fn quote(&mut self, quote: char, work: &mut Work<'_>) {
        let text = self.text;
        let rest = &text[self.at..];
        let mark = &rest[..=rest.find(quote).unwrap_or(0)];
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
        let bare = self.bare_name().filter(|_| quoted.ends_member(text));
        if let Some(name) = bare {
            self.holder = Some(holder(name, work));
        }
        match self.holder {
            Some(holder) => {
                let shown = holder.value(quoted.inner, self.place, work);
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
        if let Some(holder) = self.holder.take() {
            let rest = &self.text[self.at..];
            let end = rest.find('\n').unwrap_or(rest.len());
            let shown = holder.value(&rest[..end], self.place, work);
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
        let holder = holder(quoted.inner, work);
        work.nest.named(quoted.inner);
        self.replace(quoted, &member::key(quoted.inner, work));
        let rest = &self.text[colon..];
        let gap = rest.len() - rest.trim_start_matches(BLANKS).len();
        self.copy(colon - self.at + gap);
        self.holder = Some(holder);
        self.last = (self.at, self.at);
        self.scalar(work);
    }

    /// Whether a single quote here is a sign of a printed object: around a member's name, or a value behind one.
    pub(super) fn is_of_object(&self) -> bool {
        let before = self.text[..self.at].trim_end_matches(BLANKS);
        self.holder.is_some()
            || self.bare_name().is_some()
            || before.is_empty()
            || before.ends_with(['{', ','])
            || self.text[..self.at]
                .trim_end_matches([' ', '\t'])
                .ends_with('\n')
    }

    /// The name without quotes right before this place: `name: '…'`, as JavaScript prints a member.
    fn bare_name(&self) -> Option<&'t str> {
        let (start, end) = self.last;
        let name = self.text.get(start..end)?.strip_suffix(':')?;
        let between = self.text.get(end..self.at)?;
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        let opens = before.is_empty() || before.ends_with(['{', ',', '\n']);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_$".contains(&b);
        let is_name = !name.is_empty() && name.bytes().all(plain);
        (is_name && opens && between.chars().all(|c| c == ' ')).then_some(name)
    }

    /// An object begins: it belongs to the member whose name stands before it.
    pub(super) fn opens(&mut self, work: &mut Work<'_>) {
        if let Some(name) = self.bare_name() {
            work.nest.named(name);
        }
        work.nest.opens();
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
        let of_class =
            rest[end..].starts_with(['(', '{', '[']) && value.contains(char::is_alphabetic);
        if of_class {
            // `ErrorDetail(string='…')`: what it holds has names of its own.
            self.holder = None;
        }
        if end == 0 || of_class {
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

impl Quoted<'_> {
    /// Whether nothing of a sentence follows: the next member, the end of the object or of the line.
    fn ends_member(&self, text: &str) -> bool {
        let rest = text.get(self.after..).unwrap_or_default();
        let rest = rest.trim_start_matches([' ', '\t']);
        rest.is_empty() || rest.starts_with([',', '}', ']', ')', '\n', '\r'])
    }
}

/// What holds the value behind a name, where it stands.
fn holder<'t>(name: &'t str, work: &mut Work<'_>) -> Holder<'t> {
    let grammar = match (work.keeps(name), work.nest.within()) {
        (true, _) => Some(Grammar::Whole),
        (false, Within::Sent) => HARMLESS.parameter(name),
        (false, _) => HARMLESS.member(name),
    };
    Holder { name, grammar }
}

impl Holder<'_> {
    /// A value without what could harm: as a member of JSON, or as the field of a head.
    fn value(&self, value: &str, place: &str, work: &mut Work<'_>) -> String {
        if self.grammar.is_none() && work.nest.within() != Within::Sent {
            if work.nest.is_sent(self.name) {
                return body::clean(value, Side::Request, work);
            }
            if HARMLESS.header(self.name).is_some() {
                return header::value(self.name, value, work);
            }
        }
        member::text(value, self.grammar, place, work)
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
    let (bytes, quote) = (text.as_bytes(), mark.as_bytes());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b if quote == [b] => return Some(at),
            b'\n' => return None,
            _ => at += 1,
        }
    }
    None
}

//! Free text: words, codes, small numbers and times stay; what is found by form or by name becomes a stand-in.

use super::harmless::{Grammar, HARMLESS};
use super::stand_in::own_at;
use super::{Work, credential, member, url};
use crate::token::redact::{self, Strictness, is_wordy};

/// Names in whose quotes a person stands: user 'alice'.
const PEOPLE: [&str; 12] = [
    "user", "username", "account", "member", "customer", "employee", "login", "owner", "users",
    "userid", "subject", "upn",
];

/// A text without what could harm.
pub(super) fn prose(text: &str, place: &str, work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    Lexer::new(text, place, &mut out).run(work);
    out
}

/// The grammar of a member that was named; `None` where its name is not on the list.
type Held = (Option<Grammar>,);

struct Lexer<'t, 'o> {
    text: &'t str,
    place: &'t str,
    at: usize,
    out: &'o mut String,
    /// The word that ended here: a name before `=`, a noun before a quoted name.
    last: (usize, usize),
    /// The member whose value, or list of values, follows.
    holder: Option<Held>,
    /// Where credentials stand, by the finder; those behind the present place come first.
    secrets: std::iter::Peekable<std::vec::IntoIter<(usize, usize)>>,
}

impl<'t, 'o> Lexer<'t, 'o> {
    fn new(text: &'t str, place: &'t str, out: &'o mut String) -> Self {
        let secrets = redact::secrets(text).into_iter().peekable();
        Self {
            text,
            place,
            at: 0,
            out,
            last: (0, 0),
            holder: None,
            secrets,
        }
    }

    fn run(mut self, work: &mut Work<'_>) {
        while let Some(c) = self.text[self.at..].chars().next() {
            if self.secret(work) {
                continue;
            }
            match c {
                '<' if own_at(&self.text[self.at..]).is_some() => {
                    let length = own_at(&self.text[self.at..]).unwrap_or(1);
                    self.copy(length);
                    self.holder = None;
                }
                '"' => self.quote(work),
                '\'' | '`' if self.is_person() => self.person(c, work),
                '\\' => self.escape(work),
                '=' => self.equals(work),
                ']' | '}' => {
                    self.holder = None;
                    self.copy(1);
                }
                _ if is_edge(c) => self.copy(c.len_utf8()),
                _ => self.word(work),
            }
        }
    }

    /// Puts the stand-in of a credential that starts here.
    fn secret(&mut self, work: &mut Work<'_>) -> bool {
        while self.secrets.next_if(|(_, end)| *end <= self.at).is_some() {}
        let Some((start, end)) = self
            .secrets
            .peek()
            .copied()
            .filter(|(start, _)| *start <= self.at)
        else {
            return false;
        };
        let from = start.max(self.at);
        self.out.push_str(&credential::stand_in(
            &self.text[from..end],
            self.place,
            work,
        ));
        self.at = end;
        self.holder = None;
        true
    }

    /// Where a run that starts here ends: at an edge, or where a credential starts.
    fn run_end(&mut self, rest: &str) -> usize {
        let end = rest.find(is_edge).unwrap_or(rest.len());
        match self.secrets.peek() {
            Some((start, _)) => end.min(start.saturating_sub(self.at)),
            None => end,
        }
    }

    fn copy(&mut self, length: usize) {
        self.out.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    fn is_person(&self) -> bool {
        let between = &self.text[self.last.1..self.at];
        let term = self.text[self.last.0..self.last.1]
            .trim_end_matches(':')
            .to_ascii_lowercase();
        between.len() <= 2
            && between.chars().all(|c| matches!(c, ' ' | ':' | '='))
            && PEOPLE.contains(&term.as_str())
    }

    fn person(&mut self, quote: char, work: &mut Work<'_>) {
        let rest = &self.text[self.at + 1..];
        let end = rest.find([quote, '\n']).unwrap_or(rest.len());
        self.copy(1);
        let name = &self.text[self.at..self.at + end];
        self.out.push_str(&person(name, self.place, work));
        self.at += end;
        self.last = (self.at, self.at);
    }

    /// `\n`, `\u0027`, `\"`: copied; a quote that is escaped still quotes.
    fn escape(&mut self, work: &mut Work<'_>) {
        let rest = &self.text[self.at + 1..];
        match rest.chars().next() {
            Some('"') => self.quote(work),
            Some('u')
                if rest.len() >= 5 && rest.as_bytes()[1..5].iter().all(u8::is_ascii_hexdigit) =>
            {
                self.copy(6);
            }
            Some(c @ ('n' | 'r' | 't' | '\\' | '/')) => self.copy(1 + c.len_utf8()),
            _ => self.copy(1),
        }
    }

    /// A quote: a member's name with its value behind it, a value in a list, or only a mark in a sentence.
    fn quote(&mut self, work: &mut Work<'_>) {
        let text = self.text;
        let mark = &text[self.at
            ..text[self.at..]
                .find('"')
                .map_or(self.at + 1, |at| self.at + at + 1)];
        let start = self.at + mark.len();
        let Some(length) = closing(&text[start..], mark) else {
            self.copy(mark.len());
            // A value that was cut off is a value.
            if let Some((grammar,)) = self.holder.take() {
                let rest = &text[self.at..];
                let end = rest.find('\n').unwrap_or(rest.len());
                self.out
                    .push_str(&member::text(&rest[..end], grammar, self.place, work));
                self.at += end;
            }
            return;
        };
        let (inner, after) = (&text[start..start + length], start + length + mark.len());
        let rest = text.get(after..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        if rest[blanks..].starts_with(':')
            && inner.len() <= 200
            && !inner.contains('\n')
            && names_a_value(inner, &rest[blanks + 1..])
        {
            let grammar = HARMLESS.member(inner);
            self.out.push_str(mark);
            self.out.push_str(&member::key(inner, work));
            self.out.push_str(mark);
            let colon = after + blanks + 1;
            self.out.push_str(&text[after..colon]);
            self.at = colon;
            let gap = text[colon..].len()
                - text[colon..]
                    .trim_start_matches([' ', '\t', '\n', '\r'])
                    .len();
            self.copy(gap);
            self.holder = Some((if work.keeps(inner) {
                Some(Grammar::Whole)
            } else {
                grammar
            },));
            self.last = (self.at, self.at);
            return self.scalar(work);
        }
        match self.holder {
            Some((grammar,)) => {
                self.out.push_str(mark);
                let shown = member::text(inner, grammar, self.place, work);
                self.out.push_str(&escaped(&shown, mark));
                self.out.push_str(mark);
                self.at = after;
                if !rest[blanks..].starts_with(',') {
                    self.holder = None;
                }
            }
            None if self.is_person() => {
                self.out.push_str(mark);
                self.out.push_str(&person(inner, self.place, work));
                self.out.push_str(mark);
                self.at = after;
            }
            None => self.copy(mark.len()),
        }
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
                .and_then(|(grammar,)| grammar)
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

    /// `name=value`: the value stays where the name is known.
    fn equals(&mut self, work: &mut Work<'_>) {
        let name = &self.text[self.last.0..self.last.1];
        let name = if self.last.1 == self.at { name } else { "" };
        self.copy(1);
        let rest = &self.text[self.at..];
        let value = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let length = rest[1..].find([quote, '\n']).unwrap_or(rest.len() - 1);
                self.copy(1);
                &self.text[self.at..self.at + length]
            }
            _ => &rest[..rest.find(is_edge).unwrap_or(rest.len())],
        };
        if name.is_empty() || value.is_empty() || own_at(value).is_some() || value.starts_with('<')
        {
            return;
        }
        let grammar = HARMLESS.member(name.rsplit(['?', '.', '/']).next().unwrap_or(name));
        let shown = if work.keeps(name) {
            value.to_owned()
        } else {
            member::text(value, grammar, self.place, work)
        };
        self.out.push_str(&shown);
        self.at += value.len();
        self.last = (self.at, self.at);
    }

    /// A run without edges.
    fn word(&mut self, work: &mut Work<'_>) {
        let rest = &self.text[self.at..];
        if let Some(length) = digit_group(rest) {
            let shown = if work.keep.personal {
                rest[..length].to_owned()
            } else {
                work.stand.typed("phone", &rest[..length], self.place)
            };
            self.out.push_str(&shown);
            self.at += length;
            return;
        }
        let end = self.run_end(rest);
        let term = &rest[..end];
        self.last = (self.at, self.at + end);
        self.at += end;
        self.out.push_str(&run(term, self.place, work));
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

/// A name in quotes; an account of the system itself names nobody.
fn person(name: &str, place: &str, work: &mut Work<'_>) -> String {
    if work.keep.personal {
        name.to_owned()
    } else if name.starts_with("system:") {
        run(name, place, work)
    } else {
        work.stand.typed_or_value("name", name, "person")
    }
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

fn is_edge(c: char) -> bool {
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
fn digit_group(text: &str) -> Option<usize> {
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

fn bare(term: &str, place: &str, work: &mut Work<'_>) -> String {
    if HARMLESS.is_value(term) || is_time(term) {
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
    if term.starts_with('/') {
        return url::path(term, url::Paths::Words, place, work);
    }
    let mut out = String::with_capacity(term.len());
    let mut before = "";
    for piece in term.split_inclusive([':', '/', '?', '#']) {
        let bare = piece.trim_end_matches([':', '/', '?', '#']);
        let person = matches!(before, "user/" | "users/") && !work.keep.personal;
        let known = bare.is_empty()
            || is_number(bare)
            || is_wordy(bare, Strictness::Strict)
            || HARMLESS.is_path_word(bare);
        if person && !bare.is_empty() {
            out.push_str(&work.stand.typed_or_value("name", bare, "person"));
        } else if known && bare.len() <= 120 {
            out.push_str(bare);
        } else {
            out.push_str(&work.stand.value(bare, place));
        }
        out.push_str(&piece[bare.len()..]);
        before = piece;
    }
    out
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

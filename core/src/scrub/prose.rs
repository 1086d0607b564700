//! Free text: words, codes, small numbers and times stay; what is found by form or by name becomes a stand-in.

pub(super) mod nest;
mod quote;

use super::harmless::{Grammar, HARMLESS, is_target, plain};
use super::people::is_name;
use super::stand_in::{PERSON, own_at};
use super::term::{digit_group, is_edge, run};
use super::{Work, credential, member, url};
use crate::token::redact;

/// Names in whose quotes a person stands: user 'alice'.
const PEOPLE: [&str; 12] = [
    "user", "username", "account", "member", "customer", "employee", "login", "owner", "users",
    "userid", "subject", "upn",
];

/// Whether words may be a sentence, in which names are not looked for.
pub(super) fn is_sentence(text: &str) -> bool {
    text.split_whitespace().nth(2).is_some()
}

/// A text of its own without what could harm.
pub(super) fn prose(text: &str, place: &str, work: &mut Work<'_>) -> String {
    let around = std::mem::take(&mut work.nest);
    let out = part(text, place, work);
    work.nest = around;
    out
}

/// The same of a part of a text: objects that were opened before it are open still.
pub(super) fn part(text: &str, place: &str, work: &mut Work<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    Lexer::new(text, place, &mut out).run(work);
    out
}

/// A member that was named.
#[derive(Clone, Copy)]
struct Holder<'t> {
    name: &'t str,
    /// Its grammar; `None` where its name is not on the list.
    grammar: Option<Grammar>,
}

struct Lexer<'t, 'o> {
    text: &'t str,
    place: &'t str,
    at: usize,
    out: &'o mut String,
    /// The word that ended here: a name before `=`, a noun before a quoted name.
    last: (usize, usize),
    /// The member whose value, or list of values, follows.
    holder: Option<Holder<'t>>,
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
                '"' => self.quote('"', work),
                '\'' | '`' if self.is_person() => self.person(c, work),
                '\'' if self.is_of_object() => self.quote('\'', work),
                '{' => {
                    self.opens(work);
                    self.copy(1);
                }
                '\\' => self.escape(work),
                '=' => self.equals(work),
                ']' | '}' => {
                    if c == '}' {
                        work.nest.closes();
                    }
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
        self.out.push_str(&quoted_person(name, self.place, work));
        self.at += end;
        self.last = (self.at, self.at);
    }

    /// `\n`, `\u0027`, `\"`: copied; a quote that is escaped still quotes.
    fn escape(&mut self, work: &mut Work<'_>) {
        let rest = &self.text[self.at + 1..];
        match rest.chars().next() {
            Some('"') => self.quote('"', work),
            Some('u')
                if rest.len() >= 5 && rest.as_bytes()[1..5].iter().all(u8::is_ascii_hexdigit) =>
            {
                self.copy(6);
            }
            Some(c @ ('n' | 'r' | 't' | '\\' | '/')) => self.copy(1 + c.len_utf8()),
            _ => self.copy(1),
        }
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
        let own = name.rsplit(['?', '.', '/']).next().unwrap_or(name);
        let shown = if work.keeps(name) {
            value.to_owned()
        } else if is_target(&plain(own)) {
            // Where the request went stands in an access line of the same log too.
            url::clean(value, url::Paths::Published, self.place, work)
        } else {
            member::text(value, HARMLESS.member(own), self.place, work)
        };
        self.out.push_str(&shown);
        self.at += value.len();
        self.last = (self.at, self.at);
    }

    /// Whether the run here stands behind a name that a person wants kept: `request-id: …`.
    fn is_kept_behind_name(&self, work: &mut Work<'_>) -> bool {
        let Some(name) = self.text[self.last.0..self.last.1].strip_suffix(':') else {
            return false;
        };
        let between = &self.text[self.last.1..self.at];
        !between.contains('\n') && between.trim().is_empty() && work.keeps(name)
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
        if self.is_kept_behind_name(work) {
            self.last = (self.at, self.at + end);
            self.copy(end);
            return;
        }
        let person = self.is_person() && is_login(term) && !work.keep.personal;
        self.last = (self.at, self.at + end);
        self.at += end;
        match person {
            true => self.out.push_str(&self::person(term, work)),
            false => self.out.push_str(&run(term, self.place, work)),
        }
    }
}

/// A name in quotes; an account of the system itself names nobody.
fn quoted_person(name: &str, place: &str, work: &mut Work<'_>) -> String {
    if work.keep.personal {
        name.to_owned()
    } else if name.starts_with("system:") {
        run(name, place, work)
    } else {
        person(name, work)
    }
}

/// Whether a word can be the name that a person logs in with, `jane.doe`: the last part of a host is one of few.
fn is_login(term: &str) -> bool {
    const TOPS: [&str; 12] = [
        "com", "net", "org", "io", "dev", "app", "cloud", "edu", "gov", "local", "internal",
        "example",
    ];
    let mut parts = term.split('.');
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic());
    term.contains('.')
        && parts.clone().all(letters)
        && parts.next_back().is_some_and(|last| !TOPS.contains(&last))
}

/// A person's name; a full one is looked for in the rest of the text too.
pub(super) fn person(name: &str, work: &mut Work<'_>) -> String {
    if name.contains(' ') && is_name(name) {
        work.stand.remember_name(name);
    }
    work.stand.typed_or_value("name", name, PERSON)
}

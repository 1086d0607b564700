//! A first look at evidence: what was judged already is answered without being read. Where only counts are wanted, what was
//! not refused and what is like something known is counted; where texts are, they are put together.

use super::judge::Judge;
use super::memo::{Known, Memo};
use super::success;
use super::template::Varying;
use crate::finding::{Report, TallyRow, Verdict};
use crate::http::{Exchange, Folded};
use crate::input::{Fields, FirstLook, Item, Line, Passed, end_of_string};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// Looks at the lines of one piece.
pub struct Skim<'a> {
    memo: &'a Memo,
    judge: Judge<'a>,
    wanted: Wanted<'a>,
    /// Lines that have to be read, or what was read and has to be judged.
    read: usize,
    found: Skimmed,
}

/// What is wanted of evidence.
#[derive(Clone, Copy)]
pub enum Wanted<'a> {
    /// Counts.
    Counts {
        /// What a person says of the members of log lines.
        fields: Option<&'a Fields>,
        /// Whether a request that came to this needs no more than to be counted.
        counted: &'a (dyn Fn(&TallyRow) -> bool + Sync),
    },
    /// The text of every answer, in the order of the evidence of that name.
    Texts {
        /// The name, for places.
        name: &'a str,
        /// What stands between two texts.
        between: &'static str,
    },
}

/// Answers that were put together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ready {
    /// How many of the items that were read stand before them.
    pub after: usize,
    /// Their texts.
    pub text: String,
    /// Denied, unknown, clear.
    pub counts: [usize; 3],
}

/// What was counted.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Skimmed {
    passed: Passed,
    /// By row, told by its address, and hour.
    known: HashMap<(usize, Option<i64>), (Arc<TallyRow>, usize)>,
    ready: Vec<Ready>,
}

impl<'a> Skim<'a> {
    /// Ready for the first line.
    pub fn new(memo: &'a Memo, judge: Judge<'a>, wanted: Wanted<'a>) -> Self {
        Self {
            memo,
            judge,
            wanted,
            read: 0,
            found: Skimmed::default(),
        }
    }

    /// Looks at a line before it is read.
    pub fn look(&mut self, line: Line<'_>) -> FirstLook {
        let look = match (self.wanted, line.records) {
            (Wanted::Texts { .. }, false) => FirstLook::Read,
            (Wanted::Texts { name, between }, true) => {
                let place = Line::place(name, line.number);
                self.look_up(line, |skim, folded| {
                    skim.is_written(folded, &place, between)
                })
            }
            (Wanted::Counts { fields, .. }, false) => {
                match self.found.passed.takes(line.text, fields) {
                    true => FirstLook::Needless,
                    false => FirstLook::Read,
                }
            }
            (Wanted::Counts { .. }, true) => self.look_up(line, Self::is_known),
        };
        self.read += usize::from(!matches!(look, FirstLook::Needless));
        look
    }

    fn look_up(
        &mut self,
        line: Line<'_>,
        is_known: impl Fn(&mut Self, &Folded) -> bool,
    ) -> FirstLook {
        // Ids are many, and nothing is judged by them.
        let id = place_of_id(line.text).unwrap_or_default();
        let parts = [&line.text[..id.start], &line.text[id.end..]];
        let Some(mut folded) = self.fold(&parts) else {
            return FirstLook::Read;
        };
        folded.own = line
            .text
            .get(id)
            .filter(|own| !own.is_empty())
            .map(Box::from);
        match is_known(self, &folded) {
            true => FirstLook::Needless,
            false => FirstLook::ReadAs(Box::new(folded)),
        }
    }

    /// Looks at what was read of log lines, whose text has more in it than is judged.
    pub fn rest(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut kept = Vec::with_capacity(items.len());
        for mut item in items {
            if let Item::Exchange(exchange) = &mut item
                && exchange.of_many
                && let Some(mut folded) = self.fold(&[&text_of(exchange, true)])
            {
                folded.own = exchange.id.as_deref().map(Box::from);
                self.read = kept.len();
                let known = match self.wanted {
                    Wanted::Counts { .. } => self.is_known(&folded),
                    Wanted::Texts { between, .. } => {
                        self.is_written(&folded, &exchange.place, between)
                    }
                };
                if known {
                    continue;
                }
                exchange.folded = Some(Box::new(folded));
            }
            if let (Item::Exchange(exchange), Wanted::Counts { .. }) = (&mut item, self.wanted)
                && exchange.folded.is_none()
            {
                exchange.folded = success::folded(exchange, &self.judge).map(Box::new);
                exchange.folded.iter().for_each(|_| self.memo.will_ask());
            }
            kept.push(item);
        }
        kept
    }

    /// What was counted.
    pub fn done(self) -> Skimmed {
        self.found
    }

    fn fold(&self, parts: &[&str]) -> Option<Folded> {
        let (now, leeway) = self.judge.clock();
        Folded::of_parts(parts, now, leeway)
    }

    fn is_known(&mut self, folded: &Folded) -> bool {
        let Wanted::Counts { counted, .. } = self.wanted else {
            return false;
        };
        let Some(known) = self.memo.get(folded) else {
            return false;
        };
        let counted = counted(&known.row);
        if counted {
            self.found.count(&known, folded);
        }
        counted
    }

    /// Puts the answer to a line together, where one like it was judged.
    fn is_written(&mut self, folded: &Folded, place: &str, between: &str) -> bool {
        let varying = Varying {
            folded,
            place,
            now: self.judge.clock().0,
        };
        let ready = &mut self.found.ready;
        if ready.last().is_none_or(|last| last.after != self.read) {
            ready.push(Ready {
                after: self.read,
                ..Ready::default()
            });
        }
        let Some(ready) = ready.last_mut() else {
            return false;
        };
        let start = ready.text.len();
        if start > 0 {
            ready.text.push_str(between);
        }
        match self.memo.write(varying, &mut ready.text) {
            Some(verdict) => ready.counts[verdict.rank()] += 1,
            None => ready.text.truncate(start),
        }
        let (written, empty) = (ready.text.len() > start, ready.text.is_empty());
        if empty {
            self.found.ready.pop();
        }
        written
    }
}

impl Ready {
    /// Counts what they came to.
    pub fn add_to(&self, report: &mut Report) {
        for verdict in Verdict::ALL {
            report.count_many(verdict, self.counts[verdict.rank()]);
        }
    }
}

impl Skimmed {
    /// The answers that were put together, in their order.
    pub fn ready(&mut self) -> Vec<Ready> {
        std::mem::take(&mut self.ready)
    }

    fn count(&mut self, known: &Known, folded: &Folded) {
        let key = (Arc::as_ptr(&known.row) as usize, known.hour(folded));
        let row = || (Arc::clone(&known.row), 0);
        self.known.entry(key).or_insert_with(row).1 += 1;
    }

    /// Adds what was counted to a report; `known` hears of rows whose requests were judged before, and how many there are.
    /// Returns how many requests there are in all.
    pub fn add_to(&self, report: &mut Report, mut known: impl FnMut(&TallyRow, usize)) -> usize {
        let mut all = 0;
        for ((status, hour), count) in self.passed.counts() {
            let row = TallyRow::passed(status);
            report.count_many(row.verdict(), count);
            report.tally.add_row(row, hour, count);
            all += count;
        }
        let mut rows: Vec<_> = self.known.iter().collect();
        // Whatever thread was first: the order is that of what is counted.
        rows.sort_unstable_by_key(|((_, hour), (row, _))| (row, *hour));
        for ((_, hour), (row, count)) in rows {
            report.count_many(row.verdict(), *count);
            report.tally.add_row(TallyRow::clone(row), *hour, *count);
            known(row, *count);
            all += count;
        }
        all
    }
}

/// Where the text of the member `id` stands in a record, without its quotation marks.
fn place_of_id(line: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = at + end_of_string(&bytes[at + 1..]).ok()?;
                if depth == 1 && &bytes[at + 1..end] == b"id" {
                    return value_behind(line, end + 1);
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The text behind a colon, where it is one without escapes.
fn value_behind(line: &str, name: usize) -> Option<Range<usize>> {
    let blank = |text: &str| text.len() - text.trim_start().len();
    let rest = line.get(name..)?;
    let colon = name + blank(rest);
    let value = line.get(colon..)?.strip_prefix(':')?;
    let start = colon + 1 + blank(value);
    let value = line.get(start..)?.strip_prefix('"')?;
    let end = value.find(['"', '\\'])?;
    value[end..]
        .starts_with('"')
        .then_some(start + 1..start + 1 + end)
}

/// Everything in an exchange that judging goes by; with the body of the answer, or without.
pub(super) fn text_of(exchange: &Exchange, body: bool) -> String {
    let mut text = String::new();
    let response = exchange.response.as_ref();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{}\n",
        exchange.read_as,
        exchange.provider,
        exchange.request,
        response.map(|own| (own.status, &own.headers)),
        response.filter(|_| body).map(|own| &own.body),
        exchange.failure,
        exchange.remarks,
        exchange.hearsay,
    );
    let given = &exchange.given;
    let _ = write!(
        text,
        "{:?}\n{:?}\n{:?}\n{:?}\n",
        given.kind, given.claims, given.grant, given.scopes
    );
    if let Some(at) = exchange.at {
        let _ = write!(text, "{at}");
    }
    text
}

#[cfg(test)]
mod tests;

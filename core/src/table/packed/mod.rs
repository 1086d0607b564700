//! Packed rows, read in place: records, the names that rows ask for, the trie.

mod bytes;
mod walk;

pub(super) use walk::{Node, Rank};

use super::pack::catalogue::{Catalogue, Rows, Span};
use super::pack::{self, Pack, bytes::word};
use bytes::{take, word_at};
use std::borrow::Cow;

/// Rows and the numbers that find them.
#[derive(Debug)]
pub(super) struct Packed {
    pool: Cow<'static, str>,
    starts: Cow<'static, [u8]>,
    records: Cow<'static, [u8]>,
    trie: Cow<'static, [u8]>,
    names: Cow<'static, [u8]>,
    reports: Cow<'static, [u8]>,
    rows: u32,
}

/// One record; texts are looked up where they are asked for.
#[derive(Clone, Copy)]
pub(super) struct Record<'p> {
    packed: &'p Packed,
    method: u32,
    trust: u8,
    host: u32,
    query: u32,
    need: u32,
    rest: u32,
    /// Where the operation id stands, and its length.
    op: (usize, usize),
    /// Where the path's segments start.
    path: usize,
}

/// Bytes of an entry of the list of names.
const NAME: usize = 12;

impl Packed {
    /// Packs a text now.
    pub(super) fn new(text: &str, fold: bool) -> Self {
        let Pack {
            pool,
            starts,
            records,
            trie,
            names,
            reports,
            rows,
        } = pack::pack(text, fold);
        Self {
            pool: Cow::Owned(pool),
            starts: Cow::Owned(starts),
            records: Cow::Owned(records),
            trie: Cow::Owned(trie),
            names: Cow::Owned(names),
            reports: Cow::Owned(reports),
            rows,
        }
    }

    /// Takes what `build.rs` packed.
    pub(super) fn shipped(of: &Catalogue, rows: &Rows) -> Self {
        let bytes = |span: Span| Cow::Borrowed(span.of(of.bytes));
        Self {
            pool: Cow::Borrowed(rows.pool.text(of.text)),
            starts: bytes(rows.starts),
            records: bytes(rows.records),
            trie: bytes(rows.trie),
            names: bytes(rows.names),
            reports: bytes(rows.reports),
            rows: rows.count,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows as usize
    }

    /// The text of that number.
    fn word(&self, number: u32) -> &str {
        let at = number as usize * 4;
        let (start, end) = (word_at(&self.starts, at), word_at(&self.starts, at + 4));
        self.pool
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// The record that starts at this byte.
    pub(super) fn record(&self, start: u32) -> Record<'_> {
        let mut at = start as usize;
        let mut next = || take(&self.records, &mut at);
        let method = next();
        let (trust, host, query) = (next(), next(), next());
        let (need, rest) = (next(), next());
        let length = next() as usize;
        Record {
            packed: self,
            method,
            trust: trust.to_le_bytes()[0],
            host,
            query,
            need,
            rest,
            op: (at, length),
            path: at + length,
        }
    }

    /// The starts of all records.
    pub(super) fn starts(&self) -> impl Iterator<Item = u32> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = at;
            if start >= self.records.len() {
                return None;
            }
            at = self.record(word(start)).path;
            for _ in 0..take(&self.records, &mut at) {
                take(&self.records, &mut at);
            }
            Some(word(start))
        })
    }

    /// The starts of the records that are only reported.
    pub(super) fn reports(&self) -> impl Iterator<Item = u32> {
        (0..self.reports.len() / 4).map(|entry| word_at(&self.reports, entry * 4))
    }

    fn name_at(&self, entry: usize) -> (&str, &str, u32) {
        let number = |place: usize| word_at(&self.names, entry * NAME + place);
        (self.word(number(0)), self.word(number(4)), number(8))
    }

    /// The names that rows ask for.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.names.len() / NAME).map(|entry| self.name_at(entry).0)
    }

    /// The names of one gate that rows ask for.
    pub(super) fn names_of(&self, gate: &str) -> impl Iterator<Item = &str> {
        // The same few gates stand beside all names: each is read where it is another than before.
        let mut last = None;
        let mut is_of = move |number: u32| match last {
            Some((before, same)) if before == number => same,
            _ => last.insert((number, self.word(number) == gate)).1,
        };
        let number = |entry: usize, place: usize| word_at(&self.names, entry * NAME + place);
        let all = (0..self.names.len() / NAME).filter(move |entry| is_of(number(*entry, 4)));
        all.map(move |entry| self.word(number(entry, 0)))
    }

    /// The gate that a published name belongs to, and in how many rows it stands.
    pub(super) fn name(&self, name: &str) -> Option<(&str, u32)> {
        let (mut low, mut high) = (0, self.names.len() / NAME);
        while low < high {
            let middle = usize::midpoint(low, high);
            let (found, gate, rows) = self.name_at(middle);
            match found.cmp(name) {
                std::cmp::Ordering::Equal => return Some((gate, rows)),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The same for a name of any case; this looks at every name.
    pub(super) fn name_in_any_case(&self, name: &str) -> Option<(&str, u32)> {
        let own = |entry: &usize| self.word(word_at(&self.names, entry * NAME));
        let mut all = 0..self.names.len() / NAME;
        let found = all.find(|entry| own(entry).eq_ignore_ascii_case(name))?;
        let (_, gate, rows) = self.name_at(found);
        Some((gate, rows))
    }
}

impl<'p> Record<'p> {
    pub(super) fn method(self) -> &'p str {
        self.packed.word(self.method)
    }

    /// The host, where the row names one.
    pub(super) fn host(self) -> Option<&'p str> {
        Some(self.packed.word(self.host.checked_sub(1)?))
    }

    /// The query, where the row belongs to one.
    pub(super) fn query(self) -> Option<&'p str> {
        Some(self.packed.word(self.query.checked_sub(1)?))
    }

    /// The letter's place in `ABC`, from 1; 0 where the row names no trust.
    pub(super) fn trust(self) -> u8 {
        self.trust
    }

    /// What it asks for and what else it says, as JSON.
    pub(super) fn texts(self) -> [&'p str; 2] {
        [self.need, self.rest].map(|text| self.packed.word(text))
    }

    /// The path template.
    pub(super) fn path(self) -> String {
        let mut at = self.path;
        let mut out = String::new();
        for place in 0..take(&self.packed.records, &mut at) {
            if place > 0 {
                out.push('/');
            }
            out.push_str(self.packed.word(take(&self.packed.records, &mut at)));
        }
        out
    }

    /// The whole row as a line of `rules.ndjson`.
    pub(super) fn line(self) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let mut out = String::with_capacity(256);
        let mut member = |key: &str, value: &str| {
            out.push_str(key);
            out.push_str(value);
        };
        member("{\"method\":", &text(self.method()));
        member(",\"path\":", &text(&self.path()));
        if let Some(host) = self.host() {
            member(",\"host\":", &text(host));
        }
        if let Some(query) = self.query() {
            member(",\"query\":", &text(query));
        }
        member(",\"need\":", self.packed.word(self.need));
        let (start, length) = self.op;
        let op = self.packed.records.get(start..start + length);
        let op = op.and_then(|op| std::str::from_utf8(op).ok());
        if let Some(op) = op.filter(|op| !op.is_empty()) {
            member(",\"op\":", &text(op));
        }
        match self.packed.word(self.rest) {
            "" => {}
            rest => member(",", rest),
        }
        out.push('}');
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'t>(templates: &[&'t str], path: &str) -> Option<&'t str> {
        let lines: String = templates
            .iter()
            .map(|t| format!("{{\"method\":\"GET\",\"path\":\"{t}\"}}\n"))
            .collect();
        let packed = Packed::new(&lines, false);
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let mut found = None;
        packed.walk(&segments, |_| true, &mut |_, rows| {
            found = rows.iter().next();
            true
        });
        let path = packed.record(found?).path();
        templates.iter().copied().find(|t| *t == path)
    }

    #[test]
    fn literals_win_from_the_left_and_dead_ends_are_left_again() {
        let templates = ["/a/{x}/c", "/a/b/{y}", "/a/{x}/{y}/d", "/a/b/c/e"];
        assert_eq!(first(&templates, "/a/b/c"), Some("/a/b/{y}"));
        assert_eq!(first(&templates, "/a/b/c/d"), Some("/a/{x}/{y}/d"));
        assert_eq!(first(&templates, "/a/z/c"), Some("/a/{x}/c"));
        assert_eq!(first(&templates, "/a"), None);
    }

    #[test]
    fn mixed_segments_need_something_for_each_variable() {
        let templates = ["/{id}.json", "/v{major}:{verb}", "/{id}"];
        assert_eq!(first(&templates, "/7.json"), Some("/{id}.json"));
        assert_eq!(first(&templates, "/v1:run"), Some("/v{major}:{verb}"));
        assert_eq!(first(&templates, "/v:run"), Some("/{id}"));
        assert_eq!(first(&templates, "/.json"), Some("/{id}"));
    }

    #[test]
    fn a_multi_segment_variable_takes_what_is_left() {
        let templates = ["/c/{+path}", "/c/{+path}/protection"];
        assert_eq!(first(&templates, "/c/a/b/c"), Some("/c/{+path}"));
        assert_eq!(
            first(&templates, "/c/a/b/protection"),
            Some("/c/{+path}/protection")
        );
        assert_eq!(first(&templates, "/c"), None);
    }

    #[test]
    fn names_know_their_gate() {
        let line = "{\"method\":\"GET\",\"path\":\"/a\",\"need\":{\"user\":{\"permission\":[[\"p:q:r\"]],\"scope\":[[\"a\"],[\"b\"]]}}}\n";
        let packed = Packed::new(&line.repeat(2), false);
        assert_eq!(packed.name("b"), Some(("scope", 2)));
        assert_eq!(packed.name("p:q:r"), Some(("permission", 2)));
        assert_eq!(packed.name("c"), None);
    }

    #[test]
    fn a_row_comes_out_as_it_went_in() {
        let line = r#"{"method":"GET","path":"/a//{x}/","host":"h.example","query":"v=1","need":{"user":{"scope":[["a"]]}},"op":"things \"read\"","deny":["app"],"src":["spec"],"trust":"B"}"#;
        let packed = Packed::new(&format!("{line}\n\n{line}"), false);
        let lines: Vec<String> = packed.starts().map(|at| packed.record(at).line()).collect();
        let parsed = |line: &str| serde_json::from_str::<crate::table::Rule>(line).expect("a row");
        assert_eq!(lines.len(), packed.len());
        assert_eq!(parsed(&lines[1]), parsed(line));
        assert_eq!(packed.record(0).trust(), 2);
    }
}

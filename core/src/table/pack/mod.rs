//! Rows packed for lookup: each text once, records of small numbers, a trie over the path templates, a list of names.
//!
//! Operations of one vendor ask for the same few sets of names, so a record is some twenty bytes, and nothing of it is
//! read before it is asked for. Shared with `build.rs`, which packs the shipped tables when the program is built: a
//! check then reads one row of thousands and builds nothing. So these files import nothing of the crate.

pub(crate) mod bytes;
pub(crate) mod catalogue;
pub(crate) mod literals;
pub(crate) mod plain;
pub(crate) mod required;
pub(crate) mod trie;

use bytes::{put, word};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use trie::Trie;

/// What sort of template segment this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Segment {
    /// Text only.
    Literal,
    /// Text and variables: `{id}.json`, `v{n}:run`.
    Mixed,
    /// `{x}`.
    Variable,
    /// `{+x}` or `{x=**}`: any number of segments.
    Multi,
}

/// Tells the sort of a template segment.
pub(crate) fn sort(segment: &str) -> Segment {
    let Some(open) = segment.find('{') else {
        // Microsoft Graph writes "any depth" so.
        return if segment == "..." {
            Segment::Multi
        } else {
            Segment::Literal
        };
    };
    let whole = open == 0 && segment.find('}') == Some(segment.len() - 1);
    match whole {
        true if segment.starts_with("{+") || segment.ends_with("=**}") => Segment::Multi,
        true => Segment::Variable,
        false => Segment::Mixed,
    }
}

/// The literal pieces between a segment's variables.
pub(crate) fn pieces(pattern: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push(&rest[..open]);
        rest = rest[open..]
            .find('}')
            .map_or("", |close| &rest[open + close + 1..]);
    }
    out.push(rest);
    out
}

/// Rows, packed.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    /// Every text once: segments, names, hosts, requirements, one behind the other.
    pub(crate) pool: String,
    /// Where each text of the pool starts (four bytes each), and where the last ends.
    pub(crate) starts: Vec<u8>,
    /// The records, one behind the other.
    pub(crate) records: Vec<u8>,
    /// The trie; the root is at 0.
    pub(crate) trie: Vec<u8>,
    /// The names that rows ask for, sorted: name, gate, in how many rows; four bytes each.
    pub(crate) names: Vec<u8>,
    /// Where the records start that are only reported (trust C), four bytes each.
    pub(crate) reports: Vec<u8>,
    /// How many rows there are.
    pub(crate) rows: u32,
}

/// Packs rows, one a line; `fold` puts the templates of the trie into lower case. A line that is no row is left out.
pub(crate) fn pack(text: &str, fold: bool) -> Pack {
    let mut words = Words::default();
    let mut trie = Trie::new();
    let mut names = BTreeMap::new();
    let (mut records, mut reports, mut rows) = (Vec::new(), Vec::new(), 0);
    for line in text.lines() {
        let Some(row) = Row::read(line) else {
            continue;
        };
        let template = match fold {
            true => row.path.to_ascii_lowercase(),
            false => row.path.clone(),
        };
        trie.add(&template, word(records.len()));
        match row.is_report() {
            true => reports.extend(word(records.len()).to_le_bytes()),
            false => row.count_names(&mut names),
        }
        row.write(&mut words, &mut records);
        rows += 1;
    }
    let trie = trie.flatten(&mut words);
    let names = names.iter().flat_map(|(name, (gate, rows))| {
        [words.number(name), words.number(gate), *rows].map(u32::to_le_bytes)
    });
    let names: Vec<u8> = names.flatten().collect();
    Pack {
        pool: words.pool,
        starts: words.starts,
        records,
        trie,
        names,
        reports,
        rows,
    }
}

/// Texts, each once, in the order in which they came.
#[derive(Default)]
struct Words {
    pool: String,
    starts: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Words {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        if self.starts.is_empty() {
            self.starts.extend(0_u32.to_le_bytes());
        }
        let number = word(self.known.len());
        self.pool.push_str(text);
        self.starts.extend(word(self.pool.len()).to_le_bytes());
        self.known.insert(text.to_owned(), number);
        number
    }
}

/// One line, taken apart.
struct Row {
    method: String,
    path: String,
    host: Option<String>,
    query: Option<String>,
    op: Option<String>,
    need: Value,
    /// 0 where it names none, else the letter's place in `ABC`.
    trust: u8,
    /// Whatever else it says, the trust included.
    rest: Map<String, Value>,
}

impl Row {
    fn read(line: &str) -> Option<Self> {
        let Ok(Value::Object(mut rest)) = serde_json::from_str(line) else {
            return None;
        };
        let mut text = |key: &str| match rest.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let (method, path) = (text("method")?, text("path")?);
        let (host, query, op) = (text("host"), text("query"), text("op"));
        let need = rest.remove("need").unwrap_or(Value::Object(Map::new()));
        let letter = rest.get("trust").and_then(Value::as_str);
        let trust = match letter {
            Some("A") => 1,
            Some("B") => 2,
            Some("C") => 3,
            _ => 0,
        };
        Some(Self {
            method,
            path,
            host,
            query,
            op,
            need,
            trust,
            rest,
        })
    }

    /// Method, trust, host and query (from 1), requirement, rest, operation id, then the number of segments and each.
    fn write(&self, words: &mut Words, out: &mut Vec<u8>) {
        put(out, words.number(&self.method));
        out.push(self.trust);
        for text in [&self.host, &self.query] {
            put(out, text.as_ref().map_or(0, |text| words.number(text) + 1));
        }
        put(out, words.number(&self.need.to_string()));
        let rest = Value::Object(self.rest.clone()).to_string();
        put(out, words.number(&rest[1..rest.len() - 1]));
        let op = self.op.as_deref().unwrap_or_default();
        put(out, word(op.len()));
        out.extend(op.as_bytes());
        put(out, word(self.path.split('/').count()));
        for segment in self.path.split('/') {
            put(out, words.number(segment));
        }
    }

    /// Rows of trust C are reports and publish nothing.
    fn is_report(&self) -> bool {
        self.trust == 3
    }

    fn count_names(&self, names: &mut BTreeMap<String, (String, u32)>) {
        for (name, gate) in self.names() {
            let entry = names.entry(name).or_insert((gate.clone(), 0));
            entry.1 += 1;
            // One name may be a scope for users and another right for apps.
            if gate == "scope" {
                entry.0 = gate;
            }
        }
    }

    /// Every name with its gate, each once.
    fn names(&self) -> BTreeSet<(String, String)> {
        let kinds = self.need.as_object().into_iter().flat_map(Map::values);
        let gates = kinds.filter_map(Value::as_object).flatten();
        let names = gates.flat_map(|(gate, need)| {
            let sets = need.as_array().into_iter().flatten();
            let names = sets.filter_map(Value::as_array).flatten();
            names.filter_map(move |name| Some((name.as_str()?.to_owned(), gate.clone())))
        });
        names.collect()
    }
}

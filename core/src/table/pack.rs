//! The path index and the name list of a text of rows, packed into numbers that point into the text and into
//! a pool of words. The pool keeps what a lookup reads on few pages of memory.
//!
//! Shared with `build.rs`, which packs the shipped tables when the program is built: a check then reads one row of
//! thousands and builds nothing. So this file imports nothing of the crate.

use std::collections::BTreeMap;

/// Words before a node's lists: literal, mixed, variable child, multi child, rows.
pub(crate) const HEAD: usize = 5;

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

/// Method and path of a line in the importer's form, without parsing the rest.
pub(crate) fn head_of(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("{\"method\":\"")?;
    let (method, rest) = rest.split_once('"')?;
    let rest = rest.strip_prefix(",\"path\":\"")?;
    let end = rest.find('"')?;
    Some((method, &rest[..end]))
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

#[derive(Default)]
struct Node {
    literal: BTreeMap<String, usize>,
    mixed: Vec<(String, usize)>,
    variable: Option<usize>,
    multi: Option<usize>,
    /// Line starts.
    rows: Vec<usize>,
}

/// A text's index.
#[derive(Debug, Default)]
pub(crate) struct Pack {
    /// Segments, names and gates, each once.
    pub(crate) pool: String,
    /// The trie over the templates of all lines. Node 0 is the root; a child of 0 means none.
    pub(crate) trie: Vec<u32>,
    /// The names that rows ask for, sorted: name start and length, gate start and length, in how many rows.
    pub(crate) names: Vec<u32>,
}

/// Packs a text of rows; `fold` puts the templates into lower case.
pub(crate) fn pack(text: &str, fold: bool) -> Pack {
    let mut pool = Pool::default();
    let trie = trie(text, fold, &mut pool);
    let names = names(text, &mut pool);
    Pack {
        pool: pool.text,
        trie,
        names,
    }
}

#[derive(Default)]
struct Pool {
    text: String,
    places: BTreeMap<String, u32>,
}

impl Pool {
    /// Start and length of a word, added where it is new.
    fn place(&mut self, label: &str) -> [u32; 2] {
        let length = word(label.len());
        if let Some(place) = self.places.get(label) {
            return [*place, length];
        }
        let place = word(self.text.len());
        self.text.push_str(label);
        self.places.insert(label.to_owned(), place);
        [place, length]
    }
}

fn trie(text: &str, fold: bool, pool: &mut Pool) -> Vec<u32> {
    let mut nodes = vec![Node::default()];
    for (start, line) in lines(text) {
        let Some((_, path)) = head_of(line) else {
            continue;
        };
        let path = if fold {
            path.to_ascii_lowercase()
        } else {
            path.to_owned()
        };
        let mut at = 0;
        for segment in path.trim_start_matches('/').split('/') {
            at = child(&mut nodes, at, segment);
        }
        nodes[at].rows.push(start);
    }
    flatten(&nodes, pool)
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split('\n')
        .map(move |line| (line.as_ptr() as usize - base, line))
}

fn child(nodes: &mut Vec<Node>, at: usize, segment: &str) -> usize {
    let fresh = nodes.len();
    let node = &mut nodes[at];
    let found = match sort(segment) {
        Segment::Literal => *node.literal.entry(segment.to_owned()).or_insert(fresh),
        Segment::Variable => *node.variable.get_or_insert(fresh),
        Segment::Multi => *node.multi.get_or_insert(fresh),
        Segment::Mixed => match node.mixed.iter().find(|(text, _)| text == segment) {
            Some((_, child)) => *child,
            None => {
                node.mixed.push((segment.to_owned(), fresh));
                // The one with more literal text is tried first.
                let length =
                    |text: &str| pieces(text).iter().map(|piece| piece.len()).sum::<usize>();
                node.mixed
                    .sort_by_key(|(text, _)| std::cmp::Reverse(length(text)));
                fresh
            }
        },
    };
    if found == fresh {
        nodes.push(Node::default());
    }
    found
}

fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn flatten(nodes: &[Node], pool: &mut Pool) -> Vec<u32> {
    let mut places = Vec::with_capacity(nodes.len());
    let mut next = 0;
    for node in nodes {
        places.push(next);
        next += HEAD + 3 * (node.literal.len() + node.mixed.len()) + node.rows.len();
    }
    let place = |node: Option<usize>| node.map_or(0, |node| word(places[node]));
    let mut out = Vec::with_capacity(next);
    for node in nodes {
        let counts = [
            word(node.literal.len()),
            word(node.mixed.len()),
            place(node.variable),
            place(node.multi),
        ];
        out.extend(counts);
        out.push(word(node.rows.len()));
        let mixed = node.mixed.iter().map(|(label, child)| (label, child));
        for (label, child) in node.literal.iter().chain(mixed) {
            out.extend(pool.place(label));
            out.push(place(Some(*child)));
        }
        out.extend(node.rows.iter().map(|row| word(*row)));
    }
    out
}

/// Rows of trust C are reports and publish nothing.
fn names(text: &str, pool: &mut Pool) -> Vec<u32> {
    let mut found: BTreeMap<String, (String, u32)> = BTreeMap::new();
    for (_, line) in lines(text).filter(|(_, line)| !line.contains("\"trust\":\"C\"")) {
        let Ok(row) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        for (name, gate) in named(&row) {
            let entry = found.entry(name).or_insert((gate.clone(), 0));
            entry.1 += 1;
            // One name may be a scope for users and another right for apps.
            if gate == "scope" {
                entry.0 = gate;
            }
        }
    }
    let entries = found.iter().flat_map(|(name, (gate, rows))| {
        let ([name_at, name_length], [gate_at, gate_length]) = (pool.place(name), pool.place(gate));
        [name_at, name_length, gate_at, gate_length, *rows]
    });
    entries.collect()
}

/// Every name of a row with its gate, each once.
fn named(row: &serde_json::Value) -> std::collections::BTreeSet<(String, String)> {
    let kinds = row
        .get("need")
        .and_then(|need| need.as_object())
        .into_iter()
        .flat_map(|need| need.values());
    let gates = kinds.filter_map(|gates| gates.as_object()).flatten();
    gates
        .flat_map(|(gate, need)| {
            let sets = need.as_array().into_iter().flatten();
            let names = sets
                .filter_map(|set| set.as_array())
                .flatten()
                .filter_map(|name| name.as_str());
            names
                .map(|name| (name.to_owned(), gate.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}

//! The trie over the path templates.
//!
//! A node is: number of literal children, of mixed children, of rows (LEB128), a byte that says which further children
//! there are, their places, then a label and a place for each literal (sorted) and mixed child, then the rows' starts.

use super::bytes::{put, word};
use super::{Segment, Words, pieces, sort};
use std::collections::BTreeMap;

/// The node has a child for `{x}`.
pub(crate) const VARIABLE: u8 = 1;
/// The node has a child for `{+x}`.
pub(crate) const MULTI: u8 = 2;

#[derive(Default)]
struct Node {
    literal: BTreeMap<String, usize>,
    mixed: Vec<(String, usize)>,
    variable: Option<usize>,
    multi: Option<usize>,
    /// Starts of records.
    rows: Vec<u32>,
}

/// A trie that is being built.
pub(super) struct Trie(Vec<Node>);

impl Trie {
    pub(super) fn new() -> Self {
        Self(vec![Node::default()])
    }

    pub(super) fn add(&mut self, path: &str, row: u32) {
        let mut at = 0;
        for segment in path.trim_start_matches('/').split('/') {
            at = self.child(at, segment);
        }
        self.0[at].rows.push(row);
    }

    fn child(&mut self, at: usize, segment: &str) -> usize {
        let fresh = self.0.len();
        let node = &mut self.0[at];
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
            self.0.push(Node::default());
        }
        found
    }

    /// All nodes one behind the other, the root first.
    pub(super) fn flatten(&self, words: &mut Words) -> Vec<u8> {
        let mut places = Vec::with_capacity(self.0.len());
        let mut next = 0;
        for node in &self.0 {
            places.push(word(next));
            next += node.head().len() + node.body();
        }
        let mut out = Vec::with_capacity(next);
        for node in &self.0 {
            out.extend(node.head());
            let further = [node.variable, node.multi];
            for child in further.into_iter().flatten() {
                out.extend(places[child].to_le_bytes());
            }
            let mixed = node.mixed.iter().map(|(label, child)| (label, child));
            for (label, child) in node.literal.iter().chain(mixed) {
                out.extend(words.number(label).to_le_bytes());
                out.extend(places[*child].to_le_bytes());
            }
            out.extend(node.rows.iter().flat_map(|row| row.to_le_bytes()));
        }
        out
    }
}

impl Node {
    fn head(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, word(self.literal.len()));
        put(&mut out, word(self.mixed.len()));
        put(&mut out, word(self.rows.len()));
        let flag = |child: Option<usize>, flag: u8| child.map_or(0, |_| flag);
        out.push(flag(self.variable, VARIABLE) | flag(self.multi, MULTI));
        out
    }

    /// The bytes behind the head.
    fn body(&self) -> usize {
        let further = usize::from(self.variable.is_some()) + usize::from(self.multi.is_some());
        4 * (further + self.rows.len()) + 8 * (self.literal.len() + self.mixed.len())
    }
}

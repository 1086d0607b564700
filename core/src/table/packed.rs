//! A text of rows with its packed index: walking the templates, looking names up.

use super::pack::{self, HEAD, Pack, Segment, pieces};
use std::borrow::Cow;

/// Rows as text, one a line, and the numbers that find them.
#[derive(Debug)]
pub(super) struct Packed {
    pub(super) text: Cow<'static, str>,
    pool: Cow<'static, str>,
    trie: Cow<'static, [u32]>,
    names: Cow<'static, [u32]>,
}

/// An index that was packed when the program was built.
#[derive(Debug)]
pub(super) struct ShippedIndex {
    pub(super) pool: &'static str,
    pub(super) trie: &'static [u32],
    pub(super) names: &'static [u32],
}

/// How literal a match is, segment by segment; the smaller, the better.
pub(super) type Rank = Vec<Segment>;

impl Packed {
    /// Packs a text now.
    pub(super) fn new(text: String, fold: bool) -> Self {
        let Pack { pool, trie, names } = pack::pack(&text, fold);
        Self {
            text: Cow::Owned(text),
            pool: Cow::Owned(pool),
            trie: Cow::Owned(trie),
            names: Cow::Owned(names),
        }
    }

    /// Takes what `build.rs` packed.
    pub(super) fn shipped(text: &'static str, index: &ShippedIndex) -> Self {
        Self {
            text: Cow::Borrowed(text),
            pool: Cow::Borrowed(index.pool),
            trie: Cow::Borrowed(index.trie),
            names: Cow::Borrowed(index.names),
        }
    }

    /// The line that starts at this byte.
    pub(super) fn line(&self, start: u32) -> &str {
        let rest = self.text.get(start as usize..).unwrap_or_default();
        memchr::memchr(b'\n', rest.as_bytes()).map_or(rest, |end| &rest[..end])
    }

    /// The starts of all lines that hold a row.
    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        let ends = memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|end| end + 1);
        let starts = std::iter::once(0)
            .chain(ends)
            .filter(|start| *start < self.text.len());
        starts.filter_map(|start| u32::try_from(start).ok())
    }

    fn slice(&self, start: u32, length: u32) -> &str {
        self.pool
            .get(start as usize..start as usize + length as usize)
            .unwrap_or_default()
    }

    /// The gate that a published name belongs to, and in how many rows it stands.
    pub(super) fn name(&self, name: &str) -> Option<(&str, u32)> {
        let entries: &[u32] = &self.names;
        let entry = |at: usize| &entries[at * 5..at * 5 + 5];
        let (mut low, mut high) = (0, entries.len() / 5);
        while low < high {
            let middle = usize::midpoint(low, high);
            let found = entry(middle);
            match self.slice(found[0], found[1]).cmp(name) {
                std::cmp::Ordering::Equal => {
                    return Some((self.slice(found[2], found[3]), found[4]));
                }
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The same for a name of any case; this looks at every name.
    pub(super) fn name_in_any_case(&self, name: &str) -> Option<(&str, u32)> {
        self.names
            .chunks_exact(5)
            .find(|entry| self.slice(entry[0], entry[1]).eq_ignore_ascii_case(name))
            .map(|entry| (self.slice(entry[2], entry[3]), entry[4]))
    }

    /// The root of the trie.
    pub(super) fn root(&self) -> Node<'_> {
        Node {
            packed: self,
            at: 0,
        }
    }

    /// Walks the templates that fit, the most literal first, until `take` has enough (returns true). `binds` says
    /// which segments a variable may stand for.
    pub(super) fn walk(
        &self,
        segments: &[&str],
        binds: fn(&str) -> bool,
        take: &mut dyn FnMut(&Rank, &[u32]) -> bool,
    ) -> bool {
        let mut walk = Walk {
            rank: Rank::with_capacity(segments.len()),
            binds,
            take,
        };
        self.root().walk(segments, &mut walk)
    }
}

/// What a walk carries along.
struct Walk<'w> {
    rank: Rank,
    binds: fn(&str) -> bool,
    take: &'w mut dyn FnMut(&Rank, &[u32]) -> bool,
}

/// One node of the packed trie.
#[derive(Clone, Copy)]
pub(super) struct Node<'p> {
    packed: &'p Packed,
    at: usize,
}

impl<'p> Node<'p> {
    fn word(self, offset: usize) -> u32 {
        self.packed.trie[self.at + offset]
    }

    fn node(self, at: u32) -> Option<Self> {
        (at != 0).then_some(Self {
            packed: self.packed,
            at: at as usize,
        })
    }

    fn entry(self, number: usize) -> (&'p str, Self) {
        let place = HEAD + 3 * number;
        let label = self.packed.slice(self.word(place), self.word(place + 1));
        (
            label,
            Self {
                packed: self.packed,
                at: self.word(place + 2) as usize,
            },
        )
    }

    fn literals(self) -> usize {
        self.word(0) as usize
    }

    /// The literal children, sorted by their text.
    pub(super) fn literal_children(self) -> impl Iterator<Item = (&'p str, Self)> {
        (0..self.literals()).map(move |number| self.entry(number))
    }

    fn mixed_children(self) -> impl Iterator<Item = (&'p str, Self)> {
        (self.literals()..self.literals() + self.word(1) as usize)
            .map(move |number| self.entry(number))
    }

    /// The children behind variables of any sort.
    pub(super) fn variable_children(self) -> impl Iterator<Item = Self> {
        let mixed = self.mixed_children().map(|(_, child)| child);
        mixed
            .chain(self.node(self.word(2)))
            .chain(self.node(self.word(3)))
    }

    /// The starts of the rows that end here.
    pub(super) fn rows(self) -> &'p [u32] {
        let start = self.at + HEAD + 3 * (self.literals() + self.word(1) as usize);
        &self.packed.trie[start..start + self.word(4) as usize]
    }

    fn literal(self, segment: &str) -> Option<Self> {
        let (mut low, mut high) = (0, self.literals());
        while low < high {
            let middle = usize::midpoint(low, high);
            let (label, child) = self.entry(middle);
            match label.cmp(segment) {
                std::cmp::Ordering::Equal => return Some(child),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    fn step(self, sort: Segment, rest: &[&str], walk: &mut Walk<'_>) -> bool {
        walk.rank.push(sort);
        let done = self.walk(rest, walk);
        walk.rank.pop();
        done
    }

    fn walk(self, segments: &[&str], walk: &mut Walk<'_>) -> bool {
        let Some((first, rest)) = segments.split_first() else {
            return !self.rows().is_empty() && (walk.take)(&walk.rank, self.rows());
        };
        if let Some(child) = self.literal(first)
            && child.step(Segment::Literal, rest, walk)
        {
            return true;
        }
        for (pattern, child) in self.mixed_children() {
            if fits(pattern, first) && child.step(Segment::Mixed, rest, walk) {
                return true;
            }
        }
        if first.is_empty() || !(walk.binds)(first) {
            return false;
        }
        if let Some(child) = self.node(self.word(2))
            && child.step(Segment::Variable, rest, walk)
        {
            return true;
        }
        let Some(child) = self.node(self.word(3)) else {
            return false;
        };
        (1..=segments.len()).any(|taken| child.step(Segment::Multi, &segments[taken..], walk))
    }
}

/// Whether a mixed segment fits: pieces in order, at least one character for each variable.
fn fits(pattern: &str, segment: &str) -> bool {
    let pieces = pieces(pattern);
    let [first, middle @ .., last] = pieces.as_slice() else {
        return false;
    };
    let Some(mut rest) = segment
        .strip_prefix(first)
        .and_then(|r| r.strip_suffix(last))
    else {
        return false;
    };
    for piece in middle {
        // A variable takes at least one character, so the search starts behind it.
        let Some(start) = rest.chars().next().map(char::len_utf8) else {
            return false;
        };
        let Some(found) = rest[start..].find(piece) else {
            return false;
        };
        rest = &rest[start + found + piece.len()..];
    }
    !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'t>(templates: &[&'t str], path: &str) -> Option<&'t str> {
        let lines: String = templates
            .iter()
            .map(|t| format!("{{\"method\":\"GET\",\"path\":\"{t}\"}}\n"))
            .collect();
        let packed = Packed::new(lines, false);
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let mut found = None;
        packed.walk(&segments, |_| true, &mut |_, rows| {
            found = rows.first().copied();
            true
        });
        let line = packed.line(found?);
        templates
            .iter()
            .copied()
            .find(|t| line.contains(&format!("\"{t}\"")))
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
        let packed = Packed::new(line.repeat(2), false);
        assert_eq!(packed.name("b"), Some(("scope", 2)));
        assert_eq!(packed.name("p:q:r"), Some(("permission", 2)));
        assert_eq!(packed.name("c"), None);
    }
}

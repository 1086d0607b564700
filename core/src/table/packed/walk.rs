//! Walking the packed trie: literal before mixed before variable, from the left, with backtracking.

use super::Packed;
use super::bytes::{take, word_at};
use crate::table::pack::trie::{MULTI, VARIABLE};
use crate::table::pack::{Segment, pieces};

/// How literal a match is, segment by segment; the smaller, the better.
pub(in crate::table) type Rank = Vec<Segment>;

impl Packed {
    /// The root of the trie.
    pub(in crate::table) fn root(&self) -> Node<'_> {
        Node::at(self, 0)
    }

    /// Walks the templates that fit, the most literal first, until `take` has enough (returns true). `binds` says
    /// which segments a variable may stand for.
    pub(in crate::table) fn walk(
        &self,
        segments: &[&str],
        binds: fn(&str) -> bool,
        take: &mut dyn FnMut(&Rank, Starts<'_>) -> bool,
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
    take: &'w mut dyn FnMut(&Rank, Starts<'_>) -> bool,
}

/// The starts of records, four bytes each.
#[derive(Clone, Copy)]
pub(in crate::table) struct Starts<'p>(&'p [u8]);

impl<'p> Starts<'p> {
    pub(in crate::table) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::table) fn iter(self) -> impl Iterator<Item = u32> + 'p {
        self.0.chunks_exact(4).map(|four| word_at(four, 0))
    }
}

/// One node of the packed trie.
#[derive(Clone, Copy)]
pub(in crate::table) struct Node<'p> {
    packed: &'p Packed,
    literals: usize,
    mixed: usize,
    rows: usize,
    flags: u8,
    /// Where the places of the further children start.
    further: usize,
}

impl<'p> Node<'p> {
    fn at(packed: &'p Packed, place: u32) -> Self {
        let mut at = place as usize;
        let mut next = || take(&packed.trie, &mut at);
        let (literals, mixed, rows, flags) = (next(), next(), next(), next());
        Self {
            packed,
            literals: literals as usize,
            mixed: mixed as usize,
            rows: rows as usize,
            flags: flags.to_le_bytes()[0],
            further: at,
        }
    }

    fn variable(self) -> Option<Self> {
        let place = || word_at(&self.packed.trie, self.further);
        (self.flags & VARIABLE != 0).then(|| Self::at(self.packed, place()))
    }

    fn multi(self) -> Option<Self> {
        let before = usize::from(self.flags & VARIABLE != 0);
        let place = || word_at(&self.packed.trie, self.further + 4 * before);
        (self.flags & MULTI != 0).then(|| Self::at(self.packed, place()))
    }

    /// Where the labels start.
    fn labels(self) -> usize {
        self.further + 4 * self.flags.count_ones() as usize
    }

    fn label(self, number: usize) -> &'p str {
        let place = self.labels() + 8 * number;
        self.packed.word(word_at(&self.packed.trie, place))
    }

    fn child(self, number: usize) -> Self {
        let place = self.labels() + 8 * number + 4;
        Self::at(self.packed, word_at(&self.packed.trie, place))
    }

    /// The literal children, sorted by their text.
    pub(in crate::table) fn literal_children(self) -> impl Iterator<Item = (&'p str, Self)> {
        (0..self.literals).map(move |number| (self.label(number), self.child(number)))
    }

    fn mixed_children(self) -> impl Iterator<Item = (&'p str, Self)> {
        (self.literals..self.literals + self.mixed)
            .map(move |number| (self.label(number), self.child(number)))
    }

    /// The children behind variables of any sort.
    pub(in crate::table) fn variable_children(self) -> impl Iterator<Item = Self> {
        let mixed = self.mixed_children().map(|(_, child)| child);
        mixed.chain(self.variable()).chain(self.multi())
    }

    /// The starts of the records that end here.
    pub(in crate::table) fn rows(self) -> Starts<'p> {
        let start = self.labels() + 8 * (self.literals + self.mixed);
        Starts(
            self.packed
                .trie
                .get(start..start + 4 * self.rows)
                .unwrap_or_default(),
        )
    }

    fn literal(self, segment: &str) -> Option<Self> {
        let (mut low, mut high) = (0, self.literals);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.label(middle).cmp(segment) {
                std::cmp::Ordering::Equal => return Some(self.child(middle)),
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
        if let Some(child) = self.variable()
            && child.step(Segment::Variable, rest, walk)
        {
            return true;
        }
        let Some(child) = self.multi() else {
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

//! Tables that are looked up by hash and can be written down as constants: nothing is built when the program starts.

use std::borrow::Cow;

/// FNV-1a, 32 bits.
const BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

fn mixed(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(PRIME)
}

/// Texts and their numbers: the first has 0.
#[derive(Debug, Default, Clone)]
pub(crate) struct Texts {
    /// All of them, one behind the other.
    pub(crate) pool: Cow<'static, str>,
    /// Where each ends in the pool.
    pub(crate) ends: Cow<'static, [u32]>,
    /// Numbers by hash, one higher than they are: 0 is nobody's place.
    pub(crate) slots: Cow<'static, [u32]>,
    /// The lengths that occur, in bytes.
    pub(crate) lengths: u64,
}

impl Texts {
    /// Puts texts in order.
    pub(crate) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut pool = String::new();
        let (mut ends, mut lengths) = (Vec::new(), 0);
        for text in texts {
            pool.push_str(text);
            lengths |= 1 << text.len().min(63);
            ends.push(u32::try_from(pool.len()).unwrap_or(u32::MAX));
        }
        let mut slots = vec![0; (ends.len() * 2).next_power_of_two().max(2)];
        let mut start = 0;
        for (number, end) in (1..).zip(&ends) {
            let text = &pool.as_bytes()[start..*end as usize];
            start = *end as usize;
            let hash = text.iter().fold(BASIS, |hash, byte| mixed(hash, *byte));
            let mut at = hash as usize & (slots.len() - 1);
            while slots[at] != 0 {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = number;
        }
        Self {
            pool: Cow::Owned(pool),
            ends: Cow::Owned(ends),
            slots: Cow::Owned(slots),
            lengths,
        }
    }

    /// The text with a number.
    fn text(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.pool.as_bytes()[start as usize..self.ends[number] as usize]
    }

    fn at(&self, hash: u32, text: &[u8]) -> Option<u32> {
        let last = self.slots.len().checked_sub(1)?;
        let mut at = hash as usize & last;
        while self.slots[at] != 0 {
            let number = self.slots[at] - 1;
            if self.text(number as usize) == text {
                return Some(number);
            }
            at = (at + 1) & last;
        }
        None
    }

    /// The hash of a text, and its number.
    pub(crate) fn find(&self, text: &str) -> (u32, Option<u32>) {
        let bytes = text.as_bytes();
        let hash = bytes.iter().fold(BASIS, |hash, byte| mixed(hash, *byte));
        (hash, self.at(hash, bytes))
    }

    /// The number of a text.
    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        self.find(text).1
    }

    /// The text with a number.
    pub(crate) fn name(&self, number: u32) -> &str {
        std::str::from_utf8(self.text(number as usize)).unwrap_or_default()
    }

    /// The numbers of all beginnings of a text.
    pub(crate) fn beginnings(&self, text: &str, out: &mut Vec<u32>) {
        let bytes = text.as_bytes();
        let mut hash = BASIS;
        for (at, byte) in bytes.iter().enumerate() {
            hash = mixed(hash, *byte);
            if self.lengths & 1 << (at + 1).min(63) != 0 {
                out.extend(self.at(hash, &bytes[..=at]));
            }
        }
    }
}

/// From a node by a word to the next node.
#[derive(Debug, Default, Clone)]
pub(crate) struct Steps {
    /// Node, word and next node, by hash; a next node of 0 is nobody's place.
    pub(crate) slots: Cow<'static, [(u32, u32, u32)]>,
}

impl Steps {
    /// Puts steps in order.
    pub(crate) fn new(steps: impl ExactSizeIterator<Item = (u32, u32, u32)>) -> Self {
        let mut slots = vec![(0, 0, 0); (steps.len() * 2).next_power_of_two().max(2)];
        for step in steps {
            let mut at = place(step.0, step.1) & (slots.len() - 1);
            while slots[at].2 != 0 {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = step;
        }
        Self {
            slots: Cow::Owned(slots),
        }
    }

    /// Where a word leads.
    pub(crate) fn next(&self, node: u32, word: u32) -> Option<u32> {
        let last = self.slots.len().checked_sub(1)?;
        let mut at = place(node, word) & last;
        loop {
            match self.slots[at] {
                (_, _, 0) => return None,
                (own, by, next) if (own, by) == (node, word) => return Some(next),
                _ => at = (at + 1) & last,
            }
        }
    }
}

fn place(node: u32, word: u32) -> usize {
    let mut hash = node.wrapping_mul(0x9e37_79b9) ^ word.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 15;
    hash.wrapping_mul(0xc2b2_ae35) as usize >> 8
}

/// Lists of small numbers by a number: of a node the concepts, of a concept the rules.
#[derive(Debug, Default, Clone)]
pub(crate) struct Lists {
    /// Where each list ends.
    pub(crate) ends: Cow<'static, [u32]>,
    /// All lists, one behind the other.
    pub(crate) all: Cow<'static, [u16]>,
}

impl Lists {
    /// Puts lists in order.
    pub(crate) fn new(lists: impl Iterator<Item = Vec<u16>>) -> Self {
        let (mut ends, mut all) = (Vec::new(), Vec::new());
        for list in lists {
            all.extend(list);
            ends.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        }
        Self {
            ends: Cow::Owned(ends),
            all: Cow::Owned(all),
        }
    }

    /// The list of a number.
    pub(crate) fn of(&self, number: usize) -> &[u16] {
        let Some(end) = self.ends.get(number) else {
            return &[];
        };
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start as usize..*end as usize]
    }
}

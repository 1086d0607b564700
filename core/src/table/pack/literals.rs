//! Texts that are all looked for in one pass over another text, packed: nothing of it is built when the program starts.
//! Shared with `build.rs`.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// No text is shorter: its first letters tell where it stands.
pub(crate) const SHORTEST: usize = 3;

/// What stands behind the numbers of a way.
const END: u16 = u16::MAX;

/// Texts in lower case, at least [`SHORTEST`] bytes long, each once. ASCII letters of either case are the same letter.
#[derive(Debug, Default, Clone)]
pub(crate) struct Literals {
    /// All of them, one behind the other, those of one slot in the order of their bytes.
    pub(crate) pool: Cow<'static, str>,
    /// Where each ends in the pool.
    pub(crate) ends: Cow<'static, [u32]>,
    /// How each begins.
    pub(crate) keys: Cow<'static, [u64]>,
    /// Of each, the longest other text that it begins with: one higher than its number, 0 where there is none.
    pub(crate) beginnings: Cow<'static, [u16]>,
    /// By the hash of the first letters, where the texts of the slot begin; then how many texts there are.
    pub(crate) slots: Cow<'static, [u16]>,
}

/// The texts that stand in another text, by their numbers.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen(Vec<u64>);

impl Seen {
    fn add(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Whether all texts of one of these ways stand there.
    pub(crate) fn fits(&self, ways: &[u16]) -> bool {
        let has = |number: &u16| {
            let number = usize::from(*number);
            self.0[number / 64] & 1 << (number % 64) != 0
        };
        let mut ways = ways.split_inclusive(|number| *number == END);
        ways.any(|way| way.iter().take_while(|own| **own != END).all(has))
    }
}

impl Literals {
    /// Puts texts in order; `None` where there are too many.
    pub(crate) fn new(texts: &BTreeSet<String>) -> Option<Self> {
        let count = u16::try_from(texts.len())
            .ok()
            .filter(|count| *count < END)?;
        let slots = usize::from(count).next_power_of_two().max(2) * 2;
        let mut texts: Vec<(usize, &str)> = texts
            .iter()
            .map(|text| (slot(key(text.as_bytes()), slots), text.as_str()))
            .collect();
        texts.sort_unstable();
        let (mut pool, mut ends, mut beginnings) = (String::new(), Vec::new(), Vec::new());
        for (at, (_, text)) in texts.iter().enumerate() {
            pool.push_str(text);
            ends.push(u32::try_from(pool.len()).ok()?);
            // What a text begins with stands before it, with nothing between but what begins with it too.
            let before = (0..at)
                .rev()
                .take_while(|earlier| texts[*earlier].0 == texts[at].0);
            let longest = before
                .into_iter()
                .find(|earlier| text.starts_with(texts[*earlier].1));
            beginnings.push(u16::try_from(longest.map_or(0, |own| own + 1)).ok()?);
        }
        let starts = (0..=slots).map(|own| texts.partition_point(|(slot, _)| *slot < own));
        let starts: Result<Vec<u16>, _> = starts.map(u16::try_from).collect();
        Some(Self {
            pool: Cow::Owned(pool),
            ends: Cow::Owned(ends),
            keys: texts.iter().map(|(_, text)| key(text.as_bytes())).collect(),
            beginnings: Cow::Owned(beginnings),
            slots: Cow::Owned(starts.ok()?),
        })
    }

    /// Ways as numbers, an [`END`] behind each; `None` where one has a text that is none of these.
    pub(crate) fn numbers(&self, ways: &[BTreeSet<String>]) -> Option<Vec<u16>> {
        let numbers = |way: &BTreeSet<String>| -> Option<Vec<u16>> {
            let texts = way.iter().map(|text| self.number(text));
            texts.chain([Some(END)]).collect()
        };
        let all: Option<Vec<Vec<u16>>> = ways.iter().map(numbers).collect();
        Some(all?.concat())
    }

    /// The number of a text that is one of them.
    fn number(&self, text: &str) -> Option<u16> {
        let text = text.as_bytes();
        let (start, end) = self.slot(key(text))?;
        let number = self.behind(text, start, end).checked_sub(1)?;
        (number >= start && self.text(number) == text).then_some(u16::try_from(number).ok()?)
    }

    fn text(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.pool.as_bytes()[start as usize..self.ends[number] as usize]
    }

    /// Which of them stand in a text.
    pub(crate) fn seen(&self, text: &str) -> Seen {
        let mut seen = Seen(vec![0; self.ends.len().div_ceil(64)]);
        let text = text.to_ascii_lowercase().into_bytes();
        for at in 0..text.len() {
            let rest = &text[at..];
            match self.slot(key(rest)) {
                Some((start, end)) if start < end => self.at(rest, start, end, &mut seen),
                _ => {}
            }
        }
        seen
    }

    /// The texts of the slot of a beginning, from one number to before another.
    #[inline]
    fn slot(&self, key: u64) -> Option<(usize, usize)> {
        let slot = slot(key, self.slots.len().checked_sub(1)?);
        Some((self.slots[slot].into(), self.slots[slot + 1].into()))
    }

    /// The first text between two numbers that stands behind another one in order.
    fn behind(&self, text: &[u8], start: usize, end: usize) -> usize {
        let key = key(text);
        let (mut low, mut high) = (start, end);
        while low < high {
            let middle = usize::midpoint(low, high);
            let own = self.keys[middle];
            match own < key || own == key && self.text(middle) <= text {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// Adds those of a slot that a text begins with. They are what the last one not behind the text is or begins with.
    fn at(&self, text: &[u8], start: usize, end: usize, seen: &mut Seen) {
        let mut next = self.behind(text, start, end);
        while next > start {
            let number = next - 1;
            if text.starts_with(self.text(number)) {
                seen.add(number);
            }
            next = self.beginnings[number].into();
        }
    }
}

/// How a text begins: its first letters as a number, in the order of texts.
#[inline]
fn key(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(letters) => u64::from_be_bytes(*letters),
        None => {
            let mut letters = [0; 8];
            letters[..text.len()].copy_from_slice(text);
            u64::from_be_bytes(letters)
        }
    }
}

/// The slot of the first [`SHORTEST`] letters of a beginning among so many, a power of two.
#[inline]
fn slot(key: u64, slots: usize) -> usize {
    // The same number on every machine: the build may run on another one than the program.
    let mixed = (key >> (64 - 8 * SHORTEST)).wrapping_mul(0x9e37_79b1) >> 8;
    usize::try_from(mixed & 0xffff).unwrap_or_default() & (slots - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_in(texts: &BTreeSet<String>, text: &str) -> Vec<String> {
        let literals = Literals::new(texts).expect("few texts");
        let seen = literals.seen(text);
        let is_seen = |own: &&String| seen.fits(&[literals.number(own).expect("one of them"), END]);
        texts.iter().filter(is_seen).cloned().collect()
    }

    proptest! {
        #[test]
        fn what_is_seen_is_what_a_plain_search_finds(
            texts in proptest::collection::btree_set("[ab]{3,6}|[a-c_ ]{3,9}|(tok|key|é)[a-z]{3}", 0..40),
            text in "([ab]{0,6}|[A-C_ ]{0,9}|tok[a-z]{0,3}|é|KEY){0,24}",
        ) {
            let lower = text.to_ascii_lowercase();
            let plain: Vec<String> = texts.iter().filter(|own| lower.contains(own.as_str())).cloned().collect();
            prop_assert_eq!(all_in(&texts, &text), plain);
        }
    }

    #[test]
    fn texts_that_begin_with_one_another_are_all_seen() {
        let texts = ["abc", "abcabc", "abcd", "abce", "bca"].map(str::to_owned);
        let texts = BTreeSet::from(texts);
        assert_eq!(all_in(&texts, "xABCABCf"), ["abc", "abcabc", "bca"]);
        let literals = Literals::new(&texts).expect("few texts");
        let ways = |ways: &[&[&str]]| {
            let way = |way: &&[&str]| way.iter().map(|text| (*text).to_owned()).collect();
            let ways: Vec<BTreeSet<String>> = ways.iter().map(way).collect();
            literals
                .seen("abcd bca")
                .fits(&literals.numbers(&ways).expect("texts of these"))
        };
        assert!(ways(&[&["abce"], &["abc", "bca"]]));
        assert!(!ways(&[&["abce"], &["abc", "abce"], &["abcabc", "bca"]]));
        assert!(!ways(&[]));
        assert!(all_in(&texts, "ab").is_empty());
        assert!(all_in(&BTreeSet::new(), "abc").is_empty());
    }
}

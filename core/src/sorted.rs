//! Lists of texts that `build.rs` writes: one pool and where each ends, so that a start has no pointer to relocate.

/// Texts in order, each once.
#[derive(Debug)]
pub(crate) struct Sorted {
    /// All of them, one behind the other.
    pub(crate) pool: &'static str,
    /// Where each ends in the pool.
    pub(crate) ends: &'static [u32],
}

impl Sorted {
    /// Whether a text is one of them.
    pub(crate) fn contains(&self, text: &[u8]) -> bool {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.at(middle).as_bytes().cmp(text) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        (0..self.ends.len()).map(|place| self.at(place))
    }

    fn at(&self, place: usize) -> &'static str {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.pool[start as usize..self.ends[place] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_list_is_found_and_nothing_else() {
        let list = Sorted {
            pool: "abbc",
            ends: &[1, 3, 4],
        };
        assert_eq!(list.iter().collect::<Vec<_>>(), ["a", "bb", "c"]);
        assert!(list.iter().all(|own| list.contains(own.as_bytes())));
        for text in ["", "b", "ab", "bbc", "d"] {
            assert!(!list.contains(text.as_bytes()), "{text}");
        }
        let none = Sorted {
            pool: "",
            ends: &[],
        };
        assert!(!none.contains(b""));
    }
}

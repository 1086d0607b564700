//! The smallest scope set that opens many operations: exact where the search is small, else greedy and said so.

use crate::scope::Need;
use std::collections::BTreeSet;

/// A set of names that opens all requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smallest {
    /// The names, in byte order.
    pub names: BTreeSet<String>,
    /// Whether no smaller set exists.
    pub exact: bool,
}

/// Partial choices tried before the search gives up on exactness.
const BUDGET: usize = 200_000;

/// Finds the smallest set; among equals, the one whose names `weight` counts lightest (how much else they open).
pub fn smallest(needs: &[Need], weight: impl Fn(&str) -> usize) -> Smallest {
    let mut distinct: Vec<Need> = needs
        .iter()
        .filter(|need| !need.is_empty() && !need.iter().any(Vec::is_empty))
        .cloned()
        .collect();
    distinct.sort();
    distinct.dedup();
    distinct.sort_by_key(Vec::len);
    let greedy = greedy(&distinct, &weight);
    let mut search = Search {
        needs: &distinct,
        weight: &weight,
        best: greedy,
        tried: 0,
    };
    search.choose(0, &BTreeSet::new());
    Smallest {
        exact: search.tried < BUDGET,
        names: search.best,
    }
}

/// Size first, then weight.
fn cost(names: &BTreeSet<String>, weight: &impl Fn(&str) -> usize) -> (usize, usize) {
    (names.len(), names.iter().map(|name| weight(name)).sum())
}

fn with(names: &BTreeSet<String>, set: &[String]) -> BTreeSet<String> {
    names.iter().chain(set).cloned().collect()
}

fn opens(names: &BTreeSet<String>, need: &Need) -> bool {
    need.iter()
        .any(|set| set.iter().all(|name| names.contains(name)))
}

fn greedy(needs: &[Need], weight: &impl Fn(&str) -> usize) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for need in needs {
        if opens(&names, need) {
            continue;
        }
        let choices = need.iter().map(|set| with(&names, set));
        if let Some(best) = choices.min_by_key(|choice| cost(choice, weight)) {
            names = best;
        }
    }
    names
}

struct Search<'a, W> {
    needs: &'a [Need],
    weight: &'a W,
    best: BTreeSet<String>,
    tried: usize,
}

impl<W: Fn(&str) -> usize> Search<'_, W> {
    fn choose(&mut self, at: usize, names: &BTreeSet<String>) {
        self.tried += 1;
        if self.tried >= BUDGET
            || cost(names, self.weight) >= cost(&self.best, self.weight)
                && names.len() >= self.best.len()
        {
            return;
        }
        let open = self.needs[at..].iter().position(|need| !opens(names, need));
        let Some(next) = open.map(|offset| at + offset) else {
            self.best.clone_from(names);
            return;
        };
        for set in &self.needs[next] {
            self.choose(next + 1, &with(names, set));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(sets: &[&[&str]]) -> Need {
        sets.iter()
            .map(|set| set.iter().map(ToString::to_string).collect())
            .collect()
    }

    #[test]
    fn one_wide_scope_beats_two_narrow_ones_and_the_lighter_of_equals_wins() {
        let needs = [
            need(&[&["a"], &["a:readonly"]]),
            need(&[&["a"]]),
            need(&[&["b"], &["b:readonly"]]),
        ];
        let weight = |name: &str| if name.ends_with("readonly") { 1 } else { 5 };
        let found = smallest(&needs, weight);
        assert_eq!(
            found.names.into_iter().collect::<Vec<_>>(),
            ["a", "b:readonly"]
        );
        assert!(found.exact);
    }

    proptest::proptest! {
        #[test]
        fn the_set_opens_everything_and_no_smaller_one_does(
            needs in proptest::collection::vec(proptest::collection::vec(proptest::collection::vec("[a-e]", 1..3), 1..3), 0..5)
        ) {
            let found = smallest(&needs, |_| 1);
            assert!(needs.iter().all(|need| opens(&found.names, need)));
            let letters = ["a", "b", "c", "d", "e"];
            for bits in 0_u32..32 {
                let names: BTreeSet<String> = letters.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1).map(|(_, l)| (*l).to_owned()).collect();
                if names.len() < found.names.len() {
                    assert!(!needs.iter().all(|need| opens(&names, need)));
                }
            }
        }
    }
}

//! The smallest scope set that opens many operations: exact where the search is small, else greedy and said so.
//!
//! What has no choice is taken first; what is left falls into parts that share no name, and each is searched by itself.

use super::order::Weight;
use crate::scope::Need;
use std::collections::{BTreeMap, BTreeSet};

/// A set of names that opens all requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Smallest {
    /// The names, in byte order.
    pub names: BTreeSet<String>,
    /// Whether no smaller set exists.
    pub exact: bool,
}

/// Partial choices tried for one part before the search gives up on exactness.
const BUDGET: usize = 20_000;

/// Alternatives of names by number, each sorted.
type Numbered = Vec<Vec<usize>>;

/// Finds the set that the least speaks against, then the smallest, then the lightest, by `weight`.
pub fn smallest(needs: &[Need], weight: impl Fn(&str) -> Weight) -> Smallest {
    let names: BTreeSet<&String> = needs.iter().flatten().flatten().collect();
    let names: Vec<&String> = names.into_iter().collect();
    let weights: Vec<Weight> = names.iter().map(|name| weight(name)).collect();
    let mut open: BTreeSet<Numbered> = needs
        .iter()
        .filter(|need| !need.is_empty() && !need.iter().any(Vec::is_empty))
        .map(|need| numbered(need, &names))
        .collect();
    let mut chosen = Chosen::new(&weights);
    take_what_has_no_choice(&mut open, &mut chosen);
    let mut exact = true;
    for part in parts(open) {
        let (found, sure) = search(&part, &weights);
        exact &= sure;
        for name in found {
            chosen.add(name);
        }
    }
    let taken = names.iter().zip(&chosen.held).filter(|(_, held)| **held);
    Smallest {
        names: taken.map(|(name, _)| (*name).clone()).collect(),
        exact,
    }
}

fn numbered(need: &Need, names: &[&String]) -> Numbered {
    let number = |name: &String| names.binary_search(&name).unwrap_or_default();
    let sets: BTreeSet<Vec<usize>> = need
        .iter()
        .map(|set| {
            let set: BTreeSet<usize> = set.iter().map(number).collect();
            set.into_iter().collect()
        })
        .collect();
    sets.into_iter().collect()
}

/// What a set of names costs: what speaks against it, how many they are, how much else they open.
type Cost = (usize, usize, usize);

/// Names held so far, with what they cost.
#[derive(Clone)]
struct Chosen<'w> {
    weights: &'w [Weight],
    held: Vec<bool>,
    cost: Cost,
}

impl<'w> Chosen<'w> {
    fn new(weights: &'w [Weight]) -> Self {
        Self {
            weights,
            held: vec![false; weights.len()],
            cost: (0, 0, 0),
        }
    }

    /// Takes a name; false where it was held already.
    fn add(&mut self, name: usize) -> bool {
        let fresh = !std::mem::replace(&mut self.held[name], true);
        if fresh {
            let (against, opens) = self.weights[name];
            self.cost.0 += against;
            self.cost.1 += 1;
            self.cost.2 += opens;
        }
        fresh
    }

    fn remove(&mut self, name: usize) {
        self.held[name] = false;
        let (against, opens) = self.weights[name];
        self.cost.0 -= against;
        self.cost.1 -= 1;
        self.cost.2 -= opens;
    }

    fn opens(&self, need: &Numbered) -> bool {
        need.iter()
            .any(|set| set.iter().all(|name| self.held[*name]))
    }

    /// What a set would add to the cost.
    fn added(&self, set: &[usize]) -> Cost {
        let fresh = set.iter().filter(|name| !self.held[**name]);
        fresh.fold((0, 0, 0), |cost: Cost, name| {
            let (against, opens) = self.weights[*name];
            (cost.0 + against, cost.1 + 1, cost.2 + opens)
        })
    }
}

/// Requirements with one alternative leave no choice; so do names that all alternatives share.
fn take_what_has_no_choice(open: &mut BTreeSet<Numbered>, chosen: &mut Chosen<'_>) {
    for need in open.iter() {
        let Some((first, rest)) = need.split_first() else {
            continue;
        };
        for name in first {
            if rest.iter().all(|set| set.contains(name)) {
                chosen.add(*name);
            }
        }
    }
    open.retain(|need| !chosen.opens(need));
    let left = std::mem::take(open);
    *open = left
        .into_iter()
        .map(|need| {
            let without = need.into_iter().map(|set| {
                let fresh = set.into_iter().filter(|name| !chosen.held[*name]);
                fresh.collect::<Vec<usize>>()
            });
            let sets: BTreeSet<Vec<usize>> = without.collect();
            sets.into_iter().collect()
        })
        .collect();
}

/// Requirements that share names, directly or through others, belong together.
fn parts(open: BTreeSet<Numbered>) -> Vec<Vec<Numbered>> {
    let mut parts: Vec<(BTreeSet<usize>, Vec<Numbered>)> = Vec::new();
    for need in open {
        let mut names: BTreeSet<usize> = need.iter().flatten().copied().collect();
        let mut members = vec![need];
        let (touched, apart): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .partition(|(own, _)| !own.is_disjoint(&names));
        for (own, others) in touched {
            names.extend(own);
            members.extend(others);
        }
        parts = apart;
        parts.push((names, members));
    }
    parts
        .into_iter()
        .map(|(_, needs)| without_implied(needs))
        .collect()
}

/// A requirement that another one's every way opens too needs no look of its own.
fn without_implied(needs: Vec<Numbered>) -> Vec<Numbered> {
    let covers = |wide: &Numbered, narrow: &Numbered| narrow.iter().all(|set| wide.contains(set));
    let mut kept: Vec<Numbered> = Vec::new();
    let mut by_length: BTreeMap<usize, Vec<Numbered>> = BTreeMap::new();
    for need in needs {
        by_length.entry(need.len()).or_default().push(need);
    }
    for need in by_length.into_values().flatten() {
        if !kept.iter().any(|narrow| covers(&need, narrow)) {
            kept.push(need);
        }
    }
    kept
}

/// The names for one part, and whether no smaller choice exists.
fn search(needs: &[Numbered], weights: &[Weight]) -> (Vec<usize>, bool) {
    let mut search = Search {
        needs,
        best: greedy(needs, weights),
        tried: 0,
    };
    search.choose(0, &mut Chosen::new(weights));
    let names = search
        .best
        .held
        .iter()
        .enumerate()
        .filter(|(_, held)| **held);
    (names.map(|(name, _)| name).collect(), search.tried < BUDGET)
}

/// Takes, as long as something is shut, the set that opens the most per name.
fn greedy<'w>(needs: &[Numbered], weights: &'w [Weight]) -> Chosen<'w> {
    let mut chosen = Chosen::new(weights);
    loop {
        let shut: Vec<&Numbered> = needs.iter().filter(|need| !chosen.opens(need)).collect();
        let sets: BTreeSet<&Vec<usize>> = shut.iter().copied().flatten().collect();
        let worth = |set: &&Vec<usize>| {
            let (against, count, opens) = chosen.added(set);
            let opened = shut.iter().filter(|need| need.contains(set)).count();
            (
                opened * 64 / (against + count).max(1),
                std::cmp::Reverse(opens),
            )
        };
        let Some(best) = sets.into_iter().max_by_key(worth) else {
            return chosen;
        };
        for name in best.clone() {
            chosen.add(name);
        }
    }
}

struct Search<'a, 'w> {
    needs: &'a [Numbered],
    best: Chosen<'w>,
    tried: usize,
}

impl<'w> Search<'_, 'w> {
    fn choose(&mut self, at: usize, chosen: &mut Chosen<'w>) {
        self.tried += 1;
        if self.tried >= BUDGET || chosen.cost >= self.best.cost {
            return;
        }
        let shut = self.needs[at..].iter().position(|need| !chosen.opens(need));
        let Some(next) = shut.map(|offset| at + offset) else {
            self.best = chosen.clone();
            return;
        };
        let mut sets: Vec<&Vec<usize>> = self.needs[next].iter().collect();
        sets.sort_by_key(|set| chosen.added(set));
        for set in sets {
            let added: Vec<usize> = set
                .iter()
                .copied()
                .filter(|name| chosen.add(*name))
                .collect();
            self.choose(next + 1, chosen);
            for name in added {
                chosen.remove(name);
            }
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
        let weight = |name: &str| (1, if name.ends_with("readonly") { 1 } else { 5 });
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
            let found = smallest(&needs, |_| (1, 1));
            let opens = |names: &BTreeSet<String>, need: &Need| need.iter().any(|set| set.iter().all(|name| names.contains(name)));
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

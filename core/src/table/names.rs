//! Names of scopes and permissions, as far as a table has heard of them.

use super::load::Table;
use super::model::Rule;
use super::packed::Packed;
use super::paths::LetterCase;
use crate::scope::marked_list;
use std::collections::BTreeSet;

const SCOPE: &str = "scope";
/// Nothing is near a name of fewer letters.
const SHORT: usize = 4;
/// Two edits are near a name of so many letters.
const LONG: usize = 8;

impl Table {
    /// The gate to which a published name belongs, prefixes and case as the provider compares them.
    pub fn gate_of(&self, name: &str) -> Option<&str> {
        let grammar = &self.provider.scopes;
        let name = grammar.stripped(name);
        let exact = self.texts.iter().find_map(|text| text.name(name));
        let folded = || {
            let folds = grammar.case == LetterCase::Insensitive;
            self.texts
                .iter()
                .filter(|_| folds)
                .find_map(|text| text.name_in_any_case(name))
        };
        exact.or_else(folded).map(|(gate, _)| gate)
    }

    /// Whether any published row needs something of a gate.
    pub fn has_names(&self, gate: &str) -> bool {
        let mut texts = self.texts.iter();
        texts.any(|text| text.names_of(gate).next().is_some())
    }

    /// Whether the table has heard of a name: in a row, as published beside the rows, or in an implication.
    pub fn knows(&self, name: &str) -> bool {
        /// Of OpenID Connect: known everywhere, and no API's own.
        const STANDARD: [&str; 6] = [
            "openid",
            "profile",
            "email",
            "address",
            "phone",
            "offline_access",
        ];
        let grammar = &self.provider.scopes;
        let same = |own: &String| grammar.is_same(own, name);
        let listed = [&grammar.also, &grammar.ignore, &grammar.none];
        let implied = |rule: &crate::scope::Implication| {
            rule.has == name || rule.gives.iter().any(|given| given == name)
        };
        self.gate_of(name).is_some()
            || STANDARD.contains(&name)
            || listed.into_iter().flatten().any(same)
            || self.provider.implies.iter().any(implied)
            || self.knows_level(name)
    }

    /// `name:level`, where another level of the same name is published.
    fn knows_level(&self, name: &str) -> bool {
        let order = &self.provider.levels.order;
        name.rsplit_once(':').is_some_and(|(stem, level)| {
            let other = |own: &String| self.gate_of(&format!("{stem}:{own}")).is_some();
            order.iter().any(|own| own == level) && order.iter().any(other)
        })
    }

    /// The published names that somebody means by a word: the name itself, else those that end with it behind a slash
    /// (`drive.readonly` for `https://www.googleapis.com/auth/drive.readonly`), else those of another case.
    pub fn names_meant(&self, word: &str) -> Vec<String> {
        if self.gate_of(word).is_some() {
            return vec![word.to_owned()];
        }
        let all = || self.texts.iter().flat_map(Packed::names);
        let ends = |name: &&str| {
            name.strip_suffix(word)
                .is_some_and(|rest| rest.ends_with('/'))
        };
        let mut found: Vec<String> = all().filter(ends).map(str::to_owned).collect();
        if found.is_empty() {
            let same = |name: &&str| name.eq_ignore_ascii_case(word);
            found = all().filter(same).map(str::to_owned).collect();
        }
        found.sort();
        found.dedup();
        found
    }

    /// What was probably meant by a name that is not published: a list of names, where a mark joins them; else a published
    /// name of the gate that is the same in another case, ends with it behind a slash, is one edit away (two where it is
    /// long), or is the only one that begins with it.
    pub fn meant_by(&self, gate: &str, name: &str) -> Option<String> {
        if let Some(list) = marked_list(name) {
            return Some(list);
        }
        // Names of all gates stand together: those of this one are picked once.
        let all = self.texts.iter().flat_map(|text| text.names_of(gate));
        let all: Vec<&str> = all.collect();
        let same = |own: &&str| *own != name && own.eq_ignore_ascii_case(name);
        let ends = |own: &&str| {
            let rest = own.strip_suffix(name);
            rest.is_some_and(|rest| rest.ends_with('/'))
        };
        let found = all.iter().copied().find(same);
        found
            // `drive.readonly` is the end of a URL at Google.
            .or_else(|| all.iter().copied().find(ends))
            .or_else(|| edited(&all, name))
            .or_else(|| begun(&all, name))
            .map(str::to_owned)
            .or_else(|| self.reported_near(gate, name))
    }

    /// The name that a report has, as needed or as not sufficient, and that is an edit or two away.
    fn reported_near(&self, gate: &str, name: &str) -> Option<String> {
        // Rows are read only where a name of theirs is near.
        edited(&self.quoted_in_reports(), name)?;
        let reports: Vec<Rule> = self.reports().collect();
        let needs = reports.iter().flat_map(|rule| rule.need.values());
        let needed = needs
            .filter_map(|gates| gates.get(gate))
            .flatten()
            .flatten();
        let scope = reports.iter().filter(|_| gate == SCOPE);
        let lacking = scope.flat_map(|rule| &rule.insufficient);
        let all: Vec<&str> = needed.chain(lacking).map(String::as_str).collect();
        match all.contains(&name) {
            true => None,
            false => edited(&all, name).map(str::to_owned),
        }
    }

    /// Published names that have words of this one, those with the most of them first, scopes before others: what may be
    /// meant by a name that is not published.
    pub fn names_like(&self, name: &str, most: usize) -> Vec<&str> {
        let wanted = stems(name);
        let gates = self.provider.gate.iter().map(|gate| gate.id.as_str());
        let gates = std::iter::once(SCOPE).chain(gates.filter(|gate| *gate != SCOPE));
        let mut found = Vec::new();
        for (place, gate) in gates.enumerate() {
            let all = self.texts.iter().flat_map(|text| text.names_of(gate));
            found.extend(all.filter_map(|own| {
                let same = stems(own).filter(|stem| wanted.clone().any(|other| other == *stem));
                let same = same.count();
                (same > 0).then_some((place, std::cmp::Reverse(same), own.len(), own))
            }));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().take(most).map(|(.., own)| own).collect()
    }

    /// Reported rows that have a name: as needed, or as not sufficient.
    pub fn reports_of(&self, name: &str) -> impl Iterator<Item = Rule> {
        let has = move |rule: &Rule| {
            let needed = rule
                .need
                .values()
                .flat_map(std::collections::BTreeMap::values);
            let mut needed = needed.flatten().flatten().chain(&rule.insufficient);
            needed.any(|own| own == name)
        };
        self.reports().filter(has)
    }

    /// In how many published rows this name occurs: how much else it opens.
    pub fn mentions(&self, name: &str) -> usize {
        self.texts
            .iter()
            .filter_map(|text| text.name(name))
            .map(|(_, rows)| rows as usize)
            .sum()
    }
}

/// The words of a name that tell something, by their stems.
pub(super) fn stems(name: &str) -> impl Iterator<Item = &str> + Clone {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words.map(stem).filter(|stem| stem.len() >= SHORT)
}

/// A word without the ending of a plural or of a form of a verb: `messaging` and `messages` are `messag`.
pub(super) fn stem(word: &str) -> &str {
    let short = |end| word_without(word, end);
    let one = short("ies").or_else(|| short("s")).unwrap_or(word);
    let ends = ["ing", "ed", "e", "y"].into_iter();
    let mut bare = ends.filter_map(|end| word_without(one, end));
    bare.next().unwrap_or(one)
}

/// A word without its ending, where enough of it stays.
fn word_without<'w>(word: &'w str, end: &str) -> Option<&'w str> {
    word.strip_suffix(end).filter(|rest| rest.len() >= SHORT)
}

/// The name of these that is an edit or two away.
fn edited<'n>(all: &[&'n str], name: &str) -> Option<&'n str> {
    let most = match name.len() {
        ..SHORT => return None,
        SHORT..LONG => 1,
        _ => 2,
    };
    let letters = letters(name);
    // An edit takes one letter away and adds one, at most.
    let near = all.iter().filter(|own| {
        own.len().abs_diff(name.len()) <= most
            && (self::letters(own) ^ letters).count_ones() as usize <= 2 * most
    });
    let near = near.map(|own| (strsim::osa_distance(own, name), *own));
    near.filter(|(edits, _)| (1..=most).contains(edits))
        .min()
        .map(|(_, own)| own)
}

/// The only name of these that begins with a long one.
fn begun<'n>(all: &[&'n str], name: &str) -> Option<&'n str> {
    if name.len() < LONG {
        return None;
    }
    let begins = |own: &&str| own.len() > name.len() && own.starts_with(name);
    let found: BTreeSet<&str> = all.iter().copied().filter(begins).collect();
    found.first().copied().filter(|_| found.len() == 1)
}

/// Which letters stand in a name, some of them told by the same bit.
fn letters(name: &str) -> u32 {
    name.chars()
        .fold(0, |all, letter| all | 1 << (u32::from(letter) & 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_that_differ_in_one_edit_differ_in_two_letters_at_most(
            name in "[a-z:._é]{0,20}",
            place in 0_usize..20,
            letter in "[a-zé]",
            edit in 0..4,
        ) {
            let mut own: Vec<char> = name.chars().collect();
            let letter = letter.chars().next().expect("a letter");
            match edit {
                0 => own.insert(place.min(own.len()), letter),
                1 if place < own.len() => own[place] = letter,
                2 if place < own.len() => { own.remove(place); }
                3 if place + 1 < own.len() => own.swap(place, place + 1),
                _ => {}
            }
            let own: String = own.into_iter().collect();
            prop_assert!(strsim::osa_distance(&name, &own) <= 1);
            prop_assert!((letters(&name) ^ letters(&own)).count_ones() <= 2);
        }
    }
}

//! Which name an expert would ask for, where several open an operation.
//!
//! The order: what the vendor calls the least; for reading a name that only reads; never a name that cannot be had or
//! is meant for something else; then the one that opens the fewest operations.

use super::load::Table;
use super::model::{Resource, Rule};
use crate::scope::{ListReading, Need};
use std::collections::{BTreeMap, BTreeSet};

/// How unwelcome a name is: what speaks against it, then how much else it opens.
pub type Weight = (usize, usize);

/// Speaks against a name that cannot be had, or is meant for something else.
const AVOIDED: usize = 100;
/// Speaks against a name that writes, where everything it is asked for reads.
const WRITES: usize = 10;
/// Speaks against a name that belongs to another part of the API.
const ELSEWHERE: usize = 5;
/// Speaks against a name that does not say that it only reads, there.
const GENERAL: usize = 3;
/// Speaks against a name that administers: it goes further than the same name without that word.
const ADMINISTERS: usize = 2;

/// Speaks against a name that says more than what the call is about, beside one that does not.
const EXOTIC: usize = 1;

/// Words of names that change something.
const CHANGING: [&str; 14] = [
    "write",
    "readwrite",
    "manage",
    "modify",
    "admin",
    "create",
    "update",
    "delete",
    "add",
    "edit",
    "full",
    "control",
    "send",
    "execute",
];
/// Words of names that only read.
const READING: [&str; 7] = [
    "read",
    "readonly",
    "readbasic",
    "view",
    "history",
    "list",
    "get",
];

/// Words of names that open less than the same name without them.
const NARROWING: [&str; 3] = ["basic", "metadata", "summary"];

/// What a name's own words say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Reads,
    Writes,
    Neither,
}

/// The names that open a set of operations for one kind, and how welcome each is.
pub(super) struct Order<'a> {
    table: &'a Table,
    kind: &'a str,
    /// What a vendor calls the least for one of them.
    least: BTreeSet<&'a str>,
    /// Names that an operation which changes something asks for.
    changing: BTreeSet<&'a str>,
    /// Names that belong to another part of the API than every operation that asks for them.
    elsewhere: BTreeSet<&'a str>,
    /// Names that say more than every operation that asks for them, where another one says the same without it.
    exotic: BTreeSet<&'a str>,
}

impl Table {
    /// Takes out marks of a smallest set that cannot be it: the operation is closed to the kind, no alternative is within
    /// the set, the table advises against a name, states that other names belong to this part of the API, or the name
    /// writes where the call and another alternative only read.
    pub(super) fn keep_sound_marks(&self, rule: &mut Rule) {
        let (path, reads) = (&rule.path, is_reading(&rule.method));
        let (need, closed) = (&rule.need, &rule.deny);
        rule.least.retain(|kind, least| {
            let sets = || {
                need.get(kind)
                    .into_iter()
                    .flat_map(BTreeMap::values)
                    .flatten()
            };
            let a_reader = || sets().flatten().any(|other| word(other) == Word::Reads);
            let sound = |name: &String| {
                self.speaks_against(name, kind).is_none()
                    && stated_here(self, path, name) != Some(false)
                    && !(reads && word(name) == Word::Writes && a_reader())
            };
            !closed.contains(kind)
                && sets().any(|set| set.iter().all(|name| least.contains(name)))
                && least.iter().all(sound)
        });
    }

    /// Sets of names of which one opens an operation, the one first that an expert would ask for.
    pub fn in_order(&self, rule: &Rule, kind: &str, sets: &[Vec<String>]) -> Need {
        let mut sets = sets.to_vec();
        if sets.len() > 1 {
            let order = Order::of(self, &[rule], kind);
            sets.sort_by_cached_key(|set| order.burden(set));
        }
        sets
    }
}

impl<'a> Order<'a> {
    pub(super) fn of(table: &'a Table, rules: &[&'a Rule], kind: &'a str) -> Self {
        let names = |rule: &'a Rule| {
            let gates = rule.need.get(kind).into_iter().flatten();
            gates.flat_map(|(_, need)| need.iter().flatten().map(String::as_str))
        };
        let least = rules
            .iter()
            .filter_map(|rule| rule.least.get(kind))
            .filter(|least| least.len() == 1)
            .flatten();
        let mut elsewhere = BTreeSet::new();
        let mut here = BTreeSet::new();
        for rule in rules {
            let asked: BTreeSet<&str> = names(rule).collect();
            let own = |name: &&str| match rule.about.as_slice() {
                [] => belongs(table, &rule.path, name),
                about => about.iter().any(|thing| speaks_of(name, thing)),
            };
            let (own, others): (Vec<&str>, Vec<&str>) = asked.into_iter().partition(own);
            if own.is_empty() {
                here.extend(others);
            } else {
                here.extend(own);
                elsewhere.extend(others);
            }
        }
        elsewhere.retain(|name| !here.contains(name));
        Self {
            table,
            kind,
            elsewhere,
            least: least.map(String::as_str).collect(),
            changing: rules
                .iter()
                .filter(|rule| !is_reading(&rule.method))
                .filter(|rule| !names(rule).any(|name| word(name) == Word::Reads))
                .flat_map(|rule| names(rule))
                .collect(),
            exotic: exotic(rules, names),
        }
    }

    /// How unwelcome a name is.
    pub(super) fn weight(&self, name: &str) -> Weight {
        let word = word(name);
        let against = if self.table.speaks_against(name, self.kind).is_some() {
            AVOIDED
        } else if self.changing.contains(name) {
            0
        } else {
            match word {
                Word::Writes => WRITES,
                Word::Neither if !self.least.contains(name) => GENERAL,
                _ => 0,
            }
        };
        let administers = !self.least.contains(name) && name.split(':').any(|part| part == "admin");
        let against = against
            + EXOTIC * usize::from(self.exotic.contains(name))
            + ELSEWHERE * usize::from(self.elsewhere.contains(name))
            + ADMINISTERS * usize::from(administers);
        let opens = self.table.mentions(name);
        // The vendor's own mark, which the table keeps where it can be true, counts before what words tell.
        match self.least.contains(name) {
            true => (0, 0),
            false => (against + 1, opens),
        }
    }

    /// How unwelcome a set is: what speaks against its names, how many they are, how much else they open.
    fn burden(&self, set: &[String]) -> (usize, usize, usize) {
        let weights = set.iter().map(|name| self.weight(name));
        weights.fold((0, set.len(), 0), |sum, one| {
            (sum.0 + one.0, sum.1, sum.2 + one.1)
        })
    }

    /// The alternative to ask for.
    pub(super) fn best(&self, need: &Need) -> Vec<String> {
        let best = need.iter().min_by_key(|set| self.burden(set));
        best.cloned().unwrap_or_default()
    }
}

/// The names with a word that neither their path nor another name of the row has, beside a name whose words the path
/// all has: `recording:snippetRecording:view` beside `recording:recording:view` at `/recordings`.
fn exotic<'a, N: Iterator<Item = &'a str>>(
    rules: &[&'a Rule],
    names: impl Fn(&'a Rule) -> N,
) -> BTreeSet<&'a str> {
    let (mut plain, mut strange) = (BTreeSet::new(), BTreeSet::new());
    for rule in rules {
        let path = rule.path.split('/').filter(|part| !part.starts_with('{'));
        let told: BTreeSet<String> = path.flat_map(words).map(|word| thing(&word)).collect();
        let fits = |name: &&str| {
            let mut words = words(name).into_iter();
            words.all(|word| {
                acts(&word) || NARROWING.contains(&word.as_str()) || told.contains(&thing(&word))
            })
        };
        let (own, others): (Vec<&str>, Vec<&str>) = names(rule).partition(fits);
        if own.is_empty() {
            plain.extend(others);
        } else {
            plain.extend(own);
            strange.extend(others);
        }
    }
    strange.retain(|name| !plain.contains(name));
    strange
}

fn is_reading(method: &str) -> bool {
    matches!(method, "GET" | "HEAD")
}

/// Whether a name belongs to the part of the API where a path stands; `None` where the table does not state it.
fn stated_here(table: &Table, path: &str, name: &str) -> Option<bool> {
    let stated = |resource: &&Resource| resource.has(path);
    let mut stated = table.provider.resource.iter().filter(stated).peekable();
    stated.peek()?;
    Some(stated.any(|resource| resource.fits(name)))
}

/// Whether a name speaks of the thing that a path is about.
fn belongs(table: &Table, path: &str, name: &str) -> bool {
    if let Some(stated) = stated_here(table, path, name) {
        return stated;
    }
    let words = words(name.rsplit('/').next().unwrap_or(name));
    let Some(own) = words.iter().find(|word| !acts(word)) else {
        return false;
    };
    path.split('/')
        .filter(|segment| !segment.starts_with('{') && !segment.eq_ignore_ascii_case("api"))
        .any(|segment| thing(segment) == thing(own))
}

/// What a segment or a word is about: lower case, singular.
pub(super) fn thing(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    word.strip_suffix('s').map(str::to_owned).unwrap_or(word)
}

/// Whether one of a name's words is this thing.
pub(super) fn speaks_of(name: &str, about: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| !acts(word) && thing(word) == about)
}

/// Whether a word says what is done, not to what.
fn acts(word: &str) -> bool {
    CHANGING.contains(&word) || READING.contains(&word)
}

/// What a row asks for, as a recommendation needs it: where the case decides, the one that the vendor names first.
pub(super) fn asked(rule: &Rule, need: &Need) -> Need {
    match rule.sem {
        ListReading::When => need.first().cloned().into_iter().collect(),
        ListReading::Any => need
            .iter()
            .flatten()
            .map(|name| vec![name.clone()])
            .collect(),
        ListReading::All | ListReading::Unclear => need.clone(),
    }
}

/// Reads the words of a name: `Mail.ReadWrite`, `routing:readonly`, `read:org`, `playlist-modify-public`.
fn word(name: &str) -> Word {
    let words = words(name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let both = words.windows(2).any(|pair| pair == ["read", "write"]);
    match (both || any(&CHANGING), any(&READING)) {
        (true, _) => Word::Writes,
        (false, true) => Word::Reads,
        (false, false) => Word::Neither,
    }
}

/// The words of a name in lower case, split at signs and at capitals.
fn words(name: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if !c.is_alphanumeric() || starts {
            out.push(String::new());
        }
        if let (true, Some(last)) = (c.is_alphanumeric(), out.last_mut()) {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    out.retain(|word| !word.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_it_reads_or_writes() {
        for name in [
            "Mail.Read",
            "routing:readonly",
            "read:org",
            "User.ReadBasic.All",
            "okta.users.read",
            "channels:history",
            "https://www.googleapis.com/auth/drive.readonly",
        ] {
            assert_eq!(word(name), Word::Reads, "{name}");
        }
        for name in [
            "Mail.ReadWrite",
            "write:packages",
            "playlist-modify-public",
            "Group.ReadWrite.All",
            "okta.users.manage",
            "vso.code_write",
            "space:read_write",
        ] {
            assert_eq!(word(name), Word::Writes, "{name}");
        }
        for name in ["routing", "repo", "Directory.AccessAsUser.All"] {
            assert_eq!(word(name), Word::Neither, "{name}");
        }
    }
}

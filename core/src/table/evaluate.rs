//! One row against one kind of token: each gate's answer, and what they come to together.

use super::held::Held;
use super::load::Table;
use super::model::{Denies, Grammar, Partly, Rule};
use super::paths::LetterCase;
use crate::scope::{Coverage, Follow, Need, ScopeSet, close, cover};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of a call without a token.
const ANONYMOUS: &str = "anonymous";

/// What is held, by gate; a gate that is missing here cannot be seen.
pub type Holdings = BTreeMap<String, Held>;

/// One gate of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GateAnswer {
    /// The gate's id.
    pub gate: String,
    /// What would open it.
    pub need: Need,
    /// Its answer.
    pub answer: Coverage,
}

/// What the gates of a kind come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindOutcome {
    /// The operation takes no token at all.
    NoTokenNeeded,
    /// This kind cannot call it.
    WrongKind,
    /// Every gate was seen open.
    Open,
    /// A gate was seen shut.
    Shut,
    /// No gate was seen shut, and one could not be decided.
    Undecided,
}

/// One kind's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindAnswer {
    /// The kind's id.
    pub kind: String,
    /// What it comes to.
    pub outcome: KindOutcome,
    /// Gate by gate.
    pub gates: Vec<GateAnswer>,
}

impl KindAnswer {
    /// Takes a gate out that is not met here: what it comes to is decided by the others.
    pub fn leave_out(&mut self, gate: &str) {
        let before = self.gates.len();
        self.gates.retain(|own| own.gate != gate);
        if self.gates.len() < before {
            self.outcome = outcome(&self.gates);
        }
    }
}

/// What gates come to together.
fn outcome(gates: &[GateAnswer]) -> KindOutcome {
    let shut = |g: &GateAnswer| matches!(g.answer, Coverage::Fail { .. });
    let open = |g: &GateAnswer| matches!(g.answer, Coverage::Pass { .. });
    if gates.iter().any(shut) {
        KindOutcome::Shut
    } else if gates.iter().all(open) {
        KindOutcome::Open
    } else {
        KindOutcome::Undecided
    }
}

/// Judges a row for one kind.
pub fn judge(table: &Table, rule: &Rule, kind: &str, held: &Holdings) -> KindAnswer {
    let answer = |outcome, gates| KindAnswer {
        kind: kind.to_owned(),
        outcome,
        gates,
    };
    if rule.is_anonymous() && (kind == ANONYMOUS || !rule.need.contains_key(kind)) {
        return answer(KindOutcome::NoTokenNeeded, Vec::new());
    }
    let denied = rule.deny.iter().any(|denied| denied == kind);
    let needs = match rule.need.get(kind) {
        Some(needs) if !denied => needs,
        None if !denied && !tells_kinds(table, rule) => {
            return answer(KindOutcome::Undecided, Vec::new());
        }
        _ => return answer(KindOutcome::WrongKind, Vec::new()),
    };
    let mut gates: Vec<GateAnswer> = needs
        .iter()
        .map(|(gate, need)| GateAnswer {
            gate: gate.clone(),
            need: need.clone(),
            answer: Asked {
                table,
                rule,
                kind,
                need,
            }
            .answer(gate, held.get(gate)),
        })
        .collect();
    let declared = &table.provider.gate;
    gates.sort_by_key(|answer| declared.iter().position(|gate| gate.id == answer.gate));
    let outcome = match rule.unknown && gates.is_empty() {
        true => KindOutcome::Undecided,
        false => outcome(&gates),
    };
    answer(outcome, gates)
}

/// Whether a kind that the row does not name is shut out by that: not where the row says nothing at all.
fn tells_kinds(table: &Table, rule: &Rule) -> bool {
    !rule.unknown && !rule.need.is_empty() && table.denies(rule) != Denies::Never
}

/// Judges a row for every kind that it admits, or may admit.
pub fn judge_all(table: &Table, rule: &Rule, held: &Holdings) -> Vec<KindAnswer> {
    let declared = table.provider.kind.iter().map(|kind| kind.id.as_str());
    let silent = |kind: &&str| {
        rule.unknown
            && *kind != ANONYMOUS
            && !rule.need.contains_key(*kind)
            && !rule.deny.iter().any(|d| d == kind)
    };
    rule.kinds()
        .chain(declared.filter(silent))
        .map(|kind| judge(table, rule, kind, held))
        .collect()
}

/// One gate of a row that is asked whether it opens.
struct Asked<'a> {
    table: &'a Table,
    rule: &'a Rule,
    kind: &'a str,
    need: &'a Need,
}

impl Asked<'_> {
    fn answer(&self, gate: &str, held: Option<&Held>) -> Coverage {
        if self.need.is_empty() && self.rule.unknown {
            return Coverage::CannotSee;
        }
        if self.need.is_empty() || self.need.iter().any(Vec::is_empty) {
            return Coverage::open();
        }
        let Some(held) = held else {
            return Coverage::CannotSee;
        };
        let bare = strip_prefixes(&held.sure, &self.table.provider.scopes);
        let (answer, via) = self.covered(&bare, Follow::Known);
        match answer {
            Coverage::Pass { .. } => {
                let used = via.iter().filter(|(_, given)| {
                    self.need.iter().flatten().any(|name| name == given) && !bare.contains(given)
                });
                Coverage::Pass {
                    via: used
                        .map(|(has, given)| format!("`{has}` includes `{given}`"))
                        .collect(),
                    less: None,
                }
            }
            Coverage::Fail { missing } => match self.in_a_part(gate, held) {
                on if on.is_empty() => self.failed(&bare, missing),
                on => Coverage::Depends { on },
            },
            answer => answer,
        }
    }

    /// In which parts of the tenant the object has to be, where what is held there opens the gate.
    fn in_a_part(&self, gate: &str, held: &Held) -> Vec<String> {
        let Some(part) = self.table.provider.part(gate) else {
            return Vec::new();
        };
        let within = held.within.keys().map(String::as_str);
        let all: ScopeSet = held.sure.iter().chain(within).collect();
        let (answer, _) = self.covered(&all, Follow::Known);
        if !matches!(answer, Coverage::Pass { .. }) {
            return Vec::new();
        }
        let needed = |name: &String| self.need.iter().flatten().any(|own| own == name);
        let within = held.within.iter().filter(|(name, _)| needed(name));
        within
            .map(|(name, places)| part.case(name, places))
            .collect()
    }

    /// Compares what is held, with all that it includes, and says which name brought which.
    fn covered(&self, bare: &ScopeSet, follow: Follow) -> (Coverage, Vec<(String, String)>) {
        let provider = &self.table.provider;
        let wanted: Vec<&str> = self.need.iter().flatten().map(String::as_str).collect();
        let (mut all, via) = close(bare, &provider.implies, &wanted, follow);
        add_levels(&mut all, &provider.levels.order);
        let (sem, when) = (self.rule.sem, &self.rule.when);
        let answer = match provider.scopes.case {
            LetterCase::Sensitive => cover(self.need, sem, when, &all),
            LetterCase::Insensitive => cover(self.need, sem, when, &spelt_as(self.need, &all)),
        };
        (answer, via)
    }

    /// Whether that nothing listed is held proves that the gate is shut.
    fn failed(&self, bare: &ScopeSet, missing: Vec<Vec<String>>) -> Coverage {
        let (all, _) = close(bare, &self.table.provider.implies, &[], Follow::Known);
        let fits = |part: &&Partly| {
            (part.kinds.is_empty() || part.kinds.iter().any(|own| own == self.kind))
                && part.has.iter().all(|name| all.contains(name))
        };
        let fitting = || self.rule.partly.iter().filter(fits);
        if let Some(less) = fitting().find_map(|part| part.answers.clone()) {
            return Coverage::Pass {
                via: Vec::new(),
                less: Some(less),
            };
        }
        let on: Vec<String> = fitting().map(|part| part.when.clone()).collect();
        if !on.is_empty() {
            return Coverage::Depends { on };
        }
        let on = self.cases_of_implications(bare);
        if !on.is_empty() {
            return Coverage::Depends { on };
        }
        let why = self.why_unproven(bare);
        if why.is_empty() {
            Coverage::Fail { missing }
        } else {
            Coverage::Unproven { missing, why }
        }
    }

    /// The cases in which something held includes what is needed.
    fn cases_of_implications(&self, bare: &ScopeSet) -> Vec<String> {
        let (answer, via) = self.covered(bare, Follow::InSomeCase);
        if !matches!(answer, Coverage::Pass { .. }) {
            return Vec::new();
        }
        let rules = &self.table.provider.implies;
        let case = |(has, given): &(String, String)| {
            let rule = rules
                .iter()
                .find(|rule| rule.has == *has && rule.gives.contains(given))?;
            let when = rule.when.as_ref()?;
            Some(format!("{when}: there `{has}` is enough"))
        };
        via.iter().filter_map(case).collect()
    }

    /// Whether the row itself names those of which it is assumed that they include this name: then the others do not.
    fn settles(&self, given: &str) -> bool {
        let rules = &self.table.provider.implies;
        let brings = |name: &String| {
            let mut assumed = rules.iter().filter(|rule| rule.kind == "assumed");
            assumed.any(|rule| {
                // What is given by the assumption is none of those that it speaks of: `thing:read:admin` of `thing:read:*`.
                !rule.gives.contains(name) && rule.given_by(name).iter().any(|own| own == given)
            })
        };
        self.need.iter().flatten().any(brings)
    }

    fn why_unproven(&self, bare: &ScopeSet) -> Vec<String> {
        let source = self.table.source_of(self.rule);
        let denies = self.table.denies(self.rule);
        if denies == Denies::Never {
            let why = source.and_then(|source| source.denies_why.clone());
            return vec![why.unwrap_or_else(|| {
                "its source lists only a part of what opens an operation".to_owned()
            })];
        }
        let (assumed, via) = self.covered(bare, Follow::Assumed);
        if matches!(assumed, Coverage::Pass { .. }) {
            let used = via.iter().filter(|(_, given)| {
                self.need.iter().flatten().any(|name| name == given) && !self.settles(given)
            });
            let why: Vec<String> = used
                .map(|(has, given)| format!("`{has}` may include `{given}`, which no source says"))
                .collect();
            if !why.is_empty() {
                return why;
            }
        }
        if denies == Denies::Always {
            return Vec::new();
        }
        let date = source
            .and_then(|source| source.date.as_ref())
            .map(|date| format!(" of {date}"))
            .unwrap_or_default();
        bare.iter()
            .filter(|name| !self.table.knows(name))
            .map(|name| {
                format!("`{name}` is in no row of the table{date}, so what it opens is not known")
            })
            .collect()
    }
}

/// `name:admin` gives `name:write` and `name:read`, where the provider orders them so.
fn add_levels(held: &mut ScopeSet, order: &[String]) {
    for name in held.to_vec() {
        let Some((stem, level)) = name.rsplit_once(':') else {
            continue;
        };
        let Some(place) = order.iter().position(|own| own == level) else {
            continue;
        };
        for lower in &order[..place] {
            held.insert(&format!("{stem}:{lower}"));
        }
    }
}

/// What is held, in the spelling that the requirement uses.
fn spelt_as(need: &Need, held: &ScopeSet) -> ScopeSet {
    let folded: BTreeSet<String> = held.iter().map(str::to_ascii_lowercase).collect();
    let names = need.iter().flatten();
    names
        .filter(|name| folded.contains(&name.to_ascii_lowercase()))
        .cloned()
        .collect()
}

fn strip_prefixes(held: &ScopeSet, grammar: &Grammar) -> ScopeSet {
    if grammar.strip_prefix.is_empty() {
        return held.clone();
    }
    held.iter().map(|name| grammar.stripped(name)).collect()
}

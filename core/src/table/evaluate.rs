//! One row against one kind of token: each gate's answer, and what they come to together.

use super::load::Table;
use super::model::Grammar;
use super::model::Rule;
use super::paths::Case;
use crate::scope::{Answer, Need, ScopeSet, close, cover};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of a call without a token.
const ANONYMOUS: &str = "anonymous";

/// What is held, by gate; a gate that is missing here cannot be seen.
pub type Holdings = BTreeMap<String, ScopeSet>;

/// One gate of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateAnswer {
    /// The gate's id.
    pub gate: String,
    /// What would open it.
    pub need: Need,
    /// Its answer.
    pub answer: Answer,
}

/// What the gates of a kind come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
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
pub struct KindAnswer {
    /// The kind's id.
    pub kind: String,
    /// What it comes to.
    pub outcome: Outcome,
    /// Gate by gate.
    pub gates: Vec<GateAnswer>,
}

/// Judges a row for one kind.
pub fn judge(table: &Table, rule: &Rule, kind: &str, held: &Holdings) -> KindAnswer {
    let answer = |outcome, gates| KindAnswer {
        kind: kind.to_owned(),
        outcome,
        gates,
    };
    if rule.is_anonymous() && (kind == ANONYMOUS || !rule.need.contains_key(kind)) {
        return answer(Outcome::NoTokenNeeded, Vec::new());
    }
    let denied = rule.deny.iter().any(|denied| denied == kind);
    let needs = match rule.need.get(kind) {
        Some(needs) if !denied => needs,
        None if rule.unknown && !denied => return answer(Outcome::Undecided, Vec::new()),
        _ => return answer(Outcome::WrongKind, Vec::new()),
    };
    let mut gates: Vec<GateAnswer> = needs
        .iter()
        .map(|(gate, need)| GateAnswer {
            gate: gate.clone(),
            need: need.clone(),
            answer: gate_answer(table, rule, need, held.get(gate)),
        })
        .collect();
    let declared = &table.provider.gate;
    gates.sort_by_key(|answer| declared.iter().position(|gate| gate.id == answer.gate));
    let outcome = if gates
        .iter()
        .any(|g| matches!(g.answer, Answer::Fail { .. }))
    {
        Outcome::Shut
    } else if rule.unknown
        || gates
            .iter()
            .any(|g| !matches!(g.answer, Answer::Pass { .. }))
    {
        Outcome::Undecided
    } else {
        Outcome::Open
    };
    answer(outcome, gates)
}

/// Judges a row for every kind that it admits.
pub fn judge_all(table: &Table, rule: &Rule, held: &Holdings) -> Vec<KindAnswer> {
    rule.kinds()
        .map(|kind| judge(table, rule, kind, held))
        .collect()
}

fn gate_answer(table: &Table, rule: &Rule, need: &Need, held: Option<&ScopeSet>) -> Answer {
    if need.is_empty() || need.iter().any(Vec::is_empty) {
        return Answer::Pass { via: Vec::new() };
    }
    let Some(held) = held else {
        return Answer::CannotSee;
    };
    let provider = &table.provider;
    let bare = strip_prefixes(held, &provider.scopes);
    let (mut all, via) = close(&bare, &provider.implies);
    add_levels(&mut all, &provider.levels.order);
    let answer = match provider.scopes.case {
        Case::Sensitive => cover(need, rule.sem, &rule.when, &all),
        Case::Insensitive => cover(need, rule.sem, &rule.when, &spelt_as(need, &all)),
    };
    match answer {
        Answer::Pass { .. } => {
            let used = via.iter().filter(|(_, given)| {
                need.iter().flatten().any(|name| name == given) && !bare.contains(given)
            });
            Answer::Pass {
                via: used
                    .map(|(has, given)| format!("`{has}` includes `{given}`"))
                    .collect(),
            }
        }
        answer => answer,
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

/// Whether two names are the same, as the provider compares them.
pub(super) fn same_name(case: Case, one: &str, other: &str) -> bool {
    match case {
        Case::Sensitive => one == other,
        Case::Insensitive => one.eq_ignore_ascii_case(other),
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

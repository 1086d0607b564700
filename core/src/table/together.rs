//! What many operations need together, for each kind of token, and what a token holds of it.

use super::order::{self, Order};
use super::{GateAnswer, Holdings, Rule, Smallest, Table, judge, smallest};
use crate::scope::{Coverage, Need, ScopeSet};
use std::collections::{BTreeMap, BTreeSet};

const SCOPE: &str = "scope";

/// What one kind of token needs for all of them.
#[derive(Debug)]
#[non_exhaustive]
pub struct KindNeeds {
    /// Its id.
    pub kind: String,
    /// The smallest set of names by gate.
    pub gates: BTreeMap<String, Smallest>,
    /// By gate: per operation the names that open least else, together.
    pub narrow: BTreeMap<String, BTreeSet<String>>,
    /// Whether this kind meets a scope gate at all.
    pub has_scopes: bool,
    /// Operations that this kind cannot call.
    pub refused: Vec<String>,
    /// Operations of which the table does not know all that this kind needs.
    pub not_known: Vec<String>,
    /// Names among them that the table advises against, with the reason: nothing better opens the operations.
    pub against: BTreeMap<String, String>,
}

impl KindNeeds {
    /// The smallest set of one gate.
    pub fn names(&self, gate: &str) -> Vec<&str> {
        let names = self.gates.get(gate).map(|set| &set.names);
        names.into_iter().flatten().map(String::as_str).collect()
    }
}

/// Each kind that the operations admit.
pub fn kinds(table: &Table, rules: &[Rule], wanted: Option<&str>) -> Vec<KindNeeds> {
    let mut ids: BTreeSet<&str> = rules
        .iter()
        .flat_map(Rule::kinds)
        .filter(|kind| *kind != "anonymous")
        .collect();
    ids.retain(|kind| wanted.is_none_or(|wanted| wanted == *kind));
    ids.into_iter()
        .map(|kind| of_kind(table, rules, kind))
        .collect()
}

fn of_kind(table: &Table, rules: &[Rule], kind: &str) -> KindNeeds {
    let closed =
        |rule: &Rule| !rule.is_anonymous() && !rule.unknown && !rule.kinds().any(|own| own == kind);
    let (refused, open): (Vec<&Rule>, Vec<&Rule>) = rules.iter().partition(|rule| closed(rule));
    let order = Order::of(table, &open, kind);
    let mut needs: BTreeMap<String, Vec<Need>> = BTreeMap::new();
    for rule in &open {
        for (gate, need) in rule.need.get(kind).into_iter().flatten() {
            let list = needs.entry(gate.clone()).or_default();
            list.push(order::asked(rule, need));
        }
    }
    let mut gates = BTreeMap::new();
    let mut narrow = BTreeMap::new();
    for (gate, list) in needs {
        let narrowest = list.iter().flat_map(|need| order.best(need));
        narrow.insert(gate.clone(), narrowest.collect());
        gates.insert(gate, smallest(&list, |name| order.weight(name)));
    }
    let declared = table.provider.kind(kind);
    let names = gates.values().flat_map(|set: &Smallest| &set.names);
    let against =
        names.filter_map(|name| Some((name.clone(), table.speaks_against(name, kind)?.to_owned())));
    KindNeeds {
        against: against.collect(),
        kind: kind.to_owned(),
        gates,
        narrow,
        has_scopes: declared.is_none_or(|k| k.gates.iter().any(|g| g == SCOPE)),
        refused: refused.into_iter().map(Rule::name).collect(),
        not_known: open
            .into_iter()
            .filter(|rule| rule.is_silent_for(kind))
            .map(Rule::name)
            .collect(),
    }
}

/// The kind whose scopes the question is about: the provider's default where it is among them.
pub fn main_kind<'k>(table: &Table, kinds: &'k [KindNeeds]) -> Option<&'k KindNeeds> {
    let default = table.provider.info.default_kind.as_deref();
    kinds
        .iter()
        .find(|k| Some(k.kind.as_str()) == default)
        .or(kinds.first())
}

/// What the token holds of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Compared {
    /// The smallest set of names that it lacks.
    pub lacking: Vec<String>,
    /// What it holds and no operation asks for.
    pub unused: Vec<String>,
}

/// Compares scopes with what the operations need of the kind that the question is about.
pub fn compare(
    table: &Table,
    kinds: &[KindNeeds],
    rules: &[Rule],
    held: &ScopeSet,
) -> Option<Compared> {
    let kind = main_kind(table, kinds)?;
    let holdings = Holdings::from([(SCOPE.to_owned(), held.clone().into())]);
    let scope_gate = |rule: &Rule| -> Option<GateAnswer> {
        let answer = judge(table, rule, &kind.kind, &holdings);
        answer.gates.into_iter().find(|gate| gate.gate == SCOPE)
    };
    let gates: Vec<GateAnswer> = rules.iter().filter_map(scope_gate).collect();
    let shut = gates.iter().filter_map(|gate| match &gate.answer {
        Coverage::Fail { missing } | Coverage::Unproven { missing, .. } => Some(missing.clone()),
        _ => None,
    });
    let shut: Vec<Need> = shut.collect();
    let all: Vec<&Rule> = rules.iter().collect();
    let order = Order::of(table, &all, &kind.kind);
    let used = |name: &str| {
        // Without this one name: does an answer change?
        let rest: ScopeSet = held.iter().filter(|own| *own != name).collect();
        let without = Holdings::from([(SCOPE.to_owned(), rest.into())]);
        let alone = Holdings::from([(SCOPE.to_owned(), ScopeSet::from_iter([name]).into())]);
        rules.iter().zip(&gates).any(|(rule, gate)| {
            let changes = |holdings: &Holdings| {
                let answer = judge(table, rule, &kind.kind, holdings);
                answer
                    .gates
                    .into_iter()
                    .find(|g| g.gate == SCOPE)
                    .map(|g| g.answer)
            };
            changes(&without).as_ref() != Some(&gate.answer)
                || !matches!(changes(&alone), Some(Coverage::Fail { .. }))
        })
    };
    Some(Compared {
        lacking: smallest(&shut, |name| order.weight(name))
            .names
            .into_iter()
            .collect(),
        unused: held
            .iter()
            .filter(|name| !used(name))
            .map(str::to_owned)
            .collect(),
    })
}

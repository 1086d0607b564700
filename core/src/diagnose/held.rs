//! What the credential holds: its scopes, who told them, and the names for every gate.

use super::case::Case;
use crate::finding::ScopesFrom;
use crate::scope::{ScopeFlaw, ScopeSet};
use crate::table::{Found, Holdings};
use crate::token::Rights;
use serde_json::Value;
use std::collections::BTreeMap;

/// The scopes that are used.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// They; `None` where nothing tells them.
    pub(super) set: Option<ScopeSet>,
    /// Who told them.
    pub(super) from: Option<ScopesFrom>,
    /// What is wrong with their list.
    pub(super) flaws: Vec<ScopeFlaw>,
}

impl Scopes {
    /// What somebody else tells of them goes before the token's own claim, and that before the answer it came with.
    pub(super) fn of(case: &Case<'_>, rights: &Rights) -> Self {
        if let Some(told) = &case.credential.scopes {
            return Self {
                set: Some(told.set.clone()),
                from: Some(told.from.clone()),
                flaws: told.flaws.clone(),
            };
        }
        match (&rights.scopes, &case.credential.token.answered_scope) {
            (None, Some(text)) => {
                let (set, flaws) = ScopeSet::read(text);
                Self {
                    set: Some(set),
                    from: Some(ScopesFrom::TokenAnswerMember),
                    flaws,
                }
            }
            _ => Self {
                set: rights.scopes.clone(),
                from: rights.from.clone().map(ScopesFrom::Claim),
                flaws: rights.flaws.clone(),
            },
        }
    }
}

/// What is held for every gate of the table, as far as it counts for the operation.
pub(super) fn holdings(
    case: &Case<'_>,
    scopes: Option<&ScopeSet>,
    row: Option<&Found>,
) -> Holdings {
    let mut told = Told::new();
    if let Some(scopes) = scopes {
        told.insert("scope".to_owned(), scopes.clone());
    }
    let gates = case.table.map_or(&[][..], |table| &table.provider.gate);
    for gate in gates.iter().filter(|gate| gate.id != "scope") {
        let names = claimed(case, &gate.seen).or_else(|| given(case, &gate.id));
        if let Some(names) = names {
            told.insert(gate.id.clone(), names);
        }
    }
    add_given_of_another_name(case, &mut told);
    let Some(table) = case.table else {
        if let Some(permissions) = &case.credential.permissions {
            told.insert("permission".to_owned(), permissions.clone());
        }
        return told
            .into_iter()
            .map(|(gate, names)| (gate, names.into()))
            .collect();
    };
    let asked = case.target.as_ref().map(|target| target.path_and_query());
    let host = case
        .target
        .as_ref()
        .and_then(|target| target.host.as_deref());
    let path = asked.as_deref().map(|asked| table.inner_path(host, asked));
    let row = row.map(|row| &row.rule).zip(path);
    told.into_iter()
        .map(|(gate, names)| {
            let held = table.held(&gate, &names, row);
            (gate, held)
        })
        .collect()
}

/// Names by gate, as they were told.
type Told = BTreeMap<String, ScopeSet>;

/// What a person says that the principal holds, in a list or with an answer of the vendor's API.
fn given(case: &Case<'_>, gate: &str) -> Option<ScopeSet> {
    let answer = case.credential.answer.as_ref();
    let read = answer.and_then(|answer| case.table?.held_by_answer(gate, answer));
    match (&case.credential.permissions, read) {
        (Some(names), Some(read)) => Some(names.iter().chain(read.iter()).collect()),
        (names, read) => read.or_else(|| names.clone()),
    }
}

/// A kind without scopes whose token carries one other sort of right (app roles, permissions): a list given by hand is of
/// that sort.
fn add_given_of_another_name(case: &Case<'_>, told: &mut Told) {
    let given = case.credential;
    let provider = case.table.map(|table| &table.provider);
    let kind = provider.and_then(|p| p.kind(given.kind.as_deref()?));
    let (Some(kind), Some(scopes)) = (kind, given.scopes.as_ref().map(|told| &told.set)) else {
        return;
    };
    let carried = |id: &&String| {
        provider
            .and_then(|p| p.gate(id))
            .is_some_and(|gate| ["token", "client"].contains(&gate.holder.as_str()))
    };
    let mut carried = kind.gates.iter().filter(carried);
    if let (Some(gate), None) = (carried.next(), carried.next())
        && gate != "scope"
    {
        let names = told.entry(gate.clone()).or_default();
        *names = names.iter().chain(scopes.iter()).collect();
    }
}

/// The names in the claim that a gate is seen in (`claim:roles`); a readable token without it holds none.
fn claimed(case: &Case<'_>, seen: &str) -> Option<ScopeSet> {
    let claim = seen.strip_prefix("claim:")?;
    Some(match case.credential.token.claims()?.get(claim) {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => text.split(' ').filter(|name| !name.is_empty()).collect(),
        _ => ScopeSet::default(),
    })
}

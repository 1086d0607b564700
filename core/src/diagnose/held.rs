//! What the credential holds: its scopes, who told them, and the names for every gate.

use super::case::Case;
use crate::finding::ScopesFrom;
use crate::scope::{ScopeFlaw, ScopeSet};
use crate::table::Holdings;
use crate::token::Rights;
use serde_json::Value;

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

/// What is held for every gate of the table.
pub(super) fn holdings(case: &Case<'_>, scopes: Option<&ScopeSet>) -> Holdings {
    let mut held = Holdings::new();
    if let Some(scopes) = scopes {
        held.insert("scope".to_owned(), scopes.clone());
    }
    let gates = case.table.map_or(&[][..], |table| &table.provider.gate);
    for gate in gates.iter().filter(|gate| gate.id != "scope") {
        if let Some(names) = claimed(case, &gate.seen) {
            held.insert(gate.id.clone(), names);
        } else if let Some(permissions) = &case.credential.permissions {
            held.insert(gate.id.clone(), permissions.clone());
        }
    }
    add_given_of_another_name(case, &mut held);
    if let (Some(permissions), None) = (&case.credential.permissions, case.table) {
        held.insert("permission".to_owned(), permissions.clone());
    }
    held
}

/// A kind without scopes whose token carries one other sort of right (app roles, permissions): a list given by hand is of
/// that sort.
fn add_given_of_another_name(case: &Case<'_>, held: &mut Holdings) {
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
        let names = held.entry(gate.clone()).or_default();
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

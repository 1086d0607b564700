//! Are scopes checked at all? At some providers that is a setting: a person may know it, or another call shows it.

use super::case::{Case, Probed, Worked};
use super::facts::Facts;
use super::words;
use crate::finding::{Finding, NOTE_DIFFERENCE, NOTE_ENFORCEMENT, ScopesFrom};
use crate::http::{Role, Target};
use crate::scope::Coverage;
use crate::table::{Found, Gate, Holdings, Match, Table, Trust, judge};
use crate::token::Form;

/// The gate that a setting may switch off.
pub(super) const GATE: &str = "scope";

/// What tells that scopes are not checked for a token, as a sentence.
pub(super) enum Off {
    /// That they are not is declared, or shown by a call.
    Known(String),
    /// A call shows it of a list that a person typed, which may not be the token's, or a person tells of that call.
    Listed(String),
}

/// Whether scopes are not checked for this token; `None` where they are, or where nothing tells.
pub(super) fn off(case: &Case<'_>, kind: Option<&str>, held: &Holdings) -> Option<Off> {
    let table = case.table?;
    switch(table)?;
    match case.expected.enforced {
        Some(true) => None,
        Some(false) => Some(Off::Known(
            "As declared, the organisation does not enforce scopes.".to_owned(),
        )),
        None => {
            let kind = kind.or(table.provider.info.default_kind.as_deref())?;
            let mut worked = worked(case).into_iter();
            let (need, call) = worked.find_map(|call| {
                let need = lacking(table, kind, held, &call.target)?;
                Some((need, call))
            })?;
            Some(shown(case, &need, &call))
        }
    }
}

/// The gate, where a setting decides whether it is met.
fn switch(table: &Table) -> Option<&Gate> {
    table
        .provider
        .gate(GATE)
        .filter(|own| own.enforced.is_some())
}

/// A call that succeeded with this token.
struct Shown {
    target: Target,
    /// What was seen of it.
    seen: String,
    /// Whether that is a person's word.
    told: bool,
}

/// Calls that succeeded with this token, and what was seen of each.
fn worked(case: &Case<'_>) -> Vec<Shown> {
    let others = case.evidence.iter().flat_map(|known| known.worked);
    let others = others.filter_map(|call: &Worked| {
        let target = Target::parse(&call.method, &call.url).ok()?;
        let seen = match call.told {
            true => format!("{} {} worked (as reported)", call.method, target.path),
            false => format!("{} {} answered {}", call.method, target.path, call.status),
        };
        Some(Shown {
            target,
            seen,
            told: call.told,
        })
    });
    let sent = !matches!(case.credential.token.form, Form::Absent);
    let probed = case.probed.iter().filter(|own| sent && opened(case, own));
    let probed = probed.filter_map(|own| {
        Some(Shown {
            target: own.exchange.request.target()?,
            seen: own.told(),
            told: false,
        })
    });
    others.chain(probed).collect()
}

/// Whether the token opened it: nothing stood in for the call, and without a token it is shut.
fn opened(case: &Case<'_>, call: &Probed<'_>) -> bool {
    let without = match call.role {
        Role::Control => Role::ControlBare,
        Role::Witness => Role::WitnessBare,
        Role::Target => Role::TargetBare,
        _ => return false,
    };
    let mut bare = case.probed.iter().filter(|own| *own.role == without);
    call.stands_for.is_none() && call.succeeded() && bare.next().is_some_and(|own| !own.succeeded())
}

/// What a call shows that succeeded without the scope that it needs.
fn shown(case: &Case<'_>, need: &str, call: &Shown) -> Off {
    let from = case.credential.scopes.as_ref().map(|told| &told.from);
    let seen = &call.seen;
    match (from, call.told) {
        (Some(ScopesFrom::Person | ScopesFrom::Manifest), _) => Off::Listed(format!(
            "The scopes given are not all that the token has, or scopes are not checked for it. The list lacks {need}, and {seen} all the same."
        )),
        (_, true) => Off::Listed(format!(
            "Scopes are not checked for this token, or another one was sent there. It lacks {need}, and {seen} all the same."
        )),
        (_, false) => Off::Known(format!(
            "Scopes are not checked for this token. It lacks {need}, and {seen} all the same."
        )),
    }
}

/// What a call needs: a published scope that is not among those held.
fn lacking(table: &Table, kind: &str, held: &Holdings, target: &Target) -> Option<String> {
    let found = table.find(
        &target.method,
        target.host.as_deref(),
        &target.path_and_query(),
        Trust::B,
    );
    let Match::Found(row) = found else {
        return None;
    };
    if !is_sound(&row) {
        return None;
    }
    let answer = judge(table, &row.rule, kind, held);
    let gate = answer.gates.iter().find(|own| own.gate == GATE)?;
    let lacking = matches!(gate.answer, Coverage::Fail { .. });
    lacking.then(|| words::alternatives(&gate.need))
}

/// Whether nothing speaks against a row, or against its being the one that was called.
fn is_sound(row: &Found) -> bool {
    row.rival.is_none() && row.rule.doubt.is_empty() && row.remarks.is_empty() && !row.rule.unknown
}

/// What is said of the setting: why the check does not count, or that it may be off where it fails.
pub(super) fn note(facts: &Facts<'_>, fails: bool) -> Option<Finding> {
    let gate = facts.case.table.and_then(switch);
    let Some(gate) = gate else {
        let told = facts.case.expected.enforced.is_some() && facts.case.table.is_some();
        let text = format!(
            "{} has no setting for whether scopes are checked: what was declared of it does not count.",
            facts.vendor_name()
        );
        return told.then(|| Finding::warning(&NOTE_ENFORCEMENT, text));
    };
    let source = facts.source(gate.enforced_src.as_deref());
    let source = source.or_else(|| facts.published_source());
    let text = match (&facts.unchecked, &facts.doubted) {
        (Some(why), _) => why.clone(),
        (None, Some(why)) if fails => {
            return Some(Finding::warning(&NOTE_DIFFERENCE, why.clone()));
        }
        (None, _) if fails && facts.case.expected.enforced.is_none() => gate.enforced.clone()?,
        (None, _) => return None,
    };
    Some(Finding::warning(&NOTE_ENFORCEMENT, text).from_source(source))
}

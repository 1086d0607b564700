//! Which kind of token it is, and what the row in force asks of that kind.

use super::case::Case;
use crate::scope::ScopeSet;
use crate::table::{
    Found, Holdings, Kind, KindAnswer, Principal as KindOf, Table, judge, judge_all,
};
use crate::token::{self, Principal};
use serde_json::Value;

/// How the kind was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KindBy {
    /// Given by hand.
    Given,
    /// A sign in the token.
    Sign(String),
    /// Every kind that the operation admits gives the same answer.
    Agreed,
    /// The provider's default, since kinds disagree.
    Assumed,
    /// Nothing to tell.
    Nothing,
}

/// The kind, and the answer of the row for it.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The kind and how it was told.
    pub(super) kind: (Option<String>, KindBy),
    /// The answer that counts.
    pub(super) answer: Option<KindAnswer>,
    /// The answers of every kind that the operation admits.
    pub(super) answers: Vec<KindAnswer>,
}

impl Chosen {
    pub(super) fn of(case: &Case<'_>, row: Option<&Found>, held: &Holdings) -> Self {
        let signed = by_sign(case);
        let given = case.credential.kind.as_ref();
        let (Some(table), Some(row)) = (case.table, row) else {
            let kind = match (given, signed) {
                (Some(kind), _) => (Some(kind.clone()), KindBy::Given),
                (None, Some((kind, sign))) => (Some(kind), KindBy::Sign(sign)),
                (None, None) => (None, KindBy::Nothing),
            };
            return Self {
                kind,
                answer: None,
                answers: Vec::new(),
            };
        };
        let answers = admitted(case, table, row, held);
        let (kind, answer) = match (given, signed) {
            (Some(kind), _) => (
                (Some(kind.clone()), KindBy::Given),
                Some(judge(table, &row.rule, kind, held)),
            ),
            (None, Some((kind, sign))) => {
                let answer = judge(table, &row.rule, &kind, held);
                ((Some(kind), KindBy::Sign(sign)), Some(answer))
            }
            (None, None) => preferred(table, &answers),
        };
        Self {
            kind,
            answer,
            answers,
        }
    }
}

/// The answer of each kind that the operation admits and the token can be.
fn admitted(case: &Case<'_>, table: &Table, row: &Found, held: &Holdings) -> Vec<KindAnswer> {
    let opaque = case.credential.form_name() == "opaque" && case.credential.kind.is_none();
    let is_jwt = |id: &str| table.provider.kind(id).and_then(|k| k.form.as_deref()) == Some("jwt");
    let answers = judge_all(table, &row.rule, held).into_iter();
    let answers: Vec<KindAnswer> = answers
        .filter(|answer| !opaque || !is_jwt(&answer.kind))
        .collect();
    if case.credential.kind.is_some() || !has_scopes_of(table, held) {
        return answers;
    }
    // What has a scope of this provider is no bot token or API key, which have none.
    let is_checked = |answer: &&KindAnswer| {
        let kind = table.provider.kind(&answer.kind);
        kind.is_some_and(|kind| !kind.gates.is_empty())
    };
    let checked: Vec<KindAnswer> = answers.iter().filter(is_checked).cloned().collect();
    if checked.is_empty() { answers } else { checked }
}

fn has_scopes_of(table: &Table, held: &Holdings) -> bool {
    let scopes = held.get("scope").into_iter().flat_map(ScopeSet::iter);
    scopes
        .map(|name| table.gate_of(name))
        .any(|gate| gate == Some("scope"))
}

/// Where nothing tells the kind: what all agree on, else the provider's default.
fn preferred(
    table: &Table,
    answers: &[KindAnswer],
) -> ((Option<String>, KindBy), Option<KindAnswer>) {
    let default = table.provider.info.default_kind.as_deref();
    let mut by_default = answers.iter().filter(|a| Some(a.kind.as_str()) == default);
    let agreed = answers
        .windows(2)
        .all(|pair| pair[0].outcome == pair[1].outcome);
    match by_default.next().or(answers.first()).cloned() {
        Some(answer) if agreed => ((None, KindBy::Agreed), Some(answer)),
        Some(answer) => ((Some(answer.kind.clone()), KindBy::Assumed), Some(answer)),
        None => ((None, KindBy::Nothing), None),
    }
}

fn by_sign(case: &Case<'_>) -> Option<(String, String)> {
    let table = case.table?;
    let secret = case.credential.token.secret.expose();
    let starts = |kind: &&Kind| {
        let mut prefixes = kind.detect.prefix.iter();
        prefixes.any(|prefix| secret.starts_with(prefix.as_str()))
    };
    if let Some(kind) = table.provider.kind.iter().find(starts) {
        return Some((kind.id.clone(), "the form of the token".to_owned()));
    }
    let claims = case.credential.token.claims()?;
    let pointer = Value::Object(claims.clone());
    for kind in &table.provider.kind {
        let mark =
            kind.marks
                .iter()
                .find(|mark| match (pointer.pointer(&mark.claim), &mark.prefix) {
                    (Some(Value::String(text)), Some(prefix)) => text.starts_with(prefix.as_str()),
                    (Some(_), None) => true,
                    _ => false,
                });
        if let Some(mark) = mark {
            return Some((
                kind.id.clone(),
                format!(
                    "claim `{}`",
                    mark.claim.trim_start_matches('/').replace('/', ".")
                ),
            ));
        }
    }
    let (wanted, sign) = match token::principal(claims) {
        Principal::Application(sign) => (KindOf::Application, sign),
        Principal::User(sign) => (KindOf::User, sign),
        Principal::Unknown => return None,
    };
    let kind = table
        .provider
        .kind
        .iter()
        .find(|kind| kind.principal == Some(wanted))?;
    Some((kind.id.clone(), sign))
}

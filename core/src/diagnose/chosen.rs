//! Which kind of token it is, and what the row in force asks of that kind.

use super::case::Case;
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

/// A kind that was given by hand, where the token shows another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// The kind that was given.
    pub(super) given: String,
    /// The kind that the token shows.
    pub(super) shown: String,
    /// By what it shows it.
    pub(super) sign: String,
    /// Whether the sign is documented: then it goes before what was given.
    pub(super) documented: bool,
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
    /// Where the kind that was given is not the one that the token shows.
    pub(super) contradiction: Option<Contradiction>,
}

impl Chosen {
    pub(super) fn of(case: &Case<'_>, row: Option<&Found>, held: &Holdings) -> Self {
        let (told, contradiction) = told(case);
        let (Some(table), Some(row)) = (case.table, row) else {
            let kind = told.map_or((None, KindBy::Nothing), |(kind, by)| (Some(kind), by));
            return Self {
                kind,
                answer: None,
                answers: Vec::new(),
                contradiction,
            };
        };
        let answers = admitted(case, table, row, held);
        let (kind, answer) = match told {
            Some((kind, by)) => {
                let answer = judge(table, &row.rule, &kind, held);
                ((Some(kind), by), Some(answer))
            }
            None => preferred(table, &answers),
        };
        Self {
            kind,
            answer,
            answers,
            contradiction,
        }
    }

    /// The kind that the row was judged for, else the one that was told.
    pub(super) fn kind_judged(&self) -> Option<&str> {
        let judged = self.answer.as_ref().map(|answer| answer.kind.as_str());
        judged.or(self.kind.0.as_deref())
    }

    /// Judges without a gate that is not met.
    pub(super) fn leave_out(&mut self, gate: &str) {
        for answer in self.answers.iter_mut().chain(&mut self.answer) {
            answer.leave_out(gate);
        }
    }
}

/// The kind that the token shows by a documented sign, else the one that was given, else the one that another sign tells.
fn told(case: &Case<'_>) -> (Option<(String, KindBy)>, Option<Contradiction>) {
    let sign = by_sign(case);
    let given = case.credential.kind.as_ref();
    let Some(given) = given else {
        let told = sign.map(|sign| (sign.kind, KindBy::Sign(sign.text)));
        return (told, None);
    };
    let Some(sign) = sign.filter(|sign| !sign.fits(case, given)) else {
        return (Some((given.clone(), KindBy::Given)), None);
    };
    let contradiction = Contradiction {
        given: given.clone(),
        shown: sign.kind.clone(),
        sign: sign.text.clone(),
        documented: sign.documented,
    };
    let told = match sign.documented {
        true => (sign.kind, KindBy::Sign(sign.text)),
        false => (given.clone(), KindBy::Given),
    };
    (Some(told), Some(contradiction))
}

/// What in a token shows its kind.
struct Sign {
    kind: String,
    /// In words.
    text: String,
    /// Whether the provider documents it; else it is how such tokens look in general.
    documented: bool,
}

impl Sign {
    /// Whether a token of that kind may have the sign as well.
    fn fits(&self, case: &Case<'_>, given: &str) -> bool {
        let provider = case.table.map(|table| &table.provider);
        let kind = |id: &str| provider.and_then(|own| own.kind(id));
        let (Some(own), Some(given)) = (kind(&self.kind), kind(given)) else {
            return true;
        };
        let same = given.principal.is_none() || given.principal == own.principal;
        own.id == given.id
            || starts(given, case)
            || mark(given, case).is_some()
            || !self.documented && same
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
    let scopes = held
        .get("scope")
        .into_iter()
        .flat_map(|held| held.sure.iter());
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

/// Whether a kind's tokens begin as this one does.
fn starts(kind: &Kind, case: &Case<'_>) -> bool {
    let secret = case.credential.token.secret.expose();
    let mut prefixes = kind.detect.prefix.iter();
    prefixes.any(|prefix| secret.starts_with(prefix.as_str()))
}

/// The claim that shows a kind, where the token has it.
fn mark<'k>(kind: &'k Kind, case: &Case<'_>) -> Option<&'k str> {
    let claims = Value::Object(case.credential.token.claims()?.clone());
    let shown = kind
        .marks
        .iter()
        .find(|mark| match (claims.pointer(&mark.claim), &mark.prefix) {
            (Some(Value::String(text)), Some(prefix)) => text.starts_with(prefix.as_str()),
            (Some(_), None) => true,
            _ => false,
        });
    shown.map(|mark| mark.claim.as_str())
}

fn by_sign(case: &Case<'_>) -> Option<Sign> {
    let kinds = &case.table?.provider.kind;
    let sign = |kind: &Kind, text: String, documented: bool| Sign {
        kind: kind.id.clone(),
        text,
        documented,
    };
    if let Some(kind) = kinds.iter().find(|kind| starts(kind, case)) {
        return Some(sign(kind, "the form of the token".to_owned(), true));
    }
    let marked = kinds
        .iter()
        .find_map(|kind| Some((kind, mark(kind, case)?)));
    if let Some((kind, claim)) = marked {
        let name = claim.trim_start_matches('/').replace('/', ".");
        return Some(sign(kind, format!("claim `{name}`"), true));
    }
    let (wanted, text) = match token::principal(case.credential.token.claims()?) {
        Principal::Application(text) => (KindOf::Application, text),
        Principal::User(text) => (KindOf::User, text),
        Principal::Unknown => return None,
    };
    let kind = kinds.iter().find(|kind| kind.principal == Some(wanted))?;
    Some(sign(kind, text, false))
}

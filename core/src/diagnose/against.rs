//! What differs between two tokens: for "works here, fails there".

use super::facts::Facts;
use super::words;
use crate::finding::{Finding, NOTE_DIFFERENCE};
use crate::token::{self, Token, date, rights};
use serde_json::{Map, Value};

/// Claims whose values tell tokens apart, with their names for people; rights and times are compared by themselves.
const CLAIMS: [(&str, &str); 9] = [
    ("iss", "issuer"),
    ("aud", "audience"),
    ("azp", "authorized party"),
    ("client_id", "client"),
    ("cid", "client"),
    ("appid", "app"),
    ("tid", "tenant"),
    ("acr", "authentication context"),
    ("cnf", "binding"),
];

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(other) = facts.case.against else {
        return Vec::new();
    };
    let own = &facts.case.credential.token;
    let mut out = Vec::new();
    out.extend(form(own, other));
    if let (Some(here), Some(there)) = (own.claims(), other.claims()) {
        out.extend(rights_of(here, there));
        out.extend(
            CLAIMS
                .iter()
                .filter_map(|(name, word)| claim(name, word, here, there)),
        );
        out.extend(kind(own, other));
        out.extend(times(facts, here, there));
    }
    if out.is_empty() {
        let text = match own.fingerprint() == other.fingerprint() {
            true => "Both are the same token.",
            false => "Nothing that can be read from the two tokens differs.",
        };
        out.push(Finding::info(&NOTE_DIFFERENCE, text));
    }
    out
}

fn difference(what: &str, here: &str, there: &str) -> Finding {
    Finding::info(
        &NOTE_DIFFERENCE,
        format!("The tokens differ in the {what}."),
    )
    .seen("this token", here)
    .seen("the other", there)
}

fn form(own: &Token, other: &Token) -> Option<Finding> {
    let (here, there) = (own.form_name(), other.form_name());
    (here != there).then(|| difference("form", here, there))
}

fn rights_of(here: &Map<String, Value>, there: &Map<String, Value>) -> Option<Finding> {
    let set = |claims| rights(claims).scopes.unwrap_or_default();
    let (here, there) = (set(here), set(there));
    let only = |one: &crate::scope::ScopeSet, other: &crate::scope::ScopeSet| {
        let names: Vec<&str> = one.iter().filter(|name| !other.contains(name)).collect();
        match names.is_empty() {
            true => "nothing more".to_owned(),
            false => format!("only here: {}", names.join(" ")),
        }
    };
    (here != there).then(|| difference("scopes", &only(&here, &there), &only(&there, &here)))
}

fn claim(
    name: &str,
    word: &str,
    here: &Map<String, Value>,
    there: &Map<String, Value>,
) -> Option<Finding> {
    let shown = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => "(absent)".to_owned(),
    };
    let (here, there) = (here.get(name), there.get(name));
    (here != there).then(|| difference(&format!("{word} (`{name}`)"), &shown(here), &shown(there)))
}

fn kind(own: &Token, other: &Token) -> Option<Finding> {
    let empty = Map::new();
    let sort = |token: &Token| {
        let header = token.header().unwrap_or(&empty);
        token
            .claims()
            .map(|claims| token::sort(header, claims).0.text().to_owned())
    };
    let (here, there) = (sort(own)?, sort(other)?);
    (here != there).then(|| difference("kind", &here, &there))
}

fn times(
    facts: &Facts<'_>,
    here: &Map<String, Value>,
    there: &Map<String, Value>,
) -> Option<Finding> {
    let end = |claims| date(claims, "exp").seconds();
    let (here, there) = (end(here), end(there));
    let over = |at: Option<i64>| at.is_some_and(|at| at <= facts.case.clock.now);
    // Two tokens always end at different moments; what counts is which of them is over.
    if over(here) == over(there) && here.is_some() == there.is_some() {
        return None;
    }
    let shown = |at: Option<i64>| {
        at.map_or_else(
            || "no end".to_owned(),
            |at| words::moment(at, facts.case.clock.now),
        )
    };
    Some(difference("end", &shown(here), &shown(there)))
}

//! The credential of an exchange: as the evidence holds it, and what a control tells of it.

use crate::diagnose::{Credential, ToldScopes};
use crate::finding::ScopesFrom;
use crate::http::{Exchange, Follows, Scheme};
use crate::scope::ScopeSet;
use crate::table::Table;
use crate::token::Token;
use crate::token::redact::is_stand_in;
use serde_json::Value;

/// The token as the evidence holds it.
pub(super) fn token_of(exchange: &Exchange) -> Token {
    let given = &exchange.given;
    let hidden = || Token::hidden(given.kind.as_deref());
    if let Some(value) = &given.value {
        return if is_stand_in(value) {
            Token::stand_in(value)
        } else {
            Token::read(value.as_bytes())
        };
    }
    if let Some(claims) = &given.claims {
        return Token::from_claims(claims.clone());
    }
    match exchange.request.header("authorization") {
        Some(value) => {
            let (scheme, rest) = value.trim().split_once(' ').unwrap_or(("", value));
            let bearer = Scheme::named(scheme).is_some_and(|s| s.follows == Follows::Token);
            if is_stand_in(rest.trim()) && given.kind.is_none() {
                return Token::stand_in(rest.trim());
            }
            if !bearer || is_stand_in(rest.trim()) {
                return hidden();
            }
            let mut token = Token::read(value.as_bytes());
            // The scheme belongs to the header; whether its form is sound is judged there.
            token.wrapping.retain(|wrapping| wrapping.harmful);
            token
        }
        None if given.kind.as_deref().is_some_and(|kind| kind != "none") => hidden(),
        None => Token::absent(),
    }
}

/// The scopes that the record gives.
pub(super) fn scopes_of(exchange: &Exchange) -> Option<ToldScopes> {
    let names = exchange.given.scopes.as_ref()?;
    let set = names.iter().map(String::as_str).collect();
    Some(ToldScopes::of(set, ScopesFrom::Record))
}

/// The kind that the grant makes, by the table.
pub(super) fn kind_of(exchange: &Exchange, table: Option<&Table>) -> Option<String> {
    let grant = exchange
        .given
        .grant
        .as_deref()?
        .to_ascii_lowercase()
        .replace(['-', ' '], "_");
    let kinds = &table?.provider.kind;
    let fits = |name: &String| name.replace('-', "_") == grant;
    kinds
        .iter()
        .find(|kind| kind.grants.iter().any(fits))
        .map(|kind| kind.id.clone())
}

/// Adds what the answer of a control tells of the token: its scopes and its kind. Returns whether it told its scopes.
/// What a person said stays, where `outranks` is false.
pub fn learn(
    credential: &mut Credential,
    table: &Table,
    control: &Exchange,
    outranks: bool,
) -> bool {
    if control.status() != Some(200) {
        return false;
    }
    let target = control.request.target();
    let path = target.as_ref().map_or("", |t| t.path.as_str());
    let mut controls = table.provider.control.iter();
    let Some(declared) = controls.find(|d| path.ends_with(&d.path)) else {
        return false;
    };
    let response = control.response.as_ref();
    let body: Value = serde_json::from_str(control.body()).unwrap_or_default();
    let at = |pointer: &Option<String>| body.pointer(pointer.as_deref()?).cloned();
    let in_header = declared
        .scopes_header
        .as_deref()
        .and_then(|name| response?.headers.get(name));
    let scopes: Option<ScopeSet> = match (at(&declared.scopes), in_header) {
        (Some(Value::Array(names)), _) => Some(names.iter().filter_map(Value::as_str).collect()),
        (Some(Value::String(text)), _) => Some(ScopeSet::read(&text).0),
        (_, Some(text)) => Some(text.split([',', ' ']).filter(|n| !n.is_empty()).collect()),
        _ => None,
    };
    let kind = at(&declared.kind).and_then(|v| declared.kind_map.get(v.as_str()?).cloned());
    let told = scopes.is_some();
    if outranks || credential.kind.is_none() {
        credential.kind = kind.or(credential.kind.take());
    }
    if let Some(set) = scopes.filter(|_| outranks || credential.scopes.is_none()) {
        credential.scopes = Some(ToldScopes::of(set, ScopesFrom::Control));
    }
    told
}

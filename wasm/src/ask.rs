//! Questions that need no evidence: about a token, an endpoint, the tables, a cause.

use crate::request::Check;
use serde_json::{Value, json};
use std::sync::Arc;
use why401_core::diagnose::{Clock, Credential, Expected, ToldScopes};
use why401_core::finding::{Report, ScopesFrom, by_code};
use why401_core::http::Target;
use why401_core::input;
use why401_core::needs::{Needs, Question};
use why401_core::output::{self, Given};
use why401_core::table::{self, Trust};
use why401_core::token::{Sought, Token, redact};
use why401_core::triage::{Declared, Judge, Product, Providers};

/// So many operations are shown of a search.
const SHOWN: usize = 100;

/// A report of one diagnosis; why there is none is its `error`.
pub(crate) fn check(check: &Check) -> String {
    checked(check).unwrap_or_else(|why| error(why).to_string())
}

fn checked(check: &Check) -> Result<String, String> {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let providers = Providers::with(Vec::new(), said(&check.provider));
    let providers = providers.map_err(|why| why.to_string())?;
    let url = check.url.trim();
    let target = match url.is_empty() {
        true => None,
        false => Some(Target::parse(&check.method, url).map_err(|why| format!("the {why}"))?),
    };
    // People paste the whole command or header as readily as the token.
    let token = match input::credential_in(&check.token) {
        Some(value) => Token::read(value.as_bytes()),
        None if check.token.trim().is_empty() => Token::absent(),
        None => Token::read(check.token.as_bytes()),
    };
    // An empty list is the empty set, as for the program.
    let scopes = check.scopes.as_ref().map(|list| list.replace(',', " "));
    let permissions = said(&check.permissions);
    let split = |list: &str| {
        let names = list.split(|c: char| c == ',' || c.is_whitespace());
        names.filter(|name| !name.is_empty()).collect()
    };
    let declared = Declared {
        credential: Credential {
            kind: said(&check.kind),
            scopes: scopes
                .as_deref()
                .map(|list| ToldScopes::read(list, ScopesFrom::Person)),
            permissions: permissions.as_deref().map(split),
            ..Credential::of(token)
        },
        expected: Expected {
            audience: said(&check.audience),
            issuer: said(&check.issuer),
            ..Expected::default()
        },
        ..Declared::at(Clock::at(check.now))
    };
    let diagnosis = Judge::new(&providers, &declared).question(target, None);
    let report = Report {
        diagnoses: vec![diagnosis.map_err(|why| why.to_string())?],
        ..Report::default()
    };
    let text = output::json::report(&report, &given(check));
    match Sought::of(&[declared.credential.token.secret.expose()]).is_in(&text) {
        true => Err("the answer would have contained the credential; nothing is shown".to_owned()),
        false => Ok(text),
    }
}

/// The command line that asks the same.
fn given(check: &Check) -> Given {
    let command = match check.url.trim() {
        "" => vec!["token".to_owned()],
        url => vec!["check".to_owned(), check.method.clone(), redact::typed(url)],
    };
    // In the order in which the program lists its options.
    let options = [
        ("--scope", &check.scopes),
        ("--token-kind", &check.kind),
        ("--permissions", &check.permissions),
        ("--audience", &check.audience),
        ("--issuer", &check.issuer),
        ("--provider", &check.provider),
    ];
    let said = options.into_iter().filter_map(|(name, value)| {
        let value = value.as_deref()?;
        if value.trim().is_empty() && name != "--scope" {
            return None;
        }
        Some((name.to_owned(), Some(redact::typed(value))))
    });
    Given {
        offline: false,
        command,
        options: said.collect(),
        manifest: false,
    }
}

/// An answer that says why there is none.
pub(crate) fn error(message: impl std::fmt::Display) -> Value {
    json!({ "error": message.to_string() })
}

/// What endpoints ask for: a document `why401.needs/1` for each provider that has some, and how many
/// endpoints no table names.
pub(crate) fn needs(providers: &Providers, targets: &[Target]) -> Value {
    let credential = Credential::of(Token::absent());
    let question = Question {
        targets,
        kind: None,
        credential: &credential,
        trust: Trust::C,
        any_host: false,
    };
    match Needs::each(providers, &question) {
        Err(why) => error(why),
        Ok((all, _)) if all.is_empty() => error("no table names these hosts"),
        Ok((all, elsewhere)) => {
            let document =
                |needs: &Needs| output::json::document(why401_core::needs::NEEDS, needs.value());
            let documents: Vec<Value> = all.iter().map(document).collect();
            json!({ "documents": documents, "elsewhere": elsewhere })
        }
    }
}

pub(crate) fn search(providers: &Providers, words: &str, provider: Option<&str>) -> Value {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    let ids = table::names().filter(|id| provider.is_none_or(|own| own == *id));
    let products = ids.filter_map(|id| providers.get(id).ok().flatten());
    let mut hits: Vec<_> = products
        .flat_map(|product| {
            let hits = table::search(&product.table, &words).into_iter();
            hits.map(move |(rank, rule)| (rank, Arc::clone(&product), rule))
        })
        .collect();
    hits.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let found = hits.len();
    hits.truncate(SHOWN);
    let rows = hits
        .iter()
        .map(|(_, product, rule)| operation(product, rule));
    json!({ "rows": rows.collect::<Vec<_>>(), "found": found })
}

fn operation(product: &Product, rule: &table::Rule) -> Value {
    let table = &product.table;
    let source = table.source_of(rule);
    let trust = rule.trust.or_else(|| source.and_then(|own| own.trust));
    json!({
        "provider": product.id(), "name": table.provider.info.name, "rule": rule,
        "source": source.map(|own| json!({
            "name": own.address(), "date": own.date, "trust": trust.map(Trust::letter),
        })),
    })
}

pub(crate) fn providers(providers: &Providers) -> Value {
    let all = table::names().filter_map(|id| providers.get(id).ok().flatten());
    let named = all.map(|product| {
        json!({ "id": product.id(), "name": product.table.provider.info.name, "rows": product.table.len() })
    });
    named.collect()
}

pub(crate) fn cause(code: &str) -> Value {
    match by_code(code) {
        None => error("there is no such cause or note"),
        Some(cause) => json!({ "code": cause.code, "summary": cause.summary, "text": cause.page }),
    }
}

//! The tools that ask about endpoints and causes, without evidence.

use super::Reach;
use super::arguments::{Cause, Check, Needs, Search, Who};
use crate::cli::error::Failure;
use crate::cli::job::{self, Settings};
use crate::cli::{needs, reference};
use crate::sink;
use crate::source;
use serde_json::{Value, json};
use why401_core::diagnose::{Credential, ToldScopes};
use why401_core::finding::{ALL, Report, ScopesFrom, by_code};
use why401_core::http::Target;
use why401_core::needs::{NEEDS, Needs as Answer, Question};
use why401_core::output::{Given, json as document, untrusted};
use why401_core::table;
use why401_core::token::Token;
use why401_core::triage::{Declared, Judge};

/// So many rows are given; the others are counted.
const MOST: usize = 20;

/// The settings of a question and whose request it is about.
pub(super) struct Asked {
    pub(super) settings: Settings,
    credential: Credential,
}

impl Asked {
    pub(super) fn of(reach: &Reach, who: &Who) -> Result<Self, Failure> {
        let mut settings = reach.settings.clone();
        settings.now = source::now();
        if let Some(at) = &who.at {
            let at: Result<jiff::Timestamp, _> = at.parse();
            let at = at.map_err(|_| {
                Failure::usage("`at` is not a time", "write it as 2026-01-31T12:00:00Z")
            })?;
            (settings.now, settings.at_given) = (at.as_second(), true);
        }
        if let Some(provider) = &who.provider {
            settings.provider = Some(match table::by_words(provider).first() {
                Some(known) if !table::names().any(|own| own == provider) => (*known).to_owned(),
                _ => provider.clone(),
            });
        }
        let token = token(reach, who)?;
        if let Some(token) = &token {
            sink::keep_back(token.secret.expose());
        }
        let scopes = who.scope.as_ref();
        Ok(Self {
            settings,
            credential: Credential {
                named: token.is_some(),
                scopes: scopes
                    .map(|list| ToldScopes::read(&list.replace(',', " "), ScopesFrom::Person)),
                kind: who.token_kind.clone(),
                permissions: who
                    .permissions
                    .as_ref()
                    .map(|list| list.iter().map(String::as_str).collect()),
                ..Credential::of(token.unwrap_or_else(Token::absent))
            },
        })
    }

    pub(super) fn declared(&self) -> Declared {
        Declared {
            credential: self.credential.clone(),
            ..job::declarations(&self.settings)
        }
    }
}

/// The token of the file or variable that was named.
fn token(reach: &Reach, who: &Who) -> Result<Option<Token>, Failure> {
    match (&who.token_file, &who.token_env) {
        (None, None) => Ok(None),
        (Some(path), None) => Ok(Some(Token::read(&reach.roots.read(path)?))),
        (None, Some(name)) if !reach.variables.contains(name) => Err(Failure::usage(
            "this server was not started with that environment variable",
            "start it with --token-env NAME",
        )),
        (None, Some(name)) => {
            let value = source::variable(name).ok_or_else(|| {
                Failure::new("input", "the environment variable is not set", None)
            })?;
            Ok(Some(Token::read(value.as_bytes())))
        }
        (Some(_), Some(_)) => Err(Failure::usage(
            "give either token_file or token_env",
            "a token comes from one of them",
        )),
    }
}

/// An answer in which what others wrote stands apart.
pub(super) fn apart(document: Value) -> Value {
    untrusted::separate(document)
}

/// A report of one diagnosis.
pub(super) fn reported(report: &Report, secret: &str) -> Result<Value, Failure> {
    let text = document::report(report, &Given::default());
    let value = apart(serde_json::from_str(&text).unwrap_or_default());
    sink::guard(&value.to_string(), &[secret])?;
    Ok(value)
}

/// Answers the tool `check`.
pub(super) fn check(reach: &Reach, args: &Check) -> Result<Value, Failure> {
    let asked = Asked::of(reach, &args.who)?;
    let target = Target::parse(&args.method, &args.url)?;
    let providers = job::providers(&asked.settings)?;
    let declared = asked.declared();
    let report = Report {
        diagnoses: vec![Judge::new(&providers, &declared).question(Some(target), None)?],
        ..Report::default()
    };
    reported(&report, declared.credential.token.secret.expose())
}

/// Answers the tool `needs`.
pub(super) fn needs(reach: &Reach, args: &Needs) -> Result<Value, Failure> {
    let asked = Asked::of(reach, &args.who)?;
    let targets = args.endpoints.iter().map(|text| {
        let (method, url) = text.trim().split_once(' ').unwrap_or(("GET", text));
        Ok(Target::parse(method, url.trim())?)
    });
    let targets = targets.collect::<Result<Vec<_>, Failure>>()?;
    let providers = job::providers(&asked.settings)?;
    let question = Question {
        targets: &targets,
        kind: args.who.token_kind.as_deref(),
        credential: &asked.credential,
        trust: asked.settings.trust,
        any_host: asked.settings.provider.is_some(),
    };
    let needs = Answer::of(&providers, &question)?.ok_or_else(needs::no_table)?;
    let value = apart(document::document(NEEDS, needs.value()));
    sink::guard(
        &value.to_string(),
        &[asked.credential.token.secret.expose()],
    )?;
    Ok(value)
}

/// Answers the tool `search_tables`.
pub(super) fn search(reach: &Reach, args: &Search) -> Result<Value, Failure> {
    let settings = Settings {
        provider: args
            .provider
            .clone()
            .or_else(|| reach.settings.provider.clone()),
        ..reach.settings.clone()
    };
    let mut found = Vec::new();
    for product in crate::cli::tables::in_force(&settings)? {
        let hits = table::search(&product.table, &args.words).into_iter();
        found.extend(hits.map(|(rank, rule)| (rank, product.id().to_owned(), rule)));
    }
    found.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
    let left_out = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let rows = found.iter().map(|(_, provider, rule)| {
        let mut row = json!(rule);
        row["provider"] = json!(provider);
        row
    });
    let rows: Vec<Value> = rows.collect();
    let members = json!({ "rows": rows, "left_out": left_out });
    Ok(document::document("why401.tables/1", members))
}

/// Answers the tool `cause`.
pub(super) fn cause(args: &Cause) -> Result<Value, Failure> {
    let causes = match &args.code {
        None => ALL.iter().map(|own| reference::one(own, false)).collect(),
        Some(code) => {
            let own = by_code(code).ok_or_else(|| {
                Failure::usage(
                    "there is no such cause or note",
                    "without a code all are listed",
                )
            })?;
            vec![reference::one(own, true)]
        }
    };
    let causes: Vec<Value> = causes;
    Ok(document::document(
        "why401.causes/1",
        json!({ "causes": causes }),
    ))
}

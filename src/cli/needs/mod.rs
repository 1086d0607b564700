//! `why401 needs`: the smallest set of scopes that opens these endpoints, for each kind of token.

pub(super) mod endpoints;
mod snippet;
mod text;

use super::Answer;
use super::args::NeedsArgs;
use super::error::Failure;
use super::job::{self, Settings};
use std::sync::Arc;
use why401_core::diagnose::Credential;
use why401_core::finding::Verdict;
use why401_core::http::Target;
use why401_core::output::{Format, json};
use why401_core::scope::ScopeSet;
use why401_core::table::{self, Compared, Match, Rule, Table};
use why401_core::triage::Product;

/// The operations of one question, split into known and unknown ones.
pub(super) struct Endpoints {
    pub(super) known: Vec<Rule>,
    pub(super) unknown: Vec<String>,
    /// How many belong to hosts that the table does not know.
    pub(super) elsewhere: usize,
}

/// Answers `needs`.
pub(super) fn needs(settings: &Settings, args: &NeedsArgs) -> Result<Answer, Failure> {
    let stdin = |path: &Option<std::path::PathBuf>| {
        path.as_deref().is_some_and(|path| path.as_os_str() == "-")
    };
    if stdin(&args.file) && stdin(&args.token.token_file) {
        return Err(Failure::usage(
            "both the endpoints and the token would be read from standard input",
            "put one of them into a file",
        ));
    }
    let targets = endpoints::targets(args)?;
    if targets.is_empty() {
        return Err(Failure::usage(
            "no endpoint was given",
            "give METHOD URL, a file of such lines or a HAR file with -f",
        ));
    }
    let product = product(settings, &targets, args.token.token_kind.as_deref())?;
    let table = &product.table;
    let credential = job::credential(&args.token)?;
    let held = held(&credential);
    let endpoints = look_up(settings, table, &targets);
    let called = args.token.token_kind.as_deref();
    let by_id = |kind| {
        table
            .provider
            .kind_called(kind)
            .map_or(kind, |own| own.id.as_str())
    };
    let wanted = called.map(by_id);
    let kinds = table::kinds(table, &endpoints.known, wanted);
    let compared = held
        .as_ref()
        .and_then(|held| table::compare(table, &kinds, &endpoints.known, held));
    if let Some(language) = args.snippet {
        let text = snippet::snippet(language, table, &targets[0], &kinds);
        return Ok(Answer::coded(text, code(&endpoints, compared.as_ref())));
    }
    let text = match settings.format {
        _ if args.scopes_only => {
            let main = table::main_kind(table, &kinds);
            main.map(|kind| kind.names("scope").join(" "))
                .unwrap_or_default()
                + "\n"
        }
        Format::Json => json::text(&text::value(table, &endpoints, &kinds, compared.as_ref())),
        Format::Jsonl => json::line(&text::value(table, &endpoints, &kinds, compared.as_ref())),
        _ => text::human(table, &endpoints, &kinds, compared.as_ref()),
    };
    Ok(Answer::coded(text, code(&endpoints, compared.as_ref())))
}

/// The table of the first endpoint that has one: recorded traffic holds others beside.
fn product(
    settings: &Settings,
    targets: &[Target],
    kind: Option<&str>,
) -> Result<Arc<Product>, Failure> {
    let providers = job::providers(settings)?;
    for target in targets {
        if let Some(product) = providers.judge_of(Some(target))? {
            product.check_kind(kind)?;
            return Ok(product);
        }
    }
    Err(Failure::usage(
        "no table names this host",
        "name a provider with --provider, or bring a table with --table",
    ))
}

fn held(credential: &Credential) -> Option<ScopeSet> {
    let told = credential.scopes.as_ref().map(|told| told.set.clone());
    told.or_else(|| why401_core::token::rights(credential.token.claims()?).scopes)
}

fn look_up(settings: &Settings, table: &Table, targets: &[Target]) -> Endpoints {
    let mut out = Endpoints {
        known: Vec::new(),
        unknown: Vec::new(),
        elsewhere: 0,
    };
    for target in targets {
        let host = target.host.as_deref();
        // With a provider named, an unknown host is a proxy of it.
        let foreign = host.is_some_and(|host| table.place(host).is_none());
        if foreign && settings.provider.is_none() {
            out.elsewhere += 1;
            continue;
        }
        match table.find(
            &target.method,
            host,
            &target.path_and_query(),
            settings.trust,
        ) {
            Match::Found(found) if out.known.contains(&found.rule) => {}
            Match::Found(found) => out.known.push(found.rule),
            _ => out
                .unknown
                .push(format!("{} {}", target.method, target.path)),
        }
    }
    out
}

fn code(endpoints: &Endpoints, compared: Option<&Compared>) -> u8 {
    let lacks = compared.is_some_and(|c| !c.lacking.is_empty());
    let open = !endpoints.unknown.is_empty() || endpoints.known.iter().any(|rule| rule.unknown);
    let verdict = match (lacks, open) {
        (true, _) => Verdict::Denied,
        (false, true) => Verdict::Unknown,
        (false, false) => Verdict::Clear,
    };
    verdict.exit_code()
}

//! `why401 tables show` and `search`: the rows of operations.

use super::in_force;
use crate::cli::Answer;
use crate::cli::error::Failure;
use crate::cli::job::{self, Settings};
use std::sync::Arc;
use why401_core::finding::Verdict;
use why401_core::http::Target;
use why401_core::output::tables::{self, Row};
use why401_core::table::{self, Match, Rule};
use why401_core::triage::{Product, ProviderError};

/// The methods under which a path alone is looked up.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What finds an operation that is not there by its path or name.
const SEARCH: &str = "`why401 tables search WORDS` looks in paths, names and scopes";

/// Rows of one provider.
type Hits = (Arc<Product>, Vec<Rule>);

/// Answers `show`: METHOD and path, a path or URL alone, or the name of an operation.
pub(super) fn show(settings: &Settings, operation: &[String]) -> Result<Answer, Failure> {
    match operation {
        [method, path] => by_path(settings, &[method], path),
        [path] if path.contains('/') => by_path(settings, &METHODS, path),
        names => by_name(settings, &names.join(" ")),
    }
}

fn by_path(settings: &Settings, methods: &[&str], path: &str) -> Result<Answer, Failure> {
    let targets = methods.iter().map(|method| Target::parse(method, path));
    let targets = targets.collect::<Result<Vec<_>, _>>()?;
    let Some(first) = targets.first() else {
        return Ok(none_fits(settings, &[]));
    };
    let judge = match job::providers(settings)?.judge_of(Some(first)) {
        Ok(Some(product)) => Some(product),
        Ok(None) => {
            return Err(Failure::usage(
                "no table names this host",
                "add --provider ID",
            ));
        }
        Err(ProviderError::PathAlone) => None,
        Err(other) => return Err(other.into()),
    };
    let products = match &judge {
        Some(product) => vec![Arc::clone(product)],
        None => in_force(settings)?,
    };
    let rows = |product: Arc<Product>| {
        let rules = at(settings, &product, &targets);
        (product, rules)
    };
    let mut hits: Vec<Hits> = products.into_iter().map(rows).collect();
    hits.retain(|(_, rules)| !rules.is_empty());
    let agreed = |hit: &Hits| literals(hit, &first.path);
    let most = hits.iter().map(agreed).max().unwrap_or_default();
    hits.retain(|hit| agreed(hit) == most);
    match (hits.as_slice(), judge) {
        ([], judge) => {
            let near = judge.map(|own| own.table.near(&first.method, &first.path, 5));
            let near = near.into_iter().flatten();
            let lines = near.map(|near| format!("near: {} {}", near.method, near.path));
            let mut lines: Vec<String> = lines.collect();
            if lines.is_empty() {
                lines.push(SEARCH.to_owned());
            }
            Ok(none_fits(settings, &lines))
        }
        ([_], _) => Ok(shown(settings, &hits)),
        _ => Ok(candidates(settings, &hits)),
    }
}

fn at(settings: &Settings, product: &Product, targets: &[Target]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for target in targets {
        let (host, path) = (target.host.as_deref(), target.path_and_query());
        let found = product
            .table
            .find(&target.method, host, &path, settings.trust);
        if let Match::Found(found) = found
            && !rules.contains(&found.rule)
        {
            rules.push(found.rule);
        }
    }
    rules
}

/// How many literal segments agree: `/{node}/{edge}` fits every path, and says nothing of whose it is.
fn literals((_, rules): &Hits, path: &str) -> usize {
    let asked: Vec<&str> = path.split('/').filter(|own| !own.is_empty()).collect();
    let literal = |rule: &Rule| {
        let segments = rule.path.split('/');
        segments.filter(|own| asked.contains(own)).count()
    };
    rules.iter().map(literal).max().unwrap_or_default()
}

fn by_name(settings: &Settings, name: &str) -> Result<Answer, Failure> {
    let named = |rule: &Rule| {
        let last = rule.path.rsplit('/').next().unwrap_or_default();
        let op = rule.op.as_deref().unwrap_or_default();
        op.eq_ignore_ascii_case(name) || last.eq_ignore_ascii_case(name)
    };
    let products = in_force(settings)?.into_iter();
    let mut hits: Vec<Hits> = products
        .map(|product| {
            let rules = product.table.rules().filter(named).collect();
            (product, rules)
        })
        .collect();
    hits.retain(|(_, rules)| !rules.is_empty());
    let count: usize = hits.iter().map(|(_, rules)| rules.len()).sum();
    Ok(match count {
        0 => none_fits(settings, &[SEARCH.to_owned()]),
        n if tables::is_many(n) => candidates(settings, &hits),
        _ => shown(settings, &hits),
    })
}

fn none_fits(settings: &Settings, more: &[String]) -> Answer {
    let text = tables::none(more, settings.format);
    Answer::coded(text, Verdict::Unknown.exit_code())
}

fn rows(hits: &[Hits]) -> Vec<Row<'_>> {
    hits.iter()
        .flat_map(|(product, rules)| rules.iter().map(|rule| (&product.table, rule)))
        .collect()
}

fn shown(settings: &Settings, hits: &[Hits]) -> Answer {
    Answer::clear(tables::rows(&rows(hits), settings.format))
}

/// Operations of several providers, none of which is the one that was meant for certain.
fn candidates(settings: &Settings, hits: &[Hits]) -> Answer {
    let text = tables::candidates(&rows(hits), settings.format);
    Answer::coded(text, Verdict::Unknown.exit_code())
}

/// Answers `search`.
pub(super) fn search(settings: &Settings, words: &[String]) -> Result<Answer, Failure> {
    let products = in_force(settings)?;
    let mut found = Vec::new();
    for product in &products {
        let hits = table::search(&product.table, words).into_iter();
        found.extend(hits.map(|(rank, rule)| (rank, &product.table, rule)));
    }
    let id = |own: &table::Table| own.provider.info.id.clone();
    found.sort_by(|one, other| (&one.0, id(one.1)).cmp(&(&other.0, id(other.1))));
    let rows: Vec<Row<'_>> = found.iter().map(|(_, own, rule)| (*own, rule)).collect();
    Ok(Answer::clear(tables::found(&rows, settings.format)))
}

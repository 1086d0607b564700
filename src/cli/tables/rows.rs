//! `why401 tables show` and `search`: the rows of operations.

use super::{SHOWN, describe, in_force, render};
use crate::cli::Answer;
use crate::cli::error::Failure;
use crate::cli::job::{self, Settings};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use why401_core::finding::Verdict;
use why401_core::http::Target;
use why401_core::output::escape;
use why401_core::table::{self, Match, Rule};
use why401_core::triage::{Product, ProviderError};

/// The methods under which a path alone is looked up.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// A search shows so many ways to open an operation.
const WAYS: usize = 3;

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
        return Ok(none_fits(settings, ""));
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
            let lines = near.map(|near| format!("near: {} {}\n", near.method, near.path));
            Ok(none_fits(settings, &lines.collect::<String>()))
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
        0 => none_fits(
            settings,
            "`why401 tables search WORDS` looks in paths, names and scopes\n",
        ),
        n if n > SHOWN => candidates(settings, &hits),
        _ => shown(settings, &hits),
    })
}

fn none_fits(settings: &Settings, more: &str) -> Answer {
    let human = || escape::terminal_lines(&format!("no row of the table fits\n{more}"));
    let text = render(settings, "rows", &[], human);
    Answer::coded(text, Verdict::Unknown.exit_code())
}

fn shown(settings: &Settings, hits: &[Hits]) -> Answer {
    let human = || {
        let mut out = String::new();
        for (product, rules) in hits {
            if hits.len() > 1 {
                let _ = writeln!(out, "{}", product.id());
            }
            out.push_str(&describe(&product.table, rules));
        }
        out
    };
    Answer::clear(render(settings, "rows", &values(hits), human))
}

/// Operations of several providers, none of which is the one that was meant for certain.
fn candidates(settings: &Settings, hits: &[Hits]) -> Answer {
    let human = || {
        let all = hits
            .iter()
            .flat_map(|(product, rules)| rules.iter().map(move |rule| (product, rule)));
        let rows: Vec<(&Product, &Rule)> = all.map(|(product, rule)| (&**product, rule)).collect();
        let lines = listed(&rows);
        format!("{lines}several operations fit: add --provider ID, or give METHOD and path\n")
    };
    let text = render(settings, "rows", &values(hits), human);
    Answer::coded(text, Verdict::Unknown.exit_code())
}

/// Answers `search`.
pub(super) fn search(settings: &Settings, words: &[String]) -> Result<Answer, Failure> {
    let products = in_force(settings)?;
    let mut found = Vec::new();
    for product in &products {
        let hits = table::search(&product.table, words).into_iter();
        found.extend(hits.map(|(rank, rule)| (rank, &**product, rule)));
    }
    found.sort_by(|one, other| (&one.0, one.1.id()).cmp(&(&other.0, other.1.id())));
    let rows: Vec<(&Product, &Rule)> = found.iter().map(|(_, own, rule)| (*own, rule)).collect();
    let all: Vec<Value> = rows.iter().map(|(own, rule)| value(own, rule)).collect();
    let human = || match rows.len() {
        0 => "no operation has all these words\n".to_owned(),
        1 => describe(&rows[0].0.table, std::slice::from_ref(rows[0].1)),
        _ => listed(&rows),
    };
    Ok(Answer::clear(render(settings, "rows", &all, human)))
}

/// A line for each operation, and how many are not shown.
fn listed(rows: &[(&Product, &Rule)]) -> String {
    let mut out = String::new();
    for (product, rule) in rows.iter().take(SHOWN) {
        let old = if rule.deprecated {
            "  (deprecated)"
        } else {
            ""
        };
        let name = rule.name();
        let _ = writeln!(
            out,
            "{:14} {name}{old}  {}",
            product.id(),
            ways(product, rule)
        );
    }
    if rows.len() > SHOWN {
        let more = rows.len() - SHOWN;
        let _ = writeln!(out, "{more} more; --format jsonl has them all");
    }
    escape::terminal_lines(&out)
}

/// What the provider's usual kind of token needs, in a few words.
fn ways(product: &Product, rule: &Rule) -> String {
    let usual = product.table.provider.info.default_kind.as_deref();
    let gates = usual.and_then(|kind| rule.need.get(kind));
    let Some(gates) = gates.or_else(|| rule.need.values().next()) else {
        return "not known".to_owned();
    };
    let mut out = Vec::new();
    for need in gates.values() {
        let more = if need.len() > WAYS { " | ..." } else { "" };
        let first = need.iter().take(WAYS).map(|set| {
            let names: Vec<&str> = set.iter().map(|name| short(name)).collect();
            names.join(" and ")
        });
        out.push(first.collect::<Vec<_>>().join(" | ") + more);
    }
    match (out.is_empty(), rule.unknown) {
        (true, true) => "not known".to_owned(),
        (true, false) => "nothing more".to_owned(),
        _ => out.join("; "),
    }
}

/// A name that is an address, as people call it: its last part.
fn short(name: &str) -> &str {
    let address = name.starts_with("https://") || name.starts_with("http://");
    let last = name.trim_end_matches('/').rsplit('/').next();
    last.filter(|_| address).unwrap_or(name)
}

fn values(hits: &[Hits]) -> Vec<Value> {
    let of = |(product, rules): &Hits| -> Vec<Value> {
        rules.iter().map(|rule| value(product, rule)).collect()
    };
    hits.iter().flat_map(of).collect()
}

/// A row as the documents have it, with whose it is.
fn value(product: &Product, rule: &Rule) -> Value {
    let mut row = json!(rule);
    row["provider"] = product.id().into();
    row
}

//! From vendors' machine-readable documents to rows: facts only, deterministic, every doubt named.

mod discovery;
mod family;
mod graph;
mod merge;
mod openapi;
mod plain;
mod rows;
mod starter;
mod stone;

pub use discovery::discovery;
pub use graph::graph;
pub use merge::merge;
pub use openapi::openapi;
pub use plain::plain;
pub use starter::starter;
pub use stone::stone;

use rows::Rows;

use super::model::{Kind, Needs, Rule, Source};
use crate::scope::ListReading;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One document to import.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its name, for places; references to other files are relative to it.
    pub name: String,
    /// Its text, JSON or YAML.
    pub text: String,
}

/// How to read the documents.
pub struct Options<'a> {
    /// What is known of the provider, where its file is there already.
    pub provider: Option<&'a super::Provider>,
    /// The id of the source that the rows name.
    pub source: String,
    /// How a list of scopes is meant.
    pub reading: ListReading,
    /// Finds a file that a document refers to by its path; `None` where it may not or cannot be read.
    pub find: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Options<'a> {
    fn source(&self) -> Option<&'a Source> {
        let sources = &self.provider?.source;
        sources.iter().find(|source| source.id == self.source)
    }

    /// The declared kinds that meet a gate.
    fn kinds_with(&self, gate: &str) -> Vec<&Kind> {
        let kinds = self.provider.map_or(&[][..], |p| &p.kind);
        kinds
            .iter()
            .filter(|kind| kind.gates.iter().any(|own| own == gate))
            .collect()
    }
}

/// What came of an import.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Imported {
    /// The rows, sorted by path, method, host and query.
    pub rules: Vec<Rule>,
    /// Counts for the summary.
    pub counts: Counts,
    /// What could not be read, or is doubtful: place and reason.
    pub doubts: Vec<(String, String)>,
    /// Security schemes seen, with the number of operations that use them.
    pub schemes: BTreeMap<String, usize>,
    /// The servers' hosts.
    pub hosts: BTreeSet<String>,
    /// The servers' paths, which stand before every template.
    pub bases: BTreeSet<String>,
}

/// Counts for the summary.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// Documents read.
    pub documents: usize,
    /// Rows.
    pub operations: usize,
    /// Rows that ask for a scope.
    pub with_scopes: usize,
    /// Rows with two or more names in one list: where the reading matters.
    pub lists: usize,
    /// Rows that need no token.
    pub anonymous: usize,
    /// Rows whose requirement is not known.
    pub unknown: usize,
    /// Rows marked deprecated.
    pub deprecated: usize,
    /// Rows with a doubt.
    pub doubtful: usize,
}

/// A kind that is admitted without a requirement takes that of the kind it is like, as far as it meets the gates; one
/// of which the document has no scheme is admitted wherever that kind is.
fn share(kinds: &[Kind], rules: &mut [Rule]) {
    for kind in kinds {
        let Some(like) = &kind.like else {
            continue;
        };
        for rule in rules.iter_mut() {
            let silent = match rule.need.get(&kind.id) {
                Some(need) => need.is_empty(),
                None => kind.schemes.is_empty() && !rule.deny.contains(&kind.id),
            };
            if let (true, Some(need)) = (silent, rule.need.get(like)) {
                let meets = need.iter().filter(|(gate, _)| kind.gates.contains(*gate));
                let need = meets.map(|(gate, need)| (gate.clone(), need.clone()));
                rule.need.insert(kind.id.clone(), need.collect());
            }
        }
    }
}

fn count(out: &mut Imported) {
    for rule in &out.rules {
        let lists = || rule.need.values().filter_map(|gates| gates.get("scope"));
        out.counts.operations += 1;
        out.counts.with_scopes += usize::from(lists().next().is_some());
        out.counts.lists += usize::from(lists().any(|need| need.iter().flatten().count() > 1));
        out.counts.anonymous += usize::from(rule.is_anonymous());
        out.counts.unknown += usize::from(rule.unknown);
        out.counts.deprecated += usize::from(rule.deprecated);
        out.counts.doubtful += usize::from(!rule.doubt.is_empty());
    }
}

/// A row that says nothing yet but what it needs and who says so.
fn row(method: &str, path: &str, need: Needs, source: &str) -> Rule {
    Rule {
        need,
        src: vec![source.to_owned()],
        ..Rule::of(&method.to_ascii_uppercase(), path)
    }
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Reads JSON, or else YAML.
fn parse(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|e| {
            format!(
                "is not valid JSON (line {}, column {})",
                e.line(),
                e.column()
            )
        });
    }
    // The documents are the user's own choice and large; the budget guards against alias bombs, not size.
    let options = serde_saphyr::options! {
        budget: None,
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::LastWins,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error
            .location()
            .map(|at| format!(" (line {}, column {})", at.line(), at.column()))
            .unwrap_or_default();
        format!("is not valid YAML{place}")
    })
}

//! From vendors' machine-readable documents to rows: facts only, deterministic, every doubt named.

mod openapi;

pub use openapi::openapi;

use super::rule::Rule;
use crate::scope::Reading;
use std::collections::BTreeMap;

/// One document to import.
#[derive(Debug)]
pub struct Document {
    /// Its name, for places.
    pub name: String,
    /// Its text, JSON or YAML.
    pub text: String,
}

/// How to read the documents.
#[derive(Debug)]
pub struct Options<'a> {
    /// What is known of the provider, where its file is there already.
    pub provider: Option<&'a super::Provider>,
    /// The id of the source that the rows name.
    pub source: String,
    /// How a list of scopes is meant.
    pub reading: Reading,
}

/// What came of an import.
#[derive(Debug, Default)]
pub struct Imported {
    /// The rows, sorted by path and method.
    pub rules: Vec<Rule>,
    /// Counts for the summary.
    pub counts: Counts,
    /// What could not be read, or is doubtful: place and reason.
    pub doubts: Vec<(String, String)>,
    /// Security schemes seen, with the number of operations that use them.
    pub schemes: BTreeMap<String, usize>,
    /// Base paths of the documents' servers.
    pub bases: Vec<String>,
}

/// Counts for the summary.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
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

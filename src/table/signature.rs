//! The format `scope-table/1`, its refusals: how a provider words them, and what they may mean.

use super::model::Trust;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the provider words one refusal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorSignature {
    /// Its id.
    pub id: String,
    /// Statuses it comes with; empty: any.
    #[serde(default)]
    pub status: Vec<u16>,
    /// JSON pointers and the values found there.
    #[serde(default)]
    pub json: BTreeMap<String, String>,
    /// Headers and patterns of their values.
    #[serde(default)]
    pub header: BTreeMap<String, String>,
    /// A pattern of the body.
    #[serde(default)]
    pub re: Option<String>,
    /// How to take the needed names out of the text.
    #[serde(default)]
    pub need: Option<Names>,
    /// How to take the held names out of the text.
    #[serde(default)]
    pub have: Option<Names>,
    /// The gate it speaks of.
    #[serde(default)]
    pub gate: Option<String>,
    /// The causes it may mean, the likeliest first.
    #[serde(default)]
    pub means: Vec<String>,
    /// How far it can be trusted.
    #[serde(default)]
    pub trust: Option<Trust>,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

/// Names inside a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// A pattern whose first group holds them.
    #[serde(default)]
    pub re: Option<String>,
    /// The group of the signature's own pattern that holds them.
    #[serde(default)]
    pub group: Option<usize>,
    /// A JSON pointer to them.
    #[serde(default)]
    pub json: Option<String>,
    /// A response header with them.
    #[serde(default)]
    pub header: Option<String>,
    /// What separates them.
    #[serde(default)]
    pub split: Option<String>,
    /// Whether `any` of them is enough or `all` are needed.
    #[serde(default)]
    pub join: Option<String>,
}

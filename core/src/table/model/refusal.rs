//! The format `scope-table/1`, its refusals: how a provider words them, and what they may mean.

use super::{Principal, Trust};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the provider words one refusal. Every condition that is given has to hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ErrorSignature {
    /// Its id.
    pub id: String,
    /// Statuses it comes with; empty: any but success.
    #[serde(default)]
    pub status: Vec<u16>,
    /// JSON pointers (`*` for every element) and the values found there, one of several; in a body that is not JSON the
    /// value stands as a word.
    #[serde(default)]
    pub json: BTreeMap<String, Values>,
    /// Response headers and patterns of their values.
    #[serde(default)]
    pub header: BTreeMap<String, String>,
    /// A pattern of what the server said: body, challenge, status line.
    #[serde(default)]
    pub re: Option<String>,
    /// Request headers and patterns of their values.
    #[serde(default)]
    pub sent: BTreeMap<String, String>,
    /// A pattern of the request's URL.
    #[serde(default)]
    pub url: Option<String>,
    /// Methods it answers; empty: any.
    #[serde(default)]
    pub method: Vec<String>,
    /// The principal it answers, as far as the grant tells it.
    #[serde(default)]
    pub principal: Option<Principal>,
    /// The form of the token it answers: `jwt`, `opaque`, `absent`.
    #[serde(default)]
    pub token: Option<String>,
    /// How to take the needed names out of the answer.
    #[serde(default)]
    pub need: Option<Names>,
    /// How to take the held names out of the answer.
    #[serde(default)]
    pub have: Option<Names>,
    /// The gate it speaks of.
    #[serde(default)]
    pub gate: Option<String>,
    /// The causes it may mean, the likeliest first.
    #[serde(default)]
    pub means: Vec<String>,
    /// What it means, in a sentence.
    #[serde(default)]
    pub say: Option<String>,
    /// What to do.
    #[serde(default)]
    pub fix: Option<String>,
    /// The fact or request that would tell its causes apart.
    #[serde(default)]
    pub ask: Option<String>,
    /// How far it can be trusted.
    #[serde(default)]
    pub trust: Option<Trust>,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

/// One value or several, any of which will do; `*` is any.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Values {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Values {
    /// The values.
    pub fn list(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// Names inside an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// A pattern of one name: what fits it is taken out, in place of splitting.
    #[serde(default)]
    pub item: Option<String>,
    /// Whether `any` of them is enough or `all` are needed.
    #[serde(default)]
    pub join: Option<String>,
}

/// Response headers in which a server states what an action accepts and what the token has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StatedScopes {
    /// The header with what is accepted.
    #[serde(alias = "name")]
    pub accepted: String,
    /// The header with what the token has, where there is one.
    #[serde(default)]
    pub granted: Option<String>,
    /// What separates names, or alternatives.
    #[serde(default, alias = "split_any")]
    pub split: Option<String>,
    /// What separates names that are needed together: accepted, since tables state it; `split` alone is read.
    #[serde(default)]
    pub split_all: Option<String>,
    /// The gate that the names belong to; absent: the scope.
    #[serde(default)]
    pub gate: Option<String>,
    /// The kinds of token it speaks of; empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Whether `any` accepted name is enough or `all` are needed.
    #[serde(default)]
    pub join: Option<String>,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

/// A sign in an answer that only one provider leaves. Every condition that is given has to hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AnswerMark {
    /// A response header; alone: that it is there.
    #[serde(default)]
    pub header: Option<String>,
    /// A pattern of that header's value, or of what the server said.
    #[serde(default)]
    pub re: Option<String>,
    /// JSON pointers (RFC 6901) and the values found there, one of several; `*` is any text, number or boolean.
    #[serde(default)]
    pub json: BTreeMap<String, Values>,
}

//! The format `scope-table/1`, its refusals: how a provider words them, and what they may mean.

use super::load::Table;
use super::model::{Principal, Source, Trust};
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the provider words one refusal. Every condition that is given has to hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorSignature {
    /// Its id.
    pub id: String,
    /// Statuses it comes with; empty: any but success.
    #[serde(default)]
    pub status: Vec<u16>,
    /// JSON pointers (`*` for every element) and the values found there, one of several; in a body that is no JSON the
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

/// A signature with its patterns ready to match.
#[derive(Debug)]
pub struct Refusal {
    /// What was declared.
    pub signature: ErrorSignature,
    /// The pattern of what the server said.
    pub re: Option<Regex>,
    /// Response headers and their patterns.
    pub header: Vec<(String, Regex)>,
    /// Request headers and their patterns.
    pub sent: Vec<(String, Regex)>,
    /// The pattern of the URL.
    pub url: Option<Regex>,
}

impl Refusal {
    /// `None` where a pattern is no regular expression: the lint names it.
    fn of(signature: ErrorSignature) -> Option<Self> {
        let pattern = |text: &Option<String>| match text {
            Some(text) => Regex::new(text).ok().map(Some),
            None => Some(None),
        };
        let patterns = |map: &BTreeMap<String, String>| -> Option<Vec<(String, Regex)>> {
            map.iter()
                .map(|(name, text)| Some((name.clone(), Regex::new(text).ok()?)))
                .collect()
        };
        Some(Self {
            re: pattern(&signature.re)?,
            header: patterns(&signature.header)?,
            sent: patterns(&signature.sent)?,
            url: pattern(&signature.url)?,
            signature,
        })
    }

    /// Whether it goes by the status alone: such a signature yields to any that knows more.
    pub fn is_bare(&self) -> bool {
        self.re.is_none()
            && self.header.is_empty()
            && self.sent.is_empty()
            && self.signature.json.is_empty()
    }
}

/// Response headers in which a server states what an action accepts and what the token has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// What separates names that are needed together.
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

/// How one provider refuses.
#[derive(Debug)]
pub struct Refusals {
    /// The provider's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its signatures, the more telling first.
    pub list: Vec<Refusal>,
    /// Headers in which it states scopes.
    pub stated: Vec<StatedScopes>,
    /// Which scope includes which.
    pub implies: Vec<crate::scope::Implication>,
    /// A response header with the id of the request, for a ticket.
    pub correlation: Vec<String>,
    sources: Vec<Source>,
}

impl Refusals {
    /// The signatures of a table, ready to match.
    pub fn of(table: &Table) -> Self {
        let provider = &table.provider;
        Self {
            id: provider.provider.id.clone(),
            name: provider.provider.name.clone(),
            list: table
                .signatures()
                .into_iter()
                .filter_map(Refusal::of)
                .collect(),
            stated: provider.accepts_header.clone(),
            implies: provider.implies.clone(),
            correlation: provider.provider.correlation.clone(),
            sources: provider.source.clone(),
        }
    }

    /// The source of that id.
    pub fn source(&self, id: Option<&str>) -> Option<&Source> {
        let id = id.or_else(|| self.sources.first().map(|s| s.id.as_str()))?;
        self.sources.iter().find(|source| source.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_signature_compiles_and_names_its_source() {
        for id in crate::table::names() {
            let table = crate::table::shipped(id).expect("shipped").expect("sound");
            let declared = table.signatures();
            let refusals = Refusals::of(&table);
            for signature in &declared {
                let ready = refusals.list.iter().any(|r| r.signature.id == signature.id);
                assert!(ready, "{id}: {} has a broken pattern", signature.id);
                let names = [&signature.need, &signature.have];
                let patterns = names.into_iter().flatten();
                for pattern in patterns.flat_map(|n| n.re.iter().chain(&n.item)) {
                    assert!(Regex::new(pattern).is_ok(), "{id}: {}", signature.id);
                }
            }
            let mut ids: Vec<&str> = declared.iter().map(|s| s.id.as_str()).collect();
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), count, "{id}: an id stands twice");
        }
    }
}

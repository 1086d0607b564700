//! The format `scope-table/1`, its generated half: one row, an operation and what it asks for.

use super::Trust;
use crate::scope::{ListReading, Need};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// A published operation to use in place of this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Instead {
    /// Its method.
    pub method: String,
    /// Its path template.
    pub path: String,
    /// Who uses it.
    #[serde(rename = "for")]
    pub used_by: String,
    /// The kinds of token that it is meant for; empty: all that its row admits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
}

/// Names that are enough in one case only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Partly {
    /// The names, all of them; empty: nothing at all is needed in this case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub has: Vec<String>,
    /// The case, in words: "the repository is public".
    pub when: String,
    /// What the call answers with in this case, where that is an answer and no refusal, as the end of a sentence:
    /// "answers with the number of followers only". Then the names open it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// The kinds of token for which it holds; empty: every kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
}

/// What an operation needs, by kind and gate.
pub(crate) type Needs = BTreeMap<String, BTreeMap<String, Need>>;

/// One row: an operation and its requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// The method, or `*`.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The host, where it is not the provider's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Query that belongs to the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Any-of all-of sets by kind and gate. A kind that is missing cannot call the operation; `{}` needs nothing more.
    #[serde(default)]
    pub need: Needs,
    /// Kinds that are refused although they would be expected to work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// How the alternatives are meant.
    #[serde(default, skip_serializing_if = "is_exact")]
    pub sem: ListReading,
    /// Conditions, parallel to the alternatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<String>,
    /// Names that are enough in one case only: they never open, and keep from denying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partly: Vec<Partly>,
    /// The smallest sufficient set by kind, where the vendor names one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub least: BTreeMap<String, Vec<String>>,
    /// Whether the requirement is not known: of the kinds that `need` leaves out or says nothing of.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unknown: bool,
    /// Whether the operation is deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// The vendor's operation id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<String>,
    /// States such as Beta.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// Error codes the operation declares that refuse a kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What is doubtful about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubt: Vec<String>,
    /// Names said not to suffice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insufficient: Vec<String>,
    /// Published operations to use in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<Instead>,
    /// A remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Sources: `id` or `id#pointer`.
    #[serde(
        default,
        deserialize_with = "string_or_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub src: Vec<String>,
    /// How far it can be trusted; absent: as its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
    /// What the call is about, where the values of its path's variables say so: `contact`.
    #[serde(skip)]
    pub about: Vec<String>,
}

impl Rule {
    /// A row of which nothing is known but that it exists.
    pub fn of(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            host: None,
            query: None,
            need: Needs::new(),
            deny: Vec::new(),
            sem: ListReading::All,
            when: Vec::new(),
            least: BTreeMap::new(),
            unknown: false,
            partly: Vec::new(),
            deprecated: false,
            op: None,
            states: Vec::new(),
            errors: Vec::new(),
            doubt: Vec::new(),
            insufficient: Vec::new(),
            instead: Vec::new(),
            note: None,
            src: Vec::new(),
            trust: None,
            about: Vec::new(),
        }
    }

    /// `GET /api/v2/users/me`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The kinds that may call the operation, in the provider's order where it declares one.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.need
            .keys()
            .map(String::as_str)
            .filter(|kind| !self.deny.iter().any(|denied| denied == kind))
    }

    /// Whether a gate has several alternatives.
    pub(crate) fn has_choice(&self) -> bool {
        let mut needs = self.need.values().flat_map(BTreeMap::values);
        needs.any(|need| need.iter().map(Vec::len).sum::<usize>() > 1)
    }

    /// Whether it does not know all that this kind needs.
    pub fn is_silent_for(&self, kind: &str) -> bool {
        let told = |gates: &BTreeMap<String, Need>| {
            !gates.is_empty() && gates.values().all(|need| !need.is_empty())
        };
        self.unknown && !self.need.get(kind).is_some_and(told)
    }

    /// Whether no token is needed.
    pub fn is_anonymous(&self) -> bool {
        self.need.get("anonymous").is_some_and(BTreeMap::is_empty)
    }
}

// serde hands a reference to `skip_serializing_if`.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_exact(reading: &ListReading) -> bool {
    *reading == ListReading::All
}

fn string_or_list<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shape {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Shape::deserialize(input)? {
        Shape::One(text) => vec![text],
        Shape::Many(list) => list,
    })
}

//! Where rows come from, and how a source states its requirements.

use super::Trust;
use crate::scope::ListReading;
use serde::{Deserialize, Deserializer};

/// What it proves that a source does not list a held name at an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Denies {
    /// That the name does not open it: the source is complete and current.
    #[default]
    Always,
    /// The same, for names that the table has heard of; a name that it has not may be newer than the source.
    KnownNames,
    /// Nothing: the source lists a part of what opens an operation.
    Never,
}

/// A source is good for so many days where it does not say otherwise.
const LIFE: u32 = 365;

/// Where statements come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// The id that rows name.
    pub id: String,
    /// `openapi2`, `manual`, `report` ...
    #[serde(default)]
    pub kind: String,
    /// Repository or address.
    #[serde(default)]
    pub from: String,
    /// File inside it.
    #[serde(default)]
    pub path: Option<String>,
    /// Version of it.
    #[serde(default)]
    pub commit: Option<String>,
    /// Date of publication, or of reading.
    #[serde(default, deserialize_with = "date")]
    pub date: Option<String>,
    /// Licence of the source.
    #[serde(default)]
    pub licence: Option<String>,
    /// How many days it is good for; absent: a year.
    #[serde(default)]
    pub life: Option<u32>,
    /// The script that makes rows of the source's own documents, where no importer reads them.
    #[serde(default)]
    pub reader: Option<String>,
    /// Checksum of the source.
    #[serde(default)]
    pub sha256: Option<String>,
    /// What converted it.
    #[serde(default)]
    pub importer: Option<String>,
    /// How its scope lists are meant.
    #[serde(default)]
    pub lists: Option<ListReading>,
    /// Why they are read so.
    #[serde(default)]
    pub lists_why: Option<String>,
    /// The extension that holds permissions: `{type: ANY|ALL, permissions: [...]}`.
    #[serde(default)]
    pub permissions: Option<String>,
    /// Further extensions that state a requirement.
    #[serde(default)]
    pub extension: Vec<Extension>,
    /// Sentences of descriptions that state a requirement.
    #[serde(default)]
    pub prose: Vec<Prose>,
    /// Whether every operation can be called with any method.
    #[serde(default)]
    pub any_method: bool,
    /// How names are meant that an entry asks for besides its own: `all` or `any`.
    #[serde(default)]
    pub also_requires: Option<String>,
    /// How far the source's own mark of the smallest name can be trusted: what a document may say, and nothing is judged by.
    #[serde(default)]
    pub trust_least: Option<Trust>,
    /// The extension under a response that lists its error codes.
    #[serde(default)]
    pub errors: Option<String>,
    /// What an operation without any `security` means: `anonymous`, or unknown.
    #[serde(default)]
    pub undeclared: Option<String>,
    /// What the absence of a name proves.
    #[serde(default)]
    pub denies: Denies,
    /// Why it proves that: age, completeness, reading.
    #[serde(default)]
    pub denies_why: Option<String>,
    /// Set to `unknown` where a scheme without scopes says that a token is needed, and not that it needs no scope.
    #[serde(default)]
    pub bare: Option<String>,
    /// Security schemes that cannot list scopes although their tokens carry them: the lists of the others hold for them.
    #[serde(default)]
    pub unscoped: Vec<String>,
    /// Whether a kind that a row does not name is unknown, not shut out.
    #[serde(default)]
    pub piecemeal: bool,
    /// Set to `unknown` where an empty `security` list cannot mean that no token is needed.
    #[serde(default)]
    pub empty: Option<String>,
    /// How far it can be trusted.
    #[serde(default)]
    pub trust: Option<Trust>,
}

/// An `x-` member of an operation that states what is required.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Extension {
    /// Its name; empty: the operation itself.
    pub name: String,
    /// The gate whose names it holds.
    pub gate: String,
    /// The kinds it speaks of; empty: every kind that meets the gate.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Whether it is a list of alternatives, each an object.
    #[serde(default)]
    pub each: bool,
    /// JSON pointer to the names inside; absent: the value itself.
    #[serde(default)]
    pub names: Option<String>,
    /// JSON pointer to a word that says how the names are meant: ALL or AND, ANY or OR, OPEN for none at all.
    #[serde(default)]
    pub operator: Option<String>,
    /// What separates several names in one text.
    #[serde(default)]
    pub split: Option<String>,
    /// How several names are meant where no operator says so; absent: as the source's lists.
    #[serde(default)]
    pub lists: Option<ListReading>,
    /// JSON pointer to a state such as Beta.
    #[serde(default)]
    pub state: Option<String>,
    /// Values that close the operation to these kinds.
    #[serde(default)]
    pub closed: Vec<String>,
    /// Level words appended as `name:level`: JSON pointer to the level.
    #[serde(default)]
    pub level: Option<String>,
}

/// A sentence in descriptions that states what is required.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Prose {
    /// A regular expression; its groups capture the names.
    pub re: String,
    /// The gate.
    pub gate: String,
    /// The kinds; empty: every kind that meets the gate.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The characters that separate several names in one captured text.
    #[serde(default)]
    pub split: Option<String>,
    /// How several captured names are meant.
    #[serde(default)]
    pub lists: Option<ListReading>,
    /// The only case in which each captured name is enough, where the sentence says so; empty: in every case.
    #[serde(default)]
    pub when: Vec<String>,
    /// The only case in which the sentence applies; then the requirement of the other cases is not known.
    #[serde(default)]
    pub only: Option<String>,
}

impl Source {
    /// Whether its statements are found piece by piece: a kind that a row does not name is then unknown, not shut out.
    pub fn is_piecemeal(&self) -> bool {
        self.piecemeal || !self.prose.is_empty()
    }

    /// The extensions that state a requirement, the short form among them.
    pub fn extensions(&self) -> Vec<Extension> {
        let short = self.permissions.as_ref().map(|name| Extension {
            name: name.clone(),
            gate: "permission".to_owned(),
            kinds: Vec::new(),
            each: false,
            names: Some("/permissions".to_owned()),
            operator: Some("/type".to_owned()),
            split: None,
            lists: Some(ListReading::Any),
            state: None,
            closed: Vec::new(),
            level: None,
        });
        short.into_iter().chain(self.extension.clone()).collect()
    }

    /// Its address, with the file inside it.
    pub fn address(&self) -> String {
        match &self.path {
            Some(path) => format!("{} {path}", self.from),
            None => self.from.clone(),
        }
    }

    /// How old it is on a day (`2026-01-31`), in days; `None` where it has no date, or the day is none.
    pub fn age(&self, today: &str) -> Option<i64> {
        let date: jiff::civil::Date = self.date.as_deref()?.parse().ok()?;
        let today: jiff::civil::Date = today.parse().ok()?;
        Some(date.duration_until(today).as_hours() / 24)
    }

    /// Whether it is older on that day than it is good for.
    pub fn is_old(&self, today: &str) -> bool {
        let life = i64::from(self.life.unwrap_or(LIFE));
        self.age(today).is_some_and(|age| age > life)
    }

    /// Whether it is one person's report and no publication.
    pub fn is_report(&self) -> bool {
        self.kind == "report"
    }
}

pub(super) fn date<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shape {
        Text(String),
        Date(toml::value::Datetime),
    }
    Ok(Some(match Shape::deserialize(input)? {
        Shape::Text(text) => text,
        Shape::Date(date) => date.to_string(),
    }))
}

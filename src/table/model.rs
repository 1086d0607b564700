//! The format `scope-table/1`, its hand-written half: what `provider.toml` says of a provider.

use super::paths::{Case, Paths};
use super::rule::Rule;
use super::signature::{ErrorSignature, StatedScopes};
use crate::scope::{Implication, Need, Reading};
use regex_lite::Regex;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// How far a row can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Trust {
    /// The vendor's own file or page.
    A,
    /// Several independent sources agree.
    B,
    /// One report, or an inference.
    C,
}

impl Trust {
    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// Everything about a provider but its rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// `scope-table/1`.
    pub format: String,
    /// Who it is.
    pub provider: ProviderInfo,
    /// Where statements come from.
    #[serde(default)]
    pub source: Vec<Source>,
    /// How scope names are built.
    #[serde(default)]
    pub scopes: Grammar,
    /// API and login hosts.
    #[serde(default)]
    pub host: Vec<Host>,
    /// The locks.
    #[serde(default)]
    pub gate: Vec<Gate>,
    /// The kinds of token.
    #[serde(default)]
    pub kind: Vec<Kind>,
    /// Which scope includes which.
    #[serde(default)]
    pub implies: Vec<Implication>,
    /// Endpoints that tell what a token holds.
    #[serde(default, deserialize_with = "one_or_many")]
    pub control: Vec<Control>,
    /// How refusals are worded.
    #[serde(default)]
    pub error: Vec<ErrorSignature>,
    /// Overrides: paths closed to some kinds.
    #[serde(default)]
    pub deny_path: Vec<DenyPath>,
    /// Explanations that the provider's documents rule out.
    #[serde(default)]
    pub ruled_out: Vec<RuledOut>,
    /// Paths that are often asked for and stand elsewhere.
    #[serde(default)]
    pub elsewhere: Vec<Elsewhere>,
    /// Rows written by hand.
    #[serde(default)]
    pub rule: Vec<Rule>,
    /// How paths are compared.
    #[serde(default)]
    pub paths: Paths,
    /// Orders of permission levels.
    #[serde(default)]
    pub levels: Levels,
    /// Safe requests.
    #[serde(default)]
    pub probe: Vec<toml::Value>,
    /// Headers in which the server states what it accepts.
    #[serde(default)]
    pub accepts_header: Vec<StatedScopes>,
    /// Signs in its answers that no other provider leaves.
    #[serde(default)]
    pub mark: Vec<super::who::Mark>,
}

impl Provider {
    /// The kind of that id.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kind.iter().find(|kind| kind.id == id)
    }

    /// The gate of that id.
    pub fn gate(&self, id: &str) -> Option<&Gate> {
        self.gate.iter().find(|gate| gate.id == id)
    }
}

impl Grammar {
    /// The grammar, ready to match; `None` where there is none, or where it is no regular expression (see the lint).
    pub fn pattern(&self) -> Option<Regex> {
        Regex::new(self.grammar.as_deref()?).ok()
    }
}

impl Grammar {
    /// A name without the prefix that is taken off before comparing.
    pub fn stripped<'n>(&self, name: &'n str) -> &'n str {
        let without = |prefix: &String| {
            let start = name.get(..prefix.len())?;
            let same = match self.case {
                Case::Sensitive => start == prefix,
                Case::Insensitive => start.eq_ignore_ascii_case(prefix),
            };
            same.then(|| &name[prefix.len()..])
        };
        self.strip_prefix.iter().find_map(without).unwrap_or(name)
    }
}

impl Gate {
    /// The grammar of this gate's names, ready to match.
    pub fn pattern(&self) -> Option<Regex> {
        Regex::new(self.grammar.as_deref()?).ok()
    }
}

/// Who the provider is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderInfo {
    /// The id used on the command line.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What people call it, in lower-case words: how it is told from a free text.
    #[serde(default)]
    pub words: Vec<String>,
    /// Response headers with the id of a request, for a ticket.
    #[serde(default)]
    pub correlation: Vec<String>,
    /// Its documentation.
    #[serde(default)]
    pub docs: Option<String>,
    /// The kind assumed where nothing tells it.
    #[serde(default)]
    pub default_kind: Option<String>,
    /// What its access tokens look like: `opaque` or `jwt`.
    #[serde(default)]
    pub token_form: Option<String>,
    /// Where that is said.
    #[serde(default)]
    pub token_form_why: Option<String>,
    /// What the table leaves out, where it does not hold every published operation: then an unknown path proves nothing.
    #[serde(default)]
    pub partial: Option<String>,
}

/// Where statements come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Checksum of the source.
    #[serde(default)]
    pub sha256: Option<String>,
    /// What converted it.
    #[serde(default)]
    pub importer: Option<String>,
    /// How its scope lists are meant.
    #[serde(default)]
    pub lists: Option<Reading>,
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
    /// How far the source's own mark of the smallest name can be trusted.
    #[serde(default)]
    pub trust_least: Option<Trust>,
    /// The extension under a response that lists its error codes.
    #[serde(default)]
    pub errors: Option<String>,
    /// What an operation without any `security` means: `anonymous`, or unknown.
    #[serde(default)]
    pub undeclared: Option<String>,
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
    pub lists: Option<Reading>,
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
pub struct Prose {
    /// A regular expression; its groups capture the names.
    pub re: String,
    /// The gate.
    pub gate: String,
    /// The kinds; empty: every kind that meets the gate.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// How several captured names are meant.
    #[serde(default)]
    pub lists: Option<Reading>,
    /// Under which condition each captured name is enough, where the sentence says so.
    #[serde(default)]
    pub when: Vec<String>,
    /// The only case in which the sentence applies; then the requirement of the other cases is not known.
    #[serde(default)]
    pub only: Option<String>,
}

impl Source {
    /// Whether its statements are found piece by piece: a kind that a row does not name is then unknown, not shut out.
    pub fn is_piecemeal(&self) -> bool {
        !self.prose.is_empty()
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
            lists: Some(Reading::Any),
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

    /// Whether it is one person's report and no publication.
    pub fn is_report(&self) -> bool {
        self.kind == "report"
    }
}

/// How scope names are built.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grammar {
    /// A regular expression that every published scope matches.
    #[serde(default)]
    pub grammar: Option<String>,
    /// The grammar in words.
    #[serde(default)]
    pub grammar_text: Option<String>,
    /// How letters are compared.
    #[serde(default)]
    pub case: Case,
    /// What separates scopes in the provider's own texts.
    #[serde(default)]
    pub separator: Option<String>,
    /// Prefixes taken off before comparing.
    #[serde(default)]
    pub strip_prefix: Vec<String>,
    /// Names that mean nothing for an API.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Names that stand for "none".
    #[serde(default)]
    pub none: Vec<String>,
    /// Published names that no operation lists.
    #[serde(default)]
    pub also: Vec<String>,
}

/// Levels of names of the form `name:level`: each includes those before it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// The lowest first.
    #[serde(default)]
    pub order: Vec<String>,
}

/// The hosts of a provider: one name, or a pattern with one variable and its values by region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// A fixed name; `*` at its start stands for any.
    #[serde(default)]
    pub name: Option<String>,
    /// `api.{domain}`.
    #[serde(default)]
    pub pattern: Option<String>,
    /// The login host that belongs to it.
    #[serde(default)]
    pub login: Option<String>,
    /// The path of the token endpoint on the login host.
    #[serde(default)]
    pub token_path: Option<String>,
    /// A path before every template.
    #[serde(default)]
    pub base: String,
    /// Whether it answers for the paths of the provider's other hosts too.
    #[serde(default)]
    pub shared: bool,
    /// Whether its operations are in no row: it is known for how it refuses.
    #[serde(default)]
    pub refusals_only: bool,
    /// Which cloud, where a provider has several.
    #[serde(default)]
    pub cloud: Option<String>,
    /// Values of `{domain}` by region.
    #[serde(default)]
    pub domain: BTreeMap<String, String>,
}

/// One of the locks on an operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// `scope`, `permission` ...
    pub id: String,
    /// Who carries the right: `client`, `user-role` ...
    #[serde(default)]
    pub holder: String,
    /// The same in words, for people.
    #[serde(default)]
    pub holder_text: Option<String>,
    /// Where holdings can be seen, or `unseen`.
    #[serde(default)]
    pub seen: String,
    /// Where a person looks them up.
    #[serde(default)]
    pub look: Option<String>,
    /// Set where enforcement is a switch: says which and its default.
    #[serde(default)]
    pub enforced: Option<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub enforced_src: Option<String>,
    /// What to do where it fails.
    #[serde(default)]
    pub fix: Option<String>,
    /// A regular expression that every sound name of this gate matches.
    #[serde(default)]
    pub grammar: Option<String>,
}

/// What sort of principal a kind speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Principal {
    /// A person.
    User,
    /// An application of its own right.
    Application,
    /// A guest of one conversation.
    Guest,
    /// Nobody: no token.
    Nobody,
}

/// A sign in a JWT's claims that tells the kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// JSON pointer into the claims.
    pub claim: String,
    /// What its text starts with; absent: that it is there.
    #[serde(default)]
    pub prefix: Option<String>,
}

/// A kind of token.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The id rows use.
    pub id: String,
    /// In words.
    #[serde(default)]
    pub name: Option<String>,
    /// Who it speaks for.
    #[serde(default)]
    pub principal: Option<Principal>,
    /// The grants that make it.
    #[serde(default)]
    pub grants: Vec<String>,
    /// `jwt` or `opaque`: what such a token looks like.
    #[serde(default)]
    pub form: Option<String>,
    /// The gates it meets.
    #[serde(default)]
    pub gates: Vec<String>,
    /// Security schemes of an OpenAPI source that mean this kind.
    #[serde(default)]
    pub schemes: Vec<String>,
    /// Error codes that refuse this kind.
    #[serde(default)]
    pub refused_by: Vec<String>,
    /// Signs of it in a JWT.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// How to get one.
    #[serde(default)]
    pub get: Option<String>,
    /// What is peculiar to it, such as "carries no scopes".
    #[serde(default)]
    pub note: Option<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub note_src: Option<String>,
    /// What such a token starts with.
    #[serde(default)]
    pub detect: Detect,
}

/// Signs of a kind in the token's text and claims.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detect {
    /// Starts of the token.
    #[serde(default)]
    pub prefix: Vec<String>,
    /// A claim that it has.
    #[serde(default)]
    pub claim_present: Option<String>,
    /// A claim that it does not have.
    #[serde(default)]
    pub claim_absent: Option<String>,
    /// Claims with their values.
    #[serde(default)]
    pub claim_is: BTreeMap<String, String>,
    /// Claims of which one with its value stands in for `claim_absent`.
    #[serde(default)]
    pub claim_absent_or: BTreeMap<String, String>,
    /// Whether nothing can be read from it.
    #[serde(default)]
    pub opaque: bool,
}

/// An endpoint that tells what a token holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The kinds it answers to; empty: all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Kinds it never answers to.
    #[serde(default)]
    pub never_for: Vec<String>,
    /// Scopes it needs itself.
    #[serde(default)]
    pub needs: Need,
    /// JSON pointer to the scopes.
    #[serde(default)]
    pub scopes: Option<String>,
    /// Response header with the scopes.
    #[serde(default)]
    pub scopes_header: Option<String>,
    /// JSON pointer to the kind.
    #[serde(default)]
    pub kind: Option<String>,
    /// What the values there mean.
    #[serde(default)]
    pub kind_map: BTreeMap<String, String>,
    /// JSON pointer to the tenant.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Query that keeps the call from changing anything.
    #[serde(default)]
    pub query: Option<String>,
}

/// An override: a path closed to some kinds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenyPath {
    /// The method; absent: every one.
    #[serde(default)]
    pub method: Option<String>,
    /// The template; a final `*` matches any rest.
    pub path: String,
    /// The kinds it is closed to.
    pub kinds: Vec<String>,
    /// Why.
    pub why: String,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

impl DenyPath {
    /// Whether it speaks of this operation.
    pub fn fits(&self, method: &str, path: &str) -> bool {
        let method_fits = self.method.as_deref().is_none_or(|m| m == method);
        let path_fits = match self.path.strip_suffix('*') {
            Some(head) => path.starts_with(head),
            None => self.path == path,
        };
        method_fits && path_fits
    }
}

/// An explanation that the provider's documents rule out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuledOut {
    /// What it is not, and why.
    pub text: String,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

/// A path that is often asked for and stands elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// The path as it is asked for.
    pub path: String,
    /// Where the thing really is.
    pub text: String,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

fn one_or_many<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Control>, D::Error> {
    // Read as a value first: an untagged enum would not say which key is wrong.
    let list = match toml::Value::deserialize(input)? {
        toml::Value::Array(list) => list,
        one => vec![one],
    };
    let read = |value| Control::deserialize(value).map_err(serde::de::Error::custom);
    list.into_iter().map(read).collect()
}

fn date<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
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

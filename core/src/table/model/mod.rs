//! The format `scope-table/1`, its hand-written half: what `provider.toml` says of a provider.

mod family;
mod host;
mod kind;
mod later;
mod part;
mod refusal;
mod rule;
mod source;
mod wire;

pub use family::*;
pub use host::*;
pub use kind::*;
pub use later::Later;
pub use part::*;
pub use refusal::*;
pub use rule::*;
pub use source::*;
pub use wire::*;

use crate::scope::Implication;
use crate::table::paths::Paths;
use serde::{Deserialize, Serialize};

choice! {
    /// How far a row can be trusted.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Trust or "not a level of trust" {
        /// The vendor's own file or page.
        A = "A",
        /// Several independent sources agree.
        B = "B",
        /// One report, or an inference.
        C = "C",
    }
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
#[non_exhaustive]
pub struct Provider {
    /// `scope-table/1`.
    pub format: String,
    /// Who it is.
    #[serde(rename = "provider")]
    pub info: ProviderInfo,
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
    /// Parts of a tenant in which the rights of a gate may be held.
    #[serde(default)]
    pub part: Later<Vec<Part>>,
    /// The kinds of token.
    #[serde(default)]
    pub kind: Vec<Kind>,
    /// Which scope includes which.
    #[serde(default)]
    pub implies: Vec<Implication>,
    /// Endpoints that tell what a token holds.
    #[serde(default, deserialize_with = "one_or_many")]
    pub control: Later<Vec<Control>>,
    /// How refusals are worded.
    #[serde(default)]
    pub error: Later<Vec<ErrorSignature>>,
    /// Overrides: paths closed to some kinds.
    #[serde(default)]
    pub deny_path: Vec<DenyPath>,
    /// Explanations that the provider's documents rule out.
    #[serde(default)]
    pub ruled_out: Later<Vec<RuledOut>>,
    /// Paths that are often asked for and stand elsewhere.
    #[serde(default)]
    pub elsewhere: Later<Vec<Elsewhere>>,
    /// Names that are no good advice, although they open operations.
    #[serde(default)]
    pub avoid: Later<Vec<Avoid>>,
    /// Which names speak of which part of the API.
    #[serde(default)]
    pub resource: Later<Vec<Resource>>,
    /// What the vendor states once for many operations.
    #[serde(default)]
    pub family: Later<Vec<Family>>,
    /// Rows written by hand.
    #[serde(default)]
    pub rule: Vec<Rule>,
    /// How paths are compared.
    #[serde(default)]
    pub paths: Paths,
    /// Orders of permission levels.
    #[serde(default)]
    pub levels: Levels,
    /// Safe requests: accepted, since tables state them; probes follow from the controls and the operations.
    #[serde(default)]
    pub probe: Vec<serde::de::IgnoredAny>,
    /// Headers in which the server states what it accepts.
    #[serde(default)]
    pub accepts_header: Vec<StatedScopes>,
    /// Header fields and query parameters of its own.
    #[serde(default)]
    pub wire: WireNames,
    /// Signs in its answers that no other provider leaves.
    #[serde(default)]
    pub mark: Later<Vec<AnswerMark>>,
}

impl Provider {
    /// The kind of that id.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kind.iter().find(|kind| kind.id == id)
    }

    /// The kind that somebody calls so: by its id, or by its id or name in other spelling (`an app access token`,
    /// `app-access-token`).
    pub fn kind_called(&self, called: &str) -> Option<&Kind> {
        let wanted = words(called);
        let means = |kind: &&Kind| {
            words(&kind.id) == wanted
                || kind
                    .name
                    .as_deref()
                    .is_some_and(|name| words(name) == wanted)
        };
        self.kind(called).or_else(|| self.kind.iter().find(means))
    }

    /// The kind that was probably meant by a name that is none: by the grant that makes it, else by its letters.
    pub fn kind_near(&self, called: &str) -> Option<&Kind> {
        let wanted = words(called);
        let by_grant = |kind: &&Kind| kind.grants.iter().any(|grant| words(grant) == wanted);
        let alike = |kind: &&Kind| {
            strsim::jaro_winkler(&words(&kind.id).join(" "), &wanted.join(" ")) > ALIKE
        };
        let kinds = || self.kind.iter();
        kinds().find(by_grant).or_else(|| kinds().find(alike))
    }

    /// How the rights of a gate are bound to parts of the tenant, where they are.
    pub fn part(&self, gate: &str) -> Option<&Part> {
        // Few gates have parts: for the others the section is not read.
        let all = Some(&self.part).filter(|part| part.may_name(gate))?;
        all.iter().find(|part| part.gate == gate)
    }

    /// The gate of that id.
    pub fn gate(&self, id: &str) -> Option<&Gate> {
        self.gate.iter().find(|gate| gate.id == id)
    }
}

/// Names that are at least so alike, between 0 and 1, may be the same name mistyped.
const ALIKE: f64 = 0.85;

/// A name as lower-case words: without article, and without what stands in brackets.
fn words(text: &str) -> Vec<String> {
    let plain = text.split('(').next().unwrap_or_default();
    plain
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(str::to_lowercase)
        .filter(|word| !matches!(word.as_str(), "" | "a" | "an" | "the"))
        .collect()
}

/// Who the provider is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// Whether it is nobody's in particular: the standards' codes and what libraries share, asked after everyone else.
    #[serde(default)]
    pub general: bool,
    /// Codes that stand before many reasons, so that a clause beside them says more.
    #[serde(default)]
    pub umbrella: Vec<String>,
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
    /// Ids of the other vendors whose tokens it takes beside its own.
    #[serde(default)]
    pub takes: Vec<String>,
    /// What the table leaves out, where it does not hold every published operation: then an unknown path proves nothing.
    #[serde(default)]
    pub partial: Option<String>,
    /// Starts of paths below which it holds every published operation all the same.
    #[serde(default)]
    pub complete: Vec<String>,
}

impl ProviderInfo {
    /// What the table leaves out where a path stands; `None` where it holds every published operation.
    pub fn partial_at(&self, path: &str) -> Option<&str> {
        let below = |start: &String| {
            let rest = path.strip_prefix(start.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let partial = self.partial.as_deref();
        partial.filter(|_| !self.complete.iter().any(below))
    }
}

//! Hosts, control endpoints, and what holds for paths as a whole.

use super::Later;
use crate::scope::Need;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// The hosts of a provider: one name, or a pattern with one variable and its values by region.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// Forms in which its hosts say the region too, where `name` starts with `*`: `{region}-{service}.example.com`.
    #[serde(default)]
    pub regional: Vec<String>,
    /// Whether its operations are in no row: it is known for how it refuses.
    #[serde(default)]
    pub refusals_only: bool,
    /// Kinds of token that it refuses although they may call its operations elsewhere.
    #[serde(default)]
    pub closed_to: Vec<String>,
    /// Where those are taken, as a step for people.
    #[serde(default)]
    pub instead: Option<String>,
    /// The id of the source that says so.
    #[serde(default)]
    pub closed_src: Option<String>,
    /// Which cloud, where a provider has several.
    #[serde(default)]
    pub cloud: Option<String>,
    /// Values of `{domain}` by region.
    #[serde(default)]
    pub domain: BTreeMap<String, String>,
    /// Those of its regions in which most tenants are, the most of them first.
    #[serde(default)]
    pub likely: Vec<String>,
}

/// An endpoint that tells what a token holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// Whether it is an ordinary call, asked beside the control because people know it to work, and no control itself.
    #[serde(default)]
    pub witness: bool,
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
    /// JSON pointer to the tenant: accepted, since tables state it; nothing compares tenants.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Query that keeps the call from changing anything.
    #[serde(default)]
    pub query: Option<String>,
}

/// An override: a path closed to some kinds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DenyPath {
    /// The operations, each `METHOD /template`; a final `*` matches any rest.
    #[serde(default)]
    pub operations: Vec<String>,
    /// The method of `path`; absent: every one.
    #[serde(default)]
    pub method: Option<String>,
    /// In place of operations one template.
    #[serde(default)]
    pub path: Option<String>,
    /// Only paths with one of these segments; empty: every path that fits.
    #[serde(default)]
    pub segments: Vec<String>,
    /// Templates that it does not speak of.
    #[serde(default)]
    pub except: Vec<String>,
    /// The kinds it is closed to.
    pub kinds: Vec<String>,
    /// Whether it is likely only: then it is said and denies nothing.
    #[serde(default)]
    pub warns: bool,
    /// Why.
    pub why: String,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

impl DenyPath {
    /// Whether it speaks of this operation.
    pub fn fits(&self, method: &str, path: &str) -> bool {
        let listed = self.operations.iter().filter_map(|own| own.split_once(' '));
        let listed = listed.map(|(method, path)| (Some(method), path));
        let alone = self.path.iter();
        let alone = alone.map(|own| (self.method.as_deref(), own.as_str()));
        let is_this = |(own, template): (Option<&str>, &str)| {
            let path_fits = match template.strip_suffix('*') {
                Some(head) => path.starts_with(head),
                None => template == path,
            };
            path_fits && own.is_none_or(|own| own == method)
        };
        let has = |segment: &str| self.segments.iter().any(|own| own == segment);
        let segments_fit = self.segments.is_empty() || path.split('/').any(has);
        listed.chain(alone).any(is_this)
            && segments_fit
            && !self.except.iter().any(|own| own == path)
    }
}

/// An explanation that the provider's documents rule out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
#[non_exhaustive]
pub struct Elsewhere {
    /// The path as it is asked for.
    pub path: String,
    /// Where the thing really is.
    pub text: String,
    /// The source's id.
    #[serde(default)]
    pub src: Option<String>,
}

pub(super) fn one_or_many<'de, D: Deserializer<'de>>(
    input: D,
) -> Result<Later<Vec<Control>>, D::Error> {
    // Read as a value first: an untagged enum would not say which key is wrong.
    let list = match toml::Value::deserialize(input)? {
        toml::Value::Array(list) => list,
        one => vec![one],
    };
    let read = |value| Control::deserialize(value).map_err(serde::de::Error::custom);
    let all: Result<Vec<Control>, _> = list.into_iter().map(read).collect();
    all.map(Later::from)
}

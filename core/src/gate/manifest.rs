//! The manifest `why401.toml`: which credential each app brings and which endpoints it needs, with every line.

use std::collections::BTreeMap;

/// What stands for a value that is yet to be filled in.
pub const BLANK: &str = "...";

/// The key of the list that declares what a principal or token has of a gate.
pub fn key_of(gate: &str) -> &'static str {
    match gate {
        "scope" => "scopes",
        _ => "permissions",
    }
}

/// What is wrong with a manifest, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The line, counted from 1.
    pub line: usize,
    /// The key.
    pub key: String,
    /// What is wrong; never repeats a value that may be secret.
    pub text: String,
    /// What to do.
    pub hint: Hint,
}

/// What to do about a flaw.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Nothing beyond what the flaw says.
    None,
    /// In words.
    Words(String),
    /// Name the command that prints the token where the gate is started, not in the manifest.
    CommandOutside,
}

impl From<String> for Hint {
    fn from(words: String) -> Self {
        match words.is_empty() {
            true => Self::None,
            false => Self::Words(words),
        }
    }
}

impl From<&str> for Hint {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

/// A manifest, as far as it can be read.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Manifest {
    /// The apps, in their order.
    pub apps: Vec<App>,
    /// The environments that the manifest, or one of its apps, has.
    pub environments: Vec<String>,
    /// What concerns the whole file.
    pub flaws: Vec<Flaw>,
}

/// Where a value comes from: a name, never a secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// An environment variable.
    Variable(String),
    /// A file, relative to the manifest.
    File(String),
    /// The value itself; only for what is no secret.
    Value(String),
}

/// The credential of an app.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credential {
    /// None is named: `WHY401_TOKEN`, else what is declared.
    #[default]
    Unnamed,
    /// A token.
    Token(Named),
    /// A client's id and secret, to request a token with.
    Client(Named, Named),
}

/// An endpoint that an app needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The method.
    pub method: String,
    /// A path, concrete or as the template, or an absolute URL.
    pub url: String,
    /// What it is for.
    pub note: Option<String>,
    /// Whether the app works without it.
    pub optional: bool,
    /// Scopes that it needs, where no table says so: all of them.
    pub needs: Option<Vec<String>>,
    /// Its line.
    pub line: usize,
}

/// One app.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct App {
    /// Its name; unique.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// The provider's id.
    pub provider: Option<String>,
    /// The provider's region.
    pub region: Option<String>,
    /// The kind of token.
    pub kind: Option<String>,
    /// Where the credential comes from.
    pub credential: Credential,
    /// Scopes to request, or that an opaque token is known to hold.
    pub scopes: Option<Vec<String>>,
    /// What the principal is known to hold.
    pub permissions: Option<Vec<String>>,
    /// Whether the organisation enforces scopes, where that is a setting of the provider.
    pub enforce_scopes: Option<bool>,
    /// The audience that the API expects.
    pub audience: Option<String>,
    /// The issuer that the API expects.
    pub issuer: Option<String>,
    /// Tables of the app's own, relative to the manifest.
    pub tables: Vec<String>,
    /// Scopes that every endpoint needs which says nothing of its own, where no table says so.
    pub needs: Option<Vec<String>>,
    /// Checks that may stay undecided: gates by their ids, and `credential`, `endpoint` and `lifetime`.
    pub tolerated: Vec<String>,
    /// What it calls.
    pub endpoints: Vec<Endpoint>,
    /// Seconds that the token must still live.
    pub min_ttl: Option<i64>,
    /// How many scopes the token may hold.
    pub max_scopes: Option<usize>,
    /// Scopes that the token must not hold; a final `*` stands for any rest.
    pub forbid_scopes: Vec<String>,
    /// Notes that count as failures.
    pub fail_on: Vec<String>,
    /// The environments that it has itself.
    pub environments: Vec<String>,
    /// Credentials and region that only environments name, with those environments; empty where one was asked for.
    pub elsewhere: BTreeMap<&'static str, Vec<String>>,
    /// The environment that was asked for, where neither the app nor the whole manifest has it: the app is read without one.
    pub lacks: Option<String>,
    /// The line of each key that was given.
    pub lines: BTreeMap<String, usize>,
    /// The line of each name in a list, by key and name.
    pub places: BTreeMap<(&'static str, String), usize>,
    /// What is wrong with it.
    pub flaws: Vec<Flaw>,
}

impl App {
    /// The line of a key, else of the app.
    pub fn line_of(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(self.line)
    }

    /// The line that names the credential, else of the app.
    pub fn line_of_credential(&self) -> usize {
        let keys = ["token-env", "token-file", "client-id", "client-id-env"];
        let mut lines = keys.iter().filter_map(|key| self.lines.get(*key));
        lines.next().copied().unwrap_or(self.line)
    }

    /// The line of a name in a list, else of the list.
    pub fn line_of_name(&self, key: &'static str, name: &str) -> usize {
        let place = self.places.get(&(key, name.to_owned()));
        place.copied().unwrap_or_else(|| self.line_of(key))
    }

    /// Whether a key is there and its value is yet to be filled in.
    pub fn is_blank(&self, key: &str) -> bool {
        let filled = match key {
            "kind" => self.kind.is_some(),
            "scopes" => self.scopes.is_some(),
            "permissions" => self.permissions.is_some(),
            "needs" => self.needs.is_some(),
            _ => true,
        };
        !filled && self.lines.contains_key(key)
    }
}

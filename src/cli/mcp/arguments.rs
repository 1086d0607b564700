//! What the tools take. The documentation of the members is what an agent reads.

use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;
use std::path::PathBuf;

/// Whose request it was. A token is named, never given.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct Who {
    /// A file under a root of this server that holds the token. Never the token itself.
    pub(super) token_file: Option<PathBuf>,
    /// The environment variable of this server that holds the token: one that it was started with. Never the token itself.
    pub(super) token_env: Option<String>,
    /// The kind of token, by the provider's name for it.
    pub(super) token_kind: Option<String>,
    /// The scopes that the token has, separated by spaces; an empty text is none.
    pub(super) scope: Option<String>,
    /// The permissions that the principal is known to have.
    pub(super) permissions: Option<Vec<String>>,
    /// The provider whose table judges, by its id.
    pub(super) provider: Option<String>,
    /// The moment of judging, RFC 3339; now where it is left out.
    pub(super) at: Option<String>,
}

/// Evidence: a text, or a file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
pub(super) struct Given {
    /// The evidence: a HAR, a transcript of curl, raw HTTP, a curl command, exchange records, log lines, an error body, or pasted text.
    pub(super) text: Option<String>,
    /// In place of a text: a file under a root of this server.
    pub(super) file: Option<PathBuf>,
    /// What it is, where sniffing errs: har, curl, http, command, records, log or body.
    pub(super) form: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Explain {
    #[serde(flatten)]
    pub(super) given: Given,
    /// Only the entry of this number, counted from 1.
    pub(super) entry: Option<usize>,
    /// The status of the answer, where the evidence does not hold it.
    #[schemars(range(min = 100, max = 599))]
    pub(super) status: Option<u16>,
    #[serde(flatten)]
    pub(super) who: Who,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Scrub {
    #[serde(flatten)]
    pub(super) given: Given,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Check {
    /// The HTTP method.
    pub(super) method: String,
    /// An absolute URL, or a path together with a provider.
    pub(super) url: String,
    #[serde(flatten)]
    pub(super) who: Who,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Needs {
    /// The endpoints, each as `METHOD URL`.
    pub(super) endpoints: Vec<String>,
    #[serde(flatten)]
    pub(super) who: Who,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Search {
    /// Words that must all occur in method, path, scopes, permissions or provider.
    pub(super) words: Vec<String>,
    /// Only this provider, by its id.
    pub(super) provider: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct Cause {
    /// The code of a cause or note, such as scope.missing; without one all are listed.
    pub(super) code: Option<String>,
}

//! What the page may ask: one JSON object, its `op` says what.

use serde::Deserialize;

/// A question of the page.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Request {
    /// Forget everything, and judge from here on as these settings say.
    Open(Settings),
    /// Read a file of evidence; gives a row for each exchange.
    Explain {
        /// Its name, for places and commands.
        name: String,
        /// Whether it is a file that a command can name; else it was pasted.
        file: bool,
    },
    /// The whole diagnosis of a row: a document `why401.report/1`.
    Detail {
        /// The row's number.
        row: usize,
    },
    /// The report of these rows, of all without any: `json` or `markdown`.
    Report {
        /// `json` or `markdown`.
        format: String,
        /// The numbers of the rows.
        rows: Option<Vec<usize>>,
    },
    /// Every request counted: a document `why401.summary/1`.
    Summary,
    /// The evidence without its secrets, in pieces; what was removed is the answer.
    Scrub,
    /// Would this token be accepted here? Without a URL: what does it say about itself?
    Check(Check),
    /// Which scopes the endpoints of the session ask for.
    Needs,
    /// Operations of the tables that have all these words.
    Search {
        /// The words.
        words: String,
        /// The provider's id; all where none is given.
        provider: Option<String>,
    },
    /// The providers, by id and name.
    Providers,
    /// The page of a cause or note.
    Cause {
        /// Its code.
        code: String,
    },
}

/// How evidence is judged.
#[derive(Debug, Default, Clone, Deserialize)]
pub struct Settings {
    /// The moment, in seconds since 1970.
    pub now: i64,
    /// Whether that moment holds whatever the evidence says of its own.
    #[serde(default)]
    pub at_given: bool,
    /// The provider's id.
    #[serde(default)]
    pub provider: Option<String>,
    /// The status of an answer that does not show it.
    #[serde(default)]
    pub status: Option<u16>,
}

/// A question about a credential.
#[derive(Deserialize)]
pub struct Check {
    /// The moment, in seconds since 1970.
    pub now: i64,
    /// The method, where an endpoint is asked about.
    #[serde(default)]
    pub method: String,
    /// The URL; empty where the token alone is.
    #[serde(default)]
    pub url: String,
    /// The provider's id.
    #[serde(default)]
    pub provider: Option<String>,
    /// The token, or what it stands in: a header, a curl command.
    #[serde(default)]
    pub token: String,
    /// The kind of token, by the table's name for it.
    #[serde(default)]
    pub kind: Option<String>,
    /// The audience that the API expects.
    #[serde(default)]
    pub audience: Option<String>,
    /// The issuer that the API expects.
    #[serde(default)]
    pub issuer: Option<String>,
    /// The scopes by hand.
    #[serde(default)]
    pub scopes: Option<String>,
    /// What the principal holds, by hand.
    #[serde(default)]
    pub permissions: Option<String>,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Check(<redacted>)")
    }
}

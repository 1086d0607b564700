//! What to do next: a typed step. Words, commands and names of options are made where it is shown.

use super::finding::Meant;

/// Why no answer came: a step names it.
pub use crate::http::Unanswered;

/// One step to take next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Ask about the host that was probably meant in place of one that no table names.
    CallHost {
        /// The same URL at that host.
        url: String,
    },
    /// Ask again with a name as it is spelled elsewhere: the one that a person gave is probably mistyped.
    Respell(Meant),
    /// Name the provider, or bring a table: none names this host.
    NameTable,
    /// Give the token: there is nothing to compare.
    GiveToken,
    /// Give the token that the evidence hides.
    GiveHiddenToken,
    /// Whoever has the token compares it: its reader was given evidence without it on purpose.
    AskOwner,
    /// Say which of these kinds the token is.
    SayKind {
        /// The kinds that the operation admits, by the provider's names.
        kinds: Vec<String>,
    },
    /// Say what the principal holds: no token shows it.
    SayHeld {
        /// The gate: `permission`, `role`.
        gate: String,
        /// Where it can be looked up.
        look: Option<String>,
        /// One set that would be enough.
        example: Vec<String>,
    },
    /// Ask the server, with the token and without it.
    Probe,
    /// Name an endpoint that any valid token opens: no control shows that this token is valid.
    NameControl,
    /// Ask the provider's control endpoint which scopes the token has.
    AskScopes {
        /// The method of that endpoint.
        method: String,
        /// Its path, without the query.
        path: String,
        /// The member of its answer that lists the scopes.
        member: Option<String>,
        /// The whole URL, where the host is known.
        url: Option<String>,
    },
    /// Declare in a manifest what nothing else shows.
    Declare {
        /// Its lines, in their order.
        blanks: Vec<Blank>,
        /// Whether asking the server would decide it as well.
        ask: bool,
    },
    /// Say in a manifest that a case is so, where nothing shows it.
    Accept {
        /// The check that it decides.
        check: String,
    },
    /// Ask for an invented path beside the real one: does the server answer alike?
    CallSibling,
    /// Send the real method, once, and the same to an invented path: a safe method in its place decided nothing.
    RealCall {
        /// The method.
        method: String,
    },
    /// Ask the provider's other regions whether they know the credential.
    AskRegions {
        /// Their names.
        regions: Vec<String>,
    },
    /// Search the published operations.
    Search {
        /// A word of the path.
        word: String,
        /// The provider's id.
        provider: String,
    },
    /// A question whose answer tells the explanations apart.
    TellApart(String),
    /// Repair what keeps the answer from coming, or find out what does.
    Reach(Unanswered),
    /// Record the whole exchange: the status alone says too little.
    RecordWhole,
    /// The remedy of a cause, in words.
    Remedy(String),
}

/// A line of a manifest that is to be filled in, or added.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blank {
    /// The line that waits for its value, else the first line of the app that lacks the key.
    pub line: usize,
    /// Whether the key is there.
    pub there: bool,
    /// The endpoint that lacks the key, as `METHOD URL`, where it is not the app.
    pub endpoint: Option<String>,
    /// The key.
    pub key: &'static str,
    /// Where the value can be looked up, or which values there are.
    pub look: Option<String>,
}

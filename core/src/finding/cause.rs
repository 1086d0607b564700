//! A cause: one member of the closed list, a static of plain data bound to its page.

/// How a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A candidate cause of the refusal, also when only possible.
    Error,
    /// Worth knowing, and sometimes the reason behind another fault.
    Warning,
    /// For completeness.
    Info,
}

/// What holds of a cause wherever causes are compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attribute {
    /// It lies in how the client sends: known without any answer of the API.
    Transport,
    /// A server says it where it could not read a credential, or not the one that was meant.
    Unread,
    /// A server says it of a token that it could not verify or does not have.
    Unverified,
    /// A server says it of a token that names another party or key than its own.
    Foreign,
    /// No credential with it is accepted anywhere on the API.
    Fatal,
    /// It speaks of a right that is not there.
    Right,
    /// The right is the principal's, whatever the token holds.
    Principal,
    /// Servers say it whatever the reason: only a wording that a table knows states it.
    Blanket,
    /// It tells nothing of whether the call is allowed.
    Passing,
    /// A note without which an answer says too much.
    Limit,
}

/// What token or request show, where it speaks against a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counter {
    /// The token's `exp` lies ahead.
    Alive,
    /// Its `exp` is past.
    Over,
    /// No time claim lies in the future, or `exp` is past.
    Begun,
    /// Its claims can be read.
    Readable,
    /// A token is known for the call, and how it was sent was not recorded.
    Known,
    /// A header was sent, in bad form.
    IllFormed,
    /// A header was sent in good form.
    WellFormed,
    /// No header was sent in good form.
    Unsent,
    /// The status says that the server refused: 401, 403.
    Refused,
    /// Scopes are not checked for the token.
    Unchecked,
    /// A bearer token was sent: the request asked for none.
    Called,
    /// The status says by itself that what was asked for is not there: 404.
    Nowhere,
}

impl Counter {
    /// Whether it only shows that the cause is not sure: it may be so all the same.
    pub fn is_doubt(self) -> bool {
        self == Self::Known
    }

    /// What is shown, as part of a sentence.
    pub fn text(self) -> &'static str {
        match self {
            Self::Alive => "claim `exp` lies ahead",
            Self::Over => "claim `exp` is in the past, which explains more",
            Self::Begun => "no time claim is in the future",
            Self::Readable => "the token can be read",
            Self::Known => "a token is recorded beside the call",
            Self::IllFormed => "a header was sent",
            Self::WellFormed => "the header as sent is well-formed",
            Self::Unsent => "no well-formed header was sent",
            Self::Refused => "the status says that the server refused, not that it failed",
            Self::Unchecked => "scopes are not checked for this token",
            Self::Called => "the request carries a bearer token, and asks for none",
            Self::Nowhere => "the status 404 says by itself that something was not found",
        }
    }
}

/// What a fault that is plain to see in request, token or table makes a server say.
#[derive(Debug, Clone, Copy)]
pub struct Explains {
    /// Causes with this attribute are its symptoms: it inherits what speaks for them.
    pub symptoms: Attribute,
    /// Whether a code of the server's own counts as a symptom too; else it stands against the fault.
    pub codes: bool,
}

/// A reason for a refusal, or (`note.*`) something else worth saying. Two are equal where their codes are.
#[derive(Debug)]
#[non_exhaustive]
pub struct Cause {
    /// The stable code: `scope.missing`.
    pub code: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The page: what it means, how to tell it apart, how to fix it, examples.
    pub page: &'static str,
    /// What holds of it.
    pub attributes: &'static [Attribute],
    /// What it makes a server say.
    pub explains: &'static [Explains],
    /// What would speak against it.
    pub counters: &'static [Counter],
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Cause {}

impl Cause {
    /// Whether this is a note: never the cause of a refusal.
    pub fn is_note(&self) -> bool {
        self.code.starts_with("note.")
    }

    /// Whether that holds of it.
    pub fn is(&self, attribute: Attribute) -> bool {
        self.attributes.contains(&attribute)
    }
}

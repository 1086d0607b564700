//! Asking the live server: few, safe requests, chosen so that their answers decide.
//!
//! `plan` says what would be asked and touches nothing; `client` asks it. No redirect is followed, a method that may
//! change something is sent only when it was allowed, and a token goes to no host but those of the plan.

#[cfg(feature = "probe")]
mod client;
pub(crate) mod grant;
pub(crate) mod metadata;
mod plan;

#[cfg(feature = "probe")]
pub(crate) use client::{Credential, Limits, send};
pub(crate) use plan::{Plan, Refused, Wish, allowed, decisive, first, nonced, second, settled};

use url::Url;
use why401_core::http::{Exchange, Role};

/// One request of a plan.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    /// What it is for.
    pub(crate) role: Role,
    /// The method.
    pub(crate) method: String,
    /// The URL.
    pub(crate) url: Url,
    /// Whether the token goes with it.
    pub(crate) token: bool,
    /// Further header lines, as the user gave them.
    pub(crate) headers: Vec<(String, String)>,
    /// The body; only ever with a method that was allowed.
    pub(crate) body: Option<Vec<u8>>,
    /// The method it stands in for, where the real one may change something.
    pub(crate) stands_for: Option<String>,
    /// What the server asked to be repeated in the proof (RFC 9449 §8).
    pub(crate) nonce: Option<String>,
}

/// Header values and the body may be secret.
impl std::fmt::Debug for Ask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Ask")
            .field("role", &self.role)
            .field("method", &self.method)
            .field("url", &self.url.origin())
            .field("token", &self.token)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

impl Ask {
    /// A document of a server, asked for without a token.
    ///
    /// # Errors
    /// Where the URL may not be asked.
    pub(crate) fn document(url: &Url) -> Result<Self, Refused> {
        allowed(url)?;
        Ok(Self {
            role: Role::Document,
            method: "GET".to_owned(),
            url: url.clone(),
            token: false,
            headers: vec![("Accept".to_owned(), "application/json".to_owned())],
            body: None,
            stands_for: None,
            nonce: None,
        })
    }

    /// Whether a proof belongs to it, where the token is bound to a key.
    fn takes_proof(&self) -> bool {
        self.token || self.role == Role::Grant
    }
}

/// A request and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// The request.
    pub(crate) ask: Ask,
    /// The exchange; its `Authorization` holds a stand-in, never the token.
    pub(crate) exchange: Exchange,
}

impl Heard {
    /// The status, where an answer came.
    pub(crate) fn status(&self) -> Option<u16> {
        self.exchange.status()
    }
}

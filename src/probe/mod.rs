//! Asking the live server: few, safe requests, chosen so that their answers decide.
//!
//! `plan` says what would be asked and touches nothing; `client` asks it, by way of `door`, which compares every final URL
//! with the `Origins` that were named. No redirect is followed, and a method that may change something is sent only when it
//! was allowed.

#[cfg(feature = "probe")]
mod client;
mod deadline;
#[cfg(feature = "probe")]
mod door;
pub(crate) mod grant;
pub(crate) mod metadata;
mod origin;
mod plan;

#[cfg(feature = "probe")]
pub(crate) use client::{Credential, Limits, send};
pub(crate) use deadline::Deadline;
pub(crate) use origin::{
    Origins, Refused, ShippedHost, route, shipped_hosts, shipped_token_endpoint,
};
pub(crate) use plan::{Plan, ProbeOptions, Remark, decisive, first, without_token};
#[cfg(feature = "probe")]
pub(crate) use plan::{nonced, second, settled};

use url::Url;
use why401_core::http::{Exchange, Role};

/// One request of a plan.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ProbeRequest {
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
impl std::fmt::Debug for ProbeRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("ProbeRequest")
            .field("role", &self.role)
            .field("method", &self.method)
            .field("url", &self.url.origin())
            .field("token", &self.token)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

impl ProbeRequest {
    /// A document of a server, asked for without a token.
    ///
    /// # Errors
    /// Where the URL may not be asked.
    pub(crate) fn document(url: &Url) -> Result<Self, Refused> {
        route(url)?;
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
    #[cfg(feature = "probe")]
    fn takes_proof(&self) -> bool {
        self.token || self.role == Role::Grant
    }
}

/// A request and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct ProbeResult {
    /// The request.
    pub(crate) request: ProbeRequest,
    /// The exchange; its `Authorization` holds a stand-in, never the token.
    pub(crate) exchange: Exchange,
}

impl ProbeResult {
    /// The status, where an answer came.
    pub(crate) fn status(&self) -> Option<u16> {
        self.exchange.status()
    }
}

/// Why a round was not sent at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotSent {
    /// One of its requests may not go where it would.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The system gives no means to send it.
    #[cfg_attr(not(feature = "probe"), expect(dead_code, reason = "nothing is sent"))]
    #[error("nothing could be sent: {0}")]
    System(String),
}

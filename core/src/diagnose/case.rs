//! What goes into a diagnosis. `triage::judge` builds it, nothing else does.

use crate::finding::ScopesFrom;
use crate::http::{Exchange, Response, Role, Speaker, Target};
use crate::scope::{ScopeFlaw, ScopeSet};
use crate::table::{Refusals, Table, Trust};
use crate::token::{Form, Seconds, Signature, Token};

/// One case: everything that a diagnosis may look at.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    /// What was asked about; absent where only a token is looked at.
    pub(crate) target: Option<Target>,
    /// The table in force.
    pub(crate) table: Option<&'a Table>,
    /// The lowest trust of rows to use.
    pub(crate) trust: Trust,
    /// The credential, and what others than itself say of it.
    pub(crate) credential: &'a Credential,
    /// What the API is known to take.
    pub(crate) expected: &'a Expected,
    /// The moment of judging.
    pub(crate) clock: Clock,
    /// Another token to compare with.
    pub(crate) against: Option<&'a Token>,
    /// What was observed; absent where only a question is asked.
    pub(crate) evidence: Option<Recorded<'a>>,
    /// What the live server was asked, where it was.
    pub(crate) probed: &'a [Probed<'a>],
    /// What was left out while asking, and why.
    pub(crate) remarks: &'a [String],
}

/// A credential, and what others than itself say of it.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The token.
    pub token: Token,
    /// Whether a source for the token was named: then an empty one is a fault.
    pub named: bool,
    /// Its scopes, where somebody else than the token told them.
    pub scopes: Option<ToldScopes>,
    /// The scopes that were asked for with it.
    pub asked: Option<ScopeSet>,
    /// The kind, given by hand or told by the server.
    pub kind: Option<String>,
    /// What the principal is known to hold.
    pub permissions: Option<ScopeSet>,
    /// An answer of the vendor's API that lists what the principal holds.
    pub answer: Option<serde_json::Value>,
    /// Whether the issuer's introspection calls the token active (RFC 7662 §2.2).
    pub active: Option<bool>,
    /// What the signature came to, where keys were given.
    pub signature: Option<Signature>,
    /// The thumbprint of the key that proofs are made with (RFC 9449 §6.1).
    pub proof_key: Option<String>,
}

impl Credential {
    /// A token by itself.
    pub fn of(token: Token) -> Self {
        Self {
            token,
            named: false,
            scopes: None,
            asked: None,
            kind: None,
            permissions: None,
            answer: None,
            active: None,
            signature: None,
            proof_key: None,
        }
    }

    /// Whether neither a token nor anything that stands in for one was given.
    pub(super) fn nothing_given(&self) -> bool {
        matches!(self.token.form, Form::Absent) && self.scopes.is_none() && self.kind.is_none()
    }

    /// The form for the report; a scope list by hand stands for an opaque token.
    pub(super) fn form_name(&self) -> &'static str {
        match self.token.form_name() {
            "absent" if !self.nothing_given() => "opaque",
            "claims" => "jwt",
            name => name,
        }
    }
}

/// Scopes that somebody else than the token tells.
#[derive(Debug, Clone)]
pub struct ToldScopes {
    /// The scopes.
    pub set: ScopeSet,
    /// What is wrong with the list.
    pub flaws: Vec<ScopeFlaw>,
    /// Who tells them.
    pub from: ScopesFrom,
}

impl ToldScopes {
    /// A scope list (RFC 6749 §3.3) in somebody's words.
    pub fn read(text: &str, from: ScopesFrom) -> Self {
        let (set, flaws) = ScopeSet::read(text);
        Self { set, flaws, from }
    }

    /// A set of scopes.
    pub fn of(set: ScopeSet, from: ScopesFrom) -> Self {
        Self {
            set,
            flaws: Vec::new(),
            from,
        }
    }
}

/// What the API is known to take, from a person or from its own metadata.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// The audience.
    pub audience: Option<String>,
    /// The issuer.
    pub issuer: Option<String>,
    /// The issuers whose tokens the resource takes, by its own metadata (RFC 9728).
    pub issuers: Option<Vec<String>>,
    /// Whether scopes are enforced, where that is a setting and a person knows it.
    pub enforced: Option<bool>,
}

/// The moment of judging.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Seconds since 1970.
    pub now: Seconds,
    /// Seconds granted on either side of a time claim.
    pub leeway: Seconds,
}

impl Clock {
    /// A moment, in seconds since 1970, without leeway.
    pub fn at(now: Seconds) -> Self {
        Self { now, leeway: 0 }
    }
}

/// An observed exchange, with what is needed to understand it.
#[derive(Debug, Clone)]
pub(crate) struct Recorded<'a> {
    /// The exchange.
    pub(crate) exchange: &'a Exchange,
    /// The exchange before it, where this one follows from that: a redirect, a retry.
    pub(crate) before: Option<&'a Exchange>,
    /// Whether a later exchange follows this one's redirect.
    pub(crate) followed: bool,
    /// What the same credential was answered elsewhere on this host.
    pub(crate) siblings: Siblings,
    /// Other calls with the same credential that succeeded.
    pub(crate) worked: &'a [Worked],
    /// How those to whom the answer may belong word their refusals, the likeliest first, the general one last.
    pub(crate) refusals: Vec<&'a Refusals>,
    /// Of those, the ones that nothing but the wording of the answer points to.
    pub(crate) by_mark: &'a [String],
}

/// A call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worked {
    /// Its method.
    pub method: String,
    /// Its URL, without the query.
    pub url: String,
    /// The status of its answer.
    pub status: u16,
    /// Whether that it succeeded is a person's word; else the evidence shows it.
    pub told: bool,
}

/// What the same credential was answered in other exchanges with the same host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Siblings {
    /// Calls that succeeded before this one.
    pub succeeded_before: u32,
    /// Calls that succeeded after this one.
    pub succeeded_after: u32,
    /// Calls answered 401 between the last success and the end of what is known.
    pub refused_since: u32,
    /// Calls answered 401 in all, this one not counted.
    pub refused: u32,
}

impl Siblings {
    /// Calls that succeeded.
    pub fn succeeded(self) -> u32 {
        self.succeeded_before.saturating_add(self.succeeded_after)
    }

    /// Whether the credential lived at the moment of this exchange: it was taken later, or just before and nothing
    /// speaks for its end since.
    pub fn alive(self) -> bool {
        self.succeeded_after > 0 || (self.succeeded_before > 0 && self.refused_since == 0)
    }
}

/// A request that was made to find out, and its answer.
#[derive(Debug, Clone)]
pub struct Probed<'a> {
    /// What it was for.
    pub role: &'a Role,
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The method that it stood in for.
    pub stands_for: Option<&'a str>,
}

impl Probed<'_> {
    pub(super) fn status(&self) -> Option<u16> {
        self.exchange.status()
    }

    /// Who answered; the API, as far as is known, where nobody did.
    pub(super) fn speaker(&self) -> Speaker {
        let response = self.exchange.response.as_ref();
        response.map_or(Speaker::Api, Response::speaker)
    }

    /// A page for people, in place of what was asked for, is no success.
    pub(super) fn succeeded(&self) -> bool {
        matches!(self.status(), Some(200..=299)) && self.speaker() == Speaker::Api
    }

    /// `GET /a answered 200`, or why no answer came.
    pub(super) fn told(&self) -> String {
        let request = &self.exchange.request;
        let method = request.method.as_deref().unwrap_or_default();
        let target = request.target();
        let path = target.as_ref().map_or("", |t| t.path.as_str());
        match (self.status(), &self.exchange.failure) {
            (Some(status), _) => format!("{method} {path} answered {status}"),
            (None, Some(why)) => format!("{method} {path} got no answer ({why})"),
            (None, None) => format!("{method} {path} got no answer"),
        }
    }

    /// Status, methods offered, and body without what differs from call to call: ids and times.
    pub(super) fn alike(&self, other: &Self) -> bool {
        let shape = |p: &Self| {
            let body = p.exchange.response.as_ref().and_then(|r| r.body.clone());
            let words = body.unwrap_or_default();
            let words = words.split(|c: char| !c.is_alphabetic() && c != '.');
            // A page may repeat the path that was asked.
            let asked = p.exchange.request.url.as_deref().unwrap_or_default();
            let words: Vec<String> = words
                .filter(|w| w.len() > 3 && !w.chars().all(|c| c.is_ascii_hexdigit()))
                .filter(|w| !asked.contains(*w))
                .map(str::to_owned)
                .collect();
            let response = p.exchange.response.as_ref();
            let allow = response
                .and_then(|r| r.headers.get("allow"))
                .map(str::to_owned);
            (p.status(), allow, words)
        };
        shape(self) == shape(other)
    }
}

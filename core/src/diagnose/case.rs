//! What goes into a diagnosis.

use super::probed::Probed;
use crate::http::{Exchange, Target};
use crate::scope::{ScopeFlaw, ScopeSet};
use crate::table::{Refusals, Table, Trust};
use crate::token::{self, Seconds, Token};

/// One case: everything that a diagnosis may look at.
#[derive(Debug)]
pub struct Case<'a> {
    /// What was asked about; absent where only a token is looked at.
    pub target: Option<Target>,
    /// The table in force.
    pub table: Option<&'a Table>,
    /// The lowest trust of rows to use.
    pub trust: Trust,
    /// The credential.
    pub token: &'a Token,
    /// Whether a source for the token was named.
    pub token_named: bool,
    /// A scope list given by hand, or told by somebody else than the token.
    pub scope: Option<(ScopeSet, Vec<ScopeFlaw>)>,
    /// Who gave it: `--scope`, `control`.
    pub scope_from: &'a str,
    /// The kind, given by hand.
    pub kind: Option<String>,
    /// What the principal is known to hold.
    pub permissions: Option<ScopeSet>,
    /// The audience the API expects.
    pub audience: Option<String>,
    /// The issuer the API expects.
    pub issuer: Option<String>,
    /// The issuers whose tokens the resource takes, by its own metadata (RFC 9728).
    pub issuers: Option<Vec<String>>,
    /// Whether the issuer's introspection calls the token active.
    pub active: Option<bool>,
    /// The scopes that were asked for with it.
    pub asked: Option<ScopeSet>,
    /// Another token to compare with.
    pub against: Option<&'a Token>,
    /// The thumbprint of the key that proofs are made with (RFC 9449 §6.1).
    pub proof_key: Option<String>,
    /// What the signature came to, where keys were given.
    pub signature: Option<&'a token::Signature>,
    /// The moment of judging.
    pub now: Seconds,
    /// Seconds granted on either side of a time claim.
    pub leeway: Seconds,
    /// What was observed; absent where only a question is asked.
    pub evidence: Option<Evidence<'a>>,
    /// What the live server was asked, where it was.
    pub probed: &'a [Probed<'a>],
    /// What was left out while asking, and why.
    pub remarks: &'a [String],
}

impl<'a> Case<'a> {
    /// A token by itself, judged at a moment; the rest is added with `..`.
    pub fn of(token: &'a Token, now: Seconds) -> Self {
        Self {
            target: None,
            table: None,
            trust: Trust::C,
            token,
            token_named: false,
            scope: None,
            scope_from: "--scope",
            kind: None,
            permissions: None,
            audience: None,
            issuer: None,
            issuers: None,
            active: None,
            asked: None,
            against: None,
            proof_key: None,
            signature: None,
            now,
            leeway: 0,
            evidence: None,
            probed: &[],
            remarks: &[],
        }
    }
}

/// An observed exchange, with what is needed to understand it.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The exchange before it, where this one follows from that: a redirect, a retry.
    pub before: Option<&'a Exchange>,
    /// Whether a later exchange follows this one's redirect.
    pub followed: bool,
    /// How those to whom the answer may belong word their refusals, the likeliest first, the general one last.
    pub refusals: Vec<&'a Refusals>,
    /// Of those, the ones that nothing but the wording of the answer points to.
    pub by_mark: &'a [String],
}

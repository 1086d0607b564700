//! The credential of a run: from the options that name it, and from what an issuer tells of it.

use super::args::{ClientArgs, Expect, Pinned, TokenArgs};
use super::client;
use super::error::Failure;
use super::job::{self, Settings};
use super::pinned;
use crate::probe::grant::{Granted, Introspected};
use crate::sink;
use why401_core::diagnose::{Credential, Expected, ToldScopes};
use why401_core::finding::ScopesFrom;
use why401_core::output::View;
use why401_core::scope::ScopeSet;
use why401_core::token::{ProofKey, Token};
use why401_core::triage::Declared;

/// A credential, with the key that its proofs are made with.
pub(super) struct RunCredential {
    pub(super) credential: Credential,
    pub(super) key: Option<ProofKey>,
}

impl RunCredential {
    /// The token given, and what an introspection endpoint tells where one was named.
    pub(super) fn at(
        settings: &Settings,
        tokens: &TokenArgs,
        client: &ClientArgs,
    ) -> Result<Self, Failure> {
        let credential = job::credential(tokens)?;
        settings.step(|| format!("token read: {}", credential.token.form_name()));
        let mut held = Self::with_key(credential, client::proof_key(client)?);
        if let (Some(endpoint), Some(client)) = (&client.introspect, client::client(client)?) {
            let told = client::introspect(settings, &client, endpoint, &held.credential.token)?;
            held.introspected(told);
        }
        Ok(held)
    }

    /// How answers about it look: what was piped in is named as its place in further commands.
    pub(super) fn view(&self, settings: &Settings) -> View {
        let mut view = settings.view.clone();
        if job::is_piped(&self.credential) {
            let place = ("--token-file".to_owned(), Some("-".to_owned()));
            view.given.options.push(place);
        }
        view
    }

    pub(super) fn with_key(mut credential: Credential, key: Option<ProofKey>) -> Self {
        credential.proof_key = key.as_ref().and_then(ProofKey::thumbprint);
        Self { credential, key }
    }

    /// Adds what introspection told; scopes given by hand stay.
    pub(super) fn introspected(&mut self, told: Introspected) {
        self.credential.active = Some(told.active);
        if let (Some(scope), None) = (told.scope, &self.credential.scopes) {
            self.credential.scopes = Some(ToldScopes::read(&scope, ScopesFrom::Introspection));
        }
    }

    /// A token that was just issued; without a scope in the answer, what was asked is what was granted (RFC 6749 §5.1).
    pub(super) fn issued(
        granted: &Granted,
        asked: Option<ScopeSet>,
        key: Option<ProofKey>,
    ) -> Self {
        let from = ScopesFrom::TokenAnswer;
        sink::keep_back(granted.token.expose());
        let told = granted.scope.as_deref();
        let told = told.map(|scope| ToldScopes::read(scope, from.clone()));
        let scopes = told.or_else(|| asked.clone().map(|set| ToldScopes::of(set, from)));
        let credential = Credential {
            named: true,
            scopes,
            asked,
            ..Credential::of(Token::read(granted.token.expose().as_bytes()))
        };
        Self::with_key(credential, key)
    }
}

/// What a person declares: the credential with what the options say of it, and what the API expects.
pub(super) fn declared(
    settings: &Settings,
    mut credential: Credential,
    tokens: &TokenArgs,
    (expect, given): (&Expect, &Pinned),
) -> Result<Declared, Failure> {
    credential.kind = tokens.token_kind.clone().or(credential.kind);
    job::permissions(expect, &mut credential)?;
    if credential.signature.is_none() {
        credential.signature = pinned::signature(settings, given, &credential.token)?;
    }
    Ok(Declared {
        credential,
        expected: Expected {
            audience: expect.audience.clone(),
            issuer: expect.issuer.clone(),
            issuers: pinned::issuers(settings, given)?,
            enforced: expect.enforce_scopes,
        },
        ..job::declarations(settings)
    })
}

//! An app with what judges it: its table, its credential, and what the manifest declares.

use super::{Bench, Run};
use crate::cli::error::Failure;
use crate::cli::job;
use why401_core::diagnose::{Credential, Expected};
use why401_core::finding::Diagnosis;
use why401_core::gate::App;
use why401_core::http::Target;
use why401_core::table::Table;
use why401_core::token::Token;
use why401_core::triage::{Declared, Judge};

/// What an app is judged by.
pub(super) struct Judged<'a> {
    pub(super) app: &'a App,
    pub(super) bench: &'a Bench,
    pub(super) declared: Declared,
    pub(super) now: i64,
}

impl Judged<'_> {
    pub(super) fn table(&self) -> &Table {
        self.bench.table()
    }

    pub(super) fn token(&self) -> &Token {
        &self.declared.credential.token
    }

    pub(super) fn kind(&self) -> Option<&str> {
        self.declared.credential.kind.as_deref()
    }

    /// The kind that a sign in the token shows, where another one is declared. Kinds that may have the same sign are not
    /// told apart by it.
    pub(super) fn shown_kind(&self) -> Result<Option<String>, Failure> {
        let Some(declared) = self.kind() else {
            return Ok(None);
        };
        let mut bare = self.declared.clone();
        bare.credential.kind = None;
        let judge = Judge::new(&self.bench.providers, &bare);
        let shown = judge.question(None, None)?.token.kind;
        let kind = self.table().provider.kind(declared);
        let starts = kind.into_iter().flat_map(|kind| &kind.detect.prefix);
        let secret = self.token().secret.expose();
        let fits = starts
            .into_iter()
            .any(|start| secret.starts_with(start.as_str()));
        Ok(shown.filter(|shown| shown != declared && !fits))
    }

    /// One of its endpoints, or the token alone, by token and table.
    pub(super) fn question(&self, target: Option<Target>) -> Result<Diagnosis, Failure> {
        let judge = Judge::new(&self.bench.providers, &self.declared);
        Ok(judge.question(target, None)?)
    }
}

/// What a manifest declares of an app, with its credential.
pub(super) fn declarations(
    run: &Run<'_>,
    app: &App,
    mut credential: Credential,
    now: i64,
) -> Declared {
    let permissions = app.permissions.as_ref();
    credential.permissions = permissions.map(|names| names.iter().map(String::as_str).collect());
    let mut declared = job::declarations(run.settings);
    declared.clock.now = now;
    Declared {
        credential,
        expected: Expected {
            audience: app.audience.clone(),
            issuer: app.issuer.clone(),
            issuers: None,
            enforced: app.enforce_scopes,
        },
        ..declared
    }
}

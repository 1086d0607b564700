//! From what was typed to what is meant: settings, table, credential, moment. Environment, files and clock end here.

mod settings;
mod tables;

pub(in crate::cli) use settings::{Settings, today};
pub(in crate::cli) use tables::{providers, read_table};

use crate::cli::args::{Expect, TokenArgs};
use crate::cli::error::Failure;
use crate::sink;
use crate::source;
use serde_json::{Map, Value};
use std::path::Path;
use why401_core::diagnose::{Clock, Credential, ToldScopes};
use why401_core::finding::ScopesFrom;
use why401_core::input;
use why401_core::token::{self, Form, Token, redact};
use why401_core::triage::Declared;

/// The credential of a source that was named; `None` where none was.
fn named_token(args: &TokenArgs) -> Result<Option<Token>, Failure> {
    if let Some(path) = &args.claims {
        let claims = claims(&source::bytes(path, "the file of --claims")?)?;
        return Ok(Some(Token::from_claims(claims)));
    }
    if let Some(path) = &args.token_file {
        return Ok(Some(Token::read(&source::bytes(
            path,
            "the file of --token-file",
        )?)));
    }
    if let Some(name) = &args.token_env {
        let value = source::variable(name).ok_or_else(|| {
            Failure::new(
                "input",
                "the environment variable of --token-env is not set",
                Some("set it, or name another"),
            )
        })?;
        return Ok(Some(Token::read(value.as_bytes())));
    }
    if let Some(line) = &args.token_cmd {
        return Ok(Some(Token::read(&source::command(line)?)));
    }
    Ok(None)
}

/// The credential that the options name, else the environment's, else standard input's; with the scopes given by hand.
pub(in crate::cli) fn credential(args: &TokenArgs) -> Result<Credential, Failure> {
    let named = named_credential(args)?;
    if named.named || !matches!(named.token.form, Form::Absent) {
        return Ok(named);
    }
    let bytes = match source::variable("WHY401_TOKEN").filter(|v| !v.is_empty()) {
        Some(value) => Some(value.into_bytes()),
        None => source::piped_input()?,
    };
    let token = bytes.map_or_else(Token::absent, |bytes| {
        // People pipe the whole command or header as readily as the token.
        match input::credential_in(&input::decode(&bytes)) {
            Some(value) => Token::read(value.as_bytes()),
            None => Token::read(&bytes),
        }
    });
    sink::keep_back(token.secret.expose());
    Ok(Credential { token, ..named })
}

/// Whether a token came by standard input without being named: nothing of it is there to be read again.
pub(in crate::cli) fn is_piped(credential: &Credential) -> bool {
    let read = !matches!(credential.token.form, Form::Absent | Form::Claims(_));
    let variable = source::variable("WHY401_TOKEN").filter(|value| !value.is_empty());
    read && !credential.named && variable.is_none()
}

/// The credential of a source that was named, with the scopes given by hand; an absent one where none was named.
pub(in crate::cli) fn named_credential(args: &TokenArgs) -> Result<Credential, Failure> {
    let token = named_token(args)?;
    if let Some(token) = &token {
        sink::keep_back(token.secret.expose());
    }
    let scopes = args.scope.as_deref();
    let words = scopes.into_iter().flat_map(|list| list.split([' ', ',']));
    if words.into_iter().any(redact::looks_secret) {
        return Err(Failure::usage(
            "--scope has what looks like a token, and a token is never an argument",
            "name its place with --token-env or --token-file; the shell's history has this one now: revoke it",
        ));
    }
    Ok(Credential {
        named: token.is_some() && args.claims.is_none(),
        // A scope has no blank in it (RFC 6749 §3.3); people separate scopes by commas as well.
        scopes: scopes.map(|list| ToldScopes::read(&list.replace(',', " "), ScopesFrom::Person)),
        ..Credential::of(token.unwrap_or_else(Token::absent))
    })
}

fn claims(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    let hint = "give the decoded payload of a token, such as {\"scope\": \"a b\"}";
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Failure::new("input", "the file of --claims is not UTF-8", Some(hint)))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = token::json::read(text).map_err(|e| {
        let line = text
            .get(..e.at)
            .map_or(1, |head| head.matches('\n').count() + 1);
        Failure::new(
            "input",
            format!(
                "the file of --claims is not valid JSON: {} (line {line})",
                e.why
            ),
            Some(hint),
        )
    })?;
    match read.value {
        Value::Object(claims) => Ok(claims),
        _ => Err(Failure::new(
            "input",
            "the file of --claims is not a JSON object",
            Some(hint),
        )),
    }
}

/// What the principal is known to hold: names, or an answer of the vendor's API that lists them.
pub(in crate::cli) fn permissions(
    expect: &Expect,
    credential: &mut Credential,
) -> Result<(), Failure> {
    let Some(given) = &expect.permissions else {
        return Ok(());
    };
    let text = match given.strip_prefix('@') {
        Some(path) => source::text(Path::new(path), "the file of --permissions")?,
        None => given.clone(),
    };
    if text.trim_start().starts_with('{') {
        let answer = serde_json::from_str(&text).map_err(|error| {
            Failure::new(
                "input",
                format!(
                    "the answer given with --permissions is not valid JSON (line {}, column {})",
                    error.line(),
                    error.column()
                ),
                Some("give names, or the body of the vendor's own answer"),
            )
        })?;
        credential.answer = Some(answer);
        return Ok(());
    }
    let names = text.split([',', ' ', '\n', '\r', '\t']);
    credential.permissions = Some(names.filter(|name| !name.is_empty()).collect());
    Ok(())
}

/// What holds for every question of a run.
pub(in crate::cli) fn declarations(settings: &Settings) -> Declared {
    Declared {
        trust: settings.trust,
        clock_given: settings.at_given,
        ..Declared::at(Clock {
            now: settings.now,
            leeway: settings.leeway,
        })
    }
}

//! The credential of an app: from the variable or file that the manifest names.

use super::{Run, at};
use crate::cli::error::Failure;
use crate::probe::grant::Client;
use crate::source;
use why401_core::gate::{App, Credential, Named};
use why401_core::token::{Secret, Token};

/// What an app is judged with.
pub(super) enum Supplied {
    /// A token.
    Token(Token),
    /// A client, to request a token with.
    Client(Client),
    /// Nothing but what the manifest declares; why no token was read, where one is named.
    Nothing(Option<String>),
}

impl Supplied {
    /// Why there is no token, where one is named.
    pub(super) fn absent(&self) -> Option<String> {
        match self {
            Self::Nothing(why) => why.clone(),
            _ => None,
        }
    }
}

pub(super) fn supplied(run: &Run<'_>, app: &App) -> Result<Supplied, Failure> {
    if let Some((_, line)) = run.commands.iter().find(|(name, _)| *name == app.name) {
        return Ok(Supplied::Token(Token::read(&source::command(line)?)));
    }
    // By token and table alone, lists that the manifest declares need no secret.
    let declares = app.scopes.is_some() || app.permissions.is_some();
    let spared = declares && !run.online;
    match &app.credential {
        Credential::Token(named) if spared && is_unset(run, named) => {
            Ok(Supplied::Nothing(Some(unset(named))))
        }
        Credential::Token(named) => {
            let text = value(run, app, named, ["token-env", "token-file"])?;
            Ok(Supplied::Token(Token::read(text.as_bytes())))
        }
        Credential::Client(..) if spared => Ok(Supplied::Nothing(None)),
        Credential::Client(id, secret) => Ok(Supplied::Client(Client {
            id: value(run, app, id, ["client-id-env", "client-id"])?,
            secret: Secret::new(value(
                run,
                app,
                secret,
                ["client-secret-env", "client-secret-file"],
            )?),
        })),
        Credential::Unnamed => unnamed(app),
    }
}

fn unnamed(app: &App) -> Result<Supplied, Failure> {
    let given = source::variable("WHY401_TOKEN").filter(|value| !value.trim().is_empty());
    let declared = app.kind.is_some() || app.scopes.is_some();
    match given {
        Some(token) => Ok(Supplied::Token(Token::read(token.as_bytes()))),
        None if declared => Ok(Supplied::Nothing(None)),
        None => Err(at(
            app,
            "token-env",
            "no credential is named, and WHY401_TOKEN is not set",
            "name one with token-env, token-file or client-id, or declare kind and scopes",
        )),
    }
}

/// Whether the variable is not set or empty, as a secret is that a pipeline does not pass on, or the file is not there.
fn is_unset(run: &Run<'_>, named: &Named) -> bool {
    match named {
        Named::Value(_) => false,
        Named::Variable(name) => source::variable(name).is_none_or(|text| text.trim().is_empty()),
        Named::File(name) => source::kind_of(&run.path(name)).is_none(),
    }
}

fn unset(named: &Named) -> String {
    let place = match named {
        Named::Value(_) => String::new(),
        Named::Variable(name) => format!(" (the environment variable `{name}` is not set)"),
        Named::File(name) => format!(" (there is no file {name})"),
    };
    format!("there is no token{place}: judged by what the manifest declares")
}

/// What a variable or file holds, without line ends; `keys` are the manifest's words for the two.
fn value(run: &Run<'_>, app: &App, named: &Named, keys: [&str; 2]) -> Result<String, Failure> {
    let (key, text) = match named {
        Named::Value(text) => (keys[1], text.clone()),
        Named::Variable(name) => {
            let set = source::variable(name).ok_or_else(|| {
                let text = format!("the environment variable `{name}` is not set");
                at(app, keys[0], text, "set it where the gate runs")
            })?;
            (keys[0], set)
        }
        Named::File(name) => {
            let read = source::file_text(&run.path(name), "the file");
            let read = read.map_err(|error| {
                at(
                    app,
                    keys[1],
                    error.to_string(),
                    "check its name; it is relative to the manifest",
                )
            })?;
            (keys[1], read)
        }
    };
    match text.trim_end_matches(['\n', '\r']) {
        text if text.trim().is_empty() => Err(at(
            app,
            key,
            "what it names is empty",
            "a CI secret that is not passed to the job is empty",
        )),
        text => Ok(text.to_owned()),
    }
}

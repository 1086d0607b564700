//! The credential of an app: from the variable or file that the manifest names.

use super::{Run, Stop, at, pipeline};
use crate::probe::grant::Client;
use crate::source;
use why401_core::finding::{Judged as Half, Outcome};
use why401_core::gate::{self, App, Credential, Named};
use why401_core::table::Table;
use why401_core::token::{Form, Secret, Token};

/// What an app is judged with.
pub(super) enum Supplied {
    /// A token.
    Token(Token),
    /// A client, to request a token with.
    Client(Client),
    /// A client that is only used online.
    Unused,
    /// Nothing but what the manifest declares; why no credential was read, where one is named.
    Nothing(Option<Lack>),
}

impl Supplied {
    /// What is to be said of the credential where no token comes of it here: why there is none, or that it is there.
    pub(super) fn without_token(&self) -> Option<Half> {
        match self {
            Self::Nothing(lack) => lack.as_ref().map(Lack::judged),
            Self::Unused => Some(Half::plain(Outcome::NotAsked, UNUSED)),
            Self::Token(_) | Self::Client(_) => None,
        }
    }
}

/// What offline is known of a client whose id and secret are there.
const UNUSED: &str = "id and secret are there; --online shows whether the issuer accepts them";

/// A credential that the manifest names and that nobody can read: nothing is known of it, so it does not pass.
pub(super) struct Lack {
    /// The place where it was looked for, and what is there.
    place: String,
    /// What to do.
    how: &'static str,
    /// What that does to an app.
    so: &'static str,
}

/// What an app has that reads a place where nothing is.
const WITHOUT: &str = "an app that reads it has no credential";

impl Lack {
    fn unset(place: String, how: &'static str) -> Self {
        let so = WITHOUT;
        Self { place, how, so }
    }

    fn empty(place: String) -> Self {
        Self {
            place,
            how: "Fill it",
            so: WITHOUT,
        }
    }

    fn judged(&self) -> Half {
        gate::open_credential(
            format!("{}: {}", self.place, self.so),
            &format!(
                "{}. Where a pipeline may not read it, and the lists of the manifest are enough",
                self.how
            ),
        )
    }
}

/// The manifest's words for the two places of a client's id, and of its secret.
const ID: [&str; 2] = ["client-id-env", "client-id"];
const SECRET: [&str; 2] = ["client-secret-env", "client-secret-file"];

pub(super) fn supplied(run: &Run<'_>, app: &App, table: &Table) -> Result<Supplied, Stop> {
    if let Some((_, line)) = run.commands.iter().find(|(name, _)| *name == app.name) {
        return Ok(Supplied::Token(Token::read(&source::command(line)?)));
    }
    // By token and table alone, lists that the manifest declares need no secret; those that wait for a value keep the
    // answer open.
    let spared = !run.online && is_declared(app, table);
    let value = |named: &Named, keys| value(run, app, named, keys);
    match &app.credential {
        Credential::Token(named) => match spared.then(|| lack(run, named)).flatten() {
            Some(lack) => Ok(Supplied::Nothing(Some(lack))),
            None => {
                let text = value(named, ["token-env", "token-file"])?;
                Ok(Supplied::Token(Token::read(text.as_bytes())))
            }
        },
        // Whether it is the right secret is asked online only; that there is one is seen here.
        Credential::Client(id, secret) if !run.online => {
            if !spared {
                value(id, ID)?;
                value(secret, SECRET)?;
            }
            let lack = lack(run, id).or_else(|| lack(run, secret));
            let lack = lack.or_else(|| unfit(run, secret));
            Ok(lack.map_or(Supplied::Unused, |lack| Supplied::Nothing(Some(lack))))
        }
        Credential::Client(id, secret) => Ok(Supplied::Client(Client {
            id: value(id, ID)?,
            secret: Secret::new(value(secret, SECRET)?),
        })),
        Credential::Unnamed => unnamed(run, app, table),
    }
}

/// Whether the manifest declares what a token would show, or has the lines for it.
fn is_declared(app: &App, table: &Table) -> bool {
    let listed = app.scopes.is_some() || app.permissions.is_some();
    listed || !gate::blanks(app, table).is_empty()
}

fn unnamed(run: &Run<'_>, app: &App, table: &Table) -> Result<Supplied, Stop> {
    let given = source::variable("WHY401_TOKEN").filter(|value| !value.trim().is_empty());
    let declared = app.kind.is_some() || is_declared(app, table);
    match given {
        Some(token) => Ok(Supplied::Token(Token::read(token.as_bytes()))),
        None if declared => Ok(Supplied::Nothing(None)),
        None => {
            let hint = "name one with `token-env`, `token-file` or `client-id`";
            let hint = format!("{hint}{}", instead(run));
            let text = format!(
                "no credential is named, and WHY401_TOKEN {}",
                empty("WHY401_TOKEN")
            );
            Err(at(app, "token-env", text, hint))
        }
    }
}

/// Why a variable or file holds no value; `None` where it holds one, or cannot be read.
fn lack(run: &Run<'_>, named: &Named) -> Option<Lack> {
    let blank = |text: &String| text.trim().is_empty();
    match named {
        Named::Value(text) => blank(text).then(|| Lack::empty("it is empty".to_owned())),
        Named::Variable(name) => {
            let place = format!("the environment variable `{name}` {}", empty(name));
            match source::variable(name) {
                None => Some(Lack::unset(place, "Set it")),
                Some(text) => blank(&text).then(|| Lack::empty(place)),
            }
        }
        Named::File(name) => {
            let path = run.path(name);
            if source::kind_of(&path).is_none() {
                let place = format!("there is no file {name}");
                return Some(Lack::unset(place, "Write it before the gate runs"));
            }
            let text = source::file_text(&path, "the file").ok()?;
            blank(&text).then(|| Lack::empty(format!("the file {name} is empty")))
        }
    }
}

/// Why a client's secret is hardly one as it is stored: it is quoted, a placeholder, or ends with a line break.
fn unfit(run: &Run<'_>, named: &Named) -> Option<Lack> {
    let (place, text) = stored(run, named)?;
    let bare = text.trim_end_matches(BREAK).trim_matches(['"', '\'']);
    if let Form::Literal(what) = Token::read(bare.as_bytes()).form {
        return Some(Lack::unset(format!("{place} contains {what}"), "Set it"));
    }
    let harm = |place: String| Lack {
        place,
        how: "Store the secret alone",
        so: SENT_TOO,
    };
    // Files end so, and what reads a file often strips it.
    if text.ends_with(BREAK) && matches!(named, Named::Variable(_)) {
        return Some(harm(ends_broken(&place)));
    }
    let text = text.trim_end_matches(BREAK);
    let quoted = ['"', '\'']
        .iter()
        .any(|mark| text.len() > 1 && text.starts_with(*mark) && text.ends_with(*mark));
    quoted.then(|| harm(format!("{place} contains the secret in quotation marks")))
}

/// What a variable or file holds, as it is, behind its name in words; `None` where it cannot be read.
fn stored(run: &Run<'_>, named: &Named) -> Option<(String, String)> {
    Some(match named {
        Named::Value(_) => return None,
        Named::Variable(name) => (
            format!("the environment variable `{name}`"),
            source::variable(name)?,
        ),
        Named::File(name) => (
            format!("the file {name}"),
            source::file_text(&run.path(name), "the file").ok()?,
        ),
    })
}

/// The ends of lines.
const BREAK: [char; 2] = ['\n', '\r'];

/// What comes of a secret with something around it.
const SENT_TOO: &str = "a server refuses it if the app sends that too";

fn ends_broken(place: &str) -> String {
    format!("{place} ends with a line break")
}

/// A line break behind the token or secret of an app.
pub(super) struct LineEnd {
    /// Where it is, and what comes of it.
    pub(super) text: String,
    /// Whether it ends a file: most files end so, and what reads them often strips it.
    pub(super) of_file: bool,
}

/// The line break behind the token or secret of an app, where it is stored with one.
pub(super) fn line_end(run: &Run<'_>, app: &App) -> Option<LineEnd> {
    if run.commands.iter().any(|(name, _)| *name == app.name) {
        return None;
    }
    let usual = Named::Variable("WHY401_TOKEN".to_owned());
    let named = match &app.credential {
        Credential::Token(named) | Credential::Client(_, named) => named,
        Credential::Unnamed => &usual,
    };
    let (place, text) = stored(run, named)?;
    let of_file = matches!(named, Named::File(_));
    let there = !text.trim().is_empty() && text.ends_with(BREAK);
    let so = match of_file {
        true => "a server refuses it if the app does not strip that",
        false => SENT_TOO,
    };
    there.then(|| LineEnd {
        text: format!("{}: {so}", ends_broken(&place)),
        of_file,
    })
}

/// Why a variable holds nothing.
fn empty(name: &str) -> &'static str {
    match source::variable(name) {
        None => "is not set",
        Some(_) => "is empty",
    }
}

/// What a variable or file holds, without line ends; `keys` are the manifest's words for the two.
fn value(run: &Run<'_>, app: &App, named: &Named, keys: [&str; 2]) -> Result<String, Stop> {
    let (key, text) = match named {
        Named::Value(text) => (keys[1], Some(text.clone())),
        Named::Variable(name) => (keys[0], source::variable(name)),
        Named::File(name) => {
            let path = run.path(name);
            let read = source::kind_of(&path).map(|_| source::file_text(&path, "the file"));
            let read = read.transpose().map_err(|error| {
                let hint = "it must be readable text: the token or secret and nothing else";
                at(app, keys[1], error.to_string(), hint)
            })?;
            (keys[1], read)
        }
    };
    let text = text.map(|text| text.trim_end_matches(BREAK).to_owned());
    match text {
        Some(text) if !text.trim().is_empty() => Ok(text),
        found => {
            let what = match (named, found) {
                (Named::Variable(name), _) => {
                    format!("the environment variable `{name}` {}", empty(name))
                }
                (Named::File(name), None) => format!("there is no file {name}"),
                (Named::File(name), Some(_)) => format!("the file {name} is empty"),
                (Named::Value(_), _) => "it is empty".to_owned(),
            };
            let how = format!("{}{}", how(named), instead(run));
            Err(at(app, key, what, how))
        }
    }
}

/// How a secret comes to the place where it is looked for.
fn how(named: &Named) -> String {
    match named {
        Named::Variable(name) => pipeline::how(name),
        Named::File(_) => {
            "write the file before the gate runs, in a pipeline in the step before; its name is relative to the manifest"
                .to_owned()
        }
        Named::Value(_) => "fill it in".to_owned(),
    }
}

/// What can be declared in place of a credential that is not there.
fn instead(run: &Run<'_>) -> String {
    if run.online {
        return String::new();
    }
    ". Or declare `kind`, `scopes` and `permissions`: offline, the gate then needs no token"
        .to_owned()
}

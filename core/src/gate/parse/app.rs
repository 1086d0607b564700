//! One app: its keys, and the credential that they name.

use super::endpoint::endpoints;
use super::environment::{Keyed, in_environment, is_credential, names, overlay, replaces};
use super::{ENVIRONMENT, KEYS, unknown};
use crate::gate::manifest::{App, BLANK, Credential, Named};
use crate::gate::reader::{Reader, Value, in_order};
use crate::token::redact;

/// An app, and which half of its client nobody named.
pub(super) fn app(
    reader: &mut Reader,
    value: &Value<'_>,
    shared: &[Keyed<'_, '_>],
    environment: Option<&str>,
) -> (App, Option<Half>) {
    let mut app = App {
        line: reader.line(&value.span()),
        ..App::default()
    };
    let Some(table) = value.get_ref().as_table() else {
        reader.flaw(app.line, "app", "an app is not a table", "write `[[app]]`");
        return (app, None);
    };
    app.environments = names(table).into_iter().map(str::to_owned).collect();
    let mut own = Vec::new();
    let mut here = Vec::new();
    for (key, span, value) in in_order(table) {
        match key {
            ENVIRONMENT => here.extend(in_environment(reader, value, environment)),
            _ => own.push((key, reader.line(&span), value)),
        }
    }
    overlay(&mut own, here);
    let given = |key: &str| own.iter().any(|(name, _, _)| *name == key);
    let mut named = NamedCredential::default();
    // What an app says itself replaces what is said for all.
    for (key, line, value) in shared {
        if !own.iter().any(|(name, _, _)| replaces(name, key)) {
            set(reader, &mut app, &mut named, key, *line, value);
        }
    }
    for (key, line, value) in &own {
        set(reader, &mut app, &mut named, key, *line, value);
    }
    if app.name.is_empty() {
        app.name = format!("app on line {}", app.line);
    }
    if !given("name") {
        reader.flaw(
            app.line,
            "name",
            "the app has no name",
            "add name = \"...\"",
        );
    }
    if app.endpoints.is_empty() && !app.lines.contains_key("endpoints") {
        reader.flaw(
            app.line,
            "endpoints",
            "the app has no endpoints",
            "add endpoints = [\"GET /path\"]",
        );
    }
    let (credential, half) = named.credential(reader, &app);
    app.credential = credential;
    (app, half)
}

/// A client of which one half is named.
pub(super) struct Half {
    line: usize,
    /// The half that is there, and the keys of the other.
    there: &'static str,
    missing: &'static str,
}

impl Half {
    /// Keeps it as a flaw, with the environment in which the other half is not named.
    pub(super) fn tell(self, reader: &mut Reader, environment: Option<&str>) {
        let only = format!("the client has {} only", self.there);
        let text = match environment {
            Some(name) => format!("in the environment `{name}`, {only}"),
            None => only,
        };
        reader.flaw(
            self.line,
            "credential",
            text,
            format!("add {}", self.missing),
        );
    }
}

/// The names of a credential, until all are known.
#[derive(Debug, Default)]
struct NamedCredential {
    token: Option<Named>,
    id: Option<Named>,
    secret: Option<Named>,
}

impl NamedCredential {
    fn put(&mut self, key: &str, value: String) -> bool {
        let (slot, named) = match key {
            "token-env" => (&mut self.token, Named::Variable(value)),
            "token-file" => (&mut self.token, Named::File(value)),
            "client-id" => (&mut self.id, Named::Value(value)),
            "client-id-env" => (&mut self.id, Named::Variable(value)),
            "client-secret-env" => (&mut self.secret, Named::Variable(value)),
            _ => (&mut self.secret, Named::File(value)),
        };
        slot.replace(named).is_none()
    }

    fn credential(self, reader: &mut Reader, app: &App) -> (Credential, Option<Half>) {
        let line = |keys: [&str; 2]| keys.iter().find_map(|key| app.lines.get(*key));
        let half = |keys, there, missing| Half {
            line: line(keys).copied().unwrap_or(app.line),
            there,
            missing,
        };
        let (id, secret) = (
            ["client-id", "client-id-env"],
            ["client-secret-env", "client-secret-file"],
        );
        let half = match (self.token, self.id, self.secret) {
            (None, None, None) => None,
            (Some(token), None, None) => return (Credential::Token(token), None),
            (None, Some(id), Some(secret)) => return (Credential::Client(id, secret), None),
            (Some(_), _, _) => {
                let text = "both a token and a client are named";
                reader.flaw(app.line, "credential", text, "keep one of them");
                None
            }
            (None, Some(_), None) => {
                Some(half(id, "an id", "client-secret-env or client-secret-file"))
            }
            (None, None, Some(_)) => Some(half(secret, "a secret", "client-id or client-id-env")),
        };
        (Credential::Unnamed, half)
    }
}

fn set(
    reader: &mut Reader,
    app: &mut App,
    named: &mut NamedCredential,
    key: &str,
    line: usize,
    value: &Value<'_>,
) {
    app.lines.insert(key.to_owned(), line);
    match key {
        "name" => app.name = reader.text(key, value).unwrap_or_default(),
        "provider" => app.provider = reader.text(key, value),
        "region" => app.region = reader.text(key, value),
        "kind" => app.kind = reader.text(key, value).filter(|kind| kind != BLANK),
        "audience" => app.audience = reader.text(key, value),
        "issuer" => app.issuer = reader.text(key, value),
        "enforce-scopes" => app.enforce_scopes = reader.flag(key, value),
        "scopes" => app.scopes = filled(list(reader, app, "scopes", value)),
        "permissions" => app.permissions = filled(list(reader, app, "permissions", value)),
        "tables" => app.tables = reader.names(key, value).unwrap_or_default(),
        "forbid-scopes" => {
            app.forbid_scopes = list(reader, app, "forbid-scopes", value).unwrap_or_default();
        }
        "fail-on" => app.fail_on = list(reader, app, "fail-on", value).unwrap_or_default(),
        "min-ttl" => app.min_ttl = reader.seconds(key, value),
        "max-scopes" => app.max_scopes = reader.count(key, value),
        "endpoints" => app.endpoints = endpoints(reader, value),
        "needs" => app.needs = filled(reader.names(key, value)),
        "unknown" => app.tolerated = tolerated(reader, app, value),
        _ if is_credential(key) && KEYS.contains(&key) => {
            let text = reader.text(key, value);
            if text.as_deref().is_some_and(redact::looks_secret) {
                let fix = "write the name of its variable or file; if anybody else has seen the manifest, revoke the credential";
                reader.flaw(
                    line,
                    key,
                    "it has a credential instead of the name of its place",
                    fix,
                );
            } else if text.is_some_and(|text| !named.put(key, text)) {
                reader.flaw(line, key, "it is named in two ways", "keep one of them");
            }
        }
        _ => unknown(reader, key, line),
    }
}

/// A list of names; the line of each is kept.
fn list(
    reader: &mut Reader,
    app: &mut App,
    key: &'static str,
    value: &Value<'_>,
) -> Option<Vec<String>> {
    let placed = reader.placed(key, value)?;
    for (name, line) in &placed {
        app.places.entry((key, name.clone())).or_insert(*line);
    }
    Some(placed.into_iter().map(|(name, _)| name).collect())
}

/// A list, unless a name in it is yet to be filled in.
fn filled(names: Option<Vec<String>>) -> Option<Vec<String>> {
    names.filter(|names| !names.iter().any(|name| name == BLANK))
}

/// The checks that may stay undecided: `unknown = { permission = "pass" }`.
fn tolerated(reader: &mut Reader, app: &mut App, value: &Value<'_>) -> Vec<String> {
    let Some(table) = value.get_ref().as_table() else {
        let line = reader.line(&value.span());
        let hint = "write unknown = { permission = \"pass\" }";
        reader.flaw(line, "unknown", "`unknown` is not a table", hint);
        return Vec::new();
    };
    let mut out = Vec::new();
    for (check, span, value) in in_order(table) {
        let line = reader.line(&span);
        app.places.insert(("unknown", check.to_owned()), line);
        match value.get_ref().as_str() {
            Some("pass") => out.push(check.to_owned()),
            Some("fail") => {}
            _ => {
                let text = "a check in `unknown` is neither \"pass\" nor \"fail\"";
                reader.flaw(line, "unknown", text, "write \"pass\" or \"fail\"");
            }
        }
    }
    out
}

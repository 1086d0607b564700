//! From the text of a manifest to its apps; a fault of one leaves the others readable.

mod app;
mod endpoint;
mod environment;

use super::manifest::{App, Credential, Hint, Manifest};
use super::reader::{Reader, Value, in_order, instead};
use app::app;
use environment::{in_environment, is_credential, names, overlay, set_in};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// Keys of an app; outside an app they are what every app has that does not say otherwise.
const KEYS: [&str; 22] = [
    "audience",
    "client-id",
    "client-id-env",
    "client-secret-env",
    "client-secret-file",
    "endpoints",
    "enforce-scopes",
    "fail-on",
    "forbid-scopes",
    "issuer",
    "kind",
    "max-scopes",
    "min-ttl",
    "needs",
    "permissions",
    "provider",
    "region",
    "scopes",
    "tables",
    "token-env",
    "token-file",
    "unknown",
];
/// Whether an app of a manifest has a key of that name.
pub fn is_key(name: &str) -> bool {
    KEYS.contains(&name)
}

/// The key under which environments stand.
const ENVIRONMENT: &str = "env";
/// What people write where a name belongs.
const SECRETS: [&str; 6] = [
    "token",
    "access-token",
    "client-secret",
    "secret",
    "password",
    "authorization",
];

/// So many places are named where a text is not TOML.
const ERRORS: usize = 10;

/// Reads a manifest, for one of its environments where it has some. What is wrong with one app leaves the others
/// readable.
pub fn parse(text: &str, environment: Option<&str>) -> Manifest {
    let mut reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What can be read of it would only be blamed for what was not read.
        for error in errors.iter().take(ERRORS) {
            let line = error.span().map_or(1, |span| reader.line(&span));
            reader.flaw(line, "", format!("it is not TOML: {}", error.message()), "");
        }
        return Manifest {
            flaws: reader.flaws,
            ..Manifest::default()
        };
    }
    let Some((apps, shared)) = parts(&mut reader, document.get_ref(), environment) else {
        return Manifest {
            flaws: reader.flaws,
            ..Manifest::default()
        };
    };
    let known = environments(document.get_ref(), &apps);
    let known = known.into_iter().map(str::to_owned).collect();
    let of_all = names(document.get_ref());
    let set_for_all = set_in(document.get_ref());
    let written = document.get_ref().get("app");
    if apps.is_empty() && written.is_none_or(|value| value.get_ref().is_array()) {
        reader.flaw(
            1,
            "app",
            "there is no app",
            "add one: [[app]] with a name and endpoints",
        );
    }
    let flaws = std::mem::take(&mut reader.flaws);
    let mut seen = BTreeSet::new();
    let apps = apps
        .into_iter()
        .map(|value| {
            let (mut app, half) = app(&mut reader, value, &shared, environment);
            if !seen.insert(app.name.clone()) {
                reader.flaw(
                    app.line_of("name"),
                    "name",
                    "two apps have this name",
                    "names are unique",
                );
            }
            let has = |name: &str| {
                of_all.contains(&name) || app.environments.iter().any(|own| own == name)
            };
            if environment.is_none() {
                let own = value.get_ref().as_table().map(set_in);
                let set = set_for_all.iter().copied().chain(own.into_iter().flatten());
                app.elsewhere = elsewhere(&app, set);
            }
            let here = environment.filter(|name| has(name));
            if let Some(half) = half.filter(|_| !app.elsewhere.contains_key("credential")) {
                half.tell(&mut reader, here);
            }
            app.lacks = environment.filter(|_| here.is_none()).map(str::to_owned);
            app.flaws = std::mem::take(&mut reader.flaws);
            app
        })
        .collect();
    Manifest {
        apps,
        environments: known,
        flaws,
    }
}

/// What of an app is named in environments only: `credential` or `region`, with the environments that name it.
fn elsewhere<'v>(
    app: &App,
    set: impl Iterator<Item = (&'v str, &'v str)>,
) -> BTreeMap<&'static str, Vec<String>> {
    let mut out: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (environment, key) in set {
        let what = match key {
            _ if is_credential(key) && app.credential == Credential::Unnamed => "credential",
            "region" if app.region.is_none() => "region",
            _ => continue,
        };
        let names = out.entry(what).or_default();
        if !names.iter().any(|name| name == environment) {
            names.push(environment.to_owned());
        }
    }
    out
}

/// How apps are written, for somebody who wrote `[app.NAME]`.
fn listed(value: &Value<'_>) -> String {
    let table = value.get_ref().as_table();
    let mut names = table.into_iter().flat_map(|table| table.keys());
    let plain = |name: &str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    match names.find(|name| !is_key(name.get_ref()) && plain(name.get_ref())) {
        Some(name) => format!(
            "write `[[app]]`, and under it `name = \"{}\"`",
            name.get_ref()
        ),
        None => "write `[[app]]`".to_owned(),
    }
}

/// Apps, and keys with their lines and values.
type Parts<'d> = (Vec<&'d Value<'d>>, Vec<(&'d str, usize, &'d Value<'d>)>);

/// The apps, and what is said for all of them in an environment: key, line, value. `None` where there is no such
/// environment: nothing is judged by another one's values.
fn parts<'d>(
    reader: &mut Reader,
    document: &'d DeTable<'d>,
    environment: Option<&str>,
) -> Option<Parts<'d>> {
    let mut apps = Vec::new();
    let mut shared = Vec::new();
    let mut named = Vec::new();
    for (key, span, value) in in_order(document) {
        let line = reader.line(&span);
        match (key, value.get_ref().as_array()) {
            ("app", Some(list)) => apps.extend(list.iter()),
            ("app", None) => reader.flaw(line, key, "`app` is not a list", listed(value)),
            ("$schema", _) => {}
            (ENVIRONMENT, _) => named.extend(in_environment(reader, value, environment)),
            _ => shared.push((key, line, value)),
        }
    }
    let known = environments(document, &apps);
    if environment.is_some_and(|name| !known.contains(&name)) {
        // It is not in the file: no line is to blame.
        reader.flaw(
            0,
            "",
            "the manifest has no environment of the name that was asked for",
            match known.is_empty() {
                true => "add [env.staging] with the keys that differ there".to_owned(),
                false => instead(
                    environment.unwrap_or_default(),
                    known.iter().copied(),
                    "its environments",
                ),
            },
        );
        return None;
    }
    overlay(&mut shared, named);
    let own = |key: &str| KEYS.contains(&key);
    for (key, line, _) in shared.iter().filter(|(key, _, _)| !own(key)) {
        unknown(reader, key, *line);
    }
    shared.retain(|(key, _, _)| own(key));
    Some((apps, shared))
}

/// The environments that the document, or one of its apps, has.
fn environments<'v>(document: &'v DeTable<'_>, apps: &[&'v Value<'_>]) -> Vec<&'v str> {
    let apps = apps.iter().filter_map(|app| app.get_ref().as_table());
    let all: BTreeSet<&str> = std::iter::once(document)
        .chain(apps)
        .flat_map(names)
        .collect();
    all.into_iter().collect()
}

fn unknown(reader: &mut Reader, key: &str, line: usize) {
    if SECRETS.contains(&key.replace('_', "-").to_ascii_lowercase().as_str()) {
        return reader.flaw(
            line,
            key,
            format!("the key `{key}` would contain a secret, which a manifest must not"),
            "name the place of the secret: token-env, token-file, client-secret-env or client-secret-file",
        );
    }
    if key.replace('_', "-") == "token-cmd" {
        return reader.flaw(
            line,
            key,
            "a manifest may not run a command: whoever can change it could run anything",
            Hint::CommandOutside,
        );
    }
    let known: Vec<&str> = KEYS
        .into_iter()
        .chain(["name", "app", ENVIRONMENT])
        .collect();
    reader.unknown(key, line, &known);
}

#[cfg(test)]
mod tests;

//! A manifest to start from, out of the operations that an app was seen to call.

use super::asks::Asks;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// An operation that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Start {
    /// The provider's id and region, where a table knows the host.
    pub(super) provider: Option<(String, Option<String>)>,
    /// The host, where no table knows it.
    pub(super) host: Option<String>,
    /// A table of the app's own that the operation stands in.
    pub(super) table: Option<String>,
    /// What its provider asks of a person.
    pub(super) asks: Asks,
    /// `METHOD /path`, with the template's names in place of ids where a table knows it.
    pub(super) call: String,
}

/// What is asked for where no table knows the API.
const OWN: &str = "# No table knows this host. Replace each \"...\": the scopes that every endpoint needs (one that needs others is written\n# { call = \"GET https://...\", needs = [\"...\"] }), and the scopes that the token was granted. Or name an OpenAPI document in\n# tables = [\"openapi.yaml\"]\nneeds = [\"...\"]\nscopes = [\"...\"]\n";

/// What is asked for where nothing says whose API it is.
const HOSTLESS: &str = "# These paths have no host. Name the provider (`why401 tables list`), or a table or OpenAPI document of your own:\n# provider = \"...\"\n# tables = [\"openapi.yaml\"]\n# Or write whole URLs, with the scopes that each needs:\n# { call = \"GET https://...\", needs = [\"...\"] }\n";

/// Why a path has a name where the input has an id.
const IDS: &str = "# A name in braces stands for any id: the ids of the input are not kept. --online asks such an endpoint only where\n# an id is written in place of the name.\n";

/// A manifest with one app a provider and region; every operation once.
pub(super) fn manifest(starts: &[Start]) -> String {
    let mut apps: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for start in starts {
        let calls = apps
            .entry((&start.provider, &start.host, &start.table, &start.asks))
            .or_default();
        if !calls.contains(&start.call.as_str()) {
            calls.push(&start.call);
        }
    }
    let mut out = String::from(
        "# Which credential opens which endpoints: `why401 gate` checks it, `why401 gate --lint` reads it.\n# A credential is named by its variable or file; its value is never written here.\n# What differs in staging or production goes under [app.env.staging], [app.env.production]: `why401 gate --env staging`.\n",
    );
    let mut names: Vec<String> = Vec::new();
    let several = apps.len() > 1;
    for ((provider, host, table, asks), mut calls) in apps {
        calls
            .sort_unstable_by_key(|call| call.split_once(' ').map(|(method, path)| (path, method)));
        let id = provider.as_ref().map(|(id, _)| id.as_str());
        let first = id.or(host.as_deref()).unwrap_or("app");
        let count = names.iter().filter(|name| name.as_str() == first).count();
        names.push(first.to_owned());
        let name = match count {
            0 => first.to_owned(),
            n => format!("{first}-{}", n + 1),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n[[app]]\nname = {}", quoted(&name));
        if let Some((id, region)) = provider {
            let _ = writeln!(out, "provider = {}", quoted(id));
            if let Some(region) = region {
                let _ = writeln!(out, "region = {}", quoted(region));
            }
        }
        if provider.is_none() && host.is_none() {
            out.push_str(HOSTLESS);
        }
        if let Some(table) = table {
            let _ = writeln!(out, "tables = [{}]", quoted(table));
        }
        let own = match several {
            true => variable(&name),
            false => "WHY401".to_owned(),
        };
        let _ = writeln!(out, "token-env = {}", quoted(&format!("{own}_TOKEN")));
        asks.client(&format!("{own}_CLIENT_SECRET"), &mut out);
        match host {
            Some(_) => out.push_str(OWN),
            None => asks.write(&mut out),
        }
        if table.is_none() && calls.iter().any(|call| call.contains('{')) {
            out.push_str(IDS);
        }
        out.push_str("endpoints = [\n");
        for call in calls {
            let _ = writeln!(out, "  {},", quoted(call));
        }
        out.push_str("]\n");
    }
    out
}

/// How variables for the credential of an app begin that is one of several.
fn variable(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.to_ascii_uppercase().chars().map(word).collect();
    // The name of a secret of GitHub Actions may not begin with GITHUB_, and GITHUB_TOKEN there is the workflow's own.
    match name.starts_with("GITHUB") {
        true => format!("APP_{name}"),
        false => name,
    }
}

/// A TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_again() {
        let start = |provider: Option<&str>, call: &str| Start {
            provider: provider.map(|id| (id.to_owned(), Some("eu-west-1".to_owned()))),
            call: call.to_owned(),
            ..Start::default()
        };
        let starts = [
            start(Some("genesys-cloud"), "GET /b"),
            start(None, "GET /x\"y"),
            start(Some("genesys-cloud"), "GET /a"),
            start(Some("genesys-cloud"), "GET /b"),
        ];
        let text = manifest(&starts);
        assert!(
            text.contains("\"GENESYS_CLOUD_TOKEN\"") && text.contains("\"APP_TOKEN\""),
            "{text}"
        );
        let manifest = why401_core::gate::parse(&text, None);
        assert_eq!(manifest.flaws, []);
        let calls: Vec<Vec<&str>> = manifest
            .apps
            .iter()
            .map(|app| app.endpoints.iter().map(|e| e.url.as_str()).collect())
            .collect();
        assert_eq!(calls, [vec!["/x\"y"], vec!["/a", "/b"]]);
        assert!(
            manifest.apps.iter().all(|app| app.flaws.is_empty()),
            "{manifest:?}"
        );
    }
}

//! Dropbox's `.stone` descriptions to rows: each route is one operation, its attributes say host, token and scope.
//!
//! Only routes and their attributes are read; the rest of the language describes data.
//! <https://github.com/dropbox/stone/blob/main/docs/lang_ref.rst>

use super::{Document, Imported, Options, Rows, row};
use crate::table::model::{Needs, Rule};
use std::collections::BTreeMap;

/// Reads all documents into one sorted table.
pub fn stone(documents: &[Document], options: &Options<'_>) -> Imported {
    let mut out = Imported::default();
    let mut rows = Rows::default();
    for document in documents {
        let text = document.text.trim_start_matches('\u{feff}');
        let Some(namespace) = text
            .lines()
            .find_map(|line| line.strip_prefix("namespace "))
        else {
            let why = "is not a .stone description: it has no `namespace`";
            out.doubts.push((document.name.clone(), why.to_owned()));
            continue;
        };
        out.counts.documents += 1;
        for route in routes(text, &document.name, &mut out) {
            let place = format!("{} route {}", document.name, route.name);
            let rule = rule(namespace.trim(), &route, options, &mut out);
            rows.add(rule, &place);
        }
    }
    rows.finish(options, &mut out);
    out
}

/// A route with its attributes.
struct Route<'t> {
    name: &'t str,
    version: &'t str,
    deprecated: bool,
    attributes: BTreeMap<&'t str, &'t str>,
}

/// A route starts at the margin; what is indented below it belongs to it, its attributes below `attrs`.
fn routes<'t>(text: &'t str, document: &str, out: &mut Imported) -> Vec<Route<'t>> {
    let mut routes: Vec<Route<'t>> = Vec::new();
    let (mut inside, mut in_attributes) = (false, false);
    for (number, line) in text.lines().enumerate() {
        let code = line.split('#').next().unwrap_or_default().trim_end();
        if code.is_empty() {
            continue;
        }
        if !code.starts_with(' ') && !code.starts_with('\t') {
            (inside, in_attributes) = (false, false);
            let Some(head) = code.strip_prefix("route ") else {
                continue;
            };
            match route(head) {
                Some(route) => {
                    routes.push(route);
                    inside = true;
                }
                None => out.doubts.push((
                    format!("{document} line {}", number + 1),
                    "is a route without a name".to_owned(),
                )),
            }
        } else if inside && code.trim() == "attrs" {
            in_attributes = true;
        } else if in_attributes && let Some((name, value)) = code.split_once('=') {
            let value = value.trim().trim_matches('"');
            if let Some(route) = routes.last_mut() {
                route.attributes.insert(name.trim(), value);
            }
        }
    }
    routes
}

/// `search/continue:2 (Argument, Result, Error) deprecated by other`.
fn route(head: &str) -> Option<Route<'_>> {
    let end = head.find([' ', '(']).unwrap_or(head.len());
    let (name, version) = match head[..end].split_once(':') {
        Some((name, version)) => (name, version),
        None => (&head[..end], "1"),
    };
    let behind = head.rsplit_once(')').map_or("", |(_, behind)| behind);
    (!name.is_empty()).then(|| Route {
        name,
        version,
        deprecated: behind.split_whitespace().any(|word| word == "deprecated"),
        attributes: BTreeMap::new(),
    })
}

fn rule(namespace: &str, route: &Route<'_>, options: &Options<'_>, out: &mut Imported) -> Rule {
    let version = match route.version {
        "1" => String::new(),
        version => format!("_v{version}"),
    };
    let path = format!("/{namespace}/{}{version}", route.name);
    let mut rule = row("POST", &path, Needs::new(), &options.source);
    rule.op = Some(path[1..].to_owned());
    rule.deprecated = route.deprecated;
    let attribute = |name: &str| route.attributes.get(name).copied();
    let scope = attribute("scope");
    rule.unknown = scope.is_none();
    // Without the attribute a route takes a user's token (stone_cfg.stone).
    for auth in attribute("auth").unwrap_or("user").split(',') {
        let auth = auth.trim();
        *out.schemes.entry(auth.to_owned()).or_default() += 1;
        if auth == "noauth" {
            rule.need.insert("anonymous".to_owned(), BTreeMap::new());
            rule.unknown = false;
            continue;
        }
        let gates = scope.map(|scope| ("scope".to_owned(), vec![vec![scope.to_owned()]]));
        for (kind, meets) in kinds(auth, options) {
            let gates = gates.clone().filter(|_| meets);
            rule.unknown &= meets;
            rule.need.insert(kind, gates.into_iter().collect());
        }
    }
    if attribute("is_preview") == Some("true") {
        rule.states.push("Preview".to_owned());
    }
    rule
}

/// The declared kinds of a way to authenticate, and whether each meets the gate of scopes.
fn kinds(auth: &str, options: &Options<'_>) -> Vec<(String, bool)> {
    let declared = options.provider.map_or(&[][..], |p| &p.kind).iter();
    let found: Vec<(String, bool)> = declared
        .filter(|kind| kind.schemes.iter().any(|own| own == auth))
        .map(|kind| {
            (
                kind.id.clone(),
                kind.gates.iter().any(|gate| gate == "scope"),
            )
        })
        .collect();
    match found.is_empty() {
        true => vec![(auth.to_owned(), true)],
        false => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ListReading;

    #[test]
    fn routes_become_rows_with_host_token_and_scope() {
        let text = "namespace files\n\nroute upload (A, B, C)\n    \"Text: route x = 1\"\n    attrs\n        host = \"content\"\n        scope = \"files.content.write\" # why\n\nstruct S\n    scope String\n        \"no = attribute\"\n\nroute get_metadata:2 (A, B, C) deprecated by x\n    attrs\n        auth = \"app, user\"\n        scope = \"files.metadata.read\"\nroute ping (A, B, C)\n    attrs\n        auth=\"noauth\"\nroute (A)\n";
        let documents = [Document {
            name: "files.stone".to_owned(),
            text: text.to_owned(),
        }];
        let options = Options {
            provider: None,
            source: "spec".to_owned(),
            reading: ListReading::All,
            find: &|_| None,
        };
        let out = stone(&documents, &options);
        let names: Vec<String> = out.rules.iter().map(Rule::name).collect();
        assert_eq!(
            names,
            [
                "POST /files/get_metadata_v2",
                "POST /files/ping",
                "POST /files/upload"
            ]
        );
        let [metadata, ping, upload] = &out.rules[..] else {
            panic!("three rows");
        };
        assert_eq!(upload.need["user"]["scope"], [["files.content.write"]]);
        assert!(metadata.deprecated && metadata.need.contains_key("app"));
        assert!(ping.is_anonymous() && !ping.unknown);
        assert_eq!(
            out.doubts,
            [(
                "files.stone line 20".to_owned(),
                "is a route without a name".to_owned()
            )]
        );
    }
}

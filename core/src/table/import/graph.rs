//! Microsoft Graph's `permissions.json` (the kibali format) to rows: permissions with their paths, turned round.
//!
//! For one method, path and scheme the permissions are alternatives. `AlsoRequires=A,B` adds one of A, B. `least` is
//! set for a group of methods and so leaks between them: it is kept only where it names a single permission.
//! <https://github.com/microsoftgraph/kibali>

use super::{Document, Imported, Options, Rows, parse, row};
use crate::scope::Need;
use crate::table::model::{Needs, Rule};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Consent given inside one team or chat, which no token shows.
const RESOURCE_SPECIFIC: &str = "RSC";

/// One operation, gathered from all permissions.
#[derive(Debug, Default)]
struct Gathered {
    /// The path as it was written first.
    path: String,
    /// Sets by scheme.
    needs: BTreeMap<String, BTreeSet<Vec<String>>>,
    least: BTreeMap<String, BTreeSet<String>>,
    consents: BTreeSet<String>,
    spellings: BTreeSet<String>,
}

type Operations = BTreeMap<(String, String, Option<String>), Gathered>;

/// Reads all documents into one sorted table.
pub fn graph(documents: &[Document], options: &Options<'_>) -> Imported {
    let mut out = Imported::default();
    let mut operations = Operations::new();
    for document in documents {
        match parse(&document.text) {
            Ok(Value::Object(root)) if root.get("permissions").is_some_and(Value::is_object) => {
                out.counts.documents += 1;
                let permissions = root["permissions"].as_object();
                for (name, permission) in permissions.into_iter().flatten() {
                    gather(name, permission, &mut operations, &mut out);
                }
            }
            Ok(_) => out.doubts.push((
                document.name.clone(),
                "is not a permissions document: it has no `permissions` object".to_owned(),
            )),
            Err(why) => out.doubts.push((document.name.clone(), why)),
        }
    }
    let mut rows = Rows::default();
    for ((_, method, query), gathered) in operations {
        let rule = rule(&method, query, &gathered, options, &mut out);
        rows.add(rule, &gathered.path);
    }
    rows.finish(options, &mut out);
    out
}

fn gather(name: &str, permission: &Value, operations: &mut Operations, out: &mut Imported) {
    let consent =
        permission.get("authorizationType").and_then(Value::as_str) == Some(RESOURCE_SPECIFIC);
    let sets = permission.get("pathSets").and_then(Value::as_array);
    if sets.is_none_or(Vec::is_empty) {
        out.doubts.push((
            format!("permission {name}"),
            "names no path: it is published, but which operations it opens is not".to_owned(),
        ));
    }
    for set in sets.into_iter().flatten() {
        let list = |key: &str| super::strings(&set[key]);
        let (schemes, methods) = (list("schemeKeys"), list("methods"));
        let paths = set.get("paths").and_then(Value::as_object);
        for (path, value) in paths.into_iter().flatten() {
            let entry = PathScopes::read(value.as_str().unwrap_or_default());
            for method in &methods {
                let operation = operation(operations, method, path);
                operation.take(name, &schemes, &entry, consent);
            }
        }
    }
}

/// What stands behind a path: `least=DelegatedWork;AlsoRequires=A,B`.
struct PathScopes<'v> {
    least: Vec<&'v str>,
    also: Vec<&'v str>,
}

impl<'v> PathScopes<'v> {
    fn read(text: &'v str) -> Self {
        let value = |key: &str| -> Vec<&'v str> {
            let parts = text.split(';').filter_map(|part| part.split_once('='));
            parts
                .filter(|(own, _)| own.trim().eq_ignore_ascii_case(key))
                .flat_map(|(_, names)| names.split(','))
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .collect()
        };
        Self {
            least: value("least"),
            also: value("AlsoRequires"),
        }
    }
}

fn operation<'o>(operations: &'o mut Operations, method: &str, path: &str) -> &'o mut Gathered {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (path, None),
    };
    let path = match path.trim_end_matches('/') {
        "" => "/",
        path => path,
    };
    let key = (nameless(path), method.to_owned(), query);
    let operation = operations.entry(key).or_default();
    if operation.path.is_empty() || path < operation.path.as_str() {
        path.clone_into(&mut operation.path);
    }
    operation.spellings.insert(path.to_owned());
    operation
}

/// A path without case and without the names of its variables: what tells operations apart.
fn nameless(path: &str) -> String {
    let segments =
        path.split('/').map(
            |segment| match segment.starts_with('{') && segment.ends_with('}') {
                true => "{}".to_owned(),
                false => segment.to_ascii_lowercase(),
            },
        );
    segments.collect::<Vec<_>>().join("/")
}

impl Gathered {
    fn take(&mut self, name: &str, schemes: &[String], entry: &PathScopes<'_>, consent: bool) {
        if consent {
            self.consents.insert(name.to_owned());
            return;
        }
        for scheme in schemes {
            let sets = self.needs.entry(scheme.clone()).or_default();
            if entry.also.is_empty() {
                sets.insert(vec![name.to_owned()]);
            }
            for other in &entry.also {
                let mut set = vec![name.to_owned(), (*other).to_owned()];
                set.sort();
                set.dedup();
                sets.insert(set);
            }
            if entry.least.contains(&scheme.as_str()) {
                let least = self.least.entry(scheme.clone()).or_default();
                least.insert(name.to_owned());
            }
        }
    }
}

fn rule(
    method: &str,
    query: Option<String>,
    gathered: &Gathered,
    options: &Options<'_>,
    out: &mut Imported,
) -> Rule {
    let mut rule = row(method, &gathered.path, Needs::new(), &options.source);
    rule.query = query;
    for (scheme, sets) in &gathered.needs {
        *out.schemes.entry(scheme.clone()).or_default() += 1;
        let (kind, gate) = kind_of(scheme, options);
        let need: Need = sets.iter().cloned().collect();
        rule.need
            .insert(kind.clone(), BTreeMap::from([(gate, need)]));
        if let Some(least) = gathered.least.get(scheme).filter(|least| least.len() == 1) {
            rule.least.insert(kind, least.iter().cloned().collect());
        }
    }
    if !gathered.consents.is_empty() {
        let names: Vec<&str> = gathered.consents.iter().map(String::as_str).collect();
        rule.doubt.push(format!(
            "an app that was given {} inside the team or chat may call it too, and no token shows that",
            names.join(" or ")
        ));
        if rule.need.is_empty() {
            let (kind, _) = kind_of("Application", options);
            rule.need.insert(kind, BTreeMap::new());
            rule.unknown = true;
        }
    }
    if gathered.spellings.len() > 1 {
        let all: Vec<&str> = gathered.spellings.iter().map(String::as_str).collect();
        out.doubts.push((
            format!("{method} {}", gathered.path),
            format!(
                "is spelt {}; their permissions were united",
                all.join(" and ")
            ),
        ));
    }
    rule
}

/// The declared kind of a scheme, and the gate its permissions belong to.
fn kind_of(scheme: &str, options: &Options<'_>) -> (String, String) {
    let kinds = options.provider.map_or(&[][..], |p| &p.kind);
    let declared = kinds
        .iter()
        .find(|kind| kind.schemes.iter().any(|own| own == scheme));
    match declared {
        Some(kind) => (
            kind.id.clone(),
            kind.gates
                .first()
                .cloned()
                .unwrap_or_else(|| "scope".to_owned()),
        ),
        None => (scheme.to_ascii_lowercase(), "scope".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ListReading;

    #[test]
    fn permissions_are_turned_round() {
        let text = r#"{"permissions":{
            "A.Read":{"authorizationType":"oAuth2","pathSets":[{"schemeKeys":["DelegatedWork","Application"],"methods":["GET"],"paths":{"/a/{id}":"least=DelegatedWork","/A/{a-id}":""}}]},
            "B.All":{"authorizationType":"oAuth2","pathSets":[{"schemeKeys":["DelegatedWork"],"methods":["GET","POST"],"paths":{"/a/{id}":"AlsoRequires=C.Read,C.Write"}}]},
            "T.Group":{"authorizationType":"RSC","pathSets":[{"schemeKeys":["Application"],"methods":["GET"],"paths":{"/a/{id}":""}}]},
            "No.Path":{}}}"#;
        let documents = [Document {
            name: "p.json".to_owned(),
            text: text.to_owned(),
        }];
        let options = Options {
            provider: None,
            source: "p".to_owned(),
            reading: ListReading::Any,
            find: &|_| None,
        };
        let out = graph(&documents, &options);
        let get = &out.rules[0];
        assert_eq!(out.rules.len(), 2, "the two spellings are one operation");
        assert_eq!(
            get.need["delegatedwork"]["scope"],
            vec![
                vec!["A.Read"],
                vec!["B.All", "C.Read"],
                vec!["B.All", "C.Write"]
            ]
        );
        assert_eq!(get.need["application"]["scope"], [["A.Read"]]);
        assert_eq!(get.least["delegatedwork"], ["A.Read"]);
        assert!(get.doubt[0].contains("T.Group"));
        assert!(
            out.doubts
                .iter()
                .any(|(place, _)| place.contains("No.Path"))
        );
    }
}

//! `OpenAPI` 2.0 and 3.x (JSON or YAML) to rows.
//!
//! A `security` list holds alternatives; schemes inside one object are needed together; an operation's list
//! replaces the root's (`OpenAPI` Specification, Security Requirement Object).

mod references;
mod requirement;
mod security;
mod server;

use super::{Document, Imported, Options, Rows, parse, row};
use crate::scope::ListReading;
use crate::table::model::{Needs, Rule};
use references::References;
use security::Security;
use serde_json::{Map, Value};
use server::Server;
use std::collections::BTreeMap;

const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// Members that hold operations by path; the second is Microsoft's, for paths that differ in their query only.
const PATHS: [&str; 2] = ["paths", "x-ms-paths"];

/// Reads all documents into one sorted table.
pub fn openapi(documents: &[Document], options: &Options<'_>) -> Imported {
    let mut out = Imported::default();
    let mut rows = Rows::default();
    for document in documents {
        match parse(&document.text) {
            Ok(Value::Object(root)) if PATHS.iter().any(|key| root.contains_key(*key)) => {
                out.counts.documents += 1;
                read_document(&root, &document.name, options, &mut rows, &mut out);
            }
            Ok(_) => out.doubts.push((
                document.name.clone(),
                "is not an OpenAPI document: it has no `paths` object".to_owned(),
            )),
            Err(why) => out.doubts.push((document.name.clone(), why)),
        }
    }
    rows.finish(options, &mut out);
    out
}

fn read_document(
    root: &Map<String, Value>,
    name: &str,
    options: &Options<'_>,
    rows: &mut Rows,
    out: &mut Imported,
) {
    let server = Server::of(root);
    out.bases.extend(server.base().map(str::to_owned));
    let mut reader = Reader {
        options,
        references: References::new(root, options.find),
        security: Security::of(root, options),
        server,
        root,
        statements: requirement::Statements::of(options),
        unread: BTreeMap::new(),
    };
    for paths in PATHS.iter().filter_map(|key| root.get(*key)?.as_object()) {
        for (path, item) in paths {
            let place = format!("{name} paths {path}");
            reader.item(path, item, &place, rows, out);
        }
    }
    for (extension, operations) in reader.unread {
        out.doubts.push((
            name.to_owned(),
            format!("{operations} operation(s) have `{extension}`, which looks like a requirement; declare it as [[source.extension]] in provider.toml to read it"),
        ));
    }
    reader.security.finish(name, out);
}

struct Reader<'a> {
    options: &'a Options<'a>,
    root: &'a Map<String, Value>,
    references: References<'a>,
    security: Security<'a>,
    server: Server,
    statements: requirement::Statements<'a>,
    /// Extensions that look like requirements and are not declared, with how many operations have them.
    unread: BTreeMap<String, usize>,
}

impl Reader<'_> {
    fn item(&mut self, path: &str, item: &Value, place: &str, rows: &mut Rows, out: &mut Imported) {
        if path.starts_with("x-") {
            return;
        }
        let item = match self.references.resolve(item) {
            Ok(item) => item,
            Err(why) => return out.doubts.push((place.to_owned(), why)),
        };
        let Some(members) = item.as_object() else {
            return out
                .doubts
                .push((place.to_owned(), "is not an object".to_owned()));
        };
        let server = self.server.of_part(members);
        let more = members
            .get("additionalOperations")
            .and_then(Value::as_object);
        let more = more.into_iter().flatten().map(|(m, o)| (m.as_str(), o));
        let is_method = |name: &str| METHODS.iter().any(|m| m.eq_ignore_ascii_case(name));
        let known = members
            .iter()
            .map(|(m, o)| (m.as_str(), o))
            .filter(|(m, _)| is_method(m));
        for (method, operation) in known.chain(more) {
            let place = format!("{place} {method}");
            match self.references.resolve(operation) {
                Ok(Value::Object(operation)) => {
                    let path = self.with_long_variables(path, [members, &operation]);
                    let rule = self.rule(method, &path, &operation, &server);
                    rows.add(rule, &place);
                }
                Ok(_) => out.doubts.push((place, "is not an object".to_owned())),
                Err(why) => out.doubts.push((place, why)),
            }
        }
    }

    /// A path in which variables that may hold slashes are written `{+x}` (GitHub's `x-multi-segment`).
    fn with_long_variables(&mut self, path: &str, holders: [&Map<String, Value>; 2]) -> String {
        let mut path = path.to_owned();
        let lists = holders
            .iter()
            .filter_map(|h| h.get("parameters")?.as_array());
        for parameter in lists.flatten() {
            let Ok(parameter) = self.references.resolve(parameter) else {
                continue;
            };
            let long = parameter.get("x-multi-segment").and_then(Value::as_bool);
            if let (Some(true), Some(name)) = (long, parameter.get("name").and_then(Value::as_str))
            {
                path = path.replace(&format!("{{{name}}}"), &format!("{{+{name}}}"));
            }
        }
        path
    }

    fn rule(
        &mut self,
        method: &str,
        path: &str,
        operation: &Map<String, Value>,
        server: &Server,
    ) -> Rule {
        let server = server.of_part(operation);
        // What follows `#` tells variants of one operation apart and never travels.
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (path, None),
        };
        let source = self.options.source();
        let method = if source.is_some_and(|s| s.any_method) {
            "*"
        } else {
            method
        };
        let mut rule = row(
            method,
            &server.joined(path),
            Needs::new(),
            &self.options.source,
        );
        rule.host.clone_from(&server.host);
        rule.query = query;
        let text = |key: &str| operation.get(key).and_then(Value::as_str);
        rule.op = text("operationId").map(str::to_owned);
        rule.deprecated = operation
            .get("deprecated")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        self.security.take(
            operation.get("security"),
            self.root.get("security"),
            &mut rule,
        );
        self.statements.take(self.options, operation, &mut rule);
        let bare = source.and_then(|s| s.bare.as_deref()) == Some("unknown");
        rule.unknown |= bare && !rule.is_anonymous() && rule.need.values().all(BTreeMap::is_empty);
        rule.sem = sem(self.options.reading, &rule);
        self.note_unread(operation);
        rule
    }

    fn note_unread(&mut self, operation: &Map<String, Value>) {
        let telling = ["scope", "permission", "authoriz", "requires-role"];
        for name in operation.keys().filter(|name| name.starts_with("x-")) {
            let lower = name.to_ascii_lowercase();
            if telling.iter().any(|word| lower.contains(word)) && !self.statements.reads(name) {
                *self.unread.entry(name.clone()).or_default() += 1;
            }
        }
    }
}

/// `any` is written out as alternatives, so that the row is exact; the other readings stay declared.
fn sem(reading: ListReading, rule: &Rule) -> ListReading {
    if rule.sem != ListReading::All {
        return rule.sem;
    }
    let several = rule
        .need
        .values()
        .filter_map(|gates| gates.get("scope"))
        .any(|n| n.len() > 1 || n.iter().any(|set| set.len() > 1));
    match reading {
        ListReading::When | ListReading::Unclear if several => reading,
        _ => ListReading::All,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(text: &str, reading: ListReading) -> Imported {
        let documents = [Document {
            name: "demo.yaml".to_owned(),
            text: text.to_owned(),
        }];
        openapi(
            &documents,
            &Options {
                provider: None,
                source: "spec".to_owned(),
                reading,
                find: &|_| None,
            },
        )
    }

    const YAML: &str = "
swagger: '2.0'
security: [{oauth: [a, b]}]
paths:
  /things:
    get: {operationId: listThings}
    post: {security: [{oauth: [a]}, {key: []}], deprecated: true}
    delete: {security: []}
    head: {security: [{}]}
";

    #[test]
    fn the_root_applies_until_an_operation_replaces_it() {
        let rows = import(YAML, ListReading::Any).rules;
        let need = |method: &str| {
            serde_json::to_value(&rows.iter().find(|r| r.method == method).expect("row").need)
                .expect("JSON")
        };
        assert_eq!(
            need("GET"),
            serde_json::json!({"oauth": {"scope": [["a"], ["b"]]}})
        );
        assert_eq!(
            need("POST"),
            serde_json::json!({"oauth": {"scope": [["a"]]}, "key": {}})
        );
        assert_eq!(need("DELETE"), serde_json::json!({"anonymous": {}}));
        assert_eq!(need("HEAD"), serde_json::json!({"anonymous": {}}));
    }

    #[test]
    fn the_reading_is_never_guessed() {
        let row = |reading| {
            import(YAML, reading)
                .rules
                .into_iter()
                .find(|r| r.method == "GET")
                .expect("row")
        };
        assert_eq!(row(ListReading::All).need["oauth"]["scope"], [["a", "b"]]);
        assert_eq!(row(ListReading::Unclear).sem, ListReading::Unclear);
    }

    #[test]
    fn a_document_without_security_is_unknown_not_public() {
        let out = import(
            "{\"openapi\":\"3.1.0\",\"paths\":{\"/a\":{\"get\":{}}}}",
            ListReading::All,
        );
        assert!(out.rules[0].unknown);
        assert_eq!(out.counts.unknown, 1);
    }

    #[test]
    fn a_broken_document_is_named_and_the_rest_is_kept() {
        let documents = [
            Document {
                name: "bad.json".to_owned(),
                text: "{".to_owned(),
            },
            Document {
                name: "good.yaml".to_owned(),
                text: YAML.to_owned(),
            },
        ];
        let out = openapi(
            &documents,
            &Options {
                provider: None,
                source: "spec".to_owned(),
                reading: ListReading::Any,
                find: &|_| None,
            },
        );
        assert_eq!(out.rules.len(), 4);
        assert!(out.doubts[0].0.contains("bad.json"));
    }

    #[test]
    fn prose_gives_names_without_their_dress_and_a_bare_scheme_is_not_free() {
        let provider = "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n[[source]]\nid = \"spec\"\nlists = \"any\"\nbare = \"unknown\"\nprose = [{ re = '(?i)\\*\\*Scopes?\\*\\*: *([^\\n]*)', gate = \"scope\", split = \", \" }]\n[[gate]]\nid = \"scope\"\n[[kind]]\nid = \"user\"\ngates = [\"scope\"]\nschemes = [\"oauth\"]\n";
        let table = crate::table::Table::read(provider, "").expect("a table");
        let text = "openapi: 3.0.0\nsecurity: [{oauth: []}]\npaths:\n  /a:\n    get: {description: \"Reads.<br>**Scopes**: `a:read` or `a:read:admin`<br>\"}\n    post: {description: Writes}\n";
        let documents = [Document {
            name: "demo.yaml".to_owned(),
            text: text.to_owned(),
        }];
        let options = Options {
            provider: Some(&table.provider),
            source: "spec".to_owned(),
            reading: ListReading::Any,
            find: &|_| None,
        };
        let rows = openapi(&documents, &options).rules;
        assert_eq!(
            rows[0].need["user"]["scope"],
            [["a:read"], ["a:read:admin"]]
        );
        assert!(!rows[0].unknown && rows[1].unknown);
    }
}

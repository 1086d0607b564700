//! Google's discovery documents (`discovery#restDescription`, v1) to rows.
//!
//! `flatPath` spells every segment out where `path` has `{+name}`; media uploads have paths of their own.
//! A method's `scopes` are alternatives: any one of them is enough.

use super::{Document, Imported, Options, Rows, parse, row, strings};
use crate::scope::Need;
use crate::table::model::Needs;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads all documents into one sorted table.
pub fn discovery(documents: &[Document], options: &Options<'_>) -> Imported {
    let mut out = Imported::default();
    let mut rows = Rows::default();
    for document in documents {
        match parse(&document.text) {
            Ok(Value::Object(root)) if root.contains_key("rootUrl") => {
                out.counts.documents += 1;
                let mut reader = Reader {
                    options,
                    name: &document.name,
                    host: host_of(&root),
                    service: text(&root, "servicePath").trim_matches('/').to_owned(),
                    rows: &mut rows,
                    out: &mut out,
                };
                reader.resource(&root);
            }
            Ok(_) => out.doubts.push((
                document.name.clone(),
                "is not a discovery document: it has no `rootUrl`".to_owned(),
            )),
            Err(why) => out.doubts.push((document.name.clone(), why)),
        }
    }
    rows.finish(options, &mut out);
    out
}

fn text<'v>(object: &'v Map<String, Value>, key: &str) -> &'v str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn host_of(root: &Map<String, Value>) -> Option<String> {
    let url = url::Url::parse(text(root, "rootUrl")).ok()?;
    url.host_str().map(str::to_owned)
}

struct Reader<'r> {
    options: &'r Options<'r>,
    name: &'r str,
    host: Option<String>,
    service: String,
    rows: &'r mut Rows,
    out: &'r mut Imported,
}

impl Reader<'_> {
    fn resource(&mut self, resource: &Map<String, Value>) {
        let objects = |key: &str| {
            let members = resource.get(key).and_then(Value::as_object);
            members
                .into_iter()
                .flatten()
                .filter_map(|(_, v)| v.as_object())
        };
        for method in objects("methods") {
            self.method(method);
        }
        for inner in objects("resources") {
            self.resource(inner);
        }
    }

    fn method(&mut self, method: &Map<String, Value>) {
        let own = match text(method, "flatPath") {
            "" => text(method, "path"),
            flat => flat,
        };
        let joined = format!("/{}/{}", self.service, own.trim_start_matches('/'));
        let path = joined.replacen("//", "/", 1);
        let uploads = method
            .get("mediaUpload")
            .and_then(|upload| upload.get("protocols"))
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(_, protocol)| protocol.get("path")?.as_str());
        let mut paths: Vec<&str> = uploads.collect();
        paths.push(&path);
        paths.sort_unstable();
        paths.dedup();
        for path in paths {
            self.add(method, path);
        }
    }

    fn add(&mut self, method: &Map<String, Value>, path: &str) {
        let scopes = method.get("scopes").map(strings).unwrap_or_default();
        let mut rule = row(
            text(method, "httpMethod"),
            path,
            self.needs(&scopes),
            &self.options.source,
        );
        rule.unknown = scopes.is_empty();
        rule.host.clone_from(&self.host);
        rule.op = method.get("id").and_then(Value::as_str).map(str::to_owned);
        rule.deprecated = method
            .get("deprecated")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let place = format!("{} {}", self.name, rule.op.as_deref().unwrap_or(path));
        self.rows.add(rule, &place);
    }

    fn needs(&mut self, scopes: &[String]) -> Needs {
        if scopes.is_empty() {
            return Needs::new();
        }
        *self.out.schemes.entry("oauth2".to_owned()).or_default() += 1;
        let need: Need = scopes.iter().map(|scope| vec![scope.clone()]).collect();
        let gates = BTreeMap::from([("scope".to_owned(), need)]);
        let kinds = self.options.kinds_with("scope");
        if kinds.is_empty() {
            return Needs::from([("oauth2".to_owned(), gates)]);
        }
        kinds
            .into_iter()
            .map(|kind| (kind.id.clone(), gates.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ListReading;

    #[test]
    fn flat_paths_uploads_and_nested_resources_become_rows() {
        let text = r#"{"rootUrl":"https://x.googleapis.com/","servicePath":"x/v1/","resources":{"a":{"methods":{"up":{"id":"x.a.up","httpMethod":"POST","path":"a/{+n}","flatPath":"a/{aId}","scopes":["s","t"],"mediaUpload":{"protocols":{"simple":{"path":"/upload/x/v1/a/{+n}"}}}}},"resources":{"b":{"methods":{"g":{"id":"x.a.b.g","httpMethod":"GET","path":"b"}}}}}}}"#;
        let documents = [Document {
            name: "x.json".to_owned(),
            text: text.to_owned(),
        }];
        let options = Options {
            provider: None,
            source: "spec".to_owned(),
            reading: ListReading::Any,
            find: &|_| None,
        };
        let out = discovery(&documents, &options);
        let names: Vec<String> = out.rules.iter().map(crate::table::Rule::name).collect();
        assert_eq!(
            names,
            [
                "POST /upload/x/v1/a/{+n}",
                "POST /x/v1/a/{aId}",
                "GET /x/v1/b"
            ]
        );
        assert_eq!(out.rules[1].need["oauth2"]["scope"], [["s"], ["t"]]);
        assert!(out.rules[2].unknown);
        assert_eq!(
            out.hosts.first().map(String::as_str),
            Some("x.googleapis.com")
        );
    }
}

//! `OpenAPI` 2.0 and 3.x (JSON or YAML) to rows.
//!
//! A `security` list holds alternatives; schemes inside one object are needed together; an operation's list
//! replaces the root's (`OpenAPI` Specification, Security Requirement Object).

use super::{Document, Imported, Options};
use crate::scope::{Need, Reading};
use crate::table::model::{Gate, Kind, Source};
use crate::table::rule::{Needs, Rule};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Reads all documents into one sorted table.
pub fn openapi(documents: &[Document], options: &Options<'_>) -> Imported {
    let mut out = Imported::default();
    let mut rows: BTreeMap<(String, String), Rule> = BTreeMap::new();
    for document in documents {
        match parse(&document.text) {
            Ok(Value::Object(root)) if root.get("paths").is_some_and(Value::is_object) => {
                out.counts.documents += 1;
                read_document(&root, &document.name, options, &mut rows, &mut out);
            }
            Ok(_) => out.doubts.push((
                document.name.clone(),
                "is no OpenAPI document: it has no `paths` object".to_owned(),
            )),
            Err(why) => out.doubts.push((document.name.clone(), why)),
        }
    }
    out.rules = rows.into_values().collect();
    count(&mut out);
    out
}

fn parse(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|e| {
            format!(
                "is not valid JSON (line {}, column {})",
                e.line(),
                e.column()
            )
        });
    }
    // The documents are the user's own choice and large; the budget guards against alias bombs, not size.
    let options = serde_saphyr::options! { budget: None };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error
            .location()
            .map(|at| format!(" (line {}, column {})", at.line(), at.column()))
            .unwrap_or_default();
        format!("is not valid YAML{place}")
    })
}

fn read_document(
    root: &Map<String, Value>,
    name: &str,
    options: &Options<'_>,
    rows: &mut BTreeMap<(String, String), Rule>,
    out: &mut Imported,
) {
    let base = base_of(root);
    if !base.is_empty() && !out.bases.contains(&base) {
        out.bases.push(base);
    }
    let default = root.get("security");
    let paths = root
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (path, item) in paths {
        let place = format!("{name} paths {path}");
        let Some(item) = item.as_object() else {
            out.doubts.push((place, "is no object".to_owned()));
            continue;
        };
        if item.contains_key("$ref") {
            out.doubts.push((
                place.clone(),
                "is a `$ref` to another file, which was not read".to_owned(),
            ));
        }
        for (method, operation) in METHODS
            .iter()
            .filter_map(|m| Some((*m, item.get(*m)?.as_object()?)))
        {
            let rule = Reader {
                options,
                out: &mut *out,
                place: format!("{place} {method}"),
            }
            .rule(method, path, operation, default);
            merge(rows, rule, &place, out);
        }
    }
}

/// Swagger 2.0 `basePath`, or the path of the first server of 3.x.
fn base_of(root: &Map<String, Value>) -> String {
    let swagger = root.get("basePath").and_then(Value::as_str);
    let server = || root.get("servers")?.get(0)?.get("url")?.as_str();
    let url = swagger.or_else(server).unwrap_or_default();
    let path = url
        .split_once("://")
        .map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    path.trim_end_matches('/').to_owned()
}

fn merge(
    rows: &mut BTreeMap<(String, String), Rule>,
    mut rule: Rule,
    place: &str,
    out: &mut Imported,
) {
    let key = (rule.path.clone(), rule.method.clone());
    if let Some(first) = rows.get(&key)
        && first.need != rule.need
    {
        out.doubts.push((
            place.to_owned(),
            "stands in two documents with different requirements; the later one was kept"
                .to_owned(),
        ));
        rule.doubt
            .push("another document of this source asks for something else".to_owned());
    }
    rows.insert(key, rule);
}

struct Reader<'a, 'o> {
    options: &'a Options<'o>,
    out: &'a mut Imported,
    place: String,
}

impl Reader<'_, '_> {
    fn source(&self) -> Option<&Source> {
        self.options
            .provider?
            .source
            .iter()
            .find(|source| source.id == self.options.source)
    }

    fn rule(
        &mut self,
        method: &str,
        path: &str,
        operation: &Map<String, Value>,
        default: Option<&Value>,
    ) -> Rule {
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(p, q)| (p, Some(q.to_owned())));
        let mut doubt = Vec::new();
        let permissions = self.permissions(operation, &mut doubt);
        let mut unknown = false;
        let need = match operation
            .get("security")
            .or(default)
            .and_then(Value::as_array)
        {
            Some(list) => self.needs(list, permissions.as_ref()),
            None if self.source().and_then(|s| s.undeclared.as_deref()) == Some("anonymous") => {
                doubt.push("the document declares no security for it: no token is needed, or it travels elsewhere than in the header".to_owned());
                Needs::from([("anonymous".to_owned(), BTreeMap::new())])
            }
            None => {
                unknown = true;
                Needs::new()
            }
        };
        Rule {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            host: None,
            query,
            sem: self.sem(&need),
            need,
            deny: Vec::new(),
            when: Vec::new(),
            least: BTreeMap::new(),
            unknown,
            deprecated: operation
                .get("deprecated")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            op: operation
                .get("operationId")
                .and_then(Value::as_str)
                .map(str::to_owned),
            states: Vec::new(),
            errors: self.errors(operation),
            doubt,
            insufficient: Vec::new(),
            instead: Vec::new(),
            note: None,
            src: vec![self.options.source.clone()],
            trust: None,
        }
    }

    /// `any` is written out as alternatives, so that the row is exact; the other readings stay declared.
    fn sem(&self, need: &Needs) -> Reading {
        let several = need
            .values()
            .filter_map(|gates| gates.get("scope"))
            .any(|n| n.len() > 1 || n.iter().any(|set| set.len() > 1));
        match self.options.reading {
            Reading::When | Reading::Unclear if several => self.options.reading,
            _ => Reading::All,
        }
    }

    fn needs(&mut self, list: &[Value], permissions: Option<&Need>) -> Needs {
        let mut needs = Needs::new();
        if list.is_empty() {
            needs.insert("anonymous".to_owned(), BTreeMap::new());
        }
        for alternative in list.iter().filter_map(Value::as_object) {
            if alternative.is_empty() {
                needs.insert("anonymous".to_owned(), BTreeMap::new());
            }
            let scopes: Vec<String> = alternative.values().flat_map(strings).collect();
            for scheme in alternative.keys() {
                *self.out.schemes.entry(scheme.clone()).or_default() += 1;
                for (kind, gates) in self.kinds_of(scheme) {
                    let gates = gates
                        .iter()
                        .filter_map(|gate| self.gate_need(gate, &scopes, permissions))
                        .collect();
                    join(&mut needs, &kind, gates);
                }
            }
        }
        needs
    }

    fn kinds_of(&self, scheme: &str) -> Vec<(String, Vec<String>)> {
        let declared: Vec<&Kind> = self
            .options
            .provider
            .map(|p| {
                p.kind
                    .iter()
                    .filter(|k| k.schemes.iter().any(|s| s == scheme))
                    .collect()
            })
            .unwrap_or_default();
        if declared.is_empty() {
            return vec![(kind_id(scheme), vec!["scope".to_owned()])];
        }
        declared
            .into_iter()
            .map(|kind| (kind.id.clone(), kind.gates.clone()))
            .collect()
    }

    fn gate_need(
        &self,
        gate: &str,
        scopes: &[String],
        permissions: Option<&Need>,
    ) -> Option<(String, Need)> {
        let need = match gate {
            "scope" if scopes.is_empty() => return None,
            "scope" => match self.options.reading {
                Reading::Any | Reading::When => scopes.iter().map(|s| vec![s.clone()]).collect(),
                Reading::All | Reading::Unclear => vec![scopes.to_vec()],
            },
            "permission" => permissions?.clone(),
            _ => return None,
        };
        Some((gate.to_owned(), need))
    }

    fn permissions(
        &mut self,
        operation: &Map<String, Value>,
        doubt: &mut Vec<String>,
    ) -> Option<Need> {
        let declared = operation.get(self.source()?.permissions.as_deref()?)?;
        let names = declared.get("permissions").map(strings).unwrap_or_default();
        if names.is_empty() {
            return None;
        }
        let gate = self.options.provider?.gate("permission");
        doubt.extend(doubts_of(&names, gate));
        match declared.get("type").and_then(Value::as_str) {
            Some("ALL") => Some(vec![names]),
            Some("ANY") => Some(names.into_iter().map(|name| vec![name]).collect()),
            _ => {
                self.out.doubts.push((
                    self.place.clone(),
                    "its permissions say neither ANY nor ALL; read as ANY".to_owned(),
                ));
                doubt.push(
                    "the document does not say whether any or all of the permissions are needed"
                        .to_owned(),
                );
                Some(names.into_iter().map(|name| vec![name]).collect())
            }
        }
    }

    /// Declared error codes, as far as one of the provider's kinds is refused by them.
    fn errors(&self, operation: &Map<String, Value>) -> Vec<String> {
        let Some(extension) = self.source().and_then(|s| s.errors.as_deref()) else {
            return Vec::new();
        };
        let refusing: Vec<&String> = self
            .options
            .provider
            .map(|p| p.kind.iter().flat_map(|k| &k.refused_by).collect())
            .unwrap_or_default();
        let responses = operation
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::values);
        let codes = responses
            .filter_map(|r| r.get(extension)?.as_object())
            .flat_map(Map::keys);
        codes
            .filter(|code| refusing.contains(code))
            .cloned()
            .collect()
    }
}

fn join(needs: &mut Needs, kind: &str, gates: BTreeMap<String, Need>) {
    let Some(known) = needs.get_mut(kind) else {
        needs.insert(kind.to_owned(), gates);
        return;
    };
    // Two alternatives of one kind: either is enough, so each gate takes both lists, equal sets once.
    for (gate, need) in gates {
        let list = known.entry(gate).or_default();
        for set in need {
            if !list.contains(&set) {
                list.push(set);
            }
        }
    }
}

fn doubts_of(names: &[String], gate: Option<&Gate>) -> Vec<String> {
    let grammar = gate.and_then(Gate::pattern);
    let mut doubts = Vec::new();
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            doubts.push(format!("the permission `{name}` is listed twice"));
        }
        if grammar
            .as_ref()
            .is_some_and(|grammar| !grammar.is_match(name))
        {
            doubts.push(format!("`{name}` does not have the form of a permission"));
        }
    }
    doubts
}

fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A scheme's name as the id of a kind: lower case, `_` between words.
fn kind_id(scheme: &str) -> String {
    let words: Vec<String> = scheme
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("_")
}

fn count(out: &mut Imported) {
    for rule in &out.rules {
        let lists = || rule.need.values().filter_map(|gates| gates.get("scope"));
        out.counts.operations += 1;
        out.counts.with_scopes += usize::from(lists().next().is_some());
        out.counts.lists += usize::from(lists().any(|need| need.iter().flatten().count() > 1));
        out.counts.anonymous += usize::from(rule.is_anonymous());
        out.counts.unknown += usize::from(rule.unknown);
        out.counts.deprecated += usize::from(rule.deprecated);
        out.counts.doubtful += usize::from(!rule.doubt.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(text: &str, reading: Reading) -> Imported {
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
        let rows = import(YAML, Reading::Any).rules;
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
        assert_eq!(row(Reading::All).need["oauth"]["scope"], [["a", "b"]]);
        assert_eq!(row(Reading::Unclear).sem, Reading::Unclear);
    }

    #[test]
    fn a_document_without_security_is_unknown_not_public() {
        let out = import(
            "{\"openapi\":\"3.1.0\",\"paths\":{\"/a\":{\"get\":{}}}}",
            Reading::All,
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
                reading: Reading::Any,
            },
        );
        assert_eq!(out.rules.len(), 4);
        assert!(out.doubts[0].0.contains("bad.json"));
    }
}

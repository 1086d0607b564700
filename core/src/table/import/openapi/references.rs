//! `$ref`: inside the document, and in files beside it (RFC 6901, `OpenAPI` Reference Object).

use crate::table::import::parse;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// A reference that leads to a reference is followed so often.
const DEPTH: usize = 8;

/// Where references of one document lead.
pub(super) struct References<'a> {
    root: &'a Map<String, Value>,
    find: &'a dyn Fn(&str) -> Option<String>,
    files: HashMap<String, Option<Value>>,
}

impl<'a> References<'a> {
    pub(super) fn new(
        root: &'a Map<String, Value>,
        find: &'a dyn Fn(&str) -> Option<String>,
    ) -> Self {
        Self {
            root,
            find,
            files: HashMap::new(),
        }
    }

    /// The value itself, or what its `$ref` leads to.
    pub(super) fn resolve(&mut self, value: &Value) -> Result<Value, String> {
        let mut value = value.clone();
        // The file that the present value stands in; references are relative to it.
        let mut file = String::new();
        for _ in 0..DEPTH {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok(value);
            };
            let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
            if !path.is_empty() {
                file = beside(&file, path);
            }
            value = self
                .get(&file, pointer)
                .ok_or_else(|| format!("its `$ref` leads to {reference}, which is not there"))?;
        }
        Err("its `$ref`s lead in a circle".to_owned())
    }

    fn get(&mut self, file: &str, pointer: &str) -> Option<Value> {
        if file.is_empty() {
            let mut parts = pointer.strip_prefix('/')?.splitn(2, '/');
            let first = self.root.get(parts.next()?)?;
            return match parts.next() {
                Some(rest) => first.pointer(&format!("/{rest}")).cloned(),
                None => Some(first.clone()),
            };
        }
        let find = self.find;
        let read = || parse(&find(file)?).ok();
        let known = self.files.entry(file.to_owned()).or_insert_with(read);
        known.as_ref()?.pointer(pointer).cloned()
    }
}

/// A path relative to the file that names it.
fn beside(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_lead_inside_beside_and_never_in_a_circle() {
        let root =
            json!({"a": {"$ref": "#/b/c~1d"}, "b": {"c/d": {"x": 1}}, "loop": {"$ref": "#/loop"}});
        let root = root.as_object().expect("an object");
        let find = |path: &str| match path {
            "dir/one.yml" => Some("$ref: two.yml#/y".to_owned()),
            "dir/two.yml" => Some("y: {x: 2}".to_owned()),
            _ => None,
        };
        let mut references = References::new(root, &find);
        let mut resolve = |value: Value| references.resolve(&value);
        assert_eq!(resolve(json!({"$ref": "#/a"})), Ok(json!({"x": 1})));
        assert_eq!(resolve(json!({"$ref": "dir/one.yml"})), Ok(json!({"x": 2})));
        assert!(resolve(json!({"$ref": "#/loop"})).is_err());
        assert!(resolve(json!({"$ref": "https://elsewhere/x.yml"})).is_err());
    }
}

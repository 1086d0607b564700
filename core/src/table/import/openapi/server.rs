//! Where operations live: `host` and `basePath` (2.0), `servers` of document, path or operation (3.x).

use serde_json::{Map, Value};

/// A host and the path before every template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) host: Option<String>,
    base: String,
}

impl Server {
    /// The document's own; of several servers the first.
    pub(super) fn of(root: &Map<String, Value>) -> Self {
        if let Some(server) = first(root) {
            return server;
        }
        let text = |key: &str| root.get(key).and_then(Value::as_str);
        Self {
            host: text("host").and_then(host_name),
            base: text("basePath")
                .unwrap_or_default()
                .trim_end_matches('/')
                .to_owned(),
        }
    }

    /// What a path or an operation says instead.
    pub(super) fn of_part(&self, part: &Map<String, Value>) -> Self {
        first(part).unwrap_or_else(|| self.clone())
    }

    /// The path before every template, where there is one.
    pub(super) fn base(&self) -> Option<&str> {
        Some(self.base.as_str()).filter(|base| !base.is_empty())
    }

    /// A template with the base before it.
    pub(super) fn joined(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn first(part: &Map<String, Value>) -> Option<Server> {
    let server = part.get("servers")?.get(0)?;
    let mut url = server.get("url")?.as_str()?.to_owned();
    let variables = server.get("variables").and_then(Value::as_object);
    for (name, variable) in variables.into_iter().flatten() {
        if let Some(default) = variable.get("default").and_then(Value::as_str) {
            url = url.replace(&format!("{{{name}}}"), default);
        }
    }
    let (host, path) = match url.split_once("://") {
        Some((_, rest)) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", url.as_str()),
    };
    let base = path.trim_end_matches('/');
    let base = match base {
        "" => String::new(),
        base if base.starts_with('/') => base.to_owned(),
        base => format!("/{base}"),
    };
    Some(Server {
        host: host_name(host),
        base,
    })
}

/// A host without its port, where it is one host and no pattern.
fn host_name(text: &str) -> Option<String> {
    let host = text.split(':').next().unwrap_or_default();
    let sound = host.contains('.') && !host.contains(['{', '<', '$']);
    sound.then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn hosts_and_bases_of_both_versions() {
        let of = |value: Value| Server::of(value.as_object().expect("an object"));
        let server = |host: Option<&str>, base: &str| Server {
            host: host.map(str::to_owned),
            base: base.to_owned(),
        };
        assert_eq!(
            of(json!({"host": "A.x:443", "basePath": "/api/"})),
            server(Some("a.x"), "/api")
        );
        assert_eq!(of(json!({"basePath": "/"})), server(None, ""));
        let three = json!({"servers": [{"url": "https://{org}.x.io/{v}/", "variables": {"v": {"default": "v2"}}}]});
        assert_eq!(of(three), server(None, "/v2"));
        assert_eq!(
            of(json!({"servers": [{"url": "/rest"}]})),
            server(None, "/rest")
        );
    }
}

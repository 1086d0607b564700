//! What is asked about: a method and a URL, split the way the tables need it.

use std::borrow::Cow;
use url::Url;

/// Methods of HTTP (RFC 9110 §9.3, RFC 5789).
pub const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

/// What is asked about: a method on a URL, or on a path of a named provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The method, upper case.
    pub method: String,
    /// `https` or `http`, where the URL is absolute.
    pub scheme: Option<String>,
    /// The host, lower case, without port.
    pub host: Option<String>,
    /// The port, where one is written.
    pub port: Option<u16>,
    /// The path as written, not decoded.
    pub path: String,
    /// Names of query parameters; their values may be secret.
    pub query: Vec<String>,
    /// The query as written, to compare with what a table asks for.
    pub sought: Sought,
    /// Whether the URL carries a user name or password.
    pub userinfo: bool,
}

/// A query as written. Its values may be secret, so it is never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sought(String);

impl std::fmt::Debug for Sought {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sought(…)")
    }
}

/// Why a method or URL is not usable. Says nothing of what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// The method is none of HTTP's.
    #[error("METHOD is not an HTTP method")]
    Method {
        /// The one that was probably meant.
        near: Option<&'static str>,
    },
    /// The URL has a host and no scheme.
    #[error("URL has no scheme")]
    Scheme,
    /// The URL cannot be read.
    #[error("URL is neither an absolute http(s) URL nor a path that starts with `/`")]
    Url,
}

/// The method that was probably mistyped, in upper case: two letters changed places, or one edit in a long one.
fn method_near(typed: &str) -> Option<&'static str> {
    let near = METHODS
        .iter()
        .find(|own| strsim::osa_distance(own, typed) == 1);
    near.copied()
}

/// Whether a text is a host with a path, as a browser's address bar shows it.
fn lacks_scheme(url: &str) -> bool {
    let host = url.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let of_host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let labels = name.trim_matches('.').contains('.') && name.chars().all(of_host);
    labels && url.len() > host.len() && !url.contains("://")
}

impl Target {
    /// Reads METHOD and URL.
    pub fn parse(method: &str, url: &str) -> Result<Self, BadTarget> {
        let method = method.to_ascii_uppercase();
        if !METHODS.contains(&method.as_str()) {
            return Err(BadTarget::Method {
                near: method_near(&method),
            });
        }
        let url = url.trim();
        if url.starts_with('/') && !url.starts_with("//") {
            let (path, query, sought) = split_query(url);
            return Ok(Self {
                sought,
                method,
                scheme: None,
                host: None,
                port: None,
                path,
                query,
                userinfo: false,
            });
        }
        if lacks_scheme(url) {
            return Err(BadTarget::Scheme);
        }
        let parsed = Url::parse(url)
            .ok()
            .filter(|u| matches!(u.scheme(), "http" | "https"))
            .ok_or(BadTarget::Url)?;
        let host = parsed
            .host_str()
            .ok_or(BadTarget::Url)?
            .to_ascii_lowercase();
        // The parser resolves dot segments and re-encodes; tables are compared with what was really asked for.
        let after_host = url
            .split_once("://")
            .and_then(|(_, rest)| rest.find(['/', '?', '#']).map(|at| &rest[at..]))
            .unwrap_or("/");
        let (path, query, sought) = split_query(after_host);
        Ok(Self {
            sought,
            method,
            scheme: Some(parsed.scheme().to_owned()),
            host: Some(host),
            port: parsed.port(),
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path
            },
            query,
            userinfo: !parsed.username().is_empty() || parsed.password().is_some(),
        })
    }

    /// The URL without credentials and without query values.
    pub fn shown_url(&self) -> String {
        let query = if self.query.is_empty() {
            String::new()
        } else {
            format!(
                "?{}",
                self.query
                    .iter()
                    .map(|n| format!("{n}=…"))
                    .collect::<Vec<_>>()
                    .join("&")
            )
        };
        format!("{}{}{query}", self.origin(), self.path)
    }

    /// Path and query, for a lookup only: values of the query may be secret.
    pub fn path_and_query(&self) -> Cow<'_, str> {
        match self.sought.0.as_str() {
            "" => Cow::Borrowed(&self.path),
            query => Cow::Owned(format!("{}?{query}", self.path)),
        }
    }

    /// Scheme and host, empty for a bare path.
    pub fn origin(&self) -> String {
        let (Some(scheme), Some(host)) = (&self.scheme, &self.host) else {
            return String::new();
        };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{host}{port}")
    }
}

fn split_query(text: &str) -> (String, Vec<String>, Sought) {
    let text = text.split('#').next().unwrap_or_default();
    let Some((path, query)) = text.split_once('?') else {
        return (text.to_owned(), Vec::new(), Sought::default());
    };
    let names = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split('=').next().unwrap_or_default().to_owned());
    (path.to_owned(), names.collect(), Sought(query.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_as_written_and_query_values_are_not_kept() {
        let target = Target::parse(
            "post",
            "https://API.example:8443/a%2Fb/../c?access_token=s3cr3t&x#f",
        )
        .expect("target");
        assert_eq!(
            (target.method.as_str(), target.host.as_deref(), target.port),
            ("POST", Some("api.example"), Some(8443))
        );
        assert_eq!(target.path, "/a%2Fb/../c");
        assert_eq!(
            target.shown_url(),
            "https://api.example:8443/a%2Fb/../c?access_token=…&x=…"
        );
    }

    #[test]
    fn what_is_no_url_is_refused() {
        assert_eq!(
            Target::parse("FETCH", "/a"),
            Err(BadTarget::Method { near: None })
        );
        assert_eq!(
            Target::parse("PSOT", "/a"),
            Err(BadTarget::Method { near: Some("POST") })
        );
        let bare = Target::parse("GET", "api.example/a");
        assert_eq!(bare, Err(BadTarget::Scheme));
        for url in [
            "ticket.har",
            "//api.example/a",
            "ftp://x/a",
            "https://",
            "",
            "mailto:x@y",
        ] {
            assert_eq!(Target::parse("GET", url), Err(BadTarget::Url), "{url}");
        }
    }
}

//! `--only`: which of the requests are looked at.

use crate::cli::error::Failure;
use crate::cli::meant::is_method;
use why401_core::http::{BadTarget, Exchange, Target};

/// The requests of `--only`.
pub(super) struct Only {
    /// Any method, where none was given.
    any_method: bool,
    target: Target,
}

/// Reads a method and a path, or a path alone, as people copy them: with host and query, `…` at the end, or `HTTP/1.1`.
pub(super) fn only(text: &str) -> Result<Only, Failure> {
    let words = text.split_whitespace();
    let words: Vec<&str> = words.filter(|word| !word.starts_with("HTTP/")).collect();
    let (method, path) = match words.as_slice() {
        [path] if !is_method(path) => (None, *path),
        [method, path] => (Some(*method), *path),
        _ => {
            return Err(Failure::usage(
                "--only takes a path, or a method and a path",
                "write it as --only 'GET /path'; a final * matches any rest",
            ));
        }
    };
    let path = match path.strip_suffix('…') {
        Some(start) => format!("{start}*"),
        None => path.to_owned(),
    };
    let target = match Target::parse(method.unwrap_or("GET"), &path) {
        Err(BadTarget::Scheme) => {
            Target::parse(method.unwrap_or("GET"), &format!("https://{path}"))
        }
        read => read,
    };
    Ok(Only {
        any_method: method.is_none(),
        target: target?,
    })
}

impl Only {
    /// Whether an exchange is one of those.
    pub(super) fn fits(&self, exchange: &Exchange) -> bool {
        let own = &self.target;
        exchange.request.target().is_some_and(|target| {
            let method = self.any_method || target.method == own.method;
            let host = own.host.is_none() || own.host == target.host;
            method && host && is_path(&own.path, &target.path)
        })
    }
}

/// Whether a path is the one that is wanted: a final `*` matches any rest, and `{name}`, as a table has it, any segment.
fn is_path(wanted: &str, path: &str) -> bool {
    let (wanted, rest) = match wanted.strip_suffix('*') {
        Some(start) => (start, true),
        None => (wanted, false),
    };
    if !wanted.contains('{') {
        return if rest {
            path.starts_with(wanted)
        } else {
            path == wanted
        };
    }
    let (mut wanted, mut path) = (wanted.split('/').peekable(), path.split('/'));
    while let Some(own) = wanted.next() {
        let Some(segment) = path.next() else {
            return false;
        };
        let last = rest && wanted.peek().is_none();
        let named = own.starts_with('{') && own.ends_with('}');
        if !(named || own == segment || last && segment.starts_with(own)) {
            return false;
        }
    }
    rest || path.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use why401_core::http::Request;

    #[test]
    fn a_request_is_found_by_what_people_copy_of_it() {
        let exchange = Exchange {
            request: Request {
                method: Some("GET".to_owned()),
                url: Some("https://api.example/queues/7/members?page=2".to_owned()),
                ..Request::default()
            },
            ..Exchange::default()
        };
        for (text, found) in [
            ("GET /queues/7/members", true),
            ("get /queues/7/members", true),
            ("/queues/7/members", true),
            ("https://api.example/queues/7/members?page=2", true),
            ("api.example/queues/7/members", true),
            ("GET /queues/7/members?page=1 HTTP/1.1", true),
            ("GET /queues/{queueId}/members", true),
            ("GET /queues/{queueId}/*", true),
            ("GET /queues/7/mem…", true),
            ("GET /queues/*", true),
            ("POST /queues/7/members", false),
            ("GET /queues/{queueId}", false),
            ("GET /queues/7", false),
            ("https://other.example/queues/7/members", false),
        ] {
            let only = only(text).expect("a request");
            assert_eq!(only.fits(&exchange), found, "{text}");
        }
        assert!(only("queues").is_err() && only("GET").is_err());
    }
}

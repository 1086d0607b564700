//! Requests that a line of text names: a method with a URL or path, or a URL that its words call the requested one.

mod words;

use super::loose::clip;
use crate::http::METHODS;
use crate::token::redact::numbered_at;
use words::{CALLED, CUES, OTHERS, PAGES};

/// A request that a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Where it begins and ends in the line.
    pub(super) at: (usize, usize),
    pub(super) method: Option<String>,
    /// A URL, or a path.
    pub(super) url: String,
    /// How sure it is that this was requested: 1 (a URL, no more) to 5.
    pub(super) weight: u8,
}

/// The requests that a line names, in their order; the same one twice counts once.
pub(super) fn all(line: &str) -> Vec<Asked> {
    let mut found = urls(line);
    found.extend(paths(line, &found));
    found.sort_by_key(|asked| asked.at);
    join_origins(&mut found, line);
    found
}

fn urls(line: &str) -> Vec<Asked> {
    let mut found: Vec<Asked> = Vec::new();
    let mut from = 0;
    while let Some(offset) = memchr::memmem::find(&line.as_bytes()[from..], b"http") {
        let at = from + offset;
        from = at + 4;
        let rest = &line[at..];
        let opens = ["http://", "https://", "http:\\/\\/", "https:\\/\\/"]
            .iter()
            .any(|start| rest.starts_with(start));
        let inside = line[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if !opens || inside {
            continue;
        }
        let end = at + length(rest);
        from = end;
        let url = line[at..end].replace("\\/", "/");
        let (method, weight) = weigh(&line[..at], &line[end..], &url);
        found.push(Asked {
            at: (at, end),
            method,
            url,
            weight,
        });
    }
    found
}

/// The bytes of a URL at the start of a text: what prose and programs put behind it does not belong to it.
fn length(rest: &str) -> usize {
    let mut round = 0_i32;
    let mut end = rest.len();
    let mut known = 0;
    for (at, c) in rest.char_indices() {
        // A stand-in of `scrub` is what stood there.
        if let Some(length) = numbered_at(&rest[at..]) {
            known = at + length;
        }
        match c {
            _ if at < known => {}
            '(' => round += 1,
            ')' if round == 0 => {
                end = at;
                break;
            }
            ')' => round -= 1,
            '\\' if rest[at..].starts_with("\\/") => {}
            c if c.is_whitespace() || c.is_control() || "\"'<>`|\\^{}，。；".contains(c) => {
                // A template in braces belongs to the URL.
                if c == '{' || c == '}' {
                    continue;
                }
                end = at;
                break;
            }
            _ => {}
        }
    }
    let bare = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', ']', '*', '}']);
    bare.len()
}

/// What stands behind a URL whose answer is told.
const TOLD: [&str; 13] = [
    "\": ",
    "': ",
    " 40",
    ": 40",
    " resulted in",
    " returned",
    " returns",
    " net::ERR",
    " failed",
    ": Failed",
    " → 40",
    " -> 40",
    " [HTTP",
];

/// The method of a request that was found at a URL, and how sure it is that the URL is a request's.
fn weigh(before: &str, after: &str, url: &str) -> (Option<String>, u8) {
    let near = tail(before, 64);
    let bare = near.trim_end_matches([
        ' ', '"', '\'', '`', '<', '(', '[', ':', '=', '\t', '\\', '：', '*',
    ]);
    let word = bare
        .rsplit(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    let quoted = near.ends_with(['"', '\'', '`']);
    // Go's clients write the method before a URL, which they quote or end with a colon.
    if let Some(method) = method(word, quoted || after.starts_with(": ")) {
        return (Some(method), 5);
    }
    let lower = bare.to_lowercase();
    let ends = |mark: &&str| {
        lower.strip_suffix(*mark).is_some_and(|rest| {
            !mark.is_ascii() || !rest.ends_with(|c: char| c.is_ascii_alphanumeric())
        })
    };
    let page = PAGES.iter().any(|part| url.contains(part));
    if OTHERS.iter().any(&ends)
        || lower.contains("visit")
        || lower.contains("from origin")
        || lower.contains("xmlns")
    {
        return (None, 0);
    }
    if TOLD.iter().any(|mark| after.starts_with(mark)) && !page {
        return (None, 4);
    }
    if CUES.iter().any(&ends) {
        return (None, if page { 2 } else { 4 });
    }
    let posted = ["to", "from", "for", "at", "on", "use", "call", "try"]
        .iter()
        .any(ends);
    let called = posted || CALLED.iter().any(|part| url.contains(part));
    (
        None,
        match (page, called) {
            (true, _) => 0,
            (_, true) => 3,
            _ => 2,
        },
    )
}

/// A word that is a method: in capitals, or as Go writes it before a quoted URL.
fn method(word: &str, quoted: bool) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    let known = METHODS.contains(&upper.as_str());
    let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
    (known && (word == upper || quoted && capital)).then_some(upper)
}

/// Whether a path is one of an API's: a folder of a disk has no such segment.
fn is_of_api(path: &str) -> bool {
    let version = |part: &str| {
        let number = part.strip_prefix('v').unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut parts = path.split('/');
    parts.any(|part| part == "api" || part == "rest" || version(part)) && parts.next().is_some()
}

/// Methods followed by a path, and paths of an API on which a person says that something happens: `I get 401 on /api/v2/a`.
fn paths(line: &str, urls: &[Asked]) -> Vec<Asked> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices(" /").chain(line.match_indices("\t/")) {
        let before = &line[..at];
        let word = tail(before, 12)
            .rsplit(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default();
        let inside = urls.iter().any(|url| url.at.0 <= at && at < url.at.1);
        let start = at + 1;
        let end = start + length(&line[start..]);
        let path = &line[start..end];
        let method = METHODS.contains(&word);
        let told = ["on", "at", "for", "from", "calling"].contains(&word) && is_of_api(path);
        if inside || !(method || told) {
            continue;
        }
        found.push(Asked {
            at: (if method { at - word.len() } else { start }, end),
            method: method.then(|| word.to_owned()),
            url: path.to_owned(),
            weight: 4,
        });
    }
    found
}

/// `https://host:443 "GET /path HTTP/1.1"`: the origin and the path are one URL.
fn join_origins(found: &mut Vec<Asked>, line: &str) {
    let mut at = 0;
    while at + 1 < found.len() {
        let (first, second) = (&found[at], &found[at + 1]);
        let between = line.get(first.at.1..second.at.0).unwrap_or("x");
        let origin = first.url.splitn(4, '/').count() < 4 || first.url.ends_with('/');
        if origin
            && second.url.starts_with('/')
            && between.trim_matches([' ', '"', '\'', ':']).is_empty()
        {
            let url = format!("{}{}", first.url.trim_end_matches('/'), second.url);
            let start = first.at.0;
            found[at + 1].url = url;
            found[at + 1].at.0 = start;
            found.remove(at);
        } else {
            at += 1;
        }
    }
}

fn tail(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// Whether a text is a URL or path by itself.
pub(super) fn is_target(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("http://")
        || text.starts_with("https://")
        || text.starts_with('/') && !text.starts_with("//"))
        && !text.contains(char::is_whitespace)
        && clip(text, 8_000).len() == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(line: &str) -> Option<(Option<String>, String)> {
        all(line)
            .into_iter()
            .filter(|asked| asked.weight >= 3)
            .max_by_key(|asked| asked.weight)
            .map(|asked| (asked.method, asked.url))
    }

    #[test]
    fn requests_are_found_in_the_shapes_that_clients_write() {
        for (line, method, url) in [
            (
                "403 Client Error: Forbidden for url: https://a.example/b?c=d",
                None,
                "https://a.example/b?c=d",
            ),
            (
                "Client error: `GET https:\\/\\/a.example\\/b` resulted in a `403 Forbidden` response:",
                Some("GET"),
                "https://a.example/b",
            ),
            (
                "URL: PUT https://a.example:8200/v1/b",
                Some("PUT"),
                "https://a.example:8200/v1/b",
            ),
            (
                "error=\"Get \"https://a.example/b\": net/http: invalid header field value",
                Some("GET"),
                "https://a.example/b",
            ),
            (
                "<HttpError 403 when requesting https://a.example/b?alt=json returned \"No.\">",
                None,
                "https://a.example/b?alt=json",
            ),
            (
                "Access to fetch at 'https://a.example/b' from origin 'http://localhost:3000' has been",
                None,
                "https://a.example/b",
            ),
            (
                "https://a.example:443 \"GET /b?c=1 HTTP/1.1\" 403 None",
                Some("GET"),
                "https://a.example:443/b?c=1",
            ),
            (
                "Cannot access gated repo for url https://a.example/b.",
                None,
                "https://a.example/b",
            ),
            (
                "fatal: unable to access 'https://a.example/b.git/': The requested URL returned error: 403",
                None,
                "https://a.example/b.git/",
            ),
            (
                "npm ERR! 403 403 Forbidden - PUT https://a.example/b - You do not have",
                Some("PUT"),
                "https://a.example/b",
            ),
            (
                "main.js:1  GET https://a.example/b 401 (Unauthorized)",
                Some("GET"),
                "https://a.example/b",
            ),
            (
                "请求接口 https://a.example/b 失败!",
                None,
                "https://a.example/b",
            ),
            (
                "httpx.HTTPStatusError: Client error '401 Unauthorized' for url 'https://a.example/b'",
                None,
                "https://a.example/b",
            ),
        ] {
            assert_eq!(
                best(line),
                Some((method.map(str::to_owned), url.to_owned())),
                "{line}"
            );
        }
    }

    #[test]
    fn pages_for_people_are_not_requested() {
        for line in [
            "For more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/401",
            "Visit https://dev.example/docs/oauth2 for more",
            "Bad audience: https://a.example/api/v2",
            "<d:error xmlns:d=\"DAV:\" xmlns:s=\"http://dav.example/ns/v1/\">",
        ] {
            assert_eq!(best(line), None, "{line}");
        }
    }
}

//! Request commands: read as `explain` reads them, and written again as one curl command.

use super::body::{self, Side};
use super::stand_in::is_own;
use super::{Work, header, url};
use crate::http::Request;
use crate::input::{InputOptions, Item};

/// The command as it was understood; `None` where it cannot be read to its end, or is not alone. What is not understood is
/// left out.
pub(super) fn clean(text: &str, work: &mut Work<'_>) -> Option<String> {
    let mut found = Vec::new();
    // An answer may stand behind it.
    let how = InputOptions {
        name: "",
        form: None,
        fields: None,
    };
    crate::input::read(text.as_bytes(), how, &mut |item| {
        if let Item::Exchange(exchange) = item {
            found.push(exchange);
        }
    })
    .ok()?;
    match found.as_slice() {
        [alone] if alone.response.is_none() => Some(written(&alone.request, work)),
        _ => None,
    }
}

fn written(request: &Request, work: &mut Work<'_>) -> String {
    let mut words = vec!["curl".to_owned()];
    if let Some(method) = &request.method {
        let sound = method.bytes().all(|b| b.is_ascii_uppercase()) && method.len() <= 16;
        words.extend([
            "-X".to_owned(),
            if sound {
                method.clone()
            } else {
                "GET".to_owned()
            },
        ]);
    }
    if let Some(target) = &request.url {
        let host = target
            .split_once("://")
            .map_or(target.as_str(), |(_, rest)| rest)
            .split(['/', '?', '#'])
            .next()
            .unwrap_or_default();
        // A word that an option of an unknown kind took is no host.
        let is_host = target.starts_with('/')
            || host.contains('.')
            || host.starts_with("localhost")
            || host.starts_with(['[', '$', '{']);
        words.push(quoted(&if is_own(target) {
            target.clone()
        } else if is_host {
            url::clean(target, url::Paths::Published, "URL", work)
        } else {
            work.stand.value(target, "command")
        }));
    }
    for (name, value) in request.headers.iter().flat_map(crate::http::Headers::iter) {
        let line = format!(
            "{}: {}",
            header::name(name, work),
            header::value(name, value, work)
        );
        words.extend(["-H".to_owned(), quoted(&line)]);
    }
    if let Some(text) = &request.body {
        words.extend([
            "--data-raw".to_owned(),
            quoted(&body::clean(text, Side::Request, work)),
        ]);
    }
    words.join(" ")
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

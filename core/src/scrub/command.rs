//! Request commands: read as `explain` reads them, and written again as one curl command.

use super::body::{self, Side};
use super::stand_in::is_own;
use super::{Work, credential, header, url};
use crate::http::{Request, Scheme, is_cmd_variable};
use crate::input::{self, Beside, InputOptions, Item};

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
    input::read(text.as_bytes(), how, &mut |item| {
        if let Item::Exchange(exchange) = item {
            found.push(exchange);
        }
    })
    .ok()?;
    match found.as_slice() {
        [alone] if alone.response.is_none() => {
            Some(written(&alone.request, &input::beside(text), work))
        }
        _ => None,
    }
}

fn written(request: &Request, beside: &Beside, work: &mut Work<'_>) -> String {
    let mut words = vec!["curl".to_owned()];
    words.extend(beside.flags.iter().cloned());
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
    let unfilled: Vec<String> = beside
        .unfilled
        .iter()
        .filter_map(|line| unfilled(line, work))
        .collect();
    // Whatever the shell puts there is not in the evidence; that it puts something there is.
    if request.selected && unfilled.is_empty() {
        words.extend(["-H".to_owned(), quoted("@headers")]);
    }
    for line in unfilled {
        words.extend(["-H".to_owned(), format!("\"{line}\"")]);
    }
    if let Some(text) = &request.body {
        words.extend([
            "--data-raw".to_owned(),
            quoted(&body::clean(text, Side::Request, work)),
        ]);
    }
    words.join(" ")
}

/// A header line with its variables: `Authorization: Bearer $TOKEN`; `None` where another file or a command fills it in.
fn unfilled(line: &str, work: &mut Work<'_>) -> Option<String> {
    let (name, value) = line.split_once(':').filter(|_| !line.starts_with('@'))?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let place = format!("header {}", name.to_ascii_lowercase());
    let (told, command) = match value.split_once("$(") {
        Some((told, _)) => (told, Some(COMMAND)),
        None => (value, None),
    };
    let words = told
        .split_whitespace()
        .map(|word| reference(word, &place, work));
    let mut words: Vec<String> = words.collect();
    words.extend(command.map(str::to_owned));
    let line = format!("{}: {}", header::name(name, work), words.join(" "));
    // Between double quotes a shell reads these.
    (!line.contains(['"', '`', '\\'])).then_some(line)
}

/// What stands for a command whose output fills in a header.
const COMMAND: &str = "$(command)";

/// What stands for a variable whose name is no word.
const NAMELESS: &str = "$TOKEN";
const NAMELESS_IN_CMD: &str = "%TOKEN%";

/// One word of a header line with variables: a scheme and a variable stay.
fn reference(typed: &str, place: &str, work: &mut Work<'_>) -> String {
    if Scheme::named(typed).is_some() || credential::is_placeholder(typed) && is_variable(typed) {
        typed.to_owned()
    } else if is_variable(typed) {
        work.stand.number(typed, place);
        match is_cmd_variable(typed) {
            true => NAMELESS_IN_CMD.to_owned(),
            false => NAMELESS.to_owned(),
        }
    } else {
        credential::stand_in(typed, place, work)
    }
}

/// The reference of a shell to a variable: `$TOKEN`, `${TOKEN}`, `$env:TOKEN`, `%TOKEN%`.
fn is_variable(text: &str) -> bool {
    if is_cmd_variable(text) {
        return true;
    }
    let bare = text.strip_prefix('$').unwrap_or_default();
    let braced = bare
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let name = braced.unwrap_or(bare);
    let name = name.strip_prefix("env:").unwrap_or(name);
    let sound = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !name.is_empty() && name.bytes().all(sound)
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

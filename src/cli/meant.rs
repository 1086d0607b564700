//! What was plainly meant: a URL, a file, a request command or piped evidence in place of a command's name.

use super::error::Failure;
use crate::source;
use clap::Command;
use std::ffi::OsString;
use std::path::Path;
use why401_core::finding;
use why401_core::http::{BadTarget, Scheme, Target, Usage};
use why401_core::input;
use why401_core::output::shell;
use why401_core::token::redact;

/// Commands that read evidence: what is piped in where no file is named.
const READERS: [&str; 2] = ["explain", "scrub"];

/// Programs that make a request: what stands behind one of them is its own command line.
const CLIENTS: [&str; 6] = ["curl", "curl.exe", "wget", "http", "https", "xh"];

/// The words with the command that was meant put in; unchanged where nothing is plain.
pub(super) fn meant(mut words: Vec<OsString>, command: &Command) -> Vec<OsString> {
    let asks = |word: &OsString| {
        let word = word.to_string_lossy();
        matches!(word.as_ref(), "-h" | "--help" | "-V" | "--version")
    };
    if words.iter().any(asks) {
        return words;
    }
    let Some(at) = first_word(&words, command) else {
        if source::is_piped() {
            words.insert(1, "explain".into());
            words.push("-".into());
        }
        return words;
    };
    let word = words[at].to_string_lossy().into_owned();
    if command.find_subcommand(&word).is_some() {
        // Options of a command stand behind it.
        let name = words.remove(at);
        words.insert(1, name);
        let named = word_from(&words, 2, command).is_some();
        if READERS.contains(&word.as_str()) && !named && source::is_piped() {
            words.push("-".into());
        }
        return words;
    }
    if word == "version" {
        return vec![words.swap_remove(0), "--version".into()];
    }
    if word == "probe" {
        words.remove(at);
        words.insert(1, "check".into());
        words.push("--probe".into());
    } else if finding::by_code(&word).is_some() {
        words.insert(1, "causes".into());
    } else if word == "-" || source::is_file(Path::new(&word)) {
        words.insert(1, "explain".into());
    } else if is_url(&word)
        || is_method(&word)
        || stands_for_method(&word, words.get(at + 1))
        || is_request_command(&word)
        || is_host(&word)
    {
        words.insert(1, "check".into());
    }
    words
}

/// The place of the first word that is neither an option nor its value.
pub(super) fn first_word(words: &[OsString], command: &Command) -> Option<usize> {
    word_from(words, 1, command)
}

/// The same, from a place on.
fn word_from(words: &[OsString], start: usize, command: &Command) -> Option<usize> {
    let mut at = start;
    while at < words.len() {
        let word = words[at].to_string_lossy();
        match word.as_ref() {
            "-" => return Some(at),
            option if option.starts_with('-') => at += 1 + usize::from(takes(command, option)),
            _ => return Some(at),
        }
    }
    None
}

/// Whether an option takes a value, whichever command it belongs to.
fn takes(command: &Command, name: &str) -> bool {
    let is = |own: &clap::Arg| {
        let long = own.get_long();
        long.is_some_and(|long| name.strip_prefix("--") == Some(long))
            || own
                .get_short()
                .is_some_and(|short| name == format!("-{short}"))
    };
    let named = command.get_arguments().find(|own| is(own));
    match named {
        Some(own) => own.get_action().takes_values(),
        None => command.get_subcommands().any(|own| takes(own, name)),
    }
}

/// Whether a word in capitals stands before a URL, as a method does.
fn stands_for_method(word: &str, next: Option<&OsString>) -> bool {
    let capitals = word.len() < 9 && word.bytes().all(|b| b.is_ascii_uppercase());
    capitals && next.is_some_and(|next| is_url(&next.to_string_lossy()))
}

/// Whether a word is a host with a path, and only its scheme is missing.
fn is_host(word: &str) -> bool {
    word.contains('/') && Target::parse("GET", word) == Err(BadTarget::Scheme)
}

/// The words as a request has them: method and URL apart, a request command as one word, however they were quoted.
pub(super) fn requoted(words: Vec<OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::with_capacity(words.len());
    for word in words {
        let text = word.to_string_lossy();
        // The value of an option is one word.
        let option = out.last();
        let free = option.is_none_or(|before| !before.to_string_lossy().starts_with('-'));
        match method_and_url(&text).filter(|_| free) {
            Some((method, url)) => out.extend([method.into(), url.into()]),
            None => out.push(word),
        }
    }
    joined(out)
}

/// A request command that was not quoted, as one word.
fn joined(mut words: Vec<OsString>) -> Vec<OsString> {
    let is_client = |word: &OsString| CLIENTS.iter().any(|own| word == own);
    // No name of a command or of an option stands behind it.
    let Some(at) = words.iter().skip(1).position(is_client).map(|at| at + 1) else {
        return words;
    };
    let own = |word: &OsString| word == "check" || word.to_string_lossy().starts_with('-');
    if words.len() == at + 1 || !words[1..at].iter().all(own) {
        return words;
    }
    let request = words.drain(at..);
    let request: Vec<String> = request.map(|word| shell(&word.to_string_lossy())).collect();
    words.push(request.join(" ").into());
    words
}

/// Whether one of the words is plainly a credential: the arguments of a command are seen by others.
pub(super) fn has_credential(words: &[OsString]) -> bool {
    let words = words.iter().skip(1).map(|word| word.to_string_lossy());
    let words: Vec<_> = words.collect();
    let value = |word: &str| match word.strip_prefix("--") {
        Some(option) => option.split_once('=').map(|(_, value)| value.to_owned()),
        None => Some(word.to_owned()),
    };
    let mut alone = words.iter().filter_map(|word| value(word));
    let mut pairs = words.windows(2);
    alone.any(|word| is_credential(&word))
        || pairs.any(|pair| is_with_scheme(&format!("{} {}", pair[0], pair[1])))
}

/// Whether a word has the form of a credential, or is one with its scheme or header before it.
fn is_credential(word: &str) -> bool {
    let is_plain = || !word.contains([' ', '/', ':']) && !source::is_file(Path::new(word));
    redact::looks_secret(word) && is_plain() || is_with_scheme(word) || is_header(word)
}

/// `Bearer x`, of the schemes that a standard has: others are words of prose too.
fn is_with_scheme(text: &str) -> bool {
    let Some((scheme, value)) = text.split_once(' ') else {
        return false;
    };
    let url = is_url(value) || value.starts_with(['-', '/']);
    if url || redact::is_wordy(value, redact::Strictness::Lenient) {
        return false;
    }
    let known = Scheme::named(scheme).filter(|own| own.usage == Usage::Standard);
    known.is_some_and(Scheme::carries_secret) && is_value(value)
}

/// `Authorization: Bearer x`, whatever the scheme; without one it may be a permission, such as `authorization:role:view`.
fn is_header(text: &str) -> bool {
    let fields = ["authorization", "proxy-authorization"];
    let named = text.split_once(':').filter(|(name, _)| {
        let name = name.trim();
        fields.iter().any(|own| name.eq_ignore_ascii_case(own))
    });
    let parts = named.and_then(|(_, value)| value.trim().split_once(' '));
    let word = |scheme: &str| {
        scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    parts.is_some_and(|(scheme, value)| word(scheme) && is_value(value.trim_start()))
}

/// Whether a text can be a credential, and is no stand-in or variable for one.
fn is_value(text: &str) -> bool {
    let stands_in = redact::is_stand_in(text) || text.starts_with(['$', '%', '{']);
    !text.is_empty() && !text.contains(' ') && Scheme::named(text).is_none() && !stands_in
}

/// Whether a request command carries a credential of its own.
pub(super) fn carries_credential(command: &str) -> bool {
    let value = input::credential_in(command);
    value.is_some_and(|value| is_value(value.rsplit(' ').next().unwrap_or_default()))
}

/// Refuses a file in place of a URL, and says which command reads it.
pub(super) fn refuse_file(word: &str) -> Result<(), Failure> {
    let path = Path::new(word);
    if word.starts_with('/') && !source::is_file(path) || is_url(word) {
        return Ok(());
    }
    if source::is_file(path) {
        return Err(Failure::usage(
            "that is a file, not a URL",
            &format!(
                "`why401 explain {}` says why its requests were refused",
                path.display()
            ),
        ));
    }
    match source::near(path) {
        Some(near) => Err(Failure::usage(
            "that is neither a URL nor a file",
            &format!("did you mean `why401 explain {}`?", near.display()),
        )),
        None => Ok(()),
    }
}

/// Whether a word is an absolute URL.
pub(super) fn is_url(word: &str) -> bool {
    let lower = word.trim_start().to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// Whether a word is an HTTP method, in any case.
pub(super) fn is_method(word: &str) -> bool {
    matches!(
        word.to_ascii_uppercase().as_str(),
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "TRACE" | "CONNECT"
    )
}

/// A method and a URL or path in one pair of quotation marks.
fn method_and_url(word: &str) -> Option<(&str, &str)> {
    let (method, url) = word.trim().split_once(' ')?;
    let plain = !url.contains(' ') && (is_url(url) || url.starts_with('/'));
    (plain && is_method(method)).then_some((method, url))
}

/// Whether a word is a whole request command, quoted as one word.
pub(super) fn is_request_command(word: &str) -> bool {
    let starts = [
        "curl ",
        "curl.exe ",
        "fetch(",
        "Invoke-WebRequest ",
        "Invoke-RestMethod ",
        "http ",
        "wget ",
    ];
    let word = word.trim_start();
    word.contains("http") && starts.iter().any(|start| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use why401_core::table::{self, Table};

    fn of(words: &[&str]) -> Vec<String> {
        let words = std::iter::once("why401").chain(words.iter().copied());
        let words = requoted(words.map(OsString::from).collect());
        let words = meant(words, &crate::cli::command());
        words
            .iter()
            .skip(1)
            .map(|w| w.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_url_a_method_and_a_request_command_are_checked_and_a_file_is_explained() {
        assert_eq!(
            of(&["https://a.example/b"]),
            ["check", "https://a.example/b"]
        );
        assert_eq!(of(&["POST", "/a"]), ["check", "POST", "/a"]);
        assert_eq!(of(&["get", "/a"]), ["check", "get", "/a"]);
        assert_eq!(
            of(&["curl https://a.example"]),
            ["check", "curl https://a.example"]
        );
        assert_eq!(of(&["Cargo.toml"]), ["explain", "Cargo.toml"]);
        assert_eq!(
            of(&["--format", "json", "--scope", "a", "https://a.example"]),
            [
                "check",
                "--format",
                "json",
                "--scope",
                "a",
                "https://a.example"
            ]
        );
        assert_eq!(
            of(&["--scope", "a", "check", "/a"]),
            ["check", "--scope", "a", "/a"]
        );
        assert_eq!(
            of(&["api.example/a", "--scope", "a"]),
            ["check", "api.example/a", "--scope", "a"]
        );
        assert_eq!(
            of(&["probe", "https://a.example"]),
            ["check", "https://a.example", "--probe"]
        );
    }

    #[test]
    fn a_client_and_its_own_options_are_one_request_command() {
        assert_eq!(
            of(&["-v", "curl", "-X", "POST", "https://a.example/b?c=1"]),
            ["check", "-v", "curl -X POST 'https://a.example/b?c=1'"]
        );
        assert_eq!(
            of(&["check", "curl", "https://a.example"]),
            ["check", "curl https://a.example"]
        );
        assert_eq!(of(&["POST /a"]), ["check", "POST", "/a"]);
        assert_eq!(
            of(&["explain", "a", "--only", "GET /a"]),
            ["explain", "a", "--only", "GET /a"]
        );
        assert_eq!(of(&["curl"]), ["curl"]);
        assert_eq!(of(&["version"]), ["--version"]);
    }

    #[test]
    fn a_credential_is_known_by_its_form_its_scheme_or_its_header() {
        let typed = |words: &[&str]| {
            let words = std::iter::once("why401").chain(words.iter().copied());
            has_credential(&words.map(OsString::from).collect::<Vec<_>>())
        };
        for words in [
            &["check", "Bearer kD83hdKq83hdoaue8XyZ0987"][..],
            &["check", "/a", "Bearer", "kD83hdKq83hdoaue8XyZ0987"],
            &["check", "--header", "Authorization: Bearer hunter2"],
            &["Authorization: SSWS kD83hdKq"],
        ] {
            assert!(typed(words), "{words:?}");
        }
        for words in [
            &["check", "--scope", "basic", "https://a.example/b1"][..],
            &["explain", "Bearer authentication"],
            &["tables", "search", "Token expired"],
            &["check", "--header", "Authorization: Bearer $TOKEN"],
            &["check", "--header", "X-Api-Version: 2"],
            &[
                "check",
                "--permissions",
                "authorization:division:add authorization:grant:add",
            ],
            &["token", "--token-file", "x.jwt"],
        ] {
            assert!(!typed(words), "{words:?}");
        }
    }

    #[test]
    fn no_scope_or_permission_that_a_table_publishes_is_taken_for_a_credential() {
        let tables = table::names().filter_map(table::shipped);
        let published = |own: Table| ["scope", "permission"].map(|gate| own.published(gate));
        let names = tables
            .flat_map(|own| published(own.expect("a table")))
            .flatten();
        let taken: Vec<String> = names.filter(|name| is_credential(name)).collect();
        assert!(taken.is_empty(), "{taken:?}");
    }

    #[test]
    fn a_command_and_a_word_that_is_nothing_stay_as_they_are() {
        assert_eq!(of(&["explain", "POST"]), ["explain", "POST"]);
        assert_eq!(of(&["nonsense"]), ["nonsense"]);
    }
}

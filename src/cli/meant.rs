//! What was plainly meant: a URL, a file, a request command or piped evidence in place of a command's name.

use super::error::Failure;
use crate::source;
use clap::Command;
use std::ffi::OsString;
use std::path::Path;
use why401_core::finding;
use why401_core::http::{BadTarget, Target};
use why401_core::token::redact;

/// Commands that read evidence: what is piped in where no file is named.
const READERS: [&str; 2] = ["explain", "scrub"];

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
    if word == "probe" {
        words.remove(at);
        words.insert(1, "check".into());
        words.push("--probe".into());
    } else if finding::by_code(&word).is_some() {
        words.insert(1, "causes".into());
    } else if word == "-" || source::is_file(Path::new(&word)) {
        words.insert(1, "explain".into());
    } else if is_url(&word) || is_method(&word) || is_request_command(&word) || is_host(&word) {
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

/// Whether a word is a host with a path, and only its scheme is missing.
fn is_host(word: &str) -> bool {
    word.contains('/') && Target::parse("GET", word) == Err(BadTarget::Scheme)
}

/// Whether one of the words is plainly a credential: the arguments of a command are seen by others.
pub(super) fn has_credential(words: &[OsString]) -> bool {
    let words = words.iter().skip(1).map(|word| word.to_string_lossy());
    let value = |word: &str| match word.strip_prefix("--") {
        Some(option) => option.split_once('=').map(|(_, value)| value.to_owned()),
        None => Some(word.to_owned()),
    };
    let is_plain =
        |word: &str| !word.contains([' ', '/', ':']) && !source::is_file(Path::new(word));
    words
        .filter_map(|word| value(&word))
        .any(|word| is_plain(&word) && redact::looks_secret(&word))
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

    fn of(words: &[&str]) -> Vec<String> {
        let words = std::iter::once("why401").chain(words.iter().copied());
        let words = meant(words.map(OsString::from).collect(), &crate::cli::command());
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
    fn a_command_and_a_word_that_is_nothing_stay_as_they_are() {
        assert_eq!(of(&["explain", "POST"]), ["explain", "POST"]);
        assert_eq!(of(&["nonsense"]), ["nonsense"]);
    }
}

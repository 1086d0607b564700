//! What was plainly meant: a URL, a file, a request command or piped evidence in place of a command's name.

use super::error::Failure;
use crate::source;
use clap::Command;
use std::ffi::OsString;
use std::path::Path;

/// The words with the command that was meant put in; unchanged where nothing is plain.
pub(super) fn meant(mut words: Vec<OsString>, command: &Command) -> Vec<OsString> {
    let Some(at) = first_word(&words, command) else {
        let asks = |word: &OsString| {
            let word = word.to_string_lossy();
            matches!(word.as_ref(), "-h" | "--help" | "-V" | "--version")
        };
        if !words.iter().any(asks) && source::is_piped() {
            words.extend(["explain".into(), "-".into()]);
        }
        return words;
    };
    let word = words[at].to_string_lossy().into_owned();
    if command.find_subcommand(&word).is_some() {
        return words;
    }
    if word == "probe" {
        words[at] = "check".into();
        words.push("--probe".into());
    } else if word == "-" {
        words.insert(at, "explain".into());
    } else if is_url(&word) || is_method(&word) || is_request_command(&word) {
        words.insert(at, "check".into());
    } else if source::is_file(Path::new(&word)) {
        words.insert(at, "explain".into());
    }
    words
}

/// The place of the first word that is neither an option nor its value.
pub(super) fn first_word(words: &[OsString], command: &Command) -> Option<usize> {
    let takes = |name: &str| {
        let named = command.get_arguments().find(|own| {
            own.get_long()
                .is_some_and(|long| name.strip_prefix("--") == Some(long))
                || own
                    .get_short()
                    .is_some_and(|short| name == format!("-{short}"))
        });
        named.is_some_and(|own| own.get_action().takes_values())
    };
    let mut at = 1;
    while at < words.len() {
        let word = words[at].to_string_lossy();
        match word.as_ref() {
            "-" => return Some(at),
            option if option.starts_with('-') => at += 1 + usize::from(takes(option)),
            _ => return Some(at),
        }
    }
    None
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
            of(&["--format", "json", "https://a.example"]),
            ["--format", "json", "check", "https://a.example"]
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

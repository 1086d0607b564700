//! What was typed, as far as a suggested command has to repeat it: never how the answer is written, never a credential.

use super::args::ProbeArgs;
use super::meant::is_request_command;
use crate::source;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use std::path::Path;
use why401_core::input::InputForm;
use why401_core::output::Given;
use why401_core::scrub::{Keep, scrub};
use why401_core::token::redact;

/// How an answer is written or counted: no further command needs it.
const OF_OUTPUT: [&str; 8] = [
    "format",
    "color",
    "quiet",
    "verbose",
    "exit_zero",
    "summary",
    "dry_run",
    "jobs",
];

/// The command of this run with its options.
pub(super) fn given(command: &Command, matches: &ArgMatches) -> Given {
    let own = matches
        .subcommand()
        .and_then(|(name, matches)| Some((name, command.find_subcommand(name)?, matches)));
    own.map_or_else(Given::default, |(name, own, matches)| {
        of(name, own, matches)
    })
}

/// The command of that name with the options that were typed.
pub(super) fn of(name: &str, command: &Command, matches: &ArgMatches) -> Given {
    let mut given = Given {
        command: vec![name.to_owned()],
        manifest: name == "gate",
        ..Given::default()
    };
    // A command that may open no socket is not suggested with what asks the server.
    let offline = matches.try_get_one("offline").ok().flatten() == Some(&true);
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let typed = matches.value_source(id) == Some(ValueSource::CommandLine);
        let vain = offline && argument.get_help_heading() == Some(ProbeArgs::HEADING);
        if typed && !vain && !OF_OUTPUT.contains(&id) {
            repeat(argument, matches, &mut given);
        }
    }
    given
}

fn repeat(argument: &Arg, matches: &ArgMatches, given: &mut Given) {
    let raw = matches.get_raw(argument.get_id().as_str());
    let values = raw.into_iter().flatten();
    let values: Vec<String> = values.map(|v| harmless(&v.to_string_lossy())).collect();
    let Some(name) = argument.get_long() else {
        given.command.extend(values);
        return;
    };
    let name = format!("--{name}");
    if !argument.get_action().takes_values() {
        given.options.push((name, None));
        return;
    }
    let pairs = values.into_iter().map(|value| (name.clone(), Some(value)));
    given.options.extend(pairs);
}

/// A value without what may be secret in it.
fn harmless(text: &str) -> String {
    if is_request_command(text) {
        // Its options hold whatever people send: what is known to be harmless is repeated.
        let cleaned = scrub(text, InputForm::Command, &Keep::default());
        return cleaned.map_or_else(|_| "REQUEST".to_owned(), |own| own.text.trim().to_owned());
    }
    redact::typed(text)
}

/// The name of a file for people; one that looks like a credential is not repeated.
pub(in crate::cli) fn file_name(path: &Path) -> String {
    let name = path.display().to_string();
    let named =
        |part: &str| part.len() <= 24 && part.chars().filter(char::is_ascii_digit).count() <= 8;
    let harmless = redact::redact(&name) == name && name.split(['/', '.', '\\']).all(named);
    match name.as_str() {
        "-" => "standard input".to_owned(),
        _ if source::is_file(path) || harmless => name,
        _ => "the file".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_request_command_is_repeated_without_its_secrets() {
        let command =
            harmless("curl --pass hunter2 -u bob:hunter2 https://a.example/users -H 'X: hunter2'");
        assert!(
            command.starts_with("curl ") && command.contains("https://a.example/users"),
            "{command}"
        );
        assert!(!command.contains("hunter2"), "{command}");
        assert!(!harmless("https://u:p@a.example/b?token=x").contains("token"));
    }
}

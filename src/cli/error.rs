//! What is wrong with a command line, as a failure.

use super::reference;
pub(super) use crate::failure::Failure;
use crate::source;
use clap::Arg;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::path::Path;
use why401_core::gate;
use why401_core::output::Format;
use why401_core::token::redact;

/// What to do with a token that was typed.
const REVOKE: &str = "If one was typed, it is in the shell's history now: revoke or replace it";

/// Options that people try for a token.
const TOKENS: [&str; 8] = [
    "--token",
    "--tokens",
    "--access-token",
    "--bearer",
    "--bearer-token",
    "--jwt",
    "--api-key",
    "--authorization",
];

/// No token is shorter.
const SHORTEST: usize = 12;

/// What an extra word may have been.
pub(super) const NEVER_AN_ARGUMENT: &str = "A token is never an argument: use --token-file, --token-env or standard input. If the word was one, it is in the shell's history now: revoke or replace it";

/// A credential stands on the command line: it was seen by others, whatever comes of the run.
pub(super) fn typed_credential() -> Failure {
    Failure::usage(
        "one of the words is a token, and a token is never an argument",
        "it is in the shell's history now, and the list of processes showed it: revoke or replace it. `why401 token` reads the new one from --token-file FILE, --token-env NAME or standard input, and so does `why401 check`",
    )
}

/// clap's own messages repeat what was typed, and a typed word may be a secret: these do not.
pub(crate) fn from_clap(error: &clap::Error) -> Failure {
    let message = match error.kind() {
        ErrorKind::InvalidValue if is_empty(error) => match ours(error, ContextKind::InvalidArg) {
            Some(name) => format!("{name}: the value is missing"),
            None => "an option needs a value".to_owned(),
        },
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            match ours(error, ContextKind::InvalidArg) {
                Some(name) => format!("{} does not accept this value", plain(&name)),
                None => "an option does not accept this value".to_owned(),
            }
        }
        ErrorKind::UnknownArgument if is_token(error) => {
            "there is no --token: every process of the machine can read a command's arguments"
                .to_owned()
        }
        ErrorKind::UnknownArgument if is_option(error) => "there is no such option".to_owned(),
        _ if is_further_word(error) && is_of(error, "scrub") => {
            "scrub takes one file at a time".to_owned()
        }
        _ if is_further_word(error) => "there are too many arguments".to_owned(),
        ErrorKind::InvalidSubcommand => "there is no such command or file".to_owned(),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            "an option needs a value".to_owned()
        }
        ErrorKind::TooManyValues => "an option has too many values".to_owned(),
        ErrorKind::ArgumentConflict => match (
            ours(error, ContextKind::InvalidArg),
            ours(error, ContextKind::PriorArg),
        ) {
            (Some(a), Some(b)) => format!("{a} cannot be used together with {b}"),
            _ => "two of the options cannot be used together".to_owned(),
        },
        ErrorKind::MissingRequiredArgument => match ours(error, ContextKind::InvalidArg) {
            Some(names) if names.contains("URL") => "the URL is missing".to_owned(),
            Some(names) if names.starts_with("--") => {
                format!("{names} is missing: an option that was given needs it")
            }
            Some(names) => format!("missing: {}", plain(&names)),
            None => "an argument is missing".to_owned(),
        },
        ErrorKind::MissingSubcommand => "the command is missing".to_owned(),
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8".to_owned(),
        _ => "the arguments cannot be understood".to_owned(),
    };
    Failure::usage(message, &hint(error))
}

/// The name of an argument without the marks of its form.
fn plain(name: &str) -> String {
    name.replace(['<', '>'], "").replace("...", "")
}

fn hint(error: &clap::Error) -> String {
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(|kind| ours(error, kind));
    if is_token(error) && is_of(error, "gate") {
        return format!("name its place in the manifest: `token-env = \"NAME\"`. {REVOKE}");
    }
    if is_token(error) {
        return "put it into a file (--token-file FILE), into WHY401_TOKEN or another variable (--token-env NAME), or pipe it in. ".to_owned() + REVOKE;
    }
    if let Some(file) = file_of_a_token(error) {
        return format!("`why401 token --token-file {file}` reads it");
    }
    if let Some(format) = format_meant(error) {
        return format!("did you mean --format {format}?");
    }
    if let Some(key) = key_meant(error) {
        return format!(
            "the manifest names it: `{key} = ...` in the app, or above all apps; for a vault there is --token-cmd APP=COMMAND"
        );
    }
    if let Some(near) = option_near(error) {
        return format!("did you mean {near}?");
    }
    if let Some(other) = option_of_another(error) {
        return other;
    }
    if let Some(likeliest) = suggested.and_then(|suggested| likeliest(error, &suggested)) {
        return format!("did you mean {likeliest}?");
    }
    if error.kind() == ErrorKind::InvalidSubcommand {
        return command_meant(error);
    }
    if let (ErrorKind::InvalidValue, Some(values)) =
        (error.kind(), ours(error, ContextKind::ValidValue))
    {
        return format!("it takes: {values}");
    }
    let unread = matches!(
        error.kind(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
    );
    if unread && (is_empty(error) || error.get(ContextKind::ValidValue).is_none()) {
        return match ours(error, ContextKind::InvalidArg) {
            Some(name) => format!("write it as {name}; `--help` says what it takes"),
            None => "`--help` says what it takes".to_owned(),
        };
    }
    let see = match form(error) {
        Some(form) => format!("the form is `{form}`; `--help` says more"),
        None => "see `why401 --help`".to_owned(),
    };
    match error.kind() {
        ErrorKind::MissingRequiredArgument if see.contains("`why401 check ") => {
            format!("{see}. What is piped in is read by `why401 explain -`")
        }
        _ if is_further_word(error) && is_of(error, "scrub") => {
            "run it once for each: `why401 scrub FILE -o CLEAN`".to_owned()
        }
        _ if is_further_word(error) => format!("{see}. {NEVER_AN_ARGUMENT}"),
        ErrorKind::UnknownArgument if !is_of(error, "gate") => {
            format!(
                "{see}. A token is never an argument: use --token-file, --token-env or standard input"
            )
        }
        _ => see,
    }
}

/// The suggestion that is near what was typed: the likeliest is the last.
fn likeliest(error: &clap::Error, suggested: &str) -> Option<String> {
    let likeliest = suggested.rsplit(", ").next()?;
    let option = ours(error, ContextKind::InvalidArg).filter(|typed| typed.starts_with("--"));
    let near = |typed: &String| {
        likeliest.starts_with(typed.as_str())
            || typed.starts_with(likeliest)
            || gate::nearest(typed, [likeliest].into_iter()).is_some()
    };
    option
        .as_ref()
        .is_none_or(near)
        .then(|| likeliest.to_owned())
}

/// The option of the command whose name is a letter or two from the one that was typed.
fn option_near(error: &clap::Error) -> Option<String> {
    let typed = ours(error, ContextKind::InvalidArg)?;
    let typed = typed.strip_prefix("--")?;
    let tree = super::command();
    let usage = form(error)?;
    let words = usage.split(' ').skip(1);
    let own = words.fold(&tree, |own, word| own.find_subcommand(word).unwrap_or(own));
    let all = own.get_arguments().chain(tree.get_arguments());
    let names = all
        .filter(|arg| !arg.is_hide_set())
        .filter_map(Arg::get_long);
    let near = gate::nearest(typed, names)?;
    (error.kind() == ErrorKind::UnknownArgument).then(|| format!("--{near}"))
}

/// Where an option belongs that this command does not have.
fn option_of_another(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let typed = ours(error, ContextKind::InvalidArg)?;
    if typed == "-o" {
        return Some(
            "the answer goes to standard output: write it to a file with `> FILE`".to_owned(),
        );
    }
    let name = typed.strip_prefix("--")?;
    match name {
        "output" if writes(error) => return Some("did you mean --out?".to_owned()),
        "output" | "out" => {
            return Some("did you mean --format json? A file is written with `>`".to_owned());
        }
        "method" | "request" => {
            return Some(
                "give the method first, without an option: `why401 check POST URL`".to_owned(),
            );
        }
        "url" => return Some("give the URL without an option: `why401 check GET URL`".to_owned()),
        _ => {}
    }
    let tree = super::command();
    let has = |own: &&clap::Command| own.get_arguments().any(|arg| arg.get_long() == Some(name));
    let owners: Vec<&str> = tree
        .get_subcommands()
        .filter(has)
        .map(clap::Command::get_name)
        .collect();
    (!owners.is_empty()).then(|| format!("--{name} is an option of {}", owners.join(", ")))
}

/// Whether the command writes a file itself.
fn writes(error: &clap::Error) -> bool {
    ["scrub", "page"]
        .iter()
        .any(|command| is_of(error, command))
}

/// What may have been meant by a word that is no command.
fn command_meant(error: &clap::Error) -> String {
    let typed = ours(error, ContextKind::InvalidSubcommand).unwrap_or_default();
    if let Some(near) = source::near(Path::new(&typed)) {
        return format!("did you mean `why401 explain {}`?", near.display());
    }
    if let Some(near) = reference::command_near(&typed) {
        return format!("did you mean {near}?");
    }
    let tree = super::command();
    let names = tree.get_subcommands().map(clap::Command::get_name);
    let commands = format!(
        "{}; a URL or an existing file works without one, and an error text can be piped in",
        commands(names)
    );
    match may_be_token(&typed) {
        true => format!("{commands}. {NEVER_AN_ARGUMENT}"),
        false => commands,
    }
}

/// Whether there are more words than the command takes.
fn is_further_word(error: &clap::Error) -> bool {
    match error.kind() {
        ErrorKind::UnknownArgument => !is_option(error),
        ErrorKind::TooManyValues => is_positional(error),
        _ => false,
    }
}

/// Whether a word can be an opaque token: long, and none that anybody reads.
fn may_be_token(word: &str) -> bool {
    let plain = !word.contains(['/', '.', ' ']);
    plain && word.len() >= SHORTEST && !redact::is_wordy(word, redact::Strictness::Lenient)
}

/// How the command is used: our own words, and nothing that was typed.
fn form(error: &clap::Error) -> Option<String> {
    let ContextValue::StyledStr(usage) = error.get(ContextKind::Usage)? else {
        return None;
    };
    let usage = usage.to_string();
    let usage = usage.lines().next()?.trim().strip_prefix("Usage: ")?;
    Some(usage.trim().to_owned())
}

/// Whether that command was given wrong words.
fn is_of(error: &clap::Error, command: &str) -> bool {
    let form = form(error).unwrap_or_default();
    form.split(' ').nth(1) == Some(command)
}

/// The key of a manifest that was written as an option of the gate.
fn key_meant(error: &clap::Error) -> Option<String> {
    let typed = ours(error, ContextKind::InvalidArg)?;
    let typed = typed.strip_prefix("--").filter(|_| is_of(error, "gate"))?;
    let bare = typed.strip_prefix("token-").unwrap_or(typed);
    let names = [typed.to_owned(), bare.to_owned(), format!("{bare}s")];
    names.into_iter().find(|name| gate::is_key(name))
}

/// Whether what is not known is written as an option.
fn is_option(error: &clap::Error) -> bool {
    ours(error, ContextKind::InvalidArg).is_some_and(|typed| typed.starts_with('-'))
}

/// Whether what has too many values is no option, but the words of a command.
fn is_positional(error: &clap::Error) -> bool {
    ours(error, ContextKind::InvalidArg).is_some_and(|name| !name.starts_with('-'))
}

/// The format whose name was written as an option: `--json`.
fn format_meant(error: &clap::Error) -> Option<&'static str> {
    let typed = ours(error, ContextKind::InvalidArg)?;
    let name = typed.strip_prefix("--")?;
    let names = Format::NAMES.iter().map(|(own, _)| *own);
    let mut names = names.filter(|_| error.kind() == ErrorKind::UnknownArgument);
    names.find(|own| *own == name)
}

/// The commands, for somebody who typed another word.
pub(super) fn commands<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.filter(|name| *name != "help").collect();
    format!("the commands are {}", names.join(", "))
}

/// Whether somebody tried to give a token as an argument.
fn is_token(error: &clap::Error) -> bool {
    let named = ours(error, ContextKind::InvalidArg);
    error.kind() == ErrorKind::UnknownArgument
        && named.is_some_and(|name| TOKENS.contains(&name.as_str()))
}

/// The file that was given to `token` as a word.
fn file_of_a_token(error: &clap::Error) -> Option<String> {
    let of_token = form(error)?.starts_with("why401 token ");
    let word = ours(error, ContextKind::InvalidArg).filter(|_| of_token)?;
    source::is_file(Path::new(&word)).then_some(word)
}

/// Whether an option stands without its value.
fn is_empty(error: &clap::Error) -> bool {
    matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(text)) if text.is_empty())
}

/// A name of our own out of clap's context: argument names, valid values, suggestions.
fn ours(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(list) if !list.is_empty() => Some(list.join(", ")),
        _ => None,
    }
}

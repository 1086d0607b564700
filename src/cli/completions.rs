//! Completions: a shell asks this program, so that what is offered fits what was typed, a provider's scopes among it.

mod shells;

use super::Answer;
use super::args::ShellName;
use super::error::Failure;
use super::gate::MANIFEST;
use crate::{sink, source};
use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, ValueEnum as _};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Elvish, EnvCompleter, Fish, Zsh};
use shells::{BASH, NUSHELL, POWERSHELL, Shell};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::Arc;
use url::Url;
use why401_core::finding::ALL;
use why401_core::gate::{self, Manifest};
use why401_core::table::{self, Table};

/// The variable by which a shell's script asks: it holds the name of the shell.
const VARIABLE: &str = "WHY401_COMPLETE";

/// Where names of files begin.
const HERE: &str = ".";

/// Answers `completions`: the script for a shell.
pub(super) fn completions(shell: ShellName) -> Result<Answer, Failure> {
    let mut out = Vec::new();
    let name = "why401";
    let written = of(shell).write_registration(VARIABLE, name, name, name, &mut out);
    written.map_err(|_| Failure::new("input", "the script could not be written", None))?;
    Ok(Answer::clear(String::from_utf8_lossy(&out).into_owned()))
}

fn of(shell: ShellName) -> &'static dyn EnvCompleter {
    match shell {
        ShellName::Bash => &BASH,
        ShellName::Elvish => &Elvish,
        ShellName::Fish => &Fish,
        ShellName::Nushell => &NUSHELL,
        ShellName::Powershell => &POWERSHELL,
        ShellName::Zsh => &Zsh,
    }
}

/// Answers a shell's script, where it is the one that runs the program; the exit code.
pub(super) fn asked(arguments: &[OsString]) -> Option<u8> {
    let asking = source::variable(VARIABLE)?;
    let (name, count) = asking.split_once(':').unwrap_or((&asking, ""));
    let shells = ShellName::value_variants().iter().map(|own| of(*own));
    let shell = shells.into_iter().find(|own| own.is(name))?;
    let start = arguments.iter().position(|word| word == "--")? + 1;
    let mut given = arguments[start..].to_vec();
    if count.parse() == Ok(given.len()) {
        given.push(OsString::new());
    }
    let own = [BASH, NUSHELL, POWERSHELL]
        .into_iter()
        .find(|own| own.is(name));
    let typed = own.map_or_else(|| given.clone(), |own: Shell| own.typed(&given));
    if typed.is_empty() {
        return Some(0);
    }
    let mut out = Vec::new();
    let written = shell.write_complete(&mut offering(&typed), given, Some(HERE.as_ref()), &mut out);
    let done = written.is_ok() && sink::out(&String::from_utf8_lossy(&out)).is_ok();
    Some(if done { 0 } else { super::CANNOT_RUN })
}

/// The command line, with what can be said in place of each value.
fn offering(words: &[OsString]) -> Command {
    let words: Arc<[String]> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    with_values(super::command(), &|arg| {
        let words = Arc::clone(&words);
        match arg.get_id().as_str() {
            "provider" => arg.value_parser(PossibleValuesParser::new(table::names())),
            "code" => {
                let codes = ALL.iter().map(|cause| cause.code);
                arg.value_parser(PossibleValuesParser::new(codes))
            }
            "token_kind" => listed(arg, move || kinds(&words)),
            "scope" => listed(arg, move || names(&words, "scope")),
            "permissions" => listed(arg, move || names(&words, "permission")),
            "env" => listed(arg, move || manifest(&words).environments),
            "app" => listed(arg, move || apps(&words, "")),
            "send_to" | "token_cmd" => listed(arg, move || apps(&words, "=")),
            _ => arg,
        }
    })
}

/// Whether what can be said depends on what was typed, on the tables, or on a manifest.
fn is_asked_for(arg: &Arg) -> bool {
    let asked = [
        "provider",
        "code",
        "token_kind",
        "scope",
        "permissions",
        "env",
        "app",
        "send_to",
        "token_cmd",
    ];
    asked.contains(&arg.get_id().as_str())
}

/// Every argument of every command, changed.
fn with_values(command: Command, change: &dyn Fn(Arg) -> Arg) -> Command {
    let below: Vec<String> = command
        .get_subcommands()
        .map(|own| own.get_name().to_owned())
        .collect();
    let command = command.mut_args(change);
    below.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, |own| with_values(own, change))
    })
}

/// Offers names for the last one of a list.
fn listed(arg: Arg, all: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Arg {
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        // Some shells hand over the quote that is still open.
        let typed = typed.to_string_lossy();
        let typed = typed.trim_start_matches(['\'', '"']);
        let start = typed.rfind([' ', ',']).map_or(0, |at| at + 1);
        let (before, last) = typed.split_at(start);
        let fits = all().into_iter().filter(|name| name.starts_with(last));
        fits.map(|name| CompletionCandidate::new(format!("{before}{name}")))
            .collect()
    }))
}

/// The table of the provider that was named, else of the host that was typed.
fn table_of(words: &[String]) -> Option<Table> {
    let mut pairs = words.iter().zip(words.iter().skip(1));
    let apart = pairs.find_map(|(option, value)| (option == "--provider").then_some(value));
    let joined = words
        .iter()
        .find_map(|word| word.strip_prefix("--provider="));
    let named = apart.map(String::as_str).or(joined).map(str::to_owned);
    let hosts = words.iter().filter_map(|word| Url::parse(word).ok());
    let by_host = || {
        let mut ids = hosts.filter_map(|url| url.host_str().and_then(table::by_host));
        ids.next().map(str::to_owned)
    };
    let id = named
        .or_else(by_host)
        .or_else(|| source::variable("WHY401_PROVIDER"))?;
    table::shipped(&id)?.ok()
}

/// The manifest that was typed, else the usual one.
fn manifest(words: &[String]) -> Manifest {
    let mut paths = words.iter().map(Path::new);
    let typed = paths.find(|path| path.extension().is_some_and(|own| own == "toml"));
    let path = typed.unwrap_or(Path::new(MANIFEST));
    let text = source::file_text(path, "the manifest").unwrap_or_default();
    gate::parse(&text, None)
}

/// The names of its apps, with what follows them.
fn apps(words: &[String], end: &str) -> Vec<String> {
    let apps = manifest(words).apps.into_iter();
    apps.map(|app| app.name + end).collect()
}

fn names(words: &[String], gate: &str) -> Vec<String> {
    let table = table_of(words);
    table.map_or_else(Vec::new, |table| table.published(gate))
}

fn kinds(words: &[String]) -> Vec<String> {
    let of = |table: &Table| -> Vec<String> {
        let kinds = table.provider.kind.iter();
        kinds.map(|kind| kind.id.clone()).collect()
    };
    if let Some(table) = table_of(words) {
        return of(&table);
    }
    let tables = table::names().filter_map(table::shipped);
    let mut all: Vec<String> = tables
        .filter_map(Result::ok)
        .flat_map(|own| of(&own))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

//! The shell: arguments in, bytes and an exit code out.

mod args;
mod ask;
mod check;
mod client;
mod completions;
pub(crate) mod error;
mod explain;
mod gate;
mod given;
mod held;
mod issuer;
mod job;
#[cfg(feature = "mcp")]
mod mcp;
mod meant;
mod needs;
mod page;
mod pinned;
mod probe;
mod quick;
mod reference;
mod scrub;
mod tables;

use crate::sink;
use args::{Cli, Command};
use clap::{CommandFactory as _, FromArgMatches as _};
use error::Failure;
use job::Settings;
use std::ffi::OsString;
use std::mem::ManuallyDrop;
use why401_core::finding::{Report, Verdict};
use why401_core::output::{self, Format, Given, View};

/// What a command came to.
#[derive(Debug)]
struct Answer {
    /// The text for standard output.
    text: String,
    /// 0, 1 or 3.
    code: u8,
    /// Whether there was nothing to look at.
    nothing_read: bool,
    /// Whether the text is a secret that the user asked to see.
    shows_secret: bool,
}

impl Answer {
    fn clear(text: String) -> Self {
        Self::coded(text, Verdict::Clear.exit_code())
    }

    fn coded(text: String, code: u8) -> Self {
        Self {
            text,
            code,
            nothing_read: false,
            shows_secret: false,
        }
    }
}

/// The exit code of a run that could not be made.
const CANNOT_RUN: u8 = 2;

/// Runs the program; returns its exit code.
pub(crate) fn run(arguments: Vec<OsString>) -> u8 {
    if let Some(code) = completions::asked(&arguments) {
        return code;
    }
    let arguments = meant::requoted(arguments);
    for argument in arguments.iter().skip(1) {
        sink::keep_back_credentials_in(&argument.to_string_lossy());
    }
    let wanted = format_in(&arguments);
    if meant::has_credential(&arguments) {
        return fail(&error::typed_credential(), wanted, false);
    }
    let alone = arguments.len() < 2;
    match parse(arguments) {
        Ok((cli, given)) => run_parsed(&ManuallyDrop::new(cli), given),
        Err(error) if error.use_stderr() && !is_bare(&error) => {
            fail(&error::from_clap(&error), wanted, false)
        }
        Err(help) => {
            let code = if is_bare(&help) { CANNOT_RUN } else { 0 };
            let text = match alone && is_bare(&help) {
                true => reference::start(&command()),
                false => help.render().to_string(),
            };
            let answer = Answer::coded(text, code);
            deliver(&answer).unwrap_or_else(|failure| fail(&failure, wanted, false))
        }
    }
}

/// No argument at all: where to begin, not a complaint.
fn is_bare(error: &clap::Error) -> bool {
    error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

fn parse(arguments: Vec<OsString>) -> Result<(Cli, Given), clap::Error> {
    if let Some(parsed) = quick::parse(&arguments) {
        return Ok(parsed);
    }
    let mut command = command();
    let arguments = meant::meant(arguments, &command);
    let matches = command.try_get_matches_from_mut(arguments)?;
    let given = given::given(&command, &matches);
    Ok((Cli::from_arg_matches(&matches)?, given))
}

/// The command line, with the one table of exit codes in its help.
fn command() -> clap::Command {
    let rows = Verdict::EXIT_CODES
        .iter()
        .map(|(code, name, when)| format!("  {code}  {name:10} {when}\n"));
    Cli::command()
        .mut_args(|option| option.global(true))
        .after_help(format!("Exit codes:\n{}", rows.collect::<String>()))
}

/// The format asked for, found without a full parse: a usage error is answered in it too.
fn format_in(arguments: &[OsString]) -> Format {
    let words: Vec<&str> = arguments.iter().filter_map(|a| a.to_str()).collect();
    let beside = words
        .windows(2)
        .find(|pair| pair[0] == "--format")
        .map(|pair| pair[1]);
    let name = beside.or_else(|| words.iter().find_map(|w| w.strip_prefix("--format=")));
    name.and_then(|name| name.parse().ok())
        .unwrap_or(Format::Human)
}

fn run_parsed(cli: &Cli, given: Given) -> u8 {
    let settings = match Settings::resolve(&cli.global, given) {
        Ok(settings) => settings,
        Err(failure) => {
            return fail(
                &failure,
                cli.global.format.unwrap_or(Format::Human),
                cli.global.quiet,
            );
        }
    };
    let delivered = answer(&settings, &cli.command).and_then(|answer| match settings.quiet {
        true => Ok(answer.code),
        false => deliver(&answer),
    });
    match delivered {
        Ok(code) if settings.exit_zero && code != CANNOT_RUN => 0,
        Ok(code) => code,
        Err(failure) => fail(&failure, settings.format, settings.quiet),
    }
}

/// Writes an answer; its exit code.
fn deliver(answer: &Answer) -> Result<u8, Failure> {
    let written = match answer.shows_secret {
        true => sink::shown(&answer.text),
        false => sink::out(&answer.text),
    };
    written.map(|()| answer.code)
}

fn answer(settings: &Settings, command: &Command) -> Result<Answer, Failure> {
    let judges = match command {
        Command::Check(args) => !args.probe.dry_run,
        Command::Explain(_) | Command::Gate(_) | Command::Token(_) => true,
        _ => false,
    };
    if settings.format.is_for_ci() && !judges {
        return Err(Failure::usage(
            "sarif, junit and github are formats of check, explain, gate and token",
            "use --format json, or drop it",
        ));
    }
    match command {
        Command::Check(args) => check::check(settings, args),
        Command::Explain(args) => explain::explain(settings, args),
        Command::Gate(args) => gate::gate(settings, args),
        Command::Scrub(args) => scrub::scrub(settings, args),
        Command::Token(args) => check::token(settings, args),
        Command::Needs(args) => needs::needs(settings, args),
        Command::Page { out } => page::page(settings, out.as_deref()),
        Command::Causes { code } => reference::causes(settings, code.as_deref()),
        Command::Tables { command } => tables::answer(settings, command),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::mcp(settings, args),
        Command::Schema { name } => reference::schema(name.as_deref()),
        Command::Completions { shell } => completions::completions(*shell),
        Command::Man { command, out } => reference::man(command.as_deref(), out.as_deref()),
    }
}

fn fail(failure: &Failure, format: Format, quiet: bool) -> u8 {
    let report = Report {
        error: Some(failure.0.clone()),
        ..Report::default()
    };
    if quiet {
        return CANNOT_RUN;
    }
    if !matches!(format, Format::Json | Format::Jsonl) {
        let hint = failure
            .0
            .hint
            .iter()
            .filter(|h| !h.is_empty())
            .map(|hint| format!("hint: {hint}\n"));
        sink::err(&output::escape::terminal_lines(&format!(
            "error: {}\n{}",
            failure.0.message,
            hint.collect::<String>()
        )));
    }
    if !matches!(format, Format::Human | Format::Markdown) {
        let told = sink::out(&output::render(&report, format, &View::default()));
        if let Err(unwritten) = told {
            sink::err(&format!("error: {}\n", unwritten.0.message));
        }
    }
    CANNOT_RUN
}

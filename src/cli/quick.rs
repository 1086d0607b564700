//! The start: only the command that was asked for is built. Help, errors and what was meant take the whole command line.

use super::args::{
    CheckArgs, Cli, Command, ExplainArgs, GateArgs, Global, NeedsArgs, ScrubArgs, TokenCommand,
};
use super::given;
use super::meant::first_word;
use clap::{ArgMatches, Args as _, FromArgMatches as _};
use std::ffi::OsString;
use std::mem::ManuallyDrop;
use why401_core::output::Given;

/// A command by itself: its name, its arguments, and how they are read.
struct Alone {
    name: &'static str,
    arguments: fn(clap::Command) -> clap::Command,
    read: fn(&ArgMatches) -> Result<Command, clap::Error>,
}

macro_rules! alone {
    ($name:literal, $arguments:ty, $command:path) => {
        Alone {
            name: $name,
            arguments: <$arguments>::augment_args,
            read: |matches| <$arguments>::from_arg_matches(matches).map($command),
        }
    };
}

const ALONE: [Alone; 6] = [
    alone!("check", CheckArgs, Command::Check),
    alone!("explain", ExplainArgs, Command::Explain),
    alone!("scrub", ScrubArgs, Command::Scrub),
    alone!("gate", GateArgs, Command::Gate),
    alone!("token", TokenCommand, Command::Token),
    alone!("needs", NeedsArgs, Command::Needs),
];

/// What was typed, where it is one of these commands and nothing is wrong with it.
pub(super) fn parse(words: &[OsString]) -> Option<(Cli, Given)> {
    let command = Global::augment_args(clap::Command::new("why401").disable_version_flag(true));
    let word = words.get(first_word(words, &command)?)?.to_str()?;
    let alone = ALONE.iter().find(|alone| alone.name == word)?;
    let own = (alone.arguments)(clap::Command::new(alone.name));
    // The process ends soon: what was built for the command line is not taken apart.
    let mut command = ManuallyDrop::new(command.subcommand(own).subcommand_required(true));
    let matches = ManuallyDrop::new(command.try_get_matches_from_mut(words).ok()?);
    let (_, own) = matches.subcommand()?;
    let cli = Cli {
        global: Global::from_arg_matches(&matches).ok()?,
        command: (alone.read)(own).ok()?,
    };
    Some((cli, given::given(&command, &matches)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn what_is_read_quickly_is_what_the_whole_command_line_reads() {
        for line in [
            "why401 check GET https://a.example/b --scope x -v --format json",
            "why401 --at 2026-01-01T00:00:00Z --offline check https://a.example/b --probe --dry-run",
            "why401 explain a.har - --jobs 3 --fields status=/a --only x",
            "why401 token --against a --leeway 3",
            "why401 needs GET /a --provider x --scopes-only",
            "why401 gate --lint",
            "why401 scrub a -o b --keep c",
        ] {
            let (cli, given) = parse(&words(line)).expect(line);
            let mut whole = super::super::command();
            let matches = whole.try_get_matches_from_mut(words(line)).expect(line);
            let same = Cli::from_arg_matches(&matches).expect(line);
            assert_eq!(format!("{cli:?}"), format!("{same:?}"));
            let same = given::given(&whole, &matches);
            assert_eq!(format!("{given:?}"), format!("{same:?}"));
        }
    }

    #[test]
    fn help_errors_and_other_commands_are_left_to_the_whole() {
        for line in [
            "why401",
            "why401 --version",
            "why401 check --help",
            "why401 check --nonsense x",
            "why401 check",
            "why401 causes",
            "why401 https://a.example",
        ] {
            assert!(parse(&words(line)).is_none(), "{line}");
        }
        let names: Vec<String> = Cli::command()
            .get_subcommands()
            .map(|c| c.get_name().to_owned())
            .collect();
        assert!(
            ALONE
                .iter()
                .all(|alone| names.contains(&alone.name.to_owned()))
        );
    }
}

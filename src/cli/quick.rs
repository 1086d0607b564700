//! The start: the command line of the command that was asked for, in one level. Help, errors and what was meant take the
//! whole.

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
    read: fn(&mut ArgMatches) -> Result<Command, clap::Error>,
}

macro_rules! alone {
    ($name:literal, $arguments:ty, $command:path) => {
        Alone {
            name: $name,
            arguments: <$arguments>::augment_args,
            read: |matches| <$arguments>::from_arg_matches_mut(matches).map($command),
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
    let named = |word: &OsString| ALONE.iter().find(|alone| word == alone.name);
    let mut places = words.iter().enumerate().skip(1);
    let (at, alone) = places.find_map(|(at, word)| Some((at, named(word)?)))?;
    let own = (alone.arguments)(clap::Command::new("why401").disable_version_flag(true));
    // The process ends soon: what was built for the command line is not taken apart.
    let mut command = ManuallyDrop::new(Global::augment_args(own));
    // The command's name is no word of its own.
    if first_word(words, &command) != Some(at) {
        return None;
    }
    let others = [&words[..at], &words[at + 1..]].concat();
    let matches = command.try_get_matches_from_mut(others).ok()?;
    let mut matches = ManuallyDrop::new(matches);
    let given = given::of(alone.name, &command, &matches);
    let cli = Cli {
        command: (alone.read)(&mut matches).ok()?,
        global: Global::from_arg_matches_mut(&mut matches).ok()?,
    };
    Some((cli, given))
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
            "why401 --table a check --table b GET /c",
            "why401 --token-env T check GET /c",
        ] {
            let (cli, given) = parse(&words(line)).expect(line);
            let mut whole = super::super::command();
            let meant = super::super::meant::meant(words(line), &whole);
            let matches = whole.try_get_matches_from_mut(meant).expect(line);
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
            "why401 causes check",
            "why401 --nonsense check GET /a",
            "why401 --token-env check check GET /a",
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

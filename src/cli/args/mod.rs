//! What can be typed, exactly as typed.

mod credential;
mod evidence;
#[cfg(feature = "mcp")]
mod mcp;
mod question;
mod tables;

pub(in crate::cli) use credential::{ClientArgs, Expect, Pinned, TokenArgs};
pub(in crate::cli) use evidence::{ExplainArgs, ScrubArgs};
#[cfg(feature = "mcp")]
pub(in crate::cli) use mcp::McpArgs;
pub(in crate::cli) use question::{
    CannotTell, CheckArgs, GateArgs, NeedsArgs, ProbeArgs, SnippetArg, TokenCommand,
};
pub(in crate::cli) use tables::{ImportArgs, ImportKind, OpenArgs, TablesCommand, UpdateArgs};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::str::FromStr;
use why401_core::output::Format;
use why401_core::table::Trust;

/// A value out of the names that the core gives a choice.
fn one_of<T>(names: &'static [(&'static str, T)]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    let names = names.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

const EXAMPLES: &str = "Examples:
  why401 check GET https://api.mypurecloud.com/api/v2/users/me < token.txt
  why401 check GET /api/v2/users/me --provider genesys-cloud --scope users
  why401 explain ticket.har
  why401 token < token.txt
  why401 needs GET https://api.mypurecloud.com/api/v2/routing/queues
  why401 gate why401.toml --format junit
  why401 causes scope.missing
";

/// Says why an API request was refused.
#[derive(Debug, Parser)]
#[command(name = "why401", version, before_help = EXAMPLES, arg_required_else_help = true)]
pub(in crate::cli) struct Cli {
    #[command(flatten)]
    pub(in crate::cli) global: Global,
    #[command(subcommand)]
    pub(in crate::cli) command: Command,
}

/// Options of every command; [`command`](super::command) makes them so.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(in crate::cli) struct Global {
    /// The format of the answer
    #[arg(long, value_parser = one_of(Format::NAMES))]
    pub(in crate::cli) format: Option<Format>,
    /// When to use colours; by default `NO_COLOR`, `CLICOLOR_FORCE` and the terminal decide
    #[arg(long, value_enum)]
    pub(in crate::cli) color: Option<When>,
    /// Print nothing; the exit code is the answer
    #[arg(short, long)]
    pub(in crate::cli) quiet: bool,
    /// Everything: evidence, sources, notes, what it is not; on standard error the steps and their timings
    #[arg(short, long, visible_alias = "explain")]
    pub(in crate::cli) verbose: bool,
    /// The provider whose table to use, by its id
    #[arg(long, env = "WHY401_PROVIDER", hide_env_values = true)]
    pub(in crate::cli) provider: Option<String>,
    /// A table of your own: a TOML file, or a folder with provider.toml and rules.ndjson
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) table: Vec<PathBuf>,
    /// Lowest trust of table rows to use: A vendor's own, B agreed by several, C one report [default: C]
    #[arg(long, value_parser = one_of(Trust::NAMES), ignore_case = true)]
    pub(in crate::cli) trust: Option<Trust>,
    /// Judge as of this moment (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Option<String>,
    /// Seconds of tolerance for time claims [default: 0]
    #[arg(long, value_name = "SECONDS")]
    pub(in crate::cli) leeway: Option<u32>,
    /// Open no socket, whatever the other options say
    #[arg(long, env = "WHY401_OFFLINE", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub(in crate::cli) offline: bool,
    /// Which wordings of refusals are known: the products' own and the general ones, or the general ones alone (for measuring)
    #[arg(long, value_enum, hide = true, default_value = "all")]
    pub(in crate::cli) wordings: WordingsArg,
    /// Exit with 0 whatever the verdict; runs that fail still exit with 2
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    /// Read settings from this file, not from .why401.toml and the user's settings
    #[arg(long, value_name = "PATH", conflicts_with = "no_config")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long)]
    pub(in crate::cli) no_config: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum When {
    Auto,
    Always,
    Never,
}

/// Which wordings of refusals are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum WordingsArg {
    /// The products' own, then the general ones.
    All,
    /// The general ones alone.
    General,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Would this token open this endpoint, and if not, which check fails?
    Check(CheckArgs),
    /// Why was this recorded request refused?
    Explain(ExplainArgs),
    /// The same evidence without its secrets
    Scrub(ScrubArgs),
    /// Before a deploy: does the credential open every endpoint that the app needs?
    Gate(GateArgs),
    /// What does this token say about itself?
    Token(TokenCommand),
    /// What is the smallest set of scopes that opens these endpoints?
    Needs(NeedsArgs),
    /// The same answers in a browser: opens the page, or writes it. Nothing leaves the machine
    Page {
        /// Write the page to this file instead of opening it
        #[arg(short = 'o', long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The list of causes and notes; one page each
    Causes {
        /// A code, such as scope.missing
        code: Option<String>,
    },
    /// The requirement tables
    Tables {
        #[command(subcommand)]
        command: TablesCommand,
    },
    /// The same answers for agents: a server of the Model Context Protocol on standard input and output
    #[cfg(feature = "mcp")]
    Mcp(McpArgs),
    /// The JSON Schemas of the outputs
    Schema {
        /// The schema's name; without it the names are listed
        name: Option<String>,
    },
    /// Completions for a shell, on standard output
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: ShellName,
    },
    /// The manual page of the program or of one command, on standard output
    Man {
        /// The command
        command: Option<String>,
        /// Write the pages of all commands into this folder
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        out: Option<PathBuf>,
    },
}

/// Shells that completions are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ShellName {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}

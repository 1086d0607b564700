//! Questions about endpoints and tokens: `check`, `gate`, `token`, `needs`.

use super::{ClientArgs, Expect, Pinned, TokenArgs};
use crate::cli::error::{Failure, NEVER_AN_ARGUMENT};
use crate::cli::meant::{is_method, is_request_command, is_url, refuse_file};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `why401 check`.
#[derive(Debug, Args)]
#[command(override_usage = "why401 check [OPTIONS] [METHOD] URL")]
pub(in crate::cli) struct CheckArgs {
    /// An absolute URL, or a path with --provider, behind the HTTP method (GET where none is given); or a whole curl command
    #[arg(required = true, num_args = 1..=2, value_name = "URL")]
    pub(in crate::cli) words: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) token: TokenArgs,
    #[command(flatten)]
    pub(in crate::cli) expect: Expect,
    #[command(flatten)]
    pub(in crate::cli) pinned: Pinned,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
    #[command(flatten)]
    pub(in crate::cli) probe: ProbeArgs,
}

impl CheckArgs {
    /// The method and the URL.
    pub(in crate::cli) fn request(&self) -> Result<(&str, &str), Failure> {
        let (method, url) = match self.words.as_slice() {
            [method] if is_method(method) => Err(Failure::usage(
                "the URL is missing",
                "the form is `why401 check [METHOD] URL`",
            )),
            [url] => Ok(("GET", url.as_str())),
            [url, method] if is_url(url) => Ok((method.as_str(), url.as_str())),
            [method, url] => Ok((method.as_str(), url.as_str())),
            _ => Err(self.too_many()),
        }?;
        refuse_file(url)?;
        Ok((method, url))
    }

    /// More words than a method and a URL: a list that lost its quotation marks, where one was given.
    fn too_many(&self) -> Failure {
        let hint = match (&self.token.scope, &self.expect.permissions) {
            (Some(_), _) => "write a list of scopes as one argument: --scope 'a b', or --scope a,b",
            (None, Some(_)) => "write a list of permissions as one argument: --permissions a,b",
            (None, None) => "the form is `why401 check [METHOD] URL`",
        };
        let hint = format!("{hint}. {NEVER_AN_ARGUMENT}");
        Failure::usage("there are too many arguments", &hint)
    }

    /// The request command that stands in place of method and URL.
    pub(in crate::cli) fn request_command(&self) -> Option<&str> {
        match self.words.as_slice() {
            [word] if is_request_command(word) => Some(word),
            _ => None,
        }
    }
}

/// Asking the live server.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = ProbeArgs::HEADING)]
pub(in crate::cli) struct ProbeArgs {
    /// Also ask the live server: a control endpoint and this one, with the token and without
    #[arg(long)]
    pub(in crate::cli) probe: bool,
    /// Show what would be sent, with the token masked, and send nothing
    #[arg(long, requires = "probe")]
    pub(in crate::cli) dry_run: bool,
    /// Send the real method although it may change something, once
    #[arg(long, requires = "probe")]
    pub(in crate::cli) allow_unsafe: bool,
    /// Send it to an invented path beside the target too: the same answer there means that the path does not exist
    #[arg(long, requires = "allow_unsafe")]
    pub(in crate::cli) sibling: bool,
    /// The body for it; without one it is empty
    #[arg(long, value_name = "FILE", requires = "allow_unsafe")]
    pub(in crate::cli) body: Option<PathBuf>,
    /// A further header that the API needs; may be repeated
    #[arg(long, value_name = "NAME: VALUE", requires = "probe")]
    pub(in crate::cli) header: Vec<String>,
    /// A control endpoint: one that any valid token opens
    #[arg(long, value_name = "METHOD URL", requires = "probe")]
    pub(in crate::cli) control: Option<String>,
    /// Send nothing without the token
    #[arg(long, requires = "probe")]
    pub(in crate::cli) no_baseline: bool,
    /// Seconds to wait for an answer; all requests of a run together take three times that at most
    #[arg(long, value_name = "SECONDS", requires = "probe", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(in crate::cli) timeout: u64,
    /// Other regions to ask where the token is refused here: names separated by commas
    #[arg(long, value_name = "LIST", requires = "probe", value_delimiter = ',')]
    pub(in crate::cli) regions: Vec<String>,
    /// The origin of a region, where it is not the provider's
    #[arg(long, value_name = "REGION=URL", requires = "probe")]
    pub(in crate::cli) region_host: Vec<String>,
}

impl ProbeArgs {
    /// The heading of the options that ask the server.
    pub(in crate::cli) const HEADING: &'static str = "Asking the server";
}

/// `why401 gate`.
#[derive(Debug, Args)]
pub(in crate::cli) struct GateArgs {
    /// The manifest [default: why401.toml]
    pub(in crate::cli) manifest: Option<PathBuf>,
    /// Also ask the live server: a control, and each endpoint that can be asked safely
    #[arg(long)]
    pub(in crate::cli) online: bool,
    /// The environment of the manifest: [env.NAME] has the keys that differ there
    #[arg(long, value_name = "NAME", conflicts_with = "init")]
    pub(in crate::cli) env: Option<String>,
    /// Run this command (split into words, no shell) for the token of an app, for example from a vault (not possible in a manifest)
    #[arg(long, value_name = "APP=COMMAND")]
    pub(in crate::cli) token_cmd: Vec<String>,
    /// Only this app; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) app: Vec<String>,
    /// Only read the manifest: what is wrong in it, and which endpoints no table knows
    #[arg(long, conflicts_with_all = ["online", "token_cmd", "send_to", "timeout"])]
    pub(in crate::cli) lint: bool,
    /// Write a first manifest from a HAR, an OpenAPI document or lines of METHOD path
    #[arg(long, value_name = "FILE", conflicts_with_all = ["online", "app", "lint", "manifest", "token_cmd", "send_to", "timeout", "cannot_tell"])]
    pub(in crate::cli) init: Option<PathBuf>,
    /// Write the report to this file, and one for people to standard output. With --init, write the manifest there; never overwrite one
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// What an undecided endpoint does to the exit code
    #[arg(
        long,
        visible_alias = "undecided",
        value_enum,
        value_name = "WHAT",
        default_value = "fail"
    )]
    pub(in crate::cli) cannot_tell: CannotTell,
    /// Send the requests of an app, with its credential, to this origin (not possible in a manifest)
    #[arg(long, value_name = "APP=URL", requires = "online")]
    pub(in crate::cli) send_to: Vec<String>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value = "10", requires = "online", value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(in crate::cli) timeout: u64,
}

/// What an undecided endpoint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum CannotTell {
    Fail,
    Pass,
}

/// `why401 token`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TokenCommand {
    /// Another token to compare with: what differs
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) against: Option<PathBuf>,
    /// Ask for a token by client credentials, and look at it
    #[arg(long, requires = "client_id")]
    pub(in crate::cli) request: bool,
    /// Print the token that was issued, and nothing else
    #[arg(long, requires = "request")]
    pub(in crate::cli) show_token: bool,
    #[command(flatten)]
    pub(in crate::cli) client: ClientArgs,
    #[command(flatten)]
    pub(in crate::cli) token: TokenArgs,
    #[command(flatten)]
    pub(in crate::cli) expect: Expect,
    #[command(flatten)]
    pub(in crate::cli) pinned: Pinned,
}

/// `why401 needs`.
#[derive(Debug, Args)]
#[command(
    override_usage = "why401 needs [OPTIONS] METHOD URL [METHOD URL]...\n       why401 needs [OPTIONS] -f FILE"
)]
pub(in crate::cli) struct NeedsArgs {
    /// METHOD URL; may be repeated
    #[arg(value_names = ["METHOD", "URL"], required_unless_present = "file")]
    pub(in crate::cli) endpoints: Vec<String>,
    /// A file of `METHOD URL` lines, or `-`
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// Print the scopes only, one line, for scripts
    #[arg(long)]
    pub(in crate::cli) scopes_only: bool,
    /// A code snippet that requests a token for these endpoints (client credentials)
    #[arg(long, value_enum, conflicts_with = "scopes_only")]
    pub(in crate::cli) snippet: Option<SnippetArg>,
    #[command(flatten)]
    pub(in crate::cli) token: TokenArgs,
}

/// Languages of a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SnippetArg {
    Curl,
    Node,
    Php,
    Python,
}

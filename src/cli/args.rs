//! What can be typed, exactly as typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  why401 check POST https://api.mypurecloud.com/api/v2/conversations/messages --token-file token.txt
  why401 check GET /api/v2/users/me --provider genesys-cloud --scope 'users routing:readonly'
  why401 explain ticket.har
  why401 token < token.txt
  why401 needs GET https://api.mypurecloud.com/api/v2/routing/queues
  why401 causes scope.missing
";

/// Says why an API request was refused.
#[derive(Debug, Parser)]
#[command(name = "why401", version, before_help = EXAMPLES, arg_required_else_help = true, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// How the answer is written
    #[arg(long, global = true, value_enum)]
    pub(super) format: Option<FormatArg>,
    /// Colours: by default as `NO_COLOR`, `CLICOLOR_FORCE` and the terminal say
    #[arg(long, global = true, value_enum)]
    pub(super) color: Option<When>,
    /// Print nothing; the exit code is the answer
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Also print the steps and their timings, never secrets
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// The provider whose table judges, by its id
    #[arg(long, global = true, env = "WHY401_PROVIDER", hide_env_values = true)]
    pub(super) provider: Option<String>,
    /// A table of your own: a TOML file, or a folder with provider.toml and rules.ndjson
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) table: Vec<PathBuf>,
    /// Lowest trust of table rows to use: A vendor's own, B agreed by several, C one report [default: C]
    #[arg(long, global = true, value_enum, ignore_case = true)]
    pub(super) trust: Option<TrustArg>,
    /// Judge as of this moment (RFC 3339)
    #[arg(long, global = true, value_name = "TIME")]
    pub(super) at: Option<String>,
    /// Seconds granted on either side of a time claim [default: 0]
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(super) leeway: Option<u32>,
    /// Open no socket, whatever else is said
    #[arg(long, global = true, env = "WHY401_OFFLINE", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub(super) offline: bool,
    /// Exit with 0 whatever the verdict; runs that could not be made still exit with 2
    #[arg(long, global = true)]
    pub(super) exit_zero: bool,
    /// Read settings from this file instead of .why401.toml and the user's
    #[arg(long, global = true, value_name = "PATH", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long, global = true)]
    pub(super) no_config: bool,
}

/// Output formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FormatArg {
    Human,
    Json,
    Jsonl,
    Sarif,
    Junit,
    Markdown,
    Github,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// Trust of table rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TrustArg {
    A,
    B,
    C,
}

/// Where a token comes from. Never an argument: arguments are seen by every process of the machine.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Token")]
pub(super) struct TokenArgs {
    /// Read the token from a file, or from standard input (`-`)
    #[arg(long, value_name = "PATH", group = "token_source")]
    pub(super) token_file: Option<PathBuf>,
    /// Read the token from this environment variable
    #[arg(long, value_name = "NAME", group = "token_source")]
    pub(super) token_env: Option<String>,
    /// Run this command (split into words, no shell) and read the token from its output
    #[arg(long, value_name = "COMMAND", group = "token_source")]
    pub(super) token_cmd: Option<String>,
    /// An already decoded claims object, as a JSON file
    #[arg(long, value_name = "FILE", group = "token_source")]
    pub(super) claims: Option<PathBuf>,
    /// The scopes by hand, separated by spaces; '' is the empty set
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(super) scope: Option<String>,
    /// The kind of token, by the table's name for it
    #[arg(long, value_name = "KIND")]
    pub(super) token_kind: Option<String>,
}

/// What the API expects of the token.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Expectations")]
pub(super) struct Expect {
    /// What the principal is known to hold: names separated by commas or spaces, or @FILE
    #[arg(long, value_name = "LIST|@FILE")]
    pub(super) permissions: Option<String>,
    /// The audience that the API expects
    #[arg(long, value_name = "AUD")]
    pub(super) audience: Option<String>,
    /// The issuer that the API expects
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Option<String>,
}

/// What the user holds to be true of the issuer.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Issuer")]
pub(super) struct Pinned {
    /// The resource, or its metadata (RFC 9728): whose tokens it takes
    #[arg(long, value_name = "URL")]
    pub(super) resource_metadata: Option<String>,
    /// The issuer's keys (a JWK Set), to check the signature with
    #[arg(long, value_name = "FILE|URL")]
    pub(super) jwks: Option<String>,
    /// A file with the shared secret, to check an HMAC signature with
    #[arg(long, value_name = "FILE", conflicts_with = "jwks")]
    pub(super) secret_file: Option<PathBuf>,
}

/// A client's own credentials: to ask for a token, or about one.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Client")]
pub(super) struct ClientArgs {
    /// The client's id
    #[arg(long, value_name = "ID")]
    pub(super) client_id: Option<String>,
    /// The environment variable with the client's secret
    #[arg(
        long,
        value_name = "NAME",
        requires = "client_id",
        group = "client_secret"
    )]
    pub(super) client_secret_env: Option<String>,
    /// The file with the client's secret
    #[arg(
        long,
        value_name = "PATH",
        requires = "client_id",
        group = "client_secret"
    )]
    pub(super) client_secret_file: Option<PathBuf>,
    /// The introspection endpoint to ask about the token (RFC 7662)
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(super) introspect: Option<String>,
    /// A private key (PEM): the token is requested for it and sent with a proof of it (DPoP, RFC 9449)
    #[arg(long, value_name = "FILE")]
    pub(super) dpop_key: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Would this token open this endpoint, and if not, which lock stays shut?
    Check(CheckArgs),
    /// Why was this recorded request refused?
    Explain(ExplainArgs),
    /// The same HAR or transcript without its secrets
    Scrub(ScrubArgs),
    /// Before a deploy: does this credential open every endpoint that the app needs?
    Gate(GateArgs),
    /// What does this token say of itself?
    Token(TokenCommand),
    /// Which smallest set of scopes opens these endpoints?
    Needs(NeedsArgs),
    /// The closed list of causes and notes; one page each
    Causes {
        /// A code, such as scope.missing
        code: Option<String>,
    },
    /// The requirement tables
    Tables {
        #[command(subcommand)]
        command: TablesCommand,
    },
    /// The JSON Schemas of the outputs
    Schema {
        /// The schema's name; without it the names are listed
        name: Option<String>,
    },
    /// Completions for a shell, on standard output
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// The manual page, on standard output
    Man,
}

/// `why401 check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The HTTP method
    pub(super) method: String,
    /// An absolute URL, or a path with --provider
    pub(super) url: String,
    #[command(flatten)]
    pub(super) token: TokenArgs,
    #[command(flatten)]
    pub(super) expect: Expect,
    #[command(flatten)]
    pub(super) pinned: Pinned,
    #[command(flatten)]
    pub(super) client: ClientArgs,
    #[command(flatten)]
    pub(super) probe: ProbeArgs,
}

/// Asking the live server.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Asking the server")]
pub(super) struct ProbeArgs {
    /// Also ask the live server: a control endpoint and this one, with the token and without
    #[arg(long)]
    pub(super) probe: bool,
    /// Show what would be sent, with the token masked, and send nothing
    #[arg(long, requires = "probe")]
    pub(super) dry_run: bool,
    /// Send the real method although it may change something, once
    #[arg(long, requires = "probe")]
    pub(super) allow_unsafe: bool,
    /// The body for it; without one it is empty
    #[arg(long, value_name = "FILE", requires = "allow_unsafe")]
    pub(super) body: Option<PathBuf>,
    /// A further header that the API wants, as often as needed
    #[arg(long, value_name = "NAME: VALUE", requires = "probe")]
    pub(super) header: Vec<String>,
    /// A control endpoint: one that any living token opens
    #[arg(long, value_name = "METHOD URL", requires = "probe")]
    pub(super) control: Option<String>,
    /// Send nothing without the token
    #[arg(long, requires = "probe")]
    pub(super) no_baseline: bool,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", requires = "probe", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(super) timeout: u64,
    /// Other regions to ask where the token is refused here: names separated by commas
    #[arg(long, value_name = "LIST", requires = "probe", value_delimiter = ',')]
    pub(super) regions: Vec<String>,
    /// The origin of a region, where it is not the provider's
    #[arg(long, value_name = "REGION=URL", requires = "probe")]
    pub(super) region_host: Vec<String>,
}

/// `why401 explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// HAR files, transcripts, raw HTTP, commands, records, logs or error bodies; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// What the files are, where sniffing errs
    #[arg(long, value_enum)]
    pub(super) input_format: Option<InputArg>,
    /// The status of the answer, where the evidence does not hold it (a bare body)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(100..600))]
    pub(super) status: Option<u16>,
    /// Only the exchanges of this method and path; a final * matches any rest
    #[arg(long, value_name = "METHOD PATH")]
    pub(super) only: Option<String>,
    /// Only the entry of this number, counted from 1
    #[arg(long, value_name = "N")]
    pub(super) entry: Option<usize>,
    /// Where log lines hold what: name=JSON-pointer,... with the names method, url, host, path, status, body, time, id, authorization, header.NAME
    #[arg(long, value_name = "MAPPING")]
    pub(super) fields: Option<String>,
    #[command(flatten)]
    pub(super) token: TokenArgs,
    #[command(flatten)]
    pub(super) expect: Expect,
    #[command(flatten)]
    pub(super) pinned: Pinned,
}

/// `why401 gate`.
#[derive(Debug, Args)]
pub(super) struct GateArgs {
    /// The manifest [default: why401.toml]
    pub(super) manifest: Option<PathBuf>,
    /// Also ask the live server: a control, and each endpoint that can be asked safely
    #[arg(long)]
    pub(super) online: bool,
    /// Only this app, as often as wanted
    #[arg(long, value_name = "NAME")]
    pub(super) app: Vec<String>,
    /// Only read the manifest: what is wrong in it, and which endpoints no table knows
    #[arg(long, conflicts_with = "online")]
    pub(super) lint: bool,
    /// Write a manifest to start from, out of a HAR, an OpenAPI document or lines of METHOD path
    #[arg(long, value_name = "FILE", conflicts_with_all = ["online", "app", "lint", "manifest"])]
    pub(super) init: Option<PathBuf>,
    /// Where to write it; never over a file
    #[arg(short = 'o', long, value_name = "FILE", requires = "init")]
    pub(super) out: Option<PathBuf>,
    /// What an endpoint that cannot be told does to the exit code
    #[arg(long, value_enum, value_name = "WHAT", default_value = "fail")]
    pub(super) cannot_tell: CannotTell,
    /// Send the requests of an app, its credential included, to this origin: a manifest cannot say so
    #[arg(long, value_name = "APP=URL", requires = "online")]
    pub(super) send_to: Vec<String>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=300))]
    pub(super) timeout: u64,
}

/// What an endpoint that cannot be told does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CannotTell {
    Fail,
    Pass,
}

/// `why401 scrub`.
#[derive(Debug, Args)]
pub(super) struct ScrubArgs {
    /// The evidence; `-` is standard input
    pub(super) file: PathBuf,
    /// Write to this file instead of standard output; never over the input
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// What the file is, where sniffing errs
    #[arg(long, value_enum)]
    pub(super) input_format: Option<InputArg>,
    /// Also remove the values of these headers and members: names separated by commas
    #[arg(long, value_name = "NAMES")]
    pub(super) also: Vec<String>,
}

/// Forms of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputArg {
    Har,
    Curl,
    Http,
    Command,
    Records,
    Log,
    Body,
}

/// `why401 token`.
#[derive(Debug, Args)]
pub(super) struct TokenCommand {
    /// Another token to compare with: what differs
    #[arg(long, value_name = "FILE")]
    pub(super) against: Option<PathBuf>,
    /// Ask for a token by client credentials, and look at it
    #[arg(long, requires = "client_id")]
    pub(super) request: bool,
    /// Print the token that was issued, and nothing else
    #[arg(long, requires = "request")]
    pub(super) show_token: bool,
    #[command(flatten)]
    pub(super) client: ClientArgs,
    #[command(flatten)]
    pub(super) token: TokenArgs,
    #[command(flatten)]
    pub(super) expect: Expect,
    #[command(flatten)]
    pub(super) pinned: Pinned,
}

/// `why401 needs`.
#[derive(Debug, Args)]
pub(super) struct NeedsArgs {
    /// METHOD URL, as often as wanted
    #[arg(value_names = ["METHOD", "URL"], required_unless_present = "file")]
    pub(super) endpoints: Vec<String>,
    /// A file of `METHOD URL` lines, or `-`
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Print the scopes only, one line, for scripts
    #[arg(long)]
    pub(super) scopes_only: bool,
    /// A short token request for these endpoints, by client credentials
    #[arg(long, value_enum, conflicts_with = "scopes_only")]
    pub(super) snippet: Option<SnippetArg>,
    #[command(flatten)]
    pub(super) token: TokenArgs,
}

/// Languages of a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SnippetArg {
    Curl,
    Node,
    Php,
    Python,
}

/// `why401 tables`.
#[derive(Debug, Subcommand)]
pub(super) enum TablesCommand {
    /// The providers, with rows, sources and dates
    List,
    /// The row of one operation
    Show {
        /// The HTTP method
        method: String,
        /// A path, concrete or as the template, or an absolute URL
        path: String,
    },
    /// Rows whose method, path, operation, scopes or permissions hold all these words
    Search {
        /// The words
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Which operations a scope or permission opens
    Who {
        /// Its name
        scope: String,
    },
    /// What a token may call: every operation as allowed, denied or cannot tell
    Open(Box<OpenArgs>),
    /// What is wrong or doubtful in the tables
    Lint,
    /// What changed between two tables
    Diff {
        /// The table before: a folder, a TOML file or an OpenAPI document
        old: PathBuf,
        /// The table after
        new: PathBuf,
    },
    /// The rows of a provider from a newer document: the changes first
    Update(UpdateArgs),
    /// Rows from a vendor's machine-readable document
    Import(ImportArgs),
}

/// `why401 tables open`.
#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    /// Only operations whose method and path hold all these words
    pub(super) words: Vec<String>,
    #[command(flatten)]
    pub(super) token: TokenArgs,
    #[command(flatten)]
    pub(super) expect: Expect,
}

/// `why401 tables update`.
#[derive(Debug, Args)]
pub(super) struct UpdateArgs {
    /// The id of the provider
    pub(super) provider: String,
    /// The newer documents
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub(super) from: Vec<PathBuf>,
    /// The folder of the table; without it nothing is written
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// `why401 tables import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// What the documents are
    #[arg(long, value_enum)]
    pub(super) kind: ImportKind,
    /// How a list of scopes is meant; never guessed
    #[arg(long, value_enum, default_value = "unclear", requires_ifs = [("all", "reading_why"), ("any", "reading_why"), ("when", "reading_why")])]
    pub(super) reading: ReadingArg,
    /// Why it is meant so
    #[arg(long, value_name = "TEXT")]
    pub(super) reading_why: Option<String>,
    /// The folder to write rules.ndjson to
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// The documents
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
}

/// Kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ImportKind {
    /// OpenAPI 2.0, 3.0, 3.1, JSON or YAML
    Openapi,
    /// Google's discovery documents
    GoogleDiscovery,
    /// Microsoft Graph's permissions.json
    Msgraph,
    /// Your own list: CSV with a header line, or NDJSON rows
    Csv,
}

/// Readings of a scope list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReadingArg {
    All,
    Any,
    When,
    Unclear,
}

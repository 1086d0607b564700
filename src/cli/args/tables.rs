//! `why401 tables`: reading, making and reviewing tables.

use super::{Expect, TokenArgs, one_of};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use why401_core::scope::ListReading;

/// `why401 tables`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TablesCommand {
    /// The providers, with rows, sources and dates
    List,
    /// The row of one operation, by METHOD and path, path or name
    Show {
        /// METHOD and path (concrete, as the template, or an absolute URL), the path alone, or the operation's name
        #[arg(required = true, num_args = 1..=2, value_name = "OPERATION")]
        operation: Vec<String>,
    },
    /// Operations whose method, path, scopes or permissions have all these words, the best first
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
    /// What a token may call: the operations that are allowed, then the undecided ones; with WORDS or -v the denied ones too
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
pub(in crate::cli) struct OpenArgs {
    /// Only operations whose method and path have all these words
    pub(in crate::cli) words: Vec<String>,
    /// Only what the token may call
    #[arg(long)]
    pub(in crate::cli) allowed: bool,
    #[command(flatten)]
    pub(in crate::cli) token: TokenArgs,
    #[command(flatten)]
    pub(in crate::cli) expect: Expect,
}

/// `why401 tables update`.
#[derive(Debug, Args)]
pub(in crate::cli) struct UpdateArgs {
    /// The id of the provider
    pub(in crate::cli) provider: String,
    /// The newer documents
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub(in crate::cli) from: Vec<PathBuf>,
    /// The source of the table that the documents belong to; without it the first. Rows of other sources stay
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) source: Option<String>,
    /// The folder of the table; without it nothing is written
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
}

/// `why401 tables import`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// What the documents are
    #[arg(long, value_enum)]
    pub(in crate::cli) kind: ImportKind,
    /// How a list of scopes is meant; never guessed
    #[arg(long, value_parser = one_of(ListReading::NAMES), default_value = "unclear", requires_ifs = [("all", "reading_why"), ("any", "reading_why"), ("when", "reading_why")])]
    pub(in crate::cli) reading: ListReading,
    /// Why it is meant so
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reading_why: Option<String>,
    /// The folder to write rules.ndjson to
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: PathBuf,
    /// The documents
    #[arg(required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
}

/// Kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ImportKind {
    /// OpenAPI 2.0, 3.0, 3.1, JSON or YAML
    Openapi,
    /// Google's discovery documents
    GoogleDiscovery,
    /// Microsoft Graph's permissions.json
    Msgraph,
    /// Dropbox's .stone descriptions
    Stone,
    /// Your own list: CSV with a header line, or NDJSON rows
    Csv,
}

//! Evidence: `explain` and `scrub`.

use super::{Expect, Pinned, TokenArgs, one_of};
use clap::Args;
use std::path::PathBuf;
use why401_core::input::InputForm;

/// `why401 explain`.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// HAR files, transcripts, raw HTTP, commands, records, logs or error bodies; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// What the files are, where detection fails
    #[arg(long, value_parser = one_of(InputForm::NAMES))]
    pub(in crate::cli) input_format: Option<InputForm>,
    /// The status of the answer, where the evidence does not contain it (a bare body)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(100..600))]
    pub(in crate::cli) status: Option<u16>,
    /// Only the exchanges of this method and path; a final * matches any rest
    #[arg(long, value_name = "METHOD PATH")]
    pub(in crate::cli) only: Option<String>,
    /// Only the entry with this number, counted from 1
    #[arg(long, value_name = "N")]
    pub(in crate::cli) entry: Option<usize>,
    /// Only counts: by provider, operation, cause, certainty and hour
    #[arg(long)]
    pub(in crate::cli) summary: bool,
    /// How many requests to judge at a time; the output is the same for any number [default: the machine's cores]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) jobs: Option<std::num::NonZeroUsize>,
    /// Where the fields of a log line are: name=JSON-pointer,... with the names method, url, host, path, status, body, time, id, authorization, header.NAME
    #[arg(long, value_name = "MAPPING")]
    pub(in crate::cli) fields: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) token: TokenArgs,
    #[command(flatten)]
    pub(in crate::cli) expect: Expect,
    #[command(flatten)]
    pub(in crate::cli) pinned: Pinned,
}

/// `why401 scrub`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ScrubArgs {
    /// The evidence; `-` is standard input
    pub(in crate::cli) file: PathBuf,
    /// Write to this file instead of standard output, and replace it where it exists; never the input
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// What the file is, where detection fails
    #[arg(long, value_parser = one_of(InputForm::NAMES))]
    pub(in crate::cli) input_format: Option<InputForm>,
    /// Keep the values of these headers, members, parameters and claims too: names separated by commas. `personal` keeps
    /// email addresses, telephone numbers, IP addresses and user names in messages
    #[arg(long, value_name = "NAMES")]
    pub(in crate::cli) keep: Vec<String>,
}

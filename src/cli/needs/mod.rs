//! `why401 needs`: the smallest set of scopes that opens these endpoints, for each kind of token.

pub(super) mod endpoints;
mod snippet;
mod text;

use super::Answer;
use super::args::NeedsArgs;
use super::error::Failure;
use super::job::{self, Settings};
use why401_core::needs::{NEEDS, Needs, Question};
use why401_core::output::{Format, json};
use why401_core::table;

/// Answers `needs`.
pub(super) fn needs(settings: &Settings, args: &NeedsArgs) -> Result<Answer, Failure> {
    let stdin = |path: &Option<std::path::PathBuf>| {
        path.as_deref().is_some_and(|path| path.as_os_str() == "-")
    };
    if stdin(&args.file) && stdin(&args.token.token_file) {
        return Err(Failure::usage(
            "both the endpoints and the token would be read from standard input",
            "put one of them into a file",
        ));
    }
    let targets = endpoints::targets(args)?;
    if targets.is_empty() {
        return Err(Failure::usage(
            "no endpoint was given",
            "give METHOD URL, a file of such lines or a HAR file with -f",
        ));
    }
    let providers = job::providers(settings)?;
    let credential = job::credential(&args.token)?;
    let question = Question {
        targets: &targets,
        kind: args.token.token_kind.as_deref(),
        credential: &credential,
        trust: settings.trust,
        // With a provider named, an unknown host is a proxy of it.
        any_host: settings.provider.is_some(),
    };
    let needs = Needs::of(&providers, &question)?.ok_or_else(no_table)?;
    let table = &needs.product.table;
    let code = needs.verdict().exit_code();
    let mut document = json::document(NEEDS, needs.value());
    let plain = match args.snippet {
        Some(language) => {
            let text = snippet::snippet(language, table, &targets[0], &needs.kinds);
            document["snippet"] = text.as_str().into();
            text
        }
        None if args.scopes_only => {
            let main = table::main_kind(table, &needs.kinds);
            let scopes = main.map(|kind| kind.names("scope")).unwrap_or_default();
            document["scopes"] = scopes.clone().into();
            scopes.join(" ") + "\n"
        }
        None => text::human(&needs),
    };
    let text = match settings.format {
        Format::Json => json::text(&document),
        Format::Jsonl => json::line(&document),
        _ => plain,
    };
    Ok(Answer::coded(text, code))
}

/// Where no table says what the endpoints need.
pub(super) fn no_table() -> Failure {
    Failure::usage(
        "no table names this host",
        "name a provider with --provider, or bring a table with --table",
    )
}

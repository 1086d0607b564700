//! `why401 needs`: the smallest set of scopes that opens these endpoints, for each kind of token.

pub(super) mod endpoints;
mod snippet;

use super::Answer;
use super::args::NeedsArgs;
use super::error::Failure;
use super::job::{self, Settings};
use crate::sink;
use why401_core::http::Target;
use why401_core::needs::{Needs, Question};
use why401_core::output::{self, needs::Part};
use why401_core::table::{self, Rule};

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
    let part = part(args, &targets[0], &needs);
    if part.is_some() && !settings.quiet {
        unproven(&needs);
    }
    let text = output::needs::needs(&needs, part, settings.format);
    Ok(Answer::coded(text, needs.verdict().exit_code()))
}

/// Says beside a part of the answer what the whole would begin with.
fn unproven(needs: &Needs) {
    let table = &needs.product.table;
    let known = needs.endpoints.known.iter();
    let reported = known.filter(|rule| table.is_reported(rule)).map(Rule::name);
    let unknown = needs.endpoints.unknown.iter().cloned();
    let told = table::main_kind(table, &needs.kinds).map(|kind| kind.names("scope"));
    let mut told = told.unwrap_or_default();
    told.retain(|name| !is_published(needs, name));
    let told = match told.is_empty() {
        true => String::new(),
        false => format!("; one report (trust C) names {}", told.join(" ")),
    };
    let lines = reported
        .map(|name| format!("note: not published: {name}{told}\n"))
        .chain(unknown.map(|name| format!("note: not published: {name}\n")));
    let others = needs.endpoints.others.keys();
    let others = others.map(|id| format!("note: not answered here: what {id} needs\n"));
    for line in lines.chain(others) {
        sink::err(&output::escape::terminal_lines(&line));
    }
}

/// Whether a name is one that the vendor publishes; where nothing is only reported, all are.
fn is_published(needs: &Needs, name: &str) -> bool {
    let table = &needs.product.table;
    let mut known = needs.endpoints.known.iter();
    !known.any(|rule| table.is_reported(rule)) || table.gate_of(name).is_some()
}

/// What was asked for alone.
fn part(args: &NeedsArgs, first: &Target, needs: &Needs) -> Option<Part> {
    let table = &needs.product.table;
    if let Some(language) = args.snippet {
        let text = snippet::snippet(language, table, first, &needs.kinds);
        return Some(Part {
            member: "snippet",
            value: text.as_str().into(),
            text,
        });
    }
    args.scopes_only.then(|| {
        let main = table::main_kind(table, &needs.kinds);
        let mut scopes = main.map(|kind| kind.names("scope")).unwrap_or_default();
        // What one person reported is no result for a script.
        scopes.retain(|name| is_published(needs, name));
        Part {
            member: "scopes",
            text: scopes.join(" ") + "\n",
            value: scopes.into(),
        }
    })
}

/// Where no table says what the endpoints need.
pub(super) fn no_table() -> Failure {
    Failure::usage(
        "no table names this host",
        "name a provider with --provider, or bring a table with --table",
    )
}

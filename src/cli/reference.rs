//! `why401 causes`, `schema` and `man`: what the program says of itself.

use super::Answer;
use super::error::{Failure, commands};
use super::job::Settings;
use crate::sink::{self, Over};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use why401_core::finding::{ALL, Cause, by_code};
use why401_core::output::{Format, json};

/// The commands that answer a question: the start names these in a line each.
const QUESTIONS: [&str; 6] = ["check", "explain", "token", "needs", "gate", "scrub"];

/// The schemas, by name.
pub(super) const SCHEMAS: [(&str, &str); 8] = [
    ("report", include_str!("../../schemas/report.json")),
    ("summary", include_str!("../../schemas/summary.json")),
    ("gate", include_str!("../../schemas/gate.json")),
    ("manifest", include_str!("../../schemas/manifest.json")),
    ("needs", include_str!("../../schemas/needs.json")),
    ("tables", include_str!("../../schemas/tables.json")),
    ("causes", include_str!("../../schemas/causes.json")),
    ("scrub", include_str!("../../schemas/scrub.json")),
];

/// Where to begin, in a few lines.
pub(super) fn start(tree: &clap::Command) -> String {
    let mut out = String::from(
        "Says why an API request was refused, and what to do about it.\n\n  \
         why401 https://api.example.com/things/7         # would my token open this?\n  \
         why401 ticket.har                               # why was this refused?\n  \
         curl -v https://api.example.com/ 2>&1 | why401  # the same, piped in\n\n",
    );
    let (asked, others): (Vec<_>, Vec<_>) = tree
        .get_subcommands()
        .partition(|own| QUESTIONS.contains(&own.get_name()));
    for own in asked {
        let about = own.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(out, "  {:8} {about}", own.get_name());
    }
    let others: Vec<&str> = others.iter().map(|own| own.get_name()).collect();
    let _ = writeln!(
        out,
        "\nAlso: {}. All options: why401 --help",
        others.join(", ")
    );
    out
}

/// The command whose name is a letter or two from the one that was typed.
pub(super) fn command_near(typed: &str) -> Option<String> {
    let tree = super::command();
    let names = tree.get_subcommands().map(clap::Command::get_name);
    let near = names.map(|name| (strsim::osa_distance(name, typed), name));
    let near = near.filter(|(edits, name)| edits * 2 < name.len() && *edits < 3);
    near.min().map(|(_, name)| name.to_owned())
}

/// Answers `causes`.
pub(super) fn causes(settings: &Settings, code: Option<&str>) -> Result<Answer, Failure> {
    let Some(code) = code else {
        return Ok(list(settings));
    };
    let cause = by_code(code).ok_or_else(|| {
        let near = ALL.iter().max_by(|a, b| {
            strsim::jaro_winkler(a.code, code).total_cmp(&strsim::jaro_winkler(b.code, code))
        });
        Failure::usage(
            "there is no such cause or note",
            &near.map_or_else(String::new, |n| {
                format!("did you mean {}? `why401 causes` lists them all", n.code)
            }),
        )
    })?;
    let text = match settings.format {
        Format::Json => json::text(
            &json!({ "schema": "why401.causes/1", "tool": json::tool(), "causes": [one(cause, true)] }),
        ),
        Format::Jsonl => json::line(&one(cause, true)),
        _ => cause.page.to_owned(),
    };
    Ok(Answer::clear(text))
}

pub(super) fn one(cause: &Cause, page: bool) -> Value {
    let mut value =
        json!({ "code": cause.code, "summary": cause.summary, "note": cause.is_note() });
    if page && let Some(members) = value.as_object_mut() {
        members.insert("page".to_owned(), Value::from(cause.page));
    }
    value
}

fn list(settings: &Settings) -> Answer {
    let text = match settings.format {
        Format::Json => json::text(&json!({
            "schema": "why401.causes/1", "tool": json::tool(), "causes": ALL.iter().map(|c| one(c, false)).collect::<Vec<_>>()
        })),
        Format::Jsonl => ALL
            .iter()
            .map(|cause| json::line(&one(cause, false)))
            .collect(),
        _ => {
            let rows = ALL
                .iter()
                .map(|cause| format!("{:24} {}\n", cause.code, cause.summary));
            rows.collect::<String>() + "\n`why401 causes CODE` prints the page of one.\n"
        }
    };
    Answer::clear(text)
}

/// Answers `schema`.
pub(super) fn schema(name: Option<&str>) -> Result<Answer, Failure> {
    let names: Vec<&str> = SCHEMAS.iter().map(|(name, _)| *name).collect();
    let Some(name) = name else {
        return Ok(Answer::clear(
            names.iter().map(|n| format!("{n}\n")).collect(),
        ));
    };
    let wanted = name.trim_start_matches("why401.").trim_end_matches("/1");
    let found = SCHEMAS.iter().find(|(name, _)| *name == wanted);
    found
        .map(|(_, text)| Answer::clear((*text).to_owned()))
        .ok_or_else(|| {
            Failure::usage(
                "there is no such schema",
                &format!("there are: {}", names.join(", ")),
            )
        })
}

/// Answers `man`: the page of the program or of one command, or all pages into a folder.
pub(super) fn man(command: Option<&str>, out: Option<&Path>) -> Result<Answer, Failure> {
    let mut tree = super::command();
    tree.build();
    if let Some(folder) = out {
        sink::folder(folder)?;
        let mut count = 0;
        for own in std::iter::once(&tree).chain(tree.get_subcommands()) {
            let name = own.get_display_name().unwrap_or_else(|| own.get_name());
            let file = folder.join(format!("{name}.1"));
            sink::file(&file, &page(own.clone()), &[], Over::File)?;
            count += 1;
        }
        return Ok(Answer::clear(format!("{count} pages written\n")));
    }
    let Some(name) = command else {
        return Ok(Answer::clear(page(tree)));
    };
    let found = tree.find_subcommand(name).cloned();
    let names = || tree.get_subcommands().map(clap::Command::get_name);
    let found =
        found.ok_or_else(|| Failure::usage("there is no such command", &commands(names())))?;
    Ok(Answer::clear(page(found)))
}

fn page(command: clap::Command) -> String {
    let mut out = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = clap_mangen::Man::new(command).render(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

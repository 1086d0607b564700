//! `why401 causes`, `schema`, `completions` and `man`: what the program says of itself.

use super::Answer;
use super::args::Cli;
use super::error::Failure;
use super::job::Settings;
use clap::CommandFactory as _;
use serde_json::{Value, json};
use why401_core::finding::{ALL, Cause, by_code};
use why401_core::output::{Format, json};

/// The schemas, by name.
const SCHEMAS: [(&str, &str); 6] = [
    ("report", include_str!("../../schemas/report.json")),
    ("gate", include_str!("../../schemas/gate.json")),
    ("manifest", include_str!("../../schemas/manifest.json")),
    ("needs", include_str!("../../schemas/needs.json")),
    ("tables", include_str!("../../schemas/tables.json")),
    ("causes", include_str!("../../schemas/causes.json")),
];

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

fn one(cause: &Cause, page: bool) -> Value {
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

/// Answers `completions`.
pub(super) fn completions(shell: clap_complete::Shell) -> Answer {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "why401", &mut out);
    Answer::clear(String::from_utf8_lossy(&out).into_owned())
}

/// Answers `man`.
pub(super) fn man() -> Answer {
    let mut out = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = clap_mangen::Man::new(super::command()).render(&mut out);
    Answer::clear(String::from_utf8_lossy(&out).into_owned())
}

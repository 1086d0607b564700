//! `why401 scrub`: the evidence without its secrets, to standard output or a new file; the removals on standard error.

use super::Answer;
use super::args::ScrubArgs;
use super::error::Failure;
use super::job::Settings;
use crate::sink;
use crate::source;
use why401_core::input::{self, InputForm};
use why401_core::output::escape::terminal;
use why401_core::scrub::scrub as clean;

/// Answers `scrub`.
pub(super) fn scrub(settings: &Settings, args: &ScrubArgs) -> Result<Answer, Failure> {
    if let Some(out) = &args.out {
        refuse_same(&args.file, out)?;
    }
    let text = input::decode(&source::bytes(&args.file, "the evidence")?);
    if text.contains('\0') {
        return Err(Failure::new(
            "input",
            "the evidence is a binary file, not text",
            Some("give a HAR, a transcript, records, logs or a body"),
        ));
    }
    let form = args
        .input_format
        .unwrap_or_else(|| input::sniff(&text, false));
    let also: Vec<String> = args
        .also
        .iter()
        .flat_map(|list| list.split(','))
        .map(str::to_owned)
        .collect();
    let scrubbed = clean(&text, form, &also).map_err(|survived| {
        Failure::new(
            "leak",
            format!("nothing was written: {survived}"),
            Some("remove that part by hand, or name the header or member with --also"),
        )
    })?;
    settings.step(|| format!("read as {}", form.name()));
    if !settings.quiet {
        sink::err(&removals(&scrubbed.removed, form));
    }
    match &args.out {
        Some(path) => {
            sink::file(path, &scrubbed.text)?;
            Ok(Answer::clear(String::new()))
        }
        None => Ok(Answer::clear(scrubbed.text)),
    }
}

fn removals(removed: &std::collections::BTreeMap<String, usize>, form: InputForm) -> String {
    if removed.is_empty() {
        return format!("no credential was found; read as {}\n", form.name());
    }
    let mut out = format!("removed; read as {}\n", form.name());
    for (place, count) in removed {
        out.extend(["  ", &count.to_string(), " × ", &terminal(place), "\n"]);
    }
    out
}

fn refuse_same(input: &std::path::Path, out: &std::path::Path) -> Result<(), Failure> {
    if source::is_same_file(input, out) {
        return Err(Failure::usage(
            "the result would overwrite its own input",
            "give -o another name",
        ));
    }
    Ok(())
}

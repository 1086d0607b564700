//! `why401 scrub`: the evidence without its secrets, to standard output or a new file; the removals on standard error.

use super::Answer;
use super::args::ScrubArgs;
use super::error::Failure;
use super::given::file_name;
use super::job::Settings;
use crate::sink::{self, Over};
use crate::source;
use serde_json::json;
use std::collections::BTreeMap;
use why401_core::input::{self, InputForm};
use why401_core::output::{self, Format, View, escape::terminal, json};
use why401_core::scrub::{Keep, Scrubbed, scrub as clean};
use why401_core::token::redact::{self, Strictness};

/// Answers `scrub`.
pub(super) fn scrub(settings: &Settings, args: &ScrubArgs) -> Result<Answer, Failure> {
    if args.out.is_none() && source::is_standard_output(&args.file) {
        return Err(Failure::usage(
            "the result would go into its own input",
            "send it to another file, or give -o",
        ));
    }
    let bytes = source::bytes(&args.file, &file_name(&args.file))?;
    let text = input::decode(&bytes);
    if text.contains('\0') {
        return Err(Failure::new(
            "input",
            "the evidence is a binary file, not text",
            Some("give a HAR, a transcript, records, logs or a body"),
        ));
    }
    if text.trim().is_empty() {
        return Err(Failure::new(
            "input",
            format!(
                "there is nothing to scrub: {} is empty",
                file_name(&args.file)
            ),
            Some("give a HAR, a transcript, records, logs, a body or a mail"),
        ));
    }
    let form = args
        .input_format
        .unwrap_or_else(|| input::sniff(&text, false));
    let names: Vec<String> = args
        .keep
        .iter()
        .flat_map(|list| list.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    let keep = Keep {
        personal: names.iter().any(|name| name == "personal"),
        names: names
            .into_iter()
            .filter(|name| name != "personal")
            .collect(),
    };
    let scrubbed = clean(&text, form, &keep).map_err(|refused| {
        Failure::new(
            "leak",
            format!("nothing was written: {refused}"),
            Some("give the exchange as a HAR, a transcript or an exchange record"),
        )
    })?;
    settings.step(|| format!("read as {}", form.name()));
    if let Some(path) = &args.out {
        sink::file(path, &scrubbed.text, &[&args.file], Over::File)?;
    }
    if !settings.quiet {
        let told = match settings.format {
            Format::Json | Format::Jsonl => listed(&scrubbed, form),
            _ => {
                told(&scrubbed, form, &keep, &settings.view)
                    + &unread(scrubbed.free && !keep.personal, &settings.view)
            }
        };
        sink::err(&told);
    }
    Ok(Answer::clear(match args.out {
        Some(_) => String::new(),
        None => scrubbed.text,
    }))
}

/// The same list for a program.
fn listed(scrubbed: &Scrubbed, form: InputForm) -> String {
    let members = json!({
        "form": form.name(), "removed": scrubbed.removed, "kept": scrubbed.kept, "left_out": scrubbed.left_out,
    });
    json::line(&json::document("why401.removed/1", members))
}

/// What was taken out, what was kept beyond the list, and what is missing.
fn told(scrubbed: &Scrubbed, form: InputForm, keep: &Keep, view: &View) -> String {
    let width = view.width;
    let mut out = match scrubbed.removed.values().sum() {
        0 => format!("nothing was removed (read as {})\n", form.name()),
        count => format!(
            "{} replaced by stand-ins (read as {})\n",
            output::counted(count, "value"),
            form.name()
        ),
    };
    list(&mut out, &scrubbed.removed, view);
    if !scrubbed.kept.is_empty() {
        out.push_str("kept because of --keep\n");
        list(&mut out, &scrubbed.kept, view);
    }
    if let Some(text) = nowhere(scrubbed, keep) {
        let text = terminal(&text);
        out.extend([&output::wrap("note: ", &text, width).join("\n"), "\n"]);
    }
    if keep.personal {
        out.push_str("kept because of --keep personal: personal data in messages\n");
    }
    if scrubbed.left_out > 0 {
        out.extend([
            "skipped, because it cannot be read: ",
            &output::counted(scrubbed.left_out, "part"),
            "\n",
        ]);
    }
    let ids = scrubbed.correlation();
    if !ids.is_empty() {
        let text = format!(
            "the vendor's support may ask for the request id: --keep {} keeps it",
            ids.join(",")
        );
        out.extend([
            &output::wrap("note: ", &terminal(&text), width).join("\n"),
            "\n",
        ]);
    }
    out
}

/// What is not looked for in text that a person wrote.
fn unread(free: bool, view: &View) -> String {
    let text = "looked for: credentials, ids, mail and IP addresses, telephone numbers, and names in mail headers, greetings, signatures and quotes (user \"…\"). Not looked for: names in sentences, companies, places. Read it before you pass it on.";
    match free {
        true => output::wrap("note: ", text, view.width).join("\n") + "\n",
        false => String::new(),
    }
}

/// Which names of `--keep` no value has. A word that may be a secret is not repeated.
fn nowhere(scrubbed: &Scrubbed, keep: &Keep) -> Option<String> {
    let names = keep.names.iter();
    let unused = names.filter(|name| !scrubbed.kept.contains_key(*name));
    let shown = |name: &String| match redact::is_wordy(name, Strictness::Lenient) {
        true => format!("`{name}`"),
        false => "another".to_owned(),
    };
    let unused: Vec<String> = unused.map(shown).collect();
    (!unused.is_empty()).then(|| {
        format!(
            "--keep has no effect for these names, since no value that is removed has them: {}",
            unused.join(", ")
        )
    })
}

/// So many places of a kind are named; the others on demand.
const NAMED: usize = 3;

/// Places with their counts, a line for all of one kind, the most first.
fn list(out: &mut String, counts: &BTreeMap<String, usize>, view: &View) {
    let mut kinds: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
    for (place, count) in counts {
        let (kind, name) = match place.split_once(' ') {
            Some(("header", name)) => ("header", name),
            _ => (place.as_str(), ""),
        };
        kinds.entry(kind).or_default().push((name, *count));
    }
    let total = |names: &[(&str, usize)]| -> usize { names.iter().map(|(_, count)| count).sum() };
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, names)| std::cmp::Reverse(total(names)));
    for (kind, mut names) in kinds {
        names.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let named = names.iter().filter(|(name, _)| !name.is_empty());
        let mut named: Vec<String> = named
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        let more = named.len().saturating_sub(NAMED);
        if !view.whole && more > 0 {
            named.truncate(NAMED);
            named.push(format!("{more} more (-v names them)"));
        }
        let head = format!("{:>5} × {kind}", total(&names));
        let text = terminal(&named.join(", "));
        let lines = match named.is_empty() {
            true => vec![terminal(&head)],
            false => output::wrap(&format!("{head}: "), &text, view.width),
        };
        out.extend([&lines.join("\n"), "\n"]);
    }
}

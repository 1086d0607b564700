//! `why401 explain`: evidence in, one diagnosis an exchange out.

mod batch;
mod gathered;
mod row;
mod run;
mod wanted;
mod workers;

use super::Answer;
use super::args::ExplainArgs;
use super::error::Failure;
use super::given::file_name;
use super::held;
use super::job::{self, Settings};
use super::meant::{carries_credential, is_request_command, is_url};
use crate::progress::Watched;
use crate::sink;
use crate::source;
use run::Run;
use why401_core::input::{Fields, InputOptions};
use why401_core::output;
use why401_core::triage::{Declared, Judge};

/// Answers `explain`.
pub(super) fn explain(settings: &Settings, args: &ExplainArgs) -> Result<Answer, Failure> {
    if let [only] = args.files.as_slice()
        && let Some(command) = only.to_str().filter(|word| is_request_command(word))
    {
        return text(settings, args, command);
    }
    if args
        .files
        .iter()
        .filter_map(|path| path.to_str())
        .any(is_url)
    {
        return Err(Failure::usage(
            "that is a URL, not a file",
            "`why401 check [METHOD] URL` says whether a token would be accepted there",
        ));
    }
    let is_text = |path: &std::path::PathBuf| {
        path.to_string_lossy().contains(' ')
            && !source::is_file(path)
            && source::near(path).is_none()
    };
    if args.files.iter().any(is_text) {
        return Err(Failure::usage(
            "that is a text, not a file",
            "put it into a file, or pipe it in: `why401 explain -` reads it",
        ));
    }
    answer(settings, args, |run, how| {
        for path in &args.files {
            let name = file_name(path);
            let how = InputOptions { name: &name, ..how };
            let reader = source::open(path, &name).map(|reader| -> Box<dyn std::io::BufRead> {
                match settings.quiet {
                    true => reader,
                    false => Box::new(Watched::new(reader, source::length(path))),
                }
            });
            run.source(reader.map_err(Failure::from), how);
        }
    })
}

/// Explains a request command that was typed.
pub(super) fn text(settings: &Settings, args: &ExplainArgs, text: &str) -> Result<Answer, Failure> {
    if !settings.quiet && carries_credential(text) {
        let told = "the command has a token in it, and it is in the shell's history now: revoke or replace it, and pipe such a command in";
        sink::err(&(output::wrap("note: ", told, settings.view.width).join("\n") + "\n"));
    }
    answer(settings, args, |run, how| {
        run.source(Ok(Box::new(text.as_bytes())), how);
    })
}

fn answer(
    settings: &Settings,
    args: &ExplainArgs,
    read: impl FnOnce(&mut Run<'_>, InputOptions<'_>),
) -> Result<Answer, Failure> {
    let fields = args.fields.as_deref().map(Fields::parse).transpose();
    let fields = fields.map_err(|why| {
        Failure::usage(
            format!("--fields: {why}"),
            "write it as status=/a/b,path=/c",
        )
    })?;
    let providers = job::providers(settings)?;
    let credential = job::named_credential(&args.token)?;
    let pinned = (&args.expect, &args.pinned);
    let declared = Declared {
        status: args.status,
        ..held::declared(settings, credential, &args.token, pinned)?
    };
    let mut run = Run::new(settings, args, Judge::new(&providers, &declared))?;
    let how = InputOptions {
        name: "the command",
        form: args.input_format,
        fields: fields.as_ref(),
    };
    read(&mut run, how);
    run.finish()
}

//! `why401 explain`: evidence in, one diagnosis an exchange out.

use super::Answer;
use super::args::ExplainArgs;
use super::error::Failure;
use super::held;
use super::job::{self, Settings};
use crate::progress::Watched;
use crate::sink;
use crate::source;
use std::collections::HashMap;
use why401_core::finding::{Certainty, Diagnosis, Report, Verdict};
use why401_core::http::{Exchange, Target};
use why401_core::input::{self, Fields, Item, Reading};
use why401_core::output::{self, Format};
use why401_core::token::redact;
use why401_core::triage::{Declared, Judge, Linked, Linker};

/// So many requests of one group are kept for a page; the others are counted.
const KEPT: usize = 100;

/// Answers `explain`.
pub(super) fn explain(settings: &Settings, args: &ExplainArgs) -> Result<Answer, Failure> {
    answer(settings, args, |run, how| {
        for path in &args.files {
            let name = shown(path);
            let how = Reading { name: &name, ..how };
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

/// Explains a text that was typed.
pub(super) fn text(settings: &Settings, args: &ExplainArgs, text: &str) -> Result<Answer, Failure> {
    answer(settings, args, |run, how| {
        run.source(Ok(Box::new(text.as_bytes())), how);
    })
}

fn answer(
    settings: &Settings,
    args: &ExplainArgs,
    read: impl FnOnce(&mut Run<'_>, Reading<'_>),
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
    let how = Reading {
        name: "the command",
        form: args.input_format,
        fields: fields.as_ref(),
    };
    read(&mut run, how);
    run.finish()
}

/// The name of a file for people; one that looks like a credential is not repeated.
fn shown(path: &std::path::Path) -> String {
    let name = path.display().to_string();
    let named =
        |part: &str| part.len() <= 24 && part.chars().filter(char::is_ascii_digit).count() <= 8;
    let harmless = redact::redact(&name) == name && name.split(['/', '.', '\\']).all(named);
    match name.as_str() {
        "-" => "standard input".to_owned(),
        _ if source::is_file(path) || harmless => name,
        _ => "the file".to_owned(),
    }
}

/// What makes diagnoses alike: verdict, provider, cause with its certainty, what is missing.
type Key = (
    u8,
    Option<String>,
    Option<(&'static str, Certainty)>,
    Vec<String>,
);

struct Run<'r> {
    settings: &'r Settings,
    args: &'r ExplainArgs,
    judge: Judge<'r>,
    only: Option<Target>,
    linker: Linker,
    report: Report,
    /// Per key the place of its first diagnosis, and how many there were.
    groups: HashMap<Key, (usize, usize)>,
    /// The entry of the present file that was read last.
    entry: usize,
    /// Exchanges that were read, looked at or not.
    seen: usize,
    failure: Option<Failure>,
}

impl<'r> Run<'r> {
    fn new(
        settings: &'r Settings,
        args: &'r ExplainArgs,
        judge: Judge<'r>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            settings,
            args,
            judge,
            only: args.only.as_deref().map(only).transpose()?,
            linker: Linker::default(),
            report: Report::default(),
            groups: HashMap::new(),
            entry: 0,
            seen: 0,
            failure: None,
        })
    }

    fn source(
        &mut self,
        reader: Result<Box<dyn std::io::BufRead + '_>, Failure>,
        how: Reading<'_>,
    ) {
        self.entry = 0;
        let read = reader.and_then(|reader| {
            let read = input::read(reader, how, &mut |item| self.take(item));
            read.map_err(|e| {
                let text = format!("{} cannot be read: {}", how.name, e.kind());
                Failure::new("input", text, None)
            })
        });
        while let Some(linked) = self.linker.release() {
            self.answer(&linked);
        }
        self.linker.reset();
        match read {
            Ok(form) => self
                .settings
                .step(|| format!("{} read as {}", how.name, form.name())),
            Err(failure) => self.failure = self.failure.take().or(Some(failure)),
        }
    }

    fn take(&mut self, item: Item) {
        self.entry += 1;
        let wanted = self.args.entry.is_none_or(|number| number == self.entry);
        match item {
            Item::Skipped { place, why } if wanted => {
                self.report.skip(place, why);
            }
            Item::Exchange(exchange) => {
                self.seen += 1;
                if wanted
                    && self.is_wanted(&exchange)
                    && let Some(linked) = self.linker.take(*exchange)
                {
                    self.answer(&linked);
                }
            }
            Item::Skipped { .. } => {}
        }
    }

    fn is_wanted(&self, exchange: &Exchange) -> bool {
        let Some(only) = &self.only else { return true };
        exchange.request.target().is_some_and(|target| {
            let path = match only.path.strip_suffix('*') {
                Some(start) => target.path.starts_with(start),
                None => target.path == only.path,
            };
            target.method == only.method
                && path
                && (only.host.is_none() || only.host == target.host)
        })
    }

    fn answer(&mut self, linked: &Linked) {
        match self.diagnose(linked) {
            Ok(diagnosis) => self.keep(diagnosis),
            Err(failure) => self.failure = self.failure.take().or(Some(failure)),
        }
    }

    fn diagnose(&mut self, linked: &Linked) -> Result<Diagnosis, Failure> {
        let one = Report {
            diagnoses: vec![self.judge.exchange(linked)?],
            ..Report::default()
        };
        let text = output::json::report_lines(&one, &self.settings.view.given);
        let given = self.judge.token_of(&linked.exchange);
        let sent = linked.exchange.request.header("authorization");
        let sent = sent.and_then(|v| v.rsplit(' ').next()).unwrap_or_default();
        sink::guard(&text, &[given.secret.expose(), sent])?;
        let printed = self.settings.format == Format::Jsonl && !self.args.summary;
        if printed && !self.settings.quiet {
            sink::out(&text)?;
        }
        one.diagnoses
            .into_iter()
            .next()
            .ok_or_else(|| Failure::new("input", "nothing was diagnosed", None))
    }

    /// Keeps what the format needs: a line is already printed, a page groups what is alike.
    fn keep(&mut self, mut diagnosis: Diagnosis) {
        self.report.count(diagnosis.verdict);
        self.report.tally.add(&diagnosis);
        match self.settings.format {
            _ if self.args.summary => {}
            Format::Jsonl => {}
            format if format == Format::Json || format.is_for_ci() => {
                self.report.diagnoses.push(diagnosis);
            }
            _ if diagnosis.verdict == Verdict::Clear && self.report.counted() > 1 => {}
            _ => {
                let key = (
                    diagnosis.verdict.exit_code(),
                    diagnosis.subject.provider.clone(),
                    diagnosis.cause().map(|f| (f.cause.code, f.certainty)),
                    diagnosis.missing(),
                );
                let group = self
                    .groups
                    .entry(key)
                    .or_insert_with(|| (self.report.diagnoses.len(), 0));
                group.1 += 1;
                if group.1 > KEPT {
                    self.report.diagnoses[group.0].alike += 1;
                    return;
                }
                if group.1 > 1 {
                    diagnosis.shorten();
                }
                self.report.diagnoses.push(diagnosis);
            }
        }
    }

    fn finish(mut self) -> Result<Answer, Failure> {
        if self.report.counted() == 0 {
            return Err(self.nothing());
        }
        if sink::is_closed() {
            return Ok(Answer::coded(String::new(), self.report.exit_code()));
        }
        self.report.error = self.failure.map(|failure| failure.0);
        let text = match self.settings.format {
            format if self.args.summary => {
                output::summary(&self.report, format, &self.settings.view)
            }
            Format::Jsonl => output::json::error_line(&self.report),
            format => output::render(&self.report, format, &self.settings.view),
        };
        if let (Format::Human | Format::Markdown, Some(error)) =
            (self.settings.format, &self.report.error)
        {
            sink::err(&format!(
                "error: {}\n",
                output::escape::terminal(&error.message)
            ));
        }
        if self.settings.format == Format::Jsonl {
            for skipped in &self.report.skipped {
                sink::err(&format!(
                    "skipped: {}: {}\n",
                    output::escape::terminal(&skipped.place),
                    skipped.why
                ));
            }
            if let Some(more) = self.report.more_skipped() {
                sink::err(&format!("not looked at: {more}\n"));
            }
        }
        Ok(Answer::coded(text, self.report.exit_code()))
    }

    /// Why there is no diagnosis at all.
    fn nothing(self) -> Failure {
        if let Some(failure) = self.failure {
            return failure;
        }
        if self.seen > 0 {
            return Failure::usage(
                "no request matches --only or --entry",
                "drop them to see all requests",
            );
        }
        let why: Vec<String> = self
            .report
            .skipped
            .iter()
            .take(3)
            .map(|s| format!("{}: {}", s.place, s.why))
            .collect();
        Failure::new(
            "input",
            format!("nothing readable was found: {}", why.join("; ")),
            Some(
                "give a HAR, a `curl -v` transcript, raw HTTP, a curl command, exchange records, log lines or an error body; --input-format says which",
            ),
        )
    }
}

fn only(text: &str) -> Result<Target, Failure> {
    let (method, path) = text.split_once(' ').ok_or_else(|| {
        Failure::usage(
            "--only takes a method and a path",
            "write it as --only 'GET /path'; a final * matches any rest",
        )
    })?;
    Ok(Target::parse(method, path.trim())?)
}

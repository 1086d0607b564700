//! The tools that read evidence: `explain` and `scrub`.

use super::Reach;
use super::arguments::{Explain, Given, Scrub};
use super::questions::{Asked, apart};
use crate::cli::error::Failure;
use crate::cli::job;
use crate::sink;
use crate::source::MAX_BYTES;
use serde_json::{Value, json};
use std::borrow::Cow;
use why401_core::finding::{Diagnosis, Report, Verdict};
use why401_core::http::Exchange;
use why401_core::input::{self, InputForm, InputOptions};
use why401_core::output::{self, json as document, untrusted};
use why401_core::scrub::{Keep, scrub as clean};
use why401_core::triage::{self, Declared, Judge, Linked, Listener, ProviderError};

/// So many diagnoses are given; the others are counted.
const MOST: usize = 20;

/// So many characters of scrubbed evidence are given.
const LONGEST: usize = 100_000;

/// The name of the evidence, for places: a file's own is the customer's.
const NAME: &str = "the evidence";

fn form(given: &Given) -> Result<Option<InputForm>, Failure> {
    let form = given.form.as_deref().map(str::parse).transpose();
    form.map_err(|_| {
        let names: Vec<&str> = InputForm::NAMES.iter().map(|(name, _)| *name).collect();
        Failure::usage(
            "there is no such form",
            &format!("it is one of: {}", names.join(", ")),
        )
    })
}

fn bytes<'g>(reach: &Reach, given: &'g Given) -> Result<Cow<'g, [u8]>, Failure> {
    match (&given.text, &given.file) {
        (Some(text), None) if text.len() as u64 <= MAX_BYTES => Ok(Cow::Borrowed(text.as_bytes())),
        (Some(_), None) => Err(Failure::new(
            "input",
            "the text is larger than 50 MB, the limit",
            Some("give the part that contains the refusal"),
        )),
        (None, Some(file)) => Ok(Cow::Owned(reach.roots.read(file)?)),
        _ => Err(Failure::usage(
            "give either a text or a file",
            "the arguments are text and file",
        )),
    }
}

/// Answers the tool `explain`.
pub(super) fn explain(reach: &Reach, args: &Explain) -> Result<Value, Failure> {
    let evidence = bytes(reach, &args.given)?;
    let asked = Asked::of(reach, &args.who)?;
    let providers = job::providers(&asked.settings)?;
    let declared = Declared {
        status: args.status,
        ..asked.declared()
    };
    let judge = Judge::new(&providers, &declared);
    let mut run = Run {
        judge,
        entry: args.entry,
        seen: 0,
        report: Report::default(),
        clear: Vec::new(),
        failure: None,
        secrets: vec![declared.credential.token.secret.expose().to_owned()],
    };
    let how = InputOptions {
        name: NAME,
        form: form(&args.given)?,
        fields: None,
    };
    let read = triage::run(&*evidence, how, &judge, &mut run);
    read.map_err(|e| {
        Failure::new(
            "input",
            format!("the evidence cannot be read: {}", e.kind()),
            None,
        )
    })?;
    run.finish()
}

struct Run<'r> {
    judge: Judge<'r>,
    /// The only entry that is wanted, where one was named.
    entry: Option<usize>,
    /// Entries so far.
    seen: usize,
    report: Report,
    /// The first that are clear: given where there is room.
    clear: Vec<Diagnosis>,
    failure: Option<Failure>,
    /// What must not be in the answer.
    secrets: Vec<String>,
}

impl Listener for Run<'_> {
    fn wants(&mut self, _: &Exchange) -> bool {
        self.is_wanted()
    }

    fn judged(&mut self, linked: &Linked, answer: Result<Diagnosis, ProviderError>) {
        match answer {
            Ok(diagnosis) => self.keep(linked, diagnosis),
            Err(error) => {
                self.failure.get_or_insert(error.into());
            }
        }
    }

    fn skipped(&mut self, place: String, why: String) {
        if self.is_wanted() {
            self.report.skip(place, why);
        }
    }
}

impl Run<'_> {
    /// Whether the next entry is to be looked at.
    fn is_wanted(&mut self) -> bool {
        self.seen += 1;
        self.entry.is_none_or(|wanted| wanted == self.seen)
    }

    fn keep(&mut self, linked: &Linked, diagnosis: Diagnosis) {
        self.report.count(diagnosis.verdict);
        let list = match diagnosis.verdict {
            Verdict::Clear => &mut self.clear,
            _ => &mut self.report.diagnoses,
        };
        if list.len() < MOST {
            let token = self.judge.token_of(&linked.exchange);
            self.secrets.push(token.secret.expose().to_owned());
            let sent = linked.exchange.request.header("authorization");
            self.secrets
                .extend(sent.and_then(|v| v.rsplit(' ').next()).map(str::to_owned));
            list.push(diagnosis);
        }
    }

    fn finish(mut self) -> Result<Value, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let room = MOST - self.report.diagnoses.len();
        self.report
            .diagnoses
            .extend(self.clear.into_iter().take(room));
        if self.report.counted() == 0 {
            return Err(Failure::new(
                "input",
                "no request was found in the evidence",
                Some(
                    "give the request with its answer: a HAR, a transcript, a log, or the error's text",
                ),
            ));
        }
        let left_out = self.report.counted() - self.report.diagnoses.len();
        let text = document::report(&self.report, &output::Given::default());
        let mut value: Value = serde_json::from_str(&text).unwrap_or_default();
        value["left_out"] = json!(left_out);
        let value = apart(value);
        let secrets: Vec<&str> = self.secrets.iter().map(String::as_str).collect();
        sink::guard(&value.to_string(), &secrets)?;
        Ok(value)
    }
}

/// Answers the tool `scrub`.
pub(super) fn scrub(reach: &Reach, args: &Scrub) -> Result<Value, Failure> {
    let bytes = bytes(reach, &args.given)?;
    let text = input::decode(&bytes);
    let form = match form(&args.given)? {
        Some(form) => form,
        None => input::sniff(&text, false),
    };
    let scrubbed = clean(&text, form, &Keep::default())
        .map_err(|refused| Failure::new("leak", format!("nothing was written: {refused}"), None))?;
    let (list, whole) = untrusted::carry(&scrubbed.text, LONGEST);
    let mut out = document::document(
        "why401.scrub/1",
        json!({
            "form": form.name(), "text": untrusted::reference(0), "whole": whole,
            "removed": scrubbed.removed, "kept": scrubbed.kept, "left_out": scrubbed.left_out,
        }),
    );
    out["untrusted"] = list;
    Ok(out)
}

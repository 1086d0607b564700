//! One person's work on the page: evidence read, diagnoses kept, questions answered.

use crate::ask::{self, error};
use crate::kept::Kept;
use crate::request::{Request, Settings};
use serde_json::{Value, json};
use std::io::{BufReader, Read};
use why401_core::diagnose::Clock;
use why401_core::finding::{Diagnosis, Report};
use why401_core::http::{Exchange, Target};
use why401_core::input::{self, InputForm, InputOptions};
use why401_core::output::{self, Format, Given, View};
use why401_core::scrub::{self, Keep};
use why401_core::token::Sought;
use why401_core::triage::{self, Declared, Judge, Linked, Listener, ProviderError, Providers};

/// The largest evidence that is scrubbed, in bytes: 50 MB, as for the program.
const SCRUBBED: u64 = 50_000_000;

/// Bytes of evidence asked for at a time.
const READ: usize = 256 * 1024;

/// So many different endpoints are remembered for the question what they need.
const ENDPOINTS: usize = 5_000;

/// Everything that is known between two requests.
#[derive(Debug)]
pub struct Session {
    providers: Providers,
    declared: Declared,
    kept: Kept,
    targets: Vec<Target>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            providers: Providers::shipped(),
            declared: Declared::at(Clock::at(0)),
            kept: Kept::default(),
            targets: Vec::new(),
        }
    }
}

impl Session {
    /// Answers a request; `row` takes rows of a list, `piece` the pieces of a text. The answer is a JSON document; what
    /// could not be done has a member `error`.
    pub fn answer(
        &mut self,
        request: &[u8],
        evidence: impl Read,
        row: &mut dyn FnMut(&str),
        piece: &mut dyn FnMut(&str),
    ) -> String {
        // What was asked may hold a token, so no error repeats it.
        let Ok(request) = serde_json::from_slice::<Request>(request) else {
            return error("the page asked for something that the engine does not know").to_string();
        };
        let value = match request {
            Request::Open(settings) => self.open(settings),
            Request::Explain { name, file } => self.explain(&name, file, evidence, row),
            Request::Detail { row } => return self.detail(row),
            Request::Report { format, rows } => return self.report(&format, rows.as_deref()),
            Request::Summary => {
                return output::summary(&self.kept.report, Format::Json, &View::default());
            }
            Request::Scrub => scrubbed(evidence, piece),
            Request::Check(check) => return ask::check(&check),
            Request::Needs => ask::needs(&self.providers, &self.targets),
            Request::Search { words, provider } => {
                ask::search(&self.providers, &words, provider.as_deref())
            }
            Request::Providers => ask::providers(&self.providers),
            Request::Cause { code } => ask::cause(&code),
        };
        output::json::line(&value)
    }

    fn open(&mut self, settings: Settings) -> Value {
        let named = settings.provider.filter(|id| !id.is_empty());
        match Providers::with(Vec::new(), named) {
            Err(why) => error(why),
            Ok(providers) => {
                *self = Self {
                    providers,
                    declared: Declared {
                        clock_given: settings.at_given,
                        status: settings.status,
                        ..Declared::at(Clock::at(settings.now))
                    },
                    ..Self::default()
                };
                json!({})
            }
        }
    }

    fn explain(
        &mut self,
        name: &str,
        file: bool,
        evidence: impl Read,
        row: &mut dyn FnMut(&str),
    ) -> Value {
        let judge = Judge::new(&self.providers, &self.declared);
        let mut run = Run {
            judge,
            kept: &mut self.kept,
            targets: &mut self.targets,
            given: Given::default(),
            row,
            seen: 0,
            skipped: Report::default(),
            sought: Sought::default(),
            failure: None,
        };
        if file {
            run.given.command = vec!["explain".to_owned(), name.to_owned()];
        }
        let how = InputOptions {
            name,
            form: None,
            fields: None,
        };
        let evidence = BufReader::with_capacity(READ, evidence);
        let read = triage::run(evidence, how, &judge, &mut run);
        let Run {
            seen,
            skipped,
            failure,
            ..
        } = run;
        let failure = read
            .as_ref()
            .err()
            .map(|e| e.kind().to_string())
            .or(failure);
        json!({
            "form": read.ok().map(InputForm::name), "seen": seen, "skipped": skipped.skipped,
            "more_skipped": skipped.more_skipped, "error": failure,
        })
    }

    fn detail(&self, number: usize) -> String {
        let Some(row) = self.kept.row(number) else {
            return error("there is no such row").to_string();
        };
        let reasons = row.like.and_then(|like| self.kept.row(like)).unwrap_or(row);
        let report = Report {
            diagnoses: vec![reasons.diagnosis.clone()],
            ..Report::default()
        };
        output::json::report(&report, &reasons.given)
    }

    fn report(&self, format: &str, rows: Option<&[usize]>) -> String {
        let format = match format {
            "json" => Format::Json,
            _ => Format::Markdown,
        };
        let (report, given) = self.kept.report_of(rows, format == Format::Json);
        let view = View {
            given,
            ..View::default()
        };
        let text = output::render(&report, format, &view);
        json!({ "text": text }).to_string()
    }
}

/// One file on its way through the judge.
struct Run<'r> {
    judge: Judge<'r>,
    kept: &'r mut Kept,
    targets: &'r mut Vec<Target>,
    given: Given,
    row: &'r mut dyn FnMut(&str),
    seen: usize,
    /// What this file has beside exchanges.
    skipped: Report,
    /// The credential of the last exchange: most exchanges of a file carry the same.
    sought: Sought,
    failure: Option<String>,
}

impl Listener for Run<'_> {
    fn wants(&mut self, exchange: &Exchange) -> bool {
        self.seen += 1;
        let target = exchange.request.target().filter(|t| t.method != "OPTIONS");
        if let Some(target) = target
            && self.targets.len() < ENDPOINTS
        {
            self.targets.push(target);
        }
        true
    }

    fn judged(&mut self, linked: &Linked, answer: Result<Diagnosis, ProviderError>) {
        match answer {
            Err(why) => self.failure = self.failure.take().or(Some(why.to_string())),
            Ok(diagnosis) => self.keep(linked, diagnosis),
        }
    }

    fn skipped(&mut self, place: String, why: String) {
        self.kept.report.skip(place.clone(), why.clone());
        self.skipped.skip(place, why);
    }
}

impl Run<'_> {
    fn keep(&mut self, linked: &Linked, diagnosis: Diagnosis) {
        let one = Report {
            diagnoses: vec![diagnosis],
            ..Report::default()
        };
        let text = output::json::report_lines(&one, &self.given);
        let token = self.judge.token_of(&linked.exchange);
        let sent = linked.exchange.request.header("authorization");
        let sent = sent.and_then(|v| v.rsplit(' ').next()).unwrap_or_default();
        let secrets = [token.secret.expose(), sent];
        if !self.sought.is_of(&secrets) {
            self.sought = Sought::of(&secrets);
        }
        if self.sought.is_in(&text) {
            let why = "an answer would have shown a credential, and is left out";
            self.failure = self.failure.take().or(Some(why.to_owned()));
            return;
        }
        for diagnosis in one.diagnoses {
            let line = row(&diagnosis);
            let number = self.kept.add(diagnosis, &self.given);
            let line = json!([number, line]);
            (self.row)(&output::json::line(&line));
        }
    }
}

/// What a list shows of a diagnosis.
fn row(diagnosis: &Diagnosis) -> Value {
    let subject = &diagnosis.subject;
    let cause = diagnosis.cause();
    json!({
        "id": diagnosis.id, "verdict": diagnosis.verdict, "method": subject.method, "url": subject.url,
        "status": subject.status, "provider": subject.provider, "operation": subject.operation,
        "place": subject.place, "at": subject.at,
        "cause": cause.map(|f| f.cause.code), "certainty": cause.map(|f| f.certainty),
        "missing": diagnosis.missing(), "fix": diagnosis.remedy(),
    })
}

fn scrubbed(evidence: impl Read, piece: &mut dyn FnMut(&str)) -> Value {
    let mut bytes = Vec::new();
    if evidence.take(SCRUBBED + 1).read_to_end(&mut bytes).is_err() {
        return error("the evidence cannot be read");
    }
    if bytes.len() as u64 > SCRUBBED {
        return error(
            "evidence larger than 50 MB is not scrubbed; cut it, or record only what matters",
        );
    }
    let text = input::decode(&bytes);
    if text.contains('\0') {
        return error("the evidence is a binary file, not text");
    }
    let form = input::sniff(&text, false);
    match scrub::scrub(&text, form, &Keep::default()) {
        Err(refused) => error(format!("nothing was written: {refused}")),
        Ok(clean) => {
            piece(&clean.text);
            json!({ "form": form.name(), "removed": clean.removed, "left_out": clean.left_out })
        }
    }
}

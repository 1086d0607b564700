//! `why401 explain`: evidence in, one diagnosis an exchange out.

use super::Answer;
use super::args::{ExplainArgs, InputArg};
use super::error::Failure;
use super::job::{self, Settings};
use super::whose::{Known, Whose};
use crate::sink;
use crate::source;
use std::collections::{HashMap, VecDeque};
use why401_core::diagnose::{Case, Evidence, diagnose};
use why401_core::finding::{Certainty, Diagnosis, Report, Skipped, Verdict};
use why401_core::http::{Exchange, Target};
use why401_core::input::{self, Fields, InputForm, Item, Reading};
use why401_core::output::{self, Format};
use why401_core::scope::ScopeSet;
use why401_core::token::Token;
use why401_core::token::redact::is_stand_in;

/// So many exchanges are kept in sight for a redirect or retry that follows.
const SIGHT: usize = 32;

/// So many requests of one group are kept for a page; the others are counted.
const KEPT: usize = 100;

/// Answers `explain`.
pub(super) fn explain(settings: &Settings, args: &ExplainArgs) -> Result<Answer, Failure> {
    let fields = args.fields.as_deref().map(Fields::parse).transpose();
    let fields = fields.map_err(|why| {
        Failure::usage(
            format!("--fields: {why}"),
            "write it as status=/a/b,path=/c",
        )
    })?;
    let token = job::named_token(&args.token)?;
    let mut run = Run::new(settings, args, token.as_ref())?;
    for path in &args.files {
        let name = if path.as_os_str() == "-" {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let how = Reading {
            name: &name,
            form: args.input_format.map(form_of),
            fields: fields.as_ref(),
        };
        run.file(path, how);
    }
    run.finish()
}

pub(super) fn form_of(arg: InputArg) -> InputForm {
    match arg {
        InputArg::Har => InputForm::Har,
        InputArg::Curl => InputForm::Curl,
        InputArg::Http => InputForm::Http,
        InputArg::Command => InputForm::Command,
        InputArg::Records => InputForm::Records,
        InputArg::Log => InputForm::Log,
        InputArg::Body => InputForm::Body,
    }
}

/// An exchange in sight, and what is known to follow it.
struct Pending {
    exchange: Exchange,
    before: Option<Box<Exchange>>,
    followed: bool,
}

/// What makes diagnoses alike: verdict, provider, cause and its certainty.
type Key = (u8, Option<String>, Option<(&'static str, Certainty)>);

struct Run<'r> {
    settings: &'r Settings,
    args: &'r ExplainArgs,
    token: Option<&'r Token>,
    permissions: Option<ScopeSet>,
    signature: Option<why401_core::token::Signature>,
    issuers: Option<Vec<String>>,
    only: Option<Target>,
    whose: Whose<'r>,
    pending: VecDeque<Pending>,
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
        token: Option<&'r Token>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            settings,
            args,
            token,
            permissions: job::permissions(&args.expect)?,
            issuers: job::issuers(settings, &args.pinned)?,
            signature: match token {
                Some(token) => job::signature(settings, &args.pinned, token)?,
                None => None,
            },
            only: args.only.as_deref().map(only).transpose()?,
            whose: Whose::new(settings)?,
            pending: VecDeque::new(),
            report: Report::default(),
            groups: HashMap::new(),
            entry: 0,
            seen: 0,
            failure: None,
        })
    }

    fn file(&mut self, path: &std::path::Path, how: Reading<'_>) {
        self.entry = 0;
        let read = source::open(path, how.name)
            .map_err(Failure::from)
            .and_then(|reader| {
                let read = input::read(reader, how, &mut |item| self.take(item));
                read.map_err(|e| {
                    Failure::new(
                        "input",
                        format!("{} cannot be read: {}", how.name, e.kind()),
                        None,
                    )
                })
            });
        while let Some(pending) = self.pending.pop_front() {
            self.answer(&pending);
        }
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
                self.report.skipped.push(Skipped { place, why });
            }
            Item::Exchange(exchange) => {
                self.seen += 1;
                if wanted && self.is_wanted(&exchange) {
                    self.link(*exchange);
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

    /// Finds the exchange that this one follows from, among those in sight.
    fn link(&mut self, exchange: Exchange) {
        let earlier = self
            .pending
            .iter_mut()
            .rev()
            .find(|p| !p.followed && follows(&p.exchange, &exchange));
        let before = earlier.map(|earlier| {
            earlier.followed = true;
            Box::new(earlier.exchange.clone())
        });
        self.pending.push_back(Pending {
            exchange,
            before,
            followed: false,
        });
        if self.pending.len() > SIGHT
            && let Some(oldest) = self.pending.pop_front()
        {
            self.answer(&oldest);
        }
    }

    fn answer(&mut self, pending: &Pending) {
        match self.diagnose(pending) {
            Ok(diagnosis) => self.keep(diagnosis),
            Err(failure) => self.failure = self.failure.take().or(Some(failure)),
        }
    }

    fn diagnose(&mut self, pending: &Pending) -> Result<Diagnosis, Failure> {
        let mut exchange = pending.exchange.clone();
        if let (Some(status), Some(response)) = (self.args.status, exchange.response.as_mut()) {
            response.status = response.status.or(Some(status));
        }
        let known = self.whose.of(&exchange)?;
        let table = known.table.as_deref().map(|known: &Known| &known.table);
        let from_evidence;
        let token = match self.token {
            Some(token) => token,
            None => {
                from_evidence = token_of(&exchange);
                &from_evidence
            }
        };
        let given = exchange.given.scopes.as_ref();
        let case = Case {
            target: exchange.request.target(),
            table,
            trust: self.settings.trust,
            scope: job::scope(&self.args.token).or_else(|| {
                given.map(|names| (names.iter().map(String::as_str).collect(), Vec::new()))
            }),
            kind: job::kind(&self.args.token, table)?.or_else(|| kind_of(&exchange, table)),
            permissions: self.permissions.clone(),
            audience: self.args.expect.audience.clone(),
            issuer: self.args.expect.issuer.clone(),
            signature: self.signature.as_ref(),
            issuers: self.issuers.clone(),
            leeway: self.settings.leeway,
            evidence: Some(Evidence {
                before: pending.before.as_deref(),
                followed: pending.followed,
                ..known.evidence(&exchange)
            }),
            ..Case::of(token, self.moment(&exchange))
        };
        let diagnosis = diagnose(&case);
        let one = Report {
            diagnoses: vec![diagnosis],
            ..Report::default()
        };
        let text = output::json::report_lines(&one);
        let secret = token.secret.expose();
        let sent = exchange
            .request
            .header("authorization")
            .and_then(|v| v.rsplit(' ').next())
            .unwrap_or_default();
        sink::guard(&text, &[secret, sent])?;
        if self.settings.format == Format::Jsonl && !self.settings.quiet {
            sink::out(&text);
        }
        one.diagnoses
            .into_iter()
            .next()
            .ok_or_else(|| Failure::new("input", "nothing was diagnosed", None))
    }

    /// When the call was made: as asked, else by the server's own clock, else by the record's, else now.
    fn moment(&self, exchange: &Exchange) -> i64 {
        if self.settings.at_given {
            return self.settings.now;
        }
        let date = exchange
            .response
            .as_ref()
            .and_then(|r| r.headers.get("date"));
        date.and_then(input::http_date)
            .or(exchange.at)
            .unwrap_or(self.settings.now)
    }

    /// Keeps what the format needs: a line is already printed, a page groups what is alike.
    fn keep(&mut self, mut diagnosis: Diagnosis) {
        self.report.count(diagnosis.verdict);
        match self.settings.format {
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
        self.report.error = self.failure.map(|failure| failure.0);
        let text = match self.settings.format {
            Format::Jsonl => output::json::error_line(&self.report),
            format => output::render(&self.report, format, self.settings.style),
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
                    "not looked at: {}: {}\n",
                    output::escape::terminal(&skipped.place),
                    skipped.why
                ));
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
                "no exchange fits --only or --entry",
                "leave them out to see what there is",
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

/// Whether the later exchange is what came of the earlier one: its redirect, or the same call made again with success.
fn follows(earlier: &Exchange, later: &Exchange) -> bool {
    // Records with ids are cases of their own.
    if later.of_many || earlier.id.is_some() || later.id.is_some() {
        return false;
    }
    let (Some(from), Some(to)) = (earlier.request.url.as_deref(), later.request.url.as_deref())
    else {
        return false;
    };
    let Some(status) = earlier.response.as_ref().and_then(|r| r.status) else {
        return false;
    };
    if (300..400).contains(&status) {
        let location = earlier
            .response
            .as_ref()
            .and_then(|r| r.headers.get("location"));
        return location.is_some_and(|location| input::resolves_to(from, location, to));
    }
    let succeeded = later
        .response
        .as_ref()
        .and_then(|r| r.status)
        .is_some_and(|s| s < 300);
    status == 401 && succeeded && from == to && earlier.request.method == later.request.method
}

/// The credential as the evidence holds it.
fn token_of(exchange: &Exchange) -> Token {
    let given = &exchange.given;
    let hidden = || Token::hidden(given.kind.as_deref());
    if let Some(value) = &given.value {
        return if is_stand_in(value) {
            Token::stand_in(value)
        } else {
            Token::read(value.as_bytes())
        };
    }
    if let Some(claims) = &given.claims {
        return Token::from_claims(claims.clone());
    }
    match exchange.request.header("authorization") {
        Some(value) => {
            let (scheme, rest) = value.trim().split_once(' ').unwrap_or(("", value));
            let bearer =
                ["bearer", "dpop", "token", "jwt"].contains(&scheme.to_ascii_lowercase().as_str());
            if is_stand_in(rest.trim()) && given.kind.is_none() {
                return Token::stand_in(rest.trim());
            }
            if !bearer || is_stand_in(rest.trim()) {
                return hidden();
            }
            let mut token = Token::read(value.as_bytes());
            // The scheme belongs to the header; whether its form is sound is judged there.
            token.dirt.retain(|dirt| dirt.harmful);
            token
        }
        None if given.kind.as_deref().is_some_and(|kind| kind != "none") => hidden(),
        None => Token::absent(),
    }
}

/// The kind that the grant makes, by the table.
fn kind_of(exchange: &Exchange, table: Option<&why401_core::table::Table>) -> Option<String> {
    let grant = exchange
        .given
        .grant
        .as_deref()?
        .to_ascii_lowercase()
        .replace(['-', ' '], "_");
    let kinds = &table?.provider.kind;
    let fits = |name: &&String| name.replace('-', "_") == grant;
    kinds
        .iter()
        .find(|kind| kind.grants.iter().any(|g| fits(&g)))
        .map(|kind| kind.id.clone())
}

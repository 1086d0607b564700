//! `why401 explain`: evidence in, one diagnosis an exchange out.

mod batch;
mod row;
mod wanted;
mod workers;

use super::Answer;
use super::args::ExplainArgs;
use super::error::Failure;
use super::given::file_name;
use super::held;
use super::job::{self, Settings};
use crate::progress::Watched;
use crate::sink;
use crate::source;
use batch::{Batch, How, Kept, Printed, two_of_a_kind};
use row::{Row, Stretch};
use std::collections::{BTreeSet, HashMap};
use wanted::{fits, only};
use why401_core::finding::{Certainty, Report, TallyRow, Verdict};
use why401_core::http::Target;
use why401_core::input::{self, Fields, Item, Order, Piece, Reading};
use why401_core::output::{self, ForCi, Format};
use why401_core::triage::{Declared, Judge, Memo, Ready, Skim, Skimmed, Wanted};
use workers::Workers;

/// So many requests of one group are kept for a page; the others are counted.
const KEPT: usize = 100;

/// So many bytes of evidence are worked on at a time; memory is bounded by it, not by the evidence. The first stretches
/// are shorter: what is known from them need not be judged again.
const WINDOW: usize = 1024 * 1024;
const FIRST: usize = 64 * 1024;

/// So many exchanges are judged in one go. What is counted goes by it, so that it is the same for any number of workers.
const BATCH: usize = 64;

/// Answers `explain`.
pub(super) fn explain(settings: &Settings, args: &ExplainArgs) -> Result<Answer, Failure> {
    answer(settings, args, |run, how| {
        for path in &args.files {
            let name = file_name(path);
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
    workers: Workers,
    only: Option<Target>,
    /// Pieces that wait to be read together.
    window: Vec<Piece>,
    /// So many bytes are worked on next.
    room: usize,
    order: Order,
    row: Row,
    memo: Memo,
    report: Report,
    /// Per key the place of its first diagnosis, and how many there were.
    groups: HashMap<Key, (usize, usize)>,
    /// What a CI is told.
    for_ci: ForCi,
    /// Credentials that no page may show: those of the diagnoses that are kept.
    secrets: BTreeSet<String>,
    /// Whether the list of a JSON document was begun.
    begun: bool,
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
            workers: Workers::new(args.jobs),
            only: args.only.as_deref().map(only).transpose()?,
            window: Vec::new(),
            room: FIRST,
            order: Order::default(),
            row: Row::default(),
            memo: Memo::default(),
            report: Report::default(),
            groups: HashMap::new(),
            for_ci: ForCi::default(),
            secrets: BTreeSet::new(),
            begun: false,
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
            let read = input::pieces(reader, how, &mut |piece| self.add(piece, how));
            read.map_err(|e| {
                let text = format!("{} cannot be read: {}", how.name, e.kind());
                Failure::new("input", text, None)
            })
        });
        self.work(how);
        let rest = self.row.end();
        self.answer(rest);
        self.order = Order::default();
        match read {
            Ok(form) => self
                .settings
                .step(|| format!("{} read as {}", how.name, form.name())),
            Err(failure) => self.fail(failure),
        }
    }

    fn add(&mut self, piece: Piece, how: Reading<'_>) {
        self.window.push(piece);
        if self.window.iter().map(Piece::len).sum::<usize>() >= self.room {
            self.room = WINDOW.min(2 * self.room);
            self.work(how);
        }
    }

    /// Reads the window, links what was read, and answers what is complete.
    fn work(&mut self, how: Reading<'_>) {
        let window = std::mem::take(&mut self.window);
        let (groups, summary) = (&self.groups, self.args.summary);
        let counted =
            |row: &TallyRow| summary || groups.get(&key(row)).is_some_and(|g| g.1 >= KEPT);
        let (wanted, memo, judge) = (self.wanted(how, &counted), &self.memo, &self.judge);
        let read = self.workers.map(&window, |piece| {
            let Some(wanted) = wanted else {
                return (piece.read(how), None);
            };
            let mut skim = Skim::new(memo, judge, wanted);
            let items = piece.read_some(how, &mut |line| skim.look(line));
            (skim.rest(items), Some(skim.done()))
        });
        drop(window);
        for (items, skimmed) in read {
            self.join(items, skimmed);
        }
        let stretch = self.row.ready();
        self.answer(stretch);
    }

    /// Takes what was read of a piece, and what a look at it came to.
    fn join(&mut self, items: Vec<Item>, skimmed: Option<Skimmed>) {
        let mut skimmed = skimmed.unwrap_or_default();
        let mut written = skimmed.ready().into_iter().peekable();
        for (number, item) in items.into_iter().enumerate() {
            while let Some(own) = written.next_if(|own| own.after <= number) {
                self.seen += own.counts.iter().sum::<usize>();
                self.row.hold(own);
            }
            self.take(item);
        }
        for own in written {
            self.seen += own.counts.iter().sum::<usize>();
            self.row.hold(own);
        }
        let (groups, report) = (&self.groups, &mut self.report);
        let mut alike = Vec::new();
        self.seen += skimmed.add_to(report, |row, count| {
            alike.extend(groups.get(&key(row)).map(|group| (group.0, count)));
        });
        for (first, count) in alike {
            self.report.diagnoses[first].alike += count;
        }
    }

    /// What is wanted of lines that are like others: their number, or the text of their answers. `None` where each has to
    /// be read.
    fn wanted<'w>(
        &self,
        how: Reading<'w>,
        counted: &'w (dyn Fn(&TallyRow) -> bool + Sync),
    ) -> Option<Wanted<'w>> {
        let all = self.only.is_none() && self.args.entry.is_none() && self.args.status.is_none();
        // Nobody has looked at what patterns of a table that a person brings see in an id.
        let all = all && self.settings.tables.is_empty();
        let between = match self.settings.format {
            _ if !all => return None,
            Format::Human | Format::Markdown => None,
            _ if self.args.summary => None,
            Format::Jsonl => Some(""),
            Format::Json => Some(","),
            _ => return None,
        };
        Some(match between {
            Some(between) => Wanted::Texts {
                name: how.name,
                between,
            },
            None => Wanted::Counts {
                fields: how.fields,
                counted,
            },
        })
    }

    fn take(&mut self, item: Item) {
        self.entry += 1;
        let wanted = self.args.entry.is_none_or(|number| number == self.entry);
        match self.order.next(item) {
            Item::Skipped { place, why } if wanted => self.report.skip(place, why),
            Item::Exchange(exchange) => {
                self.seen += 1;
                let only = self.only.as_ref();
                if wanted && only.is_none_or(|only| fits(only, &exchange)) {
                    self.row.take(*exchange);
                }
            }
            Item::Skipped { .. } => {}
        }
    }

    /// Judges exchanges on all cores, and writes what they came to in their order. Where texts or counts are all that is
    /// wanted, two of a kind are judged before the others, which are then like something known.
    fn answer(&mut self, stretch: Stretch) {
        let linked = &stretch.linked;
        let printed = match self.settings.format {
            _ if self.args.summary => Printed::Nothing,
            Format::Jsonl => Printed::Line,
            Format::Json => Printed::Listed,
            _ => Printed::Later,
        };
        let (first, others) = match printed {
            Printed::Later => ((0..linked.len()).collect(), Vec::new()),
            _ => two_of_a_kind(linked),
        };
        let mut texts: Vec<Option<String>> = vec![None; linked.len()];
        for (which, again) in [(first, false), (others, true)] {
            let batches: Vec<&[usize]> = which.chunks(BATCH).collect();
            let how = How {
                judge: self.judge,
                memo: &self.memo,
                printed,
                given: &self.settings.view.given,
                again,
            };
            let judged = self
                .workers
                .map(&batches, |batch| how.judge_all(linked, batch));
            for mut batch in judged {
                for (which, text) in std::mem::take(&mut batch.texts) {
                    texts[which] = Some(text);
                }
                self.count(batch);
            }
        }
        self.write_all(texts, stretch.written);
    }

    /// Counts what a batch came to, and keeps what is kept of it.
    fn count(&mut self, batch: Batch) {
        self.report.tally.merge(batch.tally);
        for (rank, verdict) in Verdict::ALL.into_iter().enumerate() {
            self.report.count_many(verdict, batch.counts[rank]);
        }
        batch.kept.into_iter().for_each(|kept| self.keep(kept));
        if let Some(failure) = batch.failure {
            self.fail(failure);
        }
    }

    /// Writes the texts of exchanges, and between them those that were put together.
    fn write_all(&mut self, texts: Vec<Option<String>>, written: Vec<(usize, Ready)>) {
        let mut written = written.into_iter().peekable();
        let mut all = Vec::new();
        for (place, text) in texts.into_iter().enumerate() {
            while let Some((_, own)) = written.next_if(|(after, _)| *after <= place) {
                own.add_to(&mut self.report);
                all.push(own.text);
            }
            all.extend(text);
        }
        for (_, own) in written {
            own.add_to(&mut self.report);
            all.push(own.text);
        }
        self.write(&all);
    }

    fn fail(&mut self, failure: Failure) {
        self.failure = self.failure.take().or(Some(failure));
    }

    /// Writes the texts of a batch; those of a JSON document stand in its list.
    fn write(&mut self, texts: &[String]) {
        if texts.is_empty() || self.settings.quiet {
            return;
        }
        let written = match (self.settings.format, texts) {
            (Format::Json, _) if self.begun => sink::out(&format!(",{}", texts.join(","))),
            (Format::Json, _) => sink::out(&(output::json::opening() + &texts.join(","))),
            (_, [only]) => sink::out(only),
            _ => sink::out(&texts.concat()),
        };
        self.begun = true;
        if let Err(failure) = written {
            self.fail(failure);
        }
    }

    /// Keeps what the format needs: a page groups what is alike.
    fn keep(&mut self, kept: Kept) {
        let mut diagnosis = kept.diagnosis;
        if self.settings.format.is_for_ci() {
            self.secrets.extend(kept.secrets);
            self.for_ci.add(&diagnosis, &self.settings.view.given);
            return;
        }
        if diagnosis.verdict == Verdict::Clear && self.report.counted() > 1 {
            return;
        }
        let group = self
            .groups
            .entry(key(&kept.row))
            .or_insert_with(|| (self.report.diagnoses.len(), 0));
        group.1 += 1;
        if group.1 > KEPT {
            self.report.diagnoses[group.0].alike += 1;
            return;
        }
        if group.1 > 1 {
            diagnosis.shorten();
        }
        self.secrets.extend(kept.secrets);
        self.report.diagnoses.push(diagnosis);
    }

    fn finish(mut self) -> Result<Answer, Failure> {
        self.settings.step(|| {
            let (known, asked) = self.memo.rate();
            format!("{known} of {asked} refusals were like one that was judged")
        });
        if self.report.counted() == 0 {
            return Err(self.nothing());
        }
        if sink::is_closed() {
            return Ok(Answer::coded(String::new(), self.report.exit_code()));
        }
        self.report.error = self.failure.take().map(|failure| failure.0);
        let text = match self.settings.format {
            format if self.args.summary => {
                output::summary(&self.report, format, &self.settings.view)
            }
            Format::Jsonl => output::json::error_line(&self.report),
            Format::Json if self.begun => output::json::closing(&self.report, false),
            format if format.is_for_ci() => {
                std::mem::take(&mut self.for_ci).render(&self.report, format, &self.settings.view)
            }
            format => output::render(&self.report, format, &self.settings.view),
        };
        let secrets: Vec<&str> = self.secrets.iter().map(String::as_str).collect();
        sink::guard(&text, &secrets)?;
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

fn key(row: &TallyRow) -> Key {
    (
        row.verdict().exit_code(),
        row.provider.clone(),
        row.cause,
        row.missing.clone(),
    )
}

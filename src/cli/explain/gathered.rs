//! What the diagnoses come to: counted, kept for a page, or written at once.

use super::batch::{Batch, Kept};
use crate::cli::Answer;
use crate::cli::error::Failure;
use crate::cli::job::Settings;
use crate::closed;
use crate::sink;
use std::collections::{BTreeSet, HashMap};
use why401_core::finding::{AlikeKey, Report, TallyRow, Verdict};
use why401_core::input::A_TOKEN;
use why401_core::output::{self, ForCi, Format};
use why401_core::triage::{Ready, Skimmed};

/// So many requests of one group are kept for a page; the others are counted.
const KEPT: usize = 100;

pub(super) struct Gathered<'r> {
    settings: &'r Settings,
    summary: bool,
    report: Report,
    /// Per key the place of its first diagnosis, and how many there were.
    groups: HashMap<AlikeKey, (usize, usize)>,
    /// What a CI is told.
    for_ci: ForCi,
    /// Credentials that no page may show: those of the diagnoses that are kept.
    secrets: BTreeSet<String>,
    /// Whether the list of a JSON document was begun.
    begun: bool,
    failure: Option<Failure>,
}

impl<'r> Gathered<'r> {
    pub(super) fn new(settings: &'r Settings, summary: bool) -> Self {
        Self {
            settings,
            summary,
            report: Report::default(),
            groups: HashMap::new(),
            for_ci: ForCi::default(),
            secrets: BTreeSet::new(),
            begun: false,
            failure: None,
        }
    }

    /// Whether a request that came to this needs no more than to be counted.
    pub(super) fn only_counts(&self, row: &TallyRow) -> bool {
        self.summary || self.groups.get(&row.alike()).is_some_and(|g| g.1 >= KEPT)
    }

    /// Notes what could not be read.
    pub(super) fn skip(&mut self, place: String, why: String) {
        self.report.skip(place, why);
    }

    /// Counts what was known without being read; returns how many requests it was.
    pub(super) fn count_skimmed(&mut self, skimmed: &Skimmed) -> usize {
        let groups = &self.groups;
        let mut alike = Vec::new();
        let all = skimmed.add_to(&mut self.report, |row, count| {
            alike.extend(groups.get(&row.alike()).map(|group| (group.0, count)));
        });
        for (first, count) in alike {
            self.report.diagnoses[first].alike += count;
        }
        all
    }

    /// Counts what a batch came to, and keeps what is kept of it.
    pub(super) fn count(&mut self, batch: Batch) {
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
    pub(super) fn write_all(&mut self, texts: Vec<Option<String>>, written: Vec<(usize, Ready)>) {
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

    /// The first failure is the one that is told.
    pub(super) fn fail(&mut self, failure: Failure) {
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
            .entry(kept.row.alike())
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

    /// The answer; `seen`: how many exchanges were read, looked at or not.
    pub(super) fn finish(mut self, seen: usize) -> Result<Answer, Failure> {
        if self.report.counted() == 0 {
            return Err(self.nothing(seen));
        }
        if closed::is_closed() {
            return Ok(Answer::coded(String::new(), self.report.exit_code()));
        }
        self.report.error = self.failure.take().map(|failure| failure.0);
        let text = self.text();
        let secrets: Vec<&str> = self.secrets.iter().map(String::as_str).collect();
        sink::guard(&text, &secrets)?;
        self.say_faults();
        Ok(Answer::coded(text, self.report.exit_code()))
    }

    /// What is still to be written.
    fn text(&mut self) -> String {
        let view = &self.settings.view;
        match self.settings.format {
            format if self.summary => output::summary(&self.report, format, view),
            Format::Jsonl => output::json::error_line(&self.report),
            Format::Json if self.begun => output::json::closing(&self.report, false),
            format if format.is_for_ci() => {
                std::mem::take(&mut self.for_ci).render(&self.report, format, view)
            }
            format => output::render(&self.report, format, view),
        }
    }

    /// Says on the standard error what the text has no place for.
    fn say_faults(&self) {
        let terminal = output::escape::terminal;
        match (self.settings.format, &self.report.error) {
            (Format::Human | Format::Markdown, Some(error)) => {
                sink::err(&format!("error: {}\n", terminal(&error.message)));
            }
            (Format::Jsonl, _) => {
                for skipped in &self.report.skipped {
                    let place = terminal(&skipped.place);
                    sink::err(&format!("skipped: {place}: {}\n", skipped.why));
                }
                if let Some(more) = self.report.more_skipped() {
                    sink::err(&format!("not looked at: {more}\n"));
                }
            }
            _ => {}
        }
    }

    /// Why none of the requests is looked at.
    fn unmatched(&self, seen: usize) -> Failure {
        let count = output::counted(seen, "request");
        let options = &self.settings.view.given.options;
        let typed = |name: &str| options.iter().any(|(own, _)| own == name);
        match (typed("--only"), typed("--entry")) {
            (true, false) => Failure::usage(
                format!("no request matches --only; the evidence has {count}"),
                "without --only they are listed; a final * matches any rest: --only 'GET /api/*'",
            ),
            (false, true) => Failure::usage(
                format!("there is no such --entry; the evidence has {count}"),
                "entries are counted from 1; without --entry all are listed",
            ),
            _ => Failure::usage(
                format!("no request matches both --only and --entry; the evidence has {count}"),
                "drop one of them",
            ),
        }
    }

    /// Why there is no diagnosis at all.
    fn nothing(self, seen: usize) -> Failure {
        if let Some(failure) = self.failure {
            return failure;
        }
        if seen > 0 {
            return self.unmatched(seen);
        }
        let why: Vec<String> = self
            .report
            .skipped
            .iter()
            .take(3)
            .map(|s| format!("{}: {}", s.place, s.why))
            .collect();
        let text = match why.is_empty() {
            true => "nothing readable was found".to_owned(),
            false => format!("nothing readable was found: {}", why.join("; ")),
        };
        let evidence = "give a HAR, a `curl -v` transcript, raw HTTP, a curl command, exchange records, log lines or an error body; --input-format says which";
        let token = self.report.skipped.iter().any(|s| s.why == A_TOKEN);
        let hint = match token {
            true => "`why401 token` reads it, from --token-file FILE or standard input",
            false => evidence,
        };
        Failure::new("input", text, Some(hint))
    }
}

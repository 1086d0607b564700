//! What a CI reads of a report or of a gate's run: one item a question, with its place.

use super::given::Given;
use super::group;
use super::step::advice;
use crate::finding::{
    Cause, Diagnosis, Entry, Fault, Gated, GatedApp, Judged, Outcome, Report, RunError,
};

/// What an item came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It could not be judged.
    Error,
    /// It fails.
    Fail,
    /// It is undecided.
    CannotTell,
    /// It is told and not counted.
    Skipped,
    /// It passes.
    Pass,
}

/// One question, answered.
#[derive(Debug)]
pub(super) struct Item {
    /// The app, or the place that the request was found in.
    pub(super) group: String,
    /// The endpoint or rule.
    pub(super) name: String,
    /// File and line.
    pub(super) place: Option<(String, usize)>,
    pub(super) state: State,
    pub(super) cause: Option<&'static Cause>,
    /// How sure the cause is, in words; of what the manifest demands nothing is inferred.
    pub(super) sure: Option<&'static str>,
    /// Why, in a sentence.
    pub(super) text: String,
    /// What to do.
    pub(super) next: Option<String>,
    /// What the half that did not decide says, where the server was asked.
    pub(super) beside: Option<String>,
}

impl Item {
    /// The cause, how sure it is, and why.
    pub(super) fn says(&self) -> String {
        match (self.cause, self.sure) {
            (Some(cause), Some(sure)) if !self.text.is_empty() => {
                format!("{} ({sure}): {}", cause.code, self.text)
            }
            _ => self.text.clone(),
        }
    }
}

/// The group of what belongs to no app, and the name of what is wrong with a whole app.
const MANIFEST: &str = "manifest";
/// The name of what is wrong with a whole run.
const RUN: &str = "run";

pub(super) fn items_of_gate(gated: &Gated, given: &Given) -> Vec<Item> {
    let place = |line: usize| Some((gated.manifest.clone(), line));
    let whole = gated.faults.iter();
    let whole = whole.map(|fault| of_fault(MANIFEST, fault, place(fault.line.unwrap_or(1))));
    let apps = gated.apps.iter().flat_map(|app| {
        let faults = app.faults.iter().map(|fault| {
            let line = fault.line.unwrap_or(app.line);
            of_fault(&app.name, fault, place(line))
        });
        let entries = app.entries();
        faults.chain(entries.map(|entry| of_entry(app, entry, place(entry.line), given)))
    });
    whole.chain(apps).collect()
}

fn of_fault(group: &str, fault: &Fault, place: Option<(String, usize)>) -> Item {
    let item = of_error(group, &fault.error, place);
    match fault.key.as_str() {
        "" => item,
        key => Item {
            name: format!("{MANIFEST}, key {key}"),
            ..item
        },
    }
}

fn of_error(group: &str, error: &RunError, place: Option<(String, usize)>) -> Item {
    Item {
        group: group.to_owned(),
        name: place.as_ref().map_or(RUN, |_| MANIFEST).to_owned(),
        place,
        state: State::Error,
        cause: None,
        sure: None,
        text: error.message.clone(),
        next: error.hint.clone(),
        beside: None,
    }
}

fn of_entry(app: &GatedApp, entry: &Entry, place: Option<(String, usize)>, given: &Given) -> Item {
    let judged = entry.deciding();
    let half =
        |name: &str, own: &Judged| format!("{name}: {}: {}", own.outcome.word(), own.message);
    Item {
        group: app.name.clone(),
        name: entry.name.clone(),
        place,
        state: match entry.outcome() {
            _ if entry.is_skipped() => State::Skipped,
            outcome => state(outcome),
        },
        cause: judged.cause.map(|(cause, _)| cause),
        sure: sure(app, entry),
        text: text(judged),
        next: next(judged, given),
        beside: entry.online.as_ref().map(|online| match online.outcome {
            Outcome::NotAsked => half("online", online),
            _ => half("offline", &entry.offline),
        }),
    }
}

/// The file and the line of a place as `input` names it: `ticket.har entry 3`, `gateway.log line 7`. An entry has no line
/// of its own: the file's first stands for it.
fn place_of(place: &str) -> Option<(String, usize)> {
    let numbered = [" line ", " entry ", " record "].iter().find_map(|word| {
        let (file, number) = place.rsplit_once(word)?;
        let number: usize = number.parse().ok()?;
        Some((file, if *word == " line " { number } else { 1 }))
    });
    let (file, line) = numbered.unwrap_or((place, 1));
    let is_file = !file.is_empty() && file != "standard input" && file != "the command";
    is_file.then(|| (file.to_owned(), line.max(1)))
}

/// How sure a cause is, in words; what is only noted is not weighed.
fn sure(app: &GatedApp, entry: &Entry) -> Option<&'static str> {
    let cause = entry.deciding().cause;
    cause.filter(|(cause, _)| !cause.is_note())?;
    Some(app.sure(entry))
}

fn next(judged: &Judged, given: &Given) -> Option<String> {
    let first = judged.next.first()?;
    Some(advice(first, &judged.subject, given).text)
}

fn text(judged: &Judged) -> String {
    let facts = judged.telling().map(|fact| format!("[{fact}]"));
    let others = judged.others.iter();
    let others = others.map(|(cause, message)| format!("Or {}: {message}", cause.code));
    let words = std::iter::once(judged.message.clone()).chain(facts);
    words.chain(others).collect::<Vec<_>>().join(" ")
}

fn state(outcome: Outcome) -> State {
    match outcome {
        Outcome::Pass => State::Pass,
        Outcome::Fail => State::Fail,
        Outcome::CannotTell => State::CannotTell,
        Outcome::NotAsked => State::Skipped,
    }
}

/// What is wrong with a whole run, as an item.
pub(super) fn of_run(report: &Report) -> Option<Item> {
    let error = report.error.as_ref()?;
    Some(of_error("why401", error, None))
}

/// A diagnosis as an item. Of what passes no more than its name is told.
pub(super) fn of_diagnosis(diagnosis: &Diagnosis, given: &Given) -> Item {
    let judged = Judged::of(diagnosis);
    let place = diagnosis.subject.place.clone();
    let state = state(judged.outcome);
    let told = state != State::Pass;
    Item {
        group: place.unwrap_or_else(|| "why401".to_owned()),
        name: group::subject(diagnosis),
        place: diagnosis.subject.place.as_deref().and_then(place_of),
        state,
        cause: judged.cause.map(|(cause, _)| cause),
        sure: diagnosis
            .cause()
            .filter(|finding| !finding.cause.is_note())
            .map(|finding| diagnosis.sure(finding)),
        text: if told { text(&judged) } else { String::new() },
        next: next(&judged, given).filter(|_| told),
        beside: None,
    }
}

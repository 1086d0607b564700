//! What a gate came to: for each app its credential and each endpoint, offline and online apart.

use super::cause::{Cause, Severity};
use super::codes::ENDPOINT_UNKNOWN;
use super::diagnosis::{Diagnosis, SeenExchange, Subject, TokenView, Verdict};
use super::finding::{Certainty, Evidence, Finding};
use super::report::RunError;
use super::step::Step;

/// What one question came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was found in the way.
    Pass,
    /// Something keeps the call out, or a rule of the manifest is broken.
    Fail,
    /// The evidence does not decide.
    CannotTell,
    /// The question was not put to the server.
    NotAsked,
}

impl Outcome {
    /// Its word in every format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::CannotTell => "cannot-tell",
            Self::NotAsked => "not-asked",
        }
    }
}

impl From<Verdict> for Outcome {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Clear => Self::Pass,
            Verdict::Denied => Self::Fail,
            Verdict::Unknown => Self::CannotTell,
        }
    }
}

/// One half of an answer: by token and table, or by the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What it came to.
    pub outcome: Outcome,
    /// Why, where there is a cause or note, and how sure that is.
    pub cause: Option<(&'static Cause, Certainty)>,
    /// Other causes that would explain it as well, with what speaks for them.
    pub others: Vec<(&'static Cause, String)>,
    /// In a sentence.
    pub message: String,
    /// The facts behind the cause.
    pub evidence: Vec<Evidence>,
    /// What is missing, by name.
    pub missing: Vec<String>,
    /// The checks that are not decided: gates by their ids, `endpoint`, `lifetime`.
    pub undecided: Vec<String>,
    /// What to do.
    pub next: Vec<Step>,
    /// The request in question; empty where it is a rule.
    pub subject: Subject,
    /// What the server was asked.
    pub exchanges: Vec<SeenExchange>,
}

impl Judged {
    /// Without a cause.
    pub fn plain(outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            outcome,
            cause: None,
            others: Vec::new(),
            message: message.into(),
            evidence: Vec::new(),
            missing: Vec::new(),
            undecided: Vec::new(),
            next: Vec::new(),
            subject: Subject::default(),
            exchanges: Vec::new(),
        }
    }

    /// With a cause that is certain.
    pub fn because(outcome: Outcome, cause: &'static Cause, message: impl Into<String>) -> Self {
        Self {
            cause: Some((cause, Certainty::Derived)),
            ..Self::plain(outcome, message)
        }
    }

    /// As a diagnosis says.
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let cause = diagnosis.cause();
        let shut = diagnosis.gates.iter().filter(|gate| gate.answer == "fail");
        let fix = cause.and_then(|finding| finding.fix.as_ref());
        let fix = fix.map(|fix| Step::Remedy(fix.text.clone()));
        Self {
            outcome: diagnosis.verdict.into(),
            cause: cause.map(|finding| (finding.cause, finding.certainty)),
            others: others(diagnosis, cause)
                .map(|finding| (finding.cause, finding.message.clone()))
                .collect(),
            message: message(diagnosis, cause),
            evidence: evidence(diagnosis, cause),
            missing: shut.flat_map(|gate| gate.missing.clone()).collect(),
            undecided: undecided(diagnosis),
            next: fix
                .into_iter()
                .chain(diagnosis.next.iter().cloned())
                .collect(),
            subject: diagnosis.subject.clone(),
            exchanges: diagnosis.exchanges.clone(),
        }
    }
}

/// The check of a path that no published row has.
const ENDPOINT: &str = "endpoint";

/// What keeps a diagnosis from being decided.
fn undecided(diagnosis: &Diagnosis) -> Vec<String> {
    let open = diagnosis.gates.iter().filter(|gate| gate.answer != "pass");
    let open: Vec<String> = open.map(|gate| gate.gate.clone()).collect();
    let unpublished = diagnosis
        .cause()
        .is_some_and(|f| f.cause == &ENDPOINT_UNKNOWN);
    match diagnosis.verdict {
        Verdict::Unknown if unpublished || open.is_empty() => vec![ENDPOINT.to_owned()],
        Verdict::Unknown => open,
        _ => Vec::new(),
    }
}

/// The facts behind the cause, and what other candidates name as published.
fn evidence(diagnosis: &Diagnosis, cause: Option<&Finding>) -> Vec<Evidence> {
    let own = cause.into_iter().flat_map(|finding| &finding.evidence);
    let others = others(diagnosis, cause).flat_map(|finding| &finding.evidence);
    let published = others.filter(|fact| fact.place.starts_with(PUBLISHED));
    own.chain(published).cloned().collect()
}

/// Where the cause is only possible, the other candidates: one is not asserted where two fit.
fn others<'d>(
    diagnosis: &'d Diagnosis,
    cause: Option<&'d Finding>,
) -> impl Iterator<Item = &'d Finding> {
    let cause = cause.filter(|cause| cause.certainty == Certainty::Possible);
    let candidates = diagnosis.findings.iter();
    let candidates = candidates.filter(|finding| finding.severity == Severity::Error);
    candidates.filter(move |own| cause.is_some_and(|cause| cause.cause != own.cause))
}

fn message(diagnosis: &Diagnosis, cause: Option<&Finding>) -> String {
    if let Some(finding) = cause {
        return finding.message.clone();
    }
    let silence = diagnosis.exchanges.iter().find_map(|e| e.failure.as_ref());
    if let (Some(why), Verdict::Unknown) = (silence, diagnosis.verdict) {
        return format!("no answer came: {why}");
    }
    let open = diagnosis.gates.iter().find(|gate| gate.answer != "pass");
    let warning = diagnosis
        .findings
        .iter()
        .find(|f| f.severity == Severity::Warning);
    match (diagnosis.verdict, open, warning) {
        (Verdict::Clear, _, _) => match diagnosis.subject.status {
            Some(status) => format!("the server answered {status}"),
            None => "nothing found in the way".to_owned(),
        },
        (_, Some(gate), _) => {
            let need: Vec<String> = gate.need.iter().map(|set| set.join(" and ")).collect();
            let why = match gate.answer {
                "depends" => format!("it depends: {}", gate.on.join("; ")),
                _ => format!(
                    "whether it is granted is not visible here ({})",
                    gate.holder
                ),
            };
            format!("{} {} is needed; {why}", gate.gate, need.join(" or "))
        }
        (_, None, Some(warning)) => warning.message.clone(),
        (_, None, None) => "the evidence does not decide".to_owned(),
    }
}

impl Judged {
    /// The facts that say more than the message: what the server said, what is published in place of the endpoint.
    pub fn telling(&self) -> impl Iterator<Item = String> {
        let telling =
            |fact: &&Evidence| fact.place == "the answer" || fact.place.starts_with(PUBLISHED);
        let facts = self.evidence.iter().filter(telling).take(FACTS);
        facts.map(|fact| format!("{}: {}", fact.place, fact.value))
    }
}

/// How the place of a fact begins that names a published operation.
const PUBLISHED: &str = "published";

/// So many facts are told of a cause.
const FACTS: usize = 3;

/// A question of the gate: an endpoint, or a rule about the credential.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `GET /path`, or the rule's name.
    pub name: String,
    /// The line of the manifest.
    pub line: usize,
    /// What the manifest says it is for.
    pub note: Option<String>,
    /// Whether the app works without it.
    pub optional: bool,
    /// Whether the manifest lets it stay undecided.
    pub tolerated: bool,
    /// By token and table.
    pub offline: Judged,
    /// By the server, where it was asked.
    pub online: Option<Judged>,
}

impl Entry {
    /// A rule about the credential.
    pub fn rule(name: impl Into<String>, line: usize, judged: Judged) -> Self {
        Self {
            name: name.into(),
            line,
            note: None,
            optional: false,
            tolerated: false,
            offline: judged,
            online: None,
        }
    }

    /// The half that decides: the server's answer, where it gave one.
    pub fn deciding(&self) -> &Judged {
        match &self.online {
            Some(online) if online.outcome != Outcome::NotAsked => online,
            _ => &self.offline,
        }
    }

    /// What it came to.
    pub fn outcome(&self) -> Outcome {
        self.deciding().outcome
    }

    /// Whether it is told and not counted: an endpoint that the app works without, or what the manifest lets stay
    /// undecided.
    pub fn is_skipped(&self) -> bool {
        let tolerated = self.tolerated && self.outcome() == Outcome::CannotTell;
        tolerated || self.optional && self.outcome() != Outcome::Pass
    }

    /// Its word: `pass`, `fail`, `cannot-tell`, `skipped`.
    pub fn word(&self) -> &'static str {
        match self.is_skipped() {
            true => "skipped",
            false => self.outcome().word(),
        }
    }
}

/// A note with the line it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The line of the manifest.
    pub line: usize,
    /// The note.
    pub finding: Finding,
}

/// One app of a manifest.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GatedApp {
    /// Its name.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// The provider's id.
    pub provider: Option<String>,
    /// Whether the server was asked.
    pub online: bool,
    /// The credential, as far as it may be shown.
    pub token: Option<TokenView>,
    /// What the manifest says the principal holds, by gate.
    pub declared: Vec<(String, Vec<String>)>,
    /// The credential and the rules about it.
    pub checks: Vec<Entry>,
    /// The endpoints, in the manifest's order.
    pub endpoints: Vec<Entry>,
    /// What else is worth saying.
    pub notes: Vec<Note>,
    /// Why it could not be judged; the message names line and key.
    pub error: Option<RunError>,
}

impl GatedApp {
    /// Whether no endpoint was decided, by nobody.
    pub fn checked_nothing(&self) -> bool {
        let mut endpoints = self.endpoints.iter();
        let decided = |own: &Entry| matches!(own.outcome(), Outcome::Pass | Outcome::Fail);
        !self.endpoints.is_empty() && self.error.is_none() && !endpoints.any(decided)
    }

    /// Everything that was asked about it: rules first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.checks.iter().chain(&self.endpoints)
    }
}

/// A run of the gate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gated {
    /// The manifest, as it was named.
    pub manifest: String,
    /// The apps, in the manifest's order.
    pub apps: Vec<GatedApp>,
    /// What is wrong with the manifest as a whole.
    pub error: Option<RunError>,
    /// Whether what is undecided lets the gate pass.
    pub cannot_tell_passes: bool,
    /// Whether the manifest was read, and nothing was to be judged.
    pub lint: bool,
}

impl Gated {
    /// Every question with its app.
    pub fn entries(&self) -> impl Iterator<Item = (&GatedApp, &Entry)> {
        let of = |app| GatedApp::entries(app).map(move |entry| (app, entry));
        self.apps.iter().flat_map(of)
    }

    /// Errors of the manifest and of its apps, with the line where it is known.
    pub fn errors(&self) -> impl Iterator<Item = (Option<&GatedApp>, &RunError)> {
        let of_apps = self.apps.iter();
        let of_apps = of_apps.filter_map(|app| Some((Some(app), app.error.as_ref()?)));
        self.error.iter().map(|error| (None, error)).chain(of_apps)
    }

    /// How many questions came to this, those that are not counted left out.
    pub fn count(&self, outcome: Outcome) -> usize {
        let counted = self.entries().filter(|(_, entry)| !entry.is_skipped());
        counted
            .filter(|(_, entry)| entry.outcome() == outcome)
            .count()
    }

    /// Denied where one fails, unknown where one is undecided and that matters.
    pub fn verdict(&self) -> Verdict {
        if self.count(Outcome::Fail) > 0 {
            Verdict::Denied
        } else if self.count(Outcome::CannotTell) > 0 && !self.cannot_tell_passes {
            Verdict::Unknown
        } else {
            Verdict::Clear
        }
    }

    /// Whether the gate passes although no endpoint of any app was decided.
    pub fn checked_nothing(&self) -> bool {
        let nothing = !self.apps.is_empty() && self.apps.iter().all(GatedApp::checked_nothing);
        nothing && !self.lint && self.exit_code() == 0
    }

    /// 2 where anything could not be judged, else the verdict's.
    pub fn exit_code(&self) -> u8 {
        match self.errors().next() {
            Some(_) => 2,
            None => self.verdict().exit_code(),
        }
    }
}

//! One half of a gate's answer: by token and table, or by the server.

use super::cause::{Cause, Severity};
use super::codes::{ENDPOINT_UNKNOWN, NOTE_NOT_IN_TABLE};
use super::diagnosis::{Diagnosis, SeenExchange, Subject, Verdict};
use super::finding::{Certainty, Evidence, Finding};
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
    /// How sure, in words: with what there was to derive it from.
    pub sure: &'static str,
    /// Other causes that would explain it as well, with what speaks for them.
    pub others: Vec<(&'static Cause, String)>,
    /// In a sentence.
    pub message: String,
    /// The facts behind the cause.
    pub evidence: Vec<Evidence>,
    /// What is missing, by name.
    pub missing: Vec<String>,
    /// The checks that are not decided: gates by their ids, `endpoint`, `lifetime`, `credential`.
    pub undecided: Vec<String>,
    /// Those of them that are decided by a case which nothing here shows.
    pub depends: Vec<String>,
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
            sure: "",
            others: Vec::new(),
            message: message.into(),
            evidence: Vec::new(),
            missing: Vec::new(),
            undecided: Vec::new(),
            depends: Vec::new(),
            next: Vec::new(),
            subject: Subject::default(),
            exchanges: Vec::new(),
        }
    }

    /// With a cause that is certain.
    pub fn because(outcome: Outcome, cause: &'static Cause, message: impl Into<String>) -> Self {
        Self {
            cause: Some((cause, Certainty::Derived)),
            sure: "derived from the token",
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
            sure: cause.map_or("", |finding| diagnosis.sure(finding)),
            others: others(diagnosis, cause)
                .map(|finding| (finding.cause, finding.message.clone()))
                .collect(),
            message: message(diagnosis, cause),
            evidence: evidence(diagnosis, cause),
            missing: shut.flat_map(|gate| gate.missing.clone()).collect(),
            undecided: undecided(diagnosis),
            depends: depends(diagnosis),
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

/// The checks that are decided by a case which nothing here shows.
fn depends(diagnosis: &Diagnosis) -> Vec<String> {
    let open = diagnosis.verdict == Verdict::Unknown;
    let gates = diagnosis
        .gates
        .iter()
        .filter(|gate| open && gate.answer == "depends");
    gates.map(|gate| gate.gate.clone()).collect()
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
    // Where there is nothing to compare with, that is the reason why nothing is decided, whatever else is noticed.
    let mut notes = diagnosis.findings.iter();
    let nothing = notes.clone().find(|f| f.cause == &NOTE_NOT_IN_TABLE);
    let warning = nothing.or_else(|| notes.find(|f| f.severity == Severity::Warning));
    match (diagnosis.verdict, open, warning) {
        (Verdict::Clear, _, _) => match diagnosis.subject.status {
            Some(status) => format!("the server answered {status}"),
            None => "no problem found".to_owned(),
        },
        (_, Some(gate), _) => {
            let need: Vec<String> = gate.need.iter().map(|set| set.join(" and ")).collect();
            let why = match gate.answer {
                "depends" => format!(
                    "what is granted is enough in this case only: {}",
                    gate.on.join("; ")
                ),
                _ => format!(
                    "whether it is granted is not visible here ({})",
                    gate.holder
                ),
            };
            format!("{} {} is needed; {why}", gate.gate, need.join(" or "))
        }
        (_, None, Some(warning)) => warning.message.clone(),
        (_, None, None) if is_without_token(diagnosis) => "there is no token to judge".to_owned(),
        (_, None, None) => "the evidence does not decide".to_owned(),
    }
}

/// Whether no token was given, for a question about one; what a recorded request carried is another matter.
fn is_without_token(diagnosis: &Diagnosis) -> bool {
    diagnosis.token.form == "absent" && diagnosis.subject.status.is_none()
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

//! Diagnoses that say the same of different requests, put together.

use super::given::Given;
use super::step::{self, Advice};
use crate::finding::{
    Certainty, Diagnosis, Finding, GateView, NOTE_REPORTED, Report, Severity, Step, Tally,
    TokenView, Verdict,
};
use std::borrow::Cow;

/// Diagnoses of one verdict, cause and provider; the first one speaks for all.
#[derive(Debug)]
pub(super) struct Group<'r> {
    pub(super) first: &'r Diagnosis,
    pub(super) others: Vec<&'r Diagnosis>,
}

impl Group<'_> {
    /// How many further requests came to the same, listed or not.
    pub(super) fn more(&self) -> usize {
        self.others.len() + self.first.alike
    }
}

/// Groups: the worse first, then those whose cause is sure, then the larger. Successes are no group where there is anything else to tell.
pub(super) fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut out: Vec<Group<'_>> = Vec::new();
    let told = |d: &&Diagnosis| d.verdict != Verdict::Clear || report.counted() == 1;
    for diagnosis in report.diagnoses.iter().filter(told) {
        match out.iter_mut().find(|g| g.first.is_like(diagnosis)) {
            Some(group) => group.others.push(diagnosis),
            None => out.push(Group {
                first: diagnosis,
                others: Vec::new(),
            }),
        }
    }
    out.sort_by_key(|g| {
        let verdict = g.first.verdict != Verdict::Denied;
        (verdict, !is_sure(g.first), usize::MAX - g.more())
    });
    out
}

/// The requests counted: as somebody counted them, else by the diagnoses that are there.
pub(super) fn tally(report: &Report) -> Cow<'_, Tally> {
    match report.tally.is_empty() {
        true => Cow::Owned(Tally::of(&report.diagnoses)),
        false => Cow::Borrowed(&report.tally),
    }
}

/// How many requests came to what.
pub(super) fn summary(report: &Report, tally: &Tally) -> String {
    let rows = tally.rows();
    let causes = rows.iter().filter_map(|(row, _)| Some(row.cause?.0));
    let causes: std::collections::BTreeSet<&str> = causes.collect();
    let counts = [
        (report.with(Verdict::Denied), "denied"),
        (report.with(Verdict::Unknown), "undecided"),
        (report.with(Verdict::Clear), "clear"),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let causes = match causes.len() {
        0 => String::new(),
        1 => "; 1 cause".to_owned(),
        n => format!("; {n} causes"),
    };
    let requests = match report.counted() {
        1 => "1 request".to_owned(),
        n => format!("{n} requests"),
    };
    format!("{requests}: {}{causes}", parts.join(", "))
}

/// What a diagnosis is about: the request, else the place it was found in.
pub(super) fn subject(diagnosis: &Diagnosis) -> String {
    let subject = &diagnosis.subject;
    match (&subject.method, &subject.url, &subject.place) {
        (Some(method), Some(url), _) => format!("{method} {url}"),
        // It was judged as one that reads.
        (None, Some(url), _) if subject.operation.is_some() => format!("GET (assumed) {url}"),
        (None, Some(url), _) => url.clone(),
        (_, None, Some(place)) => file(place).to_owned(),
        _ => "this token".to_owned(),
    }
}

/// A place without the folders of its file: they are the reader's own business.
pub(super) fn file(place: &str) -> &str {
    place.rsplit(['/', '\\']).next().unwrap_or(place)
}

/// What a diagnosis is about, with the status of the answer.
pub(super) fn answered(diagnosis: &Diagnosis) -> String {
    let subject = subject(diagnosis);
    match diagnosis.subject.status {
        Some(status) => format!("{subject} → {status}"),
        None => subject,
    }
}

/// A request as one line of a list: with its status and place, and what it names as needed.
pub(super) fn entry(diagnosis: &Diagnosis) -> String {
    let mut line = subject(diagnosis);
    if let Some(status) = diagnosis.subject.status {
        line.extend([" ", &status.to_string()]);
    }
    if let (Some(place), Some(_)) = (&diagnosis.subject.place, &diagnosis.subject.url) {
        line.extend([" (", file(place), ")"]);
    }
    let evidence = diagnosis
        .cause()
        .map(|f| f.evidence.as_slice())
        .unwrap_or_default();
    if let Some(needed) = evidence.iter().find(|e| e.place == "named as needed") {
        line.extend([": ", &needed.value]);
    }
    line
}

/// The credential in words: its form where there was one to look at, else what stands in for it.
pub(super) fn credential(token: &TokenView) -> Vec<String> {
    let mut words = vec![match token.seen {
        true => token.form.clone(),
        false => "not given".to_owned(),
    }];
    let assumed = if token.assumed { " (assumed)" } else { "" };
    words.extend(
        token
            .kind
            .iter()
            .map(|kind| format!("kind {kind}{assumed}")),
    );
    let scopes = token.scopes_from.iter().filter(|_| !token.seen);
    words.extend(scopes.map(|from| format!("scopes {from}")));
    words.extend(token.fingerprint.clone());
    words.extend(token.expires.iter().map(|at| format!("expires {at}")));
    words
}

/// The checks worth a line: those that fail, else those that are open, else (nothing in the way) those that pass.
pub(super) fn gates(diagnosis: &Diagnosis) -> Vec<&GateView> {
    let of = |answer: &str| -> Vec<&GateView> {
        let gates = diagnosis.gates.iter();
        gates.filter(|gate| gate.answer == answer).collect()
    };
    let failed = of("fail");
    if !failed.is_empty() {
        return failed.into_iter().take(2).collect();
    }
    // Where the cause is sure, what cannot be seen decides nothing.
    if is_sure(diagnosis) {
        return Vec::new();
    }
    let open: Vec<&GateView> = of("depends").into_iter().chain(of("cannot-see")).collect();
    match open.is_empty() && diagnosis.cause().is_none() {
        true => of("pass").into_iter().take(2).collect(),
        false => open.into_iter().take(2).collect(),
    }
}

/// Whether what the checks ask for rests on one report, which the vendor does not publish.
pub(super) fn is_reported(diagnosis: &Diagnosis) -> bool {
    let mut findings = diagnosis.findings.iter();
    findings.any(|finding| finding.cause == &NOTE_REPORTED)
}

/// Whose word it is what a check asks for, where the vendor does not say so.
pub(super) fn whose(diagnosis: &Diagnosis, gate: &GateView) -> String {
    match (is_reported(diagnosis), gate.unpublished.is_empty()) {
        (false, _) => String::new(),
        (true, true) => " (reported)".to_owned(),
        (true, false) => format!(" (reported; no such {} is published)", gate.gate),
    }
}

/// Whether the cause is stated or derived.
pub(super) fn is_sure(diagnosis: &Diagnosis) -> bool {
    let cause = diagnosis.cause();
    cause.is_some_and(|f| f.certainty < Certainty::Possible)
}

/// The step to take next: one with a command first. Where the cause is sure and its remedy is told, nothing is left to
/// find out.
pub(super) fn next(diagnosis: &Diagnosis, given: &Given) -> Option<Advice> {
    let fix = diagnosis.cause().and_then(|f| f.fix.as_ref());
    if is_sure(diagnosis) && fix.is_some() {
        return None;
    }
    let mut told = diagnosis.next.iter();
    // Without an answer nothing else can be found out.
    if let Some(reach) = told.find(|step| matches!(step, Step::Reach(_))) {
        return Some(step::advice(reach, &diagnosis.subject, given));
    }
    let steps = step::all(&diagnosis.next, &diagnosis.subject, given);
    // Without a table nothing is compared, whatever else is given.
    let table = |step: &Step| matches!(step, Step::NameTable);
    if diagnosis.next.first().is_some_and(table) {
        return steps.first().cloned();
    }
    let pasted = steps.iter().find(|step| step.command.is_some());
    pasted.or(steps.first()).cloned()
}

/// What else keeps the call out for certain, beside a cause that is sure: to repair one of them is not enough.
pub(super) fn besides(diagnosis: &Diagnosis) -> impl Iterator<Item = &Finding> {
    let cause = diagnosis.cause().filter(|_| is_sure(diagnosis));
    let others = diagnosis.findings.iter();
    let sure = |f: &&Finding| f.severity == Severity::Error && f.certainty < Certainty::Possible;
    let others = others.filter(sure);
    others.filter(move |f| cause.is_some_and(|cause| cause.cause != f.cause))
}

/// What else would explain it; nothing, where the cause is sure.
pub(super) fn others(diagnosis: &Diagnosis) -> Vec<&Finding> {
    let Some(cause) = diagnosis.cause().filter(|_| !is_sure(diagnosis)) else {
        return Vec::new();
    };
    let others = diagnosis.findings.iter();
    let mut others: Vec<&Finding> = others
        .filter(|f| f.severity == Severity::Error && f.cause != cause.cause)
        .collect();
    // What request, token or table show goes before what an answer may mean as well.
    others.sort_by_key(|f| f.by_answer);
    others
}

/// How sure, in a word.
pub(super) fn short(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated => "stated",
        Certainty::Derived => "derived",
        Certainty::Possible => "possible",
    }
}

/// What a request that was sent was for, in words.
pub(super) fn role(name: &str) -> &str {
    match name {
        "baseline" => "target without token",
        "sibling" => "invented path",
        own => own,
    }
}

/// That the status alone does not tell the cause.
pub(super) fn says_no_cause(diagnosis: &Diagnosis) -> String {
    let status = diagnosis.subject.status;
    let status = status
        .map(|status| format!(" {status}"))
        .unwrap_or_default();
    format!(
        "The answer{status} does not say why: by its status alone, several causes are possible."
    )
}

/// The sets of which one is needed, in words.
pub(super) fn alternatives(need: &[Vec<String>]) -> String {
    match need {
        [] => "not known".to_owned(),
        [set] => set.join(" and "),
        sets if sets.iter().all(|set| set.len() == 1) => {
            format!("one of {}", sets.concat().join(", "))
        }
        sets => sets
            .iter()
            .map(|set| set.join(" and "))
            .collect::<Vec<_>>()
            .join(", or "),
    }
}

/// In which case what is there is enough; where nothing of it is what is needed, that comes first.
fn enough_if(gate: &GateView) -> String {
    let on = gate.on.join(" or ");
    let mut needed = gate.need.iter().flatten();
    match needed.any(|name| gate.have.contains(name)) {
        true => format!("the {} is enough if {on}", gate.gate),
        false => format!(
            "{} is missing, and needed unless {on}",
            alternatives(&gate.need)
        ),
    }
}

/// Why nothing is decided, where there is no cause.
pub(super) fn undecided(diagnosis: &Diagnosis) -> String {
    let hidden: Vec<&str> = diagnosis
        .gates
        .iter()
        .filter(|g| g.answer == "cannot-see")
        .map(|g| g.gate.as_str())
        .collect();
    let depends = diagnosis.gates.iter().find(|g| g.answer == "depends");
    let failure = diagnosis.exchanges.iter().any(|e| e.failure.is_some());
    match (hidden.as_slice(), depends) {
        _ if failure => "no answer came".to_owned(),
        (_, Some(gate)) => enough_if(gate),
        ([], None) if diagnosis.subject.provider.is_none() => {
            "no requirement table names this host".to_owned()
        }
        ([], None) => "the evidence does not decide".to_owned(),
        ([gate], None) => format!("the {gate} is not visible from here"),
        (gates, None) => format!("the {} are not visible from here", gates.join(" and the ")),
    }
}

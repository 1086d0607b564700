//! Which explanation goes first, which falls away, and what the whole comes to.

use super::facts::Facts;
use super::said::Ending;
use crate::finding::{
    Argument, Attribute, Cause, Certainty, EDGE_BLOCKED, ENDPOINT_UNKNOWN, Finding,
    HEADER_MALFORMED, NOTE_ENFORCEMENT, SCOPE_MISSING, Severity, Verdict,
};

/// What a finding is worth that reads request, token or table.
const STATED: i32 = 60;
const DERIVED: i32 = 39;
const POSSIBLE: i32 = 8;
/// From here on a server's word is a code of its own.
const CODE: i32 = 56;

/// Drops what the answer rules out, joins findings of one cause, and puts first what most speaks for.
/// Returns what speaks for the causes and what against.
pub(super) fn settle(
    facts: &Facts<'_>,
    findings: &mut Vec<Finding>,
) -> (Vec<Argument>, Vec<Argument>) {
    if facts.answered() {
        drop_what_the_answer_rules_out(facts, findings);
    }
    if facts.followed() {
        // A hop or a call that was made again: its findings are notes, the later exchange has the verdict.
        for finding in findings
            .iter_mut()
            .filter(|f| f.severity == Severity::Error)
        {
            finding.severity = Severity::Warning;
        }
    }
    weigh(findings);
    // The order of CHECKS is the order of explanation where nothing else decides; of equal weight, what is published goes
    // before what one person reported.
    let reported = facts.is_reported();
    findings.sort_by_key(|finding| {
        let report = reported && is_report(finding);
        (finding.severity, std::cmp::Reverse(finding.weight), report)
    });
    drop_likeness(findings);
    let mut arguments = arguments(findings);
    let known = arguments
        .1
        .iter()
        .any(|own| own.cause == SCOPE_MISSING.code);
    let unchecked = facts.unchecked.iter().filter(|_| !known);
    arguments.1.extend(unchecked.map(|why| Argument {
        cause: SCOPE_MISSING.code,
        says: why.clone(),
        place: None,
    }));
    join(findings);
    if let Some(first) = findings.iter_mut().find(|f| f.severity == Severity::Error) {
        // Whatever stood before it was ruled out.
        first.message = first
            .message
            .replacen(" can also mean that ", " can mean that ", 1);
    }
    arguments
}

/// What the words are only like is a guess: none beside a cause that request, token, table or other calls show.
fn drop_likeness(findings: &mut Vec<Finding>) {
    let mut errors = findings.iter().filter(|f| f.severity == Severity::Error);
    let shown = errors.next().is_some_and(|first| !first.by_answer);
    if shown {
        findings.retain(|f| !f.alike || f.severity != Severity::Error);
    }
}

/// The one place where causes are compared: points for what speaks for each, whoever says it.
fn weigh(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|f| f.weight == 0) {
        finding.weight = match finding.certainty {
            Certainty::Stated => STATED,
            Certainty::Derived => DERIVED,
            Certainty::Possible => POSSIBLE,
        };
    }
    let said: Vec<(&'static Cause, i32)> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error && f.by_answer)
        .map(|f| (f.cause, f.weight))
        .collect();
    for finding in findings.iter_mut() {
        let plain = finding.severity == Severity::Error
            && finding.certainty == Certainty::Derived
            && !finding.by_answer;
        if !plain {
            continue;
        }
        let symptoms = said.iter().filter(|(cause, points)| {
            let mut explains = finding.cause.explains.iter();
            explains.any(|one| cause.is(one.symptoms) && (one.codes || *points < CODE))
        });
        let strongest = symptoms.map(|(_, points)| *points).max();
        finding.weight += strongest.unwrap_or_default();
    }
    // What the table shows goes before an answer that says no more than its status: as without the answer.
    let vague = findings.iter().filter(|f| f.vague).map(|f| f.weight).max();
    let shown = |f: &&mut Finding| {
        let by_table = f.cause == &ENDPOINT_UNKNOWN || f.cause.is(Attribute::Right);
        f.severity == Severity::Error && by_table && !f.by_answer
    };
    for finding in findings.iter_mut().filter(shown) {
        finding.weight = finding.weight.max(vague.map_or(0, |weight| weight + 1));
    }
    // A condition that cannot be checked never counts as met.
    for finding in findings.iter_mut().filter(|f| f.conditional) {
        finding.certainty = Certainty::Possible;
    }
}

fn arguments(findings: &[Finding]) -> (Vec<Argument>, Vec<Argument>) {
    let errors = findings.iter().filter(|f| f.severity == Severity::Error);
    let (mut speaks_for, mut against) = (Vec::new(), Vec::new());
    for finding in errors {
        let argument = |says: String| Argument {
            cause: finding.cause.code,
            says,
            place: finding.evidence.first().map(|seen| seen.place.clone()),
        };
        speaks_for.push(argument(finding.message.clone()));
        against.extend(finding.against.map(|why| argument(format!("{why}."))));
    }
    (speaks_for, against)
}

/// Whether it rests on one person's report.
fn is_report(finding: &Finding) -> bool {
    let source = finding.source.as_ref();
    finding.severity == Severity::Error
        && source.and_then(|source| source.trust.as_deref()) == Some("C")
}

fn drop_what_the_answer_rules_out(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    let ending = facts.ending();
    let success = ending == Some(Ending::Success);
    match ending {
        // The server did it: whatever table and token say against it is moot.
        Some(Ending::Success) => findings.retain(|f| f.severity != Severity::Error || f.by_answer),
        Some(Ending::NoAnswer) if facts.unheard() => {}
        Some(Ending::NoAnswer | Ending::Redirect) => {
            findings.retain(|f| f.severity != Severity::Error || f.cause.is(Attribute::Transport));
        }
        _ => {}
    }
    let sure = findings
        .iter()
        .any(|f| f.severity == Severity::Error && f.certainty == Certainty::Stated);
    let edge = findings
        .iter()
        .any(|f| f.cause == &EDGE_BLOCKED && f.certainty == Certainty::Stated);
    // A server that names a missing right checks it.
    let checked = |f: &Finding| f.certainty == Certainty::Stated && f.cause.is(Attribute::Right);
    if findings.iter().any(checked) {
        findings.retain(|f| f.cause != &NOTE_ENFORCEMENT);
    }
    if sure && !success {
        // A path that the table does not know explains nothing once the server has spoken of something else.
        findings.retain(|f| f.cause != &ENDPOINT_UNKNOWN || f.by_answer);
    }
    if edge {
        findings.retain(|f| {
            f.severity != Severity::Error
                || f.cause == &EDGE_BLOCKED
                || f.certainty < Certainty::Possible
        });
    }
}

/// One finding a cause: the first, with what the others saw.
fn join(findings: &mut Vec<Finding>) {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings.drain(..) {
        let same = kept.iter_mut().find(|k| {
            k.severity == Severity::Error
                && finding.severity == Severity::Error
                && k.cause == finding.cause
        });
        match same {
            Some(first) => {
                // What the table shows of a cause says more than an answer that only might mean it.
                let vague = first.by_answer && first.certainty == Certainty::Possible;
                if vague && !finding.by_answer {
                    first.certainty = finding.certainty;
                    first.message = finding.message;
                    first.source = finding.source;
                    first.fix = finding.fix;
                    first.open = finding.open;
                }
                first.evidence.extend(finding.evidence);
                first.denies |= finding.denies;
            }
            None => kept.push(finding),
        }
    }
    *findings = kept;
}

/// What an observed exchange comes to.
pub(super) fn verdict(facts: &Facts<'_>, ending: Ending, findings: &[Finding]) -> Verdict {
    let cause = findings
        .iter()
        .find(|f| f.severity == Severity::Error)
        .map(|f| f.cause);
    match (ending, cause) {
        (Ending::Success, None) => Verdict::Clear,
        _ if facts.followed() => Verdict::Clear,
        // The client itself refused to send it.
        (Ending::NoAnswer, Some(cause)) if cause == &HEADER_MALFORMED => Verdict::Denied,
        (Ending::Elsewhere(_) | Ending::NoAnswer | Ending::Redirect | Ending::NotRecorded, _)
        | (_, None) => Verdict::Unknown,
        (_, Some(cause)) if cause.is(Attribute::Passing) => Verdict::Unknown,
        _ => Verdict::Denied,
    }
}

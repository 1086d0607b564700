//! Which explanation goes first, which falls away, and what the whole comes to.

use super::facts::Facts;
use super::said::Ending;
use crate::finding::{
    CORS_PREFLIGHT, CREDENTIALS_INVALID, CSRF_BLOCKED, Cause, Certainty, EDGE_BLOCKED,
    ENDPOINT_UNKNOWN, Finding, HEADER_MALFORMED, HEADER_MISSING, HEADER_STRIPPED, HEADER_UNWANTED,
    RATE_LIMITED, SERVER_FAULT, Severity, TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_MALFORMED,
    TOKEN_SIGNATURE, TOKEN_TYPE, TOKEN_UNKNOWN, Verdict,
};

/// What a server says when it could not read a credential at all, or not the one that was meant.
const UNREAD: [&Cause; 9] = [
    &HEADER_MISSING,
    &HEADER_STRIPPED,
    &TOKEN_MALFORMED,
    &TOKEN_UNKNOWN,
    &TOKEN_SIGNATURE,
    &TOKEN_AUDIENCE,
    &TOKEN_ISSUER,
    &CREDENTIALS_INVALID,
    &HEADER_MALFORMED,
];

/// Drops what the answer rules out, joins findings of one cause, and puts the surest first.
pub(super) fn settle(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
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
    let stated = findings
        .iter()
        .find(|f| f.severity == Severity::Error && f.certainty == Certainty::Stated)
        .map(|f| f.cause);
    // The order of CHECKS is the order of explanation; a surer cause still goes first, and of equally sure ones what
    // is published before what one person reported.
    let reported = facts.is_reported();
    findings.sort_by_key(|finding| {
        let rank = match finding.severity {
            Severity::Error => rank(finding, stated),
            _ => 0,
        };
        (finding.severity, rank, reported && is_report(finding))
    });
    join(findings);
}

/// The surest first; a fault of the request that is plain to see comes before what the server made of it, and a wrong
/// kind of token before the audience or issuer that betrays it.
fn rank(finding: &Finding, stated: Option<&'static Cause>) -> u8 {
    let explains = stated.is_none_or(|cause| UNREAD.contains(&cause));
    let plain = [
        &HEADER_MALFORMED,
        &HEADER_UNWANTED,
        &HEADER_STRIPPED,
        &CORS_PREFLIGHT,
        &CSRF_BLOCKED,
        &TOKEN_MALFORMED,
    ];
    let of_header =
        plain.contains(&finding.cause) && finding.certainty == Certainty::Derived && explains;
    let of_kind = finding.cause == &TOKEN_TYPE
        && finding.certainty == Certainty::Derived
        && stated.is_some_and(|c| [&TOKEN_AUDIENCE, &TOKEN_ISSUER, &TOKEN_SIGNATURE].contains(&c));
    match finding.certainty {
        _ if of_header => 0,
        _ if of_kind => 1,
        Certainty::Stated => 2,
        Certainty::Derived => 3,
        Certainty::Possible => 4,
    }
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
            let of_transport = [&HEADER_MISSING, &HEADER_STRIPPED, &HEADER_MALFORMED];
            findings.retain(|f| f.severity != Severity::Error || of_transport.contains(&f.cause));
        }
        _ => {}
    }
    let sure = findings
        .iter()
        .any(|f| f.severity == Severity::Error && f.certainty == Certainty::Stated);
    let edge = findings
        .iter()
        .any(|f| f.cause == &EDGE_BLOCKED && f.certainty == Certainty::Stated);
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
        (_, Some(cause)) if cause == &RATE_LIMITED || cause == &SERVER_FAULT => Verdict::Unknown,
        _ => Verdict::Denied,
    }
}

//! Which explanation goes first, which falls away, and what the whole comes to.

use super::facts::Facts;
use super::said::Ending;
use crate::finding::{
    Argument, BINDING_REQUIRED, CORS_PREFLIGHT, CREDENTIALS_INVALID, CSRF_BLOCKED, Cause,
    Certainty, EDGE_BLOCKED, ENDPOINT_UNKNOWN, Finding, HEADER_MALFORMED, HEADER_MISSING,
    HEADER_STRIPPED, HEADER_UNWANTED, PERMISSION_MISSING, RATE_LIMITED, REGION_MISMATCH,
    RESOURCE_NOT_SHARED, SCOPE_MISSING, SERVER_FAULT, Severity, TOKEN_AUDIENCE, TOKEN_EXPIRED,
    TOKEN_ISSUER, TOKEN_MALFORMED, TOKEN_NOT_YET_VALID, TOKEN_REVOKED, TOKEN_SIGNATURE, TOKEN_TYPE,
    TOKEN_UNKNOWN, Verdict,
};

/// What a server says when it could not read a credential at all, or not the one that was meant.
const UNREAD: &[&Cause] = &[
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

/// What a server says of a token that it could not verify or does not have.
const DEAD: &[&Cause] = &[
    &TOKEN_UNKNOWN,
    &TOKEN_REVOKED,
    &TOKEN_SIGNATURE,
    &TOKEN_MALFORMED,
];

/// What a server says of rights, whichever of them is meant.
const RIGHTS: &[&Cause] = &[&PERMISSION_MISSING, &RESOURCE_NOT_SHARED];

/// A fault that is plain to see in request, token or table, and what a server says that meets it: the fault inherits what
/// speaks for its symptoms.
struct Explains {
    fault: &'static Cause,
    symptoms: &'static [&'static Cause],
    /// Whether a code of the provider's own counts as a symptom too; else it stands against the fault.
    codes: bool,
}

const EXPLAINS: [Explains; 13] = [
    Explains {
        fault: &HEADER_MALFORMED,
        symptoms: UNREAD,
        codes: true,
    },
    Explains {
        fault: &HEADER_UNWANTED,
        symptoms: UNREAD,
        codes: true,
    },
    Explains {
        fault: &HEADER_STRIPPED,
        symptoms: UNREAD,
        codes: true,
    },
    Explains {
        fault: &CORS_PREFLIGHT,
        symptoms: UNREAD,
        codes: true,
    },
    Explains {
        fault: &CSRF_BLOCKED,
        symptoms: UNREAD,
        codes: true,
    },
    Explains {
        fault: &TOKEN_MALFORMED,
        symptoms: UNREAD,
        codes: true,
    },
    Explains {
        fault: &TOKEN_TYPE,
        symptoms: &[&TOKEN_AUDIENCE, &TOKEN_ISSUER, &TOKEN_SIGNATURE],
        codes: true,
    },
    Explains {
        fault: &TOKEN_ISSUER,
        symptoms: DEAD,
        codes: false,
    },
    Explains {
        fault: &TOKEN_EXPIRED,
        symptoms: DEAD,
        codes: false,
    },
    Explains {
        fault: &TOKEN_NOT_YET_VALID,
        symptoms: DEAD,
        codes: false,
    },
    Explains {
        fault: &BINDING_REQUIRED,
        symptoms: DEAD,
        codes: false,
    },
    Explains {
        fault: &REGION_MISMATCH,
        symptoms: DEAD,
        codes: false,
    },
    Explains {
        fault: &SCOPE_MISSING,
        symptoms: RIGHTS,
        codes: false,
    },
];

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
    let arguments = arguments(findings);
    join(findings);
    arguments
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
        let explains = EXPLAINS.iter().find(|e| e.fault == finding.cause);
        let Some(explains) = explains.filter(|_| plain) else {
            continue;
        };
        let symptoms = said.iter().filter(|(cause, points)| {
            explains.symptoms.contains(cause) && (explains.codes || *points < CODE)
        });
        let strongest = symptoms.map(|(_, points)| *points).max();
        finding.weight += strongest.unwrap_or_default();
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

//! The report for a ticket: a reply of a few lines that can be sent as it is, everything else folded away. Without a
//! secret, and without a word of the server's that formats itself.

use super::given::Given;
use super::group::{self, Group, certainty, groups, subject};
use super::span::{cell, code, sentence};
use crate::finding::{
    Certainty, Diagnosis, Evidence, Finding, NOTE_CORRELATION, Report, Severity, Tally, Verdict,
};
use std::fmt::Write as _;

/// So many further requests of a group are listed.
const LISTED: usize = 20;

/// The whole report.
pub(super) fn report(report: &Report, given: &Given) -> String {
    let groups = groups(report);
    let mut out = String::new();
    if report.counted() > 1 {
        let tally = group::tally(report);
        let _ = writeln!(out, "**{}**\n", group::summary(report, &tally));
        counts(&mut out, &tally);
    }
    for group in &groups {
        reply(&mut out, group.first, given);
        details(&mut out, group, given);
    }
    for skipped in &report.skipped {
        let _ = writeln!(
            out,
            "- skipped: {}: {}",
            code(&skipped.place),
            code(&skipped.why)
        );
    }
    if let Some(more) = report.more_skipped() {
        let _ = writeln!(out, "- not looked at: {more}");
    }
    out
}

/// The table of what many requests came to.
fn counts(out: &mut String, tally: &Tally) {
    out.push_str("| count | status | request | cause | missing |\n|---:|---:|---|---|---|\n");
    let cell = |text: &str| cell(&code(text));
    let rows = tally.rows();
    let wrong = rows.iter();
    let wrong = wrong.filter(|(row, _)| row.verdict() != Verdict::Clear);
    for (row, count) in wrong.take(LISTED) {
        let status = row.status.map_or_else(|| "–".to_owned(), |s| s.to_string());
        let method = row.method.as_deref().unwrap_or_default();
        let cause = row.cause.map_or("undecided", |(code, _)| code);
        let missing = match row.missing.is_empty() {
            true => String::new(),
            false => cell(&row.missing.join(", ")),
        };
        let request = cell(format!("{method} {}", row.operation).trim());
        let _ = writeln!(
            out,
            "| {count} | {status} | {request} | {cause} | {missing} |"
        );
    }
    out.push('\n');
}

/// So many other explanations are named in the reply.
const OTHERS: usize = 3;

/// What can be sent as it is, also to somebody who has never seen this program: what happened, why and how sure that is,
/// what to do, and the id that the vendor's support asks for.
fn reply(out: &mut String, diagnosis: &Diagnosis, given: &Given) {
    let status = diagnosis.subject.status;
    let status = status.map(|s| format!(" → {s}")).unwrap_or_default();
    let verdict = match diagnosis.verdict {
        Verdict::Denied => "Denied",
        Verdict::Unknown => "Undecided",
        Verdict::Clear => "Nothing found in the way",
    };
    let _ = writeln!(
        out,
        "**{verdict}:** {}{status}\n",
        code(&subject(diagnosis))
    );
    if let Some(finding) = diagnosis.cause() {
        let sure = certain(diagnosis, finding);
        let _ = writeln!(out, "{} {sure}\n", sentence(&finding.message));
    } else if diagnosis.verdict == Verdict::Unknown {
        let failure = diagnosis.exchanges.iter().find_map(|e| e.failure.as_ref());
        let why = failure.map(|why| format!(": {}", code(why)));
        let open = sentence(&capital(&group::undecided(diagnosis)));
        let _ = writeln!(out, "{open}{}.\n", why.unwrap_or_default());
    }
    checks(out, diagnosis);
    if let Some(living) = &diagnosis.living {
        let text = format!("Not expired, revoked, unknown or of another region: {living}.");
        let _ = writeln!(out, "- {}", sentence(&text));
    }
    let fix = diagnosis.cause().and_then(|f| f.fix.as_ref());
    if let Some(fix) = fix {
        let _ = writeln!(out, "- What to do: {}", sentence(&fix.text));
    }
    // A command of this program is for whoever has it: it stands below.
    let next = group::next(diagnosis, given).filter(|step| step.command.is_none());
    if let Some(step) = next {
        let _ = writeln!(out, "- Next: {}", sentence(&step.text));
    }
    let others = others_in_words(diagnosis);
    if !others.is_empty() {
        let _ = writeln!(out, "- Also possible: {}", sentence(&others));
    }
    for seen in ids(diagnosis) {
        let _ = match seen.place.as_str() {
            "request id" => writeln!(out, "- For the vendor's support: {}", code(&seen.value)),
            _ => writeln!(
                out,
                "- For the vendor's support: the value of {}, which this file hides",
                code(&seen.value)
            ),
        };
    }
    out.push('\n');
}

/// The checks that fail or are open, in words.
fn checks(out: &mut String, diagnosis: &Diagnosis) {
    let gates = group::gates(diagnosis).into_iter();
    for gate in gates.filter(|gate| gate.answer != "pass") {
        let have = match (gate.answer, gate.have.is_empty()) {
            ("cannot-see", _) => "not visible in the token".to_owned(),
            (_, true) => "have nothing".to_owned(),
            (_, false) => format!("have {}", code(&gate.have.join(", "))),
        };
        let need = gate.need.iter().map(|set| code(&set.join(" and ")));
        let mut need: Vec<String> = need.collect();
        if need.is_empty() {
            need.push("not known".to_owned());
        }
        let by = match group::is_reported(diagnosis) {
            true => " (reported, not published)",
            false => "",
        };
        let _ = writeln!(
            out,
            "- {}: {have}; need {}{by}",
            sentence(&gate.gate),
            need.join(" or ")
        );
    }
}

/// How sure the cause is, as a sentence.
fn certain(diagnosis: &Diagnosis, finding: &Finding) -> String {
    match finding.certainty {
        Certainty::Stated => "The server itself says so.".to_owned(),
        Certainty::Derived => format!("This is {}.", group::sure(diagnosis, finding)),
        Certainty::Possible if !finding.open.is_empty() => format!(
            "This is the likeliest reason, not a certain one: it is not known {}.",
            finding.open.join(", nor ")
        ),
        Certainty::Possible => "This is the likeliest reason, not a certain one.".to_owned(),
    }
}

/// Other explanations in words.
fn others_in_words(diagnosis: &Diagnosis) -> String {
    let cause = diagnosis.cause().map(|finding| finding.cause);
    let others = diagnosis.findings.iter();
    let others = others.filter(|f| f.severity == Severity::Error && Some(f.cause) != cause);
    let words: Vec<&str> = others.map(|f| f.cause.summary).take(OTHERS).collect();
    words.join(" ")
}

/// The ids by which the vendor's support finds the request.
fn ids(diagnosis: &Diagnosis) -> impl Iterator<Item = &Evidence> {
    let notes = diagnosis.findings.iter();
    let notes = notes.filter(|f| f.cause == &NOTE_CORRELATION);
    notes.flat_map(|f| &f.evidence)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Everything else, folded.
fn details(out: &mut String, group: &Group<'_>, given: &Given) {
    let diagnosis = group.first;
    out.push_str("<details><summary>Evidence, sources and notes</summary>\n\n");
    if diagnosis.token.form != "absent" {
        let token = &diagnosis.token;
        let mut words = vec![token.form.clone()];
        words.extend(token.kind.iter().map(|k| format!("kind {k}")));
        words.extend(token.fingerprint.clone());
        words.extend(token.expires.iter().map(|at| format!("expires {at}")));
        let _ = writeln!(out, "- token: {}", code(&words.join(" · ")));
    }
    if let Some(step) = group::next(diagnosis, given)
        && let Some(command) = &step.command
    {
        let text = step.elsewhere.unwrap_or(&step.text);
        let _ = writeln!(out, "- next: {}", sentence(text));
        if step.elsewhere.is_none() {
            let _ = writeln!(out, "  {}", code(command));
        }
    }
    let findings = diagnosis.findings.iter();
    for finding in findings.clone().filter(|f| f.severity == Severity::Error) {
        cause(out, finding);
    }
    for finding in findings.filter(|f| f.severity != Severity::Error) {
        let _ = writeln!(out, "- note: {}", sentence(&finding.message));
    }
    for text in &diagnosis.ruled_out {
        let _ = writeln!(out, "- not: {}", sentence(text));
    }
    others(out, group);
    out.push_str("\n</details>\n\n");
}

fn cause(out: &mut String, finding: &Finding) {
    let _ = writeln!(
        out,
        "- **{}** ({}): {}",
        finding.cause.code,
        certainty(finding.certainty),
        sentence(&finding.message)
    );
    for evidence in &finding.evidence {
        let _ = writeln!(
            out,
            "  - {}: {}",
            sentence(&evidence.place),
            code(&evidence.value)
        );
    }
    if let Some(source) = &finding.source {
        let date = source.date.as_deref().unwrap_or("no date");
        let _ = writeln!(out, "  - source: {}, {date}", code(&source.name));
    }
    if let Some(fix) = &finding.fix {
        let _ = writeln!(out, "  - fix: {}", sentence(&fix.text));
    }
}

fn others(out: &mut String, group: &Group<'_>) {
    if group.more() == 0 {
        return;
    }
    let _ = writeln!(out, "- the same:");
    for other in group.others.iter().take(LISTED) {
        let _ = writeln!(out, "  - {}", code(&group::entry(other)));
    }
    if group.more() > LISTED {
        let _ = writeln!(out, "  - and {} more", group.more() - LISTED);
    }
}

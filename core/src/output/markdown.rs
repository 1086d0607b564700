//! The report for a ticket: a reply of a few lines that can be sent as it is, everything else folded away. Without a
//! secret, and without a word of the server's that formats itself.

use super::given::Given;
use super::group::{self, Group, groups, subject};
use super::sheet::counted;
use super::span::{cell, code, sentence};
use super::wrap::cut;
use crate::finding::{
    Certainty, Diagnosis, Evidence, Finding, GateView, NOTE_CORRELATION, Report, Severity, Tally,
    TallyRow, Verdict,
};
use std::fmt::Write as _;

/// So many further requests of a group are listed.
const LISTED: usize = 20;

/// The whole report.
pub(super) fn report(report: &Report, given: &Given) -> String {
    let groups = groups(report);
    let mut out = String::new();
    let many = report.counted() > 1;
    let mut room = OPEN;
    if many {
        let tally = group::tally(report);
        let _ = writeln!(out, "**{}**\n", group::summary(report, &tally));
        // The summary, the head of the table, the request and the reason.
        room = OPEN - 5 - counts(&mut out, &tally);
    }
    for (number, group) in groups.iter().enumerate() {
        let told = match (many, number) {
            (false, _) => Told::Whole,
            (true, 0) => Told::Short(room),
            (true, _) => Told::Folded,
        };
        if told != Told::Folded {
            reply(&mut out, group.first, given, told);
        }
        details(&mut out, group, given, told);
    }
    for skipped in &report.skipped {
        let _ = writeln!(
            out,
            "- skipped: {}: {}",
            code(group::file(&skipped.place)),
            code(&skipped.why)
        );
    }
    if let Some(more) = report.more_skipped() {
        let _ = writeln!(out, "- not looked at: {more}");
    }
    out
}

/// How much of a group stands open: one request has ten lines, many have them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Whole,
    /// So many points.
    Short(usize),
    Folded,
}

/// So many lines stand open.
const OPEN: usize = 10;

/// So many rows of the table stand open.
const ROWS: usize = 3;

/// So many names of a list stand in a line.
const NAMES: usize = 3;

/// The table of what many requests came to; how many of its rows stand open.
fn counts(out: &mut String, tally: &Tally) -> usize {
    let rows = tally.rows();
    let wrong = rows.iter();
    let wrong = wrong.filter(|(row, _)| row.verdict() != Verdict::Clear);
    let wrong: Vec<String> = wrong.take(LISTED).map(row).collect();
    let (open, folded) = wrong.split_at(wrong.len().min(ROWS));
    table(out, open);
    if !folded.is_empty() {
        let _ = writeln!(
            out,
            "<details><summary>{} more</summary>\n",
            counted(folded.len(), "row")
        );
        table(out, folded);
        out.push_str("</details>\n\n");
    }
    open.len()
}

fn table(out: &mut String, rows: &[String]) {
    out.push_str("| count | status | request | cause | missing |\n|---:|---:|---|---|---|\n");
    for row in rows {
        out.push_str(row);
    }
    out.push('\n');
}

fn row((row, count): &(&TallyRow, usize)) -> String {
    let status = row.status.map_or_else(|| "–".to_owned(), |s| s.to_string());
    let method = row.method.as_deref().unwrap_or_default();
    let cause = row.cause.map_or("undecided", |(code, _)| code);
    let missing = cell(&few(&row.missing, ", ", "and"));
    let request = cell(&code(format!("{method} {}", row.operation).trim()));
    format!("| {count} | {status} | {request} | {cause} | {missing} |\n")
}

/// The first names of a list, and how many others there are.
fn few(names: &[String], between: &str, last: &str) -> String {
    let own: Vec<String> = names.iter().map(|name| code(name)).collect();
    match names.len().saturating_sub(NAMES) {
        0 | 1 => own.join(between),
        more => format!("{} {last} {more} more", own[..NAMES].join(between)),
    }
}

/// So many other explanations are named in the reply.
const OTHERS: usize = 3;

/// What can be sent as it is, also to somebody who has never seen this program: what happened, why and how sure that is,
/// what to do, and the id that the vendor's support asks for.
fn reply(out: &mut String, diagnosis: &Diagnosis, given: &Given, told: Told) {
    let _ = writeln!(out, "**{}:** {}\n", verdict(diagnosis), about(diagnosis));
    let open = diagnosis.open_causes();
    if !open.is_empty() {
        let text = group::says_no_cause(diagnosis);
        let causes: Vec<&str> = open
            .iter()
            .take(OTHERS + 1)
            .map(|f| f.cause.summary)
            .collect();
        let _ = writeln!(
            out,
            "{} It could be: {}\n",
            sentence(&text),
            sentence(&causes.join(" "))
        );
    } else if let Some(finding) = diagnosis.cause() {
        let sure = certain(diagnosis, finding);
        let _ = writeln!(out, "{} {sure}\n", sentence(&finding.message));
    } else if diagnosis.verdict == Verdict::Unknown {
        let failure = diagnosis.exchanges.iter().find_map(|e| e.failure.as_ref());
        let why = failure.map(|why| format!(": {}", code(why)));
        let open = sentence(&capital(&group::undecided(diagnosis)));
        let _ = writeln!(out, "{open}{}.\n", why.unwrap_or_default());
    }
    let mut points = points(diagnosis, given);
    if let Told::Short(room) = told {
        while points.len() > room {
            let least = points.iter().map(|(weight, _)| *weight).max();
            let at = points
                .iter()
                .rposition(|(weight, _)| Some(*weight) == least);
            points.remove(at.unwrap_or_default());
        }
    }
    for (_, point) in points {
        let _ = writeln!(out, "- {point}");
    }
    out.push('\n');
}

/// What is known, what to do and what else may be, in the order of reading; the number says which gives way first: the
/// highest.
fn points(diagnosis: &Diagnosis, given: &Given) -> Vec<(u8, String)> {
    let mut points: Vec<(u8, String)> = Vec::new();
    points.extend(checks(diagnosis).into_iter().map(|check| (1, check)));
    points.extend(said(diagnosis).map(|said| (4, format!("The server's words: {}", code(&said)))));
    if let Some(living) = &diagnosis.living {
        let text = format!("Not expired, revoked, unknown or of another region: {living}.");
        points.push((3, sentence(&text)));
    }
    let besides = group::besides(diagnosis);
    points.extend(besides.map(|own| (1, format!("Also: {}", sentence(&own.message)))));
    let open = !diagnosis.open_causes().is_empty();
    let cause = diagnosis.cause().filter(|_| !open);
    let fix = cause.and_then(|f| f.fix.as_ref());
    points.extend(fix.map(|fix| (0, format!("What to do: {}", sentence(&fix.text)))));
    // A command of this program is for whoever has it: it stands below.
    let next = group::next(diagnosis, given).filter(|step| step.command.is_none());
    points.extend(next.map(|step| (4, format!("Next: {}", sentence(&step.text)))));
    let others = others_in_words(diagnosis);
    if !others.is_empty() && !open {
        points.push((5, format!("Also possible: {}", sentence(&others))));
    }
    if let Some(seen) = ids(diagnosis).next() {
        let id = code(&seen.value);
        let id = match seen.place.as_str() {
            "request id" => id,
            _ => format!("the value of {id} in the original (removed here)"),
        };
        points.push((2, format!("For the vendor's support: {id}")));
    }
    points
}

fn verdict(diagnosis: &Diagnosis) -> &'static str {
    match diagnosis.verdict {
        Verdict::Denied => "Denied",
        Verdict::Unknown => "Undecided",
        Verdict::Clear => "No problem found",
    }
}

/// The request, and the status of its answer.
fn about(diagnosis: &Diagnosis) -> String {
    let status = diagnosis.subject.status;
    let status = status.map(|s| format!(" → {s}")).unwrap_or_default();
    format!("{}{status}", code(&subject(diagnosis)))
}

/// The checks that fail or are open, in words.
fn checks(diagnosis: &Diagnosis) -> Vec<String> {
    let gates = group::gates(diagnosis).into_iter();
    let in_words = |gate: &GateView| {
        let have = match (gate.answer, gate.have.is_empty()) {
            ("cannot-see", _) => "not visible in the token".to_owned(),
            (_, true) => "have nothing".to_owned(),
            (_, false) => format!("have {}", few(&gate.have, ", ", "and")),
        };
        let need: Vec<String> = gate.need.iter().map(|set| set.join(" and ")).collect();
        let need = match need.as_slice() {
            [] => "not known".to_owned(),
            [one] => code(one),
            sets => format!("one of {}", few(sets, ", ", "and")),
        };
        let by = group::whose(diagnosis, gate);
        format!("{}: {have}; need {need}{by}", sentence(&gate.gate))
    };
    gates
        .filter(|gate| gate.answer != "pass")
        .map(in_words)
        .collect()
}

/// So many letters of an answer stand in the reply.
const SAID: usize = 160;

/// What the server answered, in its own words, as far as the reason does not repeat them.
fn said(diagnosis: &Diagnosis) -> Option<String> {
    let said = diagnosis.said.as_deref()?;
    let told = diagnosis
        .cause()
        .is_some_and(|own| own.message.contains(said));
    (!told).then(|| cut(said, SAID))
}

/// How sure the cause is, as a sentence.
fn certain(diagnosis: &Diagnosis, finding: &Finding) -> String {
    match finding.certainty {
        Certainty::Stated => "The server itself says so.".to_owned(),
        Certainty::Derived => format!("This is {}.", diagnosis.sure(finding)),
        Certainty::Possible if !finding.open.is_empty() => format!(
            "This is the likeliest reason, not a certain one: it is not known {}.",
            finding.open.join(", nor ")
        ),
        Certainty::Possible => "This is the likeliest reason, not a certain one.".to_owned(),
    }
}

/// Other explanations in words.
fn others_in_words(diagnosis: &Diagnosis) -> String {
    let others = group::others(diagnosis).into_iter();
    // What the words are only like is a guess, and what something speaks against is hardly a reason.
    let opposed = |f: &Finding| {
        let mut arguments = diagnosis.counterarguments.iter();
        arguments.any(|argument| argument.cause == f.cause.code)
    };
    let others = others.filter(|f| !f.vague && !opposed(f)).take(OTHERS);
    let words: Vec<&str> = others.map(|f| f.cause.summary).collect();
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
fn details(out: &mut String, group: &Group<'_>, given: &Given, told: Told) {
    let diagnosis = group.first;
    let title = match (told, diagnosis.cause()) {
        (Told::Folded, Some(finding)) => format!("{}: {}", verdict(diagnosis), finding.cause.code),
        (Told::Folded, None) => verdict(diagnosis).to_owned(),
        _ => "Evidence, sources and notes".to_owned(),
    };
    let _ = writeln!(out, "<details><summary>{title}</summary>\n");
    if told == Told::Folded {
        reply(out, diagnosis, given, Told::Whole);
    }
    if diagnosis.token.form != "absent" {
        let token = &diagnosis.token;
        let words = group::credential(token).join(" · ");
        let _ = writeln!(out, "- token: {}", code(&words));
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
        cause(out, diagnosis, finding);
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

fn cause(out: &mut String, diagnosis: &Diagnosis, finding: &Finding) {
    let _ = writeln!(
        out,
        "- **{}** ({}): {}",
        finding.cause.code,
        diagnosis.sure(finding),
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

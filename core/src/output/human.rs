//! The report for people: the verdict in one sentence, have / need / missing, evidence, what it is not, what next.

use super::escape::terminal;
use super::group::{self, Group, certainty, groups, subject};
use super::style::Style;
use crate::finding::{Diagnosis, Finding, Gate, Report, Severity, Source, TokenView, Verdict};
use std::fmt::Write as _;

/// Claims shown in a report; the JSON has them whole.
const CLAIMS: usize = 40;

/// Writes lines into a string; writing there cannot fail.
struct Page {
    text: String,
    style: Style,
    /// Sources already printed, by their line: each is written out once and referred to by number.
    sources: Vec<String>,
}

impl Page {
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn untrusted(&mut self, indent: usize, text: &str) {
        self.line(indent, &terminal(text));
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }
}

/// The whole report.
pub fn report(report: &Report, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
        sources: Vec::new(),
    };
    let groups = groups(report);
    let many = report.counted() > 1;
    if many {
        page.untrusted(0, &group::summary(report, &groups));
    }
    for (number, group) in groups.iter().enumerate() {
        if number > 0 || many {
            page.blank();
        }
        diagnosis_on(&mut page, group.first);
        others_on(&mut page, group);
    }
    if !report.skipped.is_empty() {
        page.blank();
    }
    for skipped in &report.skipped {
        page.untrusted(
            0,
            &format!("not looked at: {}: {}", skipped.place, skipped.why),
        );
    }
    page.text
}

fn diagnosis_on(page: &mut Page, diagnosis: &Diagnosis) {
    headline(page, diagnosis);
    let plain = ["HAR", "exchange records", "log lines"];
    // A file of these forms needs no word on what it is.
    if let Some(read_as) = diagnosis
        .read_as
        .as_ref()
        .filter(|read| !plain.contains(&read.form.as_str()))
    {
        let used = read_as.used.join(", ");
        page.untrusted(2, &format!("read as  {}; {used}", read_as.form));
    }
    let recorded = diagnosis.subject.place.is_some();
    token(
        page,
        &diagnosis.token,
        diagnosis.subject.url.is_none() && !recorded,
        recorded,
        diagnosis.was_asked(),
    );
    asked(page, diagnosis);
    for gate in &diagnosis.gates {
        gate_on(page, gate);
    }
    findings(
        page,
        "Why",
        diagnosis
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error),
    );
    findings(
        page,
        "Notes",
        diagnosis
            .findings
            .iter()
            .filter(|f| f.severity != Severity::Error),
    );
    if !diagnosis.ruled_out.is_empty() {
        page.blank();
        page.line(0, "What it is not");
        for text in &diagnosis.ruled_out {
            page.untrusted(2, &format!("- {text}"));
        }
    }
    if !diagnosis.next.is_empty() {
        page.blank();
        page.line(0, "Next");
        for next in &diagnosis.next {
            page.untrusted(2, &format!("- {}", next.text));
            if let Some(command) = &next.command {
                page.untrusted(6, &format!("$ {command}"));
            }
        }
    }
}

/// What the live server was asked, a line a request.
fn asked(page: &mut Page, diagnosis: &Diagnosis) {
    if !diagnosis.was_asked() {
        return;
    }
    page.blank();
    page.line(2, "asked");
    for exchange in &diagnosis.exchanges {
        let answer = match (exchange.status, &exchange.failure) {
            (Some(status), _) => status.to_string(),
            (None, Some(why)) => format!("no answer: {why}"),
            (None, None) => "no answer".to_owned(),
        };
        page.untrusted(
            4,
            &format!(
                "{:22} {:7} {}  {answer}",
                exchange.role, exchange.method, exchange.url
            ),
        );
    }
}

fn headline(page: &mut Page, diagnosis: &Diagnosis) {
    let mut subject = terminal(&subject(diagnosis));
    if let Some(status) = diagnosis.subject.status {
        let _ = write!(subject, " → {status}");
    }
    let style = page.style;
    let sentence = match (diagnosis.verdict, diagnosis.cause()) {
        (Verdict::Denied, Some(cause)) => format!(
            "{} {subject}: {} ({})",
            style.bad("DENIED"),
            cause.cause.code,
            certainty(cause.certainty)
        ),
        (Verdict::Denied, None) => format!("{} {subject}", style.bad("DENIED")),
        (Verdict::Unknown, Some(cause)) => format!(
            "{} {subject}: {} ({})",
            style.unsure("CANNOT TELL"),
            cause.cause.code,
            certainty(cause.certainty)
        ),
        (Verdict::Unknown, None) => format!(
            "{} {subject}: {}",
            style.unsure("CANNOT TELL"),
            undecided(diagnosis)
        ),
        (Verdict::Clear, _)
            if diagnosis.subject.url.is_none() && diagnosis.subject.place.is_none() =>
        {
            format!(
                "{} nothing wrong is visible in {subject}",
                style.good("READ")
            )
        }
        (Verdict::Clear, _) => format!(
            "{} {subject}: nothing found in the way",
            style.good("CLEAR")
        ),
    };
    page.line(0, &sentence);
}

fn undecided(diagnosis: &Diagnosis) -> String {
    let hidden: Vec<&str> = diagnosis
        .gates
        .iter()
        .filter(|g| g.answer == "cannot-see")
        .map(|g| g.gate.as_str())
        .collect();
    let depends = diagnosis.gates.iter().find(|g| g.answer == "depends");
    match (hidden.as_slice(), depends) {
        (_, Some(gate)) => format!(
            "the {} held is enough only if {}",
            gate.gate,
            terminal(&gate.on.join(" or "))
        ),
        ([], None) if diagnosis.subject.provider.is_none() => {
            "no requirement table speaks of this host".to_owned()
        }
        ([], None) => "the evidence does not decide".to_owned(),
        (gates, None) => format!("the {} cannot be seen from here", gates.join(" and the ")),
    }
}

/// So many further requests of a group are listed.
const LISTED: usize = 20;

fn others_on(page: &mut Page, group: &Group<'_>) {
    if group.more() == 0 {
        return;
    }
    page.blank();
    page.line(0, &format!("The same, {} more", group.more()));
    for other in group.others.iter().take(LISTED) {
        page.untrusted(2, &format!("- {}", group::entry(other)));
    }
    if group.more() > LISTED {
        page.line(
            2,
            &format!(
                "… and {} more (`--format jsonl` has them all)",
                group.more() - LISTED
            ),
        );
    }
}

fn token(page: &mut Page, token: &TokenView, alone: bool, recorded: bool, asked: bool) {
    if token.form == "absent" {
        let word = if recorded && !asked {
            "none is in the evidence"
        } else {
            "none was given"
        };
        page.line(2, &format!("token    {word}"));
        return;
    }
    let mut words = vec![token.form.clone()];
    words.extend(token.kind.iter().map(|kind| format!("kind {kind}")));
    words.extend(token.fingerprint.clone());
    words.extend(token.expires.iter().map(|at| format!("expires {at}")));
    page.untrusted(2, &format!("token    {}", words.join(" · ")));
    if let Some(what) = token.what.as_ref().filter(|_| alone) {
        page.untrusted(2, &format!("is       {what}"));
    }
    if let Some(checked) = &token.checked {
        page.untrusted(2, &format!("checked  {checked}"));
    }
    if alone {
        contents(page, token);
    }
}

fn contents(page: &mut Page, token: &TokenView) {
    if let Some(scopes) = &token.scopes {
        let list = if scopes.is_empty() {
            "(empty)".to_owned()
        } else {
            scopes.join(" ")
        };
        page.untrusted(
            2,
            &format!(
                "scopes   {list}  [{}]",
                token
                    .scopes_from
                    .as_ref()
                    .map_or_else(|| "given".to_owned(), ToString::to_string)
            ),
        );
    }
    for (title, members) in [("header", &token.header), ("claims", &token.claims)] {
        let Some(members) = members else { continue };
        page.line(2, title);
        for (name, value) in members.iter().take(CLAIMS) {
            page.untrusted(4, &format!("{name}: {}", cut(&value.to_string())));
        }
        if members.len() > CLAIMS {
            page.line(
                4,
                &format!(
                    "… and {} more (`--format json` has them all)",
                    members.len() - CLAIMS
                ),
            );
        }
    }
}

fn cut(text: &str) -> String {
    const WIDTH: usize = 300;
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    text.chars().take(WIDTH).chain(['…']).collect()
}

fn gate_on(page: &mut Page, gate: &Gate) {
    let style = page.style;
    let answer = match gate.answer {
        "pass" => style.good("ok"),
        "fail" => style.bad("FAIL"),
        "depends" => style.unsure("depends"),
        _ => style.unsure("cannot see"),
    };
    page.blank();
    page.line(
        2,
        &format!(
            "{}: {answer}  {}",
            terminal(&gate.gate),
            style.quiet(&terminal(&gate.holder))
        ),
    );
    let have = match (gate.answer, gate.have.as_slice()) {
        ("cannot-see", _) => "(not visible in the token)".to_owned(),
        (_, []) => "(none)".to_owned(),
        (_, list) => cut(&list.join(", ")),
    };
    page.untrusted(4, &format!("have     {have}"));
    page.untrusted(4, &format!("need     {}", cut(&alternatives(&gate.need))));
    if !gate.missing.is_empty() {
        let one = gate.need.iter().all(|set| set.len() == 1) && gate.missing.len() > 1;
        page.untrusted(
            4,
            &format!(
                "missing  {}{}",
                if one { "one of " } else { "" },
                cut(&gate.missing.join(", "))
            ),
        );
    }
}

fn alternatives(need: &[Vec<String>]) -> String {
    match need {
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

fn findings<'f>(page: &mut Page, title: &str, list: impl Iterator<Item = &'f Finding>) {
    let mut titled = false;
    for finding in list {
        if !titled {
            page.blank();
            page.line(0, title);
            titled = true;
        }
        finding_on(page, finding);
    }
}

fn finding_on(page: &mut Page, finding: &Finding) {
    let style = page.style;
    let error = finding.severity == Severity::Error;
    let code = if error {
        format!("{} ({})", finding.cause.code, certainty(finding.certainty))
    } else {
        finding.cause.code.to_owned()
    };
    let source = finding.source.as_ref().map(source_line);
    let known = source
        .as_ref()
        .and_then(|line| page.sources.iter().position(|own| own == line));
    let mark = known
        .map(|number| format!(" [{}]", number + 1))
        .unwrap_or_default();
    let message = format!("{}{mark}", finding.message);
    page.line(
        2,
        &format!(
            "{} {}",
            style.quiet(&format!("{code}:")),
            terminal(&message)
        ),
    );
    for evidence in finding.evidence.iter().filter(|_| error) {
        page.untrusted(6, &format!("{}: {}", evidence.place, cut(&evidence.value)));
    }
    if let (Some(line), None) = (source, known) {
        page.sources.push(line.clone());
        let number = page.sources.len();
        page.line(
            6,
            &style.quiet(&terminal(&format!("source [{number}]: {line}"))),
        );
    }
    if let Some(fix) = finding.fix.as_ref().filter(|_| error) {
        page.untrusted(6, &format!("fix: {}", fix.text));
        if let Some(command) = &fix.command {
            page.untrusted(6, &format!("$ {command}"));
        }
    }
}

fn source_line(source: &Source) -> String {
    let date = source
        .date
        .as_ref()
        .map(|date| format!(", {date}"))
        .unwrap_or_default();
    let trust = source
        .trust
        .as_ref()
        .map(|trust| format!(", trust {trust}"))
        .unwrap_or_default();
    format!("{}{date}{trust}", source.name)
}

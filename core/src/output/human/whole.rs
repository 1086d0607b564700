//! One diagnosis with everything: the answer, the checks, every finding with its evidence and source, what it is not.

use super::page::Page;
use crate::finding::{
    Certainty, Diagnosis, Evidence, Finding, GateView, NOTE_SIBLINGS, Severity, SourceView,
    TokenView, Verdict,
};
use crate::output::escape::terminal;
use crate::output::group::{self, Group};
use crate::output::step;

/// Claims shown in a report; the JSON has them whole.
const CLAIMS: usize = 40;

/// So many further requests of a group are listed.
const LISTED: usize = 20;

/// Writes a group: its first diagnosis, and which others came to the same.
pub(super) fn group(page: &mut Page<'_>, group: &Group<'_>) {
    one(page, group.first);
    others(page, group);
}

fn one(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    headline(page, diagnosis);
    read_as(page, diagnosis);
    token(page, diagnosis);
    asked(page, diagnosis);
    for gate in &diagnosis.gates {
        on_gate(page, gate, &group::whose(diagnosis, gate));
    }
    let of = |error: bool| {
        let findings = diagnosis.findings.iter();
        findings.filter(move |f| (f.severity == Severity::Error) == error)
    };
    findings(page, "Why", of(true), diagnosis);
    // What the calls with the token rule out is said below.
    let told = |f: &&Finding| diagnosis.living.is_some() && f.cause == &NOTE_SIBLINGS;
    findings(page, "Notes", of(false).filter(|f| !told(f)), diagnosis);
    list(page, "What it is not", &diagnosis.ruled_out);
    steps(page, diagnosis);
}

/// Forms that need no word on what they are.
const PLAIN: [&str; 3] = ["HAR", "exchange records", "log lines"];

fn read_as(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    let told = diagnosis.read_as.as_ref();
    if let Some(told) = told.filter(|own| !PLAIN.contains(&own.form.as_str())) {
        page.hung(
            "  read as  ",
            &format!("{}; {}", told.form, told.used.join(", ")),
        );
    }
}

fn list(page: &mut Page<'_>, title: &str, texts: &[String]) {
    if texts.is_empty() {
        return;
    }
    page.blank();
    page.line(title);
    for text in texts {
        page.hung("  - ", text);
    }
}

fn steps(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    let steps = step::all(&diagnosis.next, &diagnosis.subject, &page.view.given);
    if steps.is_empty() {
        return;
    }
    page.blank();
    page.line("Next");
    for step in steps {
        page.hung("  - ", &step.text);
        if let Some(command) = &step.command {
            page.command(4, command);
        }
    }
}

/// What the live server was asked, a line a request.
fn asked(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    if !diagnosis.was_asked() {
        return;
    }
    page.blank();
    page.line("  asked");
    let roles = diagnosis.exchanges.iter();
    let roles = roles.map(|seen| group::role(&seen.role).len());
    let column = roles.max().unwrap_or_default();
    let mut told: Option<&str> = None;
    for exchange in &diagnosis.exchanges {
        // One network fails for one reason.
        let answer = match (exchange.status, exchange.failure.as_deref()) {
            (Some(status), _) => status.to_string(),
            (None, Some(why)) if told == Some(why) => "no answer: the same".to_owned(),
            (None, Some(why)) => {
                told = Some(why);
                format!("no answer: {why}")
            }
            (None, None) => "no answer".to_owned(),
        };
        let role = group::role(&exchange.role);
        let head = format!("    {role:column$}  {:7} ", exchange.method);
        page.hung(&head, &format!("{}  {answer}", exchange.url));
    }
}

fn headline(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    let subject = group::answered(diagnosis);
    let style = page.style();
    let came = match (diagnosis.verdict, diagnosis.cause()) {
        _ if !diagnosis.open_causes().is_empty() => ": the cause is undecided".to_owned(),
        (_, Some(f)) => format!(": {} ({})", f.cause.code, diagnosis.sure(f)),
        (Verdict::Denied, None) => String::new(),
        (Verdict::Unknown, None) => format!(": {}", group::undecided(diagnosis)),
        (Verdict::Clear, None) if diagnosis.is_of_token() => ": no problem is visible".to_owned(),
        (Verdict::Clear, None) => ": no problem found".to_owned(),
    };
    let text = format!("{subject}{came}");
    match diagnosis.verdict {
        Verdict::Denied => page.painted("DENIED ", &text, |word| style.bad(word)),
        Verdict::Unknown => page.painted("UNDECIDED ", &text, |word| style.unsure(word)),
        Verdict::Clear => page.painted("CLEAR ", &text, |word| style.good(word)),
    }
}

fn others(page: &mut Page<'_>, group: &Group<'_>) {
    if group.more() == 0 {
        return;
    }
    page.blank();
    page.line(&format!("The same, {} more", group.more()));
    for other in group.others.iter().take(LISTED) {
        page.hung("  - ", &group::entry(other));
    }
    if group.more() > LISTED {
        let rest = group.more() - LISTED;
        page.hung(
            "  ",
            &format!("… and {rest} more (`--format jsonl` has them all)"),
        );
    }
}

fn token(page: &mut Page<'_>, diagnosis: &Diagnosis) {
    let token = &diagnosis.token;
    let alone = diagnosis.is_of_token();
    if token.form == "absent" {
        let recorded = diagnosis.subject.place.is_some() && !diagnosis.was_asked();
        let word = if recorded {
            "none is in the evidence"
        } else {
            "none was given"
        };
        page.line(&format!("  token    {word}"));
        return;
    }
    page.hung("  token    ", &group::credential(token).join(" · "));
    if let Some(what) = token.what.as_ref().filter(|_| alone) {
        page.hung("  is       ", what);
    }
    if let Some(checked) = &token.checked {
        page.hung("  state    ", checked);
    }
    for moment in token.times.iter().filter(|_| alone) {
        let head = format!("  {:8} ", moment.claim);
        page.hung(&head, &format!("{} ({})", moment.at, moment.relative));
    }
    if alone {
        contents(page, token);
    }
}

fn contents(page: &mut Page<'_>, token: &TokenView) {
    if let Some(scopes) = &token.scopes {
        let list = match scopes.is_empty() {
            true => "(empty)".to_owned(),
            false => scopes.join(" "),
        };
        let from = token.scopes_from.as_ref();
        let from = from.map_or_else(|| "given".to_owned(), ToString::to_string);
        page.hung("  scopes   ", &format!("{list}  [{from}]"));
    }
    for (title, members) in [("header", &token.header), ("claims", &token.claims)] {
        let Some(members) = members else { continue };
        page.line(&format!("  {title}"));
        for (name, value) in members.iter().take(CLAIMS) {
            page.hung("    ", &format!("{name}: {}", cut(&value.to_string())));
        }
        if members.len() > CLAIMS {
            let rest = members.len() - CLAIMS;
            page.hung(
                "    ",
                &format!("… and {rest} more (`--format json` has them all)"),
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

fn on_gate(page: &mut Page<'_>, gate: &GateView, by: &str) {
    let style = page.style();
    let (word, painted) = match gate.answer {
        "pass" => ("ok", style.good("ok")),
        "fail" => ("FAIL", style.bad("FAIL")),
        "depends" => ("depends", style.unsure("depends")),
        _ => ("not visible", style.unsure("not visible")),
    };
    page.blank();
    let name = terminal(&gate.gate);
    page.painted(&format!("  {name}: {word}  "), &gate.holder, |_| {
        format!("  {name}: {painted}  ")
    });
    let have = match (gate.answer, gate.have.as_slice()) {
        ("cannot-see", _) => "(not visible in the token)".to_owned(),
        (_, []) => "(none)".to_owned(),
        (_, list) => cut(&list.join(", ")),
    };
    page.hung("    have     ", &have);
    page.hung(
        "    need     ",
        &format!("{}{by}", cut(&group::alternatives(&gate.need))),
    );
    if !gate.missing.is_empty() {
        let one = gate.need.iter().all(|set| set.len() == 1) && gate.missing.len() > 1;
        let of = if one { "one of " } else { "" };
        let missing = cut(&gate.missing.join(", "));
        page.hung("    missing  ", &format!("{of}{missing}{by}"));
    }
}

fn findings<'f>(
    page: &mut Page<'_>,
    title: &str,
    list: impl Iterator<Item = &'f Finding>,
    diagnosis: &Diagnosis,
) {
    let mut titled = false;
    for finding in list {
        if !titled {
            page.blank();
            page.line(title);
            titled = true;
        }
        on_finding(page, finding, diagnosis);
    }
}

fn on_finding(page: &mut Page<'_>, finding: &Finding, diagnosis: &Diagnosis) {
    let style = page.style();
    let error = finding.severity == Severity::Error;
    let code = match error {
        true => format!("{} ({})", finding.cause.code, diagnosis.sure(finding)),
        false => finding.cause.code.to_owned(),
    };
    let source = finding.source.as_ref().map(source_line);
    let known = source
        .as_ref()
        .and_then(|line| page.sources.iter().position(|own| own == line));
    let mark = known.map(|number| format!(" [{}]", number + 1));
    page.line(&format!("  {}", style.quiet(&terminal(&code))));
    let message = format!("{}{}", finding.message, mark.unwrap_or_default());
    page.hung("      ", &message);
    let evidence = finding.evidence.iter();
    for evidence in evidence.filter(|fact| error && !is_of_gate(fact, diagnosis)) {
        page.hung(
            "      ",
            &format!("{}: {}", evidence.place, cut(&evidence.value)),
        );
    }
    if error && finding.certainty == Certainty::Possible && !finding.open.is_empty() {
        page.hung("      not sure: ", &finding.open.join("; "));
    }
    if let (Some(line), None) = (source, known) {
        page.sources.push(line.clone());
        let number = page.sources.len();
        page.hung(&format!("      source [{number}]: "), &line);
    }
    if let Some(fix) = finding.fix.as_ref().filter(|_| error) {
        page.hung("      fix: ", &fix.text);
    }
}

/// Whether the checks above say it already.
fn is_of_gate(fact: &Evidence, diagnosis: &Diagnosis) -> bool {
    let mut gates = diagnosis.gates.iter();
    let have =
        |gate: &GateView, list: &str| list == gate.have.join(" ") || list == gate.have.join(", ");
    match fact.place.as_str() {
        "missing" => gates.any(|gate| gate.answer == "fail"),
        _ => gates.any(|gate| !gate.have.is_empty() && have(gate, &fact.value)),
    }
}

fn source_line(source: &SourceView) -> String {
    let date = source.date.as_ref().map(|date| format!(", {date}"));
    let trust = source
        .trust
        .as_ref()
        .map(|trust| format!(", trust {trust}"));
    let (date, trust) = (date.unwrap_or_default(), trust.unwrap_or_default());
    format!("{}{date}{trust}", source.name)
}

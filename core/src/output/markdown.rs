//! The report for a ticket: Markdown to paste, without a secret, and without a word of the server's that formats itself.

use super::escape::terminal;
use super::group::{self, Group, certainty, groups, subject};
use crate::finding::{Diagnosis, Finding, Report, Severity, Verdict};
use std::fmt::Write as _;

/// So many further requests of a group are listed.
const LISTED: usize = 20;

/// The whole report.
pub fn report(report: &Report) -> String {
    let groups = groups(report);
    let mut out = String::new();
    if report.counted() > 1 {
        let _ = writeln!(out, "**{}**\n", group::summary(report, &groups));
    }
    for group in &groups {
        one(&mut out, group);
    }
    for skipped in &report.skipped {
        let _ = writeln!(
            out,
            "- not looked at: {}: {}",
            code(&skipped.place),
            code(&skipped.why)
        );
    }
    out
}

/// Untrusted text as a code span that it cannot leave (`CommonMark` §6.1).
pub(super) fn code(text: &str) -> String {
    let text = terminal(text);
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Our own sentence with what it quotes: marks that would format are taken as they are, markup is not.
pub(super) fn sentence(text: &str) -> String {
    let mut out = String::new();
    for c in terminal(text).chars() {
        if matches!(
            c,
            '<' | '>' | '[' | ']' | '*' | '_' | '|' | '#' | '\\' | '!'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn one(out: &mut String, group: &Group<'_>) {
    let diagnosis = group.first;
    headline(out, diagnosis);
    if diagnosis.token.form != "absent" {
        let mut words = vec![diagnosis.token.form.clone()];
        words.extend(diagnosis.token.kind.iter().map(|k| format!("kind {k}")));
        words.extend(diagnosis.token.fingerprint.clone());
        words.extend(
            diagnosis
                .token
                .expires
                .iter()
                .map(|at| format!("expires {at}")),
        );
        let _ = writeln!(out, "- token: {}", code(&words.join(" · ")));
    }
    for finding in diagnosis
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
    {
        cause(out, finding);
    }
    for finding in diagnosis
        .findings
        .iter()
        .filter(|f| f.severity != Severity::Error)
    {
        let _ = writeln!(out, "- note: {}", sentence(&finding.message));
    }
    for next in &diagnosis.next {
        let _ = writeln!(out, "- next: {}", sentence(&next.text));
        if let Some(command) = &next.command {
            let _ = writeln!(out, "  {}", code(command));
        }
    }
    others(out, group);
    out.push('\n');
}

fn headline(out: &mut String, diagnosis: &Diagnosis) {
    let verdict = match diagnosis.verdict {
        Verdict::Denied => "Denied",
        Verdict::Unknown => "Cannot tell",
        Verdict::Clear => "Clear",
    };
    let cause = diagnosis
        .cause()
        .map(|f| format!(": {} ({})", f.cause.code, certainty(f.certainty)))
        .unwrap_or_default();
    let status = diagnosis
        .subject
        .status
        .map(|s| format!(" → {s}"))
        .unwrap_or_default();
    let _ = writeln!(
        out,
        "### {verdict}{cause}\n\n{}{status}\n",
        code(&subject(diagnosis))
    );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_text_cannot_leave_its_span_or_format_itself() {
        assert_eq!(code("a ``` b"), "````a ``` b````");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(sentence("<b>*x*"), "\\<b\\>\\*x\\*");
        assert!(!code("a\nb").contains('\n'));
    }
}

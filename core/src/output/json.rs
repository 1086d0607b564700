//! The JSON contract `why401.report/1`: additive within its version.

use super::escape;
use super::given::Given;
use super::step::{self, Advice};
use crate::finding::{
    Argument, Certainty, Diagnosis, Finding, GateView, ReadAs, Report, SeenExchange, Subject,
    TokenView, Verdict,
};
use serde::Serialize;
use serde_json::{Value, json};

/// The report's schema id.
pub const REPORT: &str = "why401.report/1";

/// Any value as pretty JSON, safe for a terminal, with a final newline.
pub fn text(value: &Value) -> String {
    escape::json(&format!("{value:#}\n"))
}

/// Any value as one line of JSON.
pub fn line(value: &Value) -> String {
    escape::json(&format!("{value}\n"))
}

/// The program's name and version, as every document carries it.
pub fn tool() -> Value {
    json!({ "name": "why401", "version": env!("CARGO_PKG_VERSION") })
}

/// A document: the id of its schema and the program first, then its members.
pub fn document(schema: &str, members: Value) -> Value {
    let mut out = json!({ "schema": schema, "tool": tool() });
    if let (Value::Object(out), Value::Object(members)) = (&mut out, members) {
        out.extend(members);
    }
    out
}

/// The whole report. Its parts can be written one by one: [`opening`], [`listed`] diagnoses, [`closing`].
pub fn report(report: &Report, given: &Given) -> String {
    let listed: Vec<String> = report
        .diagnoses
        .iter()
        .map(|own| listed(own, given))
        .collect();
    opening() + &listed.join(",") + &closing(report, listed.is_empty())
}

/// The start of a report, up to its diagnoses.
pub fn opening() -> String {
    let start = text(&json!({ "schema": REPORT, "tool": tool() }));
    let start = start.trim_end().trim_end_matches('}').trim_end();
    format!("{start},\n  \"diagnoses\": [")
}

/// One diagnosis in the list of a report; the next one stands behind a comma.
pub fn listed(diagnosis: &Diagnosis, given: &Given) -> String {
    // A diagnosis holds texts, numbers and maps with names: writing it cannot fail.
    let text = serde_json::to_string_pretty(&self::diagnosis(diagnosis, given)).unwrap_or_default();
    // A line break inside a string is escaped: those that are there are the layout's.
    escape::json(&format!("\n    {}", text.replace('\n', "\n    ")))
}

/// The end of a report, behind its diagnoses.
pub fn closing(report: &Report, no_diagnoses: bool) -> String {
    let mut rest = json!({ "verdict": verdict(report), "skipped": report.skipped });
    if let (1.., Value::Object(members)) = (report.more_skipped, &mut rest) {
        members.insert("more_skipped".to_owned(), json!(report.more_skipped));
    }
    if let (Some(error), Value::Object(members)) = (&report.error, &mut rest) {
        members.insert("error".to_owned(), json!(error));
    }
    let rest = text(&rest);
    let end = if no_diagnoses { "]" } else { "\n  ]" };
    format!("{end},{}", rest.trim_start_matches('{'))
}

fn verdict(report: &Report) -> Option<Verdict> {
    (report.counted() > 0).then(|| report.verdict())
}

/// One diagnosis as a line.
pub fn diagnosis_line(diagnosis: &Diagnosis, given: &Given) -> String {
    let text = serde_json::to_string(&self::diagnosis(diagnosis, given)).unwrap_or_default();
    escape::json(&(text + "\n"))
}

/// One diagnosis a line; a run that could not be made is one line with the error.
pub fn report_lines(report: &Report, given: &Given) -> String {
    let mut out: String = report
        .diagnoses
        .iter()
        .map(|d| diagnosis_line(d, given))
        .collect();
    out.push_str(&error_line(report));
    out
}

/// The line of a run that could not be made, or not wholly; empty where there is none.
pub fn error_line(report: &Report) -> String {
    let error = report.error.as_ref();
    error.map_or_else(String::new, |error| {
        line(&json!({ "schema": REPORT, "error": error }))
    })
}

/// A diagnosis as it is written: nothing of it is copied for that.
#[derive(Serialize)]
struct Written<'d> {
    id: &'d Option<String>,
    subject: &'d Subject,
    read_as: &'d Option<ReadAs>,
    token: &'d TokenView,
    verdict: Verdict,
    cause: Option<WrittenCause>,
    findings: &'d [Finding],
    gates: &'d [GateView],
    r#for: &'d [Argument],
    against: &'d [Argument],
    exchanges: &'d [SeenExchange],
    next: Vec<Advice>,
    ruled_out: &'d [String],
}

#[derive(Serialize)]
struct WrittenCause {
    code: &'static str,
    certainty: Certainty,
}

fn diagnosis<'d>(diagnosis: &'d Diagnosis, given: &Given) -> Written<'d> {
    let cause = diagnosis.cause().map(|finding| WrittenCause {
        code: finding.cause.code,
        certainty: finding.certainty,
    });
    Written {
        id: &diagnosis.id,
        subject: &diagnosis.subject,
        read_as: &diagnosis.read_as,
        token: &diagnosis.token,
        verdict: diagnosis.verdict,
        cause,
        findings: &diagnosis.findings,
        gates: &diagnosis.gates,
        r#for: &diagnosis.arguments,
        against: &diagnosis.counterarguments,
        exchanges: &diagnosis.exchanges,
        next: step::all(&diagnosis.next, &diagnosis.subject, given),
        ruled_out: &diagnosis.ruled_out,
    }
}

//! Counts alone (`why401.summary/1`): by provider, operation, cause, certainty and hour.

use super::group::tally;
use super::{Format, View, human, json};
use crate::finding::{Report, TallyRow};
use serde_json::{Value, json};

/// The counts' schema id.
const SUMMARY: &str = "why401.summary/1";

/// Renders the counts of a report: as a table, as one JSON document, or a row a line.
pub fn render(report: &Report, format: Format, view: &View) -> String {
    let counted = tally(report);
    let rows = counted.rows().into_iter();
    let rows = rows.map(|(row, count)| value(row, count));
    match format {
        Format::Jsonl => rows.map(|row| json::line(&row)).collect(),
        Format::Json => {
            let hours = counted.hours().map(|(hour, [denied, unknown, clear])| {
                json!({ "hour": format!("{hour}:00:00Z"), "denied": denied, "unknown": unknown, "clear": clear })
            });
            let mut out = json!({
                "schema": SUMMARY,
                "tool": json::tool(),
                "verdict": report.verdict(),
                "requests": report.counted(),
                "rows": rows.collect::<Vec<_>>(),
                "more": counted.more,
                "hours": hours.collect::<Vec<_>>(),
                "skipped": report.skipped.len() + report.more_skipped,
            });
            if let (Some(error), Value::Object(members)) = (&report.error, &mut out) {
                members.insert("error".to_owned(), json!(error));
            }
            json::text(&out)
        }
        _ => human::table(report, view.width),
    }
}

fn value(row: &TallyRow, count: usize) -> Value {
    json!({
        "count": count,
        "provider": row.provider,
        "method": row.method,
        "operation": row.operation,
        "status": row.status,
        "verdict": row.verdict(),
        "cause": row.cause.map(|(code, _)| code),
        "certainty": row.cause.map(|(_, certainty)| certainty),
        "missing": row.missing,
    })
}

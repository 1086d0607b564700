//! What the tables hold, and what can be asked of them.

mod changes;
mod imported;
mod list;
mod opened;
mod rows;

pub use changes::changes;
pub use imported::{HowImported, imported};
pub use list::list;
pub use opened::{Judged, Listed, opened, who};
pub use rows::{Row, candidates, found, is_many, none, rows};

use super::Format;
use super::json;
use super::sheet::{Sheet, counted};
use crate::table::Complaint;
use serde_json::{Value, json};

/// The schema's id.
const TABLES: &str = "why401.tables/1";

/// Rows under a name: a document, a row a line, or the page that says the same.
fn listing(name: &str, rows: &[Value], format: Format, page: impl FnOnce() -> Sheet) -> String {
    match format {
        Format::Json => json::text(&envelope(name, &Value::from(rows.to_vec()))),
        Format::Jsonl => rows.iter().map(json::line).collect(),
        _ => page().written(format),
    }
}

fn envelope(name: &str, value: &Value) -> Value {
    json!({ "schema": TABLES, "tool": json::tool(), name: value })
}

fn alternatives(need: &[Vec<String>]) -> String {
    if need.is_empty() {
        return "not known".to_owned();
    }
    let sets: Vec<String> = need.iter().map(|set| set.join(" and ")).collect();
    sets.join(" | ")
}

/// What `lint` finds.
pub fn complaints(complaints: &[Complaint], format: Format) -> String {
    let errors = complaints.iter().filter(|c| c.severity == "error").count();
    let rows: Vec<Value> = complaints.iter().map(|c| json!(c)).collect();
    listing("complaints", &rows, format, || {
        let mut out = Sheet::new(0);
        for own in complaints {
            out.row(format!("{}: {}: {}", own.severity, own.place, own.message));
        }
        out.text(format!(
            "{}, {}",
            counted(errors, "error"),
            counted(complaints.len() - errors, "warning")
        ));
        out
    })
}

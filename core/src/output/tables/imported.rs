//! What an import read.

use super::envelope;
use crate::output::Format;
use crate::output::sheet::{Sheet, counted, document};
use crate::scope::ListReading;
use crate::table::import::Imported;
use serde_json::{Value, json};

/// So many doubtful rows are shown to a person.
const SHOWN: usize = 20;

/// How lists of scopes were read, and why so.
#[derive(Debug, Clone, Copy)]
pub struct HowImported<'h> {
    /// As what.
    pub reading: ListReading,
    /// Where the vendor says so.
    pub why: Option<&'h str>,
}

/// What an import read, and what it left open.
pub fn imported(imported: &Imported, how: HowImported<'_>, format: Format) -> String {
    let doubts: Vec<Value> = imported
        .doubts
        .iter()
        .map(|(place, why)| json!({ "place": place, "why": why }))
        .collect();
    let value = envelope(
        "import",
        &json!({
            "counts": imported.counts, "schemes": imported.schemes, "reading": how.reading, "reading_why": how.why, "doubts": doubts,
        }),
    );
    document(&value, format, || page(imported, how))
}

fn page(imported: &Imported, how: HowImported<'_>) -> Sheet {
    let counts = imported.counts;
    let mut out = Sheet::new(0);
    out.text(format!(
        "{}, {}: {} with scopes ({} with a list of several), {} without a token, {} unknown, {} deprecated, {} doubtful",
        counted(counts.documents, "document"),
        counted(counts.operations, "operation"),
        counts.with_scopes,
        counts.lists,
        counts.anonymous,
        counts.unknown,
        counts.deprecated,
        counts.doubtful
    ));
    out.text(format!(
        "lists read as {}: {}",
        json!(how.reading),
        how.why.unwrap_or("no reason given")
    ));
    for (scheme, count) in &imported.schemes {
        out.row(format!("scheme {scheme}: {}", counted(*count, "operation")));
    }
    for (place, why) in &imported.doubts {
        out.row(format!("doubt: {place}: {why}"));
    }
    let doubtful = imported.rules.iter().filter(|rule| !rule.doubt.is_empty());
    for rule in doubtful.take(SHOWN) {
        out.row(format!("doubt: {}: {}", rule.name(), rule.doubt.join("; ")));
    }
    out
}

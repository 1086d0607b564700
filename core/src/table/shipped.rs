//! The tables that come with the program, packed by `build.rs` from `tables/`.

use super::load::{LoadError, Table};
use super::packed::{Packed, ShippedRows};

#[derive(Debug)]
pub(super) struct Shipped {
    pub(super) id: &'static str,
    /// API and login hosts, `*` standing for any start.
    pub(super) hosts: &'static [&'static str],
    /// Starts of paths by which it is known on any host.
    pub(super) paths: &'static [&'static str],
    /// What people call it.
    pub(super) words: &'static [&'static str],
    /// Whether it is nobody's in particular.
    general: bool,
    /// Signs in its answers, as JSON.
    pub(super) marks: &'static str,
    /// The provider file, as JSON.
    provider: &'static str,
    /// The refusal signatures, as JSON.
    signatures: &'static str,
    rows: ShippedRows,
    /// The rows of the provider file, which win over the others.
    by_hand: ShippedRows,
}

static ALL: &[Shipped] = &include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

pub(super) fn all() -> &'static [Shipped] {
    ALL
}

/// The ids of the shipped providers.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|table| table.id)
}

/// The ids of the tables that are nobody's in particular: read always, after everyone else's.
pub fn general() -> impl Iterator<Item = &'static str> {
    ALL.iter()
        .filter(|table| table.general)
        .map(|table| table.id)
}

/// Whether the shipped provider of that id has rows, or only refusals.
pub fn has_rows(id: &str) -> bool {
    ALL.iter().any(|table| table.id == id && table.has_rows())
}

impl Shipped {
    pub(super) fn has_rows(&self) -> bool {
        self.rows.rows > 0 || self.by_hand.rows > 0
    }
}

/// The shipped table of that id; `None` where there is none.
pub fn shipped(id: &str) -> Option<Result<Table, LoadError>> {
    let found = ALL.iter().find(|table| table.id == id)?;
    Some(Table::from_packed(
        found.provider,
        [&found.rows, &found.by_hand],
        found.signatures,
    ))
}

/// The provider file of a shipped table as TOML, signatures included: what to start an own copy from.
pub fn shipped_file(id: &str) -> Option<String> {
    let found = ALL.iter().find(|table| table.id == id)?;
    let mut file: toml::Table = serde_json::from_str(found.provider).ok()?;
    let signatures: toml::Value = serde_json::from_str(found.signatures).ok()?;
    file.insert("error".to_owned(), signatures);
    let by_hand = Packed::shipped(&found.by_hand);
    let rows = by_hand.starts().map(|start| by_hand.record(start).line());
    let rows: Result<Vec<toml::Value>, _> = rows.map(|row| serde_json::from_str(&row)).collect();
    file.insert("rule".to_owned(), toml::Value::Array(rows.ok()?));
    toml::to_string(&file).ok()
}

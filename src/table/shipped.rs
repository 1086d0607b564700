//! The tables that come with the program, packed by `build.rs` from `tables/`.

use super::load::{LoadError, Table};
use super::packed::ShippedIndex;

struct Shipped {
    id: &'static str,
    /// The provider file, as JSON.
    provider: &'static str,
    /// The refusal signatures, as JSON.
    signatures: &'static str,
    rules: &'static str,
    index: ShippedIndex,
}

#[expect(clippy::unreadable_literal, reason = "offsets written by build.rs")]
static ALL: &[Shipped] = &include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The ids of the shipped providers.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|table| table.id)
}

/// The shipped table of that id; `None` where there is none.
pub fn shipped(id: &str) -> Option<Result<Table, LoadError>> {
    let found = ALL.iter().find(|table| table.id == id)?;
    Some(Table::from_packed(
        found.provider,
        found.rules,
        &found.index,
        found.signatures,
    ))
}

//! The tables that come with the program.

use super::load::{LoadError, Table};

struct Shipped {
    id: &'static str,
    provider: &'static str,
    rules: &'static str,
}

const ALL: [Shipped; 1] = [Shipped {
    id: "genesys-cloud",
    provider: include_str!("../../tables/genesys-cloud/provider.toml"),
    rules: include_str!("../../tables/genesys-cloud/rules.ndjson"),
}];

/// The ids of the shipped providers.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|table| table.id)
}

/// The shipped table of that id; `None` where there is none.
pub fn shipped(id: &str) -> Option<Result<Table, LoadError>> {
    let found = ALL.iter().find(|table| table.id == id)?;
    Some(Table::read(found.provider, found.rules))
}

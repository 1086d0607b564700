//! The tables that come with the program, packed by `build.rs` from `tables/`.

use super::load::{LoadError, Table};
use super::pack::catalogue::{Alternative, Catalogue, Entry, Mark, Rows, SECTIONS, Span, Wording};
use super::pack::literals::{Literals, Seen};
use super::pack::plain::Plain;
use super::packed::Packed;
use std::borrow::Cow;

#[expect(clippy::unreadable_literal, reason = "written by `build.rs`")]
static CATALOGUE: Catalogue = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// One of them, unread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shipped(&'static Entry);

pub(super) fn all() -> impl Iterator<Item = Shipped> {
    CATALOGUE.tables.iter().map(Shipped)
}

fn by_id(id: &str) -> Option<Shipped> {
    let tables = CATALOGUE.tables;
    let place = tables.binary_search_by_key(&id, |table| table.id.text(CATALOGUE.text));
    place.ok().map(|place| Shipped(&tables[place]))
}

/// The ids of the shipped providers.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(Shipped::id)
}

/// The ids of the tables that are nobody's in particular: read always, after everyone else's.
pub fn general() -> impl Iterator<Item = &'static str> {
    all().filter(|table| table.0.general).map(Shipped::id)
}

/// Whether the shipped provider of that id has rows, or only refusals.
pub fn has_rows(id: &str) -> bool {
    by_id(id).is_some_and(Shipped::has_rows)
}

/// The literals of all wordings and marks that stand in a text.
pub(super) fn seen(text: &str) -> Seen {
    crate::work::looked(text.len());
    CATALOGUE.literals.seen(text)
}

/// The marks of all tables, in their order.
pub(super) fn marks() -> &'static [Mark] {
    CATALOGUE.marks
}

/// The table of a mark.
pub(super) fn of_mark(mark: &Mark) -> Shipped {
    Shipped(&CATALOGUE.tables[usize::from(mark.table)])
}

/// A part of the text.
pub(super) fn text(place: Span) -> &'static str {
    place.text(CATALOGUE.text)
}

/// The texts of a pattern that is nothing else.
pub(super) fn alternatives(place: Span) -> Vec<Plain> {
    let plain = |own: &Alternative| Plain {
        text: Cow::Borrowed(text(own.text)),
        fold: own.fold,
        before: own.before,
        behind: own.behind,
    };
    place.of(CATALOGUE.alternatives).iter().map(plain).collect()
}

/// Statuses, or ways.
pub(super) fn numbers(place: Span) -> &'static [u16] {
    place.of(CATALOGUE.numbers)
}

impl Shipped {
    pub(super) fn id(self) -> &'static str {
        self.0.id.text(CATALOGUE.text)
    }

    /// API and login hosts, `*` standing for any start.
    pub(super) fn hosts(self) -> impl Iterator<Item = &'static str> {
        names_in(self.0.hosts)
    }

    /// Starts of paths by which it is known on any host.
    pub(super) fn paths(self) -> impl Iterator<Item = &'static str> {
        names_in(self.0.paths)
    }

    /// What people call it.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        names_in(self.0.words)
    }

    pub(super) fn has_rows(self) -> bool {
        self.0.rows.count > 0 || self.0.by_hand.count > 0
    }

    /// The provider file without its sections, as JSON.
    pub(super) fn provider(self) -> &'static str {
        self.0.provider.text(CATALOGUE.text)
    }

    /// The sections that are packed apart, in the order of [`SECTIONS`], as JSON.
    pub(super) fn sections(self) -> [&'static str; SECTIONS.len()] {
        self.0.sections.map(|section| section.text(CATALOGUE.text))
    }

    /// How it words its refusals.
    pub(super) fn wordings(self) -> &'static [Wording] {
        self.0.wordings.of(CATALOGUE.wordings)
    }

    pub(super) fn rows(self) -> Packed {
        packed(&self.0.rows)
    }

    /// The rows of the provider file, which win over the others.
    pub(super) fn by_hand(self) -> Packed {
        packed(&self.0.by_hand)
    }
}

fn names_in(names: Span) -> impl Iterator<Item = &'static str> {
    let names = names.of(CATALOGUE.names).iter();
    names.map(|name| name.text(CATALOGUE.text))
}

fn packed(rows: &Rows) -> Packed {
    Packed::shipped(&CATALOGUE, rows)
}

/// The shipped table of that id; `None` where there is none.
pub fn shipped(id: &str) -> Option<Result<Table, LoadError>> {
    by_id(id).map(Table::from_packed)
}

/// The provider file of a shipped table as TOML, signatures included: what to start an own copy from.
pub fn shipped_file(id: &str) -> Option<String> {
    let found = by_id(id)?;
    let mut file: toml::Table = serde_json::from_str(found.provider()).ok()?;
    for (name, section) in SECTIONS.into_iter().zip(found.sections()) {
        let section: toml::Value = serde_json::from_str(section).ok()?;
        // Signatures are what most copies are made for.
        if name == "error" || section.as_array().is_some_and(|list| !list.is_empty()) {
            file.insert(name.to_owned(), section);
        }
    }
    let by_hand = found.by_hand();
    let rows = by_hand.starts().map(|start| by_hand.record(start).line());
    let rows: Result<Vec<toml::Value>, _> = rows.map(|row| serde_json::from_str(&row)).collect();
    file.insert("rule".to_owned(), toml::Value::Array(rows.ok()?));
    toml::to_string(&file).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::model::{
        AnswerMark, Avoid, Control, Elsewhere, ErrorSignature, Family, Part, Resource, RuledOut,
    };
    use serde::de::DeserializeOwned;

    fn is_read<T: DeserializeOwned>(section: &str) {
        serde_json::from_str::<Vec<T>>(section).expect(section);
    }

    #[test]
    fn every_table_is_found_by_its_id() {
        assert!(names().all(|id| by_id(id).map(Shipped::id) == Some(id)));
        assert!(by_id("").is_none() && by_id("nobody").is_none());
    }

    #[test]
    fn every_section_that_is_read_later_can_be_read() {
        for shipped in all() {
            let sections = shipped.sections();
            let read: [fn(&str); SECTIONS.len()] = [
                is_read::<ErrorSignature>,
                is_read::<AnswerMark>,
                is_read::<Part>,
                is_read::<Family>,
                is_read::<Elsewhere>,
                is_read::<Control>,
                is_read::<RuledOut>,
                is_read::<Avoid>,
                is_read::<Resource>,
            ];
            for (read, section) in read.into_iter().zip(sections) {
                read(section);
            }
        }
    }
}

//! What tells of a wording or of a mark whether it is worth reading, and the texts that are looked for at once.

use crate::catalogue::{Shelf, json};
use crate::pack::catalogue::{Mark, Span, Wording};
use crate::pack::literals::Literals;
use crate::pack::required::{self, Read, Way};
use std::collections::BTreeSet;

/// An entry of a provider file, and the texts of which one has to stand in what was said.
pub(crate) struct Sign {
    entry: toml::Table,
    json: String,
    pattern: Read,
    members: Option<Vec<Way>>,
}

/// The wordings of a provider file.
pub(crate) fn wordings(provider: &toml::Table, from: &str) -> Vec<Sign> {
    let all = entries(provider, "error").map(|entry| {
        let maps = ["header", "sent"].map(|key| entry.get(key).and_then(toml::Value::as_table));
        let patterns = maps.into_iter().flatten().flat_map(toml::Table::values);
        let patterns = patterns.filter_map(toml::Value::as_str);
        for pattern in patterns.chain(text(entry, "url")) {
            let _ = read(pattern, from);
        }
        Sign::of(entry, from)
    });
    all.collect()
}

/// The marks of a provider file.
pub(crate) fn marks(provider: &toml::Table, from: &str) -> Vec<Sign> {
    let all = entries(provider, "mark").map(|entry| {
        let mut sign = Sign::of(entry, from);
        if entry.contains_key("header") {
            sign.pattern.needs = None;
        }
        sign.members = sign.members.or_else(|| member(entry));
        sign
    });
    all.collect()
}

/// The literals of all.
pub(crate) fn literals<'s>(all: impl Iterator<Item = &'s Sign>) -> Literals {
    let ways = all.flat_map(|sign| sign.pattern.needs.iter().chain(&sign.members));
    let texts: BTreeSet<String> = ways.flatten().flatten().cloned().collect();
    Literals::new(&texts).expect("as many literals as two bytes count")
}

impl Sign {
    fn of(entry: &toml::Table, from: &str) -> Self {
        Self {
            json: json(entry),
            pattern: text(entry, "re").map_or_else(Read::default, |pattern| read(pattern, from)),
            members: required::of_members(values(entry)),
            entry: entry.clone(),
        }
    }

    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    /// As a wording that stands in a place of the text.
    pub(crate) fn wording(&self, whole: Span, literals: &Literals, out: &mut Shelf) -> Wording {
        let has = |key: &str| {
            let value = self.entry.get(key);
            value.is_some_and(|value| value.as_table().is_none_or(|own| !own.is_empty()))
        };
        let status = self.entry.get("status").and_then(toml::Value::as_array);
        let status = status.into_iter().flatten().map(|status| {
            let status = status.as_integer().expect("a status is a number");
            u16::try_from(status).expect("a status has three digits")
        });
        Wording {
            whole,
            status: out.numbers(status.collect()),
            bare: !["re", "header", "sent", "json"].into_iter().any(has),
            coded: has("json") || has("header"),
            needs: ways(self.pattern.needs.as_deref(), literals, out),
            members: ways(self.members.as_deref(), literals, out),
            plain: self.plain(out),
        }
    }

    /// As a mark of a table that stands in a place of the text.
    pub(crate) fn mark(
        &self,
        whole: Span,
        table: usize,
        literals: &Literals,
        out: &mut Shelf,
    ) -> Mark {
        Mark {
            whole,
            table: u16::try_from(table).expect("as many tables as two bytes count"),
            header: text(&self.entry, "header").map(|name| out.text(name)),
            needs: ways(self.pattern.needs.as_deref(), literals, out),
            members: ways(self.members.as_deref(), literals, out),
            plain: self.plain(out),
        }
    }

    fn plain(&self, out: &mut Shelf) -> Option<Span> {
        let all = self.pattern.plain.as_ref()?;
        Some(out.alternatives(all))
    }
}

fn ways(ways: Option<&[Way]>, literals: &Literals, out: &mut Shelf) -> Option<Span> {
    let numbers = literals.numbers(ways?).expect("every text is a literal");
    Some(out.numbers(numbers))
}

fn read(pattern: &str, from: &str) -> Read {
    required::of(pattern).unwrap_or_else(|fault| panic!("{from}: `{pattern}`: {fault}"))
}

fn entries<'t>(provider: &'t toml::Table, section: &str) -> impl Iterator<Item = &'t toml::Table> {
    let list = provider.get(section).and_then(toml::Value::as_array);
    list.into_iter()
        .flatten()
        .map(|entry| entry.as_table().expect("an entry is a table"))
}

fn text<'t>(entry: &'t toml::Table, key: &str) -> Option<&'t str> {
    entry.get(key)?.as_str()
}

/// The values that each member has to have, one of several.
fn values(entry: &toml::Table) -> impl Iterator<Item = Vec<&str>> {
    let members = entry.get("json").and_then(toml::Value::as_table);
    members
        .into_iter()
        .flatten()
        .map(|(_, values)| match values {
            toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        })
}

/// The name of a member without which a mark cannot match, as JSON writes it: the longest. A step that is no name may be
/// the place in a list.
fn member(entry: &toml::Table) -> Option<Vec<Way>> {
    let pointers = entry.get("json")?.as_table()?.keys();
    let steps = pointers.flat_map(|pointer| pointer.split('/').skip(1));
    let plain = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
    };
    let longest = steps.filter(plain).max_by_key(|name| name.len())?;
    let name = format!("\"{}\"", longest.to_ascii_lowercase());
    Some(vec![Way::from([name])])
}

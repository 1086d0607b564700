//! What tells of a wording or of a mark whether it is worth reading, and the texts that are looked for at once.

use crate::catalogue::{Shelf, json};
use crate::pack::catalogue::{Mark, Span, Wording};
use crate::pack::literals::Literals;
use crate::pack::required::{self, Read};
use std::collections::BTreeSet;

/// An entry of a provider file, and the texts of which one has to stand in what was said.
pub(crate) struct Sign {
    entry: toml::Table,
    json: String,
    pattern: Read,
    member: Option<String>,
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
        sign.member = member(entry);
        sign
    });
    all.collect()
}

/// The literals of all.
pub(crate) fn literals<'s>(all: impl Iterator<Item = &'s Sign>) -> Literals {
    let texts = all.flat_map(|sign| sign.pattern.needs.iter().flatten().chain(&sign.member));
    let texts: BTreeSet<String> = texts.cloned().collect();
    Literals::new(&texts).expect("as many literals as two bytes count")
}

impl Sign {
    fn of(entry: &toml::Table, from: &str) -> Self {
        Self {
            json: json(entry),
            pattern: text(entry, "re").map_or_else(Read::default, |pattern| read(pattern, from)),
            member: None,
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
            needs: self.needs(literals, out),
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
        let member = self
            .member
            .as_ref()
            .map(|own| vec![numbered(literals, own)]);
        Mark {
            whole,
            table: u16::try_from(table).expect("as many tables as two bytes count"),
            header: text(&self.entry, "header").map(|name| out.text(name)),
            needs: self.needs(literals, out),
            plain: self.plain(out),
            member: member.map(|own| out.numbers(own)),
        }
    }

    fn plain(&self, out: &mut Shelf) -> Option<Span> {
        let all = self.pattern.plain.as_ref()?;
        Some(out.alternatives(all))
    }

    fn needs(&self, literals: &Literals, out: &mut Shelf) -> Option<Span> {
        let needs = self.pattern.needs.as_ref()?;
        let numbers = needs.iter().map(|text| numbered(literals, text));
        Some(out.numbers(numbers.collect()))
    }
}

fn numbered(literals: &Literals, text: &str) -> u16 {
    literals
        .number(text)
        .unwrap_or_else(|| panic!("{text}: no literal"))
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

/// The name of a member without which a mark cannot match, as JSON writes it: the longest. A step that is no name may be
/// the place in a list.
fn member(entry: &toml::Table) -> Option<String> {
    let pointers = entry.get("json")?.as_table()?.keys();
    let steps = pointers.flat_map(|pointer| pointer.split('/').skip(1));
    let plain = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
    };
    let longest = steps.filter(plain).max_by_key(|name| name.len())?;
    Some(format!("\"{}\"", longest.to_ascii_lowercase()))
}

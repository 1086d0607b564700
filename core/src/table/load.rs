//! Reading a table: the provider file, the rows beside it, and the index over both.
//!
//! Rows stay packed until they are asked for: a check touches one of thousands.

use super::model::{Denies, ErrorSignature, Later, Provider, Rule, Source, Trust};
use super::pack::catalogue::Wording;
use super::packed::{Packed, Record};
use super::shipped::Shipped;
use super::sift::sift;
use std::collections::BTreeSet;

/// The only format there is.
const FORMAT: &str = "scope-table/1";

/// Why a table could not be read; names place and key, never the table's own text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}: {why}", line.map(|n| format!(", line {n}")).unwrap_or_default())]
pub struct LoadError {
    /// `provider.toml`, `rules.ndjson`.
    pub what: &'static str,
    /// The line, from 1.
    pub line: Option<usize>,
    /// What is wrong there.
    pub why: String,
}

/// A provider and its rows, ready for lookup.
#[derive(Debug)]
#[non_exhaustive]
pub struct Table {
    /// Everything but the rows.
    pub provider: Provider,
    /// Rows and their indexes; those of a later text win over those of an earlier one.
    pub(super) texts: Vec<Packed>,
    /// The trust of rows that name none.
    fallback: Trust,
    /// Where it was packed when the program was built.
    shipped: Option<Shipped>,
}

/// Where a row stands: which text, and the first byte of its record there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) text: usize,
    pub(super) start: u32,
}

impl Table {
    /// Reads a table from its two texts. Every line of `rules` is checked, then kept in the importer's form.
    pub fn read(provider: &str, rules: &str) -> Result<Self, LoadError> {
        let mut table = Self::of(read_provider(provider)?, Vec::new());
        table.add_rules(&read_rules(rules)?);
        table.take_rules_by_hand();
        Ok(table)
    }

    /// Takes a table that was packed when the program was built.
    pub(super) fn from_packed(shipped: Shipped) -> Result<Self, LoadError> {
        let read: Result<Provider, _> = serde_json::from_str(shipped.provider());
        let mut provider = read.map_err(|error| LoadError {
            what: "provider.toml",
            line: None,
            why: without_values(&error.to_string()),
        })?;
        let [
            error,
            mark,
            part,
            family,
            elsewhere,
            control,
            ruled_out,
            avoid,
            resource,
        ] = shipped.sections();
        provider.error = Later::packed(error);
        provider.mark = Later::packed(mark);
        provider.part = Later::packed(part);
        provider.family = Later::packed(family);
        provider.elsewhere = Later::packed(elsewhere);
        provider.control = Later::packed(control);
        provider.ruled_out = Later::packed(ruled_out);
        provider.avoid = Later::packed(avoid);
        provider.resource = Later::packed(resource);
        let by_hand = Some(shipped.by_hand()).filter(|rows| rows.len() > 0);
        let texts = [Some(shipped.rows()), by_hand];
        Ok(Self {
            shipped: Some(shipped),
            ..Self::of(provider, texts.into_iter().flatten().collect())
        })
    }

    fn of(provider: Provider, texts: Vec<Packed>) -> Self {
        let published = provider.source.iter().filter(|source| !source.is_report());
        let fallback = published
            .filter_map(|source| source.trust)
            .min()
            .unwrap_or(Trust::B);
        Self {
            provider,
            texts,
            fallback,
            shipped: None,
        }
    }

    fn take_rules_by_hand(&mut self) {
        let by_hand = std::mem::take(&mut self.provider.rule);
        self.add_rules(&by_hand);
    }

    /// How a shipped provider words its refusals, unread.
    pub(super) fn wordings(&self) -> Option<&'static [Wording]> {
        self.shipped.map(Shipped::wordings)
    }

    /// How the provider words its refusals.
    pub fn signatures(&self) -> Vec<ErrorSignature> {
        self.provider.error.to_vec()
    }

    /// Adds rows that win over those already there.
    pub fn add_rules(&mut self, rules: &[Rule]) {
        if !rules.is_empty() {
            let fold = self.provider.paths.folds();
            self.texts.push(Packed::new(&lines(rules), fold));
        }
    }

    /// The sources and rows of another table of the same provider win over this one's.
    pub fn overlay(&mut self, other: Self) {
        let mut sources = other.provider.source;
        sources.append(&mut self.provider.source);
        self.provider.source = sources;
        self.texts.extend(other.texts);
    }

    pub(super) fn record(&self, row: Row) -> Record<'_> {
        self.texts[row.text].record(row.start)
    }

    /// The trust of a row, without parsing it.
    pub(super) fn trust(&self, row: Row) -> Trust {
        match self.record(row).trust() {
            1 => Trust::A,
            2 => Trust::B,
            3 => Trust::C,
            _ => self.fallback,
        }
    }

    /// A row with the provider's overrides applied.
    pub(super) fn rule(&self, row: Row) -> Option<Rule> {
        let mut rule: Rule = serde_json::from_str(&self.record(row).line()).ok()?;
        let overrides = self.provider.deny_path.iter().filter(|deny| !deny.warns);
        let closed = overrides.filter(|deny| deny.fits(&rule.method, &rule.path));
        for kind in closed.flat_map(|deny| &deny.kinds) {
            if !rule.deny.contains(kind) {
                rule.deny.push(kind.clone());
            }
        }
        sift(&mut rule, &self.provider);
        self.keep_sound_marks(&mut rule);
        Some(rule)
    }

    fn rows(&self) -> impl Iterator<Item = Row> {
        let texts = self.texts.iter().enumerate();
        texts.flat_map(|(text, packed)| packed.starts().map(move |start| Row { text, start }))
    }

    /// Every row, in order.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.rows().filter_map(|row| self.rule(row))
    }

    /// The rows that one person reported, in order.
    pub(super) fn reports(&self) -> impl Iterator<Item = Rule> {
        self.reported().filter_map(|row| self.rule(row))
    }

    fn reported(&self) -> impl Iterator<Item = Row> {
        let texts = self.texts.iter().enumerate();
        let told =
            texts.flat_map(|(text, packed)| packed.reports().map(move |start| Row { text, start }));
        // Where rows that name no trust are reports too, each is asked.
        let all = (self.fallback == Trust::C).then(|| self.rows());
        let others = all.into_iter().flatten();
        let others = others.filter(|row| self.record(*row).trust() == 0);
        told.chain(others)
    }

    /// All that is quoted in rows that one person reported: names, and the words of their form.
    pub(super) fn quoted_in_reports(&self) -> Vec<&str> {
        let texts: BTreeSet<&str> = self
            .reported()
            .flat_map(|row| self.record(row).texts())
            .collect();
        let quoted = texts
            .iter()
            .flat_map(|text| text.split('"').skip(1).step_by(2));
        quoted.collect()
    }

    /// The rows of each text: those of a later one win over those of an earlier one.
    pub(super) fn rules_by_text(&self) -> impl Iterator<Item = Vec<Rule>> {
        let texts = self.texts.iter().enumerate();
        texts.map(|(text, packed)| {
            let rows = packed.starts().map(|start| Row { text, start });
            rows.filter_map(|row| self.rule(row)).collect()
        })
    }

    /// The rows as `rules.ndjson`, without those and the overrides of the provider file; for a shipped table.
    pub fn imported(&self) -> String {
        let first = self.texts.first();
        let records = first.map(|text| text.starts().map(|start| text.record(start)));
        let lines = records
            .into_iter()
            .flatten()
            .map(|record| record.line() + "\n");
        lines.collect()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.texts.iter().map(Packed::len).sum()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The source a row names first.
    pub fn source_of(&self, rule: &Rule) -> Option<&Source> {
        let id = rule.src.first()?.split('#').next()?;
        self.source(id)
    }

    /// Whether one person reported the operation, and its vendor does not publish it.
    pub fn is_reported(&self, rule: &Rule) -> bool {
        rule.trust.unwrap_or(self.fallback) == Trust::C
    }

    /// The source of that id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.provider.source.iter().find(|source| source.id == id)
    }

    /// The date of the first source that is no mere report: the one its rows come from.
    pub fn date(&self) -> Option<&str> {
        self.provider
            .source
            .iter()
            .find(|source| !source.is_report())?
            .date
            .as_deref()
    }

    /// Why a name is no good advice for a kind of token, although it opens operations; `None` where nothing speaks
    /// against it.
    pub fn speaks_against(&self, name: &str, kind: &str) -> Option<&str> {
        let mut avoided = self.provider.avoid.iter();
        let avoided = avoided.find(|avoid| avoid.fits(name, kind))?;
        Some(&avoided.why)
    }

    /// What the absence of a name from this row proves.
    pub fn denies(&self, rule: &Rule) -> Denies {
        self.source_of(rule)
            .map(|source| source.denies)
            .unwrap_or_default()
    }
}

/// Rows as `rules.ndjson`: one a line, in the order given.
pub fn lines(rules: &[Rule]) -> String {
    rules.iter().map(|rule| to_line(rule) + "\n").collect()
}

/// A row as one line, method and path first.
fn to_line(rule: &Rule) -> String {
    // A rule holds strings, lists and maps with string keys: serialising it cannot fail.
    serde_json::to_string(rule).unwrap_or_default()
}

fn read_provider(text: &str) -> Result<Provider, LoadError> {
    let fault = |line, why| LoadError {
        what: "provider.toml",
        line,
        why,
    };
    let provider: Provider = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        fault(line, without_values(error.message()))
    })?;
    if provider.format != FORMAT {
        return Err(fault(Some(1), format!("key `format` must be \"{FORMAT}\"")));
    }
    if let Some(key) = provider.wire.bad() {
        let line = text.lines().position(|line| line.trim() == "[wire]");
        let why = format!("key `{key}` in `wire`: each name is a field name in lower case");
        return Err(fault(line.map(|at| at + 1), why));
    }
    Ok(provider)
}

fn read_rules(text: &str) -> Result<Vec<Rule>, LoadError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| LoadError {
                what: "rules.ndjson",
                line: Some(number + 1),
                why: without_values(&error.to_string()),
            })
        })
        .collect()
}

/// A parser's message without the values it quotes: a table is no secret, but the wrong file might be.
pub(super) fn without_values(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let first = first.split(" at line ").next().unwrap_or_default();
    for (start, plain) in [
        ("invalid type", "wrong type"),
        ("invalid value", "wrong value"),
        ("unknown variant", "unknown value"),
    ] {
        if first.starts_with(start) {
            let expected = first
                .rsplit_once(", expected ")
                .map_or("another value", |(_, expected)| expected);
            return format!("{plain}, expected {expected}");
        }
    }
    let known = [
        "unknown field",
        "missing field",
        "duplicate",
        "data did not match",
        "expected",
        "EOF",
        "trailing",
    ];
    if known.iter().any(|start| first.starts_with(start)) {
        return first.to_owned();
    }
    "the syntax is not right here".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVIDER: &str = "format = \"scope-table/1\"\n[provider]\nid = \"demo\"\n";

    #[test]
    fn a_broken_table_is_named_by_line_and_key_without_its_text() {
        let typo =
            Table::read(&format!("{PROVIDER}[[rule]]\nmetod = \"hunter2\"\n"), "").unwrap_err();
        assert_eq!(
            (typo.line, typo.why.contains("metod")),
            (Some(5), true),
            "{typo}"
        );
        assert!(!typo.to_string().contains("hunter2"));
        let broken = Table::read(
            PROVIDER,
            "{\"method\":\"GET\",\"path\":\"/a\"}\n{\"method\":\"hunter2\",\"path\":7}",
        )
        .unwrap_err();
        assert_eq!(broken.line, Some(2));
        assert!(!broken.to_string().contains("hunter2"), "{broken}");
    }

    #[test]
    fn a_field_that_no_request_can_have_is_refused_at_load() {
        let bad = Table::read(
            &format!("{PROVIDER}[wire]\ncredential = [\"X My Token\"]\n"),
            "",
        )
        .unwrap_err();
        assert_eq!((bad.line, bad.why.contains("credential")), (Some(4), true));
    }

    #[test]
    fn rows_of_any_key_order_are_found() {
        let table = Table::read(PROVIDER, "{\"path\":\"/a\",\"method\":\"GET\",\"need\":{}}")
            .expect("table");
        assert_eq!(table.len(), 1);
        assert!(matches!(
            table.find("GET", None, "/a", Trust::C),
            crate::table::Match::Found(_)
        ));
    }
}

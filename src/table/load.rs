//! Reading a table: the provider file, the rows beside it, and the index over both.
//!
//! Rows stay text until they are asked for: a check touches one of thousands.

use super::index::{Index, Row};
use super::model::{Provider, Rule, Source, Trust};
use std::borrow::Cow;

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
pub struct Table {
    /// Everything but the rows.
    pub provider: Provider,
    pub(super) texts: Vec<Cow<'static, str>>,
    pub(super) rows: Vec<Row>,
    pub(super) trusts: Vec<Trust>,
    pub(super) index: Index,
}

impl Table {
    /// Reads a table from its two texts; `rules` holds rows in the form the importer writes (method and path first).
    pub fn read(provider: &str, rules: impl Into<Cow<'static, str>>) -> Result<Self, LoadError> {
        let mut provider = read_provider(provider)?;
        let by_hand = std::mem::take(&mut provider.rule);
        let mut table = Self {
            provider,
            texts: Vec::new(),
            rows: Vec::new(),
            trusts: Vec::new(),
            index: Index::new(),
        };
        table.add_text(rules.into());
        table.add_rules(&by_hand);
        Ok(table)
    }

    /// Reads rows that somebody else wrote: every line is checked, then kept in the importer's form.
    pub fn read_checked(provider: &str, rules: &str) -> Result<Self, LoadError> {
        let mut table = Self::read(provider, "")?;
        table.add_rules(&read_rules(rules)?);
        Ok(table)
    }

    /// Adds rows that win over those already there.
    pub fn add_rules(&mut self, rules: &[Rule]) {
        if rules.is_empty() {
            return;
        }
        self.add_text(Cow::Owned(lines(rules)));
    }

    /// The sources and rows of another table of the same provider win over this one's.
    pub fn overlay(&mut self, other: Self) {
        let rules: Vec<Rule> = other.rules().collect();
        let mut sources = other.provider.source;
        sources.append(&mut self.provider.source);
        self.provider.source = sources;
        self.add_rules(&rules);
    }

    fn add_text(&mut self, text: Cow<'static, str>) {
        let number = u8::try_from(self.texts.len()).unwrap_or(u8::MAX);
        let fallback = self
            .provider
            .source
            .iter()
            .filter(|s| !s.is_report())
            .filter_map(|s| s.trust)
            .min()
            .unwrap_or(Trust::B);
        let any_trust = memchr::memmem::find(text.as_bytes(), b"\"trust\":\"").is_some();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let line = &text[start..end];
            if let Some((method, path)) = head_of(line) {
                let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
                let place = at(start + "{\"method\":\"".len());
                let row = Row {
                    text: number,
                    start: at(start),
                    end: at(end),
                    method: (place, u8::try_from(method.len()).unwrap_or(0)),
                };
                let trust = if any_trust {
                    trust_of(line).unwrap_or(fallback)
                } else {
                    fallback
                };
                self.index.add(path, at(self.rows.len()));
                self.rows.push(row);
                self.trusts.push(trust);
            }
            start = end + 1;
        }
        self.texts.push(text);
    }

    pub(super) fn line(&self, row: u32) -> &str {
        let row = &self.rows[row as usize];
        &self.texts[usize::from(row.text)][row.start as usize..row.end as usize]
    }

    pub(super) fn method(&self, row: u32) -> &str {
        let row = &self.rows[row as usize];
        let (start, length) = row.method;
        &self.texts[usize::from(row.text)][start as usize..start as usize + usize::from(length)]
    }

    pub(super) fn path(&self, row: u32) -> &str {
        head_of(self.line(row))
            .map(|(_, path)| path)
            .unwrap_or_default()
    }

    /// A row with the provider's overrides applied.
    pub(super) fn rule(&self, row: u32) -> Option<Rule> {
        let mut rule: Rule = serde_json::from_str(self.line(row)).ok()?;
        let closed = self
            .provider
            .deny_path
            .iter()
            .filter(|deny| deny.fits(&rule.method, &rule.path));
        for kind in closed.flat_map(|deny| &deny.kinds) {
            if !rule.deny.contains(kind) {
                rule.deny.push(kind.clone());
            }
        }
        Some(rule)
    }

    /// Every row, in order.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        (0..).zip(&self.rows).filter_map(|(row, _)| self.rule(row))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The source a row names first.
    pub fn source_of(&self, rule: &Rule) -> Option<&Source> {
        let id = rule.src.first()?.split('#').next()?;
        self.source(id)
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

    /// The gates in whose requirements this exact name occurs, published rows only.
    pub fn gates_naming(&self, name: &str) -> Vec<String> {
        let Ok(quoted) = serde_json::to_string(name) else {
            return Vec::new();
        };
        let finder = memchr::memmem::Finder::new(quoted.as_bytes());
        for (number, text) in self.texts.iter().enumerate() {
            let mut from = 0;
            while let Some(found) = finder.find(&text.as_bytes()[from..]) {
                let at = from + found;
                from = text[at..].find('\n').map_or(text.len(), |end| at + end);
                let gates = self.gates_of_line(number, at, name);
                if !gates.is_empty() {
                    return gates;
                }
            }
        }
        Vec::new()
    }

    /// In how many rows this exact name occurs: how much else it opens.
    pub fn mentions(&self, name: &str) -> usize {
        let Ok(quoted) = serde_json::to_string(name) else {
            return 0;
        };
        let finder = memchr::memmem::Finder::new(quoted.as_bytes());
        self.texts
            .iter()
            .map(|text| finder.find_iter(text.as_bytes()).count())
            .sum()
    }

    fn gates_of_line(&self, text: usize, at: usize, name: &str) -> Vec<String> {
        let row = self.rows.iter().position(|row| {
            usize::from(row.text) == text && (row.start as usize..row.end as usize).contains(&at)
        });
        let Some(row) = row.filter(|row| self.trusts[*row] < Trust::C) else {
            return Vec::new();
        };
        let Some(rule) = u32::try_from(row).ok().and_then(|row| self.rule(row)) else {
            return Vec::new();
        };
        let gates = rule.need.values().flatten();
        let naming = gates.filter(|(_, need)| need.iter().flatten().any(|n| n == name));
        let unique: std::collections::BTreeSet<String> =
            naming.map(|(gate, _)| gate.clone()).collect();
        unique.into_iter().collect()
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

/// Method and path of a line in the importer's form, without parsing the rest.
fn head_of(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("{\"method\":\"")?;
    let (method, rest) = rest.split_once('"')?;
    let rest = rest.strip_prefix(",\"path\":\"")?;
    let end = memchr::memchr(b'"', rest.as_bytes())?;
    Some((method, &rest[..end]))
}

fn trust_of(line: &str) -> Option<Trust> {
    let at = line.find("\"trust\":\"")? + "\"trust\":\"".len();
    match line.as_bytes().get(at)? {
        b'A' => Some(Trust::A),
        b'B' => Some(Trust::B),
        b'C' => Some(Trust::C),
        _ => None,
    }
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
        let broken = Table::read_checked(
            PROVIDER,
            "{\"method\":\"GET\",\"path\":\"/a\"}\n{\"method\":\"hunter2\",\"path\":7}",
        )
        .unwrap_err();
        assert_eq!(broken.line, Some(2));
        assert!(!broken.to_string().contains("hunter2"), "{broken}");
    }

    #[test]
    fn rows_of_any_key_order_are_found() {
        let table =
            Table::read_checked(PROVIDER, "{\"path\":\"/a\",\"method\":\"GET\",\"need\":{}}")
                .expect("table");
        assert_eq!(table.len(), 1);
        assert_eq!(table.path(0), "/a");
    }
}

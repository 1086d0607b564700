//! What a vendor changed between two tables.

use super::load::Table;
use super::model::Rule;
use std::collections::BTreeMap;

/// Rows that differ.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Diff {
    /// Rows that only the new table has.
    pub added: Vec<Rule>,
    /// Rows that only the old table has.
    pub removed: Vec<Rule>,
    /// Rows that ask for something else: old, new.
    pub changed: Vec<(Rule, Rule)>,
    /// Rows that are the same in what they ask for.
    pub same: usize,
}

/// What tells operations apart: path without the names of variables, method, host, query.
type Key = (String, String, Option<String>, Option<String>);

/// Compares two tables row by row.
pub fn diff(old: &Table, new: &Table) -> Diff {
    let mut before = rows(old);
    let mut out = Diff::default();
    for (key, rule) in rows(new) {
        match before.remove(&key) {
            None => out.added.push(rule),
            Some(was) if same(&was, &rule) => out.same += 1,
            Some(was) => out.changed.push((was, rule)),
        }
    }
    out.removed = before.into_values().collect();
    out
}

fn rows(table: &Table) -> BTreeMap<Key, Rule> {
    table.rules().map(|rule| (key(&rule), rule)).collect()
}

fn key(rule: &Rule) -> Key {
    (
        super::lint::nameless(&rule.path),
        rule.method.clone(),
        rule.host.clone(),
        rule.query.clone(),
    )
}

fn same(one: &Rule, other: &Rule) -> bool {
    let sorted = |rule: &Rule| {
        let mut need = rule.need.clone();
        for list in need.values_mut().flat_map(BTreeMap::values_mut) {
            for set in list.iter_mut() {
                set.sort();
            }
            list.sort();
        }
        need
    };
    sorted(one) == sorted(other)
        && (&one.deny, one.sem, one.unknown, one.deprecated)
            == (&other.deny, other.sem, other.unknown, other.deprecated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_apart_by_what_they_ask_for() {
        let provider = "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n";
        let table = |rows: &str| Table::read(provider, rows).expect("a table");
        let old = table(
            "{\"method\":\"GET\",\"path\":\"/a/{x}\",\"need\":{\"t\":{\"scope\":[[\"a\"],[\"b\"]]}}}\n{\"method\":\"GET\",\"path\":\"/b\",\"need\":{\"t\":{}}}\n{\"method\":\"GET\",\"path\":\"/c\",\"need\":{\"t\":{}}}",
        );
        let new = table(
            "{\"method\":\"GET\",\"path\":\"/a/{y}\",\"need\":{\"t\":{\"scope\":[[\"b\"],[\"a\"]]}}}\n{\"method\":\"GET\",\"path\":\"/b\",\"need\":{\"t\":{\"scope\":[[\"b\"]]}}}\n{\"method\":\"GET\",\"path\":\"/d\",\"need\":{\"t\":{}}}",
        );
        let found = diff(&old, &new);
        assert_eq!(found.same, 1);
        assert_eq!(found.changed.len(), 1);
        assert_eq!(
            (found.added[0].path.as_str(), found.removed[0].path.as_str()),
            ("/d", "/c")
        );
    }
}

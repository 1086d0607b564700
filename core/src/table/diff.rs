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
    /// Rows that ask for the same, and are doubtful now, or no more, or for another reason: old, new.
    pub doubted: Vec<(Rule, Rule)>,
    /// Rows that are the same in what they ask for, and in what is doubtful about it.
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
            Some(was) if !same(&was, &rule) => out.changed.push((was, rule)),
            Some(was) if was.doubt != rule.doubt => out.doubted.push((was, rule)),
            Some(_) => out.same += 1,
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
        && (&one.deny, one.sem, &one.when, &one.partly)
            == (&other.deny, other.sem, &other.when, &other.partly)
        && (one.unknown, one.deprecated) == (other.unknown, other.deprecated)
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
        assert_eq!((found.same, found.doubted.len()), (1, 0));
        assert_eq!(found.changed.len(), 1);
        assert_eq!(
            (found.added[0].path.as_str(), found.removed[0].path.as_str()),
            ("/d", "/c")
        );
    }

    #[test]
    fn a_doubt_that_came_or_went_is_a_difference_of_its_own() {
        let provider = "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n";
        let table = |doubts: [&str; 4]| {
            let row = |(at, doubt): (usize, &str)| {
                format!(
                    "{{\"method\":\"GET\",\"path\":\"/{at}\",\"need\":{{\"t\":{{}}}}{doubt}}}\n"
                )
            };
            let rows: String = doubts.into_iter().enumerate().map(row).collect();
            Table::read(provider, &rows).expect("a table")
        };
        let (one, other) = (",\"doubt\":[\"one\"]", ",\"doubt\":[\"other\"]");
        let partly = ",\"partly\":[{\"has\":[\"a\"],\"when\":\"it is public\"}]";
        let found = diff(&table(["", one, one, ""]), &table([one, "", other, partly]));
        let doubted: Vec<&str> = found
            .doubted
            .iter()
            .map(|(_, now)| now.path.as_str())
            .collect();
        assert_eq!(doubted, ["/0", "/1", "/2"]);
        assert_eq!(found.changed[0].1.path, "/3");
        assert_eq!(found.same, 0);
    }
}

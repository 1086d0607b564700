//! Rows of a source in place of its former ones, beside the rows of the table's other sources.

use super::super::load::Table;
use super::super::model::Rule;
use std::collections::BTreeMap;

type Key = (String, String, Option<String>, Option<String>);

/// Puts the rows of one source into a table: its former rows go, those of other sources stay. Where two sources have
/// the same operation, the source that the provider's file declares first has the word.
pub fn merge(table: &Table, former: Vec<Rule>, fresh: Vec<Rule>, source: &str) -> Vec<Rule> {
    let declared = &table.provider.source;
    let place = |rule: &Rule| {
        let own = rule.src.first().and_then(|src| src.split('#').next());
        declared.iter().position(|s| Some(s.id.as_str()) == own)
    };
    let updated = declared.iter().position(|s| s.id == source);
    let others = former.into_iter().filter(|rule| place(rule) != updated);
    let mut rows: BTreeMap<Key, Rule> = BTreeMap::new();
    for rule in others.chain(fresh) {
        let key = (
            rule.path.clone(),
            rule.method.clone(),
            rule.host.clone(),
            rule.query.clone(),
        );
        if rows
            .get(&key)
            .is_none_or(|known| place(&rule) < place(known))
        {
            rows.insert(key, rule);
        }
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_replaces_its_own_rows_and_yields_to_one_declared_before_it() {
        let provider = "format = \"scope-table/1\"\n[provider]\nid = \"p\"\n[[source]]\nid = \"one\"\n[[source]]\nid = \"two\"\n";
        let rows = |list: &[(&str, &str)]| -> Vec<Rule> {
            let row = |(path, src): &(&str, &str)| {
                let line = format!(
                    r#"{{"method":"GET","path":"{path}","need":{{"{src}":{{}}}},"src":["{src}#x"]}}"#
                );
                serde_json::from_str(&line).expect("a row")
            };
            list.iter().map(row).collect()
        };
        let table = Table::read(provider, "").expect("a table");
        let former = rows(&[("/a", "one"), ("/b", "two"), ("/c", "two")]);
        let merged = merge(
            &table,
            former.clone(),
            rows(&[("/a", "two"), ("/d", "two")]),
            "two",
        );
        let names: Vec<(&str, &str)> = merged
            .iter()
            .map(|rule| (rule.path.as_str(), rule.src[0].as_str()))
            .collect();
        assert_eq!(names, [("/a", "one#x"), ("/d", "two#x")]);
        let merged = merge(&table, former, rows(&[("/b", "one")]), "one");
        assert_eq!(merged.len(), 2);
        assert_eq!(merged[0].src, ["one#x"]);
    }
}

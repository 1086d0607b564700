//! One's own list as CSV or NDJSON.
//!
//! CSV needs a header line with `method` and `path`; known columns are `kind`, `op`, `note`, and any gate's name
//! (`scope`, `permission`): alternatives separated by `|`, names needed together by spaces. Several lines of one
//! operation are several kinds. NDJSON has the rows of `rules.ndjson`.

use super::{Document, Imported, Options, Rows, row};
use crate::scope::Need;
use crate::table::model::{Needs, Rule};
use std::collections::BTreeMap;

/// The kind where no column names one.
const KIND: &str = "token";

/// Reads all documents into one sorted table.
pub fn plain(documents: &[Document], options: &Options<'_>) -> Imported {
    let mut out = Imported::default();
    let mut rows = Rows::default();
    for document in documents {
        out.counts.documents += 1;
        let text = document.text.trim_start_matches('\u{feff}');
        if text.trim_start().starts_with('{') {
            lines(text, document, &mut rows, &mut out);
        } else {
            columns(text, document, options, &mut rows, &mut out);
        }
    }
    rows.finish(options, &mut out);
    out
}

fn lines(text: &str, document: &Document, rows: &mut Rows, out: &mut Imported) {
    let filled = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    for (number, line) in filled {
        let place = format!("{} line {}", document.name, number + 1);
        match serde_json::from_str::<Rule>(line) {
            Ok(rule) => rows.add(rule, &place),
            Err(error) => out.doubts.push((
                place,
                crate::table::load::without_values(&error.to_string()),
            )),
        }
    }
}

fn columns(
    text: &str,
    document: &Document,
    options: &Options<'_>,
    rows: &mut Rows,
    out: &mut Imported,
) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let Some(header) = header(&mut reader) else {
        out.doubts.push((
            format!("{} line 1", document.name),
            "is not a header line with the columns `method` and `path`".to_owned(),
        ));
        return;
    };
    let mut found: BTreeMap<(String, String), Rule> = BTreeMap::new();
    for record in reader.records() {
        let (line, fields) = match record {
            Ok(record) => (record.position().map_or(0, csv::Position::line), record),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                let place = format!("{} line {line}", document.name);
                out.doubts.push((place, "is not CSV".to_owned()));
                continue;
            }
        };
        let cells: BTreeMap<&str, &str> = header.iter().map(String::as_str).zip(&fields).collect();
        let cell = |name: &str| cells.get(name).copied().unwrap_or_default();
        if cell("method").is_empty() || !cell("path").starts_with('/') {
            out.doubts.push((
                format!("{} line {line}", document.name),
                "has no method, or a path that does not start with `/`".to_owned(),
            ));
            continue;
        }
        let method = cell("method").to_ascii_uppercase();
        let rule = found
            .entry((cell("path").to_owned(), method.clone()))
            .or_insert_with(|| row(&method, cell("path"), Needs::new(), &options.source));
        take(rule, &cells, options);
    }
    for rule in found.into_values() {
        rows.add(rule, &document.name);
    }
}

fn header(reader: &mut csv::Reader<&[u8]>) -> Option<Vec<String>> {
    let names: Vec<String> = reader
        .headers()
        .ok()?
        .iter()
        .map(str::to_ascii_lowercase)
        .collect();
    let has = |name: &str| names.iter().any(|own| own == name);
    (has("method") && has("path")).then_some(names)
}

fn take(rule: &mut Rule, cells: &BTreeMap<&str, &str>, options: &Options<'_>) {
    const OTHER: [&str; 5] = ["method", "path", "kind", "op", "note"];
    let text = |name: &str| {
        let value = cells.get(name).copied().filter(|value| !value.is_empty());
        value.map(str::to_owned)
    };
    rule.op = rule.op.take().or_else(|| text("op"));
    rule.note = rule.note.take().or_else(|| text("note"));
    let gates = cells
        .iter()
        .filter(|(name, value)| !OTHER.contains(name) && !value.is_empty());
    let gates = gates.map(|(gate, value)| ((*gate).to_owned(), alternatives(value)));
    let kind = text("kind").unwrap_or_else(|| {
        let first = options.provider.and_then(|p| p.kind.first());
        first.map_or_else(|| KIND.to_owned(), |kind| kind.id.clone())
    });
    rule.need.insert(kind, gates.collect());
}

fn alternatives(value: &str) -> Need {
    value
        .split('|')
        .map(|set| set.split_whitespace().map(str::to_owned).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ListReading;

    fn import(text: &str) -> Imported {
        let options = Options {
            provider: None,
            source: "own".to_owned(),
            reading: ListReading::All,
            find: &|_| None,
        };
        let documents = [Document {
            name: "own.csv".to_owned(),
            text: text.to_owned(),
        }];
        plain(&documents, &options)
    }

    #[test]
    fn columns_are_gates_and_lines_are_kinds() {
        let out = import(
            "method,path,kind,scope,permission\nget,/a,user,a:read|a b,\nGET,/a,app,,p\nGET,b,,,\n",
        );
        assert_eq!(out.rules.len(), 1);
        assert_eq!(
            out.rules[0].need["user"]["scope"],
            vec![vec!["a:read"], vec!["a", "b"]]
        );
        assert_eq!(out.rules[0].need["app"]["permission"], [["p"]]);
        assert!(out.doubts[0].0.ends_with("line 4"), "{:?}", out.doubts);
    }

    #[test]
    fn a_file_without_the_columns_is_named() {
        assert!(import("a,b\n1,2\n").doubts[0].1.contains("header"));
        assert_eq!(
            import("{\"method\":\"GET\",\"path\":\"/a\"}\n{\n")
                .rules
                .len(),
            1
        );
    }
}

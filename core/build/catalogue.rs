//! Writes the shipped tables down: texts and bytes into files, where each stands as constants.

use crate::pack::catalogue::{Alternative, Entry, Mark, Rows, SECTIONS, Span, Wording};
use crate::pack::literals::Literals;
use crate::pack::plain::Plain;
use crate::pack::{self, Pack};
use crate::signs::{self, Sign};
use crate::vocabulary::list;
use crate::{hosts, texts};
use std::path::Path;

/// One table, read and packed.
pub(crate) struct Table {
    id: String,
    hosts: Vec<String>,
    paths: Vec<String>,
    words: Vec<String>,
    general: bool,
    provider: String,
    sections: [String; SECTIONS.len()],
    wordings: Vec<Sign>,
    marks: Vec<Sign>,
    rows: Pack,
    by_hand: Pack,
}

/// Reads the table of a folder.
pub(crate) fn read(folder: &Path) -> Table {
    let id = folder.file_name().and_then(|name| name.to_str());
    let toml_path = folder.join("provider.toml");
    let text = std::fs::read_to_string(&toml_path)
        .unwrap_or_else(|e| panic!("{}: {e}", toml_path.display()));
    let mut provider: toml::Table =
        toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", toml_path.display()));
    let by_hand = provider.remove("rule");
    let by_hand = by_hand.as_ref().and_then(toml::Value::as_array);
    let by_hand: String = by_hand
        .into_iter()
        .flatten()
        .map(|rule| json(rule) + "\n")
        .collect();
    let rules_path = folder
        .canonicalize()
        .expect("the folder")
        .join("rules.ndjson");
    // A provider without rows has refusals only.
    let rules = std::fs::read_to_string(&rules_path).unwrap_or_default();
    let paths = provider.get("paths");
    let info = provider.get("provider");
    let case = paths.and_then(|paths| paths.get("case"));
    let fold = case.and_then(toml::Value::as_str) == Some("insensitive");
    let general = info.and_then(|info| info.get("general"));
    let from = toml_path.display().to_string();
    Table {
        wordings: signs::wordings(&provider, &from),
        marks: signs::marks(&provider, &from),
        id: id.expect("a folder's name in UTF-8").to_owned(),
        hosts: hosts(&provider),
        paths: texts(paths.and_then(|paths| paths.get("own"))),
        words: texts(info.and_then(|info| info.get("words"))),
        general: general.and_then(toml::Value::as_bool).unwrap_or_default(),
        rows: packed(&rules, fold, &rules_path),
        by_hand: packed(&by_hand, fold, &toml_path),
        // The signs are put down one by one.
        sections: SECTIONS.map(|name| {
            json(&match provider.remove(name) {
                Some(toml::Value::Array(list)) => list,
                one => one.into_iter().collect(),
            })
        }),
        provider: json(&provider),
    }
}

pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("TOML without dates fits JSON")
}

fn packed(rules: &str, fold: bool, from: &Path) -> Pack {
    let pack = pack::pack(rules, fold);
    let lines = rules.lines().filter(|line| !line.is_empty()).count();
    assert_eq!(
        pack.rows as usize,
        lines,
        "{}: a line is no row",
        from.display()
    );
    pack
}

/// Texts and bytes, one behind the other.
#[derive(Default)]
pub(crate) struct Shelf {
    text: String,
    bytes: Vec<u8>,
    names: Vec<Span>,
    numbers: Vec<u16>,
    alternatives: Vec<Alternative>,
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("less than 4 GB")
}

impl Shelf {
    pub(crate) fn text(&mut self, text: &str) -> Span {
        let start = number(self.text.len());
        self.text.push_str(text);
        Span(start, number(self.text.len()))
    }

    fn bytes(&mut self, bytes: &[u8]) -> Span {
        let start = number(self.bytes.len());
        self.bytes.extend(bytes);
        Span(start, number(self.bytes.len()))
    }

    pub(crate) fn numbers(&mut self, numbers: Vec<u16>) -> Span {
        let start = number(self.numbers.len());
        self.numbers.extend(numbers);
        Span(start, number(self.numbers.len()))
    }

    pub(crate) fn alternatives(&mut self, all: &[Plain]) -> Span {
        let start = number(self.alternatives.len());
        for own in all {
            let text = self.text(&own.text);
            self.alternatives.push(Alternative {
                text,
                fold: own.fold,
                before: own.before,
                behind: own.behind,
            });
        }
        Span(start, number(self.alternatives.len()))
    }

    /// Puts a section down; where its entries stand.
    fn entries(&mut self, signs: &[Sign]) -> (Span, Vec<Span>) {
        let mut spans = Vec::new();
        let start = self.text("[");
        for (at, sign) in signs.iter().enumerate() {
            if at > 0 {
                self.text(",");
            }
            spans.push(self.text(sign.json()));
        }
        let end = self.text("]");
        (Span(start.0, end.1), spans)
    }

    fn names(&mut self, names: &[String]) -> Span {
        let start = number(self.names.len());
        for name in names {
            let name = self.text(name);
            self.names.push(name);
        }
        Span(start, number(self.names.len()))
    }

    fn rows(&mut self, pack: &Pack) -> Rows {
        Rows {
            pool: self.text(&pack.pool),
            starts: self.bytes(&pack.starts),
            records: self.bytes(&pack.records),
            trie: self.bytes(&pack.trie),
            names: self.bytes(&pack.names),
            reports: self.bytes(&pack.reports),
            count: pack.rows,
        }
    }
}

/// Writes the files into `out`; returns the source of a `Catalogue`.
pub(crate) fn source(tables: &[Table], out: &Path) -> String {
    let mut shelf = Shelf::default();
    // What is searched through for every question stands together.
    let ids: Vec<Span> = tables.iter().map(|own| shelf.text(&own.id)).collect();
    let hosts: Vec<Span> = tables.iter().map(|own| shelf.names(&own.hosts)).collect();
    let paths: Vec<Span> = tables.iter().map(|own| shelf.names(&own.paths)).collect();
    let words: Vec<Span> = tables.iter().map(|own| shelf.names(&own.words)).collect();
    let signs = tables
        .iter()
        .flat_map(|own| own.wordings.iter().chain(&own.marks));
    let literals = signs::literals(signs);
    let (mut wordings, mut marks): (Vec<Wording>, Vec<Mark>) = (Vec::new(), Vec::new());
    let entry = |(at, own): (usize, &Table)| {
        let start = number(wordings.len());
        let (errors, spans) = shelf.entries(&own.wordings);
        let own_wordings = own.wordings.iter().zip(spans);
        wordings
            .extend(own_wordings.map(|(sign, whole)| sign.wording(whole, &literals, &mut shelf)));
        let (signs, spans) = shelf.entries(&own.marks);
        let own_marks = own.marks.iter().zip(spans);
        marks.extend(own_marks.map(|(sign, whole)| sign.mark(whole, at, &literals, &mut shelf)));
        Entry {
            id: ids[at],
            hosts: hosts[at],
            paths: paths[at],
            words: words[at],
            general: own.general,
            provider: shelf.text(&own.provider),
            sections: std::array::from_fn(|number| match SECTIONS[number] {
                "error" => errors,
                "mark" => signs,
                _ => shelf.text(&own.sections[number]),
            }),
            wordings: Span(start, number(wordings.len())),
            rows: shelf.rows(&own.rows),
            by_hand: shelf.rows(&own.by_hand),
        }
    };
    let entries: Vec<Entry> = tables.iter().enumerate().map(entry).collect();
    let (text, bytes) = (out.join("shipped.txt"), out.join("shipped.bin"));
    std::fs::write(&text, &shelf.text).expect("OUT_DIR can be written");
    std::fs::write(&bytes, &shelf.bytes).expect("OUT_DIR can be written");
    format!(
        "Catalogue {{ text: include_str!({text:?}), bytes: include_bytes!({bytes:?}), names: &{:?}, tables: &{entries:?}, \
         wordings: &{wordings:?}, marks: &{marks:?}, alternatives: &{:?}, numbers: &{:?}, literals: {} }}",
        shelf.names,
        shelf.alternatives,
        shelf.numbers,
        literals_source(&literals)
    )
}

fn literals_source(literals: &Literals) -> String {
    format!(
        "Literals {{ pool: Cow::Borrowed({:?}), ends: {}, keys: {}, beginnings: {}, slots: {} }}",
        literals.pool,
        list(&literals.ends),
        list(&literals.keys),
        list(&literals.beginnings),
        list(&literals.slots)
    )
}

//! Packs the shipped tables: provider files as JSON, rows with their index, so that a run parses and builds little.

#![expect(
    clippy::disallowed_methods,
    clippy::unnecessary_debug_formatting,
    reason = "a build script reads and writes files, and writes Rust string literals"
)]

#[path = "src/http/fold/bare.rs"]
mod bare;
#[path = "build/catalogue.rs"]
mod catalogue;
#[expect(dead_code, unreachable_pub, reason = "the program reads with it")]
#[path = "src/language/vocabulary/mod.rs"]
mod language;
#[path = "build/likeness.rs"]
mod likeness;
#[expect(dead_code, reason = "the program reads with it")]
#[path = "src/table/pack/mod.rs"]
mod pack;
#[path = "build/signs.rs"]
mod signs;
#[path = "build/vocabulary.rs"]
mod vocabulary;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let tables = data("tables", "../tables");
    let causes = data("causes", "../docs/causes");
    println!("cargo::rerun-if-changed={}", tables.display());
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/http/fold");
    println!("cargo::rerun-if-changed=src/table/pack");
    println!("cargo::rerun-if-changed=src/language/vocabulary");
    println!("cargo::rustc-env=WHY401_TABLES={}", tables.display());
    println!("cargo::rustc-env=WHY401_CAUSES={}", causes.display());
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&tables)
        .expect("tables/")
        .map(|entry| entry.expect("an entry of tables/").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let shipped: Vec<catalogue::Table> = folders.iter().map(|own| catalogue::read(own)).collect();
    std::fs::write(out.join("shipped.rs"), catalogue::source(&shipped, &out))
        .expect("OUT_DIR can be written");
    std::fs::write(out.join("wire.rs"), wire(&folders)).expect("OUT_DIR can be written");
    std::fs::write(out.join("compared.rs"), compared(&folders)).expect("OUT_DIR can be written");
    let words = path_words(&folders);
    std::fs::write(out.join("path_words.rs"), sorted(&words)).expect("OUT_DIR can be written");
    let numbers = numbers(&tables, &folders);
    std::fs::write(out.join("numbers.rs"), sorted(&numbers)).expect("OUT_DIR can be written");
    let (bare, led) = bare_codes(&folders);
    std::fs::write(out.join("bare.rs"), sorted(&bare)).expect("OUT_DIR can be written");
    std::fs::write(out.join("led.rs"), sorted(&led)).expect("OUT_DIR can be written");
    let words = read_vocabulary(&tables);
    let source = vocabulary::source(&words).expect("a text can be written");
    std::fs::write(out.join("vocabulary.rs"), source).expect("OUT_DIR can be written");
    std::fs::write(out.join("likeness.rs"), read_likeness(&tables, &words))
        .expect("OUT_DIR can be written");
}

/// The vocabulary of `tables/language.toml`; whether the causes it names are causes is a test of the program.
fn read_vocabulary(tables: &Path) -> language::Vocabulary {
    let text = std::fs::read_to_string(tables.join("language.toml")).expect("tables/language.toml");
    let known = |code: &str| -> Option<&'static str> { Some(code.to_owned().leak()) };
    match language::Vocabulary::compile(&text, known) {
        Ok(read) => read,
        Err(fault) => panic!("tables/language.toml: {fault}"),
    }
}

/// The model of `tables/likeness.tsv`.
fn read_likeness(tables: &Path, vocabulary: &language::Vocabulary) -> String {
    let text = std::fs::read_to_string(tables.join("likeness.tsv")).expect("tables/likeness.tsv");
    match likeness::compile(&text, vocabulary) {
        Ok(read) => likeness::source(&read),
        Err(fault) => panic!("tables/likeness.tsv: {fault}"),
    }
}

/// A folder of data: in a published package a copy beside the sources, in the repository where a link points to; where
/// links are not checked out as such, its own place.
fn data(linked: &str, own: &str) -> PathBuf {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let near = root.join(linked);
    if near.is_dir() { near } else { root.join(own) }
}

/// The header fields, query parameters and stock sentences that the provider files name, sorted.
fn wire(folders: &[PathBuf]) -> String {
    let files: Vec<toml::Table> = folders.iter().map(|folder| provider(folder)).collect();
    let mut out = String::from("Wire {\n");
    for (section, key) in [
        ("wire", "credential"),
        ("wire", "query"),
        ("wire", "signed"),
        ("wire", "speaks"),
        ("wire", "stock"),
        ("provider", "correlation"),
    ] {
        let lists = files.iter().map(|file| file.get(section)?.get(key));
        let names: BTreeSet<String> = lists.flat_map(texts).collect();
        let _ = writeln!(out, "{key}: &{:?},", names.iter().collect::<Vec<_>>());
    }
    out + "}\n"
}

/// The source of a `Sorted`.
fn sorted(texts: &[String]) -> String {
    let mut end = 0;
    let ends = texts.iter().map(|text| {
        end += text.len();
        end
    });
    let ends: Vec<usize> = ends.collect();
    format!("Sorted {{ pool: {:?}, ends: &{ends:?} }}", texts.concat())
}

/// The provider file of a folder.
fn provider(folder: &Path) -> toml::Table {
    let text = std::fs::read_to_string(folder.join("provider.toml")).unwrap_or_default();
    text.parse().unwrap_or_default()
}

/// What the provider files read of an answer: names of header fields, and the values that members are compared with.
/// Both are published, so that `scrub` keeps them.
fn compared(folders: &[PathBuf]) -> String {
    let mut headers = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for folder in folders {
        let file = provider(folder);
        read_of(&toml::Value::Table(file), &mut headers, &mut codes);
    }
    let list = |names: BTreeSet<String>| sorted(&Vec::from_iter(names));
    format!(
        "Compared {{ headers: {}, codes: {} }}",
        list(headers),
        list(codes)
    )
}

fn read_of(value: &toml::Value, headers: &mut BTreeSet<String>, codes: &mut BTreeSet<String>) {
    match value {
        toml::Value::Array(list) => list.iter().for_each(|own| read_of(own, headers, codes)),
        toml::Value::Table(table) => {
            for (key, own) in table {
                match (key.as_str(), own) {
                    ("header", toml::Value::String(name)) => {
                        headers.insert(name.to_ascii_lowercase());
                    }
                    ("header", toml::Value::Table(names)) => {
                        headers.extend(names.keys().map(|name| name.to_ascii_lowercase()));
                    }
                    ("json", toml::Value::Table(members)) => {
                        for values in members.values() {
                            codes.extend(values.as_str().map(str::to_owned));
                            codes.extend(texts(Some(values)));
                        }
                    }
                    _ => read_of(own, headers, codes),
                }
            }
        }
        _ => {}
    }
}

/// Numbers of up to eight digits that stand in a provider file or in the vocabulary, sorted: each may be a code.
fn numbers(tables: &Path, folders: &[PathBuf]) -> Vec<String> {
    let mut numbers = BTreeSet::new();
    let files = folders.iter().map(|folder| folder.join("provider.toml"));
    for file in files.chain([tables.join("language.toml")]) {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let runs = text.split(|c: char| !c.is_ascii_digit());
        numbers.extend(
            runs.filter(|run| (1..=8).contains(&run.len()))
                .map(str::to_owned),
        );
    }
    numbers.into_iter().collect()
}

/// What patterns look for with nothing around it and what an id may hold, four to eight digits, letters of hex and hyphens:
/// they see it inside ids too. Then what they look for behind something that no id holds. In lower case, sorted.
fn bare_codes(folders: &[PathBuf]) -> (Vec<String>, Vec<String>) {
    let mut codes = BTreeSet::new();
    for folder in folders {
        let file = provider(folder);
        bare_in(&toml::Value::Table(file), &mut codes);
    }
    let (led, free): (BTreeSet<bare::Code>, _) = codes.into_iter().partition(|(_, led)| *led);
    let code = |(code, _)| code;
    (
        free.into_iter().map(code).collect(),
        led.into_iter().map(code).collect(),
    )
}

fn bare_in(value: &toml::Value, codes: &mut BTreeSet<bare::Code>) {
    match value {
        toml::Value::Array(list) => list.iter().for_each(|own| bare_in(own, codes)),
        toml::Value::Table(table) => {
            for (key, own) in table {
                if let ("re", toml::Value::String(pattern)) = (key.as_str(), own) {
                    codes.extend(bare::codes(pattern));
                }
                bare_in(own, codes);
            }
        }
        _ => {}
    }
}

/// Literal pieces of every published path, sorted: what `scrub` may keep of a URL.
fn path_words(folders: &[PathBuf]) -> Vec<String> {
    let mut words = BTreeSet::new();
    for folder in folders {
        let rules = std::fs::read_to_string(folder.join("rules.ndjson")).unwrap_or_default();
        for line in rules.lines() {
            let rule: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
            literals(rule["path"].as_str().unwrap_or_default(), &mut words);
        }
        let text = std::fs::read_to_string(folder.join("provider.toml")).unwrap_or_default();
        strings(
            &text
                .parse()
                .map_or(toml::Value::Boolean(false), toml::Value::Table),
            &mut words,
        );
    }
    words.into_iter().collect()
}

/// Paths among the strings of a provider file.
fn strings(value: &toml::Value, words: &mut BTreeSet<String>) {
    match value {
        toml::Value::String(text) => {
            let path = text
                .split_once(' ')
                .map_or(text.as_str(), |(method, path)| {
                    if method.bytes().all(|b| b.is_ascii_uppercase()) {
                        path
                    } else {
                        ""
                    }
                });
            if path.starts_with('/') && !path.contains(' ') {
                literals(path, words);
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|v| strings(v, words)),
        toml::Value::Table(table) => table.values().for_each(|v| strings(v, words)),
        _ => {}
    }
}

fn literals(path: &str, words: &mut BTreeSet<String>) {
    for segment in path.split('/') {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            pieces(before, words);
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        pieces(rest, words);
    }
}

/// A segment whole, and the words between its marks: `users('` and `')`, `{id}:action`.
fn pieces(text: &str, words: &mut BTreeSet<String>) {
    let split = text.split([
        '(', ')', '\'', ':', ';', ',', '=', '@', '$', '*', '?', '[', ']', '|', '\\', '^', '+', '&',
    ]);
    words.extend(split.filter(|w| !w.is_empty()).map(str::to_owned));
}

fn texts(list: Option<&toml::Value>) -> Vec<String> {
    let list = list.and_then(toml::Value::as_array).into_iter().flatten();
    list.filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// Every host of a provider, regions spelled out.
fn hosts(provider: &toml::Table) -> Vec<String> {
    let mut out = Vec::new();
    let declared = provider.get("host").and_then(toml::Value::as_array);
    for host in declared.into_iter().flatten() {
        for key in ["name", "pattern", "login"] {
            let Some(text) = host.get(key).and_then(toml::Value::as_str) else {
                continue;
            };
            let domains = host.get("domain").and_then(toml::Value::as_table);
            if text.contains("{domain}") {
                let values = domains
                    .into_iter()
                    .flatten()
                    .filter_map(|(_, d)| d.as_str());
                out.extend(values.map(|domain| text.replace("{domain}", domain)));
            } else if !text.contains('{') {
                out.push(text.to_ascii_lowercase());
            }
        }
    }
    out.sort();
    out.dedup();
    out
}

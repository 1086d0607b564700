//! Packs the shipped tables: provider files as JSON, rows with their index, so that a run parses and builds little.

#![expect(
    clippy::disallowed_methods,
    clippy::unnecessary_debug_formatting,
    reason = "a build script reads and writes files, and writes Rust string literals"
)]

#[path = "src/table/pack.rs"]
mod pack;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=tables");
    println!("cargo::rerun-if-changed=src/table/pack.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut folders: Vec<PathBuf> = std::fs::read_dir("tables")
        .expect("tables/")
        .map(|entry| entry.expect("an entry of tables/").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let mut source = String::new();
    for folder in &folders {
        shipped(folder, &out, &mut source);
    }
    std::fs::write(out.join("shipped.rs"), format!("[\n{source}]\n"))
        .expect("OUT_DIR can be written");
}

fn shipped(folder: &Path, out: &Path, source: &mut String) {
    let id = folder
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a folder's name in UTF-8");
    let toml_path = folder.join("provider.toml");
    let text = std::fs::read_to_string(&toml_path)
        .unwrap_or_else(|e| panic!("{}: {e}", toml_path.display()));
    let mut provider: toml::Table =
        toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", toml_path.display()));
    let signatures = provider
        .remove("error")
        .unwrap_or(toml::Value::Array(Vec::new()));
    let signatures = serde_json::to_string(&signatures).expect("TOML without dates fits JSON");
    let json = out.join(format!("{id}.json"));
    std::fs::write(
        &json,
        serde_json::to_string(&provider).expect("TOML without dates fits JSON"),
    )
    .expect("OUT_DIR can be written");
    let rules_path = folder
        .join("rules.ndjson")
        .canonicalize()
        .expect("rules.ndjson beside provider.toml");
    let rules = std::fs::read_to_string(&rules_path).expect("rules.ndjson");
    let pack::Pack { pool, trie, names } = pack::pack(&rules);
    let words = |list: &[u32]| {
        list.iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(",")
    };
    let _ = writeln!(
        source,
        "Shipped {{ id: {id:?}, provider: include_str!({json:?}), signatures: {signatures:?}, rules: include_str!({rules_path:?}), index: ShippedIndex {{ pool: {pool:?}, trie: &[{}], names: &[{}] }} }},",
        words(&trie),
        words(&names),
    );
}

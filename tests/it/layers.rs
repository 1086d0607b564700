//! The layers: a module imports only from those above it (the table in `src/lib.rs` and ARCHITECTURE.md).

use std::path::{Path, PathBuf};

/// Each module and what it may import of the crate.
const MAY_IMPORT: [(&str, &[&str]); 15] = [
    ("sorted", &[]),
    ("aside", &[]),
    ("scope", &[]),
    ("token", &["scope", "http"]),
    ("http", &["sorted", "scope"]),
    ("finding", &["scope", "token", "http"]),
    ("table", &["scope"]),
    ("language", &["finding", "aside"]),
    (
        "diagnose",
        &["scope", "token", "http", "finding", "table", "language"],
    ),
    ("input", &["http", "token", "aside"]),
    (
        "triage",
        &[
            "scope", "token", "http", "finding", "table", "diagnose", "input",
        ],
    ),
    (
        "gate",
        &[
            "scope", "token", "http", "finding", "table", "diagnose", "triage",
        ],
    ),
    (
        "needs",
        &[
            "scope", "token", "http", "finding", "table", "diagnose", "triage",
        ],
    ),
    ("scrub", &["sorted", "token", "http", "input"]),
    ("output", &["scope", "finding", "table", "needs"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .expect("a folder of src")
        .map(|e| e.expect("an entry").path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The files of a module: its folder, or the one file that it is.
fn files_of(root: &Path, module: &str) -> Vec<PathBuf> {
    let alone = root.join(format!("{module}.rs"));
    match alone.is_file() {
        true => vec![alone],
        false => files(&root.join(module)),
    }
}

/// Modules of the crate that a source text names, with the line.
fn imports(text: &str) -> Vec<(usize, String)> {
    let code = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.flat_map(|(number, line)| {
        line.match_indices("crate::")
            .map(|(at, key)| {
                line[at + key.len()..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect()
            })
            .map(move |module: String| (number + 1, module))
            .collect::<Vec<_>>()
    })
    .collect()
}

fn complaints(module: &str, allowed: &[&str], text: &str) -> Vec<String> {
    let upward = imports(text)
        .into_iter()
        // What tests count is counted everywhere, and is nothing in the program.
        .filter(|(_, other)| other != "work")
        .filter(|(_, other)| other != module && !allowed.contains(&other.as_str()));
    upward
        .map(|(line, other)| format!("line {line}: `{module}` may not import `{other}`"))
        .collect()
}

#[test]
fn no_module_imports_from_below() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src");
    let mut wrong = Vec::new();
    for (module, allowed) in MAY_IMPORT {
        for file in files_of(&root, module) {
            let text = std::fs::read_to_string(&file).expect("source");
            wrong.extend(
                complaints(module, allowed, &text)
                    .into_iter()
                    .map(|c| format!("{}: {c}", file.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_in_the_table() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src/lib.rs"))
            .expect("lib.rs");
    let declared = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|m| m.trim_end_matches(';'));
    for module in declared {
        assert!(
            MAY_IMPORT.iter().any(|(name, _)| *name == module),
            "`{module}` has no layer"
        );
    }
}

#[test]
fn a_planted_upward_import_is_found() {
    assert_eq!(
        complaints(
            "table",
            &["scope"],
            "use crate::scope::Need;\nuse crate::diagnose::Case;"
        )
        .len(),
        1
    );
}

#[test]
fn only_their_own_files_know_the_libraries() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let only = [
        ("colored::", "core/src/output/style.rs"),
        ("clap::", "src/cli/"),
        (
            "strsim::",
            "core/src/table/ src/cli/reference.rs src/cli/job/tables.rs core/src/gate/reader.rs core/src/http/target.rs src/source.rs",
        ),
        (
            "base64::",
            "core/src/token/segment.rs core/src/token/proof.rs core/src/token/spelled core/src/input/har/entry.rs core/src/scrub/ src/probe/grant.rs",
        ),
        ("reqwest::", "src/probe/client.rs src/probe/door.rs"),
        ("tokio::", "src/probe/client.rs src/cli/mcp/"),
        ("rmcp::", "src/cli/mcp/"),
        ("cap_std::", "src/roots.rs"),
        ("tempfile::", "src/sink.rs"),
        ("same_file::", "src/source.rs"),
        // One way to a socket: what may be sent where is compared there.
        ("reqwest::Client", "src/probe/door.rs"),
        (".execute(", "src/probe/door.rs"),
        ("rustls::", "src/probe/door.rs"),
        ("TcpStream", "nowhere"),
        ("UdpSocket", "nowhere"),
        (
            "jsonwebtoken::",
            "core/src/token/verify.rs core/src/token/proof.rs",
        ),
    ];
    for file in files(&root.join("src"))
        .into_iter()
        .chain(files(&root.join("core/src")))
    {
        let text = std::fs::read_to_string(&file).expect("source");
        let place = file
            .strip_prefix(root)
            .expect("below the root")
            .display()
            .to_string();
        for (library, homes) in only {
            let known = text.lines().any(|line| {
                code_of(line).contains(library) && !line.trim_start().starts_with("//")
            });
            assert!(
                !known || homes.split(' ').any(|home| place.starts_with(home)),
                "{place} uses {library}"
            );
        }
    }
}

/// A line without what its string literals hold: evidence may name a library.
fn code_of(line: &str) -> String {
    line.split('"').step_by(2).collect()
}

/// What a person types is named where words are made (`output`) and where options are read (`src/cli`).
#[test]
fn the_core_names_no_option_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("core/src");
    let options = options();
    let places = MAY_IMPORT.iter().filter(|(name, _)| *name != "output");
    let mut wrong = Vec::new();
    for file in places.flat_map(|(module, _)| files_of(&root, module)) {
        let text = std::fs::read_to_string(&file).expect("source");
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let named = words.filter(|word| options.iter().any(|own| own == word));
        wrong.extend(named.map(|word| format!("{}: {word}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The long options of the program that curl does not have: commands of curl are read in the core.
fn options() -> Vec<String> {
    let help = ["check", "explain", "gate"].map(|command| {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_why401"))
            .args([command, "--help"])
            .output()
            .expect("the program runs");
        String::from_utf8_lossy(&run.stdout).into_owned()
    });
    let words = help.iter().flat_map(|text| text.split_whitespace());
    let long = words.filter(|word| word.starts_with("--") && word.len() > 3);
    let curl = ["--config", "--header", "--help", "--max-time", "--include"];
    let mut out: Vec<String> = long
        .map(|word| {
            word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric())
                .to_owned()
        })
        .filter(|word| !curl.contains(&word.as_str()))
        .collect();
    out.sort();
    out.dedup();
    out
}

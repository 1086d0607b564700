//! What the documents say about the program is run, and compared.

use std::fs;
use std::path::{Path, PathBuf};

/// Begins the line that names the exit code of a command.
const CODE: &str = "? ";

/// The exit code that an answer ends with, where it is not 0.
fn told<'t>(answer: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let mut answer = answer.take_while(|own| !own.starts_with("$ ") && !own.starts_with("```"));
    let code = answer.find_map(|own| own.strip_prefix("Exit code "))?;
    code.split([' ', '.']).next().filter(|code| *code != "0")
}

/// A document with the exit code of each command behind it, as `trycmd` wants it: that the answer itself ends with one is
/// enough for a reader.
fn with_codes(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.extend([line, "\n"]);
        let there = lines
            .clone()
            .next()
            .is_some_and(|own| own.starts_with(CODE));
        if line.starts_with("$ ")
            && !there
            && let Some(code) = told(lines.clone())
        {
            out.extend([CODE, code, "\n"]);
        }
    }
    out
}

/// The same for a reader.
fn without_codes(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.strip_prefix(CODE);
        if code.is_none() || code != told(lines.clone()) {
            out.extend([line, "\n"]);
        }
    }
    out
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and every page, by their names.
fn documents() -> Vec<PathBuf> {
    let pages = fs::read_dir(root().join("docs")).expect("docs");
    let pages = pages.map(|own| own.expect("a page").path());
    let mut all: Vec<PathBuf> = pages
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    all.push(root().join("README.md"));
    all.sort();
    all
}

#[test]
fn commands_in_the_documents_print_what_they_say() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("documents");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let copy = |document: &PathBuf| {
        let name = document.strip_prefix(root()).expect("inside");
        folder.join(name.to_string_lossy().replace(['/', '\\'], "-"))
    };
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document");
        fs::write(copy(&document), with_codes(&text)).expect("a copy");
    }
    trycmd::TestCases::new().case(folder.join("*.md"));
    // What was written again belongs into the documents.
    for document in documents() {
        let written = fs::read_to_string(copy(&document)).expect("a copy");
        let text = fs::read_to_string(&document).expect("a document");
        if written != with_codes(&text) {
            fs::write(&document, without_codes(&written)).expect("a document");
        }
    }
}

#[test]
fn commands_of_the_readme_read_files_that_are_there() {
    let text = fs::read_to_string(root().join("README.md")).expect("README.md");
    let mut written: Vec<String> = vec!["why401.toml".to_owned()];
    let blocks = text.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    for line in blocks.flat_map(str::lines) {
        let command = line.split(" #").next().unwrap_or_default();
        let words: Vec<&str> = command.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |at| words[at]);
            if ["-o", "--out", ">"].contains(&before) {
                written.push((*word).to_owned());
                continue;
            }
            let ends = [".har", ".txt", ".yaml", ".toml", ".jwt", ".log", ".json"];
            let is_file = ends.iter().any(|own| word.ends_with(own)) && !word.contains("://");
            let known = written.iter().any(|own| own == word) || root().join(word).exists();
            assert!(!is_file || known, "{word} in: {line}");
        }
    }
}

#[test]
fn every_markdown_file_speaks_of_files_that_exist() {
    let root = root();
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(document)).expect(document);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|t| !t.contains("://") && !t.starts_with('#'))
        {
            assert!(root.join(target).exists(), "{document} links to {target}");
        }
    }
}

#[test]
fn the_page_of_providers_is_what_the_tables_say() {
    let path = root().join("docs/providers.md");
    let page = fs::read_to_string(path).expect("docs/providers.md");
    let run = crate::program::run(&["tables", "list", "--format", "markdown"], None);
    assert_eq!(
        run.out, page,
        "write it again: why401 tables list --format markdown > docs/providers.md"
    );
}

//! The words: what the pages quote is read as they say, every quote has its source, and phrases that were given up stay
//! away.

use crate::program::run;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of causes, without those of notes: code and text.
fn pages() -> Vec<(String, String)> {
    let folder = root().join("docs/causes");
    let files = std::fs::read_dir(folder).expect("the pages");
    let mut pages: Vec<_> = files
        .map(|file| file.expect("a page").path())
        .map(|path| {
            let code = path.file_stem().expect("a name").to_string_lossy();
            (
                code.into_owned(),
                std::fs::read_to_string(&path).expect("a page"),
            )
        })
        .filter(|(code, _)| !code.starts_with("note."))
        .collect();
    pages.sort();
    pages
}

/// One message that a page quotes: whose it is, and what it says.
fn quotes(page: &str) -> Vec<(&str, &str)> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("- "));
    lines
        .filter_map(|line| line.split_once(": `"))
        .filter_map(|(whose, rest)| Some((whose, rest.split_once("`: ")?.0)))
        .collect()
}

/// The table of a product, where its name does not say which.
fn provider(product: &str) -> &str {
    match product {
        "Google Cloud" | "Google OAuth" | "Google Drive" => "google",
        "Entra ID" => "entra-id",
        "Microsoft Graph" => "msgraph",
        "OpenAI" | "Anthropic" => "ai-models",
        "AWS STS" | "Amazon S3" | "AWS API Gateway" => "aws",
        "Azure Storage" => "azure",
        "Jira and Confluence" => "atlassian",
        "GitHub Actions" => "github",
        "Django (Simple JWT)" => "django",
        "Docker Hub" => "docker-registry",
        "Envoy and Istio" => "envoy",
        "PostgREST" => "supabase",
        other => other,
    }
}

/// An answer that says the message: as a header field where it is one, else as the body.
fn record(id: usize, product: &str, message: &str) -> String {
    let response = match message.split_once(": ") {
        Some((name, value)) if name.starts_with("X-") => {
            json!({ "status": 403, "headers": { name: value } })
        }
        _ => json!({ "status": null, "body": message }),
    };
    json!({ "id": id.to_string(), "provider": provider(product), "response": response }).to_string()
}

#[test]
fn every_message_that_a_page_quotes_is_read_as_the_page_says() {
    let pages = pages();
    let quoted: Vec<(&str, &str, &str)> = pages
        .iter()
        .flat_map(|(code, page)| {
            let quotes = quotes(page).into_iter();
            quotes.map(move |(whose, what)| (code.as_str(), whose, what))
        })
        .collect();
    assert!(quoted.len() > 300, "the pages quote {}", quoted.len());
    let records: Vec<String> = quoted
        .iter()
        .enumerate()
        .map(|(number, (_, whose, what))| record(number, whose, what))
        .collect();
    let out = run(
        &["explain", "-", "--format", "jsonl", "--offline"],
        Some(&records.join("\n")),
    );
    let answers: Vec<Value> = out
        .out
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let of = |number: usize| {
        let id = number.to_string();
        answers
            .iter()
            .find(|own| own["id"].as_str() == Some(id.as_str()))
    };
    let mut wrong = Vec::new();
    for (number, (code, whose, what)) in quoted.iter().enumerate() {
        let findings = of(number).map(|own| &own["findings"]);
        let named = findings.and_then(Value::as_array).is_some_and(|list| {
            let causes = list.iter().filter(|own| own["severity"] == "error");
            causes.into_iter().any(|own| own["code"] == *code)
        });
        if !named {
            wrong.push(format!("{code}: {whose}: {what}"));
        }
    }
    assert!(wrong.is_empty(), "not read so:\n{}", wrong.join("\n"));
}

#[test]
fn every_product_that_a_page_quotes_has_its_source_there() {
    for (code, page) in pages() {
        let sources = page.split_once("## Sources\n").map(|(_, rest)| rest);
        let sources = sources.unwrap_or_else(|| panic!("{code} has no sources"));
        for (whose, what) in quotes(&page) {
            let named = sources
                .lines()
                .any(|line| line.starts_with(&format!("- {whose}: https://")));
            assert!(named, "{code}: no source for {whose}: {what}");
        }
    }
}

/// Phrases that read as translated, or say it by a picture; and what is said instead.
const GIVEN_UP: [(&str, &str); 33] = [
    ("no gate shut", "no check fails"),
    ("cannot be told", "undecided"),
    ("is no json", "is not JSON"),
    ("are no json", "are not JSON"),
    ("time is over", "has expired"),
    ("what sort it is", "what kind it is"),
    ("of another sort", "of another kind"),
    ("may also mean: ", "can also mean that"),
    ("may mean: ", "can mean that"),
    (
        "a word of the program or a placeholder",
        "a literal such as `null`, or an unfilled placeholder",
    ),
    ("speaks of this host", "names this host"),
    ("nothing wrong is visible", "no problem is visible"),
    ("stands twice", "occurs twice"),
    ("which lock stays shut", "which check fails"),
    ("the token is alive", "the token is valid here"),
    ("left the client", "the request carried"),
    ("leave it away", "drop it"),
    ("is no regular expression", "is not a regular expression"),
    (
        "nothing follows for the token",
        "it says nothing about the token",
    ),
    ("read all the same", "read anyway"),
    ("is not written over", "is not overwritten"),
    ("is not one that it takes", "does not accept this value"),
    ("every organisation can give", "the role lacks a permission"),
    (
        "add one of these scopes",
        "name the scopes that are missing",
    ),
    ("carries no page", "has no page"),
    (
        "would have to be asked",
        "--offline forbids asking a server",
    ),
    ("were broken off", "were cancelled"),
    ("goes before --probe", "--offline overrides --probe"),
    ("outside of any environment", "outside `[app.env]`"),
    ("too many words", "too many arguments"),
    ("nothing found in the way", "no problem found"),
    (
        "the host is wrong: region",
        "another region or environment of this provider",
    ),
    ("the server told", "the server reported"),
];

/// Text files of the project that people read, or that hold what the program says.
fn texts() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["core/src", "src", "docs", "tables", "schemas", "fixtures"]
        .iter()
        .map(|own| root().join(own))
        .collect();
    let mut files: Vec<PathBuf> = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ]
    .iter()
    .map(|own| root().join(own))
    .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let kind = path.extension().and_then(|own| own.to_str());
            match kind {
                _ if path.is_dir() => folders.push(path),
                Some("rs" | "md" | "toml" | "json") => files.push(path),
                _ => {}
            }
        }
    }
    files
}

#[test]
fn phrases_that_were_given_up_stay_away() {
    let mut found = Vec::new();
    for path in texts() {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let text = text.to_lowercase();
        for (phrase, instead) in GIVEN_UP {
            if text.contains(phrase) {
                found.push(format!("{}: {phrase:?}: say {instead:?}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

//! What the documents say about the program is run, and compared.

#[test]
fn commands_in_the_documents_print_what_they_say() {
    trycmd::TestCases::new().case("README.md").case("docs/*.md");
}

#[test]
fn every_markdown_file_speaks_of_files_that_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root.join(document)).expect(document);
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
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/providers.md");
    let page = std::fs::read_to_string(path).expect("docs/providers.md");
    let run = crate::program::run(&["tables", "list", "--format", "markdown"], None);
    assert_eq!(
        run.out, page,
        "write it again: why401 tables list --format markdown > docs/providers.md"
    );
}

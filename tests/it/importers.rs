//! Documents that are broken, hostile or enormous: rows or doubts with places, never a panic, nothing written half.

use crate::program::{Run, run};
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("why401-importers-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn import(kind: &str, folder: &Path, text: &str) -> Run {
    let document = folder.join("document");
    std::fs::write(&document, text).expect("a document");
    let out = folder.join("out");
    let args = [
        "tables",
        "import",
        "--provider",
        "hostile",
        "--kind",
        kind,
        "--out",
        out.to_str().expect("text"),
        document.to_str().expect("text"),
    ];
    run(&args, None)
}

fn written(folder: &Path) -> Option<String> {
    std::fs::read_to_string(folder.join("out/rules.ndjson")).ok()
}

#[test]
fn broken_documents_are_named_and_nothing_is_written() {
    let cases = [
        (
            "openapi",
            "circle",
            r##"{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1a"}}}"##,
        ),
        (
            "openapi",
            "types",
            r#"{"openapi":3,"paths":[1,2],"security":"x"}"#,
        ),
        (
            "openapi",
            "cut",
            r#"{"openapi":"3.0.0","paths":{"/a":{"get":"#,
        ),
        (
            "openapi",
            "bomb",
            "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]\n",
        ),
        (
            "google-discovery",
            "types",
            r#"{"rootUrl":7,"resources":{"a":{"methods":[]}}}"#,
        ),
        (
            "msgraph",
            "types",
            r#"{"permissions":{"A":{"pathSets":{"x":1}}}}"#,
        ),
        ("stone", "none", "struct A\n    b String\n"),
        ("csv", "none", "a,b\n1,2\n"),
        ("openapi", "empty", ""),
    ];
    for (kind, name, text) in cases {
        let folder = folder(&format!("{kind}-{name}"));
        let said = import(kind, &folder, text);
        assert_eq!(said.code, 2, "{kind} {name}: {}", said.out);
        assert!(
            said.err.contains("nothing could be imported"),
            "{kind} {name}: {}",
            said.err
        );
        assert_eq!(written(&folder), None, "{kind} {name}");
    }
}

#[test]
fn odd_parts_are_doubts_with_their_places_and_the_sound_rest_is_kept() {
    let text = r##"{"openapi":"3.0.0","servers":[{"url":"https://{tenant}.x.example/v1"}],
      "components":{"securitySchemes":{"o":{"type":"oauth2","flows":{"a":{"scopes":{"r":"","w":""}}}}}},
      "paths":{
        "/sound":{"get":{"security":[{"o":["r"]}]}},
        "/null":{"get":{"security":[{"o":null}]}},
        "/word":{"get":"text","post":{"security":"o"}},
        "/away":{"get":{"$ref":"https://elsewhere.example/x.json#/a"}},
        "/loop":{"get":{"$ref":"#/components/loop"}},
        "/{a}":{"get":{"security":[{"o":["r"]}]}},
        "/{b}":{"get":{"security":[{"o":["w"]}]}},
        "":{"get":{"security":[{"o":["r"]}]}}}}"##;
    let folder = folder("odd");
    let said = import("openapi", &folder, text);
    assert_eq!(said.code, 0, "{}", said.err);
    for place in ["paths /word get", "paths /away get", "paths /loop get"] {
        assert!(said.out.contains(place), "{place}: {}", said.out);
    }
    let rows = written(&folder).expect("rows");
    assert!(rows.contains("\"path\":\"/v1/sound\""), "{rows}");
    assert!(
        !rows.contains("{tenant}"),
        "a host that is a template is none: {rows}"
    );
}

#[test]
fn an_update_never_fills_half_a_folder_from_the_shipped_table() {
    let folder = folder("half");
    let out = folder.join("out");
    std::fs::create_dir_all(&out).expect("a folder");
    std::fs::write(out.join("rules.ndjson"), "").expect("a file");
    let document = folder.join("document.json");
    let text = r#"{"openapi":"3.0.0","paths":{"/v1/me":{"get":{"security":[{"OAuth2":["files:read"]}]}}}}"#;
    std::fs::write(&document, text).expect("a document");
    let (out, document) = (
        out.to_str().expect("text"),
        document.to_str().expect("text"),
    );
    let update = [
        "tables", "update", "figma", "--out", out, "--from", document,
    ];
    let said = run(&update, None);
    assert_eq!(said.code, 2, "{}", said.out);
    assert!(said.err.contains("no provider.toml"), "{}", said.err);
    let own = "format = \"scope-table/1\"\n[provider]\nid = \"figma\"\n[[source]]\nid = \"own\"\nlists = \"any\"\n[[gate]]\nid = \"scope\"\n[[kind]]\nid = \"mine\"\ngates = [\"scope\"]\nschemes = [\"OAuth2\"]\n";
    std::fs::write(Path::new(out).join("provider.toml"), own).expect("a file");
    let said = run(&update, None);
    assert_eq!(said.code, 0, "{}", said.err);
    let rows = std::fs::read_to_string(Path::new(out).join("rules.ndjson")).expect("rows");
    assert!(
        rows.contains("\"mine\"") && rows.contains("\"own\""),
        "{rows}"
    );
}

#[test]
fn import_reads_what_the_table_that_was_given_declares() {
    let folder = folder("declared");
    let table = folder.join("mine.toml");
    let declared = "format = \"scope-table/1\"\n[provider]\nid = \"hostile\"\n[[source]]\nid = \"spec\"\n[[source.extension]]\nname = \"x-needs\"\ngate = \"scope\"\nkinds = [\"user\"]\n[[gate]]\nid = \"scope\"\n[[kind]]\nid = \"user\"\ngates = [\"scope\"]\n";
    std::fs::write(&table, declared).expect("a table");
    let document = folder.join("document.json");
    let text = r#"{"openapi":"3.0.0","paths":{"/a":{"get":{"x-needs":["a:read"]}}}}"#;
    std::fs::write(&document, text).expect("a document");
    let out = folder.join("out");
    let args = [
        "tables",
        "import",
        "--provider",
        "hostile",
        "--table",
        table.to_str().expect("text"),
        "--kind",
        "openapi",
        "--out",
        out.to_str().expect("text"),
        document.to_str().expect("text"),
    ];
    let said = run(&args, None);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(written(&folder).expect("rows").contains("a:read"));
    let kept = std::fs::read_to_string(out.join("provider.toml")).expect("a provider file");
    assert!(kept.contains("x-needs"));
}

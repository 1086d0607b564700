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

#[test]
fn a_kind_without_a_scheme_is_admitted_where_the_kind_is_that_it_is_like() {
    let folder = folder("like");
    let table = folder.join("mine.toml");
    let declared = r#"format = "scope-table/1"
provider = { id = "hostile" }
[[source]]
id = "spec"
[[gate]]
id = "scope"
[[gate]]
id = "permission"
[[kind]]
id = "oauth"
gates = ["scope"]
schemes = ["OAuth2"]
[[kind]]
id = "same"
gates = ["scope"]
like = "oauth"
[[kind]]
id = "whole"
gates = []
like = "oauth"
"#;
    std::fs::write(&table, declared).expect("a table");
    let document = folder.join("document.json");
    let text = r#"{"openapi":"3.0.0","paths":{"/a":{"get":{"security":[{"OAuth2":["a:read"]}]}},"/b":{"get":{"security":[]}}}}"#;
    std::fs::write(&document, text).expect("a document");
    let out = folder.join("out");
    let out = out.to_str().expect("text");
    let (table, document) = (
        table.to_str().expect("text"),
        document.to_str().expect("text"),
    );
    let start = [
        "tables",
        "import",
        "--provider",
        "hostile",
        "--table",
        table,
    ];
    let args = [&start[..], &["--kind", "openapi", "--out", out, document]].concat();
    let said = run(&args, None);
    assert_eq!(said.code, 0, "{}", said.err);
    let rows = written(&folder).expect("rows");
    let rows: Vec<serde_json::Value> = rows
        .lines()
        .map(|row| serde_json::from_str(row).expect("a row"))
        .collect();
    let need = &rows[0]["need"];
    assert_eq!(need["same"], need["oauth"]);
    assert_eq!(need["whole"], serde_json::json!({}));
    assert!(rows[1]["need"].get("same").is_none(), "{}", rows[1]);
}

/// A repository with the script, one table of one row, and `cargo` as a stand-in: to build is nothing, and the calls
/// that people make are one.
#[cfg(unix)]
fn repository(name: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let root = folder(name);
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in [
        "scripts",
        "tables/acme",
        "target/debug",
        "bin",
        "given/acme",
    ] {
        std::fs::create_dir_all(root.join(part)).expect("a folder");
    }
    std::fs::copy(own.join("scripts/refresh"), root.join("scripts/refresh")).expect("a script");
    let program = root.join("target/debug/why401");
    let _ = std::fs::remove_file(&program);
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_why401"), &program).expect("a link");
    let provider = r#"format = "scope-table/1"
provider = { id = "acme", default_kind = "oauth" }
host = [{ name = "api.acme.example" }]
[[source]]
id = "spec"
kind = "openapi3"
from = "github:acme/api"
path = "api.json"
date = "2026-01-01"
denies = "always"
[[gate]]
id = "scope"
[[kind]]
id = "oauth"
gates = ["scope"]
schemes = ["OAuth2"]
"#;
    std::fs::write(root.join("tables/acme/provider.toml"), provider).expect("a table");
    let row =
        r#"{"method":"GET","path":"/me","need":{"oauth":{"scope":[["me:read"]]}},"src":["spec"]}"#;
    std::fs::write(root.join("tables/acme/rules.ndjson"), format!("{row}\n")).expect("a row");
    let cargo = format!(
        "#!/bin/sh\n[ \"$1\" = test ] || exit 0\n'{}' -q check GET https://api.acme.example/me --scope me:read --table tables/acme && exit 0\necho 'acme.txt line 2: GET /me: clear * me:read is Denied'\nexit 101\n",
        program.display()
    );
    std::fs::write(root.join("bin/cargo"), cargo).expect("a stand-in");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(root.join("bin/cargo"), runs).expect("it runs");
    root
}

#[cfg(unix)]
fn refreshed(root: &Path, scope: &str) -> (std::process::Output, String) {
    let document = format!(
        r#"{{"openapi":"3.0.0","paths":{{"/me":{{"get":{{"security":[{{"OAuth2":["{scope}"]}}]}}}},"/you":{{"get":{{"security":[{{"OAuth2":["you:read"]}}]}}}}}}}}"#
    );
    std::fs::write(root.join("given/acme/api.json"), document).expect("a document");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = std::process::Command::new("python3")
        .args([
            "scripts/refresh",
            "--from",
            "given",
            "--report",
            "report.md",
        ])
        .current_dir(root)
        .env("PATH", format!("{}:{path}", root.join("bin").display()))
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("python3");
    let rows = std::fs::read_to_string(root.join("tables/acme/rules.ndjson")).expect("rows");
    (output, rows)
}

#[test]
#[cfg(unix)]
fn a_refresh_says_what_changed_and_is_refused_where_a_call_is_judged_otherwise() {
    let root = repository("refresh");
    let before = std::fs::read_to_string(root.join("tables/acme/rules.ndjson")).expect("rows");
    let (broken, rows) = refreshed(&root, "profile:read");
    let said = String::from_utf8_lossy(&broken.stdout).into_owned();
    let failed = String::from_utf8_lossy(&broken.stderr).into_owned();
    assert_eq!(broken.status.code(), Some(1), "{said}{failed}");
    assert!(said.contains("Refused: acme"), "{said}");
    assert!(said.contains("acme.txt line 2"), "{said}");
    assert_eq!(rows, before, "the table was put back");
    let (sound, rows) = refreshed(&root, "me:read");
    let said = String::from_utf8_lossy(&sound.stdout).into_owned();
    assert_eq!(sound.status.code(), Some(0), "{said}");
    assert!(said.contains("1 added, 0 removed, 0 changed"), "{said}");
    assert!(rows.contains("/you"), "{rows}");
    assert_eq!(
        std::fs::read_to_string(root.join("report.md")).expect("a report"),
        said.strip_suffix('\n').expect("a line")
    );
}

//! The shipped tables: what they hold, that they are sound, and that the importer writes the same again.

use crate::program::run;
use why401_core::table;

#[test]
fn every_shipped_table_loads_and_has_no_error() {
    for id in table::names() {
        let table = table::shipped(id).expect("shipped").expect("sound");
        let errors: Vec<_> = table::lint(&table, "2026-01-01")
            .into_iter()
            .filter(|c| c.severity == "error")
            .collect();
        assert!(errors.is_empty(), "{id}: {errors:?}");
        for signature in &table.signatures() {
            for code in &signature.means {
                assert!(
                    why401_core::finding::by_code(code).is_some_and(|c| !c.is_note()),
                    "{id}: {} means {code}",
                    signature.id
                );
            }
            for pattern in signature
                .re
                .iter()
                .chain(signature.need.iter().filter_map(|n| n.re.as_ref()))
            {
                assert!(
                    regex_lite::Regex::new(pattern).is_ok(),
                    "{id}: {}",
                    signature.id
                );
            }
        }
    }
}

#[test]
fn genesys_cloud_has_the_published_numbers() {
    let table = table::shipped("genesys-cloud")
        .expect("shipped")
        .expect("sound");
    let rules: Vec<table::Rule> = table
        .rules()
        .filter(|rule| rule.trust != Some(table::Trust::C))
        .collect();
    let count =
        |keep: &dyn Fn(&table::Rule) -> bool| rules.iter().filter(|rule| keep(rule)).count();
    let gate = |rule: &table::Rule, name: &str| {
        rule.need
            .get("user")
            .and_then(|gates| gates.get(name))
            .cloned()
    };
    assert_eq!(rules.len(), 3180);
    assert_eq!(count(&|r| gate(r, "scope").is_some()), 3129);
    assert_eq!(count(&|r| gate(r, "permission").is_some()), 2809);
    assert_eq!(count(&|r| r.is_anonymous()), 33);
    assert_eq!(count(&|r| r.deprecated), 149);
    assert_eq!(count(&|r| r.need.contains_key("guest_chat")), 10);
    assert_eq!(count(&|r| r.need.contains_key("web_messaging")), 2);
    let scopes: std::collections::BTreeSet<String> = rules
        .iter()
        .filter_map(|r| gate(r, "scope"))
        .flatten()
        .flatten()
        .collect();
    assert_eq!(scopes.len(), 134);
    assert_eq!(
        table.places().len(),
        36,
        "18 regions, an API and a login host each"
    );
}

#[test]
fn client_credentials_never_meet_the_scope_gate() {
    let table = table::shipped("genesys-cloud")
        .expect("shipped")
        .expect("sound");
    let with_scope = table.rules().filter(|r| {
        r.need
            .get("client_credentials")
            .is_some_and(|gates| gates.contains_key("scope"))
    });
    assert_eq!(with_scope.count(), 0);
}

#[test]
fn published_noise_is_kept_and_doubted() {
    let out = run(
        &[
            "tables",
            "show",
            "GET",
            "/api/v2/userrecordings/{recordingId}/transcoding",
            "--provider",
            "genesys-cloud",
            "--format",
            "json",
        ],
        None,
    );
    assert_eq!(
        out.json()["rows"][0]["doubt"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn an_import_is_deterministic_and_usable_at_once() {
    let folder = std::env::temp_dir().join(format!("why401-import-{}", std::process::id()));
    let out = folder.to_str().expect("UTF-8");
    let import = [
        "tables",
        "import",
        "--kind",
        "openapi",
        "--provider",
        "demo",
        "--reading",
        "any",
        "--reading-why",
        "a test",
        "--out",
        out,
        "fixtures/openapi/demo.yaml",
    ];
    let first = run(&import, None);
    assert_eq!(first.code, 0, "{}", first.err);
    let rules = std::fs::read_to_string(folder.join("rules.ndjson")).expect("written");
    assert_eq!(run(&import, None).code, 0);
    assert_eq!(
        std::fs::read_to_string(folder.join("rules.ndjson")).expect("written"),
        rules
    );
    let check = |scope: &str| {
        run(
            &[
                "check",
                "GET",
                "/things/7",
                "--table",
                out,
                "--provider",
                "demo",
                "--scope",
                scope,
            ],
            None,
        )
        .code
    };
    assert_eq!((check("things:read"), check("other")), (0, 1));
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn the_smallest_set_and_what_is_lacking() {
    let endpoints = [
        "needs",
        "GET",
        "https://api.mypurecloud.com/api/v2/routing/queues",
        "POST",
        "https://api.mypurecloud.com/api/v2/conversations/messages",
    ];
    let with = |more: &[&str]| {
        run(
            &endpoints.iter().chain(more).copied().collect::<Vec<_>>(),
            None,
        )
    };
    assert_eq!(
        with(&["--scopes-only"]).out,
        "conversations routing:readonly\n"
    );
    let lacking = with(&["--scope", "routing users", "--format", "json"]);
    assert_eq!(lacking.code, 1);
    assert_eq!(
        lacking.json()["lacking"],
        serde_json::json!(["conversations"])
    );
    assert_eq!(lacking.json()["unused"], serde_json::json!(["users"]));
    assert_eq!(with(&["--scope", "routing conversations"]).code, 0);
}

#[test]
fn a_kind_that_no_row_admits_is_a_fault_of_the_table() {
    let provider = |more: &str| {
        format!(
            r#"format = "scope-table/1"
provider = {{ id = "x" }}
[[kind]]
id = "user"
[[kind]]
id = "key"
{more}
[[rule]]
method = "GET"
path = "/a"
need.user = {{}}
"#
        )
    };
    let complaints = |more: &str| {
        let table = table::Table::read(&provider(more), "").expect("a table");
        table::lint(&table, "2026-01-01")
            .into_iter()
            .filter(|complaint| complaint.place == "kind key")
            .count()
    };
    assert_eq!(complaints(""), 1);
    assert_eq!(complaints("closed_why = \"it only asks for tokens\""), 0);
    assert_eq!(complaints("principal = \"nobody\""), 0);
}

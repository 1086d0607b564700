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

#[test]
fn what_is_recommended_for_one_operation_is_what_its_row_calls_the_least() {
    let table = table::shipped("msgraph").expect("shipped").expect("sound");
    let marked = table.rules().filter(|rule| !rule.least.is_empty());
    let (mut read, mut others) = (0, Vec::new());
    for rule in marked.step_by(11) {
        for (kind, least) in &rule.least {
            let needs = table::kinds(&table, std::slice::from_ref(&rule), Some(kind));
            let gates = needs
                .into_iter()
                .flat_map(|needs| needs.gates.into_values());
            let names: Vec<String> = gates.flat_map(|set| set.names).collect();
            read += 1;
            if names != *least {
                others.push(format!("{} {kind}: {least:?}, not {names:?}", rule.name()));
            }
        }
    }
    assert!(read > 1000, "{read}");
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn a_mark_of_the_least_that_cannot_be_it_is_left_out() {
    let provider = r#"format = "scope-table/1"
provider = { id = "x" }
avoid = [{ names = ["Old.*"], why = "gone" }]
resource = [{ segments = ["organization"], names = ["Organization.*"] }]
[[kind]]
id = "user"
"#;
    for (method, path, need, least, stands) in [
        (
            "POST",
            "/users/{id}/license",
            r#"["License.Write"],["User.Write"]"#,
            "License.Write",
            true,
        ),
        (
            "GET",
            "/users",
            r#"["Notes.Create"],["Notes.Read"]"#,
            "Notes.Create",
            false,
        ),
        (
            "POST",
            "/users",
            r#"["Notes.Create"],["Notes.Read"]"#,
            "Notes.Create",
            true,
        ),
        (
            "GET",
            "/users",
            r#"["Old.Read"],["User.Read"]"#,
            "Old.Read",
            false,
        ),
        (
            "GET",
            "/organization",
            r#"["Device.Read"],["Organization.Read"]"#,
            "Device.Read",
            false,
        ),
        (
            "GET",
            "/users",
            r#"["A.Read","B.Read"],["C.Read"]"#,
            "A.Read",
            false,
        ),
    ] {
        let row = format!(
            r#"{{"method":"{method}","path":"{path}","need":{{"user":{{"scope":[{need}]}}}},"least":{{"user":["{least}"]}}}}"#
        );
        let table = table::Table::read(provider, &row).expect("a table");
        let rule = table.rules().next().expect("a row");
        assert_eq!(rule.least.contains_key("user"), stands, "{row}");
        let needs = table::kinds(&table, &[rule], None);
        let asked = needs[0].names("scope");
        assert_eq!(asked == [least], stands, "{row}: {asked:?}");
    }
}

#[test]
fn a_token_is_refused_by_the_host_that_does_not_take_its_kind() {
    let check = |host: &str, more: &[&str]| {
        let url = format!("https://{host}/rest/api/3/issue/A-1");
        let words = [
            "check",
            "GET",
            &url,
            "--scope",
            "read:jira-work",
            "--format",
            "json",
        ];
        run(&[&words[..], more].concat(), None).json()["diagnoses"][0].clone()
    };
    let own = "acme.atlassian.net";
    let oauth = ["--token-kind", "oauth"];
    let refused = check(own, &oauth);
    assert_eq!(refused["verdict"], "denied");
    assert_eq!(refused["cause"]["code"], "region.mismatch");
    let fix = refused["findings"][0]["fix"].to_string();
    assert!(
        fix.contains("https://api.atlassian.com/ex/jira/{cloudid}"),
        "{fix}"
    );
    assert!(
        refused["findings"][0]["source"]
            .to_string()
            .contains("making-calls-to-api")
    );
    // Of an account with an API token the host takes the same call.
    assert_eq!(check(own, &[])["verdict"], "unknown");
    assert_eq!(check(own, &["--token-kind", "basic"])["verdict"], "clear");
    let gateway = "api.atlassian.com/ex/jira/7";
    assert_eq!(check(gateway, &oauth)["verdict"], "clear");
}

#[test]
fn a_scope_that_only_widens_the_answer_is_not_needed_and_what_is_left_out_is_told() {
    let check = |scope: &str| {
        let url = "https://api.twitch.tv/helix/channels/followers?broadcaster_id=1";
        let words = ["check", "GET", url, "--scope", scope, "--format", "json"];
        run(&words, None).json()["diagnoses"][0].clone()
    };
    let told = |answer: &serde_json::Value| answer["gates"][0]["on"].to_string();
    let less = check("user:read:email");
    assert_eq!(less["verdict"], "clear");
    assert_eq!(
        told(&less),
        r#"["answers with the total number of followers only"]"#
    );
    let whole = check("moderator:read:followers");
    assert_eq!(
        (whole["verdict"].as_str(), told(&whole)),
        (Some("clear"), "null".to_owned())
    );
}

#[test]
fn a_table_is_whole_below_the_paths_that_it_says() {
    let cause = |path: &str| {
        let url = format!("https://dev-1.okta.com{path}");
        let words = [
            "check",
            "GET",
            &url,
            "--scope",
            "okta.apps.read",
            "--format",
            "json",
        ];
        run(&words, None).json()["diagnoses"][0]["cause"]["code"].clone()
    };
    assert_eq!(cause("/api/v1/userz"), "endpoint.unknown");
    for path in ["/oauth2/v1/authorize", "/api/v10/users", "/sso/saml2/7"] {
        assert!(cause(path).is_null(), "{path}");
    }
}

#[test]
fn names_that_are_assumed_to_open_a_row_do_not_where_the_row_names_others_of_them() {
    let provider = r#"format = "scope-table/1"
provider = { id = "x" }
implies = [
  { has = "thing:read:*", gives = ["thing:read"], kind = "assumed" },
  { has = "thing:list:*", gives = ["thing:read"], kind = "assumed" },
]
[[kind]]
id = "user"
"#;
    let answer = |need: &str, held: &str| {
        let row = format!(r#"{{"method":"GET","path":"/a","need":{{"user":{{"scope":{need}}}}}}}"#);
        let table = table::Table::read(provider, &row).expect("a table");
        let rule = table.rules().next().expect("a row");
        let scopes = why401_core::scope::ScopeSet::from_iter([held]);
        let held = table::Holdings::from([("scope".to_owned(), scopes.into())]);
        table::judge(&table, &rule, "user", &held).outcome
    };
    let classic = r#"[["thing:read"]]"#;
    let both = r#"[["thing:read"],["thing:list:all"]]"#;
    assert_eq!(
        answer(classic, "thing:read:one"),
        table::KindOutcome::Undecided
    );
    assert_eq!(answer(both, "thing:read:one"), table::KindOutcome::Shut);
    assert_eq!(answer(both, "thing:list:one"), table::KindOutcome::Shut);
    assert_eq!(answer(both, "thing:list:all"), table::KindOutcome::Open);
}

#[test]
fn a_table_without_hosts_is_for_the_url_that_was_typed() {
    let table = "fixtures/openapi/demo.yaml";
    let ask = |url: &str| {
        let scopes = "things:read things:write";
        run(
            &[
                "check",
                "GET",
                url,
                "--table",
                table,
                "--scope",
                scopes,
                "--no-config",
            ],
            None,
        )
    };
    let known = ask("https://api.example.com/v1/things/7");
    assert_eq!(known.code, 0, "{}", known.out);
    let other = ask("https://api.example.com/v1/others/7");
    assert_eq!(other.code, 3, "{}", other.out);
    assert!(
        other.out.contains("The table that you gave"),
        "{}",
        other.out
    );
}

#[test]
fn what_searches_the_operations_searches_the_table_that_was_given() {
    let table = "fixtures/openapi/demo.yaml";
    let asked = run(
        &[
            "check",
            "GET",
            "/v1/others",
            "--table",
            table,
            "--scope",
            "a",
            "--no-config",
        ],
        None,
    );
    let line = asked
        .out
        .lines()
        .find(|line| line.contains("tables search"));
    let command = line
        .expect("a command")
        .trim_start_matches(['$', ' '])
        .to_owned();
    let command = command
        .split("why401 ")
        .nth(1)
        .expect("its words")
        .to_owned();
    let words: Vec<&str> = command.split(' ').collect();
    let found = run(&words, None);
    assert!(found.code != 2, "{command}: {}{}", found.out, found.err);
}

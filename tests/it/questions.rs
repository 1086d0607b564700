//! What can be asked of tables: who, open, diff, update, needs over traffic, a document as a table.

use crate::program::{run, run_with, unwrapped};
use serde_json::{Value, json};

fn ask(arguments: &[&str]) -> (i32, Value) {
    let all: Vec<&str> = arguments
        .iter()
        .copied()
        .chain(["--format", "json"])
        .collect();
    let run = run(&all, None);
    (run.code, run.json())
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("why401-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn who_counts_prefix_case_and_what_a_scope_includes() {
    let (code, graph) = ask(&["tables", "who", "https://graph.microsoft.com/mail.send"]);
    assert_eq!(code, 0);
    let opened = graph["opened"].as_array().expect("a list");
    assert!(
        opened
            .iter()
            .any(|o| o["path"] == "/me/sendmail" && o["alone"] == true)
    );
    assert!(opened.iter().all(|o| o["provider"] == "msgraph"));
    let (_, github) = ask(&["tables", "who", "admin:org", "--provider", "github"]);
    let narrower = ask(&["tables", "who", "read:org", "--provider", "github"]).1;
    let count = |value: &Value| value["opened"].as_array().map_or(0, Vec::len);
    assert!(count(&github) > count(&narrower) && count(&narrower) > 0);
    assert_eq!(ask(&["tables", "who", "no-such-scope"]).0, 3);
}

#[test]
fn open_answers_every_operation_and_a_dead_token_opens_none() {
    let words = [
        "tables",
        "open",
        "/v1/me",
        "--provider",
        "spotify",
        "--scope",
    ];
    let (_, found) = ask(&[&words[..], &["user-library-read"]].concat());
    let answer = |path: &str| {
        let rows = found["open"].as_array().expect("a list");
        let row = rows
            .iter()
            .find(|r| r["path"] == path && r["method"] == "GET");
        row.map(|row| row["answer"].clone()).expect("a row")
    };
    assert_eq!(answer("/v1/me/tracks"), "allowed");
    assert_eq!(answer("/v1/me/following"), "denied");
    let claims = folder("open").join("claims.json");
    std::fs::write(
        &claims,
        json!({"scope": "user-library-read", "exp": 1}).to_string(),
    )
    .expect("written");
    let path = claims.to_str().expect("UTF-8");
    let (_, dead) = ask(&["tables", "open", "--provider", "spotify", "--claims", path]);
    let rows = dead["open"].as_array().expect("a list");
    assert!(
        rows.iter().all(|row| row["answer"] != "allowed"),
        "{rows:?}"
    );
}

#[test]
fn an_update_shows_the_changes_and_writes_only_where_told() {
    let folder = folder("update");
    let out = folder.join("table");
    let (document, newer) = (folder.join("own.yaml"), folder.join("newer.yaml"));
    let text = std::fs::read_to_string("fixtures/openapi/demo.yaml").expect("a fixture");
    std::fs::write(&document, &text).expect("written");
    let changed = text.replace("[{oauth: ['things:write']}]", "[{oauth: ['things:admin']}]");
    assert_ne!(changed, text);
    std::fs::write(&newer, changed).expect("written");
    let path = |p: &std::path::Path| p.to_str().expect("UTF-8").to_owned();
    let (out, document, newer) = (path(&out), path(&document), path(&newer));
    let import = [
        "tables",
        "import",
        "--kind",
        "openapi",
        "--provider",
        "own",
        "--out",
        &out,
        &document,
    ];
    assert_eq!(run(&import, None).code, 0);
    let before = std::fs::read_to_string(format!("{out}/rules.ndjson")).expect("rows");
    let (code, diff) = ask(&["tables", "diff", &out, &newer, "--provider", "own"]);
    assert_eq!(code, 0);
    assert_eq!(diff["changes"][0]["change"], "changed");
    assert_eq!(
        diff["changes"][0]["was"],
        json!({"oauth": {"scope": [["things:write"]]}})
    );
    assert_eq!(diff["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        std::fs::read_to_string(format!("{out}/rules.ndjson")).expect("rows"),
        before
    );
    let update = run(
        &["tables", "update", "own", "--from", &newer, "--out", &out],
        None,
    );
    assert!(
        update.out.contains("1 changed"),
        "{}{}",
        update.out,
        update.err
    );
    assert!(
        std::fs::read_to_string(format!("{out}/rules.ndjson"))
            .expect("rows")
            .contains("things:admin")
    );
    let shipped = run(&["tables", "update", "figma", "--from", &newer], None);
    assert!(
        shipped.out.contains("nothing was written"),
        "{}{}",
        shipped.out,
        shipped.err
    );
}

#[test]
fn a_document_is_a_table_whose_lists_are_unclear() {
    let check = |scope: &str| {
        let table = ["--table", "fixtures/openapi/demo.yaml", "--scope", scope];
        run(&[&["check", "GET", "/things/7"][..], &table].concat(), None).code
    };
    assert_eq!(
        (
            check("things:read things:write"),
            check("things:read"),
            check("x")
        ),
        (0, 3, 1)
    );
    let broken = folder("broken").join("broken.yaml");
    std::fs::write(&broken, "paths: [hunter2-hunter2\n").expect("written");
    let run = run(
        &[
            "check",
            "GET",
            "/a",
            "--table",
            broken.to_str().expect("UTF-8"),
        ],
        None,
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("line") && !run.err.contains("hunter2"),
        "{}",
        run.err
    );
}

#[test]
fn needs_reads_traffic_and_leaves_other_hosts_out() {
    let entry = |method: &str, url: &str| json!({"startedDateTime": "2026-01-01T00:00:00Z", "request": {"method": method, "url": url, "headers": []}, "response": {"status": 200, "headers": [], "content": {}}});
    let entries = [
        entry("OPTIONS", "https://graph.microsoft.com/v1.0/me/messages"),
        entry("GET", "https://cdn.example/logo.png"),
        entry("GET", "https://graph.microsoft.com/v1.0/me/messages?$top=5"),
        entry("GET", "https://graph.microsoft.com/beta/me/messages"),
        entry("POST", "https://graph.microsoft.com/v1.0/me/sendMail"),
    ];
    let har = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    let run = run_with(
        &[
            "needs",
            "-f",
            "-",
            "--format",
            "json",
            "--token-kind",
            "delegated_work",
        ],
        Some(har.as_bytes()),
        &[("WHY401_TOKEN", "opaque-token-0123456789")],
    );
    let answer = run.json();
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(answer["elsewhere"], 1);
    assert_eq!(answer["operations"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        answer["kinds"][0]["scopes"],
        json!(["Mail.ReadBasic", "Mail.Send"])
    );
}

#[test]
fn a_list_of_ones_own_is_a_table() {
    let folder = folder("csv");
    let list = folder.join("own.csv");
    std::fs::write(
        &list,
        "method,path,kind,scope\nGET,/a/{id},user,a:read|a\nPOST,/a,app,\n",
    )
    .expect("written");
    let (out, list) = (folder.join("t"), list.to_str().expect("UTF-8").to_owned());
    let out = out.to_str().expect("UTF-8");
    let import = [
        "tables",
        "import",
        "--kind",
        "csv",
        "--provider",
        "own",
        "--out",
        out,
        &list,
    ];
    assert_eq!(run(&import, None).code, 0);
    let check = |method: &str, path: &str, kind: &str, scope: &str| {
        run(
            &[
                "check",
                method,
                path,
                "--table",
                out,
                "--token-kind",
                kind,
                "--scope",
                scope,
            ],
            None,
        )
        .code
    };
    assert_eq!(check("GET", "/a/7", "user", "a"), 0);
    assert_eq!(check("GET", "/a/7", "user", "b"), 1);
    assert_eq!(check("GET", "/a/7", "app", "a"), 1);
    assert_eq!(check("POST", "/a", "app", ""), 0);
}

#[test]
fn two_tokens_are_compared_by_what_the_api_looks_at() {
    let folder = folder("against");
    let write = |name: &str, claims: Value| {
        let path = folder.join(name);
        std::fs::write(&path, claims.to_string()).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let here = write(
        "here.json",
        json!({"iss": "https://a.example", "aud": "x", "scope": "read", "exp": 4_102_444_800_i64}),
    );
    let part = |value: Value| {
        base64::Engine::encode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            value.to_string(),
        )
    };
    let jwt = format!(
        "{}.{}.c2lnbmF0dXJlLW9mLXRoZS1vdGhlcg",
        part(json!({"alg": "HS256"})),
        part(json!({"iss": "https://a.example", "aud": "y", "scope": "read write", "exp": 1}))
    );
    let there = folder.join("there.jwt");
    std::fs::write(&there, &jwt).expect("written");
    let (code, found) = ask(&[
        "token",
        "--claims",
        &here,
        "--against",
        there.to_str().expect("UTF-8"),
    ]);
    assert_eq!(code, 0);
    let text = found.to_string();
    for word in ["in the audience", "in the scopes", "in the end"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(
        !text.contains("in the issuer") && !text.contains("c2lnbmF0dXJl"),
        "{text}"
    );
}

#[test]
fn a_signature_is_judged_by_the_keys_that_were_given() {
    let folder = folder("keys");
    let jwt = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let key = json!({"keys": [{"kty": "oct", "kid": "one", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]});
    let keys = folder.join("keys.json");
    std::fs::write(&keys, key.to_string()).expect("written");
    let keys = keys.to_str().expect("UTF-8");
    let look = |token: &str| {
        let arguments = [
            "token",
            "--jwks",
            keys,
            "--at",
            "2011-03-22T18:00:00Z",
            "--format",
            "json",
        ];
        run_with(&arguments, None, &[("WHY401_TOKEN", token)])
    };
    let sound = look(jwt);
    assert_eq!(sound.code, 0, "{}", sound.out);
    assert!(sound.out.contains("The signature fits"), "{}", sound.out);
    let altered = look(&jwt.replace(".eyJpc3MiOiJq", ".eyJpc3MiOiJr"));
    assert_eq!(
        (altered.code, altered.cause().as_deref()),
        (1, Some("token.signature")),
        "{}",
        altered.out
    );
    assert!(!sound.out.contains("dBjftJeZ4CVP"));
}

#[test]
fn a_snippet_asks_for_the_smallest_scope_at_the_providers_login_host() {
    let ask = |language: &str, url: &str| run(&["needs", "POST", url, "--snippet", language], None);
    for language in ["curl", "node", "php", "python"] {
        let run = ask(
            language,
            "https://api.mypurecloud.de/api/v2/conversations/messages",
        );
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(
            run.out.contains("https://login.mypurecloud.de/oauth/token"),
            "{}",
            run.out
        );
        // Client credentials take roles there, and a scope would be without effect.
        assert!(
            run.out.contains("conversation:message:create") && !run.out.contains("scope="),
            "{}",
            run.out
        );
        let spotify = ask(language, "https://api.spotify.com/v1/me/playlists");
        assert!(spotify.out.contains("playlist-modify-"), "{}", spotify.out);
    }
}

#[test]
fn the_vendors_own_answer_tells_permissions_and_divisions() {
    let file = |name: &str, text: &str| {
        let path =
            std::env::temp_dir().join(format!("why401-grants-{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("a file");
        format!("@{}", path.display())
    };
    let grants = file(
        "grants",
        r#"{"grants":[{"division":{"id":"north"},"role":{"policies":[{"domain":"routing","entityName":"queue","actions":["*"]}]}},{"division":{"id":"*"},"role":{"policies":[{"domain":"directory","entityName":"user","actions":["view"]}]}}]}"#,
    );
    let check = |path: &str, held: &str| {
        let url = format!("https://api.mypurecloud.ie{path}");
        let kind = ["--token-kind", "client_credentials"];
        let args = [&["check", "GET", &url, "--permissions", held], &kind[..]].concat();
        ask(&args)
    };
    let (code, queue) = check("/api/v2/routing/queues/1", &grants);
    assert_eq!(code, 3);
    let on = &queue["diagnoses"][0]["gates"][0]["on"][0];
    assert_eq!(on, "the object is in the division north");
    let (code, _) = check("/api/v2/users/query", &grants);
    assert_eq!(code, 0, "held in all divisions");
    let (code, _) = check("/api/v2/routing/skills", &grants);
    assert_eq!(code, 1);
    let other = file("other", r#"{"error":"none"}"#);
    let (code, unread) = check("/api/v2/routing/queues/1", &other);
    assert_eq!(code, 3, "what cannot be read denies nothing");
    let findings = unread["diagnoses"][0]["findings"]
        .as_array()
        .expect("findings");
    assert!(
        findings.iter().any(|f| f["code"] == "note.input"),
        "{findings:?}"
    );
    let broken = file("broken", "{\"grants\": [");
    let (code, failed) = check("/api/v2/routing/queues/1", &broken);
    assert_eq!(code, 2);
    assert!(
        failed["error"]["message"]
            .as_str()
            .is_some_and(|m| m.contains("line 1"))
    );
}

const ME: &str = "https://api.mypurecloud.com/api/v2/users/me";
const JWT: &str = "fixtures/tokens/thread.jwt";
const AT: &str = "2026-08-01T00:00:00Z";

#[test]
fn what_a_token_lacks_is_said_with_the_switch_that_decides_whether_it_counts() {
    let words = ["needs", "GET", ME, "--token-file", JWT, "--at", AT];
    let told = unwrapped(&run(&words, None).out);
    assert!(told.contains("the token lacks user-basic-info"), "{told}");
    assert!(told.contains("off by default"), "{told}");
    let (code, value) = ask(&words);
    assert_eq!(code, 1);
    let caveats = value["caveats"].to_string();
    assert!(caveats.contains("off by default"), "{value}");
    // Nothing lacks, and elsewhere there is no switch.
    for more in [
        &["needs", "GET", ME, "--scope", "user-basic-info"][..],
        &[
            "needs",
            "GET",
            "https://api.github.com/user",
            "--scope",
            "gist",
        ],
    ] {
        assert_eq!(ask(more).1["caveats"], json!([]), "{more:?}");
    }
}

#[test]
fn a_token_that_does_not_show_its_scopes_is_not_passed_over() {
    let opaque = [("WHY401_TOKEN", "an-opaque-token-0123456789")];
    // One that only happens to be there is no part of the question.
    for (more, code) in [(&["--token-env", "WHY401_TOKEN"][..], 3), (&[], 0)] {
        let run = run_with(&[&["needs", "GET", ME], more].concat(), None, &opaque);
        assert_eq!(run.code, code, "{}", run.out);
        let told = unwrapped(&run.out);
        assert!(
            told.contains("The token does not show its scopes") && told.contains("--scope"),
            "{told}"
        );
    }
    // Where its kind has no scopes, there is nothing to see.
    let queues = "https://api.mypurecloud.com/api/v2/routing/queues";
    let kind = [
        "needs",
        "GET",
        queues,
        "--token-kind",
        "client_credentials",
        "--token-env",
        "WHY401_TOKEN",
    ];
    let run = run_with(&kind, None, &opaque);
    assert_eq!(run.code, 0, "{}", run.out);
    let run = run_with(&["needs", "GET", ME], None, &[]);
    assert_eq!(run.code, 0, "{}", run.out);
}

#[test]
fn operations_that_a_setting_may_open_are_not_plainly_denied() {
    let words = ["tables", "open", "/users/me", "--provider", "genesys-cloud"];
    let words = [&words[..], &["--token-file", JWT, "--at", AT]].concat();
    let told = unwrapped(&run(&words, None).out);
    assert!(
        told.contains("denied only where the organisation enforces scopes"),
        "{told}"
    );
    let found = ask(&words).1;
    let rows = found["open"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["path"] == "/api/v2/users/me");
    let row = row.expect("a row");
    assert_eq!(row["when"], "where the organisation enforces scopes");
    let known = [&words[..], &["--enforce-scopes", "true"]].concat();
    let told = unwrapped(&run(&known, None).out);
    assert!(!told.contains("denied only where"), "{told}");
}

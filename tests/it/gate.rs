//! `gate`: the example project, the manifest's faults, the online half and the exit codes.

use crate::program::{Run, run_with, unwrapped};
use crate::simulator::{CLIENT, Org, Simulator};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) const TOKEN: &str = "sim-token-0123456789abcdef";
pub(crate) const EXAMPLE: &str = "fixtures/example/why401.toml";

/// A manifest in a folder of its own.
pub(crate) fn manifest(name: &str, text: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{name}.toml"));
    std::fs::write(&path, text).expect("the manifest is written");
    path
}

pub(crate) fn gate(manifest: &str, more: &[&str], environment: &[(&str, &str)]) -> Run {
    let fixed = ["gate", manifest];
    let run = run_with(&[&fixed[..], more].concat(), None, environment);
    for secret in [TOKEN, CLIENT.1] {
        assert!(
            !run.out.contains(secret) && !run.err.contains(secret),
            "{}",
            run.out
        );
    }
    run
}

fn app<'v>(value: &'v Value, name: &str) -> &'v Value {
    let apps = value["apps"].as_array().expect("apps");
    apps.iter()
        .find(|app| app["name"] == name)
        .expect("the app")
}

/// Every entry of an app that does not pass: its name, and its cause or word.
fn troubles(app: &Value) -> Vec<(String, String)> {
    let entries = ["checks", "endpoints"].into_iter();
    let entries = entries.flat_map(|list| app[list].as_array().expect("a list"));
    entries
        .filter(|entry| {
            !["pass", "skipped", "not-asked"].contains(&entry["result"].as_str().expect("a word"))
        })
        .map(|entry| {
            let online = entry["online"]["result"].as_str();
            let half = match online {
                None | Some("not-asked") => &entry["offline"],
                Some(_) => &entry["online"],
            };
            let cause = half["cause"]["code"].as_str().or(half["result"].as_str());
            (
                entry["name"].as_str().expect("a name").to_owned(),
                cause.expect("a word").to_owned(),
            )
        })
        .collect()
}

pub(crate) fn desk() -> Org {
    Org {
        scopes: vec!["user-basic-info", "routing:readonly", "conversations"],
        permissions: vec!["routing:queue:view", "conversation:message:create"],
        ..Org::default()
    }
}

fn report() -> Org {
    Org {
        grant: "CLIENT-CREDENTIALS",
        scopes: vec![],
        permissions: vec!["routing:queue:view", "analytics:conversationDetail:view"],
        ..Org::default()
    }
}

/// The example's gate, online against the simulator; `desk` or `report`.
fn example(name: &str, org: Org, environment: &[(&str, &str)]) -> (Run, Simulator) {
    let server = Simulator::start(org);
    let send_to = format!("{name}={}", server.origin);
    let arguments = [
        "--online",
        "--app",
        name,
        "--send-to",
        &send_to,
        "--format",
        "json",
    ];
    (gate(EXAMPLE, &arguments, environment), server)
}

#[test]
fn the_example_is_green_with_the_right_credentials() {
    for (name, org, environment) in [
        ("desk", desk(), [("DESK_TOKEN", TOKEN)]),
        ("report", report(), [("REPORT_SECRET", CLIENT.1)]),
    ] {
        let (run, server) = example(name, org, &environment);
        assert_eq!(run.code, 0, "{}", run.out);
        assert_eq!(run.json()["verdict"], "clear");
        let log = server.log();
        let changing = log
            .iter()
            .filter(|l| !["GET", "HEAD", "OPTIONS"].contains(&l.method.as_str()));
        assert!(
            changing.clone().all(|l| l.path == "/oauth/token"),
            "{log:?}"
        );
    }
    let both = gate(
        EXAMPLE,
        &[],
        &[("DESK_TOKEN", TOKEN), ("REPORT_SECRET", CLIENT.1)],
    );
    assert_eq!(both.code, 0, "offline, with what is declared: {}", both.out);
    assert!(
        both.out.contains("declared, not verified: permission"),
        "{}",
        both.out
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of wrong credentials")]
fn the_example_is_red_with_each_wrong_credential_and_says_why() {
    let without = |left: &'static str, org: Org| Org {
        scopes: org.scopes.iter().copied().filter(|s| *s != left).collect(),
        permissions: org
            .permissions
            .iter()
            .copied()
            .filter(|p| *p != left)
            .collect(),
        ..org
    };
    let with = |more: &'static str, org: Org| Org {
        scopes: org.scopes.iter().copied().chain([more]).collect(),
        ..org
    };
    let queues = "GET /api/v2/routing/queues";
    let me = "GET /api/v2/users/me";
    let cases = [
        (
            "a scope is missing",
            "desk",
            without("routing:readonly", desk()),
            TOKEN,
            queues,
            "scope.missing",
        ),
        (
            "the scope of the login is missing",
            "desk",
            without("user-basic-info", desk()),
            TOKEN,
            me,
            "scope.missing",
        ),
        (
            "a role is missing",
            "desk",
            without("routing:queue:view", desk()),
            TOKEN,
            queues,
            "permission.missing",
        ),
        (
            "a client's token where a user's is needed",
            "desk",
            Org {
                grant: "CLIENT-CREDENTIALS",
                ..desk()
            },
            TOKEN,
            me,
            "token.type",
        ),
        (
            "a token that this region does not know",
            "desk",
            desk(),
            "other-token-0123456789abcdef",
            queues,
            "token.unknown",
        ),
        (
            "a word in place of a token",
            "desk",
            desk(),
            "undefined",
            "credential",
            "token.malformed",
        ),
        (
            "a forbidden scope",
            "desk",
            with("oauth", desk()),
            TOKEN,
            "forbid-scopes",
            "note.excess-scope",
        ),
        (
            "a wrong secret",
            "report",
            report(),
            "wrong-secret-0123456789",
            "credential",
            "credentials.invalid",
        ),
        (
            "a token that ends too soon",
            "report",
            Org {
                lifetime: 60,
                ..report()
            },
            CLIENT.1,
            "min-ttl",
            "note.short-life",
        ),
        (
            "a client without the role",
            "report",
            without("routing:queue:view", report()),
            CLIENT.1,
            queues,
            "permission.missing",
        ),
    ];
    for (what, name, org, credential, entry, cause) in cases {
        let variable = if name == "desk" {
            "DESK_TOKEN"
        } else {
            "REPORT_SECRET"
        };
        let (run, _server) = example(name, org, &[(variable, credential)]);
        assert_eq!(run.code, 1, "{what}: {}", run.out);
        let value = run.json();
        let found = troubles(app(&value, name));
        let wanted = (entry.to_owned(), cause.to_owned());
        assert!(found.contains(&wanted), "{what}: {found:?}");
    }
}

#[test]
fn without_a_token_no_endpoint_passes_online() {
    let (run, _server) = example(
        "report",
        report(),
        &[("REPORT_SECRET", "wrong-secret-0123456789")],
    );
    let value = run.json();
    for endpoint in app(&value, "report")["endpoints"]
        .as_array()
        .expect("a list")
    {
        assert_eq!(endpoint["result"], "cannot-tell", "{endpoint}");
        let told = endpoint["online"]["message"].as_str().expect("why");
        assert_eq!(told, "not asked: no token was issued");
    }
}

#[test]
fn the_examples_clients_call_what_their_manifest_names() {
    let manifest = std::fs::read_to_string(EXAMPLE).expect("the manifest");
    for client in ["desk.mjs", "report.py"] {
        let text =
            std::fs::read_to_string(format!("fixtures/example/{client}")).expect("the client");
        let mut seen = 0;
        for (at, _) in text.match_indices("/api/v2/") {
            let rest = &text[at..];
            let end = rest.find(['"', '`', '$']).expect("the end of the path");
            assert!(
                manifest.contains(rest[..end].trim_end_matches('/')),
                "{client}: {}",
                &rest[..end]
            );
            seen += 1;
        }
        assert!(seen > 1, "{client}");
    }
}

#[test]
#[ignore = "needs Node and Python"]
fn the_examples_clients_do_call_what_their_manifest_names() {
    let manifest = std::fs::read_to_string(EXAMPLE).expect("the manifest");
    let node = (
        "node",
        &["desk.mjs", "queue", "+10000000000", "hello"][..],
        desk(),
    );
    let python = ("python3", &["report.py"][..], report());
    for (program, arguments, org) in [node, python] {
        let server = Simulator::start(org);
        let output = std::process::Command::new(program)
            .args(arguments)
            .current_dir("fixtures/example")
            .env("GENESYS_ORIGIN", &server.origin)
            .env("GENESYS_LOGIN", &server.origin)
            .env("DESK_TOKEN", TOKEN)
            .env("REPORT_SECRET", CLIENT.1)
            .output()
            .expect("the client's language");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program}: {err}");
        let log = server.log();
        assert!(log.len() > 1, "{program}");
        for call in log.iter().filter(|call| call.path != "/oauth/token") {
            let call = format!("{} {}", call.method, call.path);
            assert!(manifest.contains(&call), "{program}: {call}");
        }
    }
}

#[test]
fn a_broken_app_is_named_by_line_and_key_and_the_others_are_judged() {
    let path = manifest(
        "broken",
        "provider = 'genesys-cloud'\n[[app]]\nname = 'sound'\ntoken-env = 'T'\nscopes = ['routing']\npermissions = ['routing:queue:view']\nendpoints = ['GET /api/v2/routing/queues']\n[[app]]\nname = 'typo'\nendpoits = []\n[[app]]\nname = 'empty'\ntoken-env = 'EMPTY'\nendpoints = ['GET /api/v2/users/me']\n[[app]]\nname = 'sound'\ntoken-env = 'T'\nendpoints = ['GET /api/v2/users/me']\n[[app]]\nname = 'written'\ntoken = 'sim-token-0123456789abcdef'\nendpoints = ['GET /api/v2/users/me']\n[[app]]\nname = 'kind'\nkind = 'usr'\ntoken-env = 'T'\nendpoints = ['GET /api/v2/users/me']\n",
    );
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &["--format", "json"], &[("T", TOKEN), ("EMPTY", "")]);
    assert_eq!(run.code, 2, "{}", run.out);
    let value = run.json();
    assert_eq!(value["verdict"], "clear", "the sound app was judged");
    assert!(value["error"]["message"].is_string());
    let told: Vec<String> = value["apps"]
        .as_array()
        .expect("apps")
        .iter()
        .map(|app| app["error"]["message"].as_str().unwrap_or("-").to_owned())
        .collect();
    let starts = [
        "-",
        "line 10, `endpoits`: the key `endpoits` is not known",
        "line 13, `token-env`: the environment variable `EMPTY` is empty",
        "line 16, `name`: two apps have this name",
        "line 21, `token`: the key `token` would contain a secret",
        "line 25, `kind`: the provider has no such kind of token; did you mean user?",
    ];
    for (told, start) in told.iter().zip(starts) {
        assert!(told.starts_with(start), "{told}");
    }
    assert_eq!(
        app(&value, "typo")["error"]["hint"],
        "did you mean `endpoints`?"
    );
}

#[test]
fn scopes_that_no_endpoint_needs_are_a_note_and_a_failure_where_the_manifest_says_so() {
    let with = |rule: &str| {
        let text = format!(
            "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = ['routing', 'users']\npermissions = ['routing:queue:view']\n{rule}endpoints = ['GET /api/v2/routing/queues']\n"
        );
        let path = manifest("unused", &text);
        gate(path.to_str().expect("UTF-8"), &["--format", "json"], &[])
    };
    let noted = with("");
    assert_eq!(noted.code, 0, "{}", noted.out);
    let note = noted.json()["apps"][0]["notes"][0].clone();
    assert_eq!(note["code"], "note.excess-scope");
    assert_eq!(note["message"], "No endpoint of this app needs: users.");
    let failed = with("fail-on = ['note.excess-scope']\n");
    assert_eq!(failed.code, 1, "{}", failed.out);
    assert_eq!(
        troubles(&failed.json()["apps"][0])[0].1,
        "note.excess-scope"
    );
}

#[test]
fn an_unknown_endpoint_cannot_be_told_and_the_nearest_are_named() {
    let path = manifest(
        "unknown",
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = ['users']\nendpoints = ['GET /api/v2/user/me']\n",
    );
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &["--format", "json"], &[]);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.out.contains("GET /api/v2/users/me"), "{}", run.out);
    assert_eq!(gate(path, &["--cannot-tell", "pass"], &[]).code, 0);
    let frob = manifest(
        "frob",
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nendpoints = ['GET /api/v2/users/me', 'GE(T /x']\n",
    );
    let frob = gate(frob.to_str().expect("UTF-8"), &["--lint"], &[]);
    assert!(
        frob.code == 2 && frob.out.contains("line 5, `endpoints`: "),
        "{}",
        frob.out
    );
    // Lint and run agree: what is not published is undecided.
    let lint = gate(path, &["--lint"], &[]);
    assert_eq!(lint.code, 3, "{}", lint.out);
    assert!(
        lint.out
            .contains("GET /api/v2/user/me is not a published operation"),
        "{}",
        lint.out
    );
    assert!(lint.out.contains("GET /api/v2/users/me"), "{}", lint.out);
}

#[test]
fn where_two_causes_fit_both_are_told_in_every_format() {
    let path = manifest(
        "two",
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = ['users']\nendpoints = ['POST /api/v2/conversations/messaging']\n",
    );
    for format in crate::formats::FORMATS {
        let run = gate(path.to_str().expect("UTF-8"), &["--format", format], &[]);
        assert_eq!(run.code, 1);
        for cause in ["scope.missing", "endpoint.unknown"] {
            assert!(run.out.contains(cause), "{format}: {}", run.out);
        }
    }
}

#[test]
fn a_credential_that_nobody_can_read_does_not_pass_unless_the_manifest_lets_it() {
    let lists = "scopes = ['routing']\npermissions = ['routing:queue:view']\n";
    let with = |credential: &str, lists: &str| {
        let text = format!(
            "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\n{credential}\n{lists}endpoints = ['GET /api/v2/routing/queues']\n"
        );
        manifest("declared", &text)
    };
    let client = "client-id = 'abc'\nclient-secret-env = 'UNSET_SECRET'";
    for credential in [
        "token-env = 'UNSET_TOKEN'",
        "token-file = 'no-such.token'",
        client,
    ] {
        let path = with(credential, lists);
        let path = path.to_str().expect("UTF-8");
        let offline = gate(path, &[], &[]);
        assert_eq!(offline.code, 3, "{credential}: {}", offline.out);
        let text = unwrapped(&offline.out);
        assert!(text.contains("undecided credential"), "{text}");
        // The endpoints are judged by the lists.
        assert!(text.contains("pass GET /api/v2/routing/queues"), "{text}");
        let online = gate(path, &["--online"], &[]);
        assert_eq!(online.code, 2, "{credential}: {}", online.out);
    }
    let accepted = format!("{lists}unknown = {{ credential = 'pass' }}\n");
    for lists in [lists, &accepted] {
        let path = with("token-env = 'UNSET_TOKEN'", lists);
        let run = gate(path.to_str().expect("UTF-8"), &["--format", "github"], &[]);
        assert!(run.out.contains("`UNSET_TOKEN` is not set"), "{}", run.out);
        assert_eq!(
            run.code,
            if lists == accepted { 0 } else { 3 },
            "{}",
            run.out
        );
    }
    let path = with("token-env = 'UNSET_TOKEN'", "");
    let bare = gate(path.to_str().expect("UTF-8"), &[], &[]);
    assert_eq!(bare.code, 2, "nothing is declared: {}", bare.out);
}

#[test]
fn a_manifest_cannot_say_where_a_token_goes() {
    let server = Simulator::start(Org::default());
    let table = format!(
        "format = \"scope-table/1\"\n[provider]\nid = \"own\"\nname = \"Own\"\n[[host]]\nname = \"{}\"\n[[source]]\nid = \"s\"\nkind = \"manual\"\nfrom = \"x\"\n",
        server.origin.trim_start_matches("http://")
    );
    let tables = manifest("table", &table);
    let path = manifest(
        "hosts",
        &format!(
            "[[app]]\nname = 'own'\nprovider = 'own'\ntables = ['{}']\ntoken-env = 'T'\nendpoints = ['GET /a']\n[[app]]\nname = 'foreign'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\ntoken-env = 'T'\nendpoints = ['GET {}/api/v2/users/me']\n",
            tables.display(),
            server.origin
        ),
    );
    let path = path.to_str().expect("UTF-8");
    // A proxy that nothing answers on keeps the provider's real host out of the test.
    let environment = [("T", TOKEN), ("HTTPS_PROXY", "http://127.0.0.1:9")];
    let run = gate(
        path,
        &["--online", "--format", "json", "--timeout", "2"],
        &environment,
    );
    assert!(server.log().is_empty(), "a token was sent: {}", run.out);
    assert!([2, 3].contains(&run.code), "{}", run.out);
    assert!(run.out.contains("--send-to"), "{}", run.out);
}

#[test]
fn where_a_token_may_go_is_checked_before_anything_is_sent() {
    for (send_to, why) in [
        ("desk=http://proxy.example", "plain http"),
        ("desk=https://u:p@proxy.example", "user name or password"),
        ("nobody=https://proxy.example", "its apps: desk, report"),
        ("desk", "is not `APP=URL`"),
    ] {
        let run = gate(
            EXAMPLE,
            &["--online", "--send-to", send_to],
            &[("DESK_TOKEN", TOKEN)],
        );
        assert_eq!(run.code, 2, "{send_to}");
        assert!(run.err.contains(why), "{send_to}: {}", run.err);
    }
}

#[test]
fn a_query_of_the_manifest_is_sent_and_other_hosts_are_not_asked_beside_a_named_one() {
    let server = Simulator::start(desk());
    let path = manifest(
        "query",
        "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\ntoken-env = 'T'\nendpoints = ['GET /api/v2/routing/queues?pageSize=1', 'GET https://api.mypurecloud.de/api/v2/users/me']\n",
    );
    let send_to = format!("a={}", server.origin);
    let arguments = ["--online", "--send-to", &send_to, "--format", "json"];
    let run = gate(path.to_str().expect("UTF-8"), &arguments, &[("T", TOKEN)]);
    let log = server.log();
    assert!(
        log.iter()
            .any(|call| call.path == "/api/v2/routing/queues?pageSize=1"),
        "{log:?}"
    );
    let value = run.json();
    let second = &value["apps"][0]["endpoints"][1]["online"];
    assert_eq!(second["result"], "not-asked", "{second}");
}

#[test]
fn what_the_server_tells_of_a_token_outranks_what_is_declared() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\nscopes = ['conversations']\npermissions = ['conversation:message:create']\ntoken-env = 'T'\nendpoints = ['POST /api/v2/conversations/messages']\n";
    let path = manifest("declared", text);
    let path = path.to_str().expect("UTF-8");
    assert_eq!(
        gate(path, &[], &[("T", TOKEN)]).code,
        0,
        "offline it is believed"
    );
    let server = Simulator::start(Org {
        scopes: vec!["user-basic-info"],
        ..Org::default()
    });
    let send_to = format!("a={}", server.origin);
    let run = gate(
        path,
        &["--online", "--send-to", &send_to, "--format", "json"],
        &[("T", TOKEN)],
    );
    assert_eq!(run.code, 1, "{}", run.out);
    let value = run.json();
    let found = troubles(app(&value, "a"));
    assert_eq!(
        found,
        [(
            "POST /api/v2/conversations/messages".to_owned(),
            "scope.missing".to_owned()
        )]
    );
    assert!(run.out.contains("note.difference"), "{}", run.out);
}

#[test]
fn many_endpoints_are_asked_twelve_at_once_at_most() {
    let server = Simulator::start(Org {
        delay: Duration::from_millis(20),
        ..desk()
    });
    let (run, endpoints) = many(&server, 60);
    assert_eq!(
        run.json()["apps"][0]["endpoints"]
            .as_array()
            .expect("endpoints")
            .len(),
        endpoints
    );
    let most = server.most_at_once();
    assert!((2..=12).contains(&most), "{most} at once");
}

#[test]
fn after_a_429_nothing_more_is_asked_and_nothing_is_the_tokens_fault() {
    let server = Simulator::start(Org {
        delay: Duration::from_millis(5),
        limit: Some(20),
        ..desk()
    });
    let (run, endpoints) = many(&server, 60);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(server.log().len() <= 20 + 12, "{}", server.log().len());
    let value = run.json();
    let untold = troubles(&value["apps"][0]);
    assert!(untold.len() >= endpoints - 20, "{}", untold.len());
    assert!(
        untold
            .iter()
            .all(|(_, cause)| cause == "rate.limited" || cause == "cannot-tell"),
        "{untold:?}"
    );
}

/// A gate over so many endpoints that need the scope `conversations` or nothing.
fn many(server: &Simulator, count: usize) -> (Run, usize) {
    let call = |n: usize| format!("'GET /api/v2/conversations/messages/{n}',\n");
    let endpoints: String = (0..count).map(call).collect();
    let path = manifest(
        &format!("many-{}", server.origin.rsplit(':').next().expect("a port")),
        &format!(
            "[[app]]\nname = 'many'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\ntoken-env = 'T'\nendpoints = [\n{endpoints}]\n"
        ),
    );
    let send_to = format!("many={}", server.origin);
    let arguments = ["--online", "--send-to", &send_to, "--format", "json"];
    (
        gate(path.to_str().expect("UTF-8"), &arguments, &[("T", TOKEN)]),
        count,
    )
}

#[test]
fn no_network_is_exit_3_with_the_line_and_never_the_tokens_fault() {
    let environment = [("DESK_TOKEN", TOKEN)];
    let arguments = [
        "--online",
        "--app",
        "desk",
        "--send-to",
        "desk=http://127.0.0.1:9",
        "--format",
        "json",
    ];
    let run = gate(EXAMPLE, &arguments, &environment);
    assert_eq!(run.code, 3, "{}", run.out);
    let value = run.json();
    let desk = app(&value, "desk");
    assert_eq!(desk["endpoints"][0]["line"], 16);
    assert!(
        desk["endpoints"][0]["online"]["message"]
            .as_str()
            .expect("why")
            .starts_with("no answer came")
    );
    assert!(
        troubles(desk)
            .iter()
            .all(|(_, cause)| cause == "cannot-tell"),
        "{}",
        run.out
    );
}

#[test]
fn a_manifest_is_begun_from_traffic_lists_and_documents_and_never_written_over() {
    let out = manifest("begun", "");
    std::fs::remove_file(&out).expect("no file");
    let out = out.to_str().expect("UTF-8");
    let list = manifest(
        "list",
        "# calls\nGET /api/v2/users/me\nGET https://api.mypurecloud.com/api/v2/routing/queues/1\n",
    );
    let begin = |more: &[&str]| {
        run_with(
            &[&["gate", "--init", list.to_str().expect("UTF-8")][..], more].concat(),
            None,
            &[],
        )
    };
    let run = begin(&["--provider", "genesys-cloud", "-o", out]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let text = std::fs::read_to_string(out).expect("written");
    assert!(
        text.contains("\"GET /api/v2/routing/queues/{queueId}\""),
        "{text}"
    );
    assert_eq!(gate(out, &["--lint"], &[]).code, 3, "lines to fill in");
    assert_eq!(
        begin(&["--provider", "genesys-cloud", "-o", out]).code,
        2,
        "never over a file"
    );
    let document = run_with(&["gate", "--init", "fixtures/openapi/demo.yaml"], None, &[]);
    assert!(
        document
            .out
            .contains("tables = [\"fixtures/openapi/demo.yaml\"]"),
        "{}",
        document.out
    );
}

#[test]
fn an_api_of_ones_own_needs_no_table() {
    let text = "[[app]]\nname = 'orders'\ntoken-env = 'T'\nscopes = ['orders:read']\nneeds = ['orders:read']\nendpoints = [\n  'GET https://api.mine.example/orders',\n  { call = 'POST https://api.mine.example/orders', needs = ['orders:write'] },\n]\n";
    let path = manifest("own", text);
    let run = gate(
        path.to_str().expect("UTF-8"),
        &["--format", "json"],
        &[("T", TOKEN)],
    );
    let value: Value = serde_json::from_str(&run.out).expect("JSON");
    let own = app(&value, "orders");
    let results: Vec<&str> = own["endpoints"]
        .as_array()
        .expect("endpoints")
        .iter()
        .map(|entry| entry["result"].as_str().expect("a word"))
        .collect();
    assert_eq!(
        (run.code, results),
        (1, vec!["pass", "fail"]),
        "{}",
        run.out
    );
}

#[test]
fn what_may_stay_undecided_is_told_and_does_not_count() {
    let app = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = 'routing'\ntoken-env = 'T'\nendpoints = ['GET /api/v2/routing/queues']\n";
    let code = |name: &str, more: &str| {
        let path = manifest(name, &format!("{app}{more}"));
        gate(path.to_str().expect("UTF-8"), &[], &[("T", TOKEN)])
    };
    assert_eq!(code("open", "").code, 3);
    let tolerated = code("tolerated", "[app.unknown]\npermission = 'pass'\n");
    assert_eq!(tolerated.code, 0, "{}", tolerated.out);
    assert!(tolerated.out.contains("skipped"), "{}", tolerated.out);
    assert_eq!(code("strange", "[app.unknown]\nfrobs = 'pass'\n").code, 2);
}

#[test]
fn an_environment_and_a_command_for_the_token_are_chosen_where_the_gate_runs() {
    let text = "[env.staging]\nscopes = ['routing']\n[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nkind = 'user'\nscopes = ['users']\npermissions = ['routing:queue:view']\nendpoints = ['GET /api/v2/routing/queues']\n[app.env.staging]\nscopes = ['routing']\n";
    let path = manifest("environments", text);
    let path = path.to_str().expect("UTF-8");
    let command = ["--token-cmd", "a=echo sim-token-0123456789abcdef"];
    let with = |more: &[&str]| {
        gate(
            path,
            &[&command[..], more].concat(),
            &[("PATH", "/usr/bin:/bin")],
        )
    };
    assert_eq!(with(&[]).code, 1);
    let staging = with(&["--env", "staging"]);
    assert_eq!(staging.code, 0, "{}{}", staging.out, staging.err);
    assert_eq!(with(&["--env", "nowhere"]).code, 2);
}

#[test]
fn a_report_goes_to_a_file_and_for_people_to_standard_output() {
    let out = manifest("report", "").with_extension("xml");
    let file = out.to_str().expect("UTF-8");
    let run = gate(
        EXAMPLE,
        &["--app", "report", "--format", "junit", "-o", file],
        &[("REPORT_SECRET", "a-secret-that-nobody-asks")],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("Exit code 0"), "{}", run.out);
    let report = std::fs::read_to_string(&out).expect("a report");
    assert!(
        report.starts_with("<?xml") && report.contains("<testsuites"),
        "{report}"
    );
    let over = gate(EXAMPLE, &["--format", "junit", "-o", EXAMPLE], &[]);
    assert_eq!(over.code, 2, "{}", over.out);
    assert!(over.err.contains("overwrite its own input"), "{}", over.err);
}

#[test]
fn lint_names_the_endpoint_that_is_not_published_whatever_line_it_stands_on() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\ntoken-env = 'T'\nscopes = ['routing']\nendpoints = ['GET /api/v2/routing/queues', 'POST /api/v2/conversations/messaging']\n";
    let path = manifest("one-line", text);
    let run = gate(
        path.to_str().expect("UTF-8"),
        &["--lint", "--format", "json"],
        &[],
    );
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let endpoints = report["apps"][0]["endpoints"].as_array().expect("a list");
    let names: Vec<&str> = endpoints
        .iter()
        .filter_map(|own| own["name"].as_str())
        .collect();
    assert_eq!(
        names,
        ["POST /api/v2/conversations/messaging"],
        "{}",
        run.out
    );
}

#[test]
fn of_two_spellings_in_one_manifest_neither_is_called_the_right_one() {
    let text = "[[app]]\nname = 'orders'\ntoken-env = 'T'\nscopes = ['orders:write']\nendpoints = [\n  { call = 'POST https://api.mine.example/orders', needs = ['orders:wirte'] },\n]\n";
    let path = manifest("spelling", text);
    let run = gate(
        path.to_str().expect("UTF-8"),
        &[],
        &[("T", "opaque-0123456789")],
    );
    let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("differ in a letter or two"), "{out}");
    assert!(!out.contains("is probably meant to be"), "{out}");
}

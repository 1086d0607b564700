//! What a run of the gate says that it asked, and what the answers say of the credential.

use crate::gate::{TOKEN, gate, manifest};
use crate::program::{Run, run_with, unwrapped};
use crate::wire::{Wire, answer, json};
use serde_json::Value;

const PATHS: &str = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\ntoken-env = 'T'\nscopes = ['users:readonly', 'routing:readonly']\npermissions = ['routing:queue:view']\nendpoints = ['GET /api/v2/users/{userId}', 'GET /api/v2/routing/queues']\n";
const OWN: &str = "[[app]]\nname = 'a'\ntoken-env = 'T'\nneeds = ['orders:read']\nscopes = ['orders:read']\nendpoints = ['GET https://orders.example.com/orders']\n";

fn asked(name: &str, text: &str, origin: &str, format: &str) -> Run {
    let path = manifest(name, text);
    let send_to = format!("a={origin}");
    let path = path.to_str().expect("UTF-8");
    let more = ["--online", "--send-to", &send_to, "--format", format];
    gate(path, &more, &[("T", TOKEN)])
}

fn results(run: &Run, list: &str) -> Vec<String> {
    let value: Value = run.json();
    let entries = value["apps"][0][list].as_array().expect("a list").clone();
    let word = |entry: &Value| entry["result"].as_str().expect("a word").to_owned();
    entries.iter().map(word).collect()
}

/// A server that knows the token, and nobody without it.
fn guarded() -> Wire {
    Wire::at("127.0.0.1", |text| match text.contains(TOKEN) {
        true => json("200 OK", "", "{}"),
        false => json("401 Unauthorized", "", "{}"),
    })
}

/// A server that says the same to everything.
fn says(status: &'static str) -> Wire {
    Wire::at("127.0.0.1", move |_| json(status, "", "{}"))
}

#[test]
fn a_credential_is_what_the_controls_answer_makes_of_it() {
    let page = Wire::at("127.0.0.1", |_| {
        answer(
            "200 OK",
            "Content-Type: text/html\r\n",
            "<html>Hello</html>",
        )
    });
    let working = Wire::at("127.0.0.1", |text| match text.contains("/tokens/me") {
        true => json("404 Not Found", "", "{}"),
        false => json("200 OK", "", "{\"entities\":[]}"),
    });
    let guarded = guarded();
    let silent = "http://127.0.0.1:9";
    for (origin, word) in [
        (says("401 Unauthorized").origin(), "fail"),
        (says("404 Not Found").origin(), "cannot-tell"),
        (says("500 Internal Server Error").origin(), "cannot-tell"),
        (says("429 Too Many Requests").origin(), "cannot-tell"),
        // A control that anybody opens shows nothing of the token.
        (says("200 OK").origin(), "cannot-tell"),
        (guarded.origin(), "pass"),
        (page.origin(), "cannot-tell"),
        (silent.to_owned(), "cannot-tell"),
        // An endpoint that takes the token shows more than a control that is not there.
        (working.origin(), "pass"),
    ] {
        let run = asked("control", PATHS, &origin, "json");
        assert_eq!(results(&run, "checks")[0], word, "{origin}: {}", run.out);
        let run = asked("control", PATHS, &origin, "human");
        assert_ne!(run.code == 0, word != "pass", "{}", run.out);
        assert!(!run.out.contains("was not asked"), "{}", run.out);
    }
}

#[test]
fn an_endpoint_that_was_not_requested_is_neither_failed_nor_counted_as_asked() {
    for (server, template) in [
        (says("401 Unauthorized"), "cannot-tell"),
        (says("404 Not Found"), "pass"),
        (says("500 Internal Server Error"), "pass"),
    ] {
        let run = asked("counted", PATHS, &server.origin(), "json");
        assert_eq!(results(&run, "endpoints")[0], template, "{}", run.out);
        let told = server.told();
        assert!(
            !told.iter().any(|text| text.contains("/users/")),
            "{told:?}"
        );
        let run = asked("counted", PATHS, &server.origin(), "human");
        let text = unwrapped(&run.out);
        assert!(!text.contains("both endpoints by asking"), "{text}");
        assert!(text.contains("the path has a template"), "{text}");
    }
    // A request that nobody answered decides nothing.
    let shut = PATHS.replace("'routing:readonly'", "'conversations'");
    let run = asked("counted", &shut, "http://127.0.0.1:9", "human");
    let text = unwrapped(&run.out);
    assert!(!text.contains("by asking the server"), "{text}");
    // A method in the place of another is a request too.
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\ntoken-env = 'T'\nscopes = ['users']\nendpoints = ['POST /api/v2/users']\n";
    let server = says("404 Not Found");
    let run = asked("stand-in", text, &server.origin(), "human");
    assert_eq!(run.code, 3, "{}", run.out);
    let text = unwrapped(&run.out);
    assert!(text.contains("the server was asked"), "{text}");
}

#[test]
fn a_whole_url_goes_to_the_host_that_the_user_named() {
    let server = says("403 Forbidden");
    let run = asked("own-host", OWN, &server.origin(), "human");
    assert_eq!(run.code, 1, "{}", run.out);
    let told = server.told();
    assert!(told.iter().any(|text| text.starts_with("GET /orders ")));
    assert!(!run.out.contains("not asked"), "{}", run.out);
    let run = asked("own-host", OWN, &guarded().origin(), "human");
    assert_eq!(run.code, 0, "{}", run.out);
}

#[test]
fn without_a_control_a_credential_that_nothing_accepts_does_not_pass() {
    let two = OWN.replace(
        "orders']",
        "orders', 'GET https://orders.example.com/items']",
    );
    for (server, word) in [
        (says("401 Unauthorized"), "cannot-tell"),
        (says("500 Internal Server Error"), "cannot-tell"),
        (guarded(), "pass"),
        // What everybody is answered says nothing of the token.
        (says("403 Forbidden"), "cannot-tell"),
        (says("200 OK"), "cannot-tell"),
    ] {
        let run = asked("no-control", &two, &server.origin(), "json");
        assert_eq!(results(&run, "checks")[0], word, "{}", run.out);
    }
    let open = says("200 OK");
    let run = asked("no-control", &two, &open.origin(), "human");
    assert_eq!(run.code, 3, "{}", run.out);
    let text = unwrapped(&run.out);
    assert!(
        text.contains("GET /orders answers 200 without a token too"),
        "{text}"
    );
    let bare = open
        .told()
        .iter()
        .filter(|own| !own.contains(TOKEN))
        .count();
    assert_eq!(bare, 2, "{:?}", open.told());
    // One endpoint that tells is enough.
    let mixed = Wire::at("127.0.0.1", |text| match text {
        text if text.starts_with("GET /items") || text.contains(TOKEN) => json("200 OK", "", "{}"),
        _ => json("401 Unauthorized", "", "{}"),
    });
    let run = asked("no-control", &two, &mixed.origin(), "json");
    assert_eq!(results(&run, "checks")[0], "pass", "{}", run.out);
}

#[test]
fn where_everything_answers_404_the_base_is_named_first() {
    let two = OWN.replace(
        "orders']",
        "orders', 'GET https://orders.example.com/items']",
    );
    for text in [&two, PATHS] {
        let run = asked("nowhere", text, &says("404 Not Found").origin(), "human");
        let first = run.out.lines().find(|line| line.starts_with("  undecided"));
        assert!(
            first.is_some_and(|line| line.contains("base-url")),
            "{}",
            run.out
        );
        assert!(
            unwrapped(&run.out).contains("a wrong host or base path is likelier"),
            "{}",
            run.out
        );
        let run = asked("nowhere", text, &says("403 Forbidden").origin(), "human");
        assert!(!run.out.contains("base-url"), "{}", run.out);
    }
}

#[test]
fn a_list_that_nothing_is_compared_with_is_not_called_checked() {
    let text = PATHS.replace("kind = 'user'", "kind = 'client_credentials'");
    let path = manifest("lists", &text);
    let run = gate(path.to_str().expect("UTF-8"), &[], &[("T", TOKEN)]);
    let told = unwrapped(&run.out);
    assert!(
        told.contains("by the declared permissions against the table"),
        "{told}"
    );
    assert!(
        told.contains("the declared scopes, which nothing here is compared with"),
        "{told}"
    );
    let path = manifest("lists", PATHS);
    let told = unwrapped(&gate(path.to_str().expect("UTF-8"), &[], &[("T", TOKEN)]).out);
    assert!(
        told.contains("by the declared scopes and permissions"),
        "{told}"
    );
}

#[test]
fn an_app_that_names_no_endpoint_is_undecided() {
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'us-east-1'\nkind = 'user'\nscopes = ['users']\npermissions = ['routing:queue:view']\ntoken-env = 'T'\nendpoints = []\n";
    let path = manifest("empty", text);
    for more in [&[][..], &["--lint"]] {
        let run = gate(path.to_str().expect("UTF-8"), more, &[("T", TOKEN)]);
        assert_eq!(run.code, 3, "{}", run.out);
        assert!(
            unwrapped(&run.out).contains("the app names no endpoint"),
            "{}",
            run.out
        );
    }
}

#[test]
fn a_control_is_asked_without_the_token_too_before_a_token_is_called_valid() {
    let open = says("200 OK");
    let run = asked("open-control", PATHS, &open.origin(), "human");
    let text = unwrapped(&run.out);
    assert!(!text.contains("valid"), "{text}");
    assert!(text.contains("without a token too"), "{text}");
    let bare = open.told();
    let mut bare = bare.iter().filter(|text| !text.contains(TOKEN));
    assert!(bare.any(|text| text.contains("/tokens/me")), "{}", run.out);
}

#[test]
fn where_nobody_answers_the_reason_is_said_and_nobody_is_said_to_have_been_asked() {
    let text = "[[app]]\nname = 'a'\ntoken-env = 'T'\nscopes = ['orders:read']\nendpoints = [\n{ call = 'GET https://orders.example.com/orders', needs = ['orders:read'] },\n'GET https://orders.example.com/health',\n]\n";
    let run = asked("nobody", text, "http://127.0.0.1:9", "human");
    assert_eq!(run.code, 3, "{}", run.out);
    let text = unwrapped(&run.out);
    assert!(text.contains("undecided credential"), "{text}");
    assert!(text.contains("nobody answered"), "{text}");
    assert!(!text.contains("the server was asked"), "{text}");
    assert!(!text.contains("nothing says which scopes"), "{text}");
    assert!(text.contains("no answer came: "), "{text}");
    let json = asked("nobody", PATHS, "http://127.0.0.1:9", "json");
    assert_eq!(results(&json, "checks")[0], "cannot-tell", "{}", json.out);
}

/// An own API whose endpoints name what they need, but for the last.
const NEEDS: &str = "[[app]]\nname = 'a'\ntoken-env = 'T'\nscopes = ['orders:wirte']\nendpoints = [\n{ call = 'POST https://orders.example.com/orders', needs = ['orders:write'] },\n'GET https://orders.example.com/health',\n]\n";

#[test]
fn what_only_the_manifest_says_is_neither_published_nor_a_table() {
    let path = manifest("own-words", NEEDS);
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &[], &[("T", TOKEN)]);
    let text = unwrapped(&run.out);
    assert!(
        !text.contains("published scope") && !text.contains("table"),
        "{text}"
    );
    assert!(
        text.contains(
            "`orders:wirte`: no endpoint of the manifest needs it, and one needs `orders:write`: one of the two is probably mistyped."
        ),
        "{text}"
    );
    assert!(
        text.contains("scope.missing (derived from the manifest)"),
        "{text}"
    );
    assert!(
        text.contains("next: `orders:wirte` (line 4) and the needed `orders:write` differ"),
        "{text}"
    );
    let junit = gate(path, &["--format", "junit"], &[("T", TOKEN)]);
    assert!(
        junit.out.contains("derived from the manifest)"),
        "{}",
        junit.out
    );
    let lint = unwrapped(&gate(path, &["--lint"], &[]).out);
    assert!(
        lint.contains("Add `needs` to the endpoint on line 7"),
        "{lint}"
    );
    assert!(
        lint.contains("{ call = \"GET https://orders.example.com/health\", needs = [] }"),
        "{lint}"
    );
    assert!(!lint.contains("no table knows"), "{lint}");
}

#[test]
fn a_placeholder_was_not_sent_and_a_quoted_secret_does_not_pass() {
    let path = manifest("placeholder", NEEDS);
    let path = path.to_str().expect("UTF-8");
    let run = gate(path, &[], &[("T", "${{ secrets.X }}")]);
    assert!(!run.out.contains("sent it"), "{}", run.out);
    let client = NEEDS.replace(
        "token-env = 'T'",
        "client-id = 'i'\nclient-secret-env = 'S'",
    );
    let path = manifest("quoted", &client);
    let path = path.to_str().expect("UTF-8");
    for (secret, told) in [
        ("'a-client-secret-0123'", "in quotation marks"),
        ("${{ secrets.X }}", "placeholder"),
    ] {
        let run = gate(path, &[], &[("S", secret)]);
        let text = unwrapped(&run.out);
        assert!(text.contains("undecided credential"), "{text}");
        assert!(
            text.contains(told) && !text.contains("a-client-secret"),
            "{text}"
        );
    }
}

#[test]
fn a_refusal_of_a_stand_in_names_what_was_sent() {
    let text = "[[app]]\nname = 'a'\ntoken-env = 'T'\nscopes = ['orders:write']\nneeds = ['orders:write']\nendpoints = ['POST https://orders.example.com/orders']\n";
    let run = asked("stood-in", text, &says("403 Forbidden").origin(), "human");
    let text = unwrapped(&run.out);
    assert!(text.contains("GET in place of POST: "), "{text}");
}

#[test]
fn a_declared_list_does_not_prove_what_an_opaque_token_holds() {
    let server = Wire::at("127.0.0.1", |_| {
        json(
            "403 Forbidden",
            "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"orders:write\"\r\n",
            "{}",
        )
    });
    let text = "[[app]]\nname = 'a'\ntoken-env = 'T'\nscopes = ['orders:write']\nneeds = ['orders:write']\nendpoints = ['GET https://orders.example.com/orders']\n";
    let run = asked("declared-list", text, &server.origin(), "human");
    let text = unwrapped(&run.out);
    assert!(
        text.contains("scope.missing (stated by the server)"),
        "{text}"
    );
    assert!(text.contains("it was probably not granted"), "{text}");
    assert!(!text.contains("has it already"), "{text}");
}

#[test]
fn the_whole_report_says_too_whose_word_a_need_is() {
    let call = "https://api.mypurecloud.com/api/v2/conversations/messaging";
    let run = run_with(
        &["check", "POST", call, "--scope", "view:conversation", "-v"],
        None,
        &[],
    );
    let text = unwrapped(&run.out);
    for line in ["need", "missing"] {
        let told =
            format!("{line} write:conversation:messaging (reported; no such scope is published)");
        assert!(text.contains(&told), "{text}");
    }
}

#[test]
fn lint_and_run_are_as_sure_of_a_path_that_is_not_published() {
    let text = PATHS.replace("/routing/queues", "/routing/queuess");
    let path = manifest("as-sure", &text);
    let lint = gate(path.to_str().expect("UTF-8"), &["--lint"], &[]);
    assert!(
        lint.out
            .contains("endpoint.unknown (possible, not certain)"),
        "{}",
        lint.out
    );
}

#[test]
fn an_own_api_of_which_nothing_says_what_it_needs_asks_for_needs() {
    let text = OWN.replace("needs = ['orders:read']\n", "");
    let path = manifest("no-needs", &text);
    for more in [&[][..], &["--lint"]] {
        let run = gate(path.to_str().expect("UTF-8"), more, &[("T", TOKEN)]);
        assert_eq!(run.code, 3, "{}", run.out);
        let text = unwrapped(&run.out);
        assert!(text.contains("Add `needs` to the app on line 1"), "{text}");
        assert!(!text.contains("not a published scope"), "{text}");
    }
}

#[test]
fn every_host_of_a_list_gets_its_app() {
    let path = manifest(
        "mixed",
        "GET https://api.mypurecloud.com/api/v2/users/me\nGET https://orders.example.com/orders\n",
    );
    let init = ["gate", "--init", path.to_str().expect("UTF-8")];
    let run = run_with(&init, None, &[]);
    assert_eq!(run.err, "");
    for own in [
        "name = \"orders.example.com\"",
        "needs = [\"...\"]",
        "\"GET https://orders.example.com/orders\"",
        "\"GET /api/v2/users/me\"",
    ] {
        assert!(run.out.contains(own), "{own}: {}", run.out);
    }
}

#[test]
fn a_ci_reads_how_sure_a_cause_is() {
    let server = says("404 Not Found");
    for format in ["github", "junit", "sarif"] {
        let run = asked("sure", PATHS, &server.origin(), format);
        assert!(
            run.out
                .replace("%2C", ",")
                .contains("endpoint.unknown (possible, not certain)"),
            "{}",
            run.out
        );
    }
}

#[test]
fn a_control_stands_behind_the_base_that_the_endpoints_have() {
    let text = "[[app]]\nname = 'a'\nprovider = 'msgraph'\ntoken-env = 'T'\nkind = 'delegated_work'\nscopes = ['User.Read.All']\nendpoints = ['GET /beta/users']\n";
    let server = guarded();
    asked("base", text, &server.origin(), "json");
    let told = server.told();
    assert!(
        told.iter().any(|text| text.starts_with("GET /beta/me ")),
        "{told:?}"
    );
    let url = "https://graph.microsoft.com/v1.0/users";
    let words = ["check", "GET", url, "--token-env", "T"];
    let plan = [&words[..], &["--probe", "--dry-run"]].concat();
    let run = run_with(&plan, None, &[("T", TOKEN)]);
    assert!(
        run.out.contains("https://graph.microsoft.com/v1.0/me"),
        "{}",
        run.out
    );
    let kind = ["--token-kind", "delegated_work", "-v"];
    let run = run_with(&[&words[..], &kind].concat(), None, &[("T", TOKEN)]);
    assert!(
        run.out.contains("https://graph.microsoft.com/v1.0/me"),
        "{}",
        run.out
    );
}

#[test]
fn a_bearer_token_that_an_own_api_refuses_is_no_id_and_secret() {
    let body = r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401,"contextId":"a"}"#;
    let server = Wire::at("127.0.0.1", move |_| json("401 Unauthorized", "", body));
    let run = asked("own-refusal", OWN, &server.origin(), "human");
    let text = unwrapped(&run.out);
    assert_eq!(run.code, 1, "{text}");
    assert!(!text.contains("login host"), "{text}");
}

#[test]
fn an_app_of_which_nothing_is_decided_says_what_was_not_checked_and_who_holds_what() {
    let text = OWN.replace("scopes = ['orders:read']\n", "");
    let path = manifest("nothing-decided", &text);
    let run = gate(path.to_str().expect("UTF-8"), &[], &[("T", TOKEN)]);
    let told = unwrapped(&run.out);
    assert_eq!(run.code, 3, "{told}");
    assert!(
        told.contains(
            "checked no endpoint is decided. Not checked: the server (--online asks it)."
        ),
        "{told}"
    );
    assert!(
        told.contains("not visible here (what the token was granted)"),
        "{told}"
    );
}

#[test]
fn an_endpoint_of_which_no_source_says_what_it_needs_is_not_undecided_for_a_mistyped_scope() {
    let document = manifest("silent-document", "").with_extension("yaml");
    let paths = "openapi: 3.0.0\ninfo: {title: a, version: '1'}\nservers: [{url: 'https://orders.example.com'}]\ncomponents:\n  securitySchemes:\n    o: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://login.example.com/t', scopes: {'orders:read': r}}}}\npaths:\n  /orders:\n    get: {security: [{o: ['orders:read']}], responses: {'200': {description: ok}}}\n  /health:\n    get: {responses: {'200': {description: ok}}}\n";
    std::fs::write(&document, paths).expect("a document");
    let text = "[[app]]\nname = 'a'\ntables = ['silent-document.yaml']\nkind = 'o'\ntoken-env = 'T'\nscopes = ['orders:reed']\nendpoints = ['GET https://orders.example.com/health']\n";
    let path = manifest("silent", text);
    let run = gate(
        path.to_str().expect("UTF-8"),
        &["--format", "json"],
        &[("T", TOKEN)],
    );
    let endpoint = &run.json()["apps"][0]["endpoints"][0]["offline"];
    let message = endpoint["message"].as_str().expect("a message");
    assert!(
        message.contains("no source says what it needs") && !message.contains("orders:reed"),
        "{message}"
    );
}

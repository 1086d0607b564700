//! What the short answer says: nothing that only resembles, what denies, what there was to look at, and what to do next.

use crate::gate::{TOKEN, gate, manifest};
use crate::program::{Run, run, run_with, unwrapped};
use crate::wire::{Wire, json};

const API: &str = "https://api.mypurecloud.com/api/v2";

fn explained(text: &str, more: &[&str]) -> Run {
    let words = [&["explain", "-"][..], more].concat();
    run_with(&words, Some(text.as_bytes()), &[])
}

fn answer(text: &str) -> String {
    unwrapped(&explained(text, &[]).out)
}

/// A curl command and its answer, as a terminal shows them.
fn exchange(url: &str, status: u16, body: &str) -> String {
    format!(
        "$ curl -i {url} -H 'Authorization: Bearer {TOKEN}'\nHTTP/2 {status}\ncontent-type: application/json\n\n{body}\n"
    )
}

#[test]
fn a_persons_words_about_something_else_are_no_cause() {
    let told = format!("GET {API}/routing/queues returns 401. We rotated the secret yesterday.");
    let run = explained(&told, &["--format", "json"]);
    assert!(
        !run.codes().contains(&"credentials.invalid".to_owned()),
        "{}",
        run.out
    );
    let told = "Hi, our integration stopped working. We get 401 Unauthorized on every call, even /users/me. Our admin rotated the OAuth client secret last night.";
    let text = answer(told);
    assert!(!text.contains("Words that such answers use"), "{text}");
    assert!(!text.contains("the answer: Hi"), "{text}");
    // What the vendor publishes goes before what a person tells.
    let told = format!(
        "POST {API}/conversations/messaging answers 403 for us. The token expired last week, we got a new one."
    );
    let run = explained(&told, &["--format", "json"]);
    assert_eq!(run.cause().as_deref(), Some("endpoint.unknown"));
}

#[test]
fn beside_a_cause_that_is_shown_nothing_stands_that_words_are_only_like() {
    let record = r#"{"provider":"spotify","request":{"method":"GET","url":"https://api.spotify.com/v1/me/tracks"},"response":{"status":403,"body":"our admin disabled the oauth app of this account"},"granted_scopes":["user-read-email"]}"#;
    let run = explained(record, &["--format", "json"]);
    assert_eq!(run.cause().as_deref(), Some("scope.missing"), "{}", run.out);
    assert!(
        !run.out.contains("Words that such answers use"),
        "{}",
        run.out
    );
}

#[test]
fn a_host_one_letter_off_is_asked_about_whoever_named_the_provider() {
    for host in ["api.mypurecloud.comm", "api.mypurecluod.com"] {
        let url = format!("https://{host}/api/v2/users/me");
        for more in [&[][..], &["--provider", "genesys-cloud"]] {
            let words = [&["check", "GET", &url, "--scope", "users"][..], more].concat();
            let text = unwrapped(&run(&words, None).out);
            let asked = format!("{host}: did you mean api.mypurecloud.com?");
            assert!(text.contains(&asked), "{text}");
            let next = format!("$ why401 check GET {API}/users/me --scope users");
            assert!(text.contains(&next), "{text}");
        }
    }
    // A proxy of one's own is no typing error.
    let words = [
        "check",
        "GET",
        "https://proxy.example.com/api/v2/users/me",
        "--provider",
        "genesys-cloud",
    ];
    assert!(!run(&words, None).out.contains("did you mean"));
}

#[test]
fn what_a_url_lacks_before_its_path_is_said() {
    for (url, meant) in [
        (
            "https://mypurecloud.com/api/v2/users/me",
            "did you mean api.mypurecloud.com?",
        ),
        (
            "https://apps.mypurecloud.de/api/v2/users/me",
            "did you mean api.mypurecloud.de?",
        ),
        (
            "https://api.mypurecloud.com/users/me",
            "Call https://api.mypurecloud.com/api/v2/users/me",
        ),
        (
            "https://api.mypurecloud.com/v2/users/me",
            "Call https://api.mypurecloud.com/api/v2/users/me",
        ),
        (
            "https://api.mypurecloud.com/api/v1/users/me",
            "Call https://api.mypurecloud.com/api/v2/users/me",
        ),
        (
            "https://api.digitalocean.com/droplets",
            "Call https://api.digitalocean.com/v2/droplets",
        ),
    ] {
        let text = unwrapped(&run(&["check", "GET", url, "--scope", "x"], None).out);
        assert!(text.contains(meant), "{url}: {text}");
    }
    // What no beginning repairs gets none.
    let url = "https://api.mypurecloud.com/no/such/path";
    let text = run(&["check", "GET", url, "--scope", "x"], None).out;
    assert!(!text.contains("The published path is"), "{text}");
}

#[test]
fn no_command_names_a_file_that_is_not_there() {
    let url = "https://orders.example.com/orders";
    let text = unwrapped(&run(&["check", "GET", url], None).out);
    assert!(
        text.contains("--table FILE") && !text.contains("openapi.yaml"),
        "{text}"
    );
}

#[test]
fn an_unsigned_token_that_has_expired_is_both() {
    // {"alg":"none"}.{"sub":"1","exp":1516239022}
    let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiZXhwIjoxNTE2MjM5MDIyfQ.";
    let url = "https://orders.example.com/orders";
    for words in [
        &["token"][..],
        &["check", "GET", url],
        &["check", "GET", url, "--format", "markdown"],
    ] {
        let text = unwrapped(&run(words, Some(token)).out);
        assert!(text.contains("is not signed"), "{text}");
        assert!(text.contains("expired at 2018-01-18T01:30:22Z"), "{text}");
    }
}

#[test]
fn an_answer_without_a_token_is_told_in_short() {
    let all = Wire::at("127.0.0.1", |_| json("200 OK", "", "{\"entities\":[]}"));
    let asked = |server: &Wire, path: &str, more: &[&str]| {
        let url = format!("{}{path}", server.origin());
        let fixed = ["check", "GET", &url, "--token-env", "T", "--probe"];
        let run = run_with(&[&fixed[..], more].concat(), None, &[("T", TOKEN)]);
        assert_eq!(run.code, 0, "{}", run.out);
        unwrapped(&run.out)
    };
    let text = asked(&all, "/orders", &[]);
    assert!(text.contains("the operation is open to anyone"), "{text}");
    let own = ["--provider", "genesys-cloud", "--token-kind", "user"];
    let text = asked(&all, "/api/v2/routing/queues", &own);
    assert!(
        text.contains("this server asks nobody for a token"),
        "{text}"
    );
    let asks = Wire::at("127.0.0.1", |text| match text.contains("Bearer ") {
        true => json("200 OK", "", "{\"entities\":[]}"),
        false => json("401 Unauthorized", "", "{}"),
    });
    let text = asked(&asks, "/orders", &[]);
    assert!(!text.contains("Without a token"), "{text}");
}

#[test]
fn a_path_that_nobody_publishes_is_named_beside_a_likelier_cause() {
    let body = r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401}"#;
    let text = answer(&exchange(
        &format!("-X POST {API}/conversations/messaging"),
        401,
        body,
    ));
    assert!(
        text.contains("or endpoint.unknown: this operation is not published"),
        "{text}"
    );
    let call = format!("-X POST {API}/conversations/messaging");
    let out = explained(&exchange(&call, 401, body), &[]).out;
    let rows = out.lines().map(|line| line.chars().count().div_ceil(80));
    assert!(rows.sum::<usize>() <= 12, "{out}");
    let text = answer(&exchange(&format!("{API}/routing/queues"), 401, body));
    assert!(!text.contains("endpoint.unknown"), "{text}");
}

#[test]
fn the_servers_words_stand_beside_what_they_may_mean() {
    let body = r#"{"message":"Token expired","code":"bad.credentials","status":401}"#;
    let text = answer(&exchange(&format!("{API}/routing/queues"), 401, body));
    assert!(
        text.contains(r#"the answer: {"message":"Token expired""#),
        "{text}"
    );
    assert!(
        !text.contains("401 can also mean that the token has expired"),
        "{text}"
    );
}

#[test]
fn a_variable_that_held_no_token_leads() {
    let body = r#"{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401}"#;
    let text = exchange(&format!("{API}/routing/queues"), 401, body);
    let text = text.replace(
        &format!("'Authorization: Bearer {TOKEN}'"),
        "\"Authorization: Bearer $TOKEN\"",
    );
    let told = answer(&text);
    assert!(
        told.contains("because The command takes the token from `$TOKEN`, which was empty"),
        "{told}"
    );
    assert!(told.contains("`%TOKEN%` (cmd.exe)"), "{told}");
}

#[test]
fn a_powershell_position_is_nothing_that_a_server_said() {
    let text = "Invoke-RestMethod : The remote server returned an error: (401) Unauthorized.\nAt C:\\scripts\\sync.ps1:14 char:9\n+ $resp = Invoke-RestMethod -Uri \"https://graph.microsoft.com/v1.0/users\" -Headers $h\n+         ~~~~~~~~~~~~~~~~~~\n    + CategoryInfo          : InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) [Invoke-RestMethod], WebException\n";
    let told = answer(text);
    assert!(
        told.contains("https://graph.microsoft.com/v1.0/users → 401"),
        "{told}"
    );
    assert!(
        !told.contains("scripts") && !told.contains("CategoryInfo"),
        "{told}"
    );
}

#[test]
fn what_is_no_evidence_says_which_command_reads_it() {
    let token =
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNTE2MjM5MDIyfQ.c2lnbmF0dXJlc2lnbmF0dXJl";
    let run = explained(token, &[]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("`why401 token` reads it"), "{}", run.err);
    assert!(!run.err.contains(token), "{}", run.err);
    let typed = run_with(&[token], None, &[]);
    assert_eq!(typed.code, 2);
    assert!(
        typed.err.contains("`why401 token` reads the new one"),
        "{}",
        typed.err
    );
    assert!(!typed.err.contains(&token[..20]), "{}", typed.err);
    let image = run_with(
        &["explain", "-"],
        Some(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        &[],
    );
    assert!(image.err.contains("it is an image"), "{}", image.err);
    let empty = r#"{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}"#;
    let run = explained(empty, &[]);
    assert!(run.err.contains("no request was recorded"), "{}", run.err);
    let run = explained("", &[]);
    assert!(!run.err.contains("found: \n"), "{}", run.err);
}

#[test]
fn the_surest_cause_goes_first_however_many_are_unsure() {
    let unsure = exchange(&format!("{API}/no/such/path"), 404, "{}");
    let other = exchange(&format!("{API}/no/other/path"), 404, "{}");
    let body = r#"{"message":"Unable to perform the requested action. You are missing the following permission(s): routing:queue:view","code":"missing.permissions","status":403}"#;
    let sure = exchange(&format!("{API}/routing/queues"), 403, body);
    let all = format!("{unsure}\n{other}\n{sure}");
    let run = explained(&all, &[]);
    let first = run.out.find("DENIED").map(|at| unwrapped(&run.out[at..]));
    assert!(
        first
            .as_deref()
            .is_some_and(|text| text.contains("/routing/queues → 403: permission.missing (stated")),
        "{}",
        run.out
    );
    let rows: Vec<&str> = run
        .out
        .lines()
        .filter(|line| line.starts_with("    "))
        .collect();
    assert!(rows[0].contains("permission.missing"), "{}", run.out);
}

#[test]
fn the_reply_has_the_servers_own_words() {
    let body = r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401}"#;
    let works = exchange(&format!("{API}/users/me"), 200, "{\"id\":\"1\"}");
    let fails = exchange(&format!("-X POST {API}/conversations/messaging"), 401, body);
    let run = explained(&format!("{works}\n{fails}"), &["--format", "markdown"]);
    let reply = run.out.split("<details>").next().unwrap_or_default();
    assert!(
        reply.contains("endpoint.unknown") && reply.contains("bad.credentials"),
        "{reply}"
    );
}

#[test]
fn a_table_keeps_the_end_of_a_path_and_shows_no_stand_in() {
    let long = exchange(
        &format!("{API}/analytics/queues/observations/<string;8;n61>/with/a/telling/end"),
        404,
        "{}",
    );
    let other = exchange(&format!("{API}/routing/queues"), 403, "{}");
    let out = explained(&format!("{long}\n{other}"), &[]).out;
    let table = out.split("DENIED").next().unwrap_or_default();
    assert!(table.contains("telling/end  "), "{out}");
    let out = explained(&format!("{long}\n{other}"), &["--summary"]).out;
    assert!(!out.contains("n61"), "{out}");
}

#[test]
fn a_token_whose_signature_was_taken_out_has_no_fingerprint() {
    let cleaned = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNTE2MjM5MDIyfQ";
    let view =
        |token: &str| run(&["token", "--format", "json"], Some(token)).diagnosis()["token"].clone();
    assert_eq!(
        view(&format!("{cleaned}.redacted"))["fingerprint"],
        serde_json::Value::Null
    );
    assert_eq!(view(&format!("{cleaned}.redacted"))["claims"]["sub"], "1");
    assert!(view(&format!("{cleaned}.c2lnbmF0dXJl"))["fingerprint"].is_string());
}

#[test]
fn one_request_id_in_two_fields_is_one() {
    let id = "7c0b5b43-aaaa-4bbb-8ccc-0123456789ab";
    let text = exchange(&format!("{API}/routing/queues"), 403, "{}");
    let text = text.replace(
        "content-type",
        &format!("inin-correlation-id: {id}\nx-request-id: {id}\ncontent-type"),
    );
    let run = explained(&text, &["--format", "json"]);
    let codes = run.codes();
    let ids = codes.iter().filter(|code| *code == "note.correlation");
    assert_eq!(ids.count(), 1, "{}", run.out);
}

#[test]
fn a_certainty_names_only_what_there_was() {
    let url = "https://api.spotify.com/v1/me/tracks";
    let typed = run(&["check", "GET", url, "--scope", "user-read-email"], None).out;
    let typed = unwrapped(&typed);
    assert!(
        typed.contains("(derived from the table and the scopes given)"),
        "{typed}"
    );
    let kind = [
        "check",
        "GET",
        "https://api.mypurecloud.com/api/v2/users/me",
        "--token-kind",
        "user",
        "-v",
    ];
    let out = run(&kind, None).out;
    assert!(out.contains("token    not given · kind user"), "{out}");
    let text = "[[app]]\nname = 'a'\nprovider = 'spotify'\ntoken-env = 'T'\nscopes = ['user-read-email']\nendpoints = ['GET /v1/me/tracks']\n";
    let path = manifest("certainty", text);
    let path = path.to_str().expect("UTF-8");
    for format in ["human", "github", "junit"] {
        let run = gate(path, &["--format", format], &[("T", TOKEN)]);
        assert!(
            run.out.contains("derived from manifest and table"),
            "{}",
            run.out
        );
    }
}

#[test]
fn a_list_that_a_person_typed_proves_nothing_about_the_token() {
    let works = exchange(&format!("{API}/users/me"), 200, "{\"id\":\"1\"}");
    let fails = exchange(&format!("{API}/routing/queues"), 403, "{}");
    let more = [
        "--scope",
        "conversations",
        "--token-kind",
        "user",
        "--entry",
        "2",
    ];
    let text = unwrapped(&explained(&format!("{works}\n{fails}"), &more).out);
    assert!(!text.contains("Scopes are not checked"), "{text}");
    assert!(
        text.contains("The scopes given are not all that the token has"),
        "{text}"
    );
}

#[test]
fn endpoints_of_two_providers_are_two_answers() {
    let words = [
        "needs",
        "GET",
        "https://api.mypurecloud.com/api/v2/users/me",
        "GET",
        "https://api.github.com/user",
    ];
    let run = run(&words, None);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(
        run.out
            .contains("why401 needs GET https://api.github.com/user"),
        "{}",
        run.out
    );
    let json = crate::program::run(&[&words[..], &["--format", "json"]].concat(), None).json();
    assert_eq!(json["others"], serde_json::json!(["github"]));
    let script = crate::program::run(&[&words[..], &["--scopes-only"]].concat(), None);
    assert!(script.err.contains("github"), "{}", script.err);
}

#[test]
fn a_search_without_a_hit_says_what_to_try() {
    let out = unwrapped(&run(&["tables", "search", "zzzz"], None).out);
    assert!(
        out.contains("Try fewer words") && out.contains("why401 tables list"),
        "{out}"
    );
}

#[test]
fn a_region_is_known_by_its_domain_too() {
    let url = "https://api.mypurecloud.com/api/v2/users/me";
    for (region, code) in [
        ("eu-central-1", 0),
        ("mypurecloud.de", 0),
        ("api.mypurecloud.de", 0),
        ("frankfurt", 2),
        ("mypurecloud.example", 2),
    ] {
        let words = [
            "check",
            "GET",
            url,
            "--regions",
            region,
            "--probe",
            "--dry-run",
        ];
        let run = run(&words, None);
        assert_eq!(run.code, code, "{region}: {}{}", run.out, run.err);
        assert_eq!(
            run.err.contains("its regions: ap-northeast-1"),
            code == 2,
            "{}",
            run.err
        );
    }
    let text = "[[app]]\nname = 'a'\nprovider = 'genesys-cloud'\nregion = 'mypurecloud.de'\nkind = 'user'\nscopes = ['users']\nendpoints = ['GET /api/v2/users/me']\n";
    let path = manifest("domain", text);
    let run = gate(path.to_str().expect("UTF-8"), &[], &[]);
    assert!(
        run.out.contains("did you mean `eu-central-1`?"),
        "{}",
        run.out
    );
}

#[test]
fn an_option_that_writes_a_file_is_named_where_it_is() {
    let run = run(&["scrub", "--output", "x", "README.md"], None);
    assert!(run.err.contains("did you mean --out?"), "{}", run.err);
}

#[test]
fn a_list_of_operations_names_what_denies() {
    let words = [
        "tables",
        "open",
        "totp",
        "--scope",
        "users",
        "--provider",
        "genesys-cloud",
    ];
    let out = run(&words, None).out;
    let line = out
        .lines()
        .find(|line| line.contains("POST /api/v2/users/me/verifiers/totp "));
    assert!(
        line.is_some_and(|line| line.ends_with("scope.missing (possible)")),
        "{out}"
    );
}

#[test]
fn another_kind_of_token_is_told_in_a_sentence() {
    let url = format!("{API}/routing/queues");
    let token = "an-opaque-token-0123456789";
    let out = run(&["check", "GET", &url, "-v"], Some(token)).out;
    let text = unwrapped(&out);
    assert!(!text.contains("Otherwise:"), "{text}");
}

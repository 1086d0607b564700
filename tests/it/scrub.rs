//! `scrub`: only what is known to be harmless is left, and the evidence still tells its cause.

use crate::program::{Run, run};
use serde_json::json;

/// A secret by its form, and one that a person would choose.
const SECRETS: [&str; 3] = ["kD83hdKq-83hd_oaue8XyZ0987", "Tr0ub4dor&3", "73019284"];

fn scrub(input: &str) -> Run {
    run(&["scrub", "-"], Some(input))
}

/// A HAR with one entry: the members of its request and of its answer beside what every entry has.
fn har(request: &serde_json::Value, response: &serde_json::Value) -> String {
    let mut entry = json!({
        "startedDateTime": "2026-01-01T00:00:00.000Z", "time": 1, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0},
        "request": {"method": "GET", "url": "https://api.example/v1/users", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "queryString": [], "headersSize": -1, "bodySize": -1},
        "response": {"status": 401, "statusText": "Unauthorized", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": -1, "content": {"size": 0, "mimeType": "application/json"}},
    });
    for (part, more) in [("request", request), ("response", response)] {
        for (name, value) in more.as_object().into_iter().flatten() {
            entry[part][name] = value.clone();
        }
    }
    json!({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": [entry]}}).to_string()
}

fn transcript(line: &str) -> String {
    format!(
        "> GET /v1/users HTTP/1.1\n> Host: api.example\n> {line}\n> \n< HTTP/1.1 401 Unauthorized\n< {line}\n< \n{{\"error\":\"invalid_token\"}}\n"
    )
}

/// Asserts that nothing of a secret is left, in no output.
fn gone(secret: &str, input: &str) -> Run {
    let run = scrub(input);
    assert!(
        run.code == 0 || run.code == 2 && run.out.is_empty(),
        "{input}\n{}",
        run.err
    );
    assert!(
        !run.out.contains(secret) && !run.err.contains(secret),
        "{input}\n{}",
        run.out
    );
    run
}

/// Every found place as a test of its own.
macro_rules! places {
    ($($name:ident: $input:expr;)*) => {
        $(#[test]
        fn $name() {
            for secret in SECRETS {
                let of: fn(&str) -> String = $input;
                gone(secret, &of(secret));
            }
        })*
    };
}

fn member(name: &str, secret: &str) -> String {
    har(
        &json!({"postData": {"mimeType": "application/json", "text": json!({name: secret}).to_string()}}),
        &json!({"content": {"mimeType": "application/json", "text": json!({name: secret, "error": "invalid_token"}).to_string()}}),
    )
}

places! {
    pwd_goes: |s| member("pwd", s);
    pass_goes: |s| member("pass", s);
    otp_goes: |s| member("otp", s);
    access_key_goes: |s| member("access_key", s);
    a_member_of_any_name_goes: |s| member("favourite", s);
    phpsessid_goes: |s| transcript(&format!("Cookie: PHPSESSID={s}"));
    x_auth_key_goes: |s| transcript(&format!("X-Auth-Key: {s}"));
    x_functions_key_goes: |s| transcript(&format!("X-Functions-Key: {s}"));
    dd_application_key_goes: |s| transcript(&format!("DD-APPLICATION-KEY: {s}"));
    cb_access_passphrase_goes: |s| transcript(&format!("CB-ACCESS-PASSPHRASE: {s}"));
    a_header_of_any_name_goes: |s| transcript(&format!("X-Colour: {s}"));
    a_webhook_path_goes: |s| har(&json!({"url": format!("https://hooks.example/services/T{s}/B{s}/{s}")}), &json!({}));
    jsessionid_in_a_path_goes: |s| har(&json!({"url": format!("https://api.example/v1/users;jsessionid={s}?a=1")}), &json!({}));
    members_beside_a_name_and_a_value_go: |s| har(&json!({"headers": [{"name": "Accept", "value": "*/*", "comment": s, "_raw": {"x": s}}]}), &json!({}));
    everything_under_claims_goes: |s| json!({"token": {"kind": "jwt", "claims": {"iss": "https://i.example", "sub": s, "department": s, "address": {"street": s}, "list": [s]}}, "response": {"status": 401}}).to_string();
    the_second_cookie_of_a_joined_set_cookie_goes: |s| transcript(&format!("Set-Cookie: a={s}; Path=/, b={s}; HttpOnly"));
    joined_short_options_of_curl_go: |s| format!("curl -sSu 'bob:{s}' https://api.example/v1/users");
    the_option_pass_goes: |s| format!("curl --pass '{s}' --cert 'client.pem:{s}' https://api.example/v1/users");
    the_option_of_httpie_goes: |s| format!("http -a 'bob:{s}' GET https://api.example/v1/users");
    powershell_headers_go: |s| format!("Invoke-RestMethod -Uri https://api.example/v1/users -Headers @{{ 'X-Api-Key' = '{s}'; Authorization = 'Bearer {s}' }}");
    a_base64_body_goes: |s| { use base64::Engine as _; har(&json!({}), &json!({"content": {"encoding": "base64", "text": base64::engine::general_purpose::STANDARD.encode(format!("{{\"x\":\"{s}\"}}"))}})) };
    a_base64_body_in_the_other_alphabet_goes: |s| { use base64::Engine as _; har(&json!({}), &json!({"content": {"encoding": "base64", "text": base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{{\"x\":\"{s}???>>>\"}}"))}})) };
    a_body_in_an_unknown_encoding_goes: |s| har(&json!({}), &json!({"content": {"encoding": "hex", "text": s}}));
    a_numeric_secret_goes: |s| { let digits: String = s.bytes().map(|b| char::from(b'0' + b % 10)).collect(); member("pin", &digits) };
    a_secret_as_a_key_goes: |s| har(&json!({}), &json!({"content": {"mimeType": "application/json", "text": json!({"sessions": {s: true}}).to_string()}}));
    a_pem_block_over_lines_goes: |s| format!("Error: cannot sign\n-----BEGIN PRIVATE KEY-----\n{s}\n{s}\n-----END PRIVATE KEY-----\n");
    a_nested_percent_encoded_url_goes: |s| har(&json!({"url": format!("https://api.example/v1/users?next=https%3A%2F%2Fx%2F%3Ftoken%3D{}", s.replace('&', "%2526"))}), &json!({}));
    user_information_of_a_url_goes: |s| transcript(&format!("Referer: https://bob:{}@api.example/", s.replace('&', "%26")));
    a_hidden_field_of_a_form_goes: |s| har(&json!({}), &json!({"content": {"mimeType": "text/html", "text": format!("<html><form><input type='hidden' name='csrf' value=\"{s}\"><script>var t = '{s}';</script></form></html>")}}));
    an_element_of_xml_goes: |s| har(&json!({}), &json!({"content": {"mimeType": "text/xml", "text": format!("<?xml version='1.0'?><Error><Code>AccessDenied</Code><Key>{}</Key></Error>", s.replace('&', "&amp;"))}}));
    a_field_of_a_multipart_form_goes: |s| har(&json!({"postData": {"mimeType": "multipart/form-data", "text": format!("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{s}\r\n--b--\r\n")}}), &json!({}));
    a_har_that_is_cut_goes: |s| { let whole = member("favourite", s); whole[..whole.len() - 30].to_owned() };
    a_har_with_a_raw_tab_goes: |s| member("favourite", s).replacen("Unauthorized", "Un\tauthorized", 1);
    a_har_with_a_lone_surrogate_goes: |s| member("favourite", s).replacen("Unauthorized", "\\ud800", 1);
    a_har_that_is_nested_deep_goes: |s| member("favourite", s).replacen("\"cache\":{}", &format!("\"cache\":{}{}", "[".repeat(400), "]".repeat(400)), 1);
    a_user_of_an_access_log_goes: |s| format!("203.0.113.7 - {s} [10/Oct/2026:13:55:36 +0000] \"GET /v1/users?k={s} HTTP/1.1\" 401 128 \"https://x/?{s}\" \"curl/8\"\n").replace("Tr0ub4dor&3", "Tr0ub4dor3");
    a_member_of_a_python_dict_goes: |s| format!("payload = {{'name': 'a', 'address': '{s}', 'message': 'Token expired'}}\n401 Unauthorized\n");
    a_member_of_a_javascript_object_goes: |s| format!("AxiosError: Request failed with status code 401 {{\n  config: {{\n    method: 'post',\n    address: '{s}'\n  }},\n  response: {{ status: 401, data: {{ message: 'no' }} }}\n}}\n");
    a_body_in_a_javascript_object_goes: |s| format!("AxiosError: Request failed with status code 401 {{\n  config: {{\n    method: 'post',\n    data: '{{\"text\":\"{s}\"}}'\n  }}\n}}\n");
    a_body_below_its_heading_goes: |s| format!("POST https://api.example/v1/users\n401\nRequest Body\n{{\n    \"text\": \"{s}\"\n}}\nResponse Body\n{{\n    \"message\": \"no\"\n}}\n");
    a_text_below_the_heading_of_a_body_goes: |s| format!("POST https://api.example/v1/users\n401\nRequest Payload\n{s}\nResponse Headers\nContent-Type: text/plain\n");
    a_member_of_a_log_line_goes: |s| json!({"status": 401, "path": "/v1/users", "method": "GET", "context": {"k": s}, "tag_list": [s]}).to_string();
}

#[test]
fn who_is_logged_in_goes_from_prompts_and_sentences() {
    let text = "jane.miller@laptop-miller:~/work$ uses: actions/checkout@v4\n401 Forbidden for user jane.miller of api.example.com\nuser ana.kim\nuser api.example.com\nlogin j.van.lee\n";
    let cleaned = scrub(text).out;
    for name in ["jane", "miller", "ana", "kim", "lee"] {
        assert!(!cleaned.contains(name), "{cleaned}");
    }
    for kept in ["of api.example.com", "user api.example.com", "checkout@v4"] {
        assert!(cleaned.contains(kept), "{kept}: {cleaned}");
    }
    let kept = run(&["scrub", "-", "--keep", "personal"], Some(text)).out;
    assert!(
        kept.contains("user jane.miller") && kept.contains("jane.miller@laptop-miller"),
        "{kept}"
    );
}

#[test]
fn personal_data_goes_and_stays_when_asked_for() {
    let text = "HTTP/1.1 403 Forbidden\n\n{\"message\":\"User 'alice.example' (alice@example.org, +49 30 1234567, 203.0.113.9) lacks the scope\"}\n";
    let cleaned = scrub(text).out;
    for part in ["alice", "1234567", "203.0.113.9"] {
        assert!(!cleaned.contains(part), "{cleaned}");
    }
    assert!(
        cleaned.contains("lacks the scope") && cleaned.contains("<email;"),
        "{cleaned}"
    );
    let kept = run(&["scrub", "-", "--keep", "personal"], Some(text));
    assert!(
        kept.out.contains("alice@example.org") && kept.out.contains("203.0.113.9"),
        "{}",
        kept.out
    );
    assert!(kept.err.contains("personal data"), "{}", kept.err);
}

#[test]
fn what_is_kept_beyond_the_list_is_named_and_told() {
    let text = transcript("X-Colour: blue lagoon");
    assert!(!scrub(&text).out.contains("lagoon"));
    let kept = run(&["scrub", "-", "--keep", "x-colour"], Some(&text));
    assert!(kept.out.contains("X-Colour: blue lagoon"), "{}", kept.out);
    assert!(
        kept.err.contains("kept because of --keep") && kept.err.contains("2 × x-colour"),
        "{}",
        kept.err
    );
}

#[test]
fn removals_are_grouped_and_an_id_that_support_needs_is_named() {
    let text = transcript("X-Request-Id: 0f3a9c71-55aa-4c01-9d1e-71b2c3d4e5f6");
    let run = run(&["scrub", "-"], Some(&text));
    let lines: Vec<&str> = run.err.lines().collect();
    assert!(
        lines[0].contains("values replaced by stand-ins"),
        "{}",
        run.err
    );
    let headers: Vec<&&str> = lines
        .iter()
        .filter(|line| line.contains("header"))
        .collect();
    assert_eq!(headers.len(), 1, "one line for all headers: {}", run.err);
    assert!(headers[0].contains("x-request-id 2"), "{}", run.err);
    assert!(run.err.contains("--keep x-request-id"), "{}", run.err);
    let without = scrub(&transcript("X-Colour: blue lagoon"));
    assert!(!without.err.contains("--keep"), "{}", without.err);
}

#[test]
fn what_a_diagnosis_reads_stays() {
    let text = "> GET /api/v2/users/me HTTP/1.1\n> Host: api.mypurecloud.com\n> Authorization: Bearer kD83hdKq-83hd_oaue8XyZ\n> \n< HTTP/1.1 403 Forbidden\n< Date: Tue, 01 Jan 2026 00:00:00 GMT\n< WWW-Authenticate: Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"users:view\"\n< X-RateLimit-Remaining: 0\n< \n{\"code\":\"not.authorized\",\"status\":403,\"message\":\"You are missing users:view\",\"contextId\":\"7f3e\"}\n";
    let out = scrub(text).out;
    for kept in [
        "GET /api/v2/users/me HTTP/1.1",
        "Host: api.mypurecloud.com",
        "Authorization: Bearer <opaque;up-to-32;",
        "Tue, 01 Jan 2026 00:00:00 GMT",
        "error=\"insufficient_scope\", scope=\"users:view\"",
        "X-RateLimit-Remaining: 0",
        "not.authorized",
        "\"status\":403",
        "You are missing users:view",
    ] {
        assert!(out.contains(kept), "{kept}: {out}");
    }
    assert!(!out.contains("7f3e"), "{out}");
}

#[test]
fn equal_values_stay_equal_and_no_value_can_be_guessed_from_its_stand_in() {
    let text = |pin: &str| {
        json!({"request": {"method": "GET", "headers": {"X-A": pin, "X-B": pin, "X-C": "other-9"}}, "response": {"status": 401}}).to_string()
    };
    let out: serde_json::Value = serde_json::from_str(&scrub(&text("4711")).out).expect("a record");
    let headers = &out["request"]["headers"];
    assert_eq!(headers["X-A"], headers["X-B"]);
    assert_ne!(headers["X-A"], headers["X-C"]);
    // Nothing of the value but its type goes into the stand-in.
    assert_eq!(scrub(&text("4711")).out, scrub(&text("1147")).out);
}

#[test]
fn the_input_is_never_overwritten() {
    let folder = std::env::temp_dir().join(format!("why401-scrub-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("a.txt");
    std::fs::write(
        &file,
        format!(
            "> GET / HTTP/1.1\n> Authorization: Bearer {}\n> \n",
            SECRETS[0]
        ),
    )
    .expect("written");
    let name = file.to_str().expect("UTF-8");
    let refused = run(&["scrub", name, "-o", name], None);
    assert_eq!(refused.code, 2);
    assert!(
        std::fs::read_to_string(&file)
            .expect("still there")
            .contains(SECRETS[0])
    );
    let out = folder.join("b.txt");
    let done = run(&["scrub", name, "-o", out.to_str().expect("UTF-8")], None);
    assert_eq!((done.code, done.out.as_str()), (0, ""));
    assert!(
        !std::fs::read_to_string(&out)
            .expect("written")
            .contains(SECRETS[0])
    );
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn an_answer_behind_a_command_stays_and_cleaning_again_changes_nothing() {
    let said = "{\"errors\":[\"missing client token\"]}";
    for command in [
        "curl -H 'Authorization: Bearer kD83hdKq-83hd_oaue8XyZ0987' https://api.example/v1/users",
        "curl --request POST \\\n>  --data '{\"jwt\": \"'\"$TOKEN\"'\"}' \\\n>  $ADDR/v1/auth/login",
    ] {
        let once = gone(SECRETS[0], &format!("{command}\n{said}\n"));
        assert!(once.out.contains("missing client token"), "{}", once.out);
        assert_eq!(scrub(&once.out).out, once.out);
    }
}

#[test]
fn what_could_not_be_written_is_not_called_replaced() {
    let folder = std::env::temp_dir().join(format!("why401-own-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("ticket.har");
    std::fs::copy("fixtures/inputs/ticket.har", &path).expect("copied");
    let path = path.to_str().expect("UTF-8");
    let run = run(&["scrub", path, "-o", path], None);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .starts_with("error: the result would overwrite its own input"),
        "{}",
        run.err
    );
}

/// A mail with a transcript in it.
fn mail(body: &str) -> String {
    format!(
        "From: Jane Doe <jane@customer.example>\nTo: support@vendor.example\n\nHi team,\n\nthe token works, users/me is fine!\n\nOn Tue, Nov 24, 2026 at 4:12 PM Support <support@vendor.example> wrote:\n> Please run it again.\n\n{body}\n"
    )
}

#[test]
fn a_variable_in_place_of_a_credential_is_kept_and_a_secret_beside_it_is_not() {
    let url = "https://api.example.com/v1/users";
    for kept in ["$TOKEN", "${TOKEN}", "%TOKEN%", "$env:TOKEN", "{{token}}"] {
        let text = format!("curl -v -i {url} -H \"Authorization: Bearer {kept}\"\n");
        let out = scrub(&text).out;
        assert!(
            out.contains(&format!("Authorization: Bearer {kept}")),
            "{out}"
        );
        assert!(out.starts_with("curl -v -i "), "{out}");
    }
    for secret in SECRETS {
        gone(
            secret,
            &format!("curl {url} -H \"Authorization: Bearer {secret} $TOKEN\"\n"),
        );
        gone(
            secret,
            &format!("curl {url} -H \"X-Api-Key: ${{A}}{secret}\"\n"),
        );
        gone(
            secret,
            &format!("curl {url} -H \"X-Api-Key: $(print '{secret}' $B)\"\n"),
        );
        gone(
            secret,
            &format!("curl -v{secret} {url} -H \"X-{secret}: $B\"\n"),
        );
    }
    gone(
        "Tr0ub4dor3",
        &format!("curl {url} -H \"Authorization: Bearer $Tr0ub4dor3\"\n"),
    );
}

#[test]
fn a_name_to_keep_is_found_in_every_form_of_evidence() {
    let id = "0f3a9c71-55aa-4c01-9d1e-71b2c3d4e5f6";
    let line = format!("inin-correlation-id: {id}");
    let log = json!({"status": 401, "path": "/v1/users", "inin-correlation-id": id}).to_string();
    let forms = [
        ("a transcript", transcript(&line), true),
        (
            "a mail",
            mail(&format!("> < HTTP/2 403\n> < {line}\n> <\n")),
            true,
        ),
        (
            "a header by itself",
            format!("we got a 401\n{line}\n"),
            true,
        ),
        (
            "a HAR",
            har(
                &json!({}),
                &json!({"headers": [{"name": "inin-correlation-id", "value": id}]}),
            ),
            true,
        ),
        (
            "a sentence",
            format!("We got 401 with {line} today.\n"),
            false,
        ),
        ("a line of a log", log, false),
    ];
    for (name, text, hinted) in forms {
        let without = scrub(&text);
        assert!(!without.out.contains(id), "{name}: {}", without.out);
        let hint = without.err.contains("--keep") && without.err.contains("inin-correlation-id");
        assert!(hint || !hinted, "{name}: {}", without.err);
        let kept = run(
            &["scrub", "-", "--keep", "inin-correlation-id"],
            Some(&text),
        );
        assert!(kept.out.contains(id), "{name}: {}", kept.out);
        assert!(!kept.err.contains("kept nothing"), "{name}: {}", kept.err);
    }
}

#[test]
fn roles_and_times_are_no_names_and_sentences_are_to_be_read() {
    let run = scrub(&mail("Cheers\nJane"));
    for kept in ["users/me is fine!", "at 4:12 PM Support <"] {
        assert!(run.out.contains(kept), "{}", run.out);
    }
    assert!(!run.out.contains("Jane"), "{}", run.out);
    gone(
        "jdoe.smith",
        "the user users/jdoe.smith is refused with 403\n",
    );
    let error = "Invoke-RestMethod : The remote server returned an error: (401) Unauthorized.\n";
    assert!(scrub(error).err.contains("Read it before"), "{}", run.err);
    let bare = scrub(&transcript("Accept: */*"));
    assert!(!bare.err.contains("Read it before"), "{}", bare.err);
}

#[test]
fn who_reads_scrubbed_evidence_is_not_asked_for_its_token() {
    let call = |credential: &str| {
        format!(
            "> POST /api/v2/conversations/messages HTTP/1.1\n> Host: api.mypurecloud.ie\n> Authorization: Bearer {credential}\n> \n< HTTP/1.1 403 Forbidden\n< Content-Type: application/json\n< \n{{\"message\":\"Unable to perform the requested action. You are missing the following permission(s): conversation:message:create\",\"code\":\"missing.any.permissions\",\"status\":403}}\n"
        )
    };
    let clean = scrub(&call(SECRETS[0])).out;
    let told = run(&["explain", "-"], Some(&clean)).out;
    assert!(!told.contains("--token-file"), "{told}");
    assert!(told.contains("To tell them apart: Admin > Roles"), "{told}");
    let whole = run(&["explain", "-", "-v"], Some(&clean)).out;
    assert!(whole.contains("Whoever has it can compare"), "{whole}");
    // A gateway's log hides the token from its own reader too, who may have it.
    let hidden = run(&["explain", "-"], Some(&call("<redacted>"))).out;
    assert!(hidden.contains("--token-file token.txt"), "{hidden}");
}

#[test]
fn a_body_whose_lines_are_marked_is_one_body_and_ends_with_its_message() {
    let text = "< HTTP/1.1 403 Forbidden\n< {\n<   \"message\": \"Invalid access to Org: 0\",\n<   \"list\": [\n<     \"Tr0ub4dor&3\"\n<   ]\n< }\n> GET /v1/users HTTP/1.1\n> Host: api.example\n";
    let out = gone(SECRETS[1], text).out;
    assert!(
        out.contains("<   \"message\": \"Invalid access to Org: 0\""),
        "{out}"
    );
    assert!(
        out.contains("\n> GET /v1/users HTTP/1.1\n> Host: api.example\n"),
        "{out}"
    );
}

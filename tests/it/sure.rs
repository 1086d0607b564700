//! Nothing is told surer than it is known: what a status alone means, what nobody recorded, what a person says.

use crate::program::{Run, run, run_with, unwrapped};
use crate::simulator::{Org, Simulator};

const TOKEN: &str = "sim-token-0123456789abcdef";

/// What `explain` makes of a text that is piped in.
fn told(text: &str, more: &[&str]) -> Run {
    let words = [&["explain", "-"][..], more].concat();
    run_with(&words, Some(text.as_bytes()), &[])
}

fn short(text: &str) -> String {
    unwrapped(&told(text, &[]).out)
}

fn as_json(text: &str) -> Run {
    told(text, &["--format", "json"])
}

#[test]
fn a_path_that_is_answered_404_like_an_invented_one_may_be_hidden_until_a_control_accepts_the_token()
 {
    let server = Simulator::start(Org::default());
    let url = format!("{}/no/such", server.origin);
    let control = format!("GET {}/api/v2/users/me", server.origin);
    let ask = |more: &[&str]| {
        let words = [&["check", "GET", &url, "--probe"][..], more].concat();
        run_with(&words, None, &[("WHY401_TOKEN", TOKEN)])
    };
    let certainty = |more: &[&str]| {
        let run = ask(&[&["--format", "json"][..], more].concat());
        let cause = run.diagnosis()["cause"].clone();
        assert_eq!(cause["code"], "endpoint.unknown", "{}", run.out);
        cause["certainty"].as_str().map(str::to_owned)
    };
    assert_eq!(certainty(&[]).as_deref(), Some("possible"));
    assert_eq!(
        certainty(&["--control", &control]).as_deref(),
        Some("derived")
    );
    let alone = unwrapped(&ask(&[]).out);
    assert!(alone.contains("or hides it"), "{alone}");
    assert!(alone.contains("--control 'METHOD URL'"), "{alone}");
}

#[test]
fn words_of_any_sentence_are_no_evidence_and_a_persons_words_are_not_the_servers() {
    let text = "The token works on GET https://api.example.com/me, but POST https://api.example.com/things answers 401";
    let shown = short(text);
    for filler in ["*but*", "*token*", "seen words"] {
        assert!(!shown.contains(filler), "{shown}");
    }
    let body = r#"{"request":{"url":"https://api.example.com/a"},"response":{"status":403,"body":"to the following of this account on your behalf it was not permitted"}}"#;
    let whole = told(body, &["-v"]).out;
    for filler in ["*to*", "*the*", "*of*", "*following*", "*it*"] {
        assert!(!whole.contains(filler), "{whole}");
    }
}

#[test]
fn an_options_request_is_a_browsers_only_where_a_browser_shows() {
    let answer = "< HTTP/1.1 401 Unauthorized\n<\nUnauthorized\n";
    let sent = |more: &str| {
        let text =
            format!("> OPTIONS /v1/keys HTTP/1.1\n> Host: api.example.com\n{more}>\n{answer}");
        let run = as_json(&text);
        let cause = run.diagnosis()["cause"].clone();
        assert_eq!(cause["code"], "cors.preflight", "{}", run.out);
        (cause["certainty"].clone(), short(&text))
    };
    let (sure, by_curl) = sent("> User-Agent: curl/8.4.0\n> Accept: */*\n");
    assert_eq!(sure, "possible");
    assert!(
        !by_curl.contains("OPTIONS, the browser's preflight"),
        "{by_curl}"
    );
    let (sure, _) = sent("> Origin: https://app.example\n> Access-Control-Request-Method: GET\n");
    assert_eq!(sure, "derived");
}

#[test]
fn a_call_that_the_browser_kept_back_is_no_second_refusal() {
    let text = "Access to fetch at 'https://api.mypurecloud.com/api/v2/routing/queues' from origin 'http://localhost:3000' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: It does not have HTTP ok status.\nGET https://api.mypurecloud.com/api/v2/routing/queues net::ERR_FAILED 401 (Unauthorized)\n";
    let all = as_json(text).json();
    let all = all["diagnoses"].as_array().expect("a list").clone();
    let methods: Vec<&str> = all
        .iter()
        .filter_map(|own| own["subject"]["method"].as_str())
        .collect();
    assert_eq!(methods, ["OPTIONS"]);
    let shown = short(text);
    assert!(!shown.contains("Let the server answer OPTIONS"), "{shown}");
    assert!(shown.contains("from a server of your own"), "{shown}");
}

#[test]
fn what_a_status_alone_may_mean_has_no_likeliest_cause() {
    for text in [
        "Error: Request failed with status code 401",
        "Invoke-RestMethod : The remote server returned an error: (401) Unauthorized.\n+ $resp = Invoke-RestMethod -Uri \"https://graph.microsoft.com/v1.0/users\" -Headers $h",
    ] {
        let shown = short(text);
        assert!(shown.contains("the cause is undecided"), "{shown}");
        assert!(shown.contains("could be token."), "{shown}");
        assert!(!shown.contains(" fix "), "{shown}");
        let reply = told(text, &["--format", "markdown"]).out;
        assert!(!reply.contains("likeliest"), "{reply}");
        assert!(reply.contains("It could be: "), "{reply}");
    }
    // A word that names a cause is more than a status.
    let shown = short("HTTP/1.1 401 Unauthorized\n\n{\"error\":\"the token has expired\"}\n");
    assert!(!shown.contains("undecided"), "{shown}");
}

#[test]
fn a_reply_names_the_file_and_not_its_folder() {
    let folder = std::env::temp_dir().join("why401-customers-of-mine");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("case.txt");
    std::fs::write(&file, "Error: Request failed with status code 401\n").expect("written");
    let file = file.to_str().expect("UTF-8");
    for format in ["markdown", "human"] {
        let out = run(&["explain", file, "--format", format], None).out;
        assert!(
            out.contains("case.txt") && !out.contains("customers-of-mine"),
            "{out}"
        );
    }
}

#[test]
fn a_permission_that_the_server_names_is_in_the_reason_and_the_next_step_is_about_it() {
    let text = "> POST /api/v2/conversations/messages HTTP/2\n> Host: api.mypurecloud.ie\n>\n< HTTP/2 403\n< content-type: application/json\n<\n{\"message\":\"Unable to perform the requested action. You are missing the following permission(s): conversation:message:create\",\"code\":\"missing.any.permissions\",\"status\":403}\n";
    let shown = short(text);
    let reason = shown.split("because").nth(1).unwrap_or_default();
    let reason = reason.split(" fix ").next().unwrap_or_default();
    assert!(reason.contains("`conversation:message:create`"), "{shown}");
    assert!(!shown.contains("tokens/me"), "{shown}");
}

#[test]
fn a_token_that_the_server_calls_expired_is_not_sent_to_another_region() {
    let said = |message: &str| {
        short(&format!(
            "--> GET https://api.mypurecloud.com/api/v2/routing/queues http/1.1\n--> END GET\n<-- 401 Unauthorized https://api.mypurecloud.com/api/v2/routing/queues (212ms)\ncontent-type: application/json\n\n{{\"message\":\"{message}\",\"code\":\"bad.credentials\",\"status\":401}}\n<-- END HTTP\n"
        ))
    };
    assert!(!said("Token expired").contains("--regions"));
    assert!(said("Invalid login credentials.").contains("--regions"));
}

#[test]
fn what_is_no_request_is_not_told_as_one() {
    let subject = |text: &str| as_json(text).diagnosis()["subject"].clone();
    let audience = "Microsoft.IdentityModel.Tokens.SecurityTokenInvalidAudienceException: IDX10214: Audience validation failed. Audiences: 'https://localhost:44340/resources'. Did not match: validationParameters.ValidAudience: 'api1'";
    assert!(subject(audience)["url"].is_null(), "{}", subject(audience));
    // The access line tells what the server answered itself.
    let upstream = "203.0.113.6 - - [15/Jun/2017:19:26:54 +0000] \"GET /api/users/me/ HTTP/1.1\" 501 0 \"-\" \"x/1\"\n19:27:17 INFO error {\"statusCode\":403,\"error\":\"Forbidden\",\"message\":\"Insufficient scope, expected any of: read:users\",\"errorCode\":\"insufficient_scope\"}\n";
    assert!(subject(upstream)["url"].is_null(), "{}", subject(upstream));
    assert_eq!(subject(upstream)["status"], 403);
    // A method that nobody recorded is not told; where a row was chosen by one, it is said to be assumed.
    let failed = "Operation failed. url=http://server.example/job/a/build, status=403, text=b'No valid crumb was included in the request'";
    assert!(subject(failed)["method"].is_null(), "{}", subject(failed));
    assert!(!short(failed).contains("GET"), "{}", short(failed));
    let published = "Error: 401 for url: https://graph.microsoft.com/v1.0/users";
    assert!(
        short(published).contains("GET (assumed) https://graph"),
        "{}",
        short(published)
    );
}

#[test]
fn a_call_that_a_person_says_works_is_told_as_reported_and_rules_no_scope_out() {
    let claims = r#"{"sub":"x","scope":"conversations","exp":4102444800}"#;
    let file = std::env::temp_dir().join("why401-sure-claims.json");
    std::fs::write(&file, claims).expect("written");
    let file = file.to_str().expect("UTF-8");
    let text = "My token works on GET https://api.mypurecloud.com/api/v2/users/me but GET https://api.mypurecloud.com/api/v2/routing/queues returns 403.";
    let run = told(text, &["--claims", file, "--token-kind", "user", "-v"]);
    let shown = unwrapped(&run.out);
    assert!(!shown.contains("answered 200 all the same"), "{shown}");
    assert!(!shown.contains("A missing scope:"), "{shown}");
}

#[test]
fn a_kind_that_was_assumed_is_told_as_that() {
    let url = "https://api.mypurecloud.com/api/v2/routing/queues";
    let whole = |more: &[&str]| {
        let words = [&["check", "GET", url, "--scope", "users", "-v"][..], more].concat();
        run(&words, None).out
    };
    let assumed = whole(&[]);
    assert!(assumed.contains("kind user (assumed)"), "{assumed}");
    let given = whole(&["--token-kind", "user"]);
    assert!(
        given.contains("kind user") && !given.contains("(assumed)"),
        "{given}"
    );
}

#[test]
fn a_command_for_another_program_has_no_token_in_its_arguments() {
    let words = [
        "check",
        "GET",
        "https://api.mypurecloud.com/api/v2/routing/queues",
        "--token-env",
        "T",
        "--token-kind",
        "user",
        "-v",
    ];
    let run = run_with(
        &words,
        None,
        &[("T", "qX3vJ8Zl0cW2nR5tY7uI9oP1aS4dF6gHk2jL3zX5cV7bN8mQ")],
    );
    assert!(run.out.contains("| curl -sS -H @- "), "{}", run.out);
    assert!(
        !run.out.contains("curl -sS -H \"Authorization"),
        "{}",
        run.out
    );
}

#[test]
fn a_control_that_refuses_the_token_is_told_and_an_opaque_token_is_not_to_be_decoded() {
    let server = Simulator::start(Org {
        token: "another-token-of-another-org".to_owned(),
        ..Org::default()
    });
    let url = format!("{}/api/v2/routing/queues", server.origin);
    let words = [
        "check",
        "GET",
        &url,
        "--provider",
        "genesys-cloud",
        "--probe",
    ];
    let run = run_with(&words, None, &[("WHY401_TOKEN", TOKEN)]);
    let shown = unwrapped(&run.out);
    assert!(
        shown.contains("the token is not accepted here at all"),
        "{shown}"
    );
    assert!(!shown.contains("Decode the token"), "{shown}");
    for word in ["baseline", "sibling"] {
        assert!(!shown.contains(word), "{shown}");
    }
}

#[test]
fn a_file_for_the_answer_is_named_by_the_shell() {
    let run = run(&["explain", "x.har", "-o", "reply.md"], None);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("> FILE") && !run.err.contains("token"),
        "{}",
        run.err
    );
}

#[test]
fn a_record_that_is_printed_over_several_lines_is_one_record() {
    let record = "{\n  \"request\": {\n    \"method\": \"GET\",\n    \"url\": \"https://api.example.com/a\"\n  },\n  \"response\": {\n    \"status\": 401,\n    \"body\": \"{\\\"error\\\":\\\"token expired\\\"}\"\n  }\n}\n";
    let run = as_json(record);
    let subject = run.diagnosis()["subject"].clone();
    assert_eq!(
        (&subject["method"], &subject["status"]),
        (&"GET".into(), &401.into()),
        "{}",
        run.out
    );
    assert_eq!(
        run.json()["skipped"].as_array().map(Vec::len),
        Some(0),
        "{}",
        run.out
    );
    let two = as_json(&format!("{record}{record}"));
    assert_eq!(
        two.json()["diagnoses"].as_array().map(Vec::len),
        Some(2),
        "{}",
        two.out
    );
}

#[test]
fn no_remedy_speaks_of_a_name_that_an_answer_may_not_have() {
    let tables = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tables");
    for folder in std::fs::read_dir(tables).expect("the tables") {
        let file = folder.expect("a folder").path().join("provider.toml");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let fixes = text.split("fix = \"").skip(1);
        let mut fixes = fixes.filter_map(|rest| rest.split('"').next());
        let named = fixes.find(|fix| fix.contains("that is named"));
        assert_eq!(named, None, "{}", file.display());
    }
}

#[test]
fn a_persons_word_that_users_me_is_fine_counts_as_reported() {
    let text = "The token definitely works, users/me is fine!\n\n$ curl -v https://api.mypurecloud.ie/api/v2/routing/queues -H \"Authorization: Bearer qX3vJ8Zl0cW2nR5tY7uI9oP1aS4dF6gHk2jL3zX5cV7bN8mQ\"\n< HTTP/2 403\n< content-type: application/json\n<\n{\"message\":\"no\",\"status\":403}\n";
    let shown = short(text);
    assert!(
        shown.contains("of another region: as reported, the token worked"),
        "{shown}"
    );
}

#[test]
fn a_time_of_issue_that_lies_ahead_blames_no_clock() {
    let file = std::env::temp_dir().join("why401-sure-iat.json");
    std::fs::write(&file, r#"{"iat":4102444800,"exp":4102448400}"#).expect("written");
    let file = file.to_str().expect("UTF-8");
    let out = unwrapped(&run(&["token", "--claims", file, "-v"], None).out);
    assert!(out.contains("Two clocks differ, or"), "{out}");
    assert!(!out.contains("a clock is wrong"), "{out}");
}

#[test]
fn of_a_row_that_one_person_reported_nothing_more_is_not_said() {
    let words = ["tables", "show", "POST", "/api/v2/conversations/messaging"];
    let out = run(
        &[&words[..], &["--provider", "genesys-cloud"]].concat(),
        None,
    )
    .out;
    assert!(
        out.contains("none reported") && !out.contains("nothing more"),
        "{out}"
    );
}

#[test]
fn a_server_that_saw_no_credential_is_not_sure_where_one_is_recorded() {
    let record = |known: &str| {
        format!("{{{known}\"response\":{{\"status\":401,\"body\":\"No API key found\"}}}}\n")
    };
    for (known, certainty) in [
        ("", "stated"),
        ("\"request\":{\"method\":\"GET\",\"headers\":{}},", "stated"),
        ("\"token\":{\"kind\":\"opaque\"},", "possible"),
    ] {
        let run = run(&["explain", "-", "--format", "json"], Some(&record(known)));
        let cause = &run.diagnosis()["cause"];
        assert_eq!(cause["code"], "header.missing", "{known}");
        assert_eq!(cause["certainty"], certainty, "{known}");
    }
}

#[test]
fn what_a_client_says_of_any_status_is_no_reason() {
    for text in [
        "GET https://api.example.com/a 401 (Unauthorized)\nAxiosError {message: 'Request failed with status code 401', name: 'AxiosError', code: 'ERR_BAD_REQUEST', request: XMLHttpRequest, …}",
        "HttpErrorResponse {status: 401, statusText: 'Unauthorized', url: 'https://api.example.com/a', message: 'Http failure response for https://api.example.com/a: 401 Unauthorized'}",
        "retrofit2.HttpException: HTTP 401",
        "{\"message\":\"Request failed with status code 401\"}",
        "AxiosError: Request failed with status code 401",
    ] {
        let out = run(&["explain", "-", "--status", "401"], Some(text)).out;
        let quiet = out.contains("the cause is undecided") && !out.contains("ords");
        assert!(quiet, "{text}: {out}");
    }
}

/// The first cause of an answer, and how sure it is.
fn first_of(status: u16, body: &str) -> (String, String) {
    let record = serde_json::json!({"response": {"status": status, "body": body}});
    let run = as_json(&record.to_string());
    let cause = run.diagnosis()["cause"].clone();
    let text = |name: &str| cause[name].as_str().unwrap_or_default().to_owned();
    (text("code"), text("certainty"))
}

#[test]
fn a_code_of_many_meanings_yields_to_the_sentence_beside_it() {
    let s3 = |message: &str| {
        let body = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
        first_of(403, &body).0
    };
    assert_eq!(s3("The request is not yet valid"), "token.not_yet_valid");
    assert_eq!(
        s3("Anonymous access is not supported by this service"),
        "header.missing"
    );
    assert_eq!(s3("Your IP address is not allowed"), "ip.blocked");
    assert_eq!(s3("Your account has been suspended"), "account.unsuitable");
    assert_eq!(s3("Access Denied"), "permission.missing");
    let rpc = |code: &str, words: &str| {
        let body = format!("rpc error: code = {code} desc = {words}");
        first_of(400, &body).0
    };
    assert_eq!(
        rpc("InvalidArgument", "session token expired"),
        "token.expired"
    );
    assert_eq!(
        rpc("PermissionDenied", "account is suspended"),
        "account.unsuitable"
    );
    assert_eq!(
        rpc("InvalidArgument", "name must not be empty"),
        "request.invalid"
    );
    let framework = |message: &str| {
        let body = serde_json::json!({"name": "NotAuthenticated", "message": message, "className": "not-authenticated"});
        first_of(401, &body.to_string())
    };
    assert_eq!(framework("jwt expired").0, "token.expired");
    let (code, sure) = framework("Invalid authentication data (no `method` given)");
    assert_ne!((code.as_str(), sure.as_str()), ("header.missing", "stated"));
}

#[test]
fn a_redirect_with_an_error_in_its_url_is_a_refusal() {
    let sent_on = |query: &str| {
        let url = format!("https://app.example/cb?{query}&state=x");
        let record = serde_json::json!({"response": {"status": 302, "headers": {"Location": url}}});
        let run = as_json(&record.to_string());
        run.diagnosis()["cause"]["code"].as_str().map(str::to_owned)
    };
    let denied = sent_on("error=access_denied&error_description=The+user+denied+access");
    assert!(
        matches!(
            denied.as_deref(),
            Some("consent.missing" | "permission.missing")
        ),
        "{denied:?}"
    );
    assert_eq!(
        sent_on("error=unsupported_response_type").as_deref(),
        Some("grant.invalid")
    );
    assert_eq!(sent_on("code=4711").as_deref(), Some("header.stripped"));
}

#[test]
fn what_a_client_says_hides_nothing_beside_it() {
    for (text, cause) in [
        (
            r#"{"response":{"status":401,"body":"{\"message\":\"file_get_contents(x): failed to open stream: HTTP request failed! HTTP/1.1 401 Unauthorized\",\"code\":\"token_expired\"}"}}"#,
            "token.expired",
        ),
        (
            r#"{"response":{"status":403,"body":"{\"status\":403,\"message\":\"auth.account_suspended.error\"}"}}"#,
            "account.unsuitable",
        ),
        (
            "{ code: 'ERR_JWT_EXPIRED', status: 401, config: {method: 'get', url: 'https://api.example.com/a'} }",
            "token.expired",
        ),
    ] {
        let run = run(&["explain", "-", "--format", "json"], Some(text));
        assert_eq!(run.diagnosis()["cause"]["code"], cause, "{text}");
    }
}

#[test]
fn a_line_of_a_log_that_tells_of_a_call_is_evidence_at_any_level() {
    for (text, status, cause) in [
        (
            "GET https://api.example.com/x -> 401: no access token was passed",
            401,
            "header.missing",
        ),
        (
            "HTTP 403 returned when calling GET https://api.example.com/x: insufficient scope",
            403,
            "scope.missing",
        ),
        (
            r#"{"level":"info","message":"HTTP GET /x","meta":{"req":{"method":"GET","url":"https://api.example.com/x"},"res":{"statusCode":401,"body":{"error":"token expired"}}}}"#,
            401,
            "token.expired",
        ),
        (
            r#"{"level":"info","msg":"request completed","url":"https://api.example.com/x","statusCode":"401","error":"token expired"}"#,
            401,
            "token.expired",
        ),
        (
            "2026-03-01 08:00:00 INFO Response: {\n  \"status\": 401,\n  \"url\": \"https://api.example.com/x\",\n  \"data\": {\"error\": \"token expired\"}\n}",
            401,
            "token.expired",
        ),
    ] {
        let run = run(&["explain", "-", "--format", "json"], Some(text));
        let found = run.diagnosis();
        assert_eq!(found["cause"]["code"], cause, "{text}");
        assert_eq!(found["subject"]["status"], status, "{text}");
    }
}

#[test]
fn a_person_may_name_a_call_by_its_path_alone() {
    let told = |text: &str, more: &[&str]| {
        let run = run(
            &[&["explain", "-", "--format", "json"], more].concat(),
            Some(text),
        );
        let all = run.json()["diagnoses"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let refused = all.into_iter().find(|own| own["verdict"] == "denied");
        refused.unwrap_or_else(|| panic!("no refusal in {text}"))
    };
    let known = &["--provider", "genesys-cloud"][..];
    for (text, more) in [
        (
            "my token works on /api/v2/users/me but I get 401 on /api/v2/conversations/messaging",
            known,
        ),
        (
            "my genesys token works on GET /api/v2/users/me but I get 401 on POST /api/v2/conversations/messaging",
            &[],
        ),
    ] {
        let found = told(text, more);
        assert_eq!(
            found["subject"]["url"], "/api/v2/conversations/messaging",
            "{text}"
        );
        assert_eq!(found["subject"]["status"], 401, "{text}");
        assert_eq!(found["subject"]["provider"], "genesys-cloud", "{text}");
    }
    let fails = "The token fails on GET https://api.example.com/v2/users/me with 401 and on POST https://api.example.com/v2/things too.";
    let found = told(fails, &[]);
    assert_eq!(
        found["subject"]["url"],
        "https://api.example.com/v2/users/me"
    );
    assert_eq!(found["subject"]["status"], 401);
}

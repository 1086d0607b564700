//! A token that itself shows another vendor: never clear, no scope is blamed, and denied only where it is published that the
//! vendor's own tokens are never JWTs.

use crate::program::run;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const MICROSOFT: &str =
    "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";

/// A JWT of these claims; nobody checks its signature.
fn jwt(claims: &Value) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let head = json!({"alg": "RS256", "typ": "JWT"});
    format!("{}.{}.c2lnbmF0dXJl", part(&head), part(claims))
}

/// Exit code and cause of a call with a token of these claims, and the codes of all findings.
fn judged(method: &str, url: &str, claims: &Value) -> (i32, Option<String>, Vec<String>) {
    let arguments = ["check", method, url, "--offline", "--format", "json"];
    let run = run(&arguments, Some(&jwt(claims)));
    (run.code, run.cause(), run.codes())
}

#[test]
fn another_vendors_token_is_never_clear_and_no_scope_is_blamed() {
    let microsoft =
        json!({"iss": MICROSOFT, "aud": "https://graph.microsoft.com", "scp": "User.Read"});
    let google = json!({"iss": "https://accounts.google.com", "scope": "openid"});
    let host = json!({"iss": "accounts.google.com", "scope": "openid"});
    let okta = json!({"iss": "https://acme.okta.com", "aud": "https://acme.okta.com", "scp": ["okta.users.read"]});
    let azure = json!({"iss": MICROSOFT, "aud": "https://management.azure.com", "scp": "user_impersonation"});
    let jira = "https://api.atlassian.com/ex/jira/1/rest/api/3/myself";
    let gmail = "https://gmail.googleapis.com/gmail/v1/users/me/messages";
    let graph = "https://graph.microsoft.com/v1.0/me";
    for (method, url, claims, code, cause) in [
        (
            "GET",
            "https://api.github.com/user",
            &microsoft,
            1,
            "token.type",
        ),
        (
            "POST",
            "https://slack.com/api/chat.postMessage",
            &microsoft,
            1,
            "token.type",
        ),
        (
            "GET",
            "https://api.spotify.com/v1/me/player",
            &google,
            1,
            "token.type",
        ),
        (
            "GET",
            "https://api.mypurecloud.com/api/v2/users/me",
            &google,
            1,
            "token.type",
        ),
        // An app's own JWT is taken there, and nowhere else at GitHub.
        (
            "GET",
            "https://api.github.com/app",
            &microsoft,
            3,
            "token.issuer",
        ),
        ("GET", graph, &google, 3, "token.issuer"),
        ("GET", graph, &host, 3, "token.issuer"),
        ("GET", graph, &azure, 3, "token.audience"),
        ("GET", gmail, &microsoft, 3, "token.issuer"),
        ("GET", jira, &okta, 3, "token.issuer"),
    ] {
        let (exit, found, codes) = judged(method, url, claims);
        let told = format!("{method} {url} {claims}: {codes:?}");
        assert_eq!((exit, found.as_deref()), (code, Some(cause)), "{told}");
        assert!(!codes.contains(&"scope.missing".to_owned()), "{told}");
    }
}

#[test]
fn a_token_that_the_vendor_takes_is_judged_by_its_scopes() {
    let graph = "https://graph.microsoft.com/v1.0/me";
    let of =
        |audience: Value, scopes: &str| json!({"iss": MICROSOFT, "aud": audience, "scp": scopes});
    for (audience, scopes, code, cause) in [
        (json!("https://graph.microsoft.com"), "User.Read", 0, None),
        (
            json!("https://graph.microsoft.com"),
            "Mail.Read",
            1,
            Some("scope.missing"),
        ),
        // Of several audiences one is enough; an id may be anybody's.
        (
            json!([
                "https://management.azure.com",
                "https://graph.microsoft.com"
            ]),
            "User.Read",
            0,
            None,
        ),
        (
            json!("00000003-0000-0000-c000-000000000000"),
            "User.Read",
            0,
            None,
        ),
    ] {
        let (exit, found, codes) = judged("GET", graph, &of(audience, scopes));
        assert_eq!((exit, found.as_deref()), (code, cause), "{codes:?}");
    }
    // An issuer that no table knows may be the vendor's own, under another name.
    let unknown = json!({"iss": "https://id.acme.example", "scp": "Mail.Read"});
    let (_, found, _) = judged("GET", graph, &unknown);
    assert_eq!(found.as_deref(), Some("scope.missing"));
    // The issuer that a person names is the one that the API takes.
    let claims = json!({"iss": "https://accounts.google.com", "scp": "User.Read"});
    let named = [
        "check",
        "GET",
        graph,
        "--offline",
        "--issuer",
        "https://accounts.google.com",
    ];
    assert_eq!(run(&named, Some(&jwt(&claims))).code, 0);
}

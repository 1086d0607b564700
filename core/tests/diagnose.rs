//! What a refused exchange comes to, in process: a sentence, the exchange, its cause and how sure that is.

use why401_core::diagnose::Clock;
use why401_core::finding::Certainty::{self, Derived, Possible, Stated};
use why401_core::triage::{Declared, Options, Providers, explain};

/// 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600;

struct Refused {
    because: &'static str,
    request: &'static str,
    response: &'static str,
    cause: Option<(&'static str, Certainty)>,
}

/// A request to an API that no table knows.
const fn refused(
    because: &'static str,
    request: &'static str,
    response: &'static str,
    cause: Option<(&'static str, Certainty)>,
) -> Refused {
    Refused {
        because,
        request,
        response,
        cause,
    }
}

const BEARER: &str = r#"{"Authorization": "Bearer <opaque>"}"#;
const INVALID: &str = r#"{"status": 401, "headers": {"WWW-Authenticate": "Bearer error=\"invalid_token\", error_description=\"The access token expired\""}}"#;

const MALFORMED: &str = r#"{"status": 401, "headers": {"WWW-Authenticate": "Bearer error=\"invalid_token\", error_description=\"The token is malformed\""}}"#;

const CASES: [Refused; 14] = [
    refused(
        "a code of RFC 6750 names its cause",
        BEARER,
        r#"{"status": 403, "headers": {"WWW-Authenticate": "Bearer error=\"insufficient_scope\", scope=\"a:read\""}}"#,
        Some(("scope.missing", Stated)),
    ),
    refused(
        "a clause beside an umbrella code says which of its reasons is meant",
        BEARER,
        INVALID,
        Some(("token.expired", Stated)),
    ),
    refused(
        "a challenge without a code to a request without a credential",
        "{}",
        r#"{"status": 401, "headers": {"WWW-Authenticate": "Bearer"}}"#,
        Some(("header.missing", Derived)),
    ),
    refused(
        "a scheme that stands twice explains a token that could not be read",
        r#"{"Authorization": "Bearer Bearer <opaque>"}"#,
        MALFORMED,
        Some(("header.malformed", Derived)),
    ),
    refused(
        "a word of the program in place of the token",
        r#"{"Authorization": "Bearer undefined"}"#,
        r#"{"status": 401, "headers": {}}"#,
        Some(("token.malformed", Derived)),
    ),
    refused(
        "a scheme without a credential",
        r#"{"Authorization": "Bearer"}"#,
        r#"{"status": 401, "headers": {}}"#,
        Some(("header.missing", Derived)),
    ),
    refused(
        "a scheme that the challenge does not name",
        r#"{"Authorization": "Bearer <opaque>"}"#,
        r#"{"status": 401, "headers": {"WWW-Authenticate": "Basic realm=\"api\""}}"#,
        Some(("header.malformed", Derived)),
    ),
    refused(
        "a status that says too many is no verdict on the credential",
        BEARER,
        r#"{"status": 429, "headers": {"Retry-After": "30"}}"#,
        Some(("rate.limited", Possible)),
    ),
    refused(
        "a success has no cause",
        BEARER,
        r#"{"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}"#,
        None,
    ),
    refused(
        "a page of the edge in front of the API",
        BEARER,
        r#"{"status": 403, "headers": {"Content-Type": "text/html", "Server": "cloudflare"}, "body": "<title>Attention Required! | Cloudflare</title>"}"#,
        Some(("edge.blocked", Stated)),
    ),
    refused(
        "a filter against forged requests speaks of itself",
        BEARER,
        r#"{"status": 403, "headers": {}, "body": "CSRF token missing or incorrect."}"#,
        Some(("csrf.blocked", Stated)),
    ),
    refused(
        "a bare 403 leaves the cause open",
        BEARER,
        r#"{"status": 403, "headers": {}}"#,
        Some(("permission.missing", Possible)),
    ),
    refused(
        "an address that is not allowed",
        BEARER,
        r#"{"status": 403, "headers": {}, "body": "{\"message\": \"Your IP address is not allowed\"}"}"#,
        Some(("ip.blocked", Stated)),
    ),
    refused(
        "a status for the server's own fault says so",
        BEARER,
        r#"{"status": 503, "headers": {}, "body": "Service Unavailable"}"#,
        Some(("server.fault", Stated)),
    ),
];

#[test]
fn each_refusal_comes_to_its_cause_and_no_surer_than_the_evidence() {
    let providers = Providers::shipped();
    let mut wrong = Vec::new();
    for case in &CASES {
        let text = format!(
            r#"{{"request": {{"method": "GET", "url": "https://api.example/v1/things", "headers": {}}}, "response": {}}}"#,
            case.request, case.response
        );
        let options = Options::new("record", Declared::at(Clock::at(NOW)));
        let report = explain(text.as_bytes(), &providers, &options);
        let cause = report.diagnoses.first().and_then(|d| d.cause());
        let found = cause.map(|finding| (finding.cause.code, finding.certainty));
        if report.diagnoses.len() != 1 || found != case.cause {
            wrong.push(format!("{}: {found:?}", case.because));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

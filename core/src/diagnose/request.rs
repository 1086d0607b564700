//! Is the call itself in form? What the URL and the pasted credential give away before any token talk.

use super::facts::Facts;
use crate::finding::{Finding, HEADER_MISSING, NOTE_DIRT, NOTE_PATH};

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    if let Some(target) = &facts.case.target {
        if target
            .query
            .iter()
            .any(|name| matches!(name.as_str(), "access_token" | "token"))
        {
            out.push(
                Finding::candidate(&HEADER_MISSING, "The URL carries a token in its query; most APIs read the `Authorization` header only (RFC 6750 §2.3).")
                    .seen("URL query", "a parameter that carries a token")
                    .fix("Send it as `Authorization: Bearer <token>`, and revoke the one in the URL: URLs end up in logs."),
            );
        }
        if target.userinfo {
            out.push(Finding::warning(
                &NOTE_PATH,
                "The URL carries a user name or password; it is not printed.",
            ));
        }
        if target.scheme.as_deref() == Some("http") && !is_loopback(target.host.as_deref()) {
            out.push(Finding::warning(&NOTE_PATH, "The URL is plain http: a redirect to https makes most clients drop the `Authorization` header."));
        }
        if target.method == "OPTIONS" {
            out.push(Finding::info(&NOTE_PATH, "OPTIONS is the browser's preflight and carries no token: ask about the method that follows it."));
        }
    }
    out.extend(wrapping(facts));
    out
}

fn is_loopback(host: Option<&str>) -> bool {
    host.is_some_and(|h| h == "localhost" || h == "[::1]" || h.starts_with("127."))
}

fn wrapping(facts: &Facts<'_>) -> Vec<Finding> {
    let wrapping = facts.case.credential.token.wrapping.iter();
    wrapping.map(|wrapping| {
        if !wrapping.harmful {
            return Finding::info(&NOTE_DIRT, format!("Removed to read the token: {}.", wrapping.text));
        }
        Finding::warning(&NOTE_DIRT, format!("Removed to read the token: {}. If the program sends it like this, that alone causes a 401.", wrapping.text))
            .fix("Store the bare token, and compare what the program really sends.")
    })
    .collect()
}

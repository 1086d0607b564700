//! What an answer repeats of the credential that it refuses: `'Bearer secret' is not a valid value`.

use crate::http::{Exchange, Headers, Response};
use crate::token::redact::MARK;
use crate::token::spelled::SHORTEST;

/// The exchange without these secrets in its answer; `None` where the answer repeats none of them.
pub(super) fn without_echo(exchange: &Exchange, secrets: &[String]) -> Option<Exchange> {
    let response = exchange.response.as_ref()?;
    let mut secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    secrets.retain(|secret| secret.len() >= SHORTEST && is_in(response, secret));
    if secrets.is_empty() {
        return None;
    }
    // One may be part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let hide = |text: &str| {
        let hidden = text.to_owned();
        secrets
            .iter()
            .fold(hidden, |text, secret| text.replace(secret, MARK))
    };
    let headers = response.headers.iter();
    let headers: Headers = headers.map(|(name, value)| (name, hide(value))).collect();
    let body = response.body.as_deref().map(hide);
    let mut out = exchange.clone();
    out.response = Some(Response {
        headers,
        body,
        ..response.clone()
    });
    Some(out)
}

fn is_in(response: &Response, secret: &str) -> bool {
    let body = response.body.as_deref();
    body.is_some_and(|body| body.contains(secret))
        || response
            .headers
            .iter()
            .any(|(_, value)| value.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(body: &str) -> Exchange {
        Exchange {
            response: Some(Response {
                status: Some(401),
                headers: Headers::from_iter([("X-Seen", "Bearer my token here".to_owned())]),
                body: Some(body.to_owned()),
            }),
            ..Exchange::default()
        }
    }

    #[test]
    fn what_an_answer_repeats_is_hidden() {
        let secrets = ["my token here".to_owned(), "here".to_owned()];
        let exchange = answered("'Bearer my token here' is not valid here");
        let hidden = without_echo(&exchange, &secrets).expect("repeated");
        assert_eq!(hidden.body(), "'Bearer <redacted>' is not valid here");
        let response = hidden.response.expect("answered");
        assert_eq!(response.headers.get("x-seen"), Some("Bearer <redacted>"));
    }

    #[test]
    fn an_answer_that_repeats_nothing_stays() {
        let secrets = ["another secret".to_owned()];
        assert_eq!(without_echo(&answered("no"), &secrets), None);
    }
}

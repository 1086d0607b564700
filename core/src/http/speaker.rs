//! Whose answer a response is, by its form alone: the API's, or that of something on the way to it.

use super::exchange::Response;
use std::fmt;

/// Who speaks in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The API, as far as the form of the answer tells.
    Api,
    /// A proxy that wants credentials of its own (407, RFC 9110 §15.5.8).
    Proxy,
    /// The network, which wants a login: a captive portal (511, RFC 6585 §6).
    Network,
    /// Something that changes the protocol, unasked, or never came to a final answer (1xx, RFC 9110 §15.2).
    Interim,
    /// A page for people, with a status that says success.
    Page,
}

impl fmt::Display for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Api => "an answer of the API",
            Self::Proxy => "a proxy on the way, which needs credentials of its own",
            Self::Network => "the network, which needs a login (a captive portal)",
            Self::Interim => "no final answer",
            Self::Page => "a page for people (HTML)",
        })
    }
}

impl Response {
    /// Whose answer this is. A page may be what was asked for: whether it is, the table or the caller has to say.
    pub fn speaker(&self) -> Speaker {
        match self.status {
            Some(100..=199) => Speaker::Interim,
            Some(407) => Speaker::Proxy,
            Some(511) => Speaker::Network,
            Some(200..=299) if self.is_page() => Speaker::Page,
            _ => Speaker::Api,
        }
    }

    /// Whether the body is HTML, by its label or, where that is missing or says plain text, by its start.
    fn is_page(&self) -> bool {
        let label = self.headers.get("content-type").unwrap_or_default();
        let label = label.split(';').next().unwrap_or_default().trim();
        let is = |own: &str| label.eq_ignore_ascii_case(own);
        if is("text/html") || is("application/xhtml+xml") {
            return true;
        }
        let body = self.body.as_deref().unwrap_or_default();
        let body = body.trim_start_matches('\u{feff}').trim_start();
        let starts = |text: &str| {
            let head = body.as_bytes().get(..text.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()))
        };
        (label.is_empty() || is("text/plain")) && (starts("<!doctype html") || starts("<html"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, label: &str, body: &str) -> Response {
        let headers = [("Content-Type", label)];
        Response {
            status: Some(status),
            headers: headers.into_iter().filter(|(_, v)| !v.is_empty()).collect(),
            body: Some(body.to_owned()),
        }
    }

    #[test]
    fn what_stands_between_is_told_from_the_api() {
        for (status, label, body, speaker) in [
            (200, "application/json", "{}", Speaker::Api),
            (200, "text/html; charset=utf-8", "", Speaker::Page),
            (200, "", "\n<!DOCTYPE HTML><html>", Speaker::Page),
            (200, "text/plain", "<html>", Speaker::Page),
            (200, "application/json", "\"<html>\"", Speaker::Api),
            (200, "text/csv", "<html", Speaker::Api),
            (401, "text/html", "<html>", Speaker::Api),
            (101, "", "", Speaker::Interim),
            (407, "text/html", "<html>", Speaker::Proxy),
            (511, "text/html", "<html>", Speaker::Network),
        ] {
            let own = response(status, label, body);
            assert_eq!(own.speaker(), speaker, "{status} {label} {body}");
        }
        assert_eq!(Response::default().speaker(), Speaker::Api);
    }
}

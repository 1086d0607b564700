//! Was the request itself in form? Its credential header, its URL, its method, as they were really sent.

use super::facts::Facts;
use super::said::Ending;
use crate::finding::{
    CORS_PREFLIGHT, Cause, Certainty, Finding, HEADER_MALFORMED, HEADER_MISSING, HEADER_STRIPPED,
    HEADER_UNWANTED, REQUEST_INVALID, TOKEN_MALFORMED,
};
use crate::http::{Carried, Exchange, Request};
use crate::token::redact::{self, is_stand_in};
use crate::token::{Form, Token};

/// What is known of the credential that left the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Nobody recorded the request's headers.
    NotRecorded,
    /// They were recorded, and hold no credential.
    Nothing,
    /// A credential in good form.
    Sound,
    /// A credential header in bad form.
    Malformed,
}

/// Query parameters by which a URL carries its own signature or token.
const SIGNED: [&str; 9] = [
    "x-amz-signature",
    "x-goog-signature",
    "sig",
    "signature",
    "authtoken",
    "tempauth",
    "x-amz-credential",
    "googleaccessid",
    "awsaccesskeyid",
];

/// A recorded request without a credential, which a 401 met.
const ABSENT: i32 = 38;

/// What is seen in the request, and may be the fault, goes before what a code with several meanings may mean.
const SEEN: i32 = 35;

/// A fault of the credential header.
struct Fault {
    cause: &'static Cause,
    certainty: Certainty,
    text: &'static str,
    fix: &'static str,
}

/// What a request's headers tell of its credential.
pub(super) fn sent(exchange: Option<&Exchange>) -> Sent {
    let Some(request) = exchange.map(|e| &e.request) else {
        return Sent::NotRecorded;
    };
    let headers = request.headers.as_ref();
    let all: Vec<&str> = headers
        .map(|h| h.all("authorization").collect())
        .unwrap_or_default();
    if all.is_empty() {
        return match request.credential() {
            Carried::Seen => Sent::Sound,
            Carried::Absent => Sent::Nothing,
            Carried::NotRecorded => Sent::NotRecorded,
        };
    }
    match fault(&all) {
        Some(fault) if fault.certainty < Certainty::Possible => Sent::Malformed,
        _ => Sent::Sound,
    }
}

/// Whether the scheme is written in lower case, which some servers refuse although RFC 9110 §11.1 forbids that.
pub(super) fn lower_case_scheme(exchange: Option<&Exchange>) -> bool {
    exchange
        .and_then(|e| e.request.header("authorization"))
        .is_some_and(|value| value.starts_with("bearer ") || value.starts_with("basic "))
}

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(exchange), Some(said)) = (facts.exchange(), &facts.said) else {
        return Vec::new();
    };
    let request = &exchange.request;
    // What was sent is judged also where no answer came or none was recorded.
    if matches!(said.ending, Ending::NotRecorded | Ending::NoAnswer) {
        return header(request)
            .or_else(|| refused_by_client(exchange))
            .into_iter()
            .collect();
    }
    if !matches!(said.ending, Ending::Refused) {
        return Vec::new();
    }
    let mut out = Vec::new();
    out.extend(preflight(request));
    out.extend(unwanted(request));
    out.extend(header(request));
    out.extend(scheme(facts, request));
    out.extend(stripped_by_redirect(facts, request));
    out.extend(nothing_sent(facts));
    out.extend(fragment(request));
    out
}

fn preflight(request: &Request) -> Option<Finding> {
    let is_preflight =
        request.method.as_deref() == Some("OPTIONS") && request.header("authorization").is_none();
    is_preflight.then(|| {
        Finding::error(&CORS_PREFLIGHT, Certainty::Derived, "The refused request is OPTIONS, the browser's preflight: it never carries credentials (Fetch standard), so no token can satisfy this answer.")
            .seen("method", "OPTIONS")
            .fix("Let the server answer OPTIONS without asking for credentials, with the Access-Control-Allow-* headers; the token is not at fault.")
    })
}

fn unwanted(request: &Request) -> Option<Finding> {
    let value = request.header("authorization")?;
    let url = request.url.as_deref()?;
    let (_, query) = url.split_once('?')?;
    let name = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .find(|name| SIGNED.contains(&name.to_ascii_lowercase().as_str()))?;
    let scheme = value.split(' ').next().unwrap_or_default();
    (!scheme.starts_with("AWS4")).then(|| {
        Finding::error(&HEADER_UNWANTED, Certainty::Derived, format!("The URL carries its own authorization (query `{name}`), and an `Authorization` header was sent beside it: such URLs refuse a second credential."))
            .seen("URL query", name)
            .fix("Send the request to this URL without `Authorization`.")
    })
}

fn header(request: &Request) -> Option<Finding> {
    let headers = request.headers.as_ref()?;
    let values: Vec<&str> = headers.all("authorization").collect();
    let fault = fault(&values)?;
    let mut finding = Finding::error(fault.cause, fault.certainty, fault.text);
    if fault.certainty == Certainty::Possible {
        finding.weight = SEEN;
    }
    finding.denies = fault.certainty < Certainty::Possible;
    Some(
        finding
            .seen("header `Authorization` as sent", shape(values.first()?))
            .fix(fault.fix),
    )
}

/// The client itself would not send the header: its value holds signs that no header may have (RFC 9110 §5.5).
fn refused_by_client(exchange: &Exchange) -> Option<Finding> {
    let failure = exchange.failure.as_deref()?;
    let lower = failure.to_ascii_lowercase();
    let about = lower.contains("header")
        && (lower.contains("invalid")
            || lower.contains("illegal")
            || lower.contains("not allowed"))
        || lower.contains("in authorization value");
    about.then(|| {
        Finding::error(&HEADER_MALFORMED, Certainty::Derived, "The client did not send the request: a header value holds signs that no header may have, mostly a line break.")
            .seen("the client", redact::redact(failure))
            .fix("Trim the credential before it is put into the header: files and secrets end with a line break.")
    })
}

/// A scheme that the server does not name among those it takes (RFC 9110 §11.6.1).
fn scheme(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let taken = &facts.said.as_ref()?.challenges.list;
    let value = request.header("authorization")?;
    let (sent, _) = value.split_once(' ')?;
    let tokens = ["bearer", "dpop"];
    let alike = |own: &str| {
        own.eq_ignore_ascii_case(sent)
            || [own, sent]
                .iter()
                .all(|s| tokens.contains(&s.to_ascii_lowercase().as_str()))
    };
    let plain = ["bearer", "token", "jwt", "basic"].contains(&sent.to_ascii_lowercase().as_str());
    if taken.is_empty() || !plain || taken.iter().any(|c| alike(&c.scheme)) {
        return None;
    }
    let names: Vec<&str> = taken.iter().map(|c| c.scheme.as_str()).collect();
    let names = names.join(", ");
    Some(
        Finding::error(
            &HEADER_MALFORMED,
            Certainty::Derived,
            format!(
                "The credential was sent with the scheme `{sent}`, and the server takes {names}."
            ),
        )
        .seen("header `WWW-Authenticate`", names.clone())
        .fix(format!(
            "Send it as `Authorization: {} <credential>`.",
            taken[0].scheme
        )),
    )
}

/// The first thing that is wrong with the header's values.
fn fault(values: &[&str]) -> Option<Fault> {
    let value = *values.first()?;
    let fault = |cause, text, fix| {
        Some(Fault {
            cause,
            certainty: Certainty::Derived,
            text,
            fix,
        })
    };
    if values.len() > 1 {
        return fault(
            &HEADER_MALFORMED,
            "Two `Authorization` headers were sent; a server may take either, or none.",
            "Send exactly one.",
        );
    }
    if value.chars().any(|c| matches!(c, '\n' | '\r' | '\t'))
        || value.contains("%0A")
        || value.contains("\\n")
    {
        return fault(
            &HEADER_MALFORMED,
            "The header holds a line break or tab.",
            "Trim the credential before it is put into the header: files and secrets end with a line break.",
        );
    }
    if value != value.trim() || ends_in_blank(value) {
        return fault(
            &HEADER_MALFORMED,
            "The header begins or ends with a blank.",
            "Trim the credential before it is put into the header.",
        );
    }
    if value.is_empty() {
        return fault(
            &HEADER_MISSING,
            "The `Authorization` header is empty.",
            "Check the variable that should hold the token.",
        );
    }
    let Some((scheme, rest)) = value.split_once(' ') else {
        return Some(lone(value));
    };
    if rest.starts_with(' ') {
        return fault(
            &HEADER_MALFORMED,
            "More than one blank stands between the scheme and the credential.",
            "Send `Bearer`, one blank, the token.",
        );
    }
    if scheme.ends_with([':', ',', '=']) || scheme.starts_with(['"', '\'']) {
        return fault(
            &HEADER_MALFORMED,
            "The scheme is followed by a sign that does not belong there.",
            "Send `Bearer`, one blank, the token.",
        );
    }
    let known = ["bearer", "token", "basic", "jwt"];
    let doubled = rest
        .split([' ', ','])
        .any(|word| known.contains(&word.to_ascii_lowercase().as_str()));
    if doubled && known.contains(&scheme.to_ascii_lowercase().as_str()) {
        return fault(
            &HEADER_MALFORMED,
            "The scheme stands twice in the header.",
            "Either the library or the program adds the scheme, not both: send `Bearer`, one blank, the token.",
        );
    }
    if rest.starts_with(['"', '\'']) {
        return fault(
            &HEADER_MALFORMED,
            "The credential stands in quotes.",
            "Send it without quotes.",
        );
    }
    if scheme.eq_ignore_ascii_case("bearer") {
        return bearer(rest).or_else(|| lower(scheme));
    }
    lower(scheme)
}

fn ends_in_blank(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    ["<space>", "<blank>", "<newline>"]
        .iter()
        .any(|mark| lower.ends_with(mark))
}

/// A header value without a blank: a scheme without a credential, or a credential without its scheme.
fn lone(value: &str) -> Fault {
    let scheme =
        ["bearer", "basic", "token", "dpop"].contains(&value.to_ascii_lowercase().as_str());
    if scheme {
        Fault {
            cause: &HEADER_MISSING,
            certainty: Certainty::Derived,
            text: "A scheme was sent without a credential behind it.",
            fix: "Check the variable that should hold the token: it is empty.",
        }
    } else {
        Fault {
            cause: &HEADER_MALFORMED,
            certainty: Certainty::Derived,
            text: "The credential was sent without its scheme.",
            fix: "Send `Bearer`, one blank, the token.",
        }
    }
}

fn bearer(rest: &str) -> Option<Fault> {
    if is_stand_in(rest) {
        return None;
    }
    if matches!(Token::read(rest.as_bytes()).form, Form::Literal(_)) {
        return Some(Fault {
            cause: &TOKEN_MALFORMED,
            certainty: Certainty::Derived,
            text: "What was sent as the token is a word of the program or a placeholder, not a token.",
            fix: "Check where the token comes from: the variable was empty or was never filled in.",
        });
    }
    rest.contains([' ', ',', ';']).then_some(Fault {
        cause: &HEADER_MALFORMED,
        certainty: Certainty::Derived,
        text: "The credential holds a blank, comma or semicolon, which no bearer token has (RFC 6750 §2.1).",
        fix: "Send one token and nothing else behind the scheme.",
    })
}

fn lower(scheme: &str) -> Option<Fault> {
    (scheme == "bearer" || scheme == "basic").then_some(Fault {
        cause: &HEADER_MALFORMED,
        certainty: Certainty::Possible,
        text: "The scheme is written in lower case; it compares without case (RFC 9110 §11.1), but some servers do not.",
        fix: "Write `Bearer` with a capital.",
    })
}

/// A header's shape without its credential: scheme, then length.
fn shape(value: &str) -> String {
    match value.trim().split_once(' ') {
        Some((scheme, rest)) if scheme.len() <= 12 => {
            format!("{scheme}, then {} characters", rest.chars().count())
        }
        _ => format!("{} characters without a scheme", value.chars().count()),
    }
}

fn stripped_by_redirect(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let before = facts.case.evidence.as_ref()?.before?;
    let hop = before
        .response
        .as_ref()?
        .status
        .filter(|s| (300..400).contains(s))?;
    before.request.header("authorization")?;
    let lost = request
        .headers
        .as_ref()
        .is_some_and(|h| !h.has("authorization"));
    lost.then(|| {
        Finding::error(&HEADER_STRIPPED, Certainty::Derived, format!("The first request carried `Authorization`, was answered {hop}, and the request that followed it did not: the client dropped the header at the redirect."))
            .seen("redirect", before.request.target().map(|t| redact::excerpt(&t.shown_url())).unwrap_or_default())
            .seen("followed to", request.target().map(|t| redact::excerpt(&t.shown_url())).unwrap_or_default())
            .fix("Call the final URL directly: scheme, host and trailing slash as the server wants them.")
    })
}

fn nothing_sent(facts: &Facts<'_>) -> Option<Finding> {
    let said = facts.said.as_ref()?;
    if facts.sent != Sent::Nothing || !matches!(said.status, Some(401)) {
        return None;
    }
    // A browser's sanitised export leaves the header out: only a server that saw none makes it sure.
    if !facts.case.probed.is_empty() {
        return Some(
            Finding::error(
                &HEADER_MISSING,
                Certainty::Derived,
                "No token was given, so none was sent, and the server asks for one.",
            )
            .fix("Give the token with --token-file, --token-env or WHY401_TOKEN."),
        );
    }
    let unseen = !said.challenges.list.is_empty()
        && said
            .challenges
            .list
            .iter()
            .all(|c| c.param("error").is_none());
    let certainty = if unseen {
        Certainty::Derived
    } else {
        Certainty::Possible
    };
    Some(
        Finding::error(&HEADER_MISSING, certainty, "The recorded request has no `Authorization` header and no other credential header.")
            .seen("request headers", "no credential")
            .weighing(if unseen { 0 } else { ABSENT })
            .fix("Send `Authorization: Bearer <token>`. Browsers leave it out of a sanitised HAR: where this is one, export it with sensitive data."),
    )
}

fn fragment(request: &Request) -> Option<Finding> {
    let url = request.url.as_deref()?;
    let (_, after) = url.split_once('#')?;
    (!after.is_empty()).then(|| {
        Finding::candidate(&REQUEST_INVALID, "The URL holds `#`: what follows it is a fragment and is never sent, so the server saw a shorter path.")
            .seen("URL", "a part after `#`")
            .fix("Encode it as %23.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_judged_by_its_form() {
        let cause = |value: &str| fault(&[value]).map(|f| f.cause.code);
        for sound in [
            "Bearer abc",
            "Bearer <opaque>",
            "token <opaque>",
            "Basic dTpw",
            "Key a:b",
            "AWS4-HMAC-SHA256 Credential=a, B=c",
        ] {
            assert_eq!(cause(sound), None, "{sound}");
        }
        for bad in [
            "Bearer  abc",
            "Bearer Bearer abc",
            "Bearer abc ",
            "abcdef",
            "Bearer: abc",
            "Bearer \"abc\"",
            "Bearer a , Bearer b",
            "Bearer abc\n",
        ] {
            assert_eq!(cause(bad), Some("header.malformed"), "{bad}");
        }
        assert_eq!(cause("Bearer null"), Some("token.malformed"));
        assert_eq!(cause("Bearer"), Some("header.missing"));
    }
}

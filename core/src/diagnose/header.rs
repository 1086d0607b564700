//! The credential header as the client sent it: what is known of it, and what is wrong with its form.

use crate::finding::{Cause, Certainty, HEADER_MALFORMED, HEADER_MISSING, TOKEN_MALFORMED};
use crate::http::{Carried, Exchange, Follows, Scheme, Usage};
use crate::table::WireNames;
use crate::token::redact::{is_stand_in, tells_nothing};
use crate::token::{Form, Token};

/// What is known of the credential that the request carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Nobody recorded the request's headers.
    NotRecorded,
    /// They were recorded, and hold no credential.
    Nothing,
    /// A credential in good form.
    Sound,
    /// A JWT under a scheme that is not a standard's for tokens.
    OtherScheme,
    /// A credential header in bad form.
    Malformed,
}

/// A fault of the credential header.
pub(super) struct Fault {
    pub(super) cause: &'static Cause,
    pub(super) certainty: Certainty,
    pub(super) text: &'static str,
    pub(super) fix: &'static str,
}

/// What a request's headers tell of its credential.
pub(super) fn sent(exchange: Option<&Exchange>, own: Option<&WireNames>) -> Sent {
    let Some(request) = exchange.map(|e| &e.request) else {
        return Sent::NotRecorded;
    };
    let headers = request.headers.as_ref();
    let all: Vec<&str> = headers
        .map(|h| h.all("authorization").collect())
        .unwrap_or_default();
    let in_query = own.map_or(&[][..], |wire| &wire.query);
    let mut own = own.map(|wire| &wire.credential).into_iter().flatten();
    if all.is_empty() && own.any(|name| headers.is_some_and(|h| h.has(name))) {
        return Sent::Sound;
    }
    // What is in the query was sent, and is no header in good form.
    if all.is_empty() && request.has_credential_in_query(in_query) {
        return Sent::NotRecorded;
    }
    if all.is_empty() {
        return match request.credential() {
            Carried::Seen => Sent::Sound,
            Carried::Absent => Sent::Nothing,
            Carried::NotRecorded => Sent::NotRecorded,
        };
    }
    match fault(&all) {
        Some(fault) if fault.certainty < Certainty::Possible => Sent::Malformed,
        _ if other_scheme(all[0]).is_some() => Sent::OtherScheme,
        _ => Sent::Sound,
    }
}

/// The scheme before a JWT, where it is none that a standard has for tokens.
pub(super) fn other_scheme(value: &str) -> Option<&str> {
    let (scheme, rest) = value.split_once(' ')?;
    let known = Scheme::named(scheme)?;
    let takes_one_word = matches!(known.follows, Follows::Token | Follows::Password);
    (takes_one_word && !known.is_standard_token() && is_jwt(rest)).then_some(scheme)
}

fn is_jwt(text: &str) -> bool {
    matches!(Token::read(text.as_bytes()).form, Form::Jws(_))
}

/// Whether the scheme is written in lower case, which some servers refuse although RFC 9110 §11.1 forbids that.
pub(super) fn lower_case_scheme(exchange: Option<&Exchange>) -> bool {
    let value = exchange.and_then(|e| e.request.header("authorization"));
    value
        .and_then(|value| value.split_once(' '))
        .is_some_and(|(scheme, _)| is_lower_case(scheme))
}

/// Whether a bearer token was sent.
pub(super) fn is_bearer(exchange: Option<&Exchange>) -> bool {
    let value = exchange.and_then(|e| e.request.header("authorization"));
    let scheme = value.and_then(|value| value.split(' ').next());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"))
}

/// The first thing that is wrong with the header's values.
pub(super) fn fault(values: &[&str]) -> Option<Fault> {
    let value = *values.first()?;
    if values.len() > 1 {
        return Some(malformed(
            "Two `Authorization` headers were sent; a server may take either, or none.",
            "Send exactly one.",
        ));
    }
    if value.contains(['\n', '\r', '\t']) || value.contains("%0A") || value.contains("\\n") {
        return Some(malformed(
            "The header contains a line break or tab.",
            "Trim the credential before you put it into the header: files and secrets often end with a line break.",
        ));
    }
    if Scheme::named(value.trim()).is_some() {
        return Some(lone(value.trim()));
    }
    if value != value.trim() || ends_in_blank(value) {
        return Some(malformed(
            "The header begins or ends with a space.",
            "Trim the credential before it is put into the header.",
        ));
    }
    if value.is_empty() {
        return Some(Fault {
            cause: &HEADER_MISSING,
            certainty: Certainty::Derived,
            text: "The `Authorization` header is empty.",
            fix: "Check the variable that should contain the token.",
        });
    }
    match value.split_once(' ') {
        Some((scheme, rest)) => between(scheme, rest).or_else(|| bearer_or_case(scheme, rest)),
        None if tells_nothing(value) => None,
        None => Some(lone(value)),
    }
}

fn malformed(text: &'static str, fix: &'static str) -> Fault {
    Fault {
        cause: &HEADER_MALFORMED,
        certainty: Certainty::Derived,
        text,
        fix,
    }
}

/// What is wrong where the scheme ends and the credential begins.
fn between(scheme: &str, rest: &str) -> Option<Fault> {
    const FORM: &str = "Send `Bearer`, one space, the token.";
    if rest.starts_with(' ') {
        return Some(malformed(
            "More than one space separates the scheme and the credential.",
            FORM,
        ));
    }
    if scheme.eq_ignore_ascii_case("authorization:") {
        return Some(malformed(
            "The value of the header begins with the header's own name.",
            "Set only the value: the scheme, one space, the credential.",
        ));
    }
    if scheme.ends_with([':', ',', '=']) || scheme.starts_with(['"', '\'']) {
        return Some(malformed(
            "The scheme is followed by a character that does not belong there.",
            FORM,
        ));
    }
    if stands_twice(scheme, rest) {
        return Some(malformed(
            "The header has the scheme twice.",
            "Either the library or the program adds the scheme, not both: send `Bearer`, one space, the token.",
        ));
    }
    if rest.starts_with(['"', '\'']) {
        return Some(malformed(
            "The credential is in quotes.",
            "Send it without quotes.",
        ));
    }
    None
}

fn bearer_or_case(scheme: &str, rest: &str) -> Option<Fault> {
    let known = Scheme::named(scheme);
    let standard = known.is_some_and(Scheme::is_standard_token);
    let token = standard.then(|| bearer(rest)).flatten();
    let password = known.is_some_and(|s| s.follows == Follows::Password);
    let token = token.or_else(|| {
        (password && is_jwt(rest)).then(|| {
            malformed(
                "This scheme takes a user name and password in base64, and a JWT was sent (RFC 7617 §2).",
                "Send `Bearer`, one space, the token.",
            )
        })
    });
    token.or_else(|| lower(scheme))
}

/// Behind a scheme whose credential is one word, another such scheme.
fn stands_twice(scheme: &str, rest: &str) -> bool {
    let known = |word: &str| {
        Scheme::named(word).is_some_and(|s| matches!(s.follows, Follows::Token | Follows::Password))
    };
    known(scheme) && rest.split([' ', ',']).any(known)
}

fn ends_in_blank(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    ["<space>", "<blank>", "<newline>"]
        .iter()
        .any(|mark| lower.ends_with(mark))
}

/// A header value without a blank: a scheme without a credential, or a credential without its scheme.
fn lone(value: &str) -> Fault {
    if Scheme::named(value).is_some() {
        Fault {
            cause: &HEADER_MISSING,
            certainty: Certainty::Derived,
            text: "A scheme was sent without a credential.",
            fix: "Check the variable that should contain the token: it is empty.",
        }
    } else {
        Fault {
            cause: &HEADER_MALFORMED,
            certainty: Certainty::Derived,
            text: "The credential was sent without its scheme.",
            fix: "Send `Bearer`, one space, the token.",
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
            text: "The request carried a literal such as `null`, or an unfilled placeholder, in place of a token.",
            fix: "Check where the token comes from: the variable was empty or was never filled in.",
        });
    }
    rest.contains([' ', ',', ';']).then_some(Fault {
        cause: &HEADER_MALFORMED,
        certainty: Certainty::Derived,
        text: "The credential contains a space, comma or semicolon, which no bearer token has (RFC 6750 §2.1).",
        fix: "Send one token and nothing else after the scheme.",
    })
}

/// A standard's scheme whose capitals are lost.
fn is_lower_case(scheme: &str) -> bool {
    let known = Scheme::named(scheme).filter(|s| s.usage == Usage::Standard && s.carries_secret());
    known.is_some_and(|known| known.name.to_ascii_lowercase() == scheme)
}

fn lower(scheme: &str) -> Option<Fault> {
    is_lower_case(scheme).then_some(Fault {
        cause: &HEADER_MALFORMED,
        certainty: Certainty::Possible,
        text: "The scheme is written in lower case. Schemes are case-insensitive (RFC 9110 §11.1), but some servers compare them exactly.",
        fix: "Write it as its standard does: `Bearer`, `Basic`, `DPoP`.",
    })
}

/// A header's shape without its credential: scheme, then length.
pub(super) fn shape(value: &str) -> String {
    match value.trim().split_once(' ') {
        Some((scheme, rest)) if scheme.len() <= 12 => {
            format!("{scheme}, then {} characters", rest.chars().count())
        }
        _ => format!("{} characters without a scheme", value.chars().count()),
    }
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
            "REDACTED",
            "[FILTERED]",
            "<hidden>",
            "********",
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
        for empty in ["Bearer", "Bearer ", " Basic "] {
            assert_eq!(cause(empty), Some("header.missing"), "{empty}");
        }
    }

    #[test]
    fn a_credential_in_a_field_of_the_users_own_table_was_sent() {
        let mut exchange = Exchange::default();
        let mut headers = crate::http::Headers::default();
        headers.push("X-My-Token", "abc");
        exchange.request.headers = Some(headers);
        let own = WireNames {
            credential: vec!["x-my-token".to_owned()],
            ..WireNames::default()
        };
        assert_eq!(sent(Some(&exchange), Some(&own)), Sent::Sound);
        assert_eq!(sent(Some(&exchange), None), Sent::Nothing);
    }
}

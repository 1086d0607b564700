//! Was the request itself in form? Its credential header, its URL, its method, as they were really sent.

use super::facts::Facts;
use super::header::{Sent, fault, other_scheme, shape};
use super::said::Ending;
use super::voices;
use crate::finding::{
    BINDING_REQUIRED, CORS_PREFLIGHT, Certainty, Finding, HEADER_MALFORMED, HEADER_MISSING,
    HEADER_STRIPPED, HEADER_UNWANTED, REQUEST_INVALID, TOKEN_MALFORMED, TOKEN_TYPE,
};
use crate::http::{Carried, Exchange, Follows, Request, Scheme, Shell, Usage, Variable};
use crate::table::Principal;
use crate::token::redact;

/// A recorded request without a credential, which a 401 met.
const ABSENT: i32 = 38;

/// What is seen in the request, and may be the fault, goes before what a code with several meanings may mean.
const SEEN: i32 = 35;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(exchange), Some(said)) = (facts.exchange(), &facts.said) else {
        return Vec::new();
    };
    let request = &exchange.request;
    // What was sent is judged also where no answer came or none was recorded.
    if matches!(said.ending, Ending::NotRecorded | Ending::NoAnswer) {
        let unfilled = || request.variable.as_ref().and_then(unfilled);
        return header(request)
            .or_else(unfilled)
            .or_else(|| refused_by_client(exchange))
            .into_iter()
            .collect();
    }
    if !matches!(said.ending, Ending::Refused) {
        return Vec::new();
    }
    let mut out = Vec::new();
    out.extend(preflight(facts, exchange));
    out.extend(unwanted(facts, request));
    out.extend(header(request));
    out.extend(request.variable.as_ref().and_then(unfilled));
    out.extend(request.variable.as_ref().and_then(perhaps_unfilled));
    out.extend(scheme(facts, request).or_else(|| unusual_scheme(facts, request)));
    out.extend(unproven(facts, request));
    out.extend(stripped_by_redirect(facts, request));
    out.extend(nothing_sent(facts));
    out.extend(underscored(facts, request));
    out.extend(nobody_behind_it(facts));
    out.extend(fragment(request));
    out
}

/// The request is the browser's preflight, or has its method alone.
fn preflight(facts: &Facts<'_>, exchange: &Exchange) -> Option<Finding> {
    let request = &exchange.request;
    let bare = request.header("authorization").is_none();
    if request.method.as_deref() != Some("OPTIONS") || !bare {
        return None;
    }
    let text = match is_browsers(exchange) {
        true => {
            "The refused request is OPTIONS, the browser's preflight: it never carries credentials (Fetch standard), so no token helps."
        }
        false => {
            "The refused request is OPTIONS without a credential, as a browser's preflight is (Fetch standard): if it is one, no token helps."
        }
    };
    let mut finding =
        Finding::error(&CORS_PREFLIGHT, Certainty::Derived, text).seen("method", "OPTIONS");
    if !is_browsers(exchange) {
        finding.conditional = true;
        finding = finding.open(match request.carried("origin") {
            Carried::Absent => {
                "whether a browser sends it like this: no `Origin` is among its headers"
            }
            _ => "whether a browser sent it: its headers are not recorded",
        });
    }
    Some(finding.fix(match facts.case.table {
        Some(table) => format!(
            "Whoever runs {} has to answer OPTIONS without credentials. If that is not you, call it from a server of your own, or from an origin that it allows. The token is not at fault.",
            table.provider.info.name
        ),
        None => "Let the server answer OPTIONS without asking for credentials, with the Access-Control-Allow-* headers; the token is not at fault.".to_owned(),
    }))
}

/// Whether the browser shows: by what it adds to its requests, or because it tells of the preflight itself.
fn is_browsers(exchange: &Exchange) -> bool {
    let sent = |name: &str| exchange.request.header(name).is_some();
    let added = [
        "access-control-request-method",
        "access-control-request-headers",
        "origin",
        "sec-fetch-mode",
    ];
    added.into_iter().any(sent) || exchange.body().contains("reflight")
}

fn unwanted(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let value = request.header("authorization")?;
    let url = request.url.as_deref()?;
    let (_, query) = url.split_once('?')?;
    let name = query
        .split('&')
        .filter_map(|pair| pair.split('=').next())
        .find(|name| facts.is_signed_by(name))?;
    // A header with a signature of its own is part of what was signed.
    let signature = Scheme::of(value).is_some_and(|s| s.follows == Follows::Parameters);
    (!signature).then(|| {
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

/// The credential is a variable as another shell writes it: the one that ran the command sent something else.
fn unfilled(variable: &Variable) -> Option<Finding> {
    let shell = variable.foreign_to()?;
    let (name, typed) = (shell.name(), &variable.typed);
    // A POSIX shell reads a variable `env` there, which is empty as a rule.
    let sent = match shell {
        Shell::Posix if typed.starts_with('$') => "something else, or nothing,",
        _ => "these characters",
    };
    let text = format!(
        "The command ran in {name}, which does not fill in `{typed}`: it sent {sent} in place of the token."
    );
    Some(
        Finding::error(&TOKEN_MALFORMED, Certainty::Derived, text)
            .seen("the command", typed)
            .fix(format!(
                "Write `{}`, and set the variable in that shell.",
                variable.written_for(shell)
            )),
    )
}

/// A variable of cmd.exe in a command of which nobody knows which shell ran it.
fn perhaps_unfilled(variable: &Variable) -> Option<Finding> {
    let typed = &variable.typed;
    (variable.is_of_cmd() && variable.shell.is_none()).then(|| {
        let text = format!("Only cmd.exe fills in `{typed}`: every other shell sends these characters in place of the token.");
        Finding::candidate(&TOKEN_MALFORMED, text)
            .seen("the command", typed)
            .weighing(SEEN)
            .fix(format!(
                "Write `{}` in a POSIX shell, `{}` in PowerShell.",
                variable.written_for(Shell::Posix),
                variable.written_for(Shell::PowerShell)
            ))
    })
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
        Finding::error(&HEADER_MALFORMED, Certainty::Derived, "The client did not send the request: a header value contains characters that no header may have, usually a line break.")
            .seen("the client", redact::redact(failure))
            .fix("Trim the credential before you put it into the header: files and secrets often end with a line break.")
    })
}

/// A scheme that the server does not name among those it takes (RFC 9110 §11.6.1).
fn scheme(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let taken = &facts.said.as_ref()?.challenges.list;
    let value = request.header("authorization")?;
    let (sent, _) = value.split_once(' ')?;
    let standard = |name: &str| Scheme::named(name).is_some_and(Scheme::is_standard_token);
    let alike = |own: &str| own.eq_ignore_ascii_case(sent) || standard(own) && standard(sent);
    // A token that is bound to a key does not live under another scheme: there the token is in question, not the header.
    let plain = !sent.eq_ignore_ascii_case("dpop")
        && Scheme::named(sent).is_some_and(|s| {
            s.usage != Usage::Own && matches!(s.follows, Follows::Token | Follows::Password)
        });
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
                "The credential was sent with the scheme `{sent}`, and the server expects {names}."
            ),
        )
        .seen("header `WWW-Authenticate`", names.clone())
        .fix(format!(
            "Send it as `Authorization: {} <credential>`.",
            taken[0].scheme
        )),
    )
}

/// A JWT under a scheme that only some products take (RFC 6750 §2.1 has `Bearer`).
fn unusual_scheme(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let sent = other_scheme(request.header("authorization")?)?;
    let named = &facts.said.as_ref()?.challenges.list;
    if facts.sent != Sent::OtherScheme || named.iter().any(|c| c.is(sent)) {
        return None;
    }
    Some(
        Finding::candidate(
            &HEADER_MALFORMED,
            format!("The JWT was sent with the scheme `{sent}`; most servers look for it behind `Bearer` only (RFC 6750 §2.1)."),
        )
        .seen("header `Authorization` as sent", shape(request.header("authorization")?))
        .weighing(SEEN)
        .fix("Send `Bearer`, one space, the token, unless this API's documents name the other scheme."),
    )
}

/// A challenge that asks for a proof only, after a token that came without one (RFC 9449 §7.1).
fn unproven(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let asked = &facts.said.as_ref()?.challenges.list;
    let sent = Scheme::of(request.header("authorization")?)?;
    let only = !asked.is_empty() && asked.iter().all(|c| c.is("DPoP"));
    (only && sent.is_standard_token() && !sent.name.eq_ignore_ascii_case("DPoP")).then(|| {
        Finding::error(
            &BINDING_REQUIRED,
            Certainty::Derived,
            "The server asks for a token with a proof (DPoP), and this one was sent as Bearer (RFC 9449 §7.1).",
        )
        .seen("header `WWW-Authenticate`", "DPoP")
        .seen("scheme", "Bearer")
        .fix("Send `Authorization: DPoP <token>` and a fresh proof, signed with the token's key, in the `DPoP` header.")
    })
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
            .fix("Call the final URL directly (scheme, host, trailing slash).")
    })
}

fn nothing_sent(facts: &Facts<'_>) -> Option<Finding> {
    let said = facts.said.as_ref()?;
    let asked = said.status == Some(400) && !said.challenges.list.is_empty();
    if facts.sent != Sent::Nothing || said.status != Some(401) && !asked {
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
            .fix("Give the token, and ask again."),
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
            .fix("Send `Authorization: Bearer <token>`. Browsers leave it out of a sanitised HAR: if this is one, export it with sensitive data."),
    )
}

/// A header field with an underscore in its name, and a server that saw no credential: nginx drops such fields unless
/// `underscores_in_headers` is on, and a CGI cannot tell them from those with a hyphen.
fn underscored(facts: &Facts<'_>, request: &Request) -> Option<Finding> {
    let mut fields = request.headers.as_ref()?.iter();
    let (name, _) = fields.find(|(name, value)| name.contains('_') && !value.is_empty())?;
    let heard = voices::heard(facts, facts.said.as_ref()?);
    let unseen = heard.iter().find(|one| one.cause == &HEADER_MISSING)?;
    Some(
        Finding::candidate(
            &HEADER_STRIPPED,
            format!("The request has the header field `{name}`: nginx and others drop names with an underscore, and the server says that it saw none."),
        )
        .seen("request headers", name)
        .weighing(unseen.points.max(ABSENT) + 1)
        .fix("Write the name with hyphens, if the API takes it so, or let the proxy pass it on (nginx: `underscores_in_headers on`)."),
    )
}

/// Path segments that stand for the user behind the token.
const OWN: [&str; 7] = [
    "me",
    "self",
    "@me",
    "~",
    "myself",
    "current_user",
    "currentuser",
];

/// A token of an app by itself, on a path that speaks of the user behind the token.
fn nobody_behind_it(facts: &Facts<'_>) -> Option<Finding> {
    let target = facts.case.target.as_ref()?;
    let own = |segment: &&str| OWN.iter().any(|own| segment.eq_ignore_ascii_case(own));
    let segment = target.path.split('/').find(own)?;
    if facts.principal() != Some(Principal::Application) || facts.row.is_some() {
        return None;
    }
    Some(
        Finding::candidate(
            &TOKEN_TYPE,
            format!("The path speaks of the user behind the token (`{segment}`), and this token was issued to an app by itself: there is no user."),
        )
        .seen("path", segment)
        .weighing(SEEN)
        .fix("Get a token by a grant in which a user signs in (authorization code), or name the user by id in the path."),
    )
}

fn fragment(request: &Request) -> Option<Finding> {
    let url = request.url.as_deref()?;
    let (_, after) = url.split_once('#')?;
    (!after.is_empty()).then(|| {
        Finding::candidate(&REQUEST_INVALID, "The URL contains `#`: what follows is a fragment and is never sent, so the server saw a shorter path.")
            .seen("URL", "a part after `#`")
            .fix("Encode it as %23.")
    })
}

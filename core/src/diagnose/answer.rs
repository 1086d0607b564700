//! How did the server refuse? Signatures of the provider first, then the standards' codes and what libraries share.

use super::facts::{Facts, Sent};
use super::said::{Ending, Said};
use super::words;
use crate::finding::{
    self, Cause, Certainty, Finding, HEADER_MISSING, HEADER_STRIPPED, NOTE_CHALLENGE,
    NOTE_CORRELATION, NOTE_INPUT, NOTE_NO_ANSWER, NOTE_REDIRECT, NOTE_RETRIED, PERMISSION_MISSING,
    RATE_LIMITED, RESOURCE_NOT_SHARED, SCOPE_MISSING, Source, TOKEN_EXPIRED, TOKEN_MALFORMED,
    TOKEN_NOT_YET_VALID, TOKEN_REVOKED, TOKEN_UNKNOWN,
};
use crate::http::Speaker;
use crate::scope::{Follow, ScopeSet, close};
use crate::table::{Refusal, Refusals, Trust};
use crate::token::redact;

/// So many explanations of one answer are given.
const MOST: usize = 4;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(said) = &facts.said else {
        return Vec::new();
    };
    let mut out = match said.ending {
        Ending::NoAnswer => no_answer(facts),
        Ending::Redirect => redirect(facts, said),
        Ending::Elsewhere(speaker) => elsewhere(facts, said, speaker),
        Ending::NotRecorded => Vec::new(),
        Ending::Success | Ending::Refused => by_signature(facts, said),
    };
    out.extend(unseen(facts, said));
    out.extend(remarks(facts, said));
    if let Some(fault) = said.challenges.faults.first() {
        out.push(
            Finding::info(
                &NOTE_CHALLENGE,
                format!(
                    "The challenge departs from RFC 9110 §11: {fault}. It was read all the same."
                ),
            )
            .seen(
                "header `WWW-Authenticate`",
                redact::excerpt(
                    crate::http::cut(said.header("www-authenticate").unwrap_or_default(), 1024).0,
                ),
            ),
        );
    }
    out
}

fn no_answer(facts: &Facts<'_>) -> Vec<Finding> {
    let why = facts
        .exchange()
        .and_then(|e| e.failure.as_deref())
        .unwrap_or("no answer was recorded");
    if why.starts_with("the client would not send") {
        return Vec::new();
    }
    vec![
        Finding::warning(&NOTE_NO_ANSWER, "No answer came: this is the network, a name, a proxy or a certificate, and says nothing about the token.")
            .seen("the client", why),
    ]
}

/// Something on the way answered, or something that the operation does not publish.
fn elsewhere(facts: &Facts<'_>, said: &Said<'_>, speaker: Speaker) -> Vec<Finding> {
    let status = said.status.map(|s| s.to_string()).unwrap_or_default();
    let text = match speaker {
        Speaker::Api => format!(
            "The answer {status} holds neither a token nor an error (RFC 6749 §5): it is not a token endpoint's."
        ),
        _ => format!(
            "The answer {status} is not the API's: it is {speaker}. Nothing follows for the token."
        ),
    };
    let mut note = Finding::warning(&NOTE_NO_ANSWER, text);
    if let Some(excerpt) = said.excerpt() {
        note = note.seen("the answer", excerpt);
    }
    let mut out = by_signature(facts, said);
    out.push(note);
    out
}

fn redirect(facts: &Facts<'_>, said: &Said<'_>) -> Vec<Finding> {
    let Some(location) = said.header("location") else {
        return Vec::new();
    };
    let shown = crate::http::Target::parse("GET", location).map_or_else(
        |_| "another place".to_owned(),
        |target| redact::excerpt(&target.shown_url()),
    );
    let lower = shown.to_ascii_lowercase();
    let mut out = vec![
        Finding::info(&NOTE_REDIRECT, "The server sent the client elsewhere: most clients drop `Authorization` when host or scheme change.")
            .seen("header `Location`", shown.clone()),
    ];
    let login = ["login", "signin", "sign_in", "/auth", "sso", "saml"]
        .iter()
        .any(|word| lower.contains(word));
    if login && !facts.followed() {
        out.push(
            Finding::candidate(&HEADER_MISSING, "The call was sent to a login page: the server saw no credential that it takes here.")
                .seen("header `Location`", shown)
                .fix("Call the API's own host and send `Authorization`; a browser's login page is not an API answer."),
        );
    } else if !facts.followed() {
        out.push(
            Finding::candidate(&HEADER_STRIPPED, "A client that follows this redirect may leave the credential behind.")
                .seen("header `Location`", shown)
                .fix("Call the final URL directly: scheme, host and trailing slash as the server wants them."),
        );
    }
    out
}

/// RFC 6750 §3.1: a challenge without an error code says that no usable token was seen.
fn unseen(facts: &Facts<'_>, said: &Said<'_>) -> Option<Finding> {
    let challenges = &said.challenges.list;
    let bearer = challenges.iter().any(|c| c.is("bearer") || c.is("dpop"));
    let silent = challenges.iter().all(|c| c.param("error").is_none());
    let known = best(facts, said).is_some_and(|(_, refusal)| !refusal.is_bare());
    if said.status != Some(401) || !bearer || !silent || known {
        return None;
    }
    let (cause, text) = match facts.sent {
        Sent::Sound => (
            &HEADER_STRIPPED,
            "The challenge has no error code: the server saw no usable token, although the request carried one (RFC 6750 §3.1). Something on the way removed it, or the server expects another form.",
        ),
        Sent::Malformed => return None,
        Sent::Nothing | Sent::NotRecorded => (
            &HEADER_MISSING,
            "The challenge has no error code: the server saw no usable token (RFC 6750 §3.1).",
        ),
    };
    Some(
        Finding::candidate(cause, text)
            .seen("the answer", redact::excerpt(said.header("www-authenticate").unwrap_or_default()))
            .fix("Look at the request as it leaves the client (`curl -v`), and call the server behind the proxy directly."),
    )
}

/// What else is worth knowing of the exchange: its id for a ticket, how it was read, what followed.
fn remarks(facts: &Facts<'_>, said: &Said<'_>) -> Vec<Finding> {
    let Some(evidence) = &facts.case.evidence else {
        return Vec::new();
    };
    let mut out: Vec<Finding> = evidence
        .exchange
        .remarks
        .iter()
        .map(|remark| Finding::warning(&NOTE_INPUT, format!("{}.", words::capital(remark))))
        .collect();
    if evidence.followed {
        out.push(Finding::info(
            &NOTE_RETRIED,
            "A later exchange follows from this one and carries the verdict.",
        ));
    }
    if evidence.before.is_some() {
        out.push(Finding::info(
            &NOTE_RETRIED,
            "This exchange follows from an earlier one: a redirect, or the same call made again.",
        ));
    }
    if said.ending == Ending::Refused {
        let names = evidence.refusals.iter().flat_map(|r| &r.correlation);
        let found = names.filter_map(|name| Some((name, said.response?.headers.get(name)?)));
        for (name, value) in found.take(2) {
            out.push(Finding::info(
                &NOTE_CORRELATION,
                format!("For a ticket: {name} {value}."),
            ));
        }
    }
    out
}

/// The signature that decides: of the first provider that has one; one that goes by the status alone comes last.
fn best<'f>(facts: &'f Facts<'_>, said: &Said<'_>) -> Option<(&'f Refusals, &'f Refusal)> {
    let evidence = facts.case.evidence.as_ref()?;
    let request = &evidence.exchange.request;
    // A credential that nobody recorded is not one that was absent.
    let form = match facts.form_name() {
        "absent" if facts.sent == Sent::NotRecorded => "opaque",
        form => form,
    };
    let fitting = |refusals: &&'f Refusals, bare: bool| {
        refusals
            .likely(&said.text)
            .find(|r| r.is_bare() == bare && said.fits(r, request, facts.principal(), form))
    };
    [false, true].into_iter().find_map(|bare| {
        evidence
            .refusals
            .iter()
            .find_map(|refusals| Some((*refusals, fitting(refusals, bare)?)))
    })
}

fn by_signature(facts: &Facts<'_>, said: &Said<'_>) -> Vec<Finding> {
    let Some((refusals, refusal)) = best(facts, said) else {
        return stated_scopes(facts, said).into_iter().collect();
    };
    if said.ending == Ending::Success && refusal.signature.status.is_empty() {
        return Vec::new();
    }
    let means: Vec<&'static Cause> = refusal
        .signature
        .means
        .iter()
        .filter_map(|code| finding::by_code(code))
        .collect();
    let sole = means.len() == 1 && !refusal.is_bare();
    let trusted = refusal.signature.trust.is_none_or(|trust| trust < Trust::C);
    let certainty = if sole && trusted {
        Certainty::Stated
    } else {
        Certainty::Possible
    };
    let needed = refusal
        .signature
        .need
        .as_ref()
        .and_then(|need| said.names(need, refusal));
    let mut out: Vec<Finding> = Vec::new();
    let ambiguous: Vec<&'static Cause> = means
        .iter()
        .copied()
        .filter(|cause| sole || !ruled_out(facts, cause))
        .filter(|cause| {
            !(refusal.is_bare() && *cause == &HEADER_MISSING && facts.sent == Sent::NotRecorded)
        })
        .collect();
    let kept = if ambiguous.is_empty() {
        means
    } else {
        ambiguous
    };
    let by_headers = stated_scopes(facts, said).filter(|_| !sole);
    let scope_met = by_headers.is_none() && facts.scopes_meet_headers(said);
    out.extend(by_headers);
    for (number, cause) in kept.into_iter().take(MOST).enumerate() {
        let cause = if cause == &HEADER_MISSING && facts.sent == Sent::Sound {
            &HEADER_STRIPPED
        } else {
            cause
        };
        if out.iter().any(|f| f.cause == cause) || scope_met && !sole && cause == &SCOPE_MISSING {
            continue;
        }
        let answer = Answer {
            said,
            refusals,
            refusal,
            needed: needed.as_ref(),
            sole,
            leads: number == 0,
            by_mark: only_by_mark(facts, refusals),
        };
        out.push(answer.finding(facts, cause, certainty));
    }
    out
}

fn only_by_mark(facts: &Facts<'_>, refusals: &Refusals) -> bool {
    let evidence = facts.case.evidence.as_ref();
    evidence.is_some_and(|e| e.by_mark.contains(&refusals.id))
}

/// Whether what is known of token and request speaks against a possible cause.
fn ruled_out(facts: &Facts<'_>, cause: &Cause) -> bool {
    let token_known = facts.case.credential.token.claims().is_some();
    let alive = facts.exp_after_now();
    match cause {
        c if c == &TOKEN_EXPIRED => alive == Some(true),
        c if c == &TOKEN_NOT_YET_VALID => token_known && !facts.starts_later(),
        c if c == &TOKEN_MALFORMED => token_known,
        c if c == &HEADER_MISSING => matches!(facts.sent, Sent::Malformed),
        c if c == &finding::HEADER_MALFORMED => {
            facts.sent == Sent::Sound && !facts.lower_case_scheme()
        }
        c if c == &HEADER_STRIPPED => matches!(facts.sent, Sent::Nothing | Sent::Malformed),
        c if c == &TOKEN_REVOKED || c == &TOKEN_UNKNOWN => alive == Some(false),
        _ => false,
    }
}

/// A provider's headers that state what is accepted and what is held.
fn stated_scopes(facts: &Facts<'_>, said: &Said<'_>) -> Option<Finding> {
    let evidence = facts.case.evidence.as_ref()?;
    if said.ending != Ending::Refused {
        return None;
    }
    let (refusals, (accepted, granted, any)) = evidence
        .refusals
        .iter()
        .find_map(|r| Some((*r, said.stated_scopes(r)?)))?;
    if accepted.is_empty() || granted.is_empty() || meets(&accepted, &granted, any, refusals) {
        return None;
    }
    let certainty = if said.status == Some(403) {
        Certainty::Derived
    } else {
        Certainty::Possible
    };
    let need = words::alternatives(&alternatives(&accepted, any));
    Some(
        Finding::error(&SCOPE_MISSING, certainty, format!("{} states in its headers what this action accepts: {need}. The token holds none of it.", words::capital(&refusals.name)))
            .seen("accepted", accepted.join(", "))
            .seen("held", granted.to_vec().join(", "))
            .fix(format!("Get a token with {need}.")),
    )
}

pub(super) fn meets(
    accepted: &[String],
    granted: &ScopeSet,
    any: bool,
    refusals: &Refusals,
) -> bool {
    let names: Vec<&str> = accepted.iter().map(String::as_str).collect();
    let (held, _) = close(granted, &refusals.implies, &names, Follow::Known);
    if any {
        accepted.iter().any(|name| held.contains(name))
    } else {
        accepted.iter().all(|name| held.contains(name))
    }
}

fn alternatives(names: &[String], any: bool) -> Vec<Vec<String>> {
    if any {
        names.iter().map(|name| vec![name.clone()]).collect()
    } else {
        vec![names.to_vec()]
    }
}

/// One answer under one signature.
struct Answer<'f> {
    said: &'f Said<'f>,
    refusals: &'f Refusals,
    refusal: &'f Refusal,
    needed: Option<&'f (Vec<String>, bool)>,
    sole: bool,
    /// Whether this is the likeliest of its causes.
    leads: bool,
    /// Whether only the wording tells whose answer it is.
    by_mark: bool,
}

impl Answer<'_> {
    fn finding(&self, facts: &Facts<'_>, cause: &'static Cause, certainty: Certainty) -> Finding {
        let speaks_of_rights =
            [&SCOPE_MISSING, &PERMISSION_MISSING, &RESOURCE_NOT_SHARED].contains(&cause);
        let needed = self.needed.filter(|_| speaks_of_rights);
        let held = needed
            .filter(|_| cause == &SCOPE_MISSING)
            .is_some_and(|(names, any)| facts.holds(names, *any));
        let certainty = if held { Certainty::Possible } else { certainty };
        let mut finding = Finding::error(cause, certainty, self.message(cause, needed, held));
        finding.by_answer = true;
        if let Some(excerpt) = self.said.excerpt().filter(|_| self.leads) {
            finding = finding.seen("the answer", excerpt);
        }
        if let Some((names, _)) = needed {
            finding = finding.seen("named as needed", names.join(", "));
        }
        let have = self
            .refusal
            .signature
            .have
            .as_ref()
            .and_then(|have| self.said.names(have, self.refusal));
        if let Some((names, _)) = have.filter(|_| speaks_of_rights) {
            finding = finding.seen("named as held", names.join(", "));
        }
        if let Some(wait) = self
            .said
            .header("retry-after")
            .filter(|_| cause == &RATE_LIMITED)
        {
            finding = finding.seen("header `Retry-After`", wait);
        }
        finding = finding.from_source(self.source());
        match (&self.refusal.signature.fix, needed) {
            (Some(fix), _) => finding.fix(fix.clone()),
            (None, Some((names, any))) if cause == &SCOPE_MISSING => finding.fix(format!(
                "Have the app ask for {}, and get a new token: an issued one never changes.",
                words::alternatives(&alternatives(names, *any))
            )),
            (None, Some((names, any))) => finding.fix(format!(
                "Give {} to the user, role or service account behind the token.",
                words::alternatives(&alternatives(names, *any))
            )),
            (None, None) => match page_advice(cause) {
                Some(advice) => finding.fix(advice),
                None => finding,
            },
        }
    }

    fn message(&self, cause: &Cause, needed: Option<&(Vec<String>, bool)>, held: bool) -> String {
        let status = self
            .said
            .status
            .map(|s| format!(" {s}"))
            .unwrap_or_default();
        let said = self.refusal.signature.say.as_deref();
        let name = &self.refusals.name;
        let who = if self.by_mark {
            format!("The answer{status} is worded as by {name}")
        } else {
            format!("{} answered{status}", words::capital(name))
        };
        let mut text = match (self.sole, said) {
            (true, Some(say)) => format!("{who}: {say}"),
            (true, None) => format!("{who}: {}", cause.summary),
            (false, Some(say)) if self.leads => {
                format!("{who}: {say} It may mean: {}", cause.summary)
            }
            (false, _) => {
                let also = if self.leads { "" } else { " also" };
                let whose = if self.by_mark { "worded as by" } else { "of" };
                format!(
                    "The answer{status} {whose} {name} may{also} mean: {}",
                    cause.summary
                )
            }
        };
        if let Some((names, any)) = needed {
            text.extend([
                " It names ",
                &words::alternatives(&alternatives(names, *any)),
                ".",
            ]);
        }
        if held {
            text.push_str(
                " That is already held: the server may name the wrong one, or mean another token.",
            );
        }
        text
    }

    fn source(&self) -> Option<Source> {
        let source = self
            .refusals
            .source(self.refusal.signature.src.as_deref())?;
        let trust = self.refusal.signature.trust.or(source.trust);
        Some(Source {
            name: source.address(),
            date: source.date.clone(),
            trust: trust.map(|trust| trust.letter().to_owned()),
        })
    }
}

/// The first sentence of the page's advice.
fn page_advice(cause: &Cause) -> Option<String> {
    let (_, part) = cause.page.split_once("## What to do")?;
    let text = part.trim_start().lines().next()?;
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    Some(text[..end].to_owned())
}

/// What would tell the first two explanations apart.
pub(super) fn question(facts: &Facts<'_>) -> Option<String> {
    let said = facts.said.as_ref()?;
    let (_, refusal) = best(facts, said)?;
    refusal.signature.ask.clone()
}

//! How did the server refuse? Signatures of the provider first, then the standards' codes and what libraries share.

use super::alike;
use super::facts::{Facts, Sent};
use super::names::meets;
use super::region;
use super::said::{Ending, Said};
use super::voice::{By, Voice};
use super::voices::{self, Heard};
use super::wording::{Worded, alternatives, in_words};
use super::words;
use crate::finding::{
    Certainty, Finding, HEADER_MISSING, HEADER_STRIPPED, NOTE_CHALLENGE, NOTE_CORRELATION,
    NOTE_INPUT, NOTE_NO_ANSWER, NOTE_REDIRECT, NOTE_RETRIED, SCOPE_MISSING,
};
use crate::http::challenge::Challenge;
use crate::http::{Scheme, Speaker};
use crate::token::redact;
use std::borrow::Cow;

/// So many explanations of one answer are given.
const MOST: usize = 4;

/// More points than a status alone gives.
const SPEAKS: i32 = 22;

/// A cause that another comes nearer to than this many points is not stated.
const NEAR_CODE: i32 = 4;
const NEAR_WORDS: i32 = 15;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(said) = &facts.said else {
        return Vec::new();
    };
    let heard = voices::heard(facts, said);
    let unseen = unseen(facts, said, &heard);
    let region = region::elsewhere(facts, said, &heard);
    let mut out = match said.ending {
        Ending::NoAnswer => no_answer(facts),
        Ending::Redirect => redirect(facts, said),
        Ending::Elsewhere(speaker) => elsewhere(facts, said, speaker, heard),
        Ending::NotRecorded => Vec::new(),
        Ending::Success | Ending::Refused => by_signature(facts, said, heard),
    };
    out.extend(unseen);
    out.extend(region);
    out.extend(remarks(facts, said));
    if let Some(fault) = said.challenges.faults.first() {
        out.push(
            Finding::info(
                &NOTE_CHALLENGE,
                format!("The challenge departs from RFC 9110 §11: {fault}. It was read anyway."),
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
        Finding::warning(&NOTE_NO_ANSWER, "No answer came: the network, DNS, a proxy or a certificate is the reason. This says nothing about the token.")
            .seen("the client", why),
    ]
}

/// Something on the way answered, or something that the operation does not publish.
fn elsewhere<'f>(
    facts: &'f Facts<'_>,
    said: &'f Said<'_>,
    speaker: Speaker,
    heard: Vec<Heard<'f>>,
) -> Vec<Finding> {
    let status = said.status.map(|s| s.to_string()).unwrap_or_default();
    let text = match speaker {
        Speaker::Api => format!(
            "The answer {status} has neither a token nor an error (RFC 6749 §5): it does not come from a token endpoint."
        ),
        _ => format!(
            "The answer {status} is not the API's: it is {speaker}. It says nothing about the token."
        ),
    };
    let mut note = Finding::warning(&NOTE_NO_ANSWER, text);
    if let Some(excerpt) = said.excerpt(None) {
        note = note.seen("the answer", excerpt);
    }
    let mut out = by_signature(facts, said, heard);
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
        Finding::info(&NOTE_REDIRECT, "The server redirected the client: most clients drop `Authorization` when host or scheme changes.")
            .seen("header `Location`", shown.clone()),
    ];
    let login = ["login", "signin", "sign_in", "/auth", "sso", "saml"]
        .iter()
        .any(|word| lower.contains(word));
    if login && !facts.followed() {
        out.push(
            Finding::candidate(&HEADER_MISSING, "The call was sent to a login page: the server saw no credential that it accepts here.")
                .seen("header `Location`", shown)
                .fix("Call the API's own host and send `Authorization`; a browser's login page is not an API answer."),
        );
    } else if !facts.followed() {
        out.push(
            Finding::candidate(
                &HEADER_STRIPPED,
                "A client that follows this redirect may drop the credential.",
            )
            .seen("header `Location`", shown)
            .fix("Call the final URL directly (scheme, host, trailing slash)."),
        );
    }
    out
}

/// RFC 6750 §3.1: a challenge without an error code says that no usable token was seen.
fn unseen(facts: &Facts<'_>, said: &Said<'_>, heard: &[Heard<'_>]) -> Option<Finding> {
    let challenges = &said.challenges.list;
    let token = |c: &Challenge| Scheme::named(&c.scheme).is_some_and(Scheme::is_standard_token);
    let bearer = challenges.iter().any(token);
    let silent = challenges.iter().all(|c| c.param("error").is_none());
    let worded = voices::is_worded(said);
    if said.status != Some(401) || !bearer || !silent || worded {
        return None;
    }
    if heard.iter().any(|one| one.points > SPEAKS) {
        return None;
    }
    let (cause, text) = match facts.sent {
        Sent::Sound => (
            &HEADER_STRIPPED,
            "The challenge has no error code: the server saw no usable token, although the request carried one (RFC 6750 §3.1). Something on the way removed it, or the server expects another form.",
        ),
        Sent::Malformed | Sent::OtherScheme => return None,
        Sent::Nothing | Sent::NotRecorded => (
            &HEADER_MISSING,
            "The challenge has no error code: the server saw no usable token (RFC 6750 §3.1).",
        ),
    };
    Some(
        Finding::candidate(cause, text)
            .seen("the answer", redact::excerpt(said.header("www-authenticate").unwrap_or_default()))
            .weighing(SPEAKS)
            .fix("Look at the request that the client sends (`curl -v`), and call the server behind the proxy directly."),
    )
}

/// How the server refused, in its own words.
pub(super) fn words_of(facts: &Facts<'_>) -> Option<String> {
    let said = facts.said.as_ref()?;
    let told = facts.exchange().is_some_and(|exchange| exchange.hearsay);
    let refused = said.ending == Ending::Refused && !said.body.is_page() && !told;
    let words = refused.then(|| said.excerpt(None)).flatten();
    words.map(Cow::into_owned)
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
            "A later request follows from this one: the verdict is there.",
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
        let mut known: Vec<&str> = Vec::new();
        for (name, value) in found {
            // One id may stand in several fields.
            if known.len() < 2 && !known.contains(&value) {
                known.push(value);
                out.push(correlation(name, value));
            }
        }
    }
    out
}

/// The id by which the vendor's support finds the request, unless somebody took it out.
fn correlation(name: &str, value: &str) -> Finding {
    if redact::is_hidden_id(value) {
        let text = format!("For a ticket: the value of `{name}`, which this evidence hides.");
        return Finding::info(&NOTE_CORRELATION, text).seen("hidden request id", name);
    }
    let id = format!("{name} {value}");
    Finding::info(&NOTE_CORRELATION, format!("For a ticket: {id}.")).seen("request id", id)
}

fn by_signature<'f>(
    facts: &'f Facts<'_>,
    said: &'f Said<'_>,
    mut heard: Vec<Heard<'f>>,
) -> Vec<Finding> {
    if said.ending == Ending::Success {
        keep_expected(&mut heard);
    }
    let named = heard.first().is_some_and(Heard::is_named);
    let by_headers = stated_scopes(facts, said).filter(|_| !named);
    let scope_met = by_headers.is_none() && facts.scopes_meet_headers(said);
    let mut out: Vec<Finding> = by_headers.into_iter().collect();
    let named = certainty(&heard) == Certainty::Stated;
    // Nobody quotes the server where a person tells of its answer.
    let told = facts.exchange().is_some_and(|exchange| exchange.hearsay);
    // What surrounds the words of a page is like anything, and a person's words are no server's.
    let sure = match said.body.is_page() || told {
        true => named,
        false => alike::order(&mut heard, &said.reading.likely, named),
    };
    let certain = match sure && !told {
        true => Certainty::Stated,
        false => Certainty::Possible,
    };
    if certain == Certainty::Stated {
        // What the answer names leaves no room for what it only might mean.
        let by_code = |one: &Heard<'_>| one.voices.iter().any(|voice| voice.sole);
        match heard.first() {
            Some(first) if by_code(first) => heard.truncate(1),
            Some(first) => {
                let least = first.points / 2;
                heard.retain(|one| one.points > least);
            }
            None => {}
        }
    }
    // What a table knows of the wording is told in full.
    let worded = |one: &&Heard<'_>| one.voices.iter().any(Voice::is_worded);
    let rest = heard.iter().skip(MOST).filter(worded).take(MOST);
    for (number, one) in heard.iter().take(MOST).chain(rest).enumerate() {
        let sure = number == 0 && certain == Certainty::Stated;
        let stands = out.iter().any(|f| f.cause == one.cause);
        if stands || scope_met && !sure && one.cause == &SCOPE_MISSING {
            continue;
        }
        let certainty = if sure {
            Certainty::Stated
        } else {
            Certainty::Possible
        };
        out.extend(finding(facts, said, one, certainty, number == 0));
    }
    out
}

/// The status of a success is no refusal: only wordings that expect it count.
fn keep_expected(heard: &mut Vec<Heard<'_>>) {
    for one in heard.iter_mut() {
        one.voices.retain(|voice| match voice.by {
            By::Wording { refusal, .. } => !refusal.signature.status.is_empty(),
            By::Words(_) => false,
        });
    }
    heard.retain(|one| !one.voices.is_empty());
}

/// The answer names its first cause where a code or clear words do, nothing speaks against it, and no other cause comes near.
fn certainty(heard: &[Heard<'_>]) -> Certainty {
    let Some(first) = heard.first().filter(|first| first.is_named()) else {
        return Certainty::Possible;
    };
    let by_code = first.voices.first().is_some_and(|voice| voice.sole);
    // Where a product is known to mean several things by it, the words alone do not decide.
    let several = heard.iter().any(|one| one.voices.iter().any(Voice::is_own));
    // Of the meanings of a code, a clear sentence beside it tells which; a sentence with several meanings stays open.
    let own = || {
        heard
            .iter()
            .flat_map(|one| &one.voices)
            .filter(|v| v.is_own())
    };
    let decided =
        first.is_worded() && first.voices.iter().any(Voice::is_own) && own().all(Voice::is_open);
    if several && !by_code && !decided {
        return Certainty::Possible;
    }
    // A code that only betrays its owner by itself may be somebody else's, whose words say something else.
    if by_code && first.is_lone_code() && heard.iter().skip(1).any(Heard::is_worded) {
        return Certainty::Possible;
    }
    let margin = if by_code { NEAR_CODE } else { NEAR_WORDS };
    let second = heard.get(1).map_or(0, |second| second.points);
    match second.max(first.rival) {
        0 => Certainty::Stated,
        near if near + margin > first.points => Certainty::Possible,
        _ => Certainty::Stated,
    }
}

fn finding(
    facts: &Facts<'_>,
    said: &Said<'_>,
    one: &Heard<'_>,
    certainty: Certainty,
    leads: bool,
) -> Option<Finding> {
    // A wording that a table knows tells more of what it means, and what it names, than the words alone.
    let told = |voice: &&Voice<'_>| voice.is_own() || voice.sole;
    // That words are like those of an answer is told of the likeliest cause only, and where nothing else speaks for one.
    let plain = |voice: &&Voice<'_>| leads || !voice.is_likeness();
    let mut voices = one.voices.iter();
    let named = voices
        .clone()
        .find(told)
        .or_else(|| voices.clone().find(plain));
    let voice = named.or_else(|| voices.next())?;
    let mut finding = match voice.by {
        By::Wording {
            refusals,
            refusal,
            leads: likeliest,
            by_mark,
        } => {
            let need = refusal.signature.need.as_ref();
            let needed = need.and_then(|need| said.names(need, refusal));
            let answer = Worded {
                said,
                refusals,
                refusal,
                needed: needed.as_ref(),
                sole: certainty == Certainty::Stated,
                leads: leads && likeliest,
                first: leads,
                by_mark,
            };
            answer.finding(facts, one.cause, certainty)
        }
        By::Words(sense) => in_words(said, one.cause, sense, certainty, leads),
    };
    if one.cause == &HEADER_MISSING {
        finding = unfilled(facts, finding);
    }
    finding.weight = one.points;
    let told = facts.exchange().is_some_and(|exchange| exchange.hearsay);
    let vague = told || one.voices.iter().all(Voice::is_vague);
    finding.vague = certainty == Certainty::Possible && vague;
    finding.bare = certainty == Certainty::Possible && one.voices.iter().all(Voice::is_status);
    finding.alike = one.voices.iter().all(Voice::is_likeness);
    finding.against = one.voices.iter().find_map(|voice| voice.against);
    Some(finding)
}

/// No token came where the command takes it from a variable.
fn unfilled(facts: &Facts<'_>, mut finding: Finding) -> Finding {
    let request = facts.exchange().map(|exchange| &exchange.request);
    let Some(variable) = request.and_then(|request| request.variable.as_ref()) else {
        return finding;
    };
    // That the shell does not fill it in is a cause of its own.
    if variable.foreign_to().is_some() {
        return finding;
    }
    finding.message = format!(
        "The command takes the token from `{}`, which was empty or which this shell does not fill in. {}",
        variable.typed, finding.message
    );
    finding.fix("Set the variable in the shell that runs the command, and write it as that shell does: `$TOKEN` (sh), `%TOKEN%` (cmd.exe), `$env:TOKEN` (PowerShell).")
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
        Finding::error(
            &SCOPE_MISSING,
            certainty,
            format!(
                "The headers of {} say that this action accepts {need}, which the token lacks.",
                words::capital(&refusals.name)
            ),
        )
        .seen("accepted", accepted.join(", "))
        .seen("held", granted.to_vec().join(", "))
        .fix(format!("Get a token with {need}.")),
    )
}

/// What would tell the first two explanations apart.
pub(super) fn question(facts: &Facts<'_>) -> Option<String> {
    let said = facts.said.as_ref()?;
    let heard = voices::heard(facts, said);
    match heard.first()?.voices.first()?.by {
        By::Wording { refusal, .. } => refusal.signature.ask.clone(),
        By::Words(_) => None,
    }
}

//! What the live server's answers prove together: control against target, with and without the token, beside an
//! invented path.

use super::case::Probed;
use super::facts::Facts;
use crate::finding::{
    Attribute, Certainty, ENDPOINT_UNKNOWN, Finding, HEADER_STRIPPED, NOTE_DOUBT, NOTE_PROBE,
    REGION_MISMATCH, SCOPE_MISSING, Severity,
};
use crate::http::{Role, Speaker};
use crate::table::{KindOutcome, Match};
use crate::token::Form;
use crate::token::redact::is_id;

fn find<'f>(facts: &'f Facts<'_>, role: &Role) -> Option<&'f Probed<'f>> {
    facts.case.probed.iter().find(|probed| probed.role == role)
}

/// Whether the token was seen to live: control or everyday call accepted with it, and not without.
fn alive(facts: &Facts<'_>) -> bool {
    living(facts).is_some()
}

/// Whether there was a token to ask with.
fn had_token(facts: &Facts<'_>) -> bool {
    facts.case.credential.token.form != Form::Absent
}

/// The call that shows that the token lives.
pub(super) fn living(facts: &Facts<'_>) -> Option<String> {
    if !had_token(facts) {
        return None;
    }
    let pairs = [
        (Role::Control, Role::ControlBare),
        (Role::Witness, Role::WitnessBare),
    ];
    let mut shown = pairs.iter().filter_map(|(with, without)| {
        let open = find(facts, without).is_some_and(Probed::succeeded);
        find(facts, with).filter(|with| with.succeeded() && !open)
    });
    Some(format!("with the token, {}", shown.next()?.told()))
}

/// Whether the control refused the token, and no call shows that it lives.
pub(super) fn is_refused_at_all(facts: &Facts<'_>) -> bool {
    let refused = find(facts, &Role::Control).and_then(Probed::status) == Some(401);
    refused && !alive(facts)
}

/// Whether the answer that decides is the control's, not that of the call in question.
pub(super) fn is_controls(facts: &Facts<'_>) -> bool {
    let call = |exchange: &crate::http::Exchange| {
        let request = &exchange.request;
        (request.method.clone(), request.url.clone())
    };
    let decides = facts.exchange().map(call);
    let target = find(facts, &Role::Target).map(|own| call(own.exchange));
    let control = find(facts, &Role::Control).map(|own| call(own.exchange));
    decides.is_some() && decides == control && decides != target
}

/// Whether a control would tell a path that does not exist from one that is hidden: a token was sent, none was asked, and
/// the target was answered as an invented path was.
pub(super) fn lacks_control(facts: &Facts<'_>) -> bool {
    let pair = find(facts, &Role::Target).zip(find(facts, &Role::Sibling));
    let alike = pair.is_some_and(|(target, sibling)| target.alike(sibling));
    let refused = pair.is_some_and(|(target, _)| matches!(target.status(), Some(401 | 403 | 404)));
    had_token(facts) && find(facts, &Role::Control).is_none() && alike && refused
}

/// What live answers prove together outweighs what one of them says.
const PROVEN: i32 = 120;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    out.extend(control(facts));
    out.extend(witness(facts));
    out.extend(target(facts));
    out.extend(unknown_path(facts));
    out.extend(elsewhere(facts));
    out.extend(redirect(facts));
    out.extend(contradiction(facts));
    let remarks = facts.case.remarks.iter();
    out.extend(remarks.map(|text| note(format!("{}.", capital(text)))));
    let proven = |f: &&mut Finding| {
        f.severity == Severity::Error && f.certainty == Certainty::Derived && f.weight == 0
    };
    for finding in out.iter_mut().filter(proven) {
        finding.weight = PROVEN;
    }
    out
}

fn note(text: String) -> Finding {
    Finding::info(&NOTE_PROBE, text)
}

fn control(facts: &Facts<'_>) -> Option<Finding> {
    let control = find(facts, &Role::Control)?;
    let told = control.told();
    let open = find(facts, &Role::ControlBare).is_some_and(Probed::succeeded);
    Some(note(match control.status() {
        Some(_) if !had_token(facts) => {
            format!("The control {told}, without a token: it proves nothing about one.")
        }
        Some(200..=299) if open && control.succeeded() => format!(
            "The control {told}, and without a token it answers the same: it proves nothing about the token."
        ),
        Some(200..=299) if control.succeeded() => {
            format!("The control {told}: the token is valid here.")
        }
        Some(_) if control.speaker() != Speaker::Api => format!(
            "The control {told}: that is {}, and proves nothing about the token.",
            control.speaker()
        ),
        Some(401) => format!(
            "The control {told}: the token is not accepted here at all, whatever the operation asks for."
        ),
        Some(403) => format!(
            "The control {told}: it needs a permission that this token lacks, so it proves only that the token was read."
        ),
        Some(429) => format!(
            "The control {told}: the rate limit is reached, which says nothing about the token."
        ),
        Some(500..=599) => {
            format!(
                "The control {told}: the server is at fault, which says nothing about the token."
            )
        }
        Some(_) => {
            format!("The control {told}: it is of no use as a control.")
        }
        None => format!("The control {told}: that says nothing about the token."),
    }))
}

fn witness(facts: &Facts<'_>) -> Option<Finding> {
    let witness = find(facts, &Role::Witness)?;
    let open = find(facts, &Role::WitnessBare).is_some_and(Probed::succeeded);
    let told = witness.told();
    Some(note(match witness.succeeded() {
        true if !had_token(facts) => {
            format!("The everyday call {told}, without a token: it proves nothing about one.")
        }
        true if open => {
            format!("The everyday call {told}, and without a token it answers the same.")
        }
        true => format!("The everyday call {told}: the token is valid here."),
        false => format!("The everyday call {told}."),
    }))
}

fn target(facts: &Facts<'_>) -> Option<Finding> {
    let target = find(facts, &Role::Target)?;
    let told = target.told();
    if let Some(real) = target.stands_for {
        return Some(note(match target.status() {
            Some(401 | 403) => {
                format!("In place of {real}: {told}. That answer is about the token or its rights.")
            }
            _ => format!("In place of {real}: {told}. It says nothing about the right to {real}."),
        }));
    }
    let bare = find(facts, &Role::TargetBare)?;
    if bare.succeeded() {
        return Some(open_to_all(facts, target, bare));
    }
    (alive(facts) && target.status() == Some(401) && target.alike(bare))
        .then(|| note(format!("With the token {told}, and without the token the answer is the same: the server does not accept this token here, or does not see it.")))
}

/// What succeeds without a token shows nothing about one: at this operation, or at a server that asks nobody for a token.
fn open_to_all(facts: &Facts<'_>, target: &Probed<'_>, bare: &Probed<'_>) -> Finding {
    let controls = [Role::ControlBare, Role::WitnessBare];
    let mut controls = controls.iter().filter_map(|role| find(facts, role));
    let everybody = controls.any(Probed::succeeded);
    let told = bare.told();
    let proves = match had_token(facts) && target.succeeded() {
        true => ", so its answer shows nothing about the token",
        false => "",
    };
    Finding::warning(
        &NOTE_PROBE,
        match everybody {
            true => format!(
                "Without a token {told} too, as other calls did: this server asks nobody for a token{proves}."
            ),
            false => {
                format!("Without a token {told} too: the operation is open to anyone{proves}.")
            }
        },
    )
}

/// Target and an invented path beside it, answered alike: the path does not exist.
fn unknown_path(facts: &Facts<'_>) -> Option<Finding> {
    let (target, sibling) = (find(facts, &Role::Target)?, find(facts, &Role::Sibling)?);
    let yardstick = find(facts, &Role::Yardstick);
    if target.stands_for.is_some() && yardstick.is_some_and(|known| known.alike(sibling)) {
        let method = target
            .exchange
            .request
            .method
            .as_deref()
            .unwrap_or_default();
        return Some(note(format!(
            "{method} gets the same answer on a path that exists and on an invented one ({}): it says nothing about this path.",
            sibling.told()
        )));
    }
    if !target.alike(sibling) {
        return Some(note(format!(
            "An invented path beside it gets another answer ({}): the server knows this path.",
            sibling.told()
        )));
    }
    // A token that nothing accepts is refused on any path, and what it may not see is hidden from it with 404.
    let refused = target.status().is_some_and(|status| status >= 400);
    let lives = alive(facts);
    let telling = refused && (lives || target.status() == Some(404));
    // A server may answer a stand-in alike on every path; then only a whole table confirms it.
    let info = facts.case.table.map(|table| &table.provider.info);
    let whole = info.is_some_and(|info| info.partial_at(facts.path()).is_none());
    // A stock page may say the same of a path and of an object that is missing on it.
    let path = target.exchange.request.target().map(|asked| asked.path);
    let object = path.is_some_and(|path| path.split('/').any(is_id));
    // What nobody publishes is not hidden.
    let shown = lives || whole;
    let sure = shown && (target.stands_for.is_none() || yardstick.is_some() || whole) && !object;
    let certainty = match sure {
        true => Certainty::Derived,
        false => Certainty::Possible,
    };
    let so = match (shown, had_token(facts)) {
        (true, _) => "the server has no such path",
        (false, true) => {
            "the server has no such path, or hides it. No control shows that it accepts the token"
        }
        (false, false) => "the server has no such path, or hides it from calls without a token",
    };
    telling.then(|| {
        Finding::error(
            &ENDPOINT_UNKNOWN,
            certainty,
            format!(
                "{} as an invented path beside it did: {so}.",
                capital(&target.told())
            ),
        )
        .seen("invented path", sibling.told())
        .fix(match shown {
            true => "Call a published operation; no scope helps on a path that does not exist.",
            false => "Compare the path with the API's documentation.",
        })
    })
}

fn elsewhere(facts: &Facts<'_>) -> Option<Finding> {
    let found = facts
        .case
        .probed
        .iter()
        .find_map(|probed| match probed.role {
            Role::Region(region) if probed.succeeded() => Some((region, probed)),
            _ => None,
        });
    let (region, probed) = found?;
    Some(
        Finding::error(
            &REGION_MISMATCH,
            Certainty::Derived,
            format!("The token is valid in {region} and not here: it was issued there."),
        )
        .seen("asked there", probed.told())
        .fix(format!(
            "Call the API of {region}, or get a token from this region's login host."
        )),
    )
}

fn redirect(facts: &Facts<'_>) -> Option<Finding> {
    let target = find(facts, &Role::Target).or(find(facts, &Role::Control))?;
    let response = target.exchange.response.as_ref()?;
    if !matches!(response.status, Some(301 | 302 | 303 | 307 | 308)) {
        return None;
    }
    let to = response.headers.get("location")?;
    let to = crate::http::Target::parse("GET", to)
        .map_or_else(|_| "another URL".to_owned(), |t| t.shown_url());
    let after = find(facts, &Role::Slash);
    let mut finding = Finding::error(&HEADER_STRIPPED, Certainty::Possible, format!("{} and sends the client to {to}. Most clients drop `Authorization` when they follow to another host, and many when the scheme changes.", capital(&target.told())))
        .fix(format!("Call {to} itself."));
    if let Some(after) = after {
        finding = finding.seen("the other spelling", after.told());
    }
    Some(finding)
}

/// The server did what the table denies: the table may be wrong.
fn contradiction(facts: &Facts<'_>) -> Option<Finding> {
    let target = find(facts, &Role::Target).filter(|t| t.stands_for.is_none())?;
    let chosen = facts.chosen.as_ref()?;
    let shut = matches!(chosen.outcome, KindOutcome::Shut | KindOutcome::WrongKind);
    (target.succeeded() && shut).then(|| {
        Finding::warning(&NOTE_DOUBT, format!("The table denies this call, and the server accepted it ({}): the table may be wrong, or the check is switched off.", target.told()))
            .from_source(facts.row_source())
    })
}

/// Drops what the control rules out: a token that lives is not dead, and a path that does not exist needs no scope.
pub(super) fn drop_what_probes_rule_out(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    let living = alive(facts) || super::siblings::alive(facts);
    if facts.case.probed.is_empty() && !living {
        return;
    }
    let unknown = findings
        .iter()
        .any(|f| f.cause == &ENDPOINT_UNKNOWN && f.certainty == Certainty::Derived);
    let elsewhere = findings
        .iter()
        .any(|f| f.cause == &REGION_MISMATCH && f.certainty == Certainty::Derived);
    // The table publishes the call and the token lives: a 404 speaks of the object.
    let published = living && matches!(facts.published, Match::Found(_));
    let others = findings.iter().any(|f| {
        f.severity == Severity::Error && f.cause != &ENDPOINT_UNKNOWN && f.cause != &REGION_MISMATCH
    });
    // The server knows the path: it answers an invented one in another way.
    let known = find(facts, &Role::Target)
        .zip(find(facts, &Role::Sibling))
        .is_some_and(|(target, sibling)| target.stands_for.is_none() && !target.alike(sibling));
    if (published || known) && others {
        findings.retain(|f| f.cause != &ENDPOINT_UNKNOWN || !f.by_answer);
    }
    findings.retain(|finding| {
        let dead = finding.cause.is(Attribute::Fatal)
            || (living && finding.cause == &REGION_MISMATCH && !elsewhere);
        let open = finding.certainty != Certainty::Stated || !facts.case.probed.is_empty();
        let ruled_out = dead && open && finding.by_answer && (living || unknown || elsewhere);
        finding.severity != Severity::Error || !ruled_out
    });
    if unknown {
        for finding in findings.iter_mut().filter(|f| f.cause == &SCOPE_MISSING) {
            finding.certainty = Certainty::Possible;
        }
    }
}

fn capital(text: &str) -> String {
    super::words::capital(text)
}

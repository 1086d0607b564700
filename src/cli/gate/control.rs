//! What the control's answer says of the credential.

use crate::cli::error::Failure;
use crate::cli::probe;
use crate::probe::ProbeResult;
use why401_core::finding::{Judged as Half, Outcome, Verdict};
use why401_core::gate;
use why401_core::http::{Response, Speaker};
use why401_core::triage::Judge;

/// What the control's answers, with the token and without, say of the credential; `worked`: whether the server accepted another call with it.
pub(super) fn controlled(
    judging: &Judge<'_>,
    (control, bare): (&ProbeResult, Option<&ProbeResult>),
    worked: bool,
) -> Result<Half, Failure> {
    let call = format!("{} {}", control.request.method, control.request.url.path());
    let heard = probe::probes(judging, None, &[control], &[])?;
    let exchanges = heard.exchanges.clone();
    let half = match (control.status(), speaker(control)) {
        (Some(200..=299), Speaker::Api) => accepted(&call, bare.and_then(ProbeResult::status)),
        (Some(403), Speaker::Api) => Half::plain(
            Outcome::NotAsked,
            format!(
                "{call} answered 403: it needs a permission of its own, so it proves only that the token was read"
            ),
        ),
        (Some(status), _) if worked && status != 401 => Half::plain(
            Outcome::NotAsked,
            format!("{call} answered {status}; an endpoint accepted the token"),
        ),
        (Some(401), _) => of(&call, Half::of(&heard)),
        (Some(status), speaker) if speaker != Speaker::Api => Half::plain(
            Outcome::CannotTell,
            format!("{call} answered {status}: that is {speaker}, and proves nothing"),
        ),
        _ if heard.verdict == Verdict::Unknown => of(&call, Half::of(&heard)),
        (Some(status), _) => Half::plain(
            Outcome::CannotTell,
            format!("{call} answered {status}, which says nothing about the token"),
        ),
        (None, _) => Half::plain(Outcome::CannotTell, format!("{call} got no answer")),
    };
    Ok(Half {
        undecided: match half.outcome {
            Outcome::CannotTell => vec![gate::CREDENTIAL.to_owned()],
            _ => Vec::new(),
        },
        exchanges,
        ..half
    })
}

/// What it shows that the control accepted the token, beside what it answers without one.
pub(super) fn accepted(call: &str, bare: Option<u16>) -> Half {
    match bare {
        Some(status @ (401 | 403)) => Half::plain(
            Outcome::Pass,
            format!("{call} accepted it, and answers {status} without a token: the token is valid"),
        ),
        Some(status @ 200..=299) => Half::plain(
            Outcome::CannotTell,
            format!(
                "{call} answers {status} without a token too, so it proves nothing about the token"
            ),
        ),
        _ => Half::plain(Outcome::Pass, format!("{call} accepted it")),
    }
}

fn of(call: &str, half: Half) -> Half {
    Half {
        message: format!("{call}: {}", half.message),
        ..half
    }
}

fn speaker(control: &ProbeResult) -> Speaker {
    let response = control.exchange.response.as_ref();
    response.map_or(Speaker::Api, Response::speaker)
}

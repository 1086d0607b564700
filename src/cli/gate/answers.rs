//! What the answers come to: each endpoint by its own, and the credential by all of them where there is no control.

use super::control::accepted;
use super::requests::NotAsked;
use crate::cli::error::Failure;
use crate::cli::probe;
use crate::probe::{self as plan, ProbeResult};
use why401_core::finding::{Judged as Half, Outcome, Verdict};
use why401_core::gate;
use why401_core::http::{Role, Target};
use why401_core::triage::Judge;

/// What the server reported of an endpoint: by its own answer, else by what the control shows of the token.
pub(super) fn answered(
    judging: &Judge<'_>,
    target: &Target,
    own: Result<&ProbeResult, NotAsked>,
    control: Option<&ProbeResult>,
    told: bool,
) -> Result<Half, Failure> {
    let heard: Vec<_> = control
        .into_iter()
        .chain(own.as_ref().ok().copied())
        .collect();
    let decides = own.is_ok() && plan::decisive(&heard).is_some();
    let judged = probe::probes(judging, Some(target.clone()), &heard, &[])?;
    if decides {
        let half = Half::of(&judged);
        let stood_in = own
            .as_ref()
            .ok()
            .filter(|own| own.request.stands_for.is_some());
        return Ok(match stood_in.filter(|own| own.status().is_some()) {
            Some(own) => Half {
                message: format!(
                    "{} in place of {}: {}",
                    own.request.method, target.method, half.message
                ),
                ..half
            },
            None => half,
        });
    }
    if told {
        let shut = judging.question(Some(target.clone()), None)?;
        if shut.verdict == Verdict::Denied {
            return Ok(Half::of(&shut));
        }
    }
    let refused = control.is_some_and(|control| control.status() == Some(401));
    Ok(match own {
        Ok(own) => Half {
            exchanges: judged.exchanges,
            ..Half::plain(
                Outcome::NotAsked,
                format!(
                    "{} replaced {}, and its answer says nothing about {}",
                    own.request.method, target.method, target.method
                ),
            )
        },
        // What the token would open does not matter while the server refuses the token.
        Err(why) if refused => Half {
            undecided: vec![gate::CREDENTIAL.to_owned()],
            ..Half::plain(Outcome::CannotTell, why.to_string())
        },
        Err(why) => Half::plain(Outcome::NotAsked, why.to_string()),
    })
}

/// Whether several paths were asked, the control among them, and all answered 404.
pub(super) fn is_nowhere(heard: &[ProbeResult]) -> bool {
    let mut paths: Vec<_> = heard.iter().map(|own| own.request.url.path()).collect();
    paths.dedup();
    paths.len() > 1 && heard.iter().all(|own| own.status() == Some(404))
}

/// What the endpoints show of the credential where there is no control to ask: with the token and without it. None where
/// nothing was asked, or one of them read the token and nobody knows what it answers without.
pub(super) fn uncontrolled(heard: &[ProbeResult], worked: bool) -> Option<Half> {
    let asked = heard.iter().filter(|own| own.request.role == Role::Target);
    let asked: Vec<Told<'_>> = asked.map(|own| Told::of(own, heard)).collect();
    let mut telling = asked.iter().filter(|own| own.reads_the_token());
    if let Some(own) = telling.clone().find(|own| own.refuses_others()) {
        return Some(accepted(&own.call(), own.bare));
    }
    if let Some(own) = telling.next() {
        let alike = own.answers_alike() && telling.all(Told::answers_alike);
        return alike.then(|| open(own.open_to_all()));
    }
    if worked || asked.is_empty() {
        return None;
    }
    let refused = asked.iter().all(|own| own.status() == Some(401));
    let silent = asked.iter().all(|own| own.status().is_none());
    Some(open(match refused {
        _ if silent => "nobody answered, and that says nothing about the token".to_owned(),
        true => {
            "everything that was asked answered 401, and this API has no control to ask: the server may accept nothing from this credential".to_owned()
        }
        false => "nothing that was asked accepted it, and this API has no control to ask".to_owned(),
    }))
}

fn open(text: String) -> Half {
    Half {
        undecided: vec![gate::CREDENTIAL.to_owned()],
        ..Half::plain(Outcome::CannotTell, text)
    }
}

/// An endpoint's answer, beside what it answers without the token.
struct Told<'h> {
    own: &'h ProbeResult,
    bare: Option<u16>,
}

impl<'h> Told<'h> {
    fn of(own: &'h ProbeResult, heard: &[ProbeResult]) -> Self {
        let same = |other: &&ProbeResult| {
            other.request.role == Role::TargetBare
                && other.request.url == own.request.url
                && other.request.method == own.request.method
        };
        let bare = heard.iter().find(same);
        Self {
            own,
            bare: bare.and_then(ProbeResult::status),
        }
    }

    fn status(&self) -> Option<u16> {
        self.own.status()
    }

    fn call(&self) -> String {
        format!(
            "{} {}",
            self.own.request.method,
            self.own.request.url.path()
        )
    }

    /// Whether the answer may be about the token: it was accepted, or read and found too small (403).
    fn reads_the_token(&self) -> bool {
        matches!(self.status(), Some(200..=299 | 403))
    }

    fn refuses_others(&self) -> bool {
        matches!(
            (self.status(), self.bare),
            (Some(200..=299), Some(401 | 403))
        )
    }

    fn answers_alike(&self) -> bool {
        self.bare.is_some() && self.bare == self.status()
    }

    fn open_to_all(&self) -> String {
        format!(
            "{} answers {} without a token too, so it proves nothing about the token",
            self.call(),
            self.bare.unwrap_or_default()
        )
    }
}

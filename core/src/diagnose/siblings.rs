//! Other calls with the same credential on the same host: whether it lives, and what that rules out.

use super::facts::Facts;
use crate::finding::{Finding, NOTE_SIBLINGS};

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(evidence) = &facts.case.evidence else {
        return Vec::new();
    };
    let refused = facts.said.as_ref().and_then(|said| said.status);
    if refused.is_none_or(|status| status < 400) {
        return Vec::new();
    }
    let siblings = evidence.siblings;
    let calls = |count: u32| match count {
        1 => "1 other call".to_owned(),
        count => format!("{count} other calls"),
    };
    let token = match evidence.exchange.given.same {
        true => "said to be made with this token",
        false => "with this token",
    };
    let text = match (siblings.succeeded(), siblings.refused) {
        (0, 0) => return Vec::new(),
        (0, refused) => format!(
            "None of the calls {token} on this host succeeded; {} answered 401 too.",
            was(&calls(refused), refused)
        ),
        (succeeded, _) if siblings.alive() => format!(
            "{} {token} on this host succeeded: the token is valid here.",
            calls(succeeded)
        ),
        (succeeded, refused) => format!(
            "{} {token} on this host succeeded before; {} answered 401 since.",
            calls(succeeded),
            was(&calls(refused), refused)
        ),
    };
    vec![Finding::info(&NOTE_SIBLINGS, text)]
}

fn was(calls: &str, count: u32) -> String {
    format!("{calls} {}", if count == 1 { "was" } else { "were" })
}

/// The calls that show that the credential lives.
pub(super) fn living(facts: &Facts<'_>) -> Option<String> {
    let evidence = facts.case.evidence.as_ref();
    let evidence = evidence.filter(|evidence| evidence.siblings.alive())?;
    let calls = match evidence.siblings.succeeded() {
        1 => "another call".to_owned(),
        count => format!("{count} other calls"),
    };
    // Whose word it is must not fall off the line.
    let told = match evidence.exchange.given.same {
        true => "as reported, ",
        false => "",
    };
    Some(format!("{told}the token worked in {calls} on this host"))
}

/// Whether other calls show that the credential lives.
pub(super) fn alive(facts: &Facts<'_>) -> bool {
    let evidence = facts.case.evidence.as_ref();
    evidence.is_some_and(|evidence| evidence.siblings.alive())
}

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
    let text = match (siblings.succeeded(), siblings.refused) {
        (0, 0) => return Vec::new(),
        (0, refused) => format!(
            "None of the calls with this token on this host succeeded; {} answered 401 too.",
            was(&calls(refused), refused)
        ),
        (succeeded, _) if siblings.alive() => format!(
            "{} with this token on this host succeeded: the token is valid here.",
            calls(succeeded)
        ),
        (succeeded, refused) => format!(
            "{} with this token on this host succeeded before; {} answered 401 since.",
            calls(succeeded),
            was(&calls(refused), refused)
        ),
    };
    vec![Finding::info(&NOTE_SIBLINGS, text)]
}

fn was(calls: &str, count: u32) -> String {
    format!("{calls} {}", if count == 1 { "was" } else { "were" })
}

/// Whether other calls show that the credential lives.
pub(super) fn alive(facts: &Facts<'_>) -> bool {
    let evidence = facts.case.evidence.as_ref();
    evidence.is_some_and(|evidence| evidence.siblings.alive())
}

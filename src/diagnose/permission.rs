//! May the principal do it? Roles and permissions are another layer than scopes, and a token does not show them.

use super::facts::{Facts, KindBy};
use super::words;
use crate::finding::{Certainty, Finding, PERMISSION_MISSING};
use crate::scope::Answer;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(chosen) = &facts.chosen else {
        return Vec::new();
    };
    let gates = chosen.gates.iter().filter(|gate| gate.gate != "scope");
    gates
        .filter_map(|gate| match &gate.answer {
            Answer::Fail { missing } => Some(denied(
                facts,
                &gate.gate,
                &words::alternatives(&gate.need),
                missing,
            )),
            _ => None,
        })
        .collect()
}

fn denied(facts: &Facts<'_>, gate: &str, need: &str, missing: &[Vec<String>]) -> Finding {
    let row = facts.row.as_ref();
    let doubtful = row.is_some_and(|row| !row.rule.doubt.is_empty() || row.rival.is_some());
    let certainty = if doubtful || facts.is_reported() || facts.kind.1 == KindBy::Assumed {
        Certainty::Possible
    } else {
        Certainty::Derived
    };
    let held = facts
        .held
        .get(gate)
        .map(crate::scope::ScopeSet::to_vec)
        .unwrap_or_default();
    let name = row.map(|row| row.rule.name()).unwrap_or_default();
    let declared = facts.gate(gate);
    let mut finding = Finding::error(
        &PERMISSION_MISSING,
        certainty,
        format!("{name} needs the {gate} {need}; the principal does not hold it."),
    )
    .seen(
        "--permissions",
        if held.is_empty() {
            "(empty)".to_owned()
        } else {
            held.join(", ")
        },
    )
    .seen("missing", words::smallest(missing).join(" or "))
    .from_source(facts.row_source());
    if let Some(fix) = declared.and_then(|gate| gate.fix.clone()) {
        finding = finding.fix(fix);
    }
    finding
}

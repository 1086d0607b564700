//! May the principal do it? Roles and permissions are another layer than scopes, and a token does not show them.

use super::facts::Facts;
use super::words;
use crate::finding::{Finding, NOTE_UNPUBLISHED_SCOPE, PERMISSION_MISSING, SCOPE_MISSING};
use crate::scope::Coverage;
use crate::table::GateAnswer;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(chosen) = &facts.chosen else {
        return Vec::new();
    };
    let gates = chosen.gates.iter().filter(|gate| gate.gate != "scope");
    let denied = gates.filter_map(|gate| match &gate.answer {
        Coverage::Fail { missing } => Some(denied(facts, gate, missing, None)),
        Coverage::Unproven { missing, why } => Some(denied(facts, gate, missing, Some(why))),
        _ => None,
    });
    denied.chain(mistyped(facts)).collect()
}

/// Names given by hand that are not published, where a published one is near.
fn mistyped(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(table), Some(given)) = (facts.case.table, &facts.case.credential.permissions) else {
        return Vec::new();
    };
    let gates = table.provider.gate.iter().filter(|gate| gate.id != "scope");
    let near = |name: &str| {
        let near = gates
            .clone()
            .find_map(|gate| Some((gate, table.name_near(&gate.id, name)?)));
        let (gate, meant) = near.filter(|_| table.gate_of(name).is_none())?;
        let text = format!(
            "`{name}` is not a published {} of {}.",
            gate.id,
            facts.provider_name()
        );
        let note = Finding::warning(&NOTE_UNPUBLISHED_SCOPE, text);
        Some(
            note.meant(name, Some(meant))
                .from_source(facts.published_source()),
        )
    };
    given.iter().filter_map(near).collect()
}

/// The finding: it denies, unless something keeps the row from proving it.
fn denied(
    facts: &Facts<'_>,
    answer: &GateAnswer,
    missing: &[Vec<String>],
    why: Option<&Vec<String>>,
) -> Finding {
    let missing = &facts.in_order(missing);
    let (gate, need) = (
        &answer.gate,
        words::alternatives(&facts.in_order(&answer.need)),
    );
    let row = facts.row.as_ref();
    let held = facts
        .held
        .get(gate)
        .map(crate::scope::ScopeSet::to_vec)
        .unwrap_or_default();
    let name = row.map(|row| row.rule.name()).unwrap_or_default();
    let declared = facts.gate(gate);
    // What the token itself carries is a scope by another name: an app role, a key's permission.
    let carried = declared.is_some_and(|gate| ["token", "client"].contains(&gate.holder.as_str()));
    let (cause, holder) = if carried {
        (&SCOPE_MISSING, "token")
    } else {
        (&PERMISSION_MISSING, "principal")
    };
    let claim = declared.and_then(|gate| gate.seen.strip_prefix("claim:"));
    let place = match claim.filter(|_| facts.case.credential.token.claims().is_some()) {
        Some(claim) => format!("claim {claim}"),
        None => "given by hand".to_owned(),
    };
    let lacks = match place.as_str() {
        "given by hand" => "it is not among those given".to_owned(),
        _ => format!("the {holder} does not have it"),
    };
    let text = format!("{name} needs the {gate} {need}; {lacks}.");
    let finding = match why {
        Some(why) => {
            let text = format!("{text} This is no proof: {}.", why.join("; "));
            Finding::candidate(cause, text)
        }
        None => facts.lack(gate, cause, text),
    };
    let mut finding = finding
        .seen(
            place,
            if held.is_empty() {
                "(empty)".to_owned()
            } else {
                held.join(", ")
            },
        )
        .seen("missing", words::smallest(missing).join(" or "))
        .from_source(facts.row_source());
    if let Some(least) = facts.least() {
        finding = finding.seen("the least that the vendor names", least.join(" and "));
    }
    if let Some(fix) = declared.and_then(|gate| gate.fix.as_deref()) {
        finding = finding.fix(words::filled(fix, missing));
    }
    finding
}

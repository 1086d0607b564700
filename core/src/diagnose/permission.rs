//! May the principal do it? Roles and permissions are another layer than scopes, and a token does not show them.

use super::facts::Facts;
use super::words;
use crate::finding::{
    Certainty, Finding, Meant, NOTE_INPUT, NOTE_RIGHTS, NOTE_UNPUBLISHED_SCOPE, PERMISSION_MISSING,
    SCOPE_MISSING,
};
use crate::scope::Coverage;
use crate::table::{GateAnswer, Held, Part};

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
    let unread = unread_answer(facts);
    let untold = chosen.gates.iter().filter_map(|gate| untold(facts, gate));
    let notes = mistyped(facts).into_iter().chain(unread).chain(untold);
    denied.chain(notes).collect()
}

/// A name that opens the gate and counts in a part of the tenant only, where nobody said in which it is held.
fn untold(facts: &Facts<'_>, answer: &GateAnswer) -> Option<Finding> {
    let part = facts.part(&answer.gate)?;
    let name = bound(facts, part, answer)?;
    let look = part.look.as_deref();
    let look = look.map(|look| format!(" {look}.")).unwrap_or_default();
    let text = format!(
        "`{name}` counts in the {0}s of the role that gives it only, and which these are was not given: write it as in `{1}`.{look}",
        part.name, part.example
    );
    Some(Finding::info(&NOTE_RIGHTS, text).from_source(facts.source(part.src.as_deref())))
}

/// The name that opens a gate and is bound to parts, where it was told without one.
fn bound<'a>(facts: &Facts<'_>, part: &Part, answer: &'a GateAnswer) -> Option<&'a str> {
    let own = facts.held.get(&answer.gate)?;
    let told = |name: &&String| own.told.contains(name) && part.binds(name);
    let opens = matches!(answer.answer, Coverage::Pass { .. });
    let name = answer.need.iter().flatten().find(told).filter(|_| opens)?;
    Some(name)
}

/// An answer of the vendor's API that was given and that the table does not know how to read.
fn unread_answer(facts: &Facts<'_>) -> Option<Finding> {
    let (table, answer) = (facts.case.table?, facts.case.credential.answer.as_ref()?);
    let mut gates = table.provider.gate.iter();
    if gates.any(|gate| table.held_by_answer(&gate.id, answer).is_some()) {
        return None;
    }
    let text = format!(
        "The answer that was given to tell permissions lists no names that the table of {} can read: it counts as nothing told.",
        facts.provider_name()
    );
    Some(Finding::warning(&NOTE_INPUT, text))
}

/// Names given by hand that are not published, where a published one is near.
fn mistyped(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(table), Some(given)) = (facts.case.table, &facts.case.credential.permissions) else {
        return Vec::new();
    };
    let gates = table.provider.gate.iter().filter(|gate| gate.id != "scope");
    let near = |name: &str| {
        let name = table.without_part(name);
        let near = gates
            .clone()
            .find_map(|gate| Some((gate, table.meant_by(&gate.id, name)?)));
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
    let own = facts.held.get(gate);
    let held = own.map(|held| held.told.to_vec()).unwrap_or_default();
    let name = facts.operation().unwrap_or_default();
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
    let part = facts.part(gate);
    let elsewhere = own
        .zip(part)
        .and_then(|(own, part)| held_elsewhere(own, part, missing));
    let lacks = match (&elsewhere, place.as_str()) {
        (Some(elsewhere), _) => format!("the {holder} has {elsewhere}"),
        (None, "given by hand") => "it is not among those given".to_owned(),
        (None, _) => format!("the {holder} does not have it"),
    };
    let text = format!("{name} needs the {gate} {need}; {lacks}.");
    let mut finding = match why {
        Some(why) => {
            let text = format!("{text} This is no proof: {}.", why.join("; "));
            Finding::candidate(cause, text)
        }
        None => facts.lack(gate, cause, text),
    };
    // Of a part that only the query names, no source says whether it is refused or left out of the answer.
    let row_is_about_all = |part: &Part| row.is_some_and(|row| part.is_about_all(&row.rule));
    if elsewhere.is_some() && !part.is_some_and(row_is_about_all) {
        finding.certainty = Certainty::Possible;
    }
    finding = finding
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
    let fix = declared.and_then(|gate| gate.fix.as_deref());
    let fix = fix.map(|fix| words::filled(fix, missing));
    let needed = |slip: &Meant| missing.iter().flatten().any(|name| *name == slip.meant);
    let mut slips = mistyped(facts).into_iter().filter_map(|note| note.meant);
    let Some(slip) = slips.find(needed) else {
        return match fix {
            Some(fix) => finding.fix(fix),
            None => finding,
        };
    };
    finding.certainty = Certainty::Possible;
    let open = format!("whether `{}` is spelled as it was granted", slip.typed);
    let fix = fix.unwrap_or_else(|| "have it granted.".to_owned());
    finding.open(open).fix(words::spelled_first(&slip, &fix))
}

/// What is missing here and held in another part of the tenant: "`pods:list` in the namespace web only".
fn held_elsewhere(own: &Held, part: &Part, missing: &[Vec<String>]) -> Option<String> {
    let mut names = missing.iter().flatten();
    let (name, places) = names.find_map(|name| own.elsewhere.get_key_value(name))?;
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    Some(format!(
        "`{name}` in the {} {} only",
        part.name,
        places.join(" and ")
    ))
}

/// Within which limits a gate is open: a right may count in a part of the tenant only.
pub(super) fn limits(facts: &Facts<'_>, answer: &GateAnswer) -> Vec<String> {
    let (Some(part), Some(own)) = (facts.part(&answer.gate), facts.held.get(&answer.gate)) else {
        return Vec::new();
    };
    let needed = |name: &&String| own.sure.contains(name);
    let needed: Vec<&String> = answer.need.iter().flatten().filter(needed).collect();
    let filtered = needed.iter().find_map(|name| own.filtered.get(*name));
    if let Some(places) = filtered {
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let text = format!(
            "answers with what is in the {} {} only",
            part.name,
            places.join(" and ")
        );
        return vec![text];
    }
    match bound(facts, part, answer) {
        Some(_) => vec![format!(
            "in the {}s of its role, which were not given",
            part.name
        )],
        None => Vec::new(),
    }
}

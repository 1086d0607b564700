//! Does the token carry a scope that opens the operation, and are its scopes what they claim to be?

use super::enforcement;
use super::facts::Facts;
use super::words;
use crate::finding::{
    Certainty, Finding, Meant, NOTE_EXCESS_SCOPE, NOTE_INSUFFICIENT, NOTE_REPORTED, NOTE_RIGHTS,
    NOTE_SCOPE_FORM, NOTE_UNPUBLISHED_SCOPE, SCOPE_MISSING, ScopesFrom,
};
use crate::scope::{Coverage, Need};
use crate::table::Table;
use std::cell::LazyCell;

const GATE: &str = "scope";
/// This many unpublished scopes are named one by one.
const NAMED: usize = 10;

pub(super) fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    out.extend(missing(facts));
    let fails = !out.is_empty();
    out.extend(enforcement::note(facts, fails));
    out.extend(reported(facts));
    out.extend(without_effect(facts));
    out.extend(unpublished(facts));
    out.extend(insufficient(facts));
    out.extend(excess(facts));
    out.extend(facts.scope_flaws.iter().map(|flaw| {
        Finding::warning(
            &NOTE_SCOPE_FORM,
            format!("The scope text has {}.", flaw.text()),
        )
    }));
    out.extend(
        facts
            .rights
            .remarks
            .iter()
            .map(|remark| Finding::info(&NOTE_RIGHTS, words::capital(remark) + ".")),
    );
    out
}

fn needed<'f>(facts: &'f Facts<'_>) -> Option<(&'f Need, &'f Coverage)> {
    let gate = facts
        .chosen
        .as_ref()?
        .gates
        .iter()
        .find(|gate| gate.gate == GATE)?;
    Some((&gate.need, &gate.answer))
}

fn missing(facts: &Facts<'_>) -> Option<Finding> {
    let (need, missing, why) = match needed(facts)? {
        (need, Coverage::Fail { missing }) => (need, missing, None),
        (need, Coverage::Unproven { missing, why }) => (need, missing, Some(why)),
        _ => return None,
    };
    let (need, missing) = (&facts.in_order(need), &facts.in_order(missing));
    let have = facts
        .scopes
        .as_ref()
        .map(crate::scope::ScopeSet::to_vec)
        .unwrap_or_default();
    let mut finding = lack(facts, need, &have, why)
        .seen(
            facts
                .scopes_from
                .as_ref()
                .map_or_else(|| "scopes".to_owned(), ToString::to_string),
            if have.is_empty() {
                "(empty)".to_owned()
            } else {
                have.join(" ")
            },
        )
        .seen("missing", words::smallest(missing).join(" or "))
        .from_source(facts.row_source());
    if let Some(least) = facts.least() {
        finding = finding.seen("the least that the vendor names", least.join(" and "));
    }
    let same_but_case = have.iter().find(|own| {
        missing
            .iter()
            .flatten()
            .any(|name| name.eq_ignore_ascii_case(own))
    });
    let slip = mistyped(facts, &have, missing);
    if let Some((meant, short)) = &slip {
        finding.certainty = Certainty::Possible;
        finding.denies &= !short;
        let typed = &meant.typed;
        finding = finding.open(format!("whether `{typed}` is spelled as it was granted"));
    }
    if let Some(own) = same_but_case {
        finding = finding.seen("differs in case only", own.clone());
    }
    let gate = facts.gate(GATE);
    let published = missing
        .iter()
        .flatten()
        .any(|name| facts.case.table.is_some_and(|t| t.gate_of(name).is_some()));
    let fix = gate.and_then(|gate| Some(words::filled(gate.fix.as_deref()?, missing)));
    let fix = match fix {
        _ if facts.is_reported() && !published => {
            "Check the path first: neither the path nor this scope is published.".to_owned()
        }
        Some(fix) => fix,
        None => words::filled(
            "Add {missing} to the client, then get a new token.",
            missing,
        ),
    };
    Some(finding.fix(match slip {
        Some((meant, _)) => words::spelled_first(&meant, &fix),
        None => fix,
    }))
}

/// A scope that a person typed, where one that is needed was probably meant: what is typed proves little. With whether
/// it is that one written short, as vendors' pages do too (`drive.readonly`): then it proves nothing.
fn mistyped(facts: &Facts<'_>, have: &[String], missing: &Need) -> Option<(Meant, bool)> {
    let table = facts.case.table?;
    let by_hand = facts.scopes_from == Some(ScopesFrom::Person);
    let meant = |own: &String| {
        let meant = table.meant_by(GATE, own).filter(|_| !table.knows(own))?;
        let needed = missing.iter().flatten().any(|name| *name == meant);
        let rest = meant.strip_suffix(own.as_str());
        let short = rest.is_some_and(|rest| rest.ends_with('/'));
        needed.then(|| (Meant::new(own, meant), short))
    };
    have.iter().filter(|_| by_hand).find_map(meant)
}

/// The finding itself: it denies, unless something keeps the row from proving it.
fn lack(facts: &Facts<'_>, need: &Need, have: &[String], why: Option<&Vec<String>>) -> Finding {
    let held = if have.is_empty() {
        "no scope at all".to_owned()
    } else {
        words::names(have)
    };
    let name = facts.operation().unwrap_or_default();
    let unsure = facts.case.expected.enforced.is_none();
    let when = facts.gate(GATE).filter(|_| unsure);
    let when = when.and_then(|gate| gate.enforced_when.as_deref());
    let when = when.map(|when| format!(" {when}")).unwrap_or_default();
    let verb = if facts.is_reported() {
        "is reported to need"
    } else {
        "needs"
    };
    let by = match facts.scopes_from {
        Some(ScopesFrom::Manifest) => "the manifest declares",
        _ => "the token has",
    };
    let needs = format!(
        "{name} {verb} {}{when}; {by} {held}",
        words::alternatives(need)
    );
    match why {
        Some(why) => Finding::candidate(
            &SCOPE_MISSING,
            format!("{needs}. This is no proof: {}.", why.join("; ")),
        ),
        None => facts.lack(GATE, &SCOPE_MISSING, format!("{needs}.")),
    }
}

fn reported(facts: &Facts<'_>) -> Option<Finding> {
    let row = facts.row.as_ref().filter(|_| facts.is_reported())?;
    let text =
        row.rule.note.clone().unwrap_or_else(|| {
            "One person reported this requirement; it is not published.".to_owned()
        });
    Some(Finding::warning(&NOTE_REPORTED, text).from_source(facts.row_source()))
}

/// A kind that does not meet the scope gate, with scopes at hand.
fn without_effect(facts: &Facts<'_>) -> Option<Finding> {
    let kind = facts.kind_named(facts.kind_id()?)?;
    let note = kind.note.clone()?;
    let source = facts.source(kind.note_src.as_deref());
    Some(Finding::info(&NOTE_RIGHTS, note).from_source(source.or_else(|| facts.published_source())))
}

fn unpublished(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(table), Some(scopes)) = (facts.case.table, &facts.scopes) else {
        return Vec::new();
    };
    let rules = &table.provider.scopes;
    // Most scopes are published: the pattern is made only for one that is not.
    let grammar = LazyCell::new(|| rules.pattern());
    let names = LazyCell::new(|| table.has_names(GATE));
    let ignored = |name: &str| table.gate_of(name).is_none() && table.knows(name);
    let mut out = Vec::new();
    let mut more = 0;
    for name in scopes.iter().filter(|name| !ignored(name)) {
        let known = table.gate_of(name);
        let sound = grammar.as_ref().is_none_or(|own| own.is_match(name));
        // A table without scopes publishes none: that it lacks this one says nothing.
        let nothing = known.is_none() && sound && !*names;
        if known == Some(GATE) || nothing {
            continue;
        }
        if out.len() == NAMED {
            more += 1;
            continue;
        }
        let text = why_unpublished(facts, table, name, sound);
        // What was recorded was sent like that: nobody mistyped it.
        let near = match facts.answered() {
            true => None,
            false => table.meant_by(GATE, name),
        };
        out.push(
            Finding::warning(&NOTE_UNPUBLISHED_SCOPE, text)
                .meant(name, near)
                .from_source(facts.published_source()),
        );
    }
    if more > 0 {
        out.push(Finding::warning(
            &NOTE_UNPUBLISHED_SCOPE,
            format!("{more} more scopes are not published either."),
        ));
    }
    out
}

/// Why a name is not a published scope; `sound`: whether it has the form of one.
fn why_unpublished(facts: &Facts<'_>, table: &Table, name: &str, sound: bool) -> String {
    let known = table.gate_of(name);
    if let Some(partial) = &table.provider.info.partial
        && known.is_none()
        && sound
    {
        return format!("`{name}` is in no row of the table. The table {partial}.");
    }
    let rules = &table.provider.scopes;
    let grammar = rules.grammar_text.as_deref().or(rules.grammar.as_deref());
    let why = match known {
        Some(gate) => {
            format!("it is the name of a {gate}, which belongs in a role, not in a token")
        }
        None if !sound => format!(
            "it breaks the published grammar ({})",
            grammar.unwrap_or_default()
        ),
        None => "no published operation lists it".to_owned(),
    };
    let provider = facts.provider_name();
    format!("`{name}` is not a published scope of {provider}: {why}.")
}

fn insufficient(facts: &Facts<'_>) -> Vec<Finding> {
    let (Some(row), Some(scopes)) = (&facts.row, &facts.scopes) else {
        return Vec::new();
    };
    let named = row
        .rule
        .insufficient
        .iter()
        .filter(|name| scopes.contains(name));
    named
        .map(|name| {
            Finding::info(
                &NOTE_INSUFFICIENT,
                format!("`{name}` is reported as not sufficient."),
            )
            .from_source(facts.row_source())
        })
        .collect()
}

fn excess(facts: &Facts<'_>) -> Option<Finding> {
    let (need, Coverage::Pass { via, .. }) = needed(facts)? else {
        return None;
    };
    if !via.is_empty() {
        return Some(Finding::info(
            &NOTE_RIGHTS,
            format!("A wider scope is enough: {}.", via.join("; ")),
        ));
    }
    let scopes = facts.scopes.as_ref()?;
    let table = facts.case.table?;
    let unused: Vec<&str> = scopes
        .iter()
        .filter(|name| !need.iter().flatten().any(|n| n == name))
        .filter(|name| table.gate_of(name).is_some())
        .collect();
    (!unused.is_empty()).then(|| {
        Finding::info(
            &NOTE_EXCESS_SCOPE,
            format!("This call does not need {}.", words::names(unused)),
        )
    })
}

//! The answer to `needs` as text.

use crate::cli::counted;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use why401_core::needs::Needs;
use why401_core::output::escape;
use why401_core::table::{KindNeeds, Table, Trust};

pub(super) fn human(needs: &Needs) -> String {
    let (table, endpoints) = (&needs.product.table, &needs.endpoints);
    let mut out = format!(
        "{} of {}, table of {}\n",
        counted(endpoints.known.len(), "operation"),
        table.provider.info.name,
        table.date().unwrap_or("unknown date")
    );
    if endpoints.elsewhere > 0 {
        let _ = writeln!(
            out,
            "left out: {} of other hosts",
            counted(endpoints.elsewhere, "endpoint")
        );
    }
    for kind in &needs.kinds {
        of_kind(table, kind, &mut out);
    }
    for unknown in &endpoints.unknown {
        let _ = writeln!(
            out,
            "\nnot published: {unknown} (look for it with `why401 tables search`)"
        );
    }
    for rule in &endpoints.known {
        if rule.trust == Some(Trust::C) {
            let _ = writeln!(out, "\nreported, not published: {}", rule.name());
        }
        if rule.unknown {
            let told = rule.need.values().any(|gates| !gates.is_empty());
            let note = rule.note.as_deref().unwrap_or(match told {
                true => "no source says all that it needs",
                false => "no source says what it needs",
            });
            let _ = writeln!(out, "\nnot known: {}: {note}", rule.name());
        }
    }
    if let Some(compared) = &needs.compared {
        let words = |list: &[String]| match list.is_empty() {
            true => "nothing".to_owned(),
            false => list.join(" "),
        };
        let _ = writeln!(out, "\nthe token lacks      {}", words(&compared.lacking));
        let _ = writeln!(out, "and does not need    {}", words(&compared.unused));
    }
    escape::terminal_lines(&out)
}

fn of_kind(table: &Table, kind: &KindNeeds, out: &mut String) {
    let declared = table.provider.kind(&kind.kind);
    let name = declared
        .and_then(|k| k.name.clone())
        .unwrap_or_else(|| kind.kind.clone());
    let _ = writeln!(out, "\n{name} ({})", kind.kind);
    let mut gates: Vec<&str> = table
        .provider
        .gate
        .iter()
        .map(|gate| gate.id.as_str())
        .collect();
    gates.extend(
        kind.gates
            .keys()
            .map(String::as_str)
            .filter(|gate| *gate == "scope"),
    );
    let mut shown = BTreeSet::new();
    for gate in gates.into_iter().filter(|gate| shown.insert(*gate)) {
        let label = format!("{gate}s");
        match kind.gates.get(gate) {
            Some(set) if !set.names.is_empty() => {
                let heuristic = if set.exact {
                    ""
                } else {
                    "  (found by a heuristic: a smaller set may exist)"
                };
                let _ = writeln!(
                    out,
                    "  {label:12} {}{heuristic}",
                    kind.names(gate).join(" ")
                );
                let narrow = kind.narrow.get(gate).filter(|narrow| **narrow != set.names);
                if let Some(narrow) = narrow {
                    let names: Vec<&str> = narrow.iter().map(String::as_str).collect();
                    let _ = writeln!(out, "  {:12} {}", "or, narrower", names.join(" "));
                }
            }
            _ if gate == "scope" && !kind.has_scopes => {
                let _ = writeln!(out, "  {label:12} do not apply to this kind");
            }
            _ if declared.is_none_or(|k| k.gates.iter().any(|own| own == gate)) => {
                let told = match kind.not_known.is_empty() {
                    true => "none needed",
                    false => "not known",
                };
                let _ = writeln!(out, "  {label:12} {told}");
            }
            _ => {}
        }
    }
    let all_told = kind.refused.is_empty() && kind.not_known.is_empty();
    let nothing = all_told && kind.gates.values().all(|set| set.names.is_empty());
    if nothing {
        let _ = writeln!(out, "  nothing is needed beyond a token of this kind");
    }
    for (name, why) in &kind.against {
        let _ = writeln!(
            out,
            "  {:12} {name}: {why}; nothing better opens these",
            "caution"
        );
    }
    for refused in &kind.refused {
        let _ = writeln!(out, "  {:12} {refused}", "refused");
    }
    if let Some(note) = declared.and_then(|k| k.note.as_ref()) {
        let _ = writeln!(out, "  {:12} {note}", "note");
    }
}

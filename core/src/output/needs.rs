//! Which smallest set of scopes opens some endpoints.

use super::Format;
use super::given::shell;
use super::json;
use super::sheet::{Sheet, counted, document};
use crate::needs::{NEEDS, Needs};
use crate::table::{KindNeeds, Rule, Table};
use serde_json::Value;
use std::collections::BTreeSet;

/// A part of the answer that was asked for alone.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its member in the document.
    pub member: &'static str,
    /// Its value there.
    pub value: Value,
    /// The part as text.
    pub text: String,
}

/// The answer, or the part of it that was asked for; a document has both.
pub fn needs(needs: &Needs, part: Option<Part>, format: Format) -> String {
    let mut value = json::document(NEEDS, needs.value());
    match (part, format) {
        (Some(part), Format::Json | Format::Jsonl) => value[part.member] = part.value,
        (Some(part), _) => return part.text,
        (None, _) => {}
    }
    document(&value, format, || page(needs))
}

fn page(needs: &Needs) -> Sheet {
    let (table, endpoints) = (&needs.product.table, &needs.endpoints);
    let mut out = Sheet::new(12);
    let reported: Vec<&Rule> = endpoints
        .known
        .iter()
        .filter(|own| table.is_reported(own))
        .collect();
    for rule in &reported {
        of_report(table, rule, &mut out);
    }
    for unknown in &endpoints.unknown {
        unpublished(table, unknown, &mut out);
    }
    if endpoints.known.is_empty() {
        return out;
    }
    out.text(format!(
        "{} of {}, table of {}",
        counted(endpoints.known.len(), "operation"),
        table.provider.info.name,
        table.date().unwrap_or("unknown date")
    ));
    if endpoints.elsewhere > 0 {
        let left = counted(endpoints.elsewhere, "endpoint");
        out.text(format!("left out: {left} of other hosts"));
    }
    for (id, first) in &endpoints.others {
        out.text(format!(
            "not answered here: what {id} needs. Ask for it by itself:"
        ));
        out.item(format!("why401 needs {}", quoted(first)));
    }
    for kind in &needs.kinds {
        of_kind(table, kind, reported.is_empty(), &mut out);
    }
    for rule in endpoints.known.iter().filter(|rule| rule.unknown) {
        let told = rule.need.values().any(|gates| !gates.is_empty());
        let note = rule.note.as_deref().unwrap_or(match told {
            true => "no source says all that it needs",
            false => "no source says what it needs",
        });
        out.blank();
        out.text(format!("not known: {}: {note}", rule.name()));
    }
    if let Some(compared) = &needs.compared {
        let words = |list: &[String]| match list.is_empty() {
            true => "nothing".to_owned(),
            false => list.join(" "),
        };
        out.blank();
        out.text(format!("the token lacks      {}", words(&compared.lacking)));
        out.text(format!("and does not need    {}", words(&compared.unused)));
    }
    for caveat in needs.caveats() {
        out.blank();
        out.prose("note", caveat);
    }
    if needs.unseen {
        out.item("--scope 'a b' gives the scopes that it has");
    }
    out
}

/// METHOD and URL as words of a command.
fn quoted(call: &str) -> String {
    let words: Vec<String> = call.split(' ').map(shell).collect();
    words.join(" ")
}

/// An operation that one person reported goes before everything that is said of it.
fn of_report(table: &Table, rule: &Rule, out: &mut Sheet) {
    let vendor = &table.provider.info.name;
    out.title(format!("REPORTED, NOT PUBLISHED: {}", rule.name()));
    let text = format!(
        "{vendor} does not publish this operation. One person reported what it needs (trust C). Check the path first."
    );
    out.prose("", text);
    for other in &rule.instead {
        let text = format!("{} {} ({})", other.method, other.path, other.used_by);
        out.prose("published", text);
    }
    out.blank();
}

/// An operation that no source names, with what is most like it.
fn unpublished(table: &Table, name: &str, out: &mut Sheet) {
    out.title(format!("NOT PUBLISHED: {name}"));
    let (method, path) = name.split_once(' ').unwrap_or_default();
    match table.near(method, path, 1).first() {
        Some(near) => out.item(format!("did you mean {} {}?", near.method, near.path)),
        None => out.item("`why401 tables search WORDS` finds operations"),
    }
    out.blank();
}

fn of_kind(table: &Table, kind: &KindNeeds, published: bool, out: &mut Sheet) {
    let declared = table.provider.kind(&kind.kind);
    let name = declared.and_then(|k| k.name.as_deref());
    out.blank();
    out.title(format!("{} ({})", name.unwrap_or(&kind.kind), kind.kind));
    let gates = table.provider.gate.iter().map(|gate| gate.id.as_str());
    let scope = kind.gates.keys().map(String::as_str);
    let mut shown = BTreeSet::new();
    for gate in gates.chain(scope.filter(|gate| *gate == "scope")) {
        if shown.insert(gate) {
            of_gate(table, kind, gate, published, out);
        }
    }
    let all_told = kind.refused.is_empty() && kind.not_known.is_empty();
    let nothing = all_told && kind.gates.values().all(|set| set.names.is_empty());
    if nothing && published {
        out.item("nothing is needed beyond a token of this kind");
    }
    for (name, why) in &kind.against {
        out.prose(
            "caution",
            format!("{name}: {why}; nothing better opens these"),
        );
    }
    for refused in &kind.refused {
        out.pair("refused", &**refused);
    }
    if let Some(note) = declared.and_then(|k| k.note.as_deref()) {
        out.prose("note", note);
    }
}

fn of_gate(table: &Table, kind: &KindNeeds, gate: &str, published: bool, out: &mut Sheet) {
    let label = format!("{gate}s");
    let declared = table.provider.kind(&kind.kind);
    match kind.gates.get(gate) {
        Some(set) if !set.names.is_empty() => {
            let heuristic = match set.exact {
                true => "",
                false => "  (found by a heuristic: a smaller set may exist)",
            };
            let names = kind.names(gate);
            let (known, told): (Vec<&str>, Vec<&str>) = names
                .iter()
                .copied()
                .partition(|name| published || table.gate_of(name).is_some());
            if !known.is_empty() {
                out.pair(label, known.join(" ") + heuristic);
            }
            if !told.is_empty() {
                let names = told.join(" ");
                let text = format!("{names} (one report, trust C: no published {gate})");
                out.prose("reported", text);
            }
            let narrow = kind.narrow.get(gate).filter(|narrow| **narrow != set.names);
            if let Some(narrow) = narrow {
                let names: Vec<&str> = narrow.iter().map(String::as_str).collect();
                out.pair("or, narrower", names.join(" "));
            }
        }
        _ if gate == "scope" && !kind.has_scopes => {
            out.pair(label, "do not apply to this kind");
        }
        _ if declared.is_none_or(|k| k.gates.iter().any(|own| own == gate)) => {
            let told = match (kind.not_known.is_empty(), published) {
                (true, true) => "none needed",
                (true, false) => "none reported",
                (false, _) => "not known",
            };
            out.pair(label, told);
        }
        _ => {}
    }
}

//! A `provider.toml` to start from: what the documents themselves tell.

use super::Imported;
use crate::scope::ListReading;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Writes the file.
pub fn starter(id: &str, reading: ListReading, why: Option<&str>, imported: &Imported) -> String {
    let quote = |text: &str| Value::from(text).to_string();
    let mut out = format!(
        "# Started by `why401 tables import`; add dates and trust by hand.\nformat = \"scope-table/1\"\n\n[provider]\nid = {id}\nname = {id}\n\n[[source]]\nid = \"spec\"\nkind = \"import\"\nlists = {}\nlists_why = {}\ntrust = \"B\"\n",
        json!(reading),
        quote(why.unwrap_or("not established")),
        id = quote(id),
    );
    let needs = || imported.rules.iter().flat_map(|rule| &rule.need);
    let gates: BTreeSet<&String> = needs().flat_map(|(_, gates)| gates.keys()).collect();
    for gate in &gates {
        let _ = write!(
            out,
            "\n[[gate]]\nid = {}\nholder = \"client\"\nholder_text = \"what the token was granted\"\n",
            quote(gate)
        );
    }
    let kinds: BTreeSet<&String> = needs().map(|(kind, _)| kind).collect();
    for kind in kinds {
        let own: BTreeSet<String> = needs()
            .filter(|(name, _)| *name == kind)
            .flat_map(|(_, gates)| gates.keys().map(|gate| quote(gate)))
            .collect();
        let own: Vec<String> = own.into_iter().collect();
        let _ = write!(
            out,
            "\n[[kind]]\nid = {}\ngates = [{}]\n",
            quote(kind),
            own.join(", ")
        );
    }
    if !imported.bases.is_empty() {
        let bases: Vec<String> = imported.bases.iter().map(|base| quote(base)).collect();
        let _ = write!(out, "\n[paths]\nprefix = [{}]\n", bases.join(", "));
    }
    for host in &imported.hosts {
        let _ = write!(out, "\n[[host]]\nname = {}\n", quote(host));
    }
    out
}

//! What is wrong or doubtful in a table: names no gate knows, rows that can never match, duplicates, old sources.

use super::load::Table;
use super::rule::Rule;
use std::collections::BTreeMap;

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Complaint {
    /// `error`: the table misleads; `warning`: look at it.
    pub severity: &'static str,
    /// Which row or key.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

/// Checks a table against itself.
pub fn lint(table: &Table) -> Vec<Complaint> {
    let mut out = Vec::new();
    provider(table, &mut out);
    let grammar = table.provider.scopes.pattern();
    let mut seen: BTreeMap<String, Rule> = BTreeMap::new();
    for rule in table.rules() {
        row(table, &rule, &mut out);
        if let Some(grammar) = &grammar {
            scopes_fit(table, &rule, grammar, &mut out);
        }
        if let Some(first) = seen.get(&identity(&rule)) {
            let same = first.need == rule.need;
            complain(
                &mut out,
                if same { "warning" } else { "error" },
                rule.name(),
                if same {
                    "stands twice"
                } else {
                    "stands twice with different needs"
                },
            );
        }
        seen.insert(identity(&rule), rule);
    }
    out
}

fn complain(
    out: &mut Vec<Complaint>,
    severity: &'static str,
    place: String,
    message: impl Into<String>,
) {
    out.push(Complaint {
        severity,
        place,
        message: message.into(),
    });
}

fn identity(rule: &Rule) -> String {
    let path: Vec<&str> = rule
        .path
        .split('/')
        .map(|s| {
            if s.starts_with('{') && s.ends_with('}') {
                "{}"
            } else {
                s
            }
        })
        .collect();
    format!(
        "{} {} {:?} {:?}",
        rule.method,
        path.join("/"),
        rule.host,
        rule.query
    )
}

fn provider(table: &Table, out: &mut Vec<Complaint>) {
    let info = &table.provider;
    for kind in &info.kind {
        for gate in kind
            .gates
            .iter()
            .filter(|gate| !info.gate.iter().any(|g| g.id == **gate))
        {
            complain(
                out,
                "error",
                format!("kind {}", kind.id),
                format!("names the gate `{gate}`, which is not declared"),
            );
        }
    }
    if let Some(kind) = &info.provider.default_kind
        && !info.kind.iter().any(|k| k.id == *kind)
    {
        complain(
            out,
            "error",
            "provider.default_kind".to_owned(),
            "names a kind that is not declared",
        );
    }
    for source in info.source.iter().filter(|source| source.date.is_none()) {
        complain(
            out,
            "warning",
            format!("source {}", source.id),
            "has no date",
        );
    }
    if info.scopes.grammar.is_some() && info.scopes.pattern().is_none() {
        complain(
            out,
            "error",
            "scopes.grammar".to_owned(),
            "is no regular expression",
        );
    }
    for signature in &table.signatures() {
        if signature.status.is_empty()
            && signature.json.is_empty()
            && signature.header.is_empty()
            && signature.sent.is_empty()
            && signature.url.is_none()
            && signature.re.is_none()
        {
            complain(
                out,
                "error",
                format!("error {}", signature.id),
                "matches every answer",
            );
        }
    }
}

fn row(table: &Table, rule: &Rule, out: &mut Vec<Complaint>) {
    if !rule.path.starts_with('/') {
        complain(
            out,
            "error",
            rule.name(),
            "its path does not start with `/`: it can never match",
        );
    }
    if rule.need.is_empty() && !rule.unknown {
        complain(
            out,
            "error",
            rule.name(),
            "admits no kind of token: nobody could call it",
        );
    }
    if rule.src.is_empty() {
        complain(out, "warning", rule.name(), "names no source");
    }
    for id in rule
        .src
        .iter()
        .filter_map(|src| src.split('#').next())
        .filter(|id| table.source(id).is_none())
    {
        complain(
            out,
            "error",
            rule.name(),
            format!("names the source `{id}`, which is not declared"),
        );
    }
    kinds_and_gates(table, rule, out);
}

fn kinds_and_gates(table: &Table, rule: &Rule, out: &mut Vec<Complaint>) {
    for (kind, gates) in &rule.need {
        let Some(declared) = table.provider.kind(kind) else {
            if !table.provider.kind.is_empty() {
                complain(
                    out,
                    "error",
                    rule.name(),
                    format!("names the kind `{kind}`, which is not declared"),
                );
            }
            continue;
        };
        for gate in gates.keys().filter(|gate| !declared.gates.contains(gate)) {
            complain(
                out,
                "error",
                rule.name(),
                format!("asks `{kind}` for the gate `{gate}`, which that kind does not meet"),
            );
        }
    }
}

fn scopes_fit(table: &Table, rule: &Rule, grammar: &regex_lite::Regex, out: &mut Vec<Complaint>) {
    let report = table
        .source_of(rule)
        .is_some_and(super::model::Source::is_report);
    let scopes = rule
        .need
        .values()
        .filter_map(|gates| gates.get("scope"))
        .flatten()
        .flatten();
    for scope in scopes.filter(|scope| !report && !grammar.is_match(scope)) {
        complain(
            out,
            "warning",
            rule.name(),
            format!("the scope `{scope}` breaks the provider's grammar"),
        );
    }
}

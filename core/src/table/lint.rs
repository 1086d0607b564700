//! What is wrong or doubtful in a table: names no gate knows, rows that can never match, duplicates, old sources.

use super::load::Table;
use super::model::{ErrorSignature, Principal, Rule};
use super::pattern::Pattern;
use super::telling::common_words;
use std::collections::{BTreeMap, BTreeSet};

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

/// Checks a table against itself, and its sources against the date of today (`2026-01-31`).
pub fn lint(table: &Table, today: &str) -> Vec<Complaint> {
    let mut out = Vec::new();
    provider(table, &mut out);
    for part in table.provider.part.iter().filter(|part| !part.is_sound()) {
        let message = "`written` is not a regular expression with the groups `name` and `part`";
        complain(&mut out, "error", format!("part {}", part.name), message);
    }
    sources(table, today, &mut out);
    signatures(table, &mut out);
    let grammar = table.provider.scopes.pattern();
    let mut admitted = BTreeSet::new();
    // A row by hand replaces the imported one on purpose: only rows of one text can stand twice.
    for rules in table.rules_by_text() {
        let mut seen: BTreeMap<String, Rule> = BTreeMap::new();
        for rule in rules {
            row(table, &rule, &mut out);
            admitted.extend(rule.need.keys().cloned());
            if let Some(grammar) = &grammar {
                scopes_fit(table, &rule, grammar, &mut out);
            }
            let identity = identity(table, &rule);
            if let Some(first) = seen.get(&identity) {
                twice(first, &rule, &mut out);
            }
            seen.insert(identity, rule);
        }
    }
    unused(table, &admitted, &mut out);
    out
}

/// A kind that no row admits is refused everywhere: where that is meant, the provider file says why.
fn unused(table: &Table, admitted: &BTreeSet<String>, out: &mut Vec<Complaint>) {
    let kinds = table.provider.kind.iter();
    let kinds = kinds.filter(|kind| {
        !admitted.is_empty()
            && !admitted.contains(&kind.id)
            && kind.principal != Some(Principal::Nobody)
            && kind.closed_why.is_none()
    });
    for kind in kinds {
        let place = format!("kind {}", kind.id);
        let message = "is in no row, so every call with it would be denied: give `like`, rows or `closed_why`";
        complain(out, "error", place, message);
    }
}

fn twice(first: &Rule, rule: &Rule, out: &mut Vec<Complaint>) {
    let (severity, message) = match first.need == rule.need {
        true => ("warning", "occurs twice"),
        false => ("error", "occurs twice with different needs"),
    };
    complain(out, severity, rule.name(), message);
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

/// A template without the names of its variables.
pub(super) fn nameless(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let whole = segment.starts_with('{') && segment.find('}') == Some(segment.len() - 1);
        if whole { "{}" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn identity(table: &Table, rule: &Rule) -> String {
    let path = nameless(&rule.path);
    let path = match table.provider.paths.folds() {
        true => path.to_ascii_lowercase(),
        false => path,
    };
    format!("{} {path} {:?} {:?}", rule.method, rule.host, rule.query)
}

fn provider(table: &Table, out: &mut Vec<Complaint>) {
    let provider = &table.provider;
    for kind in &provider.kind {
        for gate in kind
            .gates
            .iter()
            .filter(|gate| !provider.gate.iter().any(|g| g.id == **gate))
        {
            complain(
                out,
                "error",
                format!("kind {}", kind.id),
                format!("names the gate `{gate}`, which is not declared"),
            );
        }
    }
    if let Some(kind) = &provider.info.default_kind
        && !provider.kind.iter().any(|k| k.id == *kind)
    {
        complain(
            out,
            "error",
            "provider.default_kind".to_owned(),
            "names a kind that is not declared",
        );
    }
    if provider.scopes.grammar.is_some() && provider.scopes.pattern().is_none() {
        complain(
            out,
            "error",
            "scopes.grammar".to_owned(),
            "is not a regular expression",
        );
    }
}

fn sources(table: &Table, today: &str, out: &mut Vec<Complaint>) {
    for source in &table.provider.source {
        let place = format!("source {}", source.id);
        let Some(date) = &source.date else {
            complain(out, "warning", place, "has no date");
            continue;
        };
        if date.parse::<jiff::civil::Date>().is_err() {
            complain(
                out,
                "error",
                place,
                "has a date that is none: write it as 2026-01-31",
            );
        } else if source.is_old(today) {
            let age = source.age(today).unwrap_or_default();
            complain(out, "warning", place, format!("is {age} days old"));
        }
    }
}

fn signatures(table: &Table, out: &mut Vec<Complaint>) {
    for signature in &table.signatures() {
        let place = format!("error {}", signature.id);
        if signature.status.is_empty()
            && signature.json.is_empty()
            && signature.header.is_empty()
            && signature.sent.is_empty()
            && signature.url.is_none()
            && signature.re.is_none()
        {
            complain(out, "error", place.clone(), "matches every answer");
        }
        let patterns = [&signature.re, &signature.url].into_iter().flatten();
        let patterns = patterns
            .chain(signature.header.values())
            .chain(signature.sent.values());
        for pattern in
            patterns.filter(|pattern| Pattern::new(pattern).map_or(true, |p| !p.is_sound()))
        {
            complain(
                out,
                "error",
                place.clone(),
                format!("`{pattern}` is not a regular expression"),
            );
        }
        if signature.means.len() == 1 && is_text_alone(signature) {
            for common in common_words(signature.re.as_deref().unwrap_or_default()) {
                let why = format!("`{common}` alone decides one cause: say two words or a code");
                complain(out, "error", place.clone(), why);
            }
        }
        if signature.means.len() == 1 && table.provider.source.is_empty() {
            complain(out, "error", place, "decides one cause and has no source");
        }
    }
}

/// Whether only a text has to match.
fn is_text_alone(signature: &ErrorSignature) -> bool {
    signature.re.is_some()
        && signature.status.is_empty()
        && signature.json.is_empty()
        && signature.header.is_empty()
        && signature.sent.is_empty()
        && signature.url.is_none()
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
    if rule.path.matches('{').count() != rule.path.matches('}').count() {
        complain(
            out,
            "warning",
            rule.name(),
            "its braces do not pair: it may never match",
        );
    }
    let hosts = &table.provider.host;
    if let Some(host) = &rule.host
        && !hosts.is_empty()
        && table.place(host).is_none()
    {
        complain(
            out,
            "error",
            rule.name(),
            format!("names the host `{host}`, which is not declared: it can never match"),
        );
    }
    if rule.need.is_empty() && !rule.unknown && rule.deny.is_empty() {
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
    let instead = rule.instead.iter().flat_map(|other| &other.kinds);
    for kind in instead.filter(|kind| table.provider.kind(kind).is_none()) {
        complain(
            out,
            "error",
            rule.name(),
            format!("`instead` names the kind `{kind}`, which is not declared"),
        );
    }
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

//! What is wrong with an app before it is judged: values, endpoints and names that its provider does not have.

use super::manifest::{App, Endpoint, Flaw, key_of};
use super::own::is_own;
use super::policy::{CREDENTIAL, ENDPOINT, LIFETIME};
use super::reader::nearest;
use crate::finding::{ALL, Finding, Meant, NOTE_UNPUBLISHED_SCOPE, Note};
use crate::table::{Kind, Match, Table, Trust};
use crate::token::redact::looks_secret;
use std::collections::BTreeSet;

/// So many near misses are named.
const NEAREST: usize = 3;

/// The gate of scopes.
const SCOPE: &str = "scope";

/// What makes an app unjudgeable beside its form: a kind, region, check or code that does not exist, each with its line.
pub fn flaws(app: &App, table: &Table) -> Vec<Flaw> {
    let flaw = |line: usize, key: &str, text: String, hint: String| Flaw {
        line,
        key: key.to_owned(),
        text,
        hint: hint.into(),
    };
    let mut out = Vec::new();
    let kinds = &table.provider.kind;
    if let Some(kind) = &app.kind
        && !kinds.is_empty()
        && table.provider.kind_called(kind).is_none()
    {
        let text = "the provider has no such kind of token".to_owned();
        let text = match table.provider.kind_near(kind) {
            Some(near) => format!("{text}; did you mean {}?", near.id),
            None => text,
        };
        let known = format!("its kinds: {}", explained(kinds));
        out.push(flaw(app.line_of("kind"), "kind", text, known));
    }
    let regions = regions(table);
    if let Some(region) = &app.region
        && !regions.contains(region.as_str())
    {
        let text = "the provider has no such region".to_owned();
        let known = match table.region_of(&region.to_ascii_lowercase()) {
            Some(own) => format!("did you mean `{own}`?"),
            None => meant(region, &regions),
        };
        out.push(flaw(app.line_of("region"), "region", text, known));
    }
    let mut switches = table.provider.gate.iter();
    if app.enforce_scopes.is_some() && !switches.any(|gate| gate.enforced.is_some()) {
        let key = "enforce-scopes";
        let text = "the provider has no such setting: it always checks scopes".to_owned();
        out.push(flaw(
            app.line_of(key),
            key,
            text,
            "remove the key".to_owned(),
        ));
    }
    let gates = table.provider.gate.iter().map(|gate| gate.id.as_str());
    let checks = gates
        .chain([SCOPE, CREDENTIAL, ENDPOINT, LIFETIME])
        .collect();
    let notes = ALL.iter().filter(|c| c.is_note()).map(|c| c.code).collect();
    let lists: [(_, _, &BTreeSet<&str>, _); 2] = [
        (
            "unknown",
            &app.tolerated,
            &checks,
            "it names a check that does not exist",
        ),
        (
            "fail-on",
            &app.fail_on,
            &notes,
            "a code in it is not a note",
        ),
    ];
    for (key, names, known, text) in lists {
        let wrong = names.iter().filter(|name| !known.contains(name.as_str()));
        out.extend(wrong.map(|name| {
            let line = app.line_of_name(key, name);
            flaw(line, key, text.to_owned(), meant(name, known))
        }));
    }
    out
}

/// The provider's regions.
pub fn regions(table: &Table) -> BTreeSet<String> {
    let places = table.places();
    let regions = places.iter().filter_map(|(_, own)| own.region.clone());
    regions.collect()
}

/// Kinds of token by their ids, each with what it is.
pub fn explained(kinds: &[Kind]) -> String {
    let words = kinds.iter().map(|kind| match &kind.name {
        Some(name) => format!("{} ({name})", kind.id),
        None => kind.id.clone(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The word that is near, else all that there are.
fn meant<W: AsRef<str>>(word: &str, known: &BTreeSet<W>) -> String {
    let words = known.iter().map(AsRef::as_ref);
    match nearest(word, words.clone()) {
        Some(own) => format!("did you mean `{own}`?"),
        None => format!("known: {}", words.collect::<Vec<_>>().join(", ")),
    }
}

/// Endpoints that no published row of the table knows, with the nearest that it does.
pub fn unknown_endpoints<'a>(
    app: &'a App,
    table: &Table,
    trust: Trust,
) -> Vec<(&'a Endpoint, Flaw)> {
    let unknown = app.endpoints.iter().filter_map(|endpoint| {
        let target = crate::http::Target::parse(&endpoint.method, &endpoint.url).ok()?;
        let found = table.find(
            &target.method,
            target.host.as_deref(),
            &target.path_and_query(),
            trust.min(Trust::B),
        );
        if matches!(found, Match::Found(_)) {
            return None;
        }
        let near = table.near(&target.method, &target.path, NEAREST);
        let near: Vec<String> = near
            .iter()
            .map(|n| format!("{} {}", n.method, n.path))
            .collect();
        let hint = match near.is_empty() {
            true => String::new(),
            false => format!("the nearest: {}", near.join(", ")),
        };
        let flaw = Flaw {
            line: endpoint.line,
            key: "endpoints".to_owned(),
            text: format!(
                "{} {} is not a published operation",
                target.method, target.path
            ),
            hint: hint.into(),
        };
        Some((endpoint, flaw))
    });
    unknown.collect()
}

/// A name in a list of an app that its provider does not publish.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownName {
    /// The list's key.
    pub key: &'static str,
    /// The gate that the list is about.
    pub gate: &'static str,
    /// The name.
    pub name: String,
    /// Whether another name was probably meant, or another list.
    pub mistyped: bool,
    /// In words, with its line.
    pub note: Note,
}

/// Names in the lists of an app that no published row of its table has, with the nearest that one has. A list is only
/// looked at where the table has names of its kind, and what may be a secret is not repeated.
pub fn unknown_names(app: &App, table: &Table) -> Vec<UnknownName> {
    let lists = [
        ("scopes", SCOPE, app.scopes.as_ref()),
        ("permissions", "permission", app.permissions.as_ref()),
        ("forbid-scopes", SCOPE, Some(&app.forbid_scopes)),
    ];
    let mut out = Vec::new();
    for (key, gate, names) in lists {
        let names = names.into_iter().flatten();
        out.extend(names.filter_map(|name| unknown_name(app, table, (key, gate), name)));
    }
    out
}

fn unknown_name(
    app: &App,
    table: &Table,
    (key, gate): (&'static str, &'static str),
    name: &str,
) -> Option<UnknownName> {
    let gates = table.provider.gate.iter().map(|own| own.id.as_str());
    // Everything that is no scope is declared in one list.
    let own = |id: &str| (id == SCOPE) == (gate == SCOPE);
    let own: Vec<&str> = gates.chain([SCOPE]).filter(|id| own(id)).collect();
    if !own.iter().any(|gate| table.has_names(gate)) || name.contains('*') {
        return None;
    }
    let name = table.without_part(name);
    let belongs = table.gate_of(name);
    if belongs.is_some_and(|id| own.contains(&id)) || belongs.is_none() && table.knows(name) {
        return None;
    }
    let provider = &table.provider.info.name;
    let shown = match looks_secret(name) {
        true => "a name in it".to_owned(),
        false => format!("`{name}`"),
    };
    let near = own.iter().find_map(|gate| table.meant_by(gate, name));
    let near = near.filter(|_| belongs.is_none());
    let declared = is_own(app, table);
    let text = match belongs {
        Some(other) => format!(
            "{shown} is a {other} of {provider}, not a {gate}: it belongs in `{}`.",
            key_of(other)
        ),
        // Nobody publishes these names: which of the two is the right one is not known here.
        None if declared => match &near {
            Some(near) => format!(
                "{shown}: no endpoint of the manifest needs it, and one needs `{near}`: one of the two is probably mistyped."
            ),
            None => format!("{shown}: no endpoint of the manifest needs it."),
        },
        None => format!("{shown} is not a published {gate} of {provider}."),
    };
    let mut finding = Finding::warning(&NOTE_UNPUBLISHED_SCOPE, text);
    match near {
        Some(near) if declared => finding.meant = Some(Meant::new(name, near)),
        near => finding = finding.meant(name, near),
    }
    Some(UnknownName {
        key,
        gate,
        name: name.to_owned(),
        mistyped: belongs.is_some() || finding.meant.is_some(),
        note: Note {
            line: app.line_of_name(key, name),
            finding,
        },
    })
}

//! What is worth saying of an app beside its answers.

use super::Run;
use super::credential::LineEnd;
use super::judged::Judged;
use why401_core::finding::{
    Diagnosis, Finding, NOTE_DIFFERENCE, NOTE_DIRT, NOTE_EXCESS_SCOPE, NOTE_INPUT, NOTE_LIFETIME,
    NOTE_UNPUBLISHED_SCOPE, Note, Severity,
};
use why401_core::gate::{self, App};
use why401_core::http::Target;
use why401_core::scope::ScopeSet;
use why401_core::table::{self, Match, Rule, Table};

/// What is worth saying beside the answers, once each, with the line of the first endpoint it belongs to.
pub(super) fn of_endpoints(app: &App, offline: &[Diagnosis]) -> Vec<Note> {
    let mut out: Vec<Note> = Vec::new();
    for (endpoint, diagnosis) in app.endpoints.iter().zip(offline) {
        for finding in &diagnosis.findings {
            let known = |note: &Note| {
                note.finding.cause == finding.cause && note.finding.message == finding.message
            };
            // What this endpoint does not need another may; how long it lives is a rule of its own.
            let other = [&NOTE_EXCESS_SCOPE, &NOTE_LIFETIME].contains(&finding.cause);
            let other = other || is_of_a_list(app, finding);
            if finding.severity == Severity::Warning && !other && !out.iter().any(known) {
                out.push(Note {
                    line: endpoint.line,
                    finding: finding.clone(),
                });
            }
        }
    }
    out
}

/// An app without the environment that was asked for.
pub(super) fn lacks(app: &App) -> Option<Note> {
    let name = app.lacks.as_ref()?;
    let text =
        format!("The app has no environment `{name}`, so its keys outside `[app.env]` apply.");
    let near = gate::nearest(name, app.environments.iter().map(String::as_str));
    Some(Note {
        line: app.line,
        finding: Finding::warning(&NOTE_INPUT, text).meant(name, near),
    })
}

/// A file that ends with a line break, which belongs to no token or secret.
pub(super) fn line_end(app: &App, end: &LineEnd) -> Option<Note> {
    let text = format!("{}.", end.text);
    end.of_file.then(|| Note {
        line: app.line_of_credential(),
        finding: Finding::warning(&NOTE_DIRT, text),
    })
}

/// Whether a finding is about a name that the manifest lists: that has a line of its own.
fn is_of_a_list(app: &App, finding: &Finding) -> bool {
    let names = app.scopes.iter().chain(&app.permissions).flatten();
    let mut quoted = names.map(|name| format!("`{name}`"));
    finding.cause == &NOTE_UNPUBLISHED_SCOPE
        && quoted.any(|name| finding.message.starts_with(&name))
}

/// Names in the manifest's lists that the provider does not publish.
pub(super) fn unknown_names(app: &App, table: &Table) -> Vec<Note> {
    let unknown = gate::unknown_names(app, table).into_iter();
    unknown.map(|own| own.note).collect()
}

/// The manifest declares scopes that the server does not see.
pub(super) fn undeclared(app: &App, told: &ScopeSet) -> Option<Note> {
    let declared = app.scopes.iter().flatten();
    let lacking: Vec<&str> = declared
        .map(String::as_str)
        .filter(|name| !told.contains(name))
        .collect();
    let text = format!(
        "Declared, but not granted according to the server: {}. Granted: {}.",
        lacking.join(" "),
        told.to_vec().join(" ")
    );
    (!lacking.is_empty()).then(|| Note {
        line: app.line_of("scopes"),
        finding: Finding::warning(&NOTE_DIFFERENCE, text),
    })
}

/// Scopes that none of the endpoints needs.
pub(super) fn unused(
    run: &Run<'_>,
    judge: &Judged<'_>,
    targets: &[Target],
    scopes: Option<&ScopeSet>,
) -> Option<Note> {
    let find = |target: &Target| {
        let host = target.host.as_deref();
        match judge.table().find(
            &target.method,
            host,
            &target.path_and_query(),
            run.settings.trust,
        ) {
            Match::Found(found) => Some(found.rule),
            _ => None,
        }
    };
    let rules: Vec<Rule> = targets.iter().filter_map(find).collect();
    // An endpoint that no table knows may need any of them.
    if rules.len() < targets.len() || rules.iter().any(|rule| rule.unknown) {
        return None;
    }
    let kinds = table::kinds(judge.table(), &rules, judge.kind());
    let unused = table::compare(judge.table(), &kinds, &rules, scopes?)?.unused;
    let text = format!("No endpoint of this app needs: {}.", unused.join(" "));
    (!unused.is_empty()).then(|| Note {
        line: judge.app.line_of("scopes"),
        finding: Finding::warning(&NOTE_EXCESS_SCOPE, text),
    })
}

//! What a manifest leaves open: lines to fill in, and what they decide.

use super::lint::explained;
use super::manifest::{App, Credential, key_of};
use super::own::is_own;
use crate::finding::{Blank, Judged, Outcome, Step};
use crate::table::{Kind, Principal, Table};

/// Lines of an app that wait for a value, but for those that its kind of token makes needless.
pub fn blanks(app: &App, table: &Table) -> Vec<Blank> {
    let kind = app.kind.as_deref();
    let kind = kind.and_then(|called| table.provider.kind_called(called));
    let about = |key: &str| match kind {
        Some(kind) => kind.gates.iter().any(|gate| key == key_of(gate)),
        None => true,
    };
    let keys = ["kind", "needs", "scopes", "permissions"];
    let waiting = keys.into_iter().filter(|key| app.is_blank(key));
    let waiting = waiting.filter(|key| ["kind", "needs"].contains(key) || about(key));
    let lacks = lacks_needs(app, table).then_some("needs");
    let all = lacks.into_iter().chain(waiting);
    all.map(|key| blank(app, table, key)).collect()
}

/// Whether an API of the app's own has an endpoint of which nothing says what it needs.
fn lacks_needs(app: &App, table: &Table) -> bool {
    let silent = app.needs.is_none() && !app.is_blank("needs");
    let mut endpoints = app.endpoints.iter();
    silent && is_own(app, table) && endpoints.any(|endpoint| endpoint.needs.is_none())
}

/// The kinds of token that somebody can have, the usual one first.
pub fn kinds(table: &Table) -> Vec<Kind> {
    let provider = &table.provider;
    let usual = provider.info.default_kind.as_deref();
    let held = |kind: &&Kind| kind.principal != Some(Principal::Nobody) && kind.id != "anonymous";
    let mut kinds: Vec<Kind> = provider.kind.iter().filter(held).cloned().collect();
    kinds.sort_by_key(|kind| Some(kind.id.as_str()) != usual);
    kinds
}

fn blank(app: &App, table: &Table, key: &'static str) -> Blank {
    let there = app.is_blank(key);
    let gates = table.provider.gate.iter();
    let mut looks = gates.filter(|gate| key_of(&gate.id) == key);
    Blank {
        line: if there { app.line_of(key) } else { app.line },
        there,
        key,
        look: match key {
            "kind" => Some(format!("one of {}", explained(&kinds(table)))),
            "needs" => Some(
                "the scopes that every endpoint needs, or `needs = []` where any token will do"
                    .to_owned(),
            ),
            _ => looks.find_map(|gate| gate.look.clone()),
        },
    }
}

/// The key that a manifest has in place of a step of a command line.
fn key_instead(step: &Step) -> Option<&'static str> {
    match step {
        Step::SayKind { .. } => Some("kind"),
        Step::AskScopes { .. } => Some("scopes"),
        Step::SayHeld { .. } => Some("permissions"),
        _ => None,
    }
}

/// Says of an answer that is undecided which lines of the manifest would decide it, in place of what a command line
/// would be given. `ask`: whether asking the server is left to do.
pub fn declare(app: &App, table: &Table, judged: &mut Judged, ask: bool) {
    let accept = judged.depends.iter().map(|check| Step::Accept {
        check: check.clone(),
    });
    let accept: Vec<Step> = accept.collect();
    judged.next.splice(0..0, accept);
    let keys: Vec<&'static str> = judged.next.iter().filter_map(key_instead).collect();
    // A token would show what is not filled in.
    let waits = judged.next.contains(&Step::GiveToken) && !blanks(app, table).is_empty();
    let lacks = lacks_needs(app, table);
    if keys.is_empty() && !app.is_blank("needs") && !lacks && !waits {
        return;
    }
    if lacks && judged.outcome == Outcome::CannotTell && judged.cause.is_none() {
        "nothing says which scopes it needs".clone_into(&mut judged.message);
    }
    // Asking is named beside the lines, and what names a token is there already.
    let named = app.credential != Credential::Unnamed;
    judged.next.retain(|step| match step {
        Step::Probe => false,
        Step::GiveToken => !named,
        step => key_instead(step).is_none(),
    });
    if judged.outcome != Outcome::CannotTell {
        return;
    }
    let mut all = blanks(app, table);
    let open = |key: &&str| !all.iter().any(|blank| blank.key == *key);
    let more: Vec<&'static str> = keys.into_iter().filter(open).collect();
    all.extend(more.into_iter().map(|key| blank(app, table, key)));
    all.sort();
    all.dedup();
    judged.next.insert(0, Step::Declare { blanks: all, ask });
}

//! What a manifest leaves open: lines to fill in, and what they decide.

use super::lint::explained;
use super::manifest::{App, Credential, Endpoint, key_of};
use super::own::is_own;
use crate::finding::{Blank, Judged, Outcome, Step};
use crate::table::{Kind, Principal, Table};

/// The key of what endpoints need.
const NEEDS: &str = "needs";

/// Lines of an app that wait for a value, but for those that its kind of token makes needless.
pub fn blanks(app: &App, table: &Table) -> Vec<Blank> {
    let kind = app.kind.as_deref();
    let kind = kind.and_then(|called| table.provider.kind_called(called));
    let about = |key: &str| match kind {
        Some(kind) => kind.gates.iter().any(|gate| key == key_of(gate)),
        None => true,
    };
    let keys = ["kind", NEEDS, "scopes", "permissions"];
    let waiting = keys.into_iter().filter(|key| app.is_blank(key));
    let waiting = waiting.filter(|key| ["kind", NEEDS].contains(key) || about(key));
    let lacks = lacks_needs(app, table).then(|| needs(app, table));
    let waiting = waiting.map(|key| blank(app, table, key));
    lacks.into_iter().flatten().chain(waiting).collect()
}

/// Whether an API of the app's own has an endpoint of which nothing says what it needs.
fn lacks_needs(app: &App, table: &Table) -> bool {
    let silent = app.needs.is_none() && !app.is_blank(NEEDS);
    let mut endpoints = app.endpoints.iter();
    silent && is_own(app, table) && endpoints.any(|endpoint| endpoint.needs.is_none())
}

/// Where nothing says what is needed: each endpoint by itself where others say it, else the app.
fn needs(app: &App, table: &Table) -> Vec<Blank> {
    let says = app.endpoints.iter().any(|own| own.needs.is_some());
    let silent = app.endpoints.iter().filter(|own| own.needs.is_none());
    let of_app = blank(app, table, NEEDS);
    if !says {
        return vec![of_app];
    }
    let of = |own: &Endpoint| Blank {
        line: own.line,
        endpoint: Some(format!("{} {}", own.method, own.url)),
        look: None,
        ..of_app.clone()
    };
    silent.map(of).collect()
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
        endpoint: None,
        key,
        look: match key {
            "kind" => Some(format!("one of {}", explained(&kinds(table)))),
            NEEDS => Some(
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

/// An endpoint of an app, and what would decide it.
#[derive(Debug, Clone, Copy)]
pub struct Undecided<'a> {
    /// The app.
    pub app: &'a App,
    /// One of its endpoints.
    pub endpoint: &'a Endpoint,
    /// The table in force.
    pub table: &'a Table,
    /// Whether asking the server is left to do.
    pub ask: bool,
}

impl Undecided<'_> {
    /// Says of an answer that is undecided which lines of the manifest would decide it, in place of what a command line
    /// would be given.
    pub fn declare(&self, judged: &mut Judged) {
        let (app, table, ask) = (self.app, self.table, self.ask);
        let accept = judged.depends.iter().map(|check| Step::Accept {
            check: check.clone(),
        });
        let accept: Vec<Step> = accept.collect();
        judged.next.splice(0..0, accept);
        let keys: Vec<&'static str> = judged.next.iter().filter_map(key_instead).collect();
        // A token would show what is not filled in.
        let waits = judged.next.contains(&Step::GiveToken) && !blanks(app, table).is_empty();
        let lacks = lacks_needs(app, table) && self.endpoint.needs.is_none();
        // Where nobody answered, no line of the manifest decides what the server would have said.
        let silent = judged.exchanges.iter().any(|own| own.failure.is_some());
        if keys.is_empty() && !app.is_blank(NEEDS) && !lacks && !waits {
            return;
        }
        let open = judged.outcome == Outcome::CannotTell && !silent;
        if lacks && open && judged.cause.is_none() {
            "nothing says which scopes it needs".clone_into(&mut judged.message);
        }
        // Asking is named beside the lines, and what names a token is there already.
        let named = app.credential != Credential::Unnamed;
        judged.next.retain(|step| match step {
            Step::Probe => false,
            Step::GiveToken => !named,
            step => key_instead(step).is_none(),
        });
        if !open {
            return;
        }
        let mut all = blanks(app, table);
        let unlisted = |key: &&str| !all.iter().any(|blank| blank.key == *key);
        let more: Vec<&'static str> = keys.into_iter().filter(unlisted).collect();
        all.extend(more.into_iter().map(|key| blank(app, table, key)));
        all.sort();
        all.dedup();
        judged.next.insert(0, Step::Declare { blanks: all, ask });
    }
}

//! One app judged: by token and table, and by the server where that is asked for.

use super::credential::{Brought, brought};
use super::judged::{Judged, declarations};
use super::online::{self, Heard};
use super::{Run, error_of};
use crate::cli::error::Failure;
use crate::sink;
use crate::source;
use why401_core::diagnose::{Credential, ToldScopes};
use why401_core::finding::{
    Diagnosis, ENDPOINT_UNKNOWN, Entry, Finding, GatedApp, Judged as Half, NOTE_DIFFERENCE,
    NOTE_EXCESS_SCOPE, NOTE_LIFETIME, Note, Outcome, ScopesFrom, Severity, Step,
};
use why401_core::gate::{self, App, Endpoint, Seen};
use why401_core::http::Target;
use why401_core::scope::ScopeSet;
use why401_core::table::{self, Match, Rule, Table};
use why401_core::token::{Form, Token};

/// The kind of a token that a client requests for itself.
const CLIENT_KIND: &str = "client_credentials";

/// Reads an app and judges nothing: what is wrong with it is its error.
pub(super) fn lint(run: &Run<'_>, app: &App) -> GatedApp {
    let mut out = empty(app);
    let mut flaws = app.flaws.clone();
    match run.providers(app) {
        Ok(bench) => {
            let table = bench.table();
            flaws.extend(gate::flaws(app, table));
            let unreadable = targets(app).err().map(|failure| failure.0);
            out.error = error_of(&flaws).or(unreadable);
            let unknown = gate::unknown_endpoints(app, table, run.settings.trust);
            out.endpoints = unknown
                .into_iter()
                .map(|flaw| unpublished(app, flaw))
                .collect();
        }
        Err(failure) => out.error = error_of(&flaws).or(Some(placed(app, failure).0)),
    }
    out
}

/// An endpoint that no published row has: as undecided as when the gate runs.
fn unpublished(app: &App, flaw: gate::Flaw) -> Entry {
    let own = app.endpoints.iter().find(|own| own.line == flaw.line);
    let judged = Half {
        undecided: vec![gate::ENDPOINT.to_owned()],
        next: vec![Step::Remedy(flaw.hint)],
        ..Half::because(Outcome::CannotTell, &ENDPOINT_UNKNOWN, flaw.text)
    };
    let mut entry = Entry::rule("endpoint", flaw.line, judged);
    if let Some(own) = own {
        entry.name = format!("{} {}", own.method, own.url);
        entry.optional = own.optional;
    }
    entry.tolerated = gate::tolerates(app, entry.deciding());
    entry
}

/// Judges an app.
pub(super) fn gate(run: &Run<'_>, app: &App) -> GatedApp {
    let mut out = empty(app);
    if let Err(failure) = judged(run, app, &mut out) {
        out.error = Some(failure.0);
    }
    out
}

fn empty(app: &App) -> GatedApp {
    GatedApp {
        name: app.name.clone(),
        line: app.line,
        provider: app.provider.clone(),
        ..GatedApp::default()
    }
}

/// A failure that speaks of the app's table or endpoints, with the app's line.
fn placed(app: &App, failure: Failure) -> Failure {
    let mut error = failure.0;
    let key = if app.provider.is_some() {
        "provider"
    } else {
        "app"
    };
    error.message = format!("line {}: {}", app.line_of(key), error.message);
    Failure(error)
}

fn judged(run: &Run<'_>, app: &App, out: &mut GatedApp) -> Result<(), Failure> {
    if let Some(error) = error_of(&app.flaws) {
        return Err(Failure(error));
    }
    let bench = run.providers(app).map_err(|failure| placed(app, failure))?;
    let table = bench.table();
    out.provider = Some(table.provider.info.id.clone());
    if let Some(error) = error_of(&gate::flaws(app, table)) {
        return Err(Failure(error));
    }
    let targets = targets(app)?;
    let brought = brought(run, app)?;
    out.online = run.online;
    match &brought {
        Brought::Token(token) => sink::keep_back(token.secret.expose()),
        Brought::Client(client) => sink::keep_back(client.secret.expose()),
        Brought::Declared => {}
    }
    let began = run.settings.now;
    let client_kind =
        matches!(brought, Brought::Client(_)) && table.provider.kind(CLIENT_KIND).is_some();
    let Holding {
        mut credential,
        lifetime,
        refused,
    } = hold(run, app, table, brought)?;
    sink::keep_back(credential.token.secret.expose());
    let own_kind = client_kind.then(|| CLIENT_KIND.to_owned());
    credential.kind = app.kind.clone().or(own_kind);
    let judge = Judged {
        app,
        bench: &bench,
        declared: declarations(run, app, credential, began),
        now: began,
    };
    let heard = match (run.online, &refused, &judge.token().form) {
        (false, _, _) => None,
        (true, Some(_), _) => Some(Heard::none(app, "no token was issued")),
        (true, None, Form::Absent) => Some(Heard::none(app, "there is no token to ask with")),
        (true, None, _) => Some(online::ask(run, &judge, &targets)?),
    };
    let offline = targets
        .iter()
        .map(|target| judge.question(Some(target.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    out.notes = notes(&app.endpoints, &offline);
    let told = heard.as_ref().and_then(|heard| heard.scopes.as_ref());
    out.notes
        .extend(told.and_then(|told| undeclared(app, told)));
    let scopes = told
        .cloned()
        .or_else(|| held_scopes(&judge.declared.credential));
    let needless = unused(run, &judge, &targets, scopes.as_ref());
    out.notes.extend(needless);
    out.declared = shown(app, &judge.declared.credential, told.is_some());
    own_checks(run, &judge, out, heard.as_ref(), scopes.as_ref(), lifetime)?;
    if let Some(refusal) = refused {
        out.checks.insert(0, issued(app, &refusal));
    }
    out.endpoints = entries(app, &offline, heard);
    for entry in out.checks.iter_mut().chain(&mut out.endpoints) {
        entry.tolerated = gate::tolerates(app, entry.deciding());
    }
    Ok(())
}

/// The credential by itself: its view, and the rules that it must keep.
fn own_checks(
    run: &Run<'_>,
    judge: &Judged<'_>,
    out: &mut GatedApp,
    heard: Option<&Heard>,
    scopes: Option<&ScopeSet>,
    lifetime: Option<i64>,
) -> Result<(), Failure> {
    let token = judge.token();
    let there = !matches!(token.form, Form::Absent);
    let alone = judge.question(None)?;
    out.checks = gate::checks(
        judge.app,
        &Seen {
            there,
            diagnosis: &alone,
            scopes,
            expires: ends(token).or_else(|| Some(judge.now + lifetime?)),
            notes: &out.notes,
            began: judge.now,
            ended: match run.settings.at_given {
                true => judge.now,
                false => source::now(),
            },
        },
    );
    let mut own = out.checks.iter_mut();
    let own = own.find(|entry| entry.name == gate::CREDENTIAL);
    // What ended stays a failure, however alive it was.
    if let Some(entry) = own.filter(|entry| entry.outcome() == Outcome::Pass) {
        entry.online = heard.and_then(|heard| heard.control.clone());
    }
    let mut view = alone.token;
    if let Some(told) = heard.and_then(|heard| heard.scopes.as_ref()) {
        view.scopes = Some(told.to_vec());
        view.scopes_from = Some(ScopesFrom::Control);
    }
    out.token = there.then_some(view);
    Ok(())
}

/// A credential as far as it is known before any endpoint is judged.
struct Holding {
    credential: Credential,
    /// Seconds that a token lives that was just issued.
    lifetime: Option<i64>,
    /// Why none was issued.
    refused: Option<Diagnosis>,
}

fn hold(run: &Run<'_>, app: &App, table: &Table, brought: Brought) -> Result<Holding, Failure> {
    let of = |token: Token| Holding {
        credential: declared(app, token),
        lifetime: None,
        refused: None,
    };
    Ok(match brought {
        Brought::Token(token) => of(token),
        Brought::Client(client) if run.online => match online::token(run, app, table, &client)? {
            Ok((credential, lifetime)) => Holding {
                credential,
                lifetime,
                refused: None,
            },
            Err(refusal) => Holding {
                refused: Some(refusal),
                ..of(Token::absent())
            },
        },
        Brought::Client(_) | Brought::Declared => of(Token::absent()),
    })
}

/// When a token says that it ends.
fn ends(token: &Token) -> Option<i64> {
    why401_core::token::date(token.claims()?, "exp").seconds()
}

fn targets(app: &App) -> Result<Vec<Target>, Failure> {
    let parsed = app.endpoints.iter().map(|endpoint| {
        Target::parse(&endpoint.method, &endpoint.url).map_err(|error| {
            let flaw = gate::Flaw {
                line: endpoint.line,
                key: "endpoints".to_owned(),
                text: error.to_string(),
                hint: "write \"GET /path\"".to_owned(),
            };
            Failure(error_of(&[flaw]).unwrap_or_default())
        })
    });
    parsed.collect()
}

/// A token with what the manifest says of it, where it says nothing itself.
fn declared(app: &App, token: Token) -> Credential {
    let silent = token
        .claims()
        .is_none_or(|claims| why401_core::token::rights(claims).scopes.is_none());
    let scopes = app.scopes.as_ref().filter(|_| silent);
    let set = scopes.map(|names| names.iter().map(String::as_str).collect());
    Credential {
        named: !matches!(token.form, Form::Absent),
        scopes: set.map(|set| ToldScopes::of(set, ScopesFrom::Manifest)),
        ..Credential::of(token)
    }
}

/// The manifest declares scopes that the server does not see.
fn undeclared(app: &App, told: &ScopeSet) -> Option<Note> {
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

/// What the manifest declares and the token does not show.
fn shown(app: &App, credential: &Credential, told: bool) -> Vec<(String, Vec<String>)> {
    let scopes = credential.scopes.as_ref();
    let scopes = scopes.filter(|told_by| told_by.from == ScopesFrom::Manifest && !told);
    let scopes = scopes.map(|told_by| ("scope".to_owned(), told_by.set.to_vec()));
    let permissions = app
        .permissions
        .clone()
        .map(|names| ("permission".to_owned(), names));
    scopes.into_iter().chain(permissions).collect()
}

fn held_scopes(credential: &Credential) -> Option<ScopeSet> {
    let told = credential.scopes.as_ref().map(|told| told.set.clone());
    told.or_else(|| why401_core::token::rights(credential.token.claims()?).scopes)
}

/// Scopes that none of the endpoints needs.
fn unused(
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
        line: judge.app.line,
        finding: Finding::warning(&NOTE_EXCESS_SCOPE, text),
    })
}

/// What is worth saying beside the answers, once each, with the line of the first endpoint it belongs to.
fn notes(endpoints: &[Endpoint], offline: &[Diagnosis]) -> Vec<Note> {
    let mut out: Vec<Note> = Vec::new();
    for (endpoint, diagnosis) in endpoints.iter().zip(offline) {
        for finding in &diagnosis.findings {
            let known = |note: &Note| {
                note.finding.cause == finding.cause && note.finding.message == finding.message
            };
            // What this endpoint does not need another may; how long it lives is a rule of its own.
            let other = [&NOTE_EXCESS_SCOPE, &NOTE_LIFETIME].contains(&finding.cause);
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

/// The client's credentials were refused.
fn issued(app: &App, refusal: &Diagnosis) -> Entry {
    let offline = Half::plain(
        Outcome::CannotTell,
        "only the issuer knows whether a client's id and secret are right",
    );
    Entry {
        online: Some(Half::of(refusal)),
        ..Entry::rule(gate::CREDENTIAL, app.line_of("client-id"), offline)
    }
}

fn entries(app: &App, offline: &[Diagnosis], heard: Option<Heard>) -> Vec<Entry> {
    let mut online = heard.map(|heard| heard.endpoints.into_iter());
    let both = app.endpoints.iter().zip(offline);
    both.map(|(endpoint, diagnosis)| Entry {
        name: format!("{} {}", endpoint.method, endpoint.url),
        line: endpoint.line,
        note: endpoint.note.clone(),
        optional: endpoint.optional,
        tolerated: false,
        offline: Half::of(diagnosis),
        online: online.as_mut().and_then(Iterator::next),
    })
    .collect()
}

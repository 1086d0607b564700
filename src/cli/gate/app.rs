//! One app judged: by token and table, and by the server where that is asked for.

use super::credential::{Supplied, supplied};
use super::judged::{Judged, declarations};
use super::online::{self, Online};
use super::{Bench, Run, error_of, hint, notes};
use crate::cli::error::Failure;
use crate::sink;
use crate::source;
use std::rc::Rc;
use why401_core::diagnose::{Credential, ToldScopes};
use why401_core::finding::{
    Diagnosis, ENDPOINT_UNKNOWN, Entry, GatedApp, Judged as Half, Outcome, ScopesFrom, Step,
};
use why401_core::gate::{self, App, Seen};
use why401_core::http::Target;
use why401_core::scope::ScopeSet;
use why401_core::table::Table;
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
                .map(|flaw| unpublished(app, table, flaw))
                .collect();
        }
        Err(failure) => out.error = error_of(&flaws).or(Some(placed(app, failure).0)),
    }
    out
}

/// An endpoint that no published row has: as undecided as when the gate runs.
fn unpublished(app: &App, table: &Table, flaw: gate::Flaw) -> Entry {
    let own = app.endpoints.iter().find(|own| own.line == flaw.line);
    let last = own.and_then(|own| own.url.rsplit('/').find(|word| !word.is_empty()));
    let next = match hint(&flaw.hint) {
        None => Step::Search {
            word: last.unwrap_or_default().to_owned(),
            provider: table.provider.info.id.clone(),
        },
        Some(words) => Step::Remedy(words),
    };
    let judged = Half {
        undecided: vec![gate::ENDPOINT.to_owned()],
        next: vec![next],
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

/// What an app is judged by, where table and endpoints can be read.
fn bench(run: &Run<'_>, app: &App, out: &mut GatedApp) -> Result<Rc<Bench>, Failure> {
    if let Some(error) = error_of(&app.flaws) {
        return Err(Failure(error));
    }
    let bench = run.providers(app).map_err(|failure| placed(app, failure))?;
    out.provider = Some(bench.table().provider.info.id.clone());
    match error_of(&gate::flaws(app, bench.table())) {
        Some(error) => Err(Failure(error)),
        None => Ok(bench),
    }
}

fn judged(run: &Run<'_>, app: &App, out: &mut GatedApp) -> Result<(), Failure> {
    let bench = bench(run, app, out)?;
    let targets = targets(app)?;
    let supplied = supplied(run, app)?;
    out.online = run.online;
    let began = run.settings.now;
    let without = supplied.absent();
    let Holding {
        credential,
        lifetime,
        refused,
    } = hold(run, app, bench.table(), supplied)?;
    let judge = Judged {
        app,
        bench: &bench,
        declared: declarations(run, app, credential, began),
        now: began,
    };
    let online = match (run.online, &refused, &judge.token().form) {
        (false, _, _) => None,
        (true, Some(_), _) => Some(Online::none(app, "no token was issued")),
        (true, None, Form::Absent) => Some(Online::none(app, "there is no token to ask with")),
        (true, None, _) => Some(online::ask(run, &judge, &targets)?),
    };
    let offline = targets
        .iter()
        .map(|target| judge.question(Some(target.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    let told = online.as_ref().and_then(|online| online.scopes.as_ref());
    let held = held_scopes(&judge.declared.credential);
    let scopes = told.cloned().or(held);
    out.notes = notes::of_endpoints(&app.endpoints, &offline);
    let undeclared = told.and_then(|told| notes::undeclared(app, told));
    let needless = notes::unused(run, &judge, &targets, scopes.as_ref());
    out.notes.extend(undeclared.into_iter().chain(needless));
    out.declared = shown(app, &judge.declared.credential, told.is_some());
    own_checks(run, &judge, out, online.as_ref(), scopes.as_ref(), lifetime)?;
    if let Some(refusal) = refused {
        out.checks.insert(0, issued(app, &refusal));
    }
    if let Some(why) = without {
        let line = app.line_of("token-env");
        let absent = Half::plain(Outcome::NotAsked, why);
        out.checks
            .insert(0, Entry::rule(gate::CREDENTIAL, line, absent));
    }
    out.endpoints = entries(app, &offline, online);
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
    online: Option<&Online>,
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
        entry.online = online.and_then(|online| online.control.clone());
    }
    let mut view = alone.token;
    if let Some(told) = online.and_then(|online| online.scopes.as_ref()) {
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

fn hold(run: &Run<'_>, app: &App, table: &Table, supplied: Supplied) -> Result<Holding, Failure> {
    match &supplied {
        Supplied::Token(token) => sink::keep_back(token.secret.expose()),
        Supplied::Client(client) => sink::keep_back(client.secret.expose()),
        Supplied::Nothing(_) => {}
    }
    let own_kind = match app.credential {
        gate::Credential::Client(..) => table
            .provider
            .kind(CLIENT_KIND)
            .map(|_| CLIENT_KIND.to_owned()),
        _ => None,
    };
    let of = |token: Token| Holding {
        credential: declared(app, token),
        lifetime: None,
        refused: None,
    };
    let mut holding = match supplied {
        Supplied::Token(token) => of(token),
        Supplied::Client(client) if run.online => match online::token(run, app, table, &client)? {
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
        Supplied::Client(_) | Supplied::Nothing(_) => of(Token::absent()),
    };
    sink::keep_back(holding.credential.token.secret.expose());
    let kind = app.kind.as_deref().map(|called| {
        let known = table.provider.kind_called(called);
        known.map_or(called, |own| own.id.as_str()).to_owned()
    });
    holding.credential.kind = kind.or(own_kind);
    Ok(holding)
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
                hint: "write \"GET /path\"".into(),
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

fn entries(app: &App, offline: &[Diagnosis], online: Option<Online>) -> Vec<Entry> {
    let mut online = online.map(|online| online.endpoints.into_iter());
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

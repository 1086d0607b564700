//! One app judged: by token and table, and by the server where that is asked for.

use super::credential::{Supplied, line_end, supplied};
use super::judged::{Judged, declarations};
use super::online::{self, Online};
use super::{Bench, Run, Stop, at, faults, notes};
use crate::cli::error::Failure;
use crate::sink;
use crate::source;
use std::rc::Rc;
use why401_core::diagnose::{Credential, ToldScopes};
use why401_core::finding::{
    Diagnosis, Entry, Fault, GatedApp, Judged as Half, Outcome, ScopesFrom, Step,
};
use why401_core::gate::{self, App, Endpoint, Flaw, Seen};
use why401_core::http::Target;
use why401_core::scope::ScopeSet;
use why401_core::table::Table;
use why401_core::token::{Form, Token};

/// The kind of a token that a client requests for itself.
pub(super) const CLIENT_KIND: &str = "client_credentials";

/// The key under which an app's environments stand.
const ENV: &str = "env";

/// Judges an app.
pub(super) fn gate(run: &Run<'_>, app: &App) -> GatedApp {
    let mut out = empty(app);
    if let Err(stop) = judged(run, app, &mut out) {
        out.faults = stop.0;
    }
    out.notes.splice(..0, notes::lacks(app));
    out
}

pub(super) fn empty(app: &App) -> GatedApp {
    GatedApp {
        name: app.name.clone(),
        line: app.line,
        provider: app.provider.clone(),
        ..GatedApp::default()
    }
}

/// A failure that speaks of the app's table or endpoints, with the app's line.
pub(super) fn placed(app: &App, failure: Failure) -> Fault {
    let key = if app.provider.is_some() {
        "provider"
    } else {
        "app"
    };
    let line = app.line_of(key);
    let mut error = failure.0;
    error.message = format!("line {line}: {}", error.message);
    Fault {
        line: Some(line),
        ..error.into()
    }
}

/// What an app is judged by, where table and endpoints can be read.
fn bench(run: &Run<'_>, app: &App, out: &mut GatedApp) -> Result<Rc<Bench>, Stop> {
    if !app.flaws.is_empty() {
        return Err(Stop(faults(&app.flaws)));
    }
    let bench = run.providers(app);
    let bench = bench.map_err(|failure| Stop(vec![placed(app, failure)]))?;
    out.own = gate::is_own(app, bench.table());
    out.provider = Some(bench.table().provider.info.id.clone());
    let flaws = gate::flaws(app, bench.table());
    if !flaws.is_empty() {
        return Err(Stop(faults(&flaws)));
    }
    match unchosen(run, app) {
        Some(stop) => Err(stop),
        None => Ok(bench),
    }
}

/// An app whose credential or region is named in environments only, run without one.
fn unchosen(run: &Run<'_>, app: &App) -> Option<Stop> {
    let commanded = run.commands.iter().any(|(name, _)| *name == app.name);
    let counts = |what: &str| match what {
        "region" => run.online && run.origin_of(app).is_none(),
        _ => !commanded,
    };
    let mut open = app.elsewhere.iter().filter(|(what, _)| counts(what));
    let (what, names) = open.next()?;
    let text = format!("its {what} is named in environments only, and none was chosen");
    let choices: Vec<String> = names.iter().map(|name| format!("--env {name}")).collect();
    Some(at(
        app,
        ENV,
        text,
        format!("choose one: {}", choices.join(", ")),
    ))
}

fn judged(run: &Run<'_>, app: &App, out: &mut GatedApp) -> Result<(), Stop> {
    let bench = bench(run, app, out)?;
    let targets = targets(app).map_err(|flaws| Stop(faults(&flaws)))?;
    let supplied = supplied(run, app, bench.table())?;
    out.online = run.online;
    let began = run.settings.now;
    let without = supplied.without_token();
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
        (true, Some(_), _) => Some(Online::none(app, "not asked: no token was issued")),
        (true, None, Form::Absent) => Some(Online::none(
            app,
            "not asked: there is no token to ask with",
        )),
        (true, None, _) => Some(online::ask(run, &judge, &targets)?),
    };
    let tokenless = run.online && matches!(judge.token().form, Form::Absent);
    let offline = targets
        .iter()
        .map(|target| judge.question(Some(target.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    let told = online.as_ref().and_then(|online| online.scopes.as_ref());
    let held = held_scopes(&judge.declared.credential);
    let scopes = told.cloned().or(held);
    out.notes = notes::of_endpoints(app, &offline);
    out.notes.extend(notes::unknown_names(app, bench.table()));
    let undeclared = told.and_then(|told| notes::undeclared(app, told));
    let needless = notes::unused(run, &judge, &targets, scopes.as_ref());
    out.notes.extend(undeclared.into_iter().chain(needless));
    let end = line_end(run, app);
    out.notes
        .extend(end.as_ref().and_then(|end| notes::line_end(app, end)));
    let gates = offline.iter().flat_map(|own| &own.gates);
    out.compared = gates.map(|gate| gate.gate.clone()).collect();
    out.declared = shown(app, &judge.declared.credential, told.is_some());
    let known = Known {
        scopes: scopes.as_ref(),
        lifetime,
        stored: end.filter(|end| !end.of_file).map(|end| end.text),
    };
    own_checks(run, &judge, out, online.as_ref(), &known)?;
    if let Some(refusal) = refused {
        out.checks.insert(0, issued(app, &refusal));
    }
    if let Some(absent) = without {
        let line = app.line_of_credential();
        out.checks
            .insert(0, Entry::rule(gate::CREDENTIAL, line, absent));
    }
    if online.as_ref().is_some_and(|online| online.nowhere) {
        out.checks.insert(0, gate::nowhere(app));
    }
    out.endpoints = entries(app, &offline, online);
    let ask = !run.online;
    let slips = gate::unknown_names(app, bench.table());
    let own = gate::is_own(app, bench.table());
    for (entry, endpoint) in out.endpoints.iter_mut().zip(&app.endpoints) {
        let open = gate::Undecided {
            app,
            endpoint,
            table: bench.table(),
            ask,
        };
        open.declare(&mut entry.offline);
        if let Some(half) = entry.online.as_mut() {
            open.declare(half);
        }
        if tokenless {
            unasked(entry);
        }
        correct(&slips, own, &mut entry.offline);
        if let Some(half) = &mut entry.online {
            correct(&slips, own, half);
        }
    }
    for entry in out.checks.iter_mut().chain(&mut out.endpoints) {
        entry.tolerated = gate::tolerates(app, entry.deciding());
    }
    Ok(())
}

/// What is known of a credential beside itself.
struct Known<'k> {
    scopes: Option<&'k ScopeSet>,
    /// Seconds that a token lives that was just issued.
    lifetime: Option<i64>,
    /// What is wrong with it as it is stored.
    stored: Option<String>,
}

/// The credential by itself: its view, and the rules that it must keep.
fn own_checks(
    run: &Run<'_>,
    judge: &Judged<'_>,
    out: &mut GatedApp,
    online: Option<&Online>,
    known: &Known<'_>,
) -> Result<(), Failure> {
    let token = judge.token();
    let there = !matches!(token.form, Form::Absent);
    let mut alone = judge.question(None)?;
    if let Some(checked) = online.and_then(|online| online.checked.clone()) {
        alone.token.checked = Some(checked);
    }
    let shown = judge.shown_kind()?;
    out.checks = gate::checks(
        judge.app,
        &Seen {
            there,
            diagnosis: &alone,
            stored: known.stored.as_deref(),
            scopes: known.scopes,
            shown: shown
                .as_deref()
                .map(|kind| (kind, alone.token.form == "opaque")),
            expires: ends(token).or_else(|| Some(judge.now + known.lifetime?)),
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

fn hold(run: &Run<'_>, app: &App, table: &Table, supplied: Supplied) -> Result<Holding, Stop> {
    match &supplied {
        Supplied::Token(token) => sink::keep_back(token.secret.expose()),
        Supplied::Client(client) => sink::keep_back(client.secret.expose()),
        Supplied::Unused | Supplied::Nothing(_) => {}
    }
    let of = |token: Token| Holding {
        credential: declared(app, token),
        lifetime: None,
        refused: None,
    };
    let mut holding = match supplied {
        Supplied::Token(token) => of(token),
        Supplied::Client(client) => match online::token(run, app, table, &client)? {
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
        Supplied::Unused | Supplied::Nothing(_) => of(Token::absent()),
    };
    sink::keep_back(holding.credential.token.secret.expose());
    holding.credential.kind = kind(app, table);
    Ok(holding)
}

/// The kind of token of an app: as declared, else that of a token which its client requests.
pub(super) fn kind(app: &App, table: &Table) -> Option<String> {
    let called = match (&app.kind, &app.credential) {
        (Some(called), _) => called,
        (None, gate::Credential::Client(..)) => {
            return Some(table.provider.kind(CLIENT_KIND)?.id.clone());
        }
        (None, _) => return None,
    };
    let known = table.provider.kind_called(called);
    Some(known.map_or(called, |own| &own.id).clone())
}

/// When a token says that it ends.
fn ends(token: &Token) -> Option<i64> {
    why401_core::token::date(token.claims()?, "exp").seconds()
}

/// The endpoints of an app; what is wrong with those that cannot be read.
pub(super) fn targets(app: &App) -> Result<Vec<Target>, Vec<Flaw>> {
    let mut flaws = Vec::new();
    let mut targets = Vec::new();
    for endpoint in &app.endpoints {
        match Target::parse(&endpoint.method, &endpoint.url) {
            Ok(target) => targets.push(target),
            Err(error) => flaws.push(Flaw {
                line: endpoint.line,
                key: "endpoints".to_owned(),
                text: error.to_string(),
                hint: "write \"GET /path\"".into(),
            }),
        }
    }
    match flaws.is_empty() {
        true => Ok(targets),
        false => Err(flaws),
    }
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
        ..Entry::rule(gate::CREDENTIAL, app.line_of_credential(), offline)
    }
}

/// Where a name that is missing was probably mistyped in a list, writing it right comes before granting it. `own_needs`: whether
/// the manifest itself says what is needed, so that either spelling may be the wrong one.
fn correct(slips: &[gate::UnknownName], own_needs: bool, half: &mut Half) {
    let meant = slips
        .iter()
        .filter_map(|own| Some((own, own.note.finding.meant.as_ref()?)));
    let mut fits = meant.filter(|(_, meant)| half.missing.contains(&meant.meant));
    if let Some((own, meant)) = fits.next().filter(|_| half.outcome == Outcome::Fail) {
        let (line, typed, needed) = (own.note.line, &meant.typed, &meant.meant);
        let text = match own_needs {
            true => format!(
                "`{typed}` (line {line}) and the needed `{needed}` differ in a letter or two: correct the one that is mistyped."
            ),
            false => format!("Correct line {line}: `{typed}` is probably meant to be `{needed}`."),
        };
        half.next.retain(|step| !matches!(step, Step::Respell(_)));
        half.next.insert(0, Step::Remedy(text));
    }
}

/// Without a token the server was asked nothing, so what token and table leave open stays open.
fn unasked(entry: &mut Entry) {
    let passes = entry.offline.outcome == Outcome::Pass;
    if let Some(online) = entry.online.as_mut().filter(|_| passes) {
        online.outcome = Outcome::CannotTell;
        online.undecided = vec![gate::CREDENTIAL.to_owned()];
    }
}

fn entries(app: &App, offline: &[Diagnosis], online: Option<Online>) -> Vec<Entry> {
    let mut online = online.map(|online| online.endpoints.into_iter());
    let both = app.endpoints.iter().zip(offline);
    both.map(|(endpoint, diagnosis)| Entry {
        online: online.as_mut().and_then(Iterator::next),
        ..entry(endpoint, Half::of(diagnosis))
    })
    .collect()
}

/// An endpoint with what it came to by token and table.
pub(super) fn entry(endpoint: &Endpoint, offline: Half) -> Entry {
    Entry {
        note: endpoint.note.clone(),
        optional: endpoint.optional,
        ..Entry::rule(
            format!("{} {}", endpoint.method, endpoint.url),
            endpoint.line,
            offline,
        )
    }
}

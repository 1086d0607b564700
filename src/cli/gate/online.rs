//! The online half: one control and a safe request for each endpoint, all in one round.

use super::app::Judged;
use super::{Run, at};
use crate::cli::client::{self, Requested, Wanted};
use crate::cli::error::Failure;
use crate::cli::held::Held;
use crate::cli::probe;
use crate::probe::grant::Client;
use crate::probe::{self as plan, Ask, Wish};
use url::Url;
use why401_core::diagnose::Credential;
use why401_core::finding::{Diagnosis, Judged as Half, Outcome, Verdict};
use why401_core::gate::App;
use why401_core::http::{Role, Target};
use why401_core::scope::ScopeSet;
use why401_core::table::{self, Table};
use why401_core::triage::{Judge, learn};

/// What the server told.
pub(super) struct Heard {
    /// One answer an endpoint, in the manifest's order.
    pub(super) endpoints: Vec<Half>,
    /// The scopes of the token, where the control told them.
    pub(super) scopes: Option<ScopeSet>,
    /// What the control showed of the credential itself.
    pub(super) control: Option<Half>,
}

impl Heard {
    /// Nothing was asked.
    pub(super) fn none(app: &App, why: &str) -> Self {
        let unasked = || Half::plain(Outcome::NotAsked, why);
        Self {
            endpoints: app.endpoints.iter().map(|_| unasked()).collect(),
            scopes: None,
            control: None,
        }
    }
}

/// Where an app's requests go: the origin that the user named, else the provider's own host.
fn origin(run: &Run<'_>, app: &App, table: &Table) -> Result<Url, Failure> {
    if let Some(url) = run.origin_of(app) {
        return Ok(url.clone());
    }
    let hosts = shipped_hosts(table)?;
    let mut fitting = hosts.iter().filter(|(_, region)| match &app.region {
        Some(wanted) => region.as_ref() == Some(wanted),
        None => true,
    });
    let (first, other) = (fitting.next(), fitting.next());
    match (first, other) {
        (Some((host, _)), None) => Ok(host.clone()),
        (None, _) => Err(at(
            app,
            "provider",
            "the program ships no host of this provider, and a manifest cannot name where a token is sent",
            "name it yourself: --send-to APP=URL",
        )),
        (Some(_), Some(_)) => Err(at(
            app,
            "region",
            "the provider has several hosts, and none is chosen",
            "add a region; `why401 gate --lint` names them",
        )),
    }
}

/// The API hosts that the shipped table names: a table of the project's own may not say where a token goes.
fn shipped_hosts(table: &Table) -> Result<Vec<(Url, Option<String>)>, Failure> {
    let shipped = table::shipped(&table.provider.provider.id).transpose()?;
    let places = shipped.map(|own| own.places()).unwrap_or_default();
    let api = places
        .into_iter()
        .filter(|(host, place)| !place.login && !place.refusals_only && !host.contains('*'));
    Ok(api
        .filter_map(|(host, place)| {
            Some((Url::parse(&format!("https://{host}")).ok()?, place.region))
        })
        .collect())
}

/// A token by the app's client, with its life in seconds; a refusal as its diagnosis.
pub(super) fn token(
    run: &Run<'_>,
    app: &App,
    table: &Table,
    client: &Client,
) -> Result<Result<(Credential, Option<i64>), Diagnosis>, Failure> {
    let origin = origin(run, app, table)?;
    let scope = app.scopes.as_ref().map(|names| names.join(" "));
    let wanted = Wanted {
        scope: scope.as_deref(),
        host: origin.host_str(),
        table: Some(table),
        endpoint: redirected(run, app, table, &origin),
        ..Wanted::default()
    };
    let requested = client::request(run.settings, client, &wanted);
    let requested = requested.map_err(|failure| at(app, "client-id", failure.0.message, ""))?;
    Ok(match requested {
        Requested::Refused(refusal) => Err(*refusal),
        Requested::Token(granted, asked) => {
            let held = Held::issued(&granted, asked, None);
            Ok((held.credential, granted.lifetime))
        }
    })
}

/// Where requests go to a host that the user named, token requests go there too: no other host is contacted.
fn redirected(run: &Run<'_>, app: &App, table: &Table, origin: &Url) -> Option<Url> {
    run.origin_of(app)?;
    let path = table
        .provider
        .host
        .iter()
        .find_map(|host| host.token_path.as_deref())?;
    origin.join(path).ok()
}

/// Asks the control and every endpoint that can be asked safely.
pub(super) fn ask(run: &Run<'_>, judge: &Judged<'_>, targets: &[Target]) -> Result<Heard, Failure> {
    let origin = origin(run, judge.app, judge.table())?;
    // Where the user named a host, no other is contacted.
    let named = run.origin_of(judge.app).is_some();
    let hosts = match named {
        true => Vec::new(),
        false => shipped_hosts(judge.table())?,
    };
    let mut asks = Vec::new();
    let mut wanted: Vec<Result<usize, String>> = Vec::new();
    for (target, endpoint) in targets.iter().zip(&judge.app.endpoints) {
        let planned = planned(judge, &origin, &hosts, target);
        let (_, query) = endpoint.url.split_once('?').unzip();
        wanted.push(planned.map(|mut ask| {
            ask.url.set_query(query);
            asks.push(ask);
            asks.len() - 1
        }));
    }
    asks.extend(control(judge, &origin));
    let heard = send(run, judge, &asks)?;
    let control = heard.iter().find(|h| h.ask.role == Role::Control);
    // What the server told of the token outranks what the manifest declares.
    let mut declared = judge.declared.clone();
    let told = control.is_some_and(|control| {
        let table = judge.table();
        learn(&mut declared.credential, table, &control.exchange, true)
    });
    let judging = Judge::new(&judge.bench.providers, &declared);
    let endpoints = targets.iter().zip(wanted).map(|(target, at)| {
        let own = at.as_ref().ok().map(|at| &heard[*at]);
        let both: Vec<_> = control.into_iter().chain(own).collect();
        if plan::decisive(&both).is_some() {
            let diagnosis = probe::probes(&judging, target.clone(), &both, &[])?;
            return Ok(Half::of(&diagnosis));
        }
        if told {
            let shut = judging.question(Some(target.clone()), None)?;
            if shut.verdict == Verdict::Denied {
                return Ok(Half::of(&shut));
            }
        }
        let stood = own.map(|own| {
            format!(
                "{} stood in for {}, and its answer says nothing about the right to {}",
                own.ask.method, target.method, target.method
            )
        });
        let why = at.err().or(stood).unwrap_or_default();
        Ok(Half::plain(Outcome::NotAsked, why))
    });
    let scopes = declared.credential.scopes.as_ref().filter(|_| told);
    let scopes = scopes.map(|told| told.set.clone());
    Ok(Heard {
        endpoints: endpoints.collect::<Result<_, Failure>>()?,
        scopes,
        control: control.map(controlled),
    })
}

/// What the control's answer says of the credential.
fn controlled(control: &plan::Heard) -> Half {
    let call = format!("{} {}", control.ask.method, control.ask.url.path());
    match control.status() {
        Some(200..=299) => {
            Half::plain(Outcome::Pass, format!("{call} took it: the token is alive"))
        }
        Some(403) => Half::plain(
            Outcome::NotAsked,
            format!(
                "{call} answered 403: it wants a right of its own, so it proves only that the token was read"
            ),
        ),
        Some(status) => Half::plain(Outcome::NotAsked, format!("{call} answered {status}")),
        None => Half::plain(Outcome::NotAsked, format!("{call} got no answer")),
    }
}

/// The request for an endpoint; else why it is not asked.
fn planned(
    judge: &Judged<'_>,
    origin: &Url,
    hosts: &[(Url, Option<String>)],
    target: &Target,
) -> Result<Ask, String> {
    if target.path.contains(['{', '}']) {
        return Err(
            "not asked: the path holds a template; give one that exists to have it asked"
                .to_owned(),
        );
    }
    let own_host = target.host.as_deref();
    let foreign = own_host.is_some_and(|host| Some(host) != origin.host_str());
    if foreign && !hosts.iter().any(|(url, _)| url.host_str() == own_host) {
        return Err("not asked: no shipped table names this host, and a manifest cannot; --send-to APP=URL can".to_owned());
    }
    let url = match own_host.filter(|_| foreign) {
        Some(host) => Url::parse(&format!("https://{host}{}", target.path)),
        None => joined(judge.table(), origin, &target.path),
    };
    let url = url.map_err(|_| "not asked: no URL can be made of it".to_owned())?;
    let wish = Wish {
        kind: judge.kind(),
        ..Wish::safe(&target.method, url, Some(judge.table()))
    };
    let planned = plan::first(&wish).map_err(|why| format!("not asked: {why}"))?;
    let remark = planned
        .remarks
        .into_iter()
        .find(|text| text.contains("was not sent"));
    let ask = planned
        .asks
        .into_iter()
        .find(|ask| ask.role == Role::Target);
    ask.ok_or_else(|| remark.unwrap_or_else(|| "not asked".to_owned()))
}

/// A path of the table on the provider's origin, behind the base that its host has.
fn joined(table: &Table, origin: &Url, path: &str) -> Result<Url, url::ParseError> {
    let place = origin.host_str().and_then(|host| table.place(host));
    let base = place.map(|place| place.base);
    match base.filter(|base| !path.starts_with(base.as_str())) {
        Some(base) => origin.join(&format!("{base}{path}")),
        None => origin.join(path),
    }
}

/// The provider's control on this origin.
fn control(judge: &Judged<'_>, origin: &Url) -> Option<Ask> {
    let wish = Wish {
        kind: judge.kind(),
        ..Wish::safe("GET", origin.join("/").ok()?, Some(judge.table()))
    };
    let planned = plan::first(&wish).ok()?;
    planned
        .asks
        .into_iter()
        .find(|ask| ask.role == Role::Control)
}

#[cfg(feature = "probe")]
fn send(run: &Run<'_>, judge: &Judged<'_>, asks: &[Ask]) -> Result<Vec<plan::Heard>, Failure> {
    use crate::sink;
    use crate::source;
    let credential = std::sync::Arc::new(plan::Credential {
        token: judge.token().secret.clone(),
        key: None,
        now: source::now(),
    });
    let tells = sink::err_is_terminal() && !run.settings.quiet;
    let limits = plan::Limits {
        whole: std::time::Duration::from_secs(run.timeout),
        progress: tells.then_some(sink::progress),
        ..plan::Limits::default()
    };
    plan::send(asks, &credential, limits)
        .map_err(|why| Failure::new("probe", format!("nothing could be sent: {why}"), None))
}

#[cfg(not(feature = "probe"))]
fn send(run: &Run<'_>, _: &Judged<'_>, _: &[Ask]) -> Result<Vec<plan::Heard>, Failure> {
    let _ = run.timeout;
    Err(Failure::usage(
        "this build cannot ask servers",
        "build it with the feature `probe`, or leave --online away",
    ))
}

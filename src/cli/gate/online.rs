//! The online half: one control and a safe request for each endpoint, all in one round, and what the answers come to.

use super::answers::{answered, is_nowhere, uncontrolled};
use super::control::controlled;
use super::judged::Judged;
use super::requests::{NotAsked, control, planned, send, with_path};
use super::{Run, Stop, at};
use crate::cli::client::{self, Requested, Wanted};
use crate::cli::error::Failure;
use crate::cli::held::RunCredential;
use crate::cli::probe;
use crate::probe::grant::Client;
use crate::probe::{self as plan, Origins};
use url::Url;
use why401_core::diagnose::Credential;
use why401_core::finding::{Diagnosis, Judged as Half, Outcome};
use why401_core::gate::{self, App};
use why401_core::http::{Role, Target};
use why401_core::scope::ScopeSet;
use why401_core::table::Table;
use why401_core::triage::{Judge, learn};

/// What the server reported.
pub(super) struct Online {
    /// One answer an endpoint, in the manifest's order.
    pub(super) endpoints: Vec<Half>,
    /// The scopes of the token, where the control told them.
    pub(super) scopes: Option<ScopeSet>,
    /// What the control showed of the credential itself.
    pub(super) control: Option<Half>,
    /// Whether everything that was asked answered 404.
    pub(super) nowhere: bool,
    /// What was checked of the token, where anything was asked with it.
    pub(super) checked: Option<String>,
}

impl Online {
    /// Nothing was asked.
    pub(super) fn none(app: &App, why: &str) -> Self {
        let unasked = || Half::plain(Outcome::NotAsked, why);
        Self {
            endpoints: app.endpoints.iter().map(|_| unasked()).collect(),
            scopes: None,
            control: None,
            nowhere: false,
            checked: None,
        }
    }
}

/// Where an app's requests go, and may go: to the origin that the user named, else to the provider's own hosts.
fn origin(run: &Run<'_>, app: &App, table: &Table) -> Result<(Url, Origins), Stop> {
    if let Some(url) = run.origin_of(app) {
        return Ok((url.clone(), Origins::typed("--send-to", url)));
    }
    let hosts = plan::shipped_hosts(&table.provider.info.id)?;
    let mut fitting = hosts.iter().filter(|host| match &app.region {
        Some(wanted) => host.region() == Some(wanted),
        None => true,
    });
    let origins = hosts.iter().map(Origins::shipped);
    let origins = origins.fold(Origins::default(), Origins::and);
    let (first, other) = (fitting.next(), fitting.next());
    match (first, other) {
        (Some(host), None) => Ok((host.url().clone(), origins)),
        (None, _) => Err(at(
            app,
            "provider",
            "no shipped table names a host of this provider, and a manifest cannot say where a token is sent",
            format!(
                "name it where the gate runs: --send-to {}={}",
                app.name,
                named(app)
            ),
        )),
        (Some(_), Some(_)) => Err(at(
            app,
            "region",
            "the provider has several hosts, and none is chosen",
            format!("add `region`, one of: {}", regions(table).join(", ")),
        )),
    }
}

/// The origin of the app's first whole URL, for a hint.
fn named(app: &App) -> String {
    let mut urls = app
        .endpoints
        .iter()
        .filter_map(|own| Url::parse(&own.url).ok());
    let origin = urls.find(Url::has_host).map(|url| url.origin());
    origin.map_or("URL".to_owned(), |origin| origin.ascii_serialization())
}

/// The provider's regions.
fn regions(table: &Table) -> Vec<String> {
    gate::regions(table).into_iter().collect()
}

/// A token by the app's client, with its life in seconds; a refusal as its diagnosis.
pub(super) fn token(
    run: &Run<'_>,
    app: &App,
    table: &Table,
    client: &Client,
) -> Result<Result<(Credential, Option<i64>), Diagnosis>, Stop> {
    let (origin, origins) = origin(run, app, table)?;
    let scope = app.scopes.as_ref().map(|names| names.join(" "));
    let wanted = Wanted {
        scope: scope.as_deref(),
        host: origin.host_str(),
        table: Some(table),
        endpoint: redirected(run, app, table, &origin).map(|url| (url, origins)),
        ..Wanted::default()
    };
    let settings = run.settings.waiting(run.timeout);
    let requested = client::request(&settings, client, &wanted);
    let requested = requested.map_err(|failure| at(app, "client-id", failure.0.message, ""))?;
    Ok(match requested {
        Requested::Refused(refusal) => Err(*refusal),
        Requested::Token(granted, asked) => {
            let held = RunCredential::issued(&granted, asked, None);
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
    Some(with_path(origin, path))
}

/// Asks the control and every endpoint that can be asked safely.
pub(super) fn ask(run: &Run<'_>, judge: &Judged<'_>, targets: &[Target]) -> Result<Online, Stop> {
    let (origin, origins) = origin(run, judge.app, judge.table())?;
    let mut asks = Vec::new();
    let mut wanted: Vec<Result<usize, NotAsked>> = Vec::new();
    for (target, endpoint) in targets.iter().zip(&judge.app.endpoints) {
        let named = run.origin_of(judge.app).is_some();
        let planned = planned(judge, &origin, &origins, target, named);
        let (_, query) = endpoint.url.split_once('?').unzip();
        wanted.push(planned.map(|mut ask| {
            ask.url.set_query(query);
            asks.push(ask);
            asks.len() - 1
        }));
    }
    let asked = asks.first().map_or("/", |ask| ask.url.path());
    // Beside an endpoint, and never the same as one: what is asked as the target is not asked twice.
    let root = judge.table().path_beside(origin.host_str(), asked, "/");
    let control = control(judge, &origin, &root);
    // Without a control, what an endpoint answers without the token is all that its answer can be compared with.
    if control.is_empty() {
        let bare: Vec<_> = asks.iter().filter_map(plan::without_token).collect();
        asks.extend(bare);
    }
    asks.extend(control);
    let heard = send(run, judge, &origins, &asks)?;
    let control = heard.iter().find(|h| h.request.role == Role::Control);
    // What the server reported of the token outranks what the manifest declares.
    let mut declared = judge.declared.clone();
    let told = control.is_some_and(|control| {
        let table = judge.table();
        learn(&mut declared.credential, table, &control.exchange, true)
    });
    let judging = Judge::new(&judge.bench.providers, &declared);
    let endpoints = targets.iter().zip(wanted).map(|(target, at)| {
        let own = at.map(|at| &heard[at]);
        answered(&judging, target, own, control, told)
    });
    let endpoints = endpoints.collect::<Result<Vec<_>, Failure>>()?;
    let worked = endpoints.iter().any(|own| own.outcome == Outcome::Pass);
    let all: Vec<_> = heard.iter().collect();
    let whole = probe::probes(&judging, None, &all, &[])?;
    let bare = heard.iter().find(|h| h.request.role == Role::ControlBare);
    let control = match control {
        Some(control) => Some(controlled(&judging, (control, bare), worked)?),
        None => uncontrolled(&heard, worked).map(|half| Half {
            exchanges: whole.exchanges.clone(),
            ..half
        }),
    };
    let scopes = declared.credential.scopes.as_ref().filter(|_| told);
    let scopes = scopes.map(|told| told.set.clone());
    Ok(Online {
        checked: whole.token.checked,
        endpoints,
        scopes,
        control,
        nowhere: is_nowhere(&heard),
    })
}

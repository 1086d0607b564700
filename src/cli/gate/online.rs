//! The online half: one control and a safe request for each endpoint, all in one round.

use super::control::{accepted, controlled};
use super::judged::Judged;
use super::{Run, Stop, at};
use crate::cli::client::{self, Requested, Wanted};
use crate::cli::error::Failure;
use crate::cli::held::RunCredential;
use crate::cli::probe;
use crate::probe::grant::Client;
use crate::probe::{self as plan, Origins, ProbeOptions, ProbeRequest, Refused, Remark};
use url::Url;
use why401_core::diagnose::Credential;
use why401_core::finding::{Diagnosis, Judged as Half, Outcome, Verdict};
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

/// Another path on the same origin, whatever the path looks like: joined as a reference, `//host` would name another one.
fn with_path(origin: &Url, path: &str) -> Url {
    let mut url = origin.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
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

/// What the endpoints show of the credential where there is no control to ask: with the token and without it. None where
/// nothing was asked, or one of them read the token and nobody knows what it answers without.
fn uncontrolled(heard: &[plan::ProbeResult], worked: bool) -> Option<Half> {
    let asked = heard.iter().filter(|own| own.request.role == Role::Target);
    let asked: Vec<Told<'_>> = asked.map(|own| Told::of(own, heard)).collect();
    let mut telling = asked.iter().filter(|own| own.reads_the_token());
    if let Some(own) = telling.clone().find(|own| own.refuses_others()) {
        return Some(accepted(&own.call(), own.bare));
    }
    if let Some(own) = telling.next() {
        let alike = own.answers_alike() && telling.all(Told::answers_alike);
        return alike.then(|| open(own.open_to_all()));
    }
    if worked || asked.is_empty() {
        return None;
    }
    let refused = asked.iter().all(|own| own.status() == Some(401));
    let silent = asked.iter().all(|own| own.status().is_none());
    Some(open(match refused {
        _ if silent => "nobody answered, and that says nothing about the token".to_owned(),
        true => {
            "everything that was asked answered 401, and this API has no control to ask: the server may accept nothing from this credential".to_owned()
        }
        false => "nothing that was asked accepted it, and this API has no control to ask".to_owned(),
    }))
}

fn open(text: String) -> Half {
    Half {
        undecided: vec![gate::CREDENTIAL.to_owned()],
        ..Half::plain(Outcome::CannotTell, text)
    }
}

/// An endpoint's answer, beside what it answers without the token.
struct Told<'h> {
    own: &'h plan::ProbeResult,
    bare: Option<u16>,
}

impl<'h> Told<'h> {
    fn of(own: &'h plan::ProbeResult, heard: &[plan::ProbeResult]) -> Self {
        let same = |other: &&plan::ProbeResult| {
            other.request.role == Role::TargetBare
                && other.request.url == own.request.url
                && other.request.method == own.request.method
        };
        let bare = heard.iter().find(same);
        Self {
            own,
            bare: bare.and_then(plan::ProbeResult::status),
        }
    }

    fn status(&self) -> Option<u16> {
        self.own.status()
    }

    fn call(&self) -> String {
        format!(
            "{} {}",
            self.own.request.method,
            self.own.request.url.path()
        )
    }

    /// Whether the answer may be about the token: it was accepted, or read and found too small (403).
    fn reads_the_token(&self) -> bool {
        matches!(self.status(), Some(200..=299 | 403))
    }

    fn refuses_others(&self) -> bool {
        matches!(
            (self.status(), self.bare),
            (Some(200..=299), Some(401 | 403))
        )
    }

    fn answers_alike(&self) -> bool {
        self.bare.is_some() && self.bare == self.status()
    }

    fn open_to_all(&self) -> String {
        format!(
            "{} answers {} without a token too, so it proves nothing about the token",
            self.call(),
            self.bare.unwrap_or_default()
        )
    }
}

/// Whether several paths were asked, the control among them, and all answered 404.
fn is_nowhere(heard: &[plan::ProbeResult]) -> bool {
    let mut paths: Vec<_> = heard.iter().map(|own| own.request.url.path()).collect();
    paths.dedup();
    paths.len() > 1 && heard.iter().all(|own| own.status() == Some(404))
}

/// What the server reported of an endpoint: by its own answer, else by what the control shows of the token.
fn answered(
    judging: &Judge<'_>,
    target: &Target,
    own: Result<&plan::ProbeResult, NotAsked>,
    control: Option<&plan::ProbeResult>,
    told: bool,
) -> Result<Half, Failure> {
    let heard: Vec<_> = control
        .into_iter()
        .chain(own.as_ref().ok().copied())
        .collect();
    let decides = own.is_ok() && plan::decisive(&heard).is_some();
    let judged = probe::probes(judging, Some(target.clone()), &heard, &[])?;
    if decides {
        let half = Half::of(&judged);
        let stood_in = own
            .as_ref()
            .ok()
            .filter(|own| own.request.stands_for.is_some());
        return Ok(match stood_in.filter(|own| own.status().is_some()) {
            Some(own) => Half {
                message: format!(
                    "{} in place of {}: {}",
                    own.request.method, target.method, half.message
                ),
                ..half
            },
            None => half,
        });
    }
    if told {
        let shut = judging.question(Some(target.clone()), None)?;
        if shut.verdict == Verdict::Denied {
            return Ok(Half::of(&shut));
        }
    }
    let refused = control.is_some_and(|control| control.status() == Some(401));
    Ok(match own {
        Ok(own) => Half {
            exchanges: judged.exchanges,
            ..Half::plain(
                Outcome::NotAsked,
                format!(
                    "{} replaced {}, and its answer says nothing about {}",
                    own.request.method, target.method, target.method
                ),
            )
        },
        // What the token would open does not matter while the server refuses the token.
        Err(why) if refused => Half {
            undecided: vec![gate::CREDENTIAL.to_owned()],
            ..Half::plain(Outcome::CannotTell, why.to_string())
        },
        Err(why) => Half::plain(Outcome::NotAsked, why.to_string()),
    })
}

/// Why an endpoint is not asked.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error("not asked: the path has a template; give an existing one")]
    Template,
    #[error(
        "not asked: no shipped table names this origin, and a manifest cannot; name it with --send-to APP=URL"
    )]
    Foreign,
    #[error("not asked: its host belongs to another region than the app's")]
    Elsewhere,
    #[error("not asked: it is not a valid URL")]
    NoUrl,
    #[error("not asked: {0}")]
    Refused(#[from] Refused),
    #[error("{0}")]
    Unsafe(Remark),
}

/// The request for an endpoint; else why it is not asked. `named`: whether the user named the origin, for whole URLs too.
fn planned(
    judge: &Judged<'_>,
    origin: &Url,
    origins: &Origins,
    target: &Target,
    named: bool,
) -> Result<ProbeRequest, NotAsked> {
    if target.path.contains(['{', '}']) {
        return Err(NotAsked::Template);
    }
    let own = target.origin();
    let url = match own.as_str() {
        "" => with_path(origin, &inside(judge.table(), origin, &target.path)),
        _ if named && is_elsewhere(judge, target) => return Err(NotAsked::Elsewhere),
        _ if named => with_path(origin, &target.path),
        own => with_path(&Url::parse(own).map_err(|_| NotAsked::NoUrl)?, &target.path),
    };
    if let Err(why) = origins.admit(&url) {
        return Err(match why {
            Refused::Unnamed { .. } => NotAsked::Foreign,
            why => why.into(),
        });
    }
    let options = ProbeOptions {
        kind: judge.kind(),
        ..ProbeOptions::safe(&target.method, url, Some(judge.table()))
    };
    let planned = plan::first(&options)?;
    let mut requests = planned.requests.into_iter();
    let target = requests.find(|request| request.role == Role::Target);
    let left_out = planned.remarks.into_iter();
    let mut left_out = left_out.filter(|remark| matches!(remark, Remark::NotSent { .. }));
    target.ok_or_else(|| {
        let why = left_out.next();
        why.map_or(NotAsked::NoUrl, NotAsked::Unsafe)
    })
}

/// Whether an endpoint is on a host of another region than the app's.
fn is_elsewhere(judge: &Judged<'_>, target: &Target) -> bool {
    let place = target
        .host
        .as_deref()
        .and_then(|host| judge.table().place(host));
    let region = place.and_then(|place| place.region);
    region.is_some() && judge.app.region.is_some() && region != judge.app.region
}

/// A path of the table, behind the base that the origin's host has.
fn inside(table: &Table, origin: &Url, path: &str) -> String {
    let place = origin.host_str().and_then(|host| table.place(host));
    let base = place.map(|place| place.base).unwrap_or_default();
    match path.starts_with(base.as_str()) {
        true => path.to_owned(),
        false => format!("{base}{path}"),
    }
}

/// The provider's control beside a path on this origin, with the token and without: one that anybody opens shows nothing.
fn control(judge: &Judged<'_>, origin: &Url, beside: &str) -> Vec<ProbeRequest> {
    let options = ProbeOptions {
        kind: judge.kind(),
        baseline: true,
        ..ProbeOptions::safe("GET", with_path(origin, beside), Some(judge.table()))
    };
    let planned = plan::first(&options).unwrap_or_default();
    let mut requests = planned.requests;
    requests.retain(|own| matches!(own.role, Role::Control | Role::ControlBare));
    requests
}

#[cfg(feature = "probe")]
fn send(
    run: &Run<'_>,
    judge: &Judged<'_>,
    origins: &Origins,
    requests: &[ProbeRequest],
) -> Result<Vec<plan::ProbeResult>, Failure> {
    use crate::sink;
    use crate::source;
    use std::time::{Duration, Instant};
    let credential = std::sync::Arc::new(plan::Credential {
        token: judge.token().secret.clone(),
        key: None,
        now: source::now(),
    });
    let tells = sink::err_is_terminal() && !run.settings.quiet;
    let answer = Duration::from_secs(run.timeout);
    let limits = plan::Limits::new(answer, Instant::now());
    let rounds = requests.len().div_ceil(limits.at_once).try_into();
    let limits = plan::Limits {
        until: Instant::now() + answer * rounds.map_or(u32::MAX, |rounds: u32| rounds + 1),
        progress: tells.then_some(sink::progress),
        ..limits
    };
    Ok(plan::send(requests, origins, &credential, limits)?)
}

#[cfg(not(feature = "probe"))]
fn send(
    run: &Run<'_>,
    _: &Judged<'_>,
    _: &Origins,
    _: &[ProbeRequest],
) -> Result<Vec<plan::ProbeResult>, Failure> {
    let _ = run.timeout;
    Err(Failure::usage(
        "this build has no network access",
        "build it with the feature `probe`, or drop --online",
    ))
}

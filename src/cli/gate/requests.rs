//! What the online half asks: one safe request an endpoint, beside a control, and only where somebody named the origin.

use super::Run;
use super::judged::Judged;
use crate::cli::error::Failure;
use crate::probe::{self as plan, Origins, ProbeOptions, ProbeRequest, Refused, Remark};
use url::Url;
use why401_core::http::{Role, Target};
use why401_core::table::Table;

/// Another path on the same origin, whatever the path looks like: joined as a reference, `//host` would name another one.
pub(super) fn with_path(origin: &Url, path: &str) -> Url {
    let mut url = origin.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Why an endpoint is not asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotAsked {
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
pub(super) fn planned(
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
pub(super) fn control(judge: &Judged<'_>, origin: &Url, beside: &str) -> Vec<ProbeRequest> {
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
pub(super) fn send(
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
pub(super) fn send(
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

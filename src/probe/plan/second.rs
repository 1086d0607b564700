//! The second round, chosen by what the first one was answered.

use super::{ProbeOptions, SAFE, ask, at, declared_control, is_published};
use crate::probe::{ProbeRequest, ProbeResult};
use why401_core::http::Role;
use why401_core::token::redact::is_id;

/// A path segment that no API has.
const INVENTED: &str = "why401-no-such-path";

/// Requests of both rounds together.
const MOST: usize = 10;

/// The requests that a server wants again with its nonce in the proof (RFC 9449 §8, §9).
pub(crate) fn nonced(heard: &[ProbeResult]) -> Vec<ProbeRequest> {
    let again = |heard: &ProbeResult| {
        let response = heard.exchange.response.as_ref()?;
        let nonce = response.headers.get("dpop-nonce")?;
        let challenges = response.headers.all("www-authenticate");
        let body = response.body.as_deref().unwrap_or_default();
        let mut said = challenges.chain([body]);
        let demanded = matches!(response.status, Some(400 | 401))
            && said.any(|text| text.contains("use_dpop_nonce"));
        let first = heard.request.takes_proof() && heard.request.nonce.is_none();
        (demanded && first).then(|| ProbeRequest {
            nonce: Some(nonce.to_owned()),
            ..heard.request.clone()
        })
    };
    heard.iter().filter_map(again).collect()
}

/// Both rounds together; what was asked again with a nonce gives its role to the later answer.
pub(crate) fn settled(mut heard: Vec<ProbeResult>, more: Vec<ProbeResult>) -> Vec<ProbeResult> {
    let again = |own: &ProbeResult| {
        more.iter()
            .any(|m| m.request.nonce.is_some() && m.request.role == own.request.role)
    };
    for own in heard.iter_mut().filter(|own| again(own)) {
        own.request.role = Role::Nonce;
    }
    heard.extend(more);
    heard
}

/// The second round, as the first one's answers suggest.
pub(crate) fn second(options: &ProbeOptions<'_>, heard: &[ProbeResult]) -> Vec<ProbeRequest> {
    let with_nonce = match options.proof {
        true => nonced(heard),
        false => Vec::new(),
    };
    if !with_nonce.is_empty() {
        return with_nonce;
    }
    let find = |role: Role| heard.iter().find(|h| h.request.role == role);
    let mut asks = Vec::new();
    if let Some(target) = find(Role::Target) {
        let stands_in = target.request.stands_for.is_some();
        let refused = matches!(target.status(), Some(401 | 403 | 404 | 405 | 501)) || stands_in;
        if options.sibling || refused && !is_published(options, &options.method) {
            asks.extend(sibling(options, &target.request));
            asks.extend(yardstick(target, heard));
        }
        asks.extend(slash(target));
    }
    if find(Role::Control).and_then(ProbeResult::status) == Some(401) {
        asks.extend(regions(options));
    }
    asks.truncate(MOST.saturating_sub(heard.len()));
    asks
}

/// The same path with another word in place of its last one. An id in that place would only be another object's.
fn sibling(options: &ProbeOptions<'_>, target: &ProbeRequest) -> Option<ProbeRequest> {
    let path = options.url.path().trim_end_matches('/');
    let mut segments: Vec<&str> = path.split('/').collect();
    let word = segments.iter().skip(1).rposition(|part| !is_id(part));
    let place = word.map_or(segments.len() - 1, |at| at + 1);
    *segments.get_mut(place).filter(|_| place > 0)? = INVENTED;
    let mut url = options.url.clone();
    url.set_path(&segments.join("/"));
    url.set_query(None);
    let real = SAFE.contains(&target.method.as_str()) || options.sibling;
    let method = if real { &target.method } else { "OPTIONS" };
    let body = target.body.clone().filter(|_| options.sibling);
    Some(ProbeRequest {
        body,
        ..ask(options, Role::Sibling, method, url)
    })
}

/// The method that stood in for the real one, on the path of a control: a path that exists.
fn yardstick(target: &ProbeResult, heard: &[ProbeResult]) -> Option<ProbeRequest> {
    target.request.stands_for.as_ref()?;
    let known = [Role::Control, Role::Witness];
    let control = heard.iter().find(|own| known.contains(&own.request.role))?;
    Some(ProbeRequest {
        role: Role::Yardstick,
        method: target.request.method.clone(),
        ..control.request.clone()
    })
}

/// The other spelling, where the server redirected to it.
fn slash(target: &ProbeResult) -> Option<ProbeRequest> {
    let response = target.exchange.response.as_ref()?;
    let location = response.headers.get("location")?;
    let to = target.request.url.join(location).ok()?;
    let same_origin = to.origin() == target.request.url.origin();
    let only_slash =
        to.path().trim_end_matches('/') == target.request.url.path().trim_end_matches('/');
    let wanted =
        response.status.is_some_and(|s| (300..400).contains(&s)) && same_origin && only_slash;
    (wanted && target.request.body.is_none()).then(|| ProbeRequest {
        role: Role::Slash,
        url: to,
        ..target.request.clone()
    })
}

/// The control of every region that was named.
fn regions(options: &ProbeOptions<'_>) -> Vec<ProbeRequest> {
    let Some((table, declared)) = options.table.zip(declared_control(options)) else {
        return Vec::new();
    };
    let elsewhere = options.regions.iter().filter_map(|(region, origin)| {
        let url = at(origin, table, declared)?;
        Some(ask(
            options,
            Role::Region(region.clone()),
            &declared.method,
            url,
        ))
    });
    elsewhere.collect()
}

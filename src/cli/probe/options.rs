//! What a person wants to have asked, from the options that say so.

use crate::cli::args::{CheckArgs, ProbeArgs};
use crate::cli::error::Failure;
use crate::cli::held::RunCredential;
use crate::cli::job::Settings;
use crate::probe::{Origins, ProbeOptions, ShippedHost as Shipped, shipped_hosts};
use crate::sink;
use crate::source;
use std::collections::BTreeSet;
use url::Url;
use why401_core::table::{self, Table};
use why401_core::token::{Form, redact};

/// The options of `check --probe`, and where its requests may go: to the origins typed, and to the shipped hosts of the
/// regions named.
pub(super) fn options<'a>(
    settings: &Settings,
    args: &CheckArgs,
    table: Option<&'a Table>,
    kind: Option<&'a str>,
    held: &RunCredential,
) -> Result<(ProbeOptions<'a>, Origins), Failure> {
    let probe = &args.probe;
    let (method, url) = args.request()?;
    let url = Url::parse(url.trim()).map_err(|_| {
        Failure::usage(
            "a path alone does not say which server to ask",
            "give the whole URL, with the host that a token may be sent to",
        )
    })?;
    let sendable = !matches!(
        held.credential.token.form,
        Form::Absent | Form::Claims(_) | Form::Hidden(_)
    );
    let mut origins = Origins::typed("the URL", &url);
    let control = probe.control.as_deref().map(control).transpose()?;
    if let Some((_, url)) = &control {
        origins = origins.and(Origins::typed("--control", url));
    }
    let (regions, theirs) = regions(settings, probe, &url)?;
    let options = ProbeOptions {
        method: method.to_ascii_uppercase(),
        url,
        table,
        kind,
        token: sendable,
        proof: held.key.is_some(),
        control,
        allow_unsafe: probe.allow_unsafe,
        sibling: probe.sibling,
        body: probe
            .body
            .as_deref()
            .map(|path| source::bytes(path, "the file of --body"))
            .transpose()?,
        headers: probe
            .header
            .iter()
            .map(|line| header(line))
            .collect::<Result<_, _>>()?,
        baseline: !probe.no_baseline,
        regions,
    };
    Ok((options, origins.and(theirs)))
}

fn control(text: &str) -> Result<(String, Url), Failure> {
    let pair = text.split_once(' ');
    let pair = pair.and_then(|(method, url)| {
        Some((method.to_ascii_uppercase(), Url::parse(url.trim()).ok()?))
    });
    let hint = "write it as --control 'GET https://host/path'";
    let (method, url) =
        pair.ok_or_else(|| Failure::usage("--control takes a method and a URL", hint))?;
    if ["GET", "HEAD", "OPTIONS"].contains(&method.as_str()) {
        return Ok((method, url));
    }
    Err(Failure::usage(
        "a control must not change anything",
        "use GET, HEAD or OPTIONS",
    ))
}

fn header(line: &str) -> Result<(String, String), Failure> {
    let fault = || {
        Failure::usage(
            "--header is not `NAME: VALUE`",
            "write it as --header 'X-Api-Version: 2'",
        )
    };
    let (name, value) = line.split_once(':').ok_or_else(fault)?;
    let (name, value) = (name.trim(), value.trim());
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let sound = !name.is_empty() && name.chars().all(token) && !value.contains(['\r', '\n', '\0']);
    if !sound {
        return Err(fault());
    }
    if name.eq_ignore_ascii_case("authorization") {
        return Err(Failure::usage(
            "a token cannot be given with --header",
            "give it with --token-file, --token-env or WHY401_TOKEN",
        ));
    }
    if !redact::is_wordy(value, redact::Strictness::Lenient) {
        sink::keep_back(value);
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Regions by the hosts that were given, else by the shipped table of the URL's provider, or of the one that the user named.
fn regions(
    settings: &Settings,
    probe: &ProbeArgs,
    url: &Url,
) -> Result<(Vec<(String, Url)>, Origins), Failure> {
    let given = given(probe)?;
    let by_host = url.host_str().and_then(table::by_host);
    // A project's settings file may say whose table judges, and not who gets the token.
    let named = settings
        .provider
        .as_deref()
        .filter(|_| settings.provider_named);
    let id = named.or(by_host).filter(|_| !probe.regions.is_empty());
    let hosts = id.map(shipped_hosts).transpose()?.unwrap_or_default();
    let mut origins = Origins::default();
    let mut regions = Vec::new();
    for region in &probe.regions {
        let by_hand = given.iter().find(|(name, _)| name == region);
        let shipped = hosts.iter().find(|host| is_meant(host, region));
        let (url, leave) = match (by_hand, shipped) {
            (Some((_, url)), _) => (url, Origins::typed("--region-host", url)),
            (None, Some(host)) => (host.url(), Origins::shipped(host)),
            (None, None) => return Err(unknown_region(&hosts)),
        };
        let name = shipped.and_then(|host| host.region());
        let name = name.filter(|_| by_hand.is_none()).unwrap_or(region);
        regions.push((name.to_owned(), url.clone()));
        origins = origins.and(leave);
    }
    Ok((regions, origins))
}

/// Whether a host is that of a region, as people name one: by its id, its domain, the host itself or its URL.
fn is_meant(host: &Shipped, region: &str) -> bool {
    let named = region.split_once("://").map_or(region, |(_, rest)| rest);
    let named = named.trim_end_matches('/');
    let own = host.url().host_str().unwrap_or_default();
    let domain = own.split_once('.').map_or("", |(_, domain)| domain);
    let is = |name: &str| name.eq_ignore_ascii_case(named);
    host.region()
        .is_some_and(|id| is(id) || is(own) || is(domain))
}

fn unknown_region(hosts: &[Shipped]) -> Failure {
    let known: BTreeSet<&str> = hosts.iter().filter_map(Shipped::region).collect();
    let known: Vec<&str> = known.into_iter().collect();
    let hint = match known.is_empty() {
        true => "`why401 tables list` names the providers; --region-host REGION=URL gives a host by hand".to_owned(),
        false => format!(
            "its regions: {}; --region-host REGION=URL gives a host by hand",
            known.join(", ")
        ),
    };
    Failure::usage(
        "--regions names a region that no shipped table has for this provider, and your own tables cannot name where a token is sent",
        &hint,
    )
}

/// The regions of `--region-host`.
fn given(probe: &ProbeArgs) -> Result<Vec<(String, Url)>, Failure> {
    let pairs = probe.region_host.iter().map(|pair| {
        let pair = pair.split_once('=');
        let pair = pair.and_then(|(region, url)| Some((region.to_owned(), Url::parse(url).ok()?)));
        pair.ok_or_else(|| {
            Failure::usage(
                "--region-host is not `REGION=URL`",
                "write it as --region-host eu-west-1=https://api.example.com",
            )
        })
    });
    pairs.collect()
}

//! What a person wants to have asked, from the options that say so.

use crate::cli::args::{CheckArgs, ProbeArgs};
use crate::cli::error::Failure;
use crate::cli::held::Held;
use crate::probe::Wish;
use crate::source;
use url::Url;
use why401_core::table::Table;
use why401_core::token::Form;

/// The wish of `check --probe`.
pub(super) fn wish<'a>(
    args: &CheckArgs,
    table: Option<&'a Table>,
    kind: Option<&'a str>,
    held: &Held,
) -> Result<Wish<'a>, Failure> {
    let probe = &args.probe;
    let url = Url::parse(args.url.trim()).map_err(|_| {
        Failure::usage(
            "a path says nothing about where to ask",
            "give the whole URL, with the host that a token may be sent to",
        )
    })?;
    let sendable = !matches!(
        held.credential.token.form,
        Form::Absent | Form::Claims(_) | Form::Hidden(_)
    );
    Ok(Wish {
        method: args.method.to_ascii_uppercase(),
        url,
        table,
        kind,
        token: sendable,
        proof: held.key.is_some(),
        control: probe.control.as_deref().map(control).transpose()?,
        allow_unsafe: probe.allow_unsafe,
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
        regions: regions(probe, table)?,
    })
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
            "the token is no header of its own",
            "give it with --token-file, --token-env or WHY401_TOKEN",
        ));
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Regions by the hosts that were given, else by the provider's.
fn regions(probe: &ProbeArgs, table: Option<&Table>) -> Result<Vec<(String, Url)>, Failure> {
    let given: Vec<(&str, Url)> = probe
        .region_host
        .iter()
        .map(|pair| {
            let pair = pair.split_once('=');
            let pair = pair.and_then(|(region, url)| Some((region, Url::parse(url).ok()?)));
            pair.ok_or_else(|| {
                Failure::usage(
                    "--region-host is not `REGION=URL`",
                    "write it as --region-host eu-west-1=https://api.example.com",
                )
            })
        })
        .collect::<Result<_, Failure>>()?;
    let own = |region: &str| {
        let places = table.map(Table::places).unwrap_or_default();
        let mut places = places.into_iter();
        let found =
            places.find(|(_, place)| !place.login && place.region.as_deref() == Some(region));
        found.and_then(|(host, _)| Url::parse(&format!("https://{host}")).ok())
    };
    let named = probe.regions.iter().map(|region| {
        let by_hand = given.iter().find(|(name, _)| name == region);
        let url = by_hand.map(|(_, url)| url.clone()).or_else(|| own(region));
        url.map(|url| (region.clone(), url)).ok_or_else(|| {
            Failure::usage("a region of --regions is none of the provider's", "why401 tables list names the providers; --region-host REGION=URL gives a host by hand")
        })
    });
    named.collect()
}

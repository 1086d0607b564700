//! May a credential that is unknown here be known on another host of the provider: another region, sandbox or production?

use super::facts::Facts;
use super::said::{Ending, Said};
use super::voices::Heard;
use crate::finding::{Attribute, CREDENTIALS_INVALID, Finding, REGION_MISMATCH};

/// What parts of a host's name say of where it stands.
const PARTS: &str = include_str!(concat!(env!("WHY401_TABLES"), "/regions.tsv"));

pub(super) fn elsewhere(
    facts: &Facts<'_>,
    said: &Said<'_>,
    heard: &[Heard<'_>],
) -> Option<Finding> {
    let target = facts.case.target.as_ref()?;
    let host = target.host.as_deref()?;
    if said.ending != Ending::Refused || facts.home_region().is_some() {
        return None;
    }
    let unknown =
        |one: &&Heard<'_>| one.cause.is(Attribute::Unverified) || one.cause == &CREDENTIALS_INVALID;
    let unknown = heard.iter().take(2).find(unknown)?;
    let says_so = |one: &Heard<'_>| one.cause == &REGION_MISMATCH && one.spoken() > 0;
    if heard.iter().any(says_so) {
        return None;
    }
    let place = facts.place.as_ref();
    let mut finding = match (place.and_then(|p| p.region.as_deref()), others(facts).len()) {
        (_, 0) | (None, _) => named(host)?,
        (Some(called), others) => known(called, others),
    };
    finding.by_answer = true;
    finding.weight = unknown.points - 1;
    Some(finding.seen("host", host))
}

/// The provider's regions beside the one that was called, where its table lists them: the likeliest first.
pub(super) fn others(facts: &Facts<'_>) -> Vec<String> {
    let place = facts.place.as_ref();
    let called = place.and_then(|place| place.region.as_deref());
    let tables = facts.case.table.into_iter();
    let hosts = tables.flat_map(|table| &table.provider.host);
    let likely = hosts.clone().flat_map(|host| &host.likely);
    let regions = likely.chain(hosts.flat_map(|host| host.domain.keys()));
    let mut others: Vec<String> = Vec::new();
    for region in regions.filter(|region| called.is_some_and(|called| *region != called)) {
        if !others.contains(region) {
            others.push(region.clone());
        }
    }
    others
}

fn known(called: &str, others: usize) -> Finding {
    Finding::candidate(
        &REGION_MISMATCH,
        format!("The call went to region {called}. The provider has {others} other regions, and each of them knows only its own tokens and clients."),
    )
    .fix("Find out in which region the token or client was made, and call the API of that region.")
}

/// Where no table lists the provider's regions, the host's own name may say that there are several.
fn named(host: &str) -> Option<Finding> {
    let (part, what) = part_of(host)?;
    let other = match what {
        "environment" => "the other environment (production, or the sandbox)",
        _ => "the region in which the account was made",
    };
    Some(
        Finding::candidate(
            &REGION_MISMATCH,
            format!("The host names one {what} (`{part}`). A provider with several knows a token or client only where it was issued."),
        )
        .fix(format!("Send the same call to the host of {other}, and compare the answers.")),
    )
}

/// The part of a host's name that names a region or an environment. The registrable domain names none.
fn part_of(host: &str) -> Option<(&str, &'static str)> {
    let mut names = host.rsplitn(3, '.').skip(2);
    let labels = names.next()?;
    labels.split('.').find_map(|label| {
        let whole = plain(label);
        let parts = label.split(['-', '_']);
        kind_of(&whole).map(|kind| (label, kind)).or_else(|| {
            parts
                .map(|part| (part, plain(part)))
                .find_map(|(part, plain)| Some((part, kind_of(&plain)?)))
        })
    })
}

/// A label without the numbers that are put behind regions: `eu-west-1`, `eu1`.
fn plain(label: &str) -> String {
    let bare = label.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    bare.to_ascii_lowercase()
}

fn kind_of(part: &str) -> Option<&'static str> {
    let rows = PARTS.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .find_map(|(name, kind)| (name == part).then_some(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_names_where_it_stands() {
        for (host, part) in [
            ("ingest-eu.parcels.example", Some("eu")),
            ("api.eu2.parcels.example", Some("eu2")),
            ("api.ap-southeast-2.parcels.example", Some("ap-southeast-2")),
            ("sandbox-api.parcels.example", Some("sandbox")),
            ("api.uat.parcels.example", Some("uat")),
            ("api.parcels.example", None),
            ("parcels.eu", None),
            ("eu.example", None),
            ("media.parcels.example", None),
            ("localhost", None),
        ] {
            assert_eq!(part_of(host).map(|(part, _)| part), part, "{host}");
        }
    }

    #[test]
    fn every_row_names_a_region_or_an_environment() {
        for row in PARTS.lines().filter(|line| !line.starts_with('#')) {
            let (part, kind) = row.split_once('\t').expect("two columns");
            assert_eq!(part, part.to_ascii_lowercase());
            assert!(matches!(kind, "region" | "environment"), "{row}");
        }
    }
}

//! Hosts of a provider: which API or login they are, and of which region.

use super::model::Host;

/// What a host is to a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The region, where hosts have regions.
    pub region: Option<String>,
    /// Whether this is the login host, not the API.
    pub login: bool,
    /// The path before every template.
    pub base: String,
    /// Whether it answers for the paths of the provider's other hosts too.
    pub shared: bool,
    /// Whether its operations are in no row.
    pub refusals_only: bool,
}

impl Host {
    /// Whether a host is one of its own.
    pub(super) fn takes(&self, host: &str) -> bool {
        place_of(self, host).is_some()
    }
}

/// Whether a host is one of a declaration's, API before login.
pub(super) fn place_of(declared: &Host, host: &str) -> Option<Place> {
    let place = |region: Option<&String>, login| Place {
        region: region.cloned(),
        login,
        base: declared.base.clone(),
        shared: declared.shared,
        refusals_only: declared.refusals_only,
    };
    let names = [
        (declared.name.as_ref(), false),
        (declared.login.as_ref(), true),
    ];
    let by_name = names
        .into_iter()
        .find(|(name, _)| name.is_some_and(|name| is_named(name, host)));
    if let Some((_, login)) = by_name {
        return Some(place(None, login));
    }
    let patterns = [
        (declared.pattern.as_ref(), false),
        (declared.login.as_ref(), true),
    ];
    patterns.into_iter().find_map(|(pattern, login)| {
        let (start, end) = pattern?.split_once("{domain}")?;
        let own = host.strip_prefix(start)?.strip_suffix(end)?;
        let (region, _) = declared
            .domain
            .iter()
            .find(|(_, domain)| domain.as_str() == own)?;
        Some(place(Some(region), login))
    })
}

fn is_named(name: &str, host: &str) -> bool {
    match name.strip_prefix('*') {
        Some(end) => host.len() > end.len() && host.to_ascii_lowercase().ends_with(end),
        None => name.eq_ignore_ascii_case(host),
    }
}

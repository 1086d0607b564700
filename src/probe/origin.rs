//! Where a credential may go: the origins that this user or a shipped table named, and the one comparison with them.

use url::{Host, Url};
use why401_core::table::{self, LoadError};

/// Who named an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// The user: the URL argument, or the option with this name.
    User(&'static str),
    /// The table of this provider, as it ships with the program.
    Shipped(String),
}

/// The origins (scheme, host, port; RFC 6454 §4) to which a run may send anything, each with who named it.
///
/// Nothing is sent without such a set. What a project's file or a server's answer names must not be added to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins(Vec<(url::Origin, NamedBy)>);

/// How a request travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// To this machine, never through a proxy.
    Loopback,
    /// By https, through a proxy where the environment names one.
    Network,
}

/// Why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// A token would travel unprotected.
    #[error("a token is not sent over plain http, except to this machine")]
    PlainHttp,
    /// The URL names a user or password.
    #[error("the URL carries a user name or password")]
    Userinfo,
    /// Nobody who may name an origin named this one.
    #[error(
        "nothing was sent to {origin}: neither the command line nor a shipped table names this origin (named: {named})"
    )]
    Unnamed {
        /// The origin, as `https://host:port`.
        origin: String,
        /// Those that are named, and by whom.
        named: String,
    },
}

impl Origins {
    /// The origin of a URL that the user typed, as the argument or in an option.
    pub(crate) fn typed(by: &'static str, url: &Url) -> Self {
        Self(vec![(url.origin(), NamedBy::User(by))])
    }

    /// The origin of a host that ships with the program.
    pub(crate) fn shipped(host: &ShippedHost) -> Self {
        Self(vec![leave(&host.provider, &host.url)])
    }

    /// Both sets.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether a request to this URL may be sent, and how it travels.
    ///
    /// # Errors
    /// Where it may not: unprotected, with a password in it, or to an origin that nobody named.
    pub(crate) fn admit(&self, url: &Url) -> Result<Route, Refused> {
        let route = route(url)?;
        let origin = url.origin();
        match self.0.iter().any(|(own, _)| *own == origin) {
            true => Ok(route),
            false => Err(Refused::Unnamed {
                origin: origin.ascii_serialization(),
                named: self.words(),
            }),
        }
    }

    fn words(&self) -> String {
        let mut words: Vec<String> = self
            .0
            .iter()
            .map(|(origin, by)| match by {
                NamedBy::User(option) => format!("{} by {option}", origin.ascii_serialization()),
                NamedBy::Shipped(id) => {
                    format!("{} by the table of {id}", origin.ascii_serialization())
                }
            })
            .collect();
        words.dedup();
        match words.len() {
            0 => "none".to_owned(),
            1..=3 => words.join(", "),
            more => format!("{}, and {} more", words[..3].join(", "), more - 3),
        }
    }
}

/// An API host of a shipped table; nothing else makes one.
#[derive(Debug, Clone)]
pub(crate) struct ShippedHost {
    provider: String,
    url: Url,
    region: Option<String>,
}

impl ShippedHost {
    /// Its origin.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Its region, where the provider has several.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}

/// The API hosts of a provider as the program ships them. A table that was brought along has no say in it, whatever id it
/// bears.
///
/// # Errors
/// Where the shipped table cannot be read.
pub(crate) fn shipped_hosts(id: &str) -> Result<Vec<ShippedHost>, LoadError> {
    let table = table::shipped(id).transpose()?;
    let places = table.map(|own| own.places()).unwrap_or_default();
    let api = places
        .into_iter()
        .filter(|(host, place)| !place.login && !place.refusals_only && !host.contains('*'));
    let hosts = api.filter_map(|(host, place)| {
        Some(ShippedHost {
            provider: id.to_owned(),
            url: Url::parse(&format!("https://{host}")).ok()?,
            region: place.region,
        })
    });
    Ok(hosts.collect())
}

/// The token endpoint that a shipped table names for one of its hosts, with leave to send there.
///
/// # Errors
/// Where the shipped table cannot be read.
pub(crate) fn shipped_token_endpoint(
    id: &str,
    host: &str,
) -> Result<Option<(Url, Origins)>, LoadError> {
    let table = table::shipped(id).transpose()?;
    let found = table.and_then(|table| table.token_endpoint(host));
    let url = found.and_then(|(login, path)| Url::parse(&format!("https://{login}{path}")).ok());
    Ok(url.map(|url| {
        let leave = leave(id, &url);
        (url, Origins(vec![leave]))
    }))
}

fn leave(id: &str, url: &Url) -> (url::Origin, NamedBy) {
    (url.origin(), NamedBy::Shipped(id.to_owned()))
}

/// How a request to this URL travels: by https, or directly to this machine.
///
/// # Errors
/// Where it would travel unprotected, or the URL has a password in it.
pub(crate) fn route(url: &Url) -> Result<Route, Refused> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Userinfo);
    }
    // The name is bound to the loopback addresses where it is resolved (`door`); no other name is.
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match (url.scheme(), local) {
        ("http" | "https", true) => Ok(Route::Loopback),
        ("https", false) => Ok(Route::Network),
        _ => Err(Refused::PlainHttp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn scheme_host_and_port_must_all_be_the_named_ones() {
        let named = Origins::typed("URL", &url("https://api.example/v1"));
        assert_eq!(
            named.admit(&url("https://API.example:443/other?q")),
            Ok(Route::Network)
        );
        for other in [
            "https://api.example:8443/v1",
            "https://api.example./v1",
            "https://evil.example/v1",
            "https://api.example.evil.example/v1",
            "https:\\\\evil.example/api.example",
        ] {
            let refused = named.admit(&url(other));
            assert!(
                matches!(refused, Err(Refused::Unnamed { .. })),
                "{other}: {refused:?}"
            );
        }
        assert_eq!(
            named.admit(&url("http://api.example/v1")),
            Err(Refused::PlainHttp)
        );
        assert_eq!(
            named.admit(&url("https://u:p@api.example/v1")),
            Err(Refused::Userinfo)
        );
    }

    #[test]
    fn only_loopback_is_spoken_to_without_tls_and_nothing_that_resembles_it() {
        for local in ["http://127.0.0.9:1", "http://localhost", "http://[::1]:1"] {
            assert_eq!(route(&url(local)), Ok(Route::Loopback), "{local}");
        }
        for other in [
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://0.0.0.0",
            "http://[::ffff:127.0.0.1]",
            "ftp://localhost",
        ] {
            assert_eq!(route(&url(other)), Err(Refused::PlainHttp), "{other}");
        }
    }

    #[test]
    fn an_empty_set_admits_nothing() {
        let refused = Origins::default().admit(&url("https://api.example"));
        assert!(matches!(refused, Err(Refused::Unnamed { .. })));
    }

    #[test]
    fn a_shipped_table_names_its_own_hosts_and_no_pattern() {
        let hosts = shipped_hosts("genesys-cloud").expect("a table");
        assert!(hosts.len() > 3);
        for host in &hosts {
            assert_eq!(Origins::shipped(host).admit(host.url()), Ok(Route::Network));
        }
        let leave = Origins::shipped(&hosts[0]);
        assert!(leave.admit(hosts[1].url()).is_err());
        let (url, login) = shipped_token_endpoint("genesys-cloud", "api.mypurecloud.ie")
            .expect("a table")
            .expect("an endpoint");
        assert_eq!(url.as_str(), "https://login.mypurecloud.ie/oauth/token");
        assert!(login.admit(&url).is_ok() && leave.admit(&url).is_err());
        assert!(shipped_hosts("no-such").expect("none").is_empty());
    }
}

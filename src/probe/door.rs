//! The only way to a socket: whatever is sent passes here, and here its final URL is compared with what was named.

use super::origin::{Origins, Refused, Route};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;

/// A way out for the requests of one run, to the origins that were named and no others.
pub(super) struct Door {
    origins: Origins,
    network: OnceLock<reqwest::Client>,
    loopback: OnceLock<reqwest::Client>,
}

/// Why a request did not go out, or got no answer.
pub(super) enum Fault {
    /// It was not sent.
    Refused(Refused),
    /// The network's word.
    Network(String),
}

impl Door {
    pub(super) fn to(origins: Origins) -> Self {
        // An error says that another caller installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            origins,
            network: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    /// Sends a request where its URL may be asked. Redirects are not followed, nothing is sent twice.
    pub(super) async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Fault> {
        let route = self.origins.admit(request.url()).map_err(Fault::Refused)?;
        let network = |error: reqwest::Error| Fault::Network(reason(&error));
        let client = self.client(route).map_err(network)?;
        client.execute(request).await.map_err(network)
    }

    fn client(&self, route: Route) -> Result<&reqwest::Client, reqwest::Error> {
        let cell = match route {
            Route::Network => &self.network,
            Route::Loopback => &self.loopback,
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let client = client(route)?;
        Ok(cell.get_or_init(|| client))
    }
}

fn client(route: Route) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never());
    let builder = match route {
        Route::Network => builder,
        // A proxy would take `localhost` for itself, and plain http would show it the token. No resolver is asked
        // either: the name is this machine, whatever a hosts file says.
        Route::Loopback => builder.no_proxy().resolve_to_addrs(
            "localhost",
            &[
                IpAddr::from(Ipv4Addr::LOCALHOST),
                Ipv6Addr::LOCALHOST.into(),
            ]
            .map(|ip| SocketAddr::new(ip, 0)),
        ),
    };
    builder.build()
}

/// Why no answer came, without the URL, whose query may be secret.
pub(super) fn reason(error: &reqwest::Error) -> String {
    let mut parts = Vec::new();
    if error.is_timeout() {
        parts.push("timed out".to_owned());
    }
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        parts.push(inner.to_string());
        source = inner.source();
    }
    if parts.is_empty() {
        parts.push("the request failed".to_owned());
    }
    parts.dedup();
    parts.join(": ")
}

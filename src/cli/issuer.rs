//! What an issuer that the user named says of itself: its endpoints and keys.

use super::ask;
use super::error::Failure;
use super::job::Settings;
use crate::probe::metadata::{self, Metadata};
use url::Url;
use why401_core::table::{self, Table};

/// The metadata of an issuer that the user named, by either of the places where it may be.
pub(super) fn metadata_of(settings: &Settings, issuer: &str) -> Result<Metadata, Failure> {
    let url = Url::parse(issuer).map_err(|_| {
        Failure::usage(
            "--issuer is no URL",
            "give the issuer as its tokens name it",
        )
    })?;
    let mut last = None;
    for place in metadata::places(&url) {
        let text = match ask::document(settings, &place, "the issuer's metadata") {
            Ok(text) => text,
            Err(failure) => {
                last = Some(failure);
                continue;
            }
        };
        return metadata::read(issuer, &text).map_err(|why| {
            Failure::new(
                "network",
                format!("the issuer's metadata {why}"),
                Some("give the issuer exactly as its metadata names it"),
            )
        });
    }
    Err(last.unwrap_or_else(|| Failure::usage("--issuer is no URL", "give an https URL")))
}

/// The token endpoint: the provider's on the login host that belongs to this one, else the issuer's.
pub(super) fn endpoint(
    settings: &Settings,
    host: Option<&str>,
    issuer: Option<&str>,
    table: Option<&Table>,
) -> Result<Url, Failure> {
    let named = issuer.and_then(|issuer| Url::parse(issuer).ok());
    let named = named.as_ref().and_then(Url::host_str).or(host);
    // A table of the project's own may not say where a secret goes.
    let id = table.map(|table| table.provider.provider.id.as_str());
    let id = id.or_else(|| named.and_then(table::by_host));
    let shipped = id.and_then(table::shipped).transpose()?;
    let known = named.zip(shipped);
    if let Some((login, path)) = known.and_then(|(host, table)| table.token_endpoint(host)) {
        let url = Url::parse(&format!("https://{login}{path}"));
        return url.map_err(|_| {
            Failure::usage("the table names no sound login host", "give --issuer URL")
        });
    }
    let issuer = issuer.ok_or_else(|| {
        Failure::usage(
            "nothing tells where tokens are issued",
            "give --issuer URL: the login host of the provider's region, or an issuer with metadata",
        )
    })?;
    let metadata = metadata_of(settings, issuer)?;
    metadata.token_endpoint.ok_or_else(|| {
        Failure::new(
            "network",
            "the issuer's metadata names no token endpoint",
            None,
        )
    })
}

/// A document or endpoint of an issuer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Document {
    /// Its keys.
    Keys,
    /// Its introspection endpoint.
    Introspection,
}

/// Where an issuer that was named has this, on its own host; else why it is not asked.
pub(super) fn place(settings: &Settings, issuer: &str, what: Document) -> Result<Url, String> {
    let metadata = metadata_of(settings, issuer).map_err(|failure| failure.0.message)?;
    let (name, option, url) = match what {
        Document::Keys => ("keys", "--jwks", metadata.jwks_uri),
        Document::Introspection => (
            "introspection endpoint",
            "--introspect",
            metadata.introspection_endpoint,
        ),
    };
    let url = url.ok_or_else(|| format!("the issuer's metadata names no {name}"))?;
    let own = Url::parse(issuer).is_ok_and(|issuer| issuer.origin() == url.origin());
    match own {
        true => Ok(url),
        false => Err(format!(
            "the issuer's {name} are on another host ({}), which nobody named; {option} URL names it",
            url.host_str().unwrap_or_default()
        )),
    }
}

//! What an issuer that the user named says of itself: its endpoints and keys.

use super::ask;
use super::error::Failure;
use super::job::Settings;
use crate::probe::metadata::{self, Metadata};
use crate::probe::{Origins, shipped_token_endpoint};
use url::Url;
use why401_core::table::{self, Table};

/// The metadata of an issuer that the user named, by either of the places where it may be; and leave to ask the issuer's
/// own origin, which is all that was named.
fn metadata_of(settings: &Settings, issuer: &str) -> Result<(Metadata, Origins), Failure> {
    let url = Url::parse(issuer).map_err(|_| {
        Failure::usage(
            "--issuer is not a URL",
            "give the issuer as its tokens name it",
        )
    })?;
    let origins = Origins::typed("--issuer", &url);
    let mut last = None;
    for place in metadata::places(&url) {
        let text = match ask::document(settings, &origins, &place, "the issuer's metadata") {
            Ok(text) => text,
            Err(failure) => {
                last = Some(failure);
                continue;
            }
        };
        let read = metadata::read(issuer, &text).map(|read| (read, origins));
        return read.map_err(|why| {
            Failure::new(
                "network",
                format!("the issuer's metadata {why}"),
                Some("give the issuer exactly as its metadata names it"),
            )
        });
    }
    Err(last.unwrap_or_else(|| Failure::usage("--issuer is not a URL", "give an https URL")))
}

/// The token endpoint: the provider's on the login host that belongs to this one, else the issuer's. What may be sent
/// to is the shipped login host, or the issuer's own origin: its metadata names no other.
pub(super) fn endpoint(
    settings: &Settings,
    host: Option<&str>,
    issuer: Option<&str>,
    table: Option<&Table>,
) -> Result<(Url, Origins), Failure> {
    let named = issuer.and_then(|issuer| Url::parse(issuer).ok());
    let named = named.as_ref().and_then(Url::host_str).or(host);
    let id = table.map(|table| table.provider.info.id.as_str());
    let id = id.or_else(|| named.and_then(table::by_host));
    let known = id.zip(named);
    let shipped = known.map(|(id, host)| shipped_token_endpoint(id, host));
    if let Some(found) = shipped.transpose()?.flatten() {
        return Ok(found);
    }
    let issuer = issuer.ok_or_else(|| {
        Failure::usage(
            "the token endpoint is not known",
            "give --issuer URL: the login host of the provider's region, or an issuer with metadata",
        )
    })?;
    let (metadata, origins) = metadata_of(settings, issuer)?;
    let url = metadata.token_endpoint.ok_or_else(|| {
        Failure::new(
            "network",
            "the issuer's metadata names no token endpoint",
            None,
        )
    })?;
    if origins.admit(&url).is_err() {
        return Err(Failure::new(
            "network",
            format!("nothing was sent: {}", elsewhere("token endpoint", &url)),
            Some("name it with --token-endpoint URL if the client's secret may be sent there"),
        ));
    }
    Ok((url, origins))
}

fn elsewhere(what: &str, url: &Url) -> String {
    format!(
        "the issuer's {what} is at another origin ({}), which only its metadata names",
        url.origin().ascii_serialization()
    )
}

/// A document or endpoint of an issuer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Document {
    /// Its keys.
    Keys,
    /// Its introspection endpoint.
    Introspection,
}

/// Where an issuer that was named has this, at its own origin; else why it is not asked.
pub(super) fn place(
    settings: &Settings,
    issuer: &str,
    what: Document,
) -> Result<(Url, Origins), String> {
    let (metadata, origins) = metadata_of(settings, issuer).map_err(|failure| failure.0.message)?;
    let (name, option, url) = match what {
        Document::Keys => ("key set", "--jwks", metadata.jwks_uri),
        Document::Introspection => (
            "introspection endpoint",
            "--introspect",
            metadata.introspection_endpoint,
        ),
    };
    let url = url.ok_or_else(|| format!("the issuer's metadata names no {name}"))?;
    match origins.admit(&url) {
        Ok(_) => Ok((url, origins)),
        Err(_) => Err(format!(
            "{}; name it with {option} URL",
            elsewhere(name, &url)
        )),
    }
}

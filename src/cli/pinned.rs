//! What the user holds to be true of the issuer: its keys, and what a resource says of its issuers.

use super::args::Pinned;
use super::ask;
use super::error::Failure;
use super::job::Settings;
use crate::probe::{Origins, metadata};
use crate::sink;
use crate::source;
use std::path::Path;
use why401_core::token::{self, Keys, Secret, Signature, Token};

/// What the signature comes to, where keys were given.
pub(super) fn signature(
    settings: &Settings,
    pinned: &Pinned,
    token: &Token,
) -> Result<Option<Signature>, Failure> {
    if let Some(path) = &pinned.secret_file {
        let text = source::text(path, "the file of --secret-file")?;
        let secret = text.trim_end_matches(['\n', '\r']).to_owned();
        sink::keep_back(&secret);
        return Ok(token::verify(token, &Keys::Secret(Secret::new(secret))));
    }
    let Some(jwks) = &pinned.jwks else {
        return Ok(None);
    };
    match url::Url::parse(jwks) {
        Ok(url) if url.has_host() => {
            let origins = Origins::typed("--jwks", &url);
            signature_by(settings, &(url, origins), token)
        }
        _ => verified(&source::text(Path::new(jwks), "the file of --jwks")?, token),
    }
}

/// What the signature comes to by the keys of a server.
pub(super) fn signature_by(
    settings: &Settings,
    (url, origins): &(url::Url, Origins),
    token: &Token,
) -> Result<Option<Signature>, Failure> {
    let text = ask::document(settings, origins, url, "the key set")?;
    verified(&text, token)
}

fn verified(keys: &str, token: &Token) -> Result<Option<Signature>, Failure> {
    let keys = Keys::read(keys).map_err(|why| {
        Failure::new(
            "input",
            format!("the key set {why}"),
            Some("give the issuer's JWK Set: {\"keys\": [...]}"),
        )
    })?;
    Ok(token::verify(token, &keys))
}

/// The issuers that a resource names, where it was asked for.
pub(super) fn issuers(
    settings: &Settings,
    pinned: &Pinned,
) -> Result<Option<Vec<String>>, Failure> {
    let Some(resource) = &pinned.resource_metadata else {
        return Ok(None);
    };
    let url = url::Url::parse(resource).map_err(|_| {
        Failure::usage(
            "--resource-metadata is not a URL",
            "give the URL of the resource",
        )
    })?;
    let place = metadata::resource_place(&url);
    let origins = Origins::typed("--resource-metadata", &url);
    let text = ask::document(settings, &origins, &place, "the resource's metadata")?;
    let read = metadata::resource_issuers(&url, &text);
    read.map(Some).map_err(|why| {
        Failure::new(
            "network",
            format!("the resource's metadata {why}"),
            Some("give the resource exactly as its metadata names it"),
        )
    })
}

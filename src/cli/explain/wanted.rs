//! `--only`: which of the requests are looked at.

use crate::cli::error::Failure;
use why401_core::http::{Exchange, Target};

/// The method and path of `--only`.
pub(super) fn only(text: &str) -> Result<Target, Failure> {
    let (method, path) = text.split_once(' ').ok_or_else(|| {
        Failure::usage(
            "--only takes a method and a path",
            "write it as --only 'GET /path'; a final * matches any rest",
        )
    })?;
    Ok(Target::parse(method, path.trim())?)
}

/// Whether an exchange is one of those; a final `*` of the path matches any rest.
pub(super) fn fits(only: &Target, exchange: &Exchange) -> bool {
    exchange.request.target().is_some_and(|target| {
        let path = match only.path.strip_suffix('*') {
            Some(start) => target.path.starts_with(start),
            None => target.path == only.path,
        };
        target.method == only.method && path && (only.host.is_none() || only.host == target.host)
    })
}

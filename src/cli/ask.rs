//! Documents of a server that the user named: keys, metadata. Never with a token.

use super::error::Failure;
use super::job::Settings;
use crate::probe::Ask;
#[cfg(feature = "probe")]
use crate::source;
use url::Url;
use why401_core::token::ProofKey;
#[cfg(feature = "probe")]
use why401_core::token::Secret;

/// Fetches a document by GET; https only, except from this machine.
pub(super) fn document(settings: &Settings, url: &Url, what: &str) -> Result<String, Failure> {
    if settings.offline {
        return Err(Failure::usage(
            format!("{what} would have to be fetched, and --offline forbids it"),
            "save it to a file and give that",
        ));
    }
    let ask = Ask::document(url)
        .map_err(|why| Failure::usage(format!("{what}: {why}"), "give an https URL, or a file"))?;
    let answer = send(&ask, None)?;
    let fault = |why: String| {
        let text = format!(
            "{what} could not be fetched from {}: {why}",
            url.host_str().unwrap_or_default()
        );
        Failure::new("network", text, Some("save it to a file and give that"))
    };
    match (answer.response, answer.failure) {
        (Some(response), _) if response.status == Some(200) => {
            Ok(response.body.unwrap_or_default())
        }
        (Some(response), _) => Err(fault(format!(
            "the answer was {}",
            response.status.unwrap_or_default()
        ))),
        (None, why) => Err(fault(why.unwrap_or_default())),
    }
}

#[cfg(feature = "probe")]
pub(super) fn send(
    ask: &Ask,
    key: Option<&ProofKey>,
) -> Result<why401_core::http::Exchange, Failure> {
    use crate::probe::{self, Limits};
    // Key sets and metadata of large issuers are longer than a refusal.
    let limits = Limits {
        body: 1024 * 1024,
        ..Limits::default()
    };
    let credential = std::sync::Arc::new(probe::Credential {
        token: Secret::new(String::new()),
        key: key.cloned(),
        now: source::now(),
    });
    let failed =
        |why: String| Failure::new("network", format!("nothing could be sent: {why}"), None);
    let round = |ask: &Ask| {
        let heard = probe::send(std::slice::from_ref(ask), &credential, limits);
        heard.map_err(failed)
    };
    let mut heard = round(ask)?;
    if let (Some(again), true) = (probe::nonced(&heard).first(), key.is_some()) {
        heard = round(again)?;
    }
    let heard = heard.into_iter().next();
    heard
        .map(|heard| heard.exchange)
        .ok_or_else(|| failed("no answer".to_owned()))
}

#[cfg(not(feature = "probe"))]
pub(super) fn send(_: &Ask, _: Option<&ProofKey>) -> Result<why401_core::http::Exchange, Failure> {
    Err(Failure::usage(
        "this build cannot ask servers",
        "build it with the feature `probe`, or give a file",
    ))
}

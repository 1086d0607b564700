//! Documents of a server that the user named: keys, metadata. Never with a token.

use super::error::Failure;
use super::job::Settings;
use crate::probe::{NotSent, Origins, ProbeRequest, Refused};
#[cfg(feature = "probe")]
use crate::source;
use url::Url;
use why401_core::token::ProofKey;
#[cfg(feature = "probe")]
use why401_core::token::Secret;

/// Why a request was not sent: a word of its own where the reason is where it would have gone.
impl From<NotSent> for Failure {
    fn from(why: NotSent) -> Self {
        let hint = match &why {
            NotSent::Refused(why) => Some(hint(why)),
            NotSent::System(_) => None,
        };
        Self::new("network", why.to_string(), hint)
    }
}

impl From<Refused> for Failure {
    fn from(why: Refused) -> Self {
        NotSent::Refused(why).into()
    }
}

fn hint(why: &Refused) -> &'static str {
    match why {
        Refused::PlainHttp | Refused::Userinfo => "give an https URL, without credentials in it",
        Refused::Unnamed { .. } => {
            "name it in an option that takes a URL: project files, tables and answers cannot name it"
        }
    }
}

/// Fetches a document by GET; https only, except from this machine.
pub(super) fn document(
    settings: &Settings,
    origins: &Origins,
    url: &Url,
    what: &str,
) -> Result<String, Failure> {
    if settings.offline {
        return Err(Failure::usage(
            format!("--offline forbids fetching {what}"),
            "save it to a file and give the file",
        ));
    }
    let ask = ProbeRequest::document(url)
        .map_err(|why| Failure::usage(format!("{what}: {why}"), "give an https URL, or a file"))?;
    let answer = send(settings, origins, &ask, None)?;
    let fault = |why: String| {
        let text = format!(
            "{what} could not be fetched from {}: {why}",
            url.host_str().unwrap_or_default()
        );
        Failure::new("network", text, Some("save it to a file and give the file"))
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

/// Sends one request, and once more with the nonce that a server wants in its proof.
#[cfg(feature = "probe")]
pub(super) fn send(
    settings: &Settings,
    origins: &Origins,
    request: &ProbeRequest,
    key: Option<&ProofKey>,
) -> Result<why401_core::http::Exchange, Failure> {
    use crate::probe::{self, Limits};
    // Key sets and metadata of large issuers are longer than a refusal.
    let limits = Limits {
        body: 1024 * 1024,
        ..Limits::new(settings.deadline.answer(), settings.deadline.end())
    };
    let credential = std::sync::Arc::new(probe::Credential {
        token: Secret::new(String::new()),
        key: key.cloned(),
        now: source::now(),
    });
    let round = |request: &ProbeRequest| {
        probe::send(std::slice::from_ref(request), origins, &credential, limits)
    };
    let mut results = round(request)?;
    if let (Some(again), true) = (probe::nonced(&results).first(), key.is_some()) {
        results = round(again)?;
    }
    let result = results.into_iter().next();
    let none = || NotSent::System("no answer".to_owned());
    Ok(result.ok_or_else(none)?.exchange)
}

#[cfg(not(feature = "probe"))]
pub(super) fn send(
    _: &Settings,
    _: &Origins,
    _: &ProbeRequest,
    _: Option<&ProofKey>,
) -> Result<why401_core::http::Exchange, Failure> {
    Err(Failure::usage(
        "this build has no network access",
        "build it with the feature `probe`, or give a file",
    ))
}

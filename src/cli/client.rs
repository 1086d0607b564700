//! A client's own credentials at work: a token is requested, or a token is asked about.

use super::Answer;
use super::args::ClientArgs;
use super::ask;
use super::error::Failure;
use super::issuer::endpoint;
use super::job::{self, Settings};
use crate::probe::Origins;
use crate::probe::grant::{self, By, Client, Granted};
use crate::sink;
use crate::source;
use url::Url;
use why401_core::diagnose::Probed;
use why401_core::finding::{Diagnosis, Report};
use why401_core::http::{Exchange, Role};
use why401_core::output;
use why401_core::scope::ScopeSet;
use why401_core::table::Table;
use why401_core::token::{ProofKey, Secret, Token};
use why401_core::triage::Judge;

/// The client, where one was named.
pub(super) fn client(args: &ClientArgs) -> Result<Option<Client>, Failure> {
    let Some(id) = args.client_id.clone() else {
        return Ok(None);
    };
    let secret = match (&args.client_secret_env, &args.client_secret_file) {
        (Some(name), _) => source::variable(name).ok_or_else(|| {
            Failure::new(
                "input",
                "the environment variable of --client-secret-env is not set",
                Some("set it, or name another"),
            )
        })?,
        (None, Some(path)) => source::text(path, "the file of --client-secret-file")?,
        (None, None) => {
            return Err(Failure::usage(
                "--client-id needs its secret",
                "name it with --client-secret-env or --client-secret-file",
            ));
        }
    };
    let secret = Secret::new(secret.trim_end_matches(['\n', '\r']).to_owned());
    sink::keep_back(secret.expose());
    Ok(Some(Client { id, secret }))
}

/// The token endpoint of `--token-endpoint`.
pub(super) fn token_endpoint(args: &ClientArgs) -> Result<Option<(Url, Origins)>, Failure> {
    let given = args.token_endpoint.as_deref();
    given
        .map(|text| typed("--token-endpoint", text))
        .transpose()
}

/// The key of `--dpop-key`, to make proofs with.
pub(super) fn proof_key(args: &ClientArgs) -> Result<Option<ProofKey>, Failure> {
    let Some(path) = &args.dpop_key else {
        return Ok(None);
    };
    let pem = source::text(path, "the file of --dpop-key")?;
    let key = ProofKey::read(&pem).map_err(|why| {
        Failure::new(
            "input",
            format!("the file of --dpop-key {why}"),
            Some("make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        )
    })?;
    Ok(Some(key))
}

/// What a token request came to.
pub(super) enum Requested {
    /// A token, with what was asked for.
    Token(Box<Granted>, Option<ScopeSet>),
    /// A refusal, diagnosed.
    Refused(Box<Diagnosis>),
}

/// Which token is wanted, and from whom.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    /// The scopes, separated by spaces.
    pub(super) scope: Option<&'a str>,
    /// The host of the API.
    pub(super) host: Option<&'a str>,
    /// The issuer, where the provider's table does not name it.
    pub(super) issuer: Option<&'a str>,
    /// The provider's table.
    pub(super) table: Option<&'a Table>,
    /// The token endpoint where the user named it, and leave to send there.
    pub(super) endpoint: Option<(Url, Origins)>,
    /// The key that the token shall be bound to.
    pub(super) key: Option<&'a ProofKey>,
}

/// Requests a token: by Basic first, by the form where that is not accepted.
pub(super) fn request(
    settings: &Settings,
    client: &Client,
    wanted: &Wanted<'_>,
) -> Result<Requested, Failure> {
    offline(settings)?;
    let (endpoint, origins) = match &wanted.endpoint {
        Some(endpoint) => endpoint.clone(),
        None => endpoint(settings, wanted.host, wanted.issuer, wanted.table)?,
    };
    let scope = wanted.scope;
    let send = |by| {
        let request = grant::token(&endpoint, client, scope, by)?;
        ask::send(settings, &origins, &request, wanted.key)
    };
    let mut exchange = send(By::Basic)?;
    if exchange.status().is_some_and(|s| s == 400 || s == 401) && names(&exchange, "invalid_client")
    {
        let by_form = send(By::Form)?;
        if by_form.status() == Some(200) {
            exchange = by_form;
        }
    }
    let body = exchange.body();
    if let (Some(200), Some(granted)) = (exchange.status(), grant::granted(body)) {
        let asked = scope.map(|scope| ScopeSet::read(scope).0);
        return Ok(Requested::Token(Box::new(granted), asked));
    }
    let refusal = diagnosed(settings, &exchange)?;
    Ok(Requested::Refused(Box::new(refusal)))
}

/// Asks the introspection endpoint of `--introspect` about a token.
pub(super) fn introspect(
    settings: &Settings,
    client: &Client,
    endpoint: &str,
    token: &Token,
) -> Result<grant::Introspected, Failure> {
    let at = typed("--introspect", endpoint)?;
    introspect_at(settings, client, &at, token)
}

/// A URL that the user typed in an option, with leave to send there.
pub(super) fn typed(option: &'static str, text: &str) -> Result<(Url, Origins), Failure> {
    let url = Url::parse(text)
        .map_err(|_| Failure::usage(format!("{option} is not a URL"), "give the endpoint's URL"))?;
    let origins = Origins::typed(option, &url);
    Ok((url, origins))
}

/// Asks an introspection endpoint about a token.
pub(super) fn introspect_at(
    settings: &Settings,
    client: &Client,
    (url, origins): &(Url, Origins),
    token: &Token,
) -> Result<grant::Introspected, Failure> {
    offline(settings)?;
    let request = grant::introspection(url, client, &token.secret, By::Basic)?;
    let exchange = ask::send(settings, origins, &request, None)?;
    let fault = |why: String| {
        Failure::new(
            "network",
            format!("the introspection endpoint gave no answer: {why}"),
            Some(
                "check the endpoint, and the client's own credentials: a 401 here is the client's, not the token's",
            ),
        )
    };
    match (exchange.status(), grant::introspected(exchange.body())) {
        (Some(200), Some(told)) => Ok(told),
        (Some(status), _) => Err(fault(format!("it answered {status}"))),
        (None, _) => Err(fault(exchange.failure.unwrap_or_default())),
    }
}

fn offline(settings: &Settings) -> Result<(), Failure> {
    match settings.offline {
        true => Err(Failure::usage(
            "--offline forbids asking a server",
            "drop --offline",
        )),
        false => Ok(()),
    }
}

fn names(exchange: &Exchange, code: &str) -> bool {
    exchange.body().contains(code)
}

/// The refusal of a token endpoint, judged like any recorded one.
fn diagnosed(settings: &Settings, exchange: &Exchange) -> Result<Diagnosis, Failure> {
    let declared = job::declarations(settings);
    let providers = job::providers(settings)?;
    let probed = [Probed {
        role: &Role::Grant,
        exchange,
        stands_for: None,
    }];
    let target = exchange.request.target();
    let judge = Judge::new(&providers, &declared);
    Ok(judge.probes(target, &probed, Some(exchange), &[])?)
}

/// The refusal of a token endpoint as a command's answer.
pub(super) fn refusal(settings: &Settings, diagnosis: Diagnosis) -> Answer {
    let report = Report {
        diagnoses: vec![diagnosis],
        ..Report::default()
    };
    let text = output::render(&report, settings.format, &settings.view);
    Answer::coded(text, report.exit_code())
}

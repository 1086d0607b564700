//! A client's own credentials at work: a token is requested, or a token is asked about.

use super::args::ClientArgs;
use super::ask;
use super::error::Failure;
use super::job::Settings;
use super::whose::Whose;
use super::{Answer, sink};
use crate::diagnose::{Case, diagnose};
use crate::finding::Report;
use crate::http::{Exchange, Target};
use crate::input::source;
use crate::output;
use crate::probe::Refused;
use crate::probe::grant::{self, By, Client, Granted};
use crate::probe::metadata::{self, Metadata};
use crate::scope::ScopeSet;
use crate::table::{self, Table};
use crate::token::{Secret, Token};
use url::Url;

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
    Ok(Some(Client { id, secret }))
}

/// The metadata of an issuer that the user named, by either of the places where it may be.
pub(super) fn issuer_metadata(settings: &Settings, issuer: &str) -> Result<Metadata, Failure> {
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
fn endpoint(
    settings: &Settings,
    host: Option<&str>,
    issuer: Option<&str>,
    table: Option<&Table>,
) -> Result<Url, Failure> {
    let named = issuer.and_then(|issuer| Url::parse(issuer).ok());
    let named = named.as_ref().and_then(Url::host_str).or(host);
    let shipped = named.filter(|_| table.is_none()).and_then(table::by_host);
    let shipped = shipped.and_then(table::shipped).transpose()?;
    let known = named.zip(table.or(shipped.as_ref()));
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
    let metadata = issuer_metadata(settings, issuer)?;
    metadata.token_endpoint.ok_or_else(|| {
        Failure::new(
            "network",
            "the issuer's metadata names no token endpoint",
            None,
        )
    })
}

/// What a token request came to.
pub(super) enum Requested {
    /// A token, with what was asked for.
    Token(Box<Granted>, Option<ScopeSet>),
    /// A refusal, diagnosed.
    Refused(Answer),
}

/// Requests a token: by Basic first, by the form where that is not accepted.
pub(super) fn request(
    settings: &Settings,
    client: &Client,
    scope: Option<&str>,
    host: Option<&str>,
    issuer: Option<&str>,
    table: Option<&Table>,
) -> Result<Requested, Failure> {
    offline(settings)?;
    let endpoint = endpoint(settings, host, issuer, table)?;
    let send = |by| {
        let ask = grant::token(&endpoint, client, scope, by).map_err(refused)?;
        ask::send(&ask)
    };
    let mut exchange = send(By::Basic)?;
    if status(&exchange).is_some_and(|s| s == 400 || s == 401) && names(&exchange, "invalid_client")
    {
        let by_form = send(By::Form)?;
        if status(&by_form) == Some(200) {
            exchange = by_form;
        }
    }
    let body = body(&exchange);
    if let (Some(200), Some(granted)) = (status(&exchange), grant::granted(body)) {
        let asked = scope.map(|scope| ScopeSet::read(scope).0);
        return Ok(Requested::Token(Box::new(granted), asked));
    }
    diagnosed(settings, client, &exchange).map(Requested::Refused)
}

/// Asks an introspection endpoint about a token.
pub(super) fn introspect(
    settings: &Settings,
    client: &Client,
    endpoint: &str,
    token: &Token,
) -> Result<grant::Introspected, Failure> {
    offline(settings)?;
    let url = Url::parse(endpoint)
        .map_err(|_| Failure::usage("--introspect is no URL", "give the endpoint's URL"))?;
    let ask = grant::introspection(&url, client, &token.secret, By::Basic).map_err(refused)?;
    let exchange = ask::send(&ask)?;
    let fault = |why: String| {
        Failure::new(
            "network",
            format!("the introspection endpoint did not tell: {why}"),
            Some(
                "check the endpoint, and the client's own credentials: a 401 here is the client's, not the token's",
            ),
        )
    };
    match (status(&exchange), grant::introspected(body(&exchange))) {
        (Some(200), Some(told)) => Ok(told),
        (Some(status), _) => Err(fault(format!("it answered {status}"))),
        (None, _) => Err(fault(exchange.failure.unwrap_or_default())),
    }
}

fn offline(settings: &Settings) -> Result<(), Failure> {
    match settings.offline {
        true => Err(Failure::usage(
            "a server would have to be asked, and --offline forbids it",
            "leave --offline away",
        )),
        false => Ok(()),
    }
}

fn refused(why: Refused) -> Failure {
    Failure::usage(
        why.to_string(),
        "give an https URL without credentials in it",
    )
}

fn status(exchange: &Exchange) -> Option<u16> {
    exchange.response.as_ref()?.status
}

fn body(exchange: &Exchange) -> &str {
    exchange
        .response
        .as_ref()
        .and_then(|r| r.body.as_deref())
        .unwrap_or_default()
}

fn names(exchange: &Exchange, code: &str) -> bool {
    body(exchange).contains(code)
}

/// The refusal of a token endpoint, judged like any recorded one.
fn diagnosed(settings: &Settings, client: &Client, exchange: &Exchange) -> Result<Answer, Failure> {
    let known = Whose::new(settings)?.of(exchange)?;
    let absent = Token::absent();
    let case = Case {
        target: exchange
            .request
            .url
            .as_deref()
            .and_then(|url| Target::parse("POST", url).ok()),
        trust: settings.trust,
        leeway: settings.leeway,
        evidence: Some(known.evidence(exchange)),
        ..Case::of(&absent, settings.now)
    };
    let report = Report {
        diagnoses: vec![diagnose(&case)],
        ..Report::default()
    };
    let text = output::render(&report, settings.format, settings.style);
    sink::guard(&text, &[client.secret.expose()])?;
    Ok(Answer::coded(text, report.exit_code()))
}

//! `check --probe`: the plan shown or carried out, and what was heard turned into a case.

mod options;

use crate::cli::Answer;
use crate::cli::args::{CheckArgs, Pinned};
use crate::cli::client::{self, Requested, Wanted};
use crate::cli::error::Failure;
use crate::cli::held::{self, RunCredential};
use crate::cli::issuer::{self, Document};
use crate::cli::job::{self, Settings};
use crate::cli::pinned;
use crate::probe::{self, Origins, Plan, ProbeOptions, ProbeResult};
use why401_core::diagnose::Probed;
use why401_core::finding::{Diagnosis, Report};
use why401_core::http::{Role, Target};
use why401_core::output::{self, plan::Planned};
use why401_core::table::Table;
use why401_core::token::{Form, Signature, Token};
use why401_core::triage::{Judge, Providers, learn};

/// Answers `check --probe`.
pub(super) fn check(settings: &Settings, args: &CheckArgs) -> Result<Answer, Failure> {
    let settings = &settings.waiting(args.probe.timeout);
    let target = {
        let (method, url) = args.request()?;
        Target::parse(method, url)?
    };
    let providers = job::providers(settings)?;
    let product = providers.judge_of(Some(&target))?;
    let table = product.as_ref().map(|product| &product.table);
    let (held, remarks) = match looked(settings, args, &target, table)? {
        Looked::Refused(refusal) => return Ok(refusal),
        Looked::At(held, remarks) => (held, remarks),
    };
    with(settings, args, &providers, target, &held, remarks)
}

/// Asks with that credential.
pub(super) fn with(
    settings: &Settings,
    args: &CheckArgs,
    providers: &Providers,
    target: Target,
    held: &RunCredential,
    mut remarks: Vec<String>,
) -> Result<Answer, Failure> {
    let product = providers.judge_of(Some(&target))?;
    let table = product.as_ref().map(|product| &product.table);
    let token = &held.credential.token;
    let kind = args.token.token_kind.as_deref();
    let (options, origins) = options::options(settings, args, table, kind, held)?;
    let plan = probe::first(&options)?;
    if args.probe.dry_run {
        return Ok(Answer::clear(shown(settings, &plan)));
    }
    let heard = ask(settings, &origins, &options, &plan, held)?;
    let mut credential = held.credential.clone();
    credential.kind.clone_from(&args.token.token_kind);
    let control = heard.iter().find(|h| h.request.role == Role::Control);
    if let Some((table, control)) = table.zip(control) {
        learn(&mut credential, table, &control.exchange, false);
    }
    credential.signature = signature(settings, args, token, &mut remarks)?;
    let pinned = (
        &args.expect,
        &Pinned {
            resource_metadata: args.pinned.resource_metadata.clone(),
            ..Pinned::default()
        },
    );
    let declared = held::declared(settings, credential, &args.token, pinned)?;
    let heard: Vec<&ProbeResult> = heard.iter().collect();
    let judge = Judge::new(providers, &declared);
    let diagnosis = probes(&judge, Some(target), &heard, &remarks)?;
    let report = Report {
        diagnoses: vec![diagnosis],
        ..Report::default()
    };
    let text = output::render(&report, settings.format, &held.view(settings));
    Ok(Answer::coded(text, report.exit_code()))
}

/// A call with what was heard of it.
pub(super) fn probes(
    judge: &Judge<'_>,
    target: Option<Target>,
    heard: &[&ProbeResult],
    remarks: &[String],
) -> Result<Diagnosis, Failure> {
    let decisive = probe::decisive(heard).map(|at| &heard[at].exchange);
    let probed: Vec<Probed<'_>> = heard
        .iter()
        .map(|heard| Probed {
            role: &heard.request.role,
            exchange: &heard.exchange,
            stands_for: heard.request.stands_for.as_deref(),
        })
        .collect();
    Ok(judge.probes(target, &probed, decisive, remarks)?)
}

/// The credential to probe with.
enum Looked {
    At(Box<RunCredential>, Vec<String>),
    Refused(Answer),
}

/// The token given or requested, and what its issuer tells of it where one is named.
fn looked(
    settings: &Settings,
    args: &CheckArgs,
    target: &Target,
    table: Option<&Table>,
) -> Result<Looked, Failure> {
    let mut remarks = Vec::new();
    let mut held = RunCredential::at(settings, &args.token, &args.client)?;
    let client = client::client(&args.client)?.filter(|_| !args.probe.dry_run);
    let Some(client) = client else {
        return Ok(Looked::At(Box::new(held), remarks));
    };
    if matches!(held.credential.token.form, Form::Absent) {
        let wanted = Wanted {
            scope: args.token.scope.as_deref(),
            host: target.host.as_deref(),
            issuer: args.expect.issuer.as_deref(),
            table,
            key: held.key.as_ref(),
            endpoint: client::token_endpoint(&args.client)?,
        };
        return Ok(match client::request(settings, &client, &wanted)? {
            Requested::Token(granted, asked) => Looked::At(
                Box::new(RunCredential::issued(&granted, asked, held.key)),
                remarks,
            ),
            Requested::Refused(refusal) => Looked::Refused(client::refusal(settings, *refusal)),
        });
    }
    if let (Some(issuer), None) = (&args.expect.issuer, held.credential.active) {
        match issuer::place(settings, issuer, Document::Introspection) {
            Ok(at) => {
                let token = &held.credential.token;
                let told = client::introspect_at(settings, &client, &at, token)?;
                held.introspected(told);
            }
            Err(why) => remarks.push(why),
        }
    }
    Ok(Looked::At(Box::new(held), remarks))
}

/// What the signature comes to: by the keys given, else by those of the issuer that was named.
fn signature(
    settings: &Settings,
    args: &CheckArgs,
    token: &Token,
    remarks: &mut Vec<String>,
) -> Result<Option<Signature>, Failure> {
    let own = &args.pinned;
    let given = own.jwks.is_some() || own.secret_file.is_some();
    let signed = matches!(token.form, Form::Jws(_));
    let Some(issuer) = args.expect.issuer.as_deref().filter(|_| !given && signed) else {
        return pinned::signature(settings, own, token);
    };
    let found = issuer::place(settings, issuer, Document::Keys).and_then(|at| {
        pinned::signature_by(settings, &at, token).map_err(|failure| failure.0.message)
    });
    found.or_else(|why| {
        remarks.push(format!("The signature was not checked: {why}"));
        Ok(None)
    })
}

/// Both rounds.
#[cfg(feature = "probe")]
fn ask(
    settings: &Settings,
    origins: &Origins,
    options: &ProbeOptions<'_>,
    plan: &Plan,
    held: &RunCredential,
) -> Result<Vec<ProbeResult>, Failure> {
    let credential = std::sync::Arc::new(probe::Credential {
        token: held.credential.token.secret.clone(),
        key: held.key.clone(),
        now: crate::source::now(),
    });
    let limits = probe::Limits::new(settings.deadline.answer(), settings.deadline.end());
    let send =
        |requests: &[probe::ProbeRequest]| probe::send(requests, origins, &credential, limits);
    let heard = send(&plan.requests)?;
    let more = probe::second(options, &heard);
    match more.is_empty() {
        true => Ok(heard),
        false => Ok(probe::settled(heard, send(&more)?)),
    }
}

#[cfg(not(feature = "probe"))]
fn ask(
    _: &Settings,
    _: &Origins,
    _: &ProbeOptions<'_>,
    _: &Plan,
    _: &RunCredential,
) -> Result<Vec<ProbeResult>, Failure> {
    Err(Failure::usage(
        "this build has no network access",
        "build it with the feature `probe`, or drop --probe",
    ))
}

/// The plan, with the token masked.
fn shown(settings: &Settings, plan: &Plan) -> String {
    let asks = plan.requests.iter().map(|ask| {
        let target = Target::parse(&ask.method, ask.url.as_str());
        Planned {
            role: ask.role.name(),
            method: ask.method.clone(),
            url: target.map_or_else(|_| String::new(), |t| t.shown_url()),
            token: ask.token,
            stands_for: ask.stands_for.clone(),
        }
    });
    let asks: Vec<Planned> = asks.collect();
    let remarks: Vec<String> = plan.remarks.iter().map(ToString::to_string).collect();
    output::plan::plan(&asks, &remarks, settings.format)
}

//! `why401 check` and `why401 token`: one question, one diagnosis.

use super::Answer;
use super::args::{CheckArgs, Expect, ExplainArgs, Pinned, TokenArgs, TokenCommand};
use super::client::{self, Requested, Wanted};
use super::error::Failure;
use super::held::{self, RunCredential};
use super::job::{self, Settings};
use crate::sink;
use crate::source;
use std::mem::ManuallyDrop;
use why401_core::finding::Report;
use why401_core::http::Target;
use why401_core::input::InputForm;
use why401_core::output;
use why401_core::token::{Form, Token};
use why401_core::triage::Judge;

/// Answers `check`.
pub(super) fn check(settings: &Settings, args: &CheckArgs) -> Result<Answer, Failure> {
    if !settings.quiet {
        unused(settings, args);
    }
    if let Some(command) = args.request_command() {
        return of_command(settings, args, command);
    }
    if args.probe.probe && (args.probe.dry_run || !settings.offline) {
        return super::probe::check(settings, args);
    }
    let (method, url) = args.request()?;
    let target = Target::parse(method, url)?;
    let held = RunCredential::at(settings, &args.token, &args.client)?;
    let pinned = (&args.expect, &args.pinned);
    answer(settings, Some(target), &held, &args.token, pinned, None)
}

/// Says which options are without effect beside the others.
fn unused(settings: &Settings, args: &CheckArgs) {
    let probe = &args.probe;
    if probe.probe && settings.offline && !probe.dry_run {
        sink::err("note: --offline overrides --probe: the server was not asked\n");
    }
    if args.client.client_id.is_some() && !probe.probe && args.client.introspect.is_none() {
        sink::err("note: --client-id is without effect here: it takes --probe or --introspect\n");
    }
}

/// A request command in place of METHOD URL: judged like one out of a file.
fn of_command(settings: &Settings, args: &CheckArgs, command: &str) -> Result<Answer, Failure> {
    if args.probe.probe {
        return Err(Failure::usage(
            "--probe needs METHOD URL, not a request command",
            "the form is `why401 check [METHOD] URL --probe`",
        ));
    }
    let evidence = ExplainArgs {
        input_format: Some(InputForm::Command),
        token: args.token.clone(),
        expect: args.expect.clone(),
        pinned: args.pinned.clone(),
        ..ExplainArgs::default()
    };
    super::explain::text(settings, &evidence, command)
}

/// Answers `token`.
pub(super) fn token(settings: &Settings, args: &TokenCommand) -> Result<Answer, Failure> {
    let against = args.against.as_deref();
    let against = against.map(|path| source::bytes(path, "the file of --against"));
    let against = against.transpose()?.map(|bytes| Token::read(&bytes));
    if let Some(token) = &against {
        sink::keep_back(token.secret.expose());
    }
    let held = match args.request {
        true => match requested(settings, args)? {
            Ok(held) => held,
            Err(refusal) => return Ok(refusal),
        },
        false => RunCredential::at(settings, &args.token, &args.client)?,
    };
    if args.show_token {
        let token = &held.credential.token;
        return Ok(Answer {
            shows_secret: true,
            ..Answer::clear(format!("{}\n", token.secret.expose()))
        });
    }
    let pinned = (&args.expect, &args.pinned);
    let against = against.as_ref();
    let answer = answer(settings, None, &held, &args.token, pinned, against)?;
    if answer.nothing_read {
        return Err(Failure::usage(
            "no token was given",
            "use --token-file, --token-env, --token-cmd, WHY401_TOKEN or standard input",
        ));
    }
    Ok(answer)
}

/// A token that was just issued, or why none was.
fn requested(
    settings: &Settings,
    args: &TokenCommand,
) -> Result<Result<RunCredential, Answer>, Failure> {
    let client = client::client(&args.client)?.ok_or_else(|| {
        Failure::usage(
            "--request needs --client-id",
            "name the client with --client-id, and its secret",
        )
    })?;
    let product = settings.provider.as_ref().map(|_| {
        job::providers(settings)?
            .judge_of(None)
            .map_err(Failure::from)
    });
    let product = product.transpose()?.flatten();
    let key = client::proof_key(&args.client)?;
    let wanted = Wanted {
        scope: args.token.scope.as_deref(),
        host: None,
        issuer: args.expect.issuer.as_deref(),
        table: product.as_ref().map(|product| &product.table),
        key: key.as_ref(),
        endpoint: client::token_endpoint(&args.client)?,
    };
    let answer = client::request(settings, &client, &wanted)?;
    Ok(match answer {
        Requested::Refused(refusal) => Err(client::refusal(settings, *refusal)),
        Requested::Token(granted, asked) => Ok(RunCredential::issued(&granted, asked, key)),
    })
}

fn answer(
    settings: &Settings,
    target: Option<Target>,
    held: &RunCredential,
    tokens: &TokenArgs,
    pinned: (&Expect, &Pinned),
    against: Option<&Token>,
) -> Result<Answer, Failure> {
    let started = std::time::Instant::now();
    // The process ends with the answer: tables and report are not taken apart.
    let providers = ManuallyDrop::new(job::providers(settings)?);
    let declared = held::declared(settings, held.credential.clone(), tokens, pinned)?;
    let diagnosis = Judge::new(&providers, &declared).question(target, against)?;
    settings.step(|| match &diagnosis.subject.provider {
        Some(provider) => format!("table {provider}"),
        None => "no table names this host".to_owned(),
    });
    let credential = &declared.credential;
    let nothing_read = matches!(credential.token.form, Form::Absent)
        && !credential.named
        && credential.scopes.is_none();
    let report = ManuallyDrop::new(Report {
        diagnoses: vec![diagnosis],
        ..Report::default()
    });
    settings.step(|| {
        let took = started.elapsed().as_secs_f64() * 1_000.0;
        format!("diagnosed in {took:.1} ms")
    });
    let text = output::render(&report, settings.format, &held.view(settings));
    Ok(Answer {
        nothing_read,
        ..Answer::coded(text, report.exit_code())
    })
}

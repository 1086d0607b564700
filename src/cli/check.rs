//! `why401 check` and `why401 token`: one case, one diagnosis.

use super::args::{CheckArgs, Expect, TokenArgs, TokenCommand};
use super::error::Failure;
use super::job::{self, Settings};
use super::{Answer, sink};
use crate::diagnose::{Case, diagnose};
use crate::finding::Report;
use crate::http::Target;
use crate::input::source;
use crate::output;
use crate::token::Token;

/// Answers `check`.
pub(super) fn check(settings: &Settings, args: &CheckArgs) -> Result<Answer, Failure> {
    if args.probe.probe && !(settings.offline && !args.probe.dry_run) {
        return super::probe::check(settings, args);
    }
    let target = Target::parse(&args.method, &args.url)?;
    answer(settings, Some(target), &args.token, &args.expect, None)
}

/// Answers `token`.
pub(super) fn token(settings: &Settings, args: &TokenCommand) -> Result<Answer, Failure> {
    let against = args.against.as_deref();
    let against = against.map(|path| source::bytes(path, "the file of --against"));
    let against = against.transpose()?.map(|bytes| Token::read(&bytes));
    let answer = answer(settings, None, &args.token, &args.expect, against.as_ref())?;
    if answer.nothing_read {
        return Err(Failure::usage(
            "no token was given",
            "use --token-file, --token-env, --token-cmd, WHY401_TOKEN or standard input",
        ));
    }
    Ok(answer)
}

fn answer(
    settings: &Settings,
    target: Option<Target>,
    tokens: &TokenArgs,
    expect: &Expect,
    against: Option<&Token>,
) -> Result<Answer, Failure> {
    let started = std::time::Instant::now();
    let table = job::table_for(settings, target.as_ref())?;
    settings.step(|| match &table {
        Some(table) => format!(
            "table {} with {} rows, read in {:?}",
            table.provider.provider.id,
            table.len(),
            started.elapsed()
        ),
        None => "no table speaks of this host".to_owned(),
    });
    let (token, token_named) = job::token(tokens)?;
    settings.step(|| format!("token read: {}", token.form_name()));
    let signature = job::signature(settings, expect, &token)?;
    let case = Case {
        kind: job::kind(tokens, table.as_ref())?,
        target,
        table: table.as_ref(),
        trust: settings.trust,
        token: &token,
        token_named,
        scope: job::scope(tokens),
        scope_from: "--scope",
        permissions: job::permissions(expect)?,
        audience: expect.audience.clone(),
        issuer: expect.issuer.clone(),
        against,
        signature: signature.as_ref(),
        now: settings.now,
        leeway: settings.leeway,
        evidence: None,
        probed: &[],
    };
    let nothing_read =
        matches!(token.form, crate::token::Form::Absent) && !token_named && case.scope.is_none();
    let report = Report {
        diagnoses: vec![diagnose(&case)],
        ..Report::default()
    };
    settings.step(|| format!("diagnosed in {:?}", started.elapsed()));
    let text = output::render(&report, settings.format, settings.style);
    let other = against.map_or("", |token| token.secret.expose());
    sink::guard(&text, &[token.secret.expose(), other])?;
    Ok(Answer {
        text,
        code: report.exit_code(),
        nothing_read,
    })
}

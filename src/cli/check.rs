//! `why401 check` and `why401 token`: one case, one diagnosis.

use super::Answer;
use super::args::{CheckArgs, ClientArgs, Expect, Pinned, TokenArgs, TokenCommand};
use super::client::{self, Requested, Wanted};
use super::error::Failure;
use super::job::{self, Settings};
use crate::probe::grant::{Granted, Introspected};
use crate::sink;
use crate::source;
use why401_core::diagnose::{Case, diagnose};
use why401_core::finding::Report;
use why401_core::http::Target;
use why401_core::output;
use why401_core::scope::{ScopeFlaw, ScopeSet};
use why401_core::token::{ProofKey, Token};

/// Answers `check`.
pub(super) fn check(settings: &Settings, args: &CheckArgs) -> Result<Answer, Failure> {
    if args.probe.probe && (args.probe.dry_run || !settings.offline) {
        return super::probe::check(settings, args);
    }
    let target = Target::parse(&args.method, &args.url)?;
    let look = Look::at(settings, &args.token, &args.client)?;
    answer(
        settings,
        Some(target),
        &look,
        &args.token,
        (&args.expect, &args.pinned),
        None,
    )
}

/// Answers `token`.
pub(super) fn token(settings: &Settings, args: &TokenCommand) -> Result<Answer, Failure> {
    let against = args.against.as_deref();
    let against = against.map(|path| source::bytes(path, "the file of --against"));
    let against = against.transpose()?.map(|bytes| Token::read(&bytes));
    let look = match args.request {
        true => match requested(settings, args)? {
            Ok(look) => look,
            Err(refusal) => return Ok(refusal),
        },
        false => Look::at(settings, &args.token, &args.client)?,
    };
    if args.show_token {
        return Ok(Answer::clear(format!("{}\n", look.token.secret.expose())));
    }
    let answer = answer(
        settings,
        None,
        &look,
        &args.token,
        (&args.expect, &args.pinned),
        against.as_ref(),
    )?;
    if answer.nothing_read {
        return Err(Failure::usage(
            "no token was given",
            "use --token-file, --token-env, --token-cmd, WHY401_TOKEN or standard input",
        ));
    }
    Ok(answer)
}

/// A token that was just issued, or why none was.
fn requested(settings: &Settings, args: &TokenCommand) -> Result<Result<Look, Answer>, Failure> {
    let client = client::client(&args.client)?.ok_or_else(|| {
        Failure::usage(
            "--request needs --client-id",
            "name the client and its secret",
        )
    })?;
    let table = settings
        .provider
        .as_ref()
        .map(|_| job::table_for(settings, None));
    let table = table.transpose()?.flatten();
    let key = client::proof_key(&args.client)?;
    let wanted = Wanted {
        scope: args.token.scope.as_deref(),
        host: None,
        issuer: args.expect.issuer.as_deref(),
        table: table.as_ref(),
        key: key.as_ref(),
        endpoint: None,
    };
    let answer = client::request(settings, &client, &wanted)?;
    Ok(match answer {
        Requested::Refused(refusal) => Err(client::refusal(settings, &client, *refusal)?),
        Requested::Token(granted, asked) => Ok(Look::issued(&granted, asked, key)),
    })
}

/// A credential, and what others than itself say of it.
pub(super) struct Look {
    pub(super) token: Token,
    pub(super) named: bool,
    /// Its scopes, by whom they were told.
    pub(super) scopes: Option<(ScopeSet, Vec<ScopeFlaw>)>,
    pub(super) scopes_from: &'static str,
    /// The scopes that were asked for.
    pub(super) asked: Option<ScopeSet>,
    /// What introspection said.
    pub(super) active: Option<bool>,
    /// The key that its proofs are made with.
    pub(super) key: Option<ProofKey>,
}

impl Look {
    /// The token given, and what an introspection endpoint tells where one was named.
    pub(super) fn at(
        settings: &Settings,
        tokens: &TokenArgs,
        client: &ClientArgs,
    ) -> Result<Self, Failure> {
        let (token, named) = job::token(tokens)?;
        settings.step(|| format!("token read: {}", token.form_name()));
        let mut look = Self {
            scopes: job::scope(tokens),
            scopes_from: "--scope",
            asked: None,
            active: None,
            key: client::proof_key(client)?,
            token,
            named,
        };
        if let (Some(endpoint), Some(client)) = (&client.introspect, client::client(client)?) {
            let told = client::introspect(settings, &client, endpoint, &look.token)?;
            look.introspected(told);
        }
        Ok(look)
    }

    /// Adds what introspection told; scopes given by hand stay.
    pub(super) fn introspected(&mut self, told: Introspected) {
        self.active = Some(told.active);
        if let (Some(scope), None) = (told.scope, &self.scopes) {
            self.scopes = Some(ScopeSet::read(&scope));
            self.scopes_from = "introspection";
        }
    }

    /// A token that was just issued; without a scope in the answer, what was asked is what was granted (RFC 6749 §5.1).
    pub(super) fn issued(
        granted: &Granted,
        asked: Option<ScopeSet>,
        key: Option<ProofKey>,
    ) -> Self {
        let told = granted.scope.as_deref().map(ScopeSet::read);
        Self {
            token: Token::read(granted.token.expose().as_bytes()),
            named: true,
            scopes: told.or_else(|| asked.clone().map(|set| (set, Vec::new()))),
            scopes_from: "token answer",
            asked,
            active: None,
            key,
        }
    }
}

fn answer(
    settings: &Settings,
    target: Option<Target>,
    look: &Look,
    tokens: &TokenArgs,
    (expect, pinned): (&Expect, &Pinned),
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
    let token = &look.token;
    let signature = job::signature(settings, pinned, token)?;
    let case = Case {
        kind: job::kind(tokens, table.as_ref())?,
        target,
        table: table.as_ref(),
        trust: settings.trust,
        token_named: look.named,
        scope: look.scopes.clone(),
        scope_from: look.scopes_from,
        permissions: job::permissions(expect)?,
        audience: expect.audience.clone(),
        issuer: expect.issuer.clone(),
        issuers: job::issuers(settings, pinned)?,
        active: look.active,
        asked: look.asked.clone(),
        against,
        proof_key: look.key.as_ref().and_then(ProofKey::thumbprint),
        signature: signature.as_ref(),
        leeway: settings.leeway,
        ..Case::of(token, settings.now)
    };
    let nothing_read = matches!(token.form, why401_core::token::Form::Absent)
        && !look.named
        && case.scope.is_none();
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

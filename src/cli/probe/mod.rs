//! `check --probe`: the plan shown or carried out, and what was heard turned into a case.

mod wish;

use crate::cli::Answer;
use crate::cli::args::{CheckArgs, Pinned, ProbeArgs};
use crate::cli::check::Look;
use crate::cli::client::{self, Requested, Wanted};
use crate::cli::error::Failure;
use crate::cli::issuer::{self, Document};
use crate::cli::job::{self, Settings};
use crate::cli::whose::Whose;
use crate::probe::{self, Heard, Plan, Wish};
use crate::sink;
use serde_json::{Value, json};
use std::fmt::Write as _;
use why401_core::diagnose::{Case, Probed, diagnose};
use why401_core::finding::{Diagnosis, Report};
use why401_core::http::{Role, Target};
use why401_core::output::{self, Format, escape, json};
use why401_core::scope::{ScopeFlaw, ScopeSet};
use why401_core::table::Table;
use why401_core::token::{Form, ProofKey, Signature, Token};

/// Answers `check --probe`.
pub(super) fn check(settings: &Settings, args: &CheckArgs) -> Result<Answer, Failure> {
    let target = Target::parse(&args.method, &args.url)?;
    let table = job::table_for(settings, Some(&target))?;
    let (look, mut remarks) = match looked(settings, args, &target, table.as_ref())? {
        Looked::Refused(refusal) => return Ok(refusal),
        Looked::At(look, remarks) => (look, remarks),
    };
    let token = &look.token;
    let kind = job::kind(&args.token, table.as_ref())?;
    let wish = wish::wish(args, table.as_ref(), kind.as_deref(), &look)?;
    let plan = probe::first(&wish).map_err(|e| {
        Failure::usage(
            e.to_string(),
            "give the URL with https, and without credentials in it",
        )
    })?;
    if args.probe.dry_run {
        return Ok(Answer::clear(shown(settings, &plan)));
    }
    let heard = ask(&args.probe, &wish, &plan, &look)?;
    let learned = learned(table.as_ref(), &heard);
    let signature = signature(settings, args, token, &mut remarks)?;
    let case = Case {
        kind: kind.clone().or(learned.kind),
        scope_from: if look.scopes.is_some() {
            look.scopes_from
        } else {
            "control"
        },
        target: Some(target),
        table: table.as_ref(),
        trust: settings.trust,
        token_named: look.named,
        scope: look.scopes.clone().or(learned.scopes),
        permissions: job::permissions(&args.expect)?,
        audience: args.expect.audience.clone(),
        issuer: args.expect.issuer.clone(),
        issuers: job::issuers(settings, &args.pinned)?,
        active: look.active,
        asked: look.asked.clone(),
        proof_key: look.key.as_ref().and_then(ProofKey::thumbprint),
        signature: signature.as_ref(),
        remarks: &remarks,
        leeway: settings.leeway,
        ..Case::of(token, settings.now)
    };
    let heard: Vec<&Heard> = heard.iter().collect();
    let diagnosis = judge(&mut Whose::new(settings)?, case, &heard)?;
    let report = Report {
        diagnoses: vec![diagnosis],
        ..Report::default()
    };
    let text = output::render(&report, settings.format, settings.style);
    let mut secrets = vec![token.secret.expose()];
    secrets.extend(wish.headers.iter().map(|(_, value)| value.as_str()));
    sink::guard(&text, &secrets)?;
    Ok(Answer::coded(text, report.exit_code()))
}

/// A case with what was heard of it.
pub(super) fn judge(
    whose: &mut Whose<'_>,
    case: Case<'_>,
    heard: &[&Heard],
) -> Result<Diagnosis, Failure> {
    let decisive = probe::decisive(heard).map(|at| &heard[at].exchange);
    let known = decisive.map(|exchange| whose.of(exchange)).transpose()?;
    let evidence = decisive
        .zip(known.as_ref())
        .map(|(exchange, known)| known.evidence(exchange));
    let probed: Vec<Probed<'_>> = heard
        .iter()
        .map(|heard| Probed {
            role: &heard.ask.role,
            exchange: &heard.exchange,
            stands_for: heard.ask.stands_for.as_deref(),
        })
        .collect();
    Ok(diagnose(&Case {
        evidence,
        probed: &probed,
        ..case
    }))
}

/// The credential to probe with.
enum Looked {
    At(Box<Look>, Vec<String>),
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
    let mut look = Look::at(settings, &args.token, &args.client)?;
    let client = client::client(&args.client)?.filter(|_| !args.probe.dry_run);
    let Some(client) = client else {
        return Ok(Looked::At(Box::new(look), remarks));
    };
    if matches!(look.token.form, Form::Absent) {
        let wanted = Wanted {
            scope: args.token.scope.as_deref(),
            host: target.host.as_deref(),
            issuer: args.expect.issuer.as_deref(),
            table,
            key: look.key.as_ref(),
            endpoint: None,
        };
        return Ok(match client::request(settings, &client, &wanted)? {
            Requested::Token(granted, asked) => {
                Looked::At(Box::new(Look::issued(&granted, asked, look.key)), remarks)
            }
            Requested::Refused(refusal) => {
                Looked::Refused(client::refusal(settings, &client, *refusal)?)
            }
        });
    }
    if let (Some(issuer), None) = (&args.expect.issuer, look.active) {
        match issuer::place(settings, issuer, Document::Introspection) {
            Ok(url) => {
                look.introspected(client::introspect(
                    settings,
                    &client,
                    url.as_str(),
                    &look.token,
                )?);
            }
            Err(why) => remarks.push(why),
        }
    }
    Ok(Looked::At(Box::new(look), remarks))
}

/// What the signature comes to: by the keys given, else by those of the issuer that was named.
fn signature(
    settings: &Settings,
    args: &CheckArgs,
    token: &Token,
    remarks: &mut Vec<String>,
) -> Result<Option<Signature>, Failure> {
    let pinned = &args.pinned;
    let given = pinned.jwks.is_some() || pinned.secret_file.is_some();
    let signed = matches!(token.form, Form::Jws(_));
    let Some(issuer) = args.expect.issuer.as_deref().filter(|_| !given && signed) else {
        return job::signature(settings, pinned, token);
    };
    let found = issuer::place(settings, issuer, Document::Keys).and_then(|url| {
        let keys = Pinned {
            jwks: Some(url.to_string()),
            ..Pinned::default()
        };
        job::signature(settings, &keys, token).map_err(|failure| failure.0.message)
    });
    found.or_else(|why| {
        remarks.push(format!("The signature was not checked: {why}"));
        Ok(None)
    })
}

/// Both rounds.
#[cfg(feature = "probe")]
fn ask(args: &ProbeArgs, wish: &Wish<'_>, plan: &Plan, look: &Look) -> Result<Vec<Heard>, Failure> {
    let credential = std::sync::Arc::new(probe::Credential {
        token: look.token.secret.clone(),
        key: look.key.clone(),
        now: crate::source::now(),
    });
    let limits = probe::Limits {
        whole: std::time::Duration::from_secs(args.timeout),
        ..probe::Limits::default()
    };
    let send = |asks: &[probe::Ask]| {
        probe::send(asks, &credential, limits)
            .map_err(|why| Failure::new("probe", format!("nothing could be sent: {why}"), None))
    };
    let heard = send(&plan.asks)?;
    let more = probe::second(wish, &heard);
    match more.is_empty() {
        true => Ok(heard),
        false => Ok(probe::settled(heard, send(&more)?)),
    }
}

#[cfg(not(feature = "probe"))]
fn ask(_: &ProbeArgs, _: &Wish<'_>, _: &Plan, _: &Look) -> Result<Vec<Heard>, Failure> {
    Err(Failure::usage(
        "this build cannot ask servers",
        "build it with the feature `probe`, or leave --probe away",
    ))
}

/// What the control told of the token.
#[derive(Default)]
pub(super) struct Learned {
    pub(super) scopes: Option<(ScopeSet, Vec<ScopeFlaw>)>,
    pub(super) kind: Option<String>,
}

pub(super) fn learned(table: Option<&Table>, heard: &[Heard]) -> Learned {
    let control = heard.iter().find(|h| h.ask.role == Role::Control);
    let Some((table, control)) = table.zip(control.filter(|c| c.status() == Some(200))) else {
        return Learned::default();
    };
    let mut controls = table.provider.control.iter();
    let Some(declared) = controls.find(|d| control.ask.url.path().ends_with(&d.path)) else {
        return Learned::default();
    };
    let response = control.exchange.response.as_ref();
    let body: Value = serde_json::from_str(control.exchange.body()).unwrap_or_default();
    let at = |pointer: &Option<String>| body.pointer(pointer.as_deref()?).cloned();
    let in_header = declared
        .scopes_header
        .as_deref()
        .and_then(|name| response?.headers.get(name));
    let scopes = match (at(&declared.scopes), in_header) {
        (Some(Value::Array(names)), _) => Some(names.iter().filter_map(Value::as_str).collect()),
        (Some(Value::String(text)), _) => Some(ScopeSet::read(&text).0),
        (_, Some(text)) => Some(text.split([',', ' ']).filter(|n| !n.is_empty()).collect()),
        _ => None,
    };
    let kind = at(&declared.kind).and_then(|v| declared.kind_map.get(v.as_str()?).cloned());
    Learned {
        scopes: scopes.map(|set| (set, Vec::new())),
        kind,
    }
}

/// The plan, with the token masked.
fn shown(settings: &Settings, plan: &Plan) -> String {
    let asks: Vec<Value> = plan
        .asks
        .iter()
        .map(|ask| {
            let target = Target::parse(&ask.method, ask.url.as_str());
            let url = target.map_or_else(|_| String::new(), |t| t.shown_url());
            json!({ "role": ask.role.name(), "method": ask.method, "url": url, "token": ask.token, "stands_for": ask.stands_for })
        })
        .collect();
    let value = json!({ "schema": "why401.plan/1", "tool": json::tool(), "asks": asks, "remarks": plan.remarks });
    match settings.format {
        Format::Json => json::text(&value),
        Format::Jsonl => json::line(&value),
        _ => {
            let mut out = String::from("nothing was sent; these would be, side by side:\n");
            for ask in &asks {
                let text = |key: &str| ask[key].as_str().unwrap_or_default();
                let token = if ask["token"] == true {
                    "Authorization: Bearer <token>"
                } else {
                    "without token"
                };
                let _ = writeln!(
                    out,
                    "  {:22} {:7} {}  {token}",
                    text("role"),
                    text("method"),
                    text("url")
                );
            }
            out.push_str("then at most one more round: an invented path beside the target where it may not exist, the other spelling of a redirect, the regions that were named\n");
            for remark in &plan.remarks {
                let _ = writeln!(out, "{remark}");
            }
            escape::terminal_lines(&out)
        }
    }
}

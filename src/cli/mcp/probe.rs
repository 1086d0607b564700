//! The tool `probe`: `check --probe` by safe methods, at the origins that the server was started with.

use super::Reach;
use super::arguments::Check;
use super::questions::{Asked, apart};
use crate::cli::args::{CheckArgs, ClientArgs, Expect, Pinned, ProbeArgs, TokenArgs};
use crate::cli::error::Failure;
use crate::cli::held::RunCredential;
use crate::cli::job;
use crate::cli::probe::with as ask;
use crate::sink;
use serde_json::Value;
use url::Url;
use why401_core::http::Target;

/// Seconds to wait for an answer.
const PATIENCE: u64 = 10;

/// Answers the tool `probe`.
pub(super) fn probe(reach: &Reach, args: &Check) -> Result<Value, Failure> {
    let url = Url::parse(args.url.trim())
        .map_err(|_| Failure::usage("the URL is not an absolute one", "give https://host/path"))?;
    if !reach.origins.iter().any(|own| own.origin() == url.origin()) {
        return Err(Failure::usage(
            "this server may not ask that origin",
            "start it with --allow-probe ORIGIN",
        ));
    }
    let asked = Asked::of(reach, &args.who)?;
    let target = Target::parse(&args.method, &args.url)?;
    let permissions = args.who.permissions.as_ref();
    let question = CheckArgs {
        words: vec![args.method.clone(), args.url.clone()],
        token: TokenArgs {
            token_kind: args.who.token_kind.clone(),
            ..TokenArgs::default()
        },
        expect: Expect {
            // The blank keeps a name that begins with @ from being taken for a file.
            permissions: permissions.map(|names| format!(" {}", names.join(" "))),
            ..Expect::default()
        },
        pinned: Pinned::default(),
        client: ClientArgs::default(),
        probe: ProbeArgs {
            probe: true,
            timeout: PATIENCE,
            ..ProbeArgs::default()
        },
    };
    let settings = asked.settings.waiting(PATIENCE);
    let providers = job::providers(&settings)?;
    let credential = asked.declared().credential;
    let secret = credential.token.secret.expose().to_owned();
    let held = RunCredential::with_key(credential, None);
    let answer = ask(&settings, &question, &providers, target, &held, Vec::new())?;
    let value = apart(serde_json::from_str(&answer.text).unwrap_or_default());
    sink::guard(&value.to_string(), &[&secret])?;
    Ok(value)
}

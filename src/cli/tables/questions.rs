//! `why401 tables who` and `open`: what a scope opens, and what a token opens.

use super::{in_force, render};
use crate::cli::Answer;
use crate::cli::args::{OpenArgs, Pinned};
use crate::cli::counted;
use crate::cli::error::Failure;
use crate::cli::held;
use crate::cli::job::{self, Settings};
use serde_json::json;
use std::fmt::Write as _;
use std::sync::Arc;
use why401_core::diagnose::Credential;
use why401_core::finding::Verdict;
use why401_core::http::Target;
use why401_core::needs;
use why401_core::output::escape;
use why401_core::table::Rule;
use why401_core::triage::{Judge, Product};

pub(super) fn who(settings: &Settings, scope: &str) -> Result<Answer, Failure> {
    let mut rows = Vec::new();
    let mut text = String::new();
    for product in in_force(settings)? {
        let table = &product.table;
        let mut opened = table.opened_by(scope);
        if opened.is_empty() {
            let meant = table.names_meant(scope);
            opened.extend(meant.iter().flat_map(|name| table.opened_by(name)));
        }
        if opened.is_empty() {
            continue;
        }
        let info = &table.provider.info;
        let _ = writeln!(
            text,
            "{}: {}",
            info.name,
            counted(opened.len(), "operation")
        );
        for found in &opened {
            let beside = if found.alone {
                ""
            } else {
                "  together with others"
            };
            let kinds = found.kinds.join(", ");
            let _ = writeln!(text, "  {}  ({kinds}){beside}", found.rule.name());
            rows.push(json!({ "provider": info.id, "method": found.rule.method, "path": found.rule.path, "kinds": found.kinds, "alone": found.alone }));
        }
    }
    let code = match rows.is_empty() {
        true => Verdict::Unknown.exit_code(),
        false => Verdict::Clear.exit_code(),
    };
    let human = || match rows.is_empty() {
        true => "no operation of the tables names it\n".to_owned(),
        false => escape::terminal_lines(&text),
    };
    Ok(Answer::coded(
        render(settings, "opened", &rows, human),
        code,
    ))
}

pub(super) fn open(settings: &Settings, args: &OpenArgs) -> Result<Answer, Failure> {
    let credential = job::credential(&args.token)?;
    let product = match job::providers(settings)?.judge_of(None)? {
        Some(product) => product,
        None => known_by(settings, &credential)?,
    };
    let table = &product.table;
    let pinned = (&args.expect, &Pinned::default());
    let declared = held::declared(settings, credential, &args.token, pinned)?;
    let named = job::providers(&Settings {
        provider: Some(product.id().to_owned()),
        ..settings.clone()
    })?;
    let judge = Judge::new(&named, &declared);
    let words: Vec<String> = args.words.iter().map(|w| w.to_lowercase()).collect();
    let fits = |rule: &Rule| {
        let name = rule.name().to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    let mut rows = Vec::new();
    let mut lines = String::new();
    let mut counts = [0_usize; 3];
    for rule in table.rules().filter(fits) {
        let (verdict, why) = judged(&judge, &rule)?;
        counts[verdict.rank()] += 1;
        if args.allowed && verdict != Verdict::Clear {
            continue;
        }
        let word = match verdict {
            Verdict::Clear => "allowed",
            Verdict::Denied => "denied",
            Verdict::Unknown => "cannot tell",
        };
        let said = if verdict == Verdict::Unknown {
            "undecided"
        } else {
            word
        };
        let _ = writeln!(lines, "{said:12} {}  {why}", rule.name());
        rows.push(json!({ "method": rule.method, "path": rule.path, "answer": word, "why": why }));
    }
    let [denied, unknown, allowed] = counts;
    let text = render(settings, "open", &rows, || {
        escape::terminal_lines(&format!(
            "{lines}{allowed} allowed, {denied} denied, {unknown} undecided; token and table only, the server was not asked\n"
        ))
    });
    Ok(Answer::clear(text))
}

/// The one provider whose table knows every scope of the token.
fn known_by(settings: &Settings, credential: &Credential) -> Result<Arc<Product>, Failure> {
    let held = needs::held(credential).unwrap_or_default();
    let mut known = match held.is_empty() {
        true => Vec::new(),
        false => in_force(settings)?,
    };
    known.retain(|own| {
        held.iter()
            .all(|name| !own.table.names_meant(name).is_empty())
    });
    let ids: Vec<&str> = known.iter().map(|own| own.id()).collect();
    match known.as_slice() {
        [only] => Ok(Arc::clone(only)),
        [] => Err(Failure::usage(
            "--provider is missing: whose operations?",
            "give the id of a provider, or your own table with --table",
        )),
        _ => Err(Failure::usage(
            "--provider is missing: several providers have scopes of these names",
            &format!("give one of {}", ids.join(", ")),
        )),
    }
}

/// The verdict on one operation, and the cause or the gate that cannot be seen.
fn judged(judge: &Judge<'_>, rule: &Rule) -> Result<(Verdict, String), Failure> {
    let method = match rule.method.as_str() {
        "*" => "GET",
        method => method,
    };
    let diagnosis = judge.question(Target::parse(method, &rule.path).ok(), None)?;
    let unseen = diagnosis.gates.iter().find(|gate| gate.answer != "pass");
    let why = match (diagnosis.cause(), unseen) {
        (Some(first), _) => first.cause.code.to_owned(),
        (None, Some(gate)) => format!("{} {}", gate.gate, gate.answer),
        (None, None) => String::new(),
    };
    Ok((diagnosis.verdict, why))
}

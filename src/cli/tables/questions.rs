//! `why401 tables who` and `open`: what a scope opens, and what a token opens.

use super::in_force;
use crate::cli::Answer;
use crate::cli::args::{OpenArgs, Pinned};
use crate::cli::error::Failure;
use crate::cli::held;
use crate::cli::job::{self, Settings};
use crate::sink;
use std::sync::Arc;
use why401_core::diagnose::Credential;
use why401_core::finding::{GateView, Verdict};
use why401_core::http::Target;
use why401_core::needs;
use why401_core::output::tables::{self, Judged, Listed};
use why401_core::output::{self, Format, escape::terminal};
use why401_core::table::{Rule, Table};
use why401_core::triage::{Judge, Product};

pub(super) fn who(settings: &Settings, scope: &str) -> Result<Answer, Failure> {
    let products = in_force(settings)?;
    let of = |product: &'_ Arc<Product>| {
        let table = &product.table;
        let opened = table.opened_by(scope);
        match opened.is_empty() {
            true => {
                let meant = table.names_meant(scope);
                meant
                    .iter()
                    .flat_map(|name| table.opened_by(name))
                    .collect()
            }
            false => opened,
        }
    };
    let all = products.iter().map(|own| (&own.table, of(own)));
    let opened: Vec<_> = all.filter(|(_, opened)| !opened.is_empty()).collect();
    let mut rows = opened
        .iter()
        .flat_map(|(table, opened)| opened.iter().map(|own| table.is_reported(&own.rule)));
    // What one person reported decides nothing.
    let published = rows.any(|reported| !reported);
    if !published && !settings.quiet {
        unpublished(&products, scope, settings.view.width);
    }
    let verdict = match published {
        true => Verdict::Clear,
        false => Verdict::Unknown,
    };
    let text = tables::who(&opened, settings.format);
    Ok(Answer::coded(text, verdict.exit_code()))
}

/// So many published names are named in place of one that is not.
const NEAREST: usize = 3;

/// Says of a name that nobody publishes whether one report has it, and which published ones are near.
fn unpublished(products: &[Arc<Product>], name: &str, width: usize) {
    let report = |own: &'_ Arc<Product>| own.table.reports_of(name).next();
    let reported = products
        .iter()
        .find_map(|own| Some((own, report(own)?.name())));
    let report = reported
        .as_ref()
        .map(|(_, rule)| format!("one report alone (trust C) has this name, for {rule}"));
    // Of all providers together, some name is always alike.
    let whose = match (&reported, products) {
        (Some((own, _)), _) => Some(*own),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let mistyped = products.iter().find_map(|own| near(own, name));
    let like = || whose.and_then(|own| alike(own, name));
    let told: Vec<String> = report.into_iter().chain(mistyped.or_else(like)).collect();
    if !told.is_empty() {
        let text = terminal(&told.join("; "));
        sink::err(&(output::wrap("hint: ", &text, width).join("\n") + "\n"));
    }
}

/// The published name that was probably mistyped.
fn near(product: &Product, name: &str) -> Option<String> {
    let table = &product.table;
    let gates = table.provider.gate.iter().map(|gate| gate.id.as_str());
    let mut all = gates.chain(["scope"]);
    let near = all.find_map(|gate| table.meant_by(gate, name))?;
    Some(format!("did you mean {near}?"))
}

/// Published names that have words of this one.
fn alike(product: &Product, name: &str) -> Option<String> {
    let names = product.table.names_like(name, NEAREST);
    (!names.is_empty()).then(|| format!("published names like it: {}", names.join(", ")))
}

pub(super) fn open(settings: &Settings, args: &OpenArgs) -> Result<Answer, Failure> {
    let credential = job::credential(&args.token)?;
    let product = match job::providers(settings)?.judge_of(None)? {
        Some(product) => product,
        None if args.words.iter().any(|word| word.contains(':')) => {
            return Err(no_operation(&in_force(settings)?, &args.words));
        }
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
    let judged = table
        .rules()
        .filter(fits)
        .map(|rule| judged(&judge, table, rule));
    let judged = judged.collect::<Result<Vec<_>, Failure>>()?;
    if judged.is_empty() && !words.is_empty() {
        return Err(no_operation(&[Arc::clone(&product)], &args.words));
    }
    let listed = match args.allowed {
        true => Listed::Allowed,
        // Who looks for an operation is told whatever comes of it.
        false if settings.format != Format::Human || settings.view.whole || !words.is_empty() => {
            Listed::All
        }
        false => Listed::NotDenied,
    };
    let text = tables::opened(&judged, listed, settings.format);
    Ok(Answer::clear(text))
}

/// Why no operation has the words that were given: the name of a scope is part of none.
fn no_operation(products: &[Arc<Product>], words: &[String]) -> Failure {
    let is_name = |word: &String| {
        let mut tables = products.iter().map(|own| &own.table);
        tables.any(|table| !table.names_meant(word).is_empty())
    };
    match words.iter().any(is_name) {
        true => Failure::usage(
            "no operation needs a scope or permission of that name",
            "`why401 tables who NAME` lists what it opens; `why401 tables open --scope NAME` judges every operation",
        ),
        false => Failure::usage(
            "no operation has all these words",
            "`why401 tables search WORDS` finds operations; without words all are judged",
        ),
    }
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

/// The verdict on one operation, and what it rests on: what denies, else the cause or the gate that cannot be seen.
fn judged(judge: &Judge<'_>, table: &Table, rule: Rule) -> Result<Judged, Failure> {
    let method = match rule.method.as_str() {
        "*" => "GET",
        method => method,
    };
    let diagnosis = judge.question(Target::parse(method, &rule.path).ok(), None)?;
    let unseen = diagnosis.gates.iter().find(|gate| gate.answer != "pass");
    let why = match (diagnosis.decides(), unseen) {
        (Some(own), _) => own.cause.code.to_owned(),
        (None, Some(gate)) => format!("{} {}", gate.gate, gate.answer),
        (None, None) => String::new(),
    };
    let switched = |gate: &GateView| {
        let gate = table
            .provider
            .gate(&gate.gate)
            .filter(|_| gate.answer == "fail")?;
        gate.enforced_when.clone()
    };
    let conditional = diagnosis.decides().is_some_and(|own| own.conditional);
    let when = diagnosis.gates.iter().find_map(switched);
    Ok(Judged {
        rule,
        verdict: diagnosis.verdict,
        why,
        certainty: diagnosis.decides().map(|own| own.certainty),
        when: when.filter(|_| conditional),
    })
}

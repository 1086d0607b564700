//! `gate --init`: a manifest out of recorded traffic, an OpenAPI document, or lines of `METHOD path`.

use super::asks::asks;
use super::template::{Start, manifest, quoted};
use crate::cli::Answer;
use crate::cli::error::Failure;
use crate::cli::given::file_name;
use crate::cli::job::{self, Settings};
use crate::cli::needs::endpoints;
use crate::sink::{self, Over};
use crate::source;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use why401_core::gate::BLANK;
use why401_core::http::Target;
use why401_core::output::escape::terminal;
use why401_core::table::{self, Match, Rule, Table};
use why401_core::triage::Product;

/// So many hosts are named that are left out.
const HOSTS: usize = 5;

/// Writes a manifest to start from: to standard output, or to a file that does not exist yet.
pub(super) fn init(
    settings: &Settings,
    from: &Path,
    out: Option<&Path>,
) -> Result<Answer, Failure> {
    let starts = match as_document(from) {
        Some(table) => document(settings, &beside(from, out), &table?),
        None => {
            let (targets, listed) = endpoints::from_file(from, &file_name(from))?;
            let known = observed(settings, &targets)?;
            let own = unknown(settings, &targets);
            // A recording has calls that are none of the app's; what a person lists is.
            match known.is_empty() || listed {
                true => known.into_iter().chain(own).collect(),
                false => {
                    left_out(settings, &own);
                    known
                }
            }
        }
    };
    if starts.is_empty() {
        return Err(Failure::new(
            "input",
            "the file of --init has no request to an API",
            Some(
                "give a HAR, an OpenAPI document or lines of `METHOD path`, with --provider ID where hosts are missing",
            ),
        ));
    }
    let hostless = |own: &Start| own.provider.is_none() && own.host.is_none();
    if starts.iter().any(hostless) && !settings.quiet {
        sink::err(
            "why401: some paths have no host: name the provider (--provider ID), or write whole URLs. The gate cannot judge them before that\n",
        );
    }
    let text = manifest(&starts);
    let Some(out) = out else {
        return Ok(Answer::clear(text));
    };
    sink::file(out, &text, &[from], Over::Nothing)?;
    Ok(Answer::clear(written(starts.len(), out, &text)))
}

/// What was written, and what is to be done with it.
fn written(endpoints: usize, out: &Path, text: &str) -> String {
    let open = text.lines().enumerate();
    let open = open.filter(|(_, line)| !line.starts_with('#') && line.contains(&quoted(BLANK)));
    let lines: Vec<String> = open.map(|(at, _)| (at + 1).to_string()).collect();
    let name = out.display();
    let next = match lines.is_empty() {
        true => String::new(),
        false => format!("fill in its lines {}, then ", lines.join(", ")),
    };
    format!(
        "{endpoints} {} written to {name}\nnext: {next}run `why401 gate {name}`\n",
        if endpoints == 1 {
            "endpoint"
        } else {
            "endpoints"
        }
    )
}

/// Calls to hosts that no table knows, as whole URLs.
fn unknown(settings: &Settings, targets: &[Target]) -> Vec<Start> {
    let named = settings.provider.is_some();
    let own = targets.iter().filter_map(|target| {
        let host = target.host.as_deref().filter(|_| !named)?;
        table::by_host(host).is_none().then(|| Start {
            host: Some(host.to_owned()),
            call: format!("{} {}{}", target.method, target.origin(), target.path),
            ..Start::default()
        })
    });
    let mut own: Vec<Start> = own.collect();
    own.sort();
    own.dedup();
    own
}

/// Says which hosts of the evidence are not in the manifest.
fn left_out(settings: &Settings, own: &[Start]) {
    let hosts: BTreeSet<&str> = own.iter().filter_map(|own| own.host.as_deref()).collect();
    if hosts.is_empty() || settings.quiet {
        return;
    }
    let shown: Vec<&str> = hosts.iter().copied().take(HOSTS).collect();
    let more = if hosts.len() > HOSTS { ", …" } else { "" };
    sink::err(&format!(
        "why401: left out, since no table knows the host: {}{more}; if the app calls them, add an app with their whole URLs and `needs`\n",
        terminal(&shown.join(", "))
    ));
}

/// The name of a file as a manifest at `out` has to write it: relative to the manifest.
fn beside(from: &Path, out: Option<&Path>) -> PathBuf {
    let folder = out.and_then(Path::parent).unwrap_or(Path::new(""));
    let mut parts = folder.components();
    match from.strip_prefix(folder) {
        Ok(inside) => inside.to_owned(),
        // Back to where both are relative to.
        Err(_) if from.is_relative() && parts.all(|part| matches!(part, Component::Normal(_))) => {
            let up = folder.components().map(|_| Component::ParentDir);
            up.collect::<PathBuf>().join(from)
        }
        Err(_) => from.to_owned(),
    }
}

/// An OpenAPI document as a table; `None` where the file is none by its ending and first words.
fn as_document(path: &Path) -> Option<Result<Table, Failure>> {
    let ending = path.extension()?.to_str()?;
    let text = source::text(path, "the file of --init").ok()?;
    let marked = ["\"openapi\"", "\"swagger\"", "openapi:", "swagger:"];
    let is_one =
        matches!(ending, "yaml" | "yml" | "json") && marked.iter().any(|m| text.contains(m));
    is_one.then(|| job::read_table(path, None))
}

fn document(settings: &Settings, path: &Path, table: &Table) -> Vec<Start> {
    let id = settings.provider.clone();
    let provider = id.unwrap_or_else(|| table.provider.info.id.clone());
    let rules = table.rules();
    rules
        .map(|rule| Start {
            provider: Some((provider.clone(), None)),
            table: Some(path.display().to_string()),
            asks: asks(table),
            call: rule.name(),
            ..Start::default()
        })
        .collect()
}

fn observed(settings: &Settings, targets: &[Target]) -> Result<Vec<Start>, Failure> {
    let mut known: Vec<(String, Arc<Product>)> = Vec::new();
    let mut out = Vec::new();
    for target in targets {
        let by_host = target.host.as_deref().and_then(table::by_host);
        let id = settings
            .provider
            .clone()
            .or_else(|| by_host.map(str::to_owned));
        let Some(id) = id else {
            if target.host.is_none() {
                out.push(Start {
                    call: format!("{} {}", target.method, target.path),
                    ..Start::default()
                });
            }
            continue;
        };
        if !known.iter().any(|(own, _)| *own == id) {
            let settings = Settings {
                provider: Some(id.clone()),
                ..settings.clone()
            };
            if let Some(product) = job::providers(&settings)?.judge_of(Some(target))? {
                known.push((id.clone(), product));
            }
        }
        let Some((_, product)) = known.iter().find(|(own, _)| *own == id) else {
            continue;
        };
        out.extend(start(settings, id, &product.table, target));
    }
    out.sort();
    out.dedup();
    Ok(out)
}

/// An endpoint for a manifest; where people sign in, no app calls an API.
fn start(settings: &Settings, id: String, table: &Table, target: &Target) -> Option<Start> {
    let host = target.host.as_deref();
    let place = host.and_then(|host| table.place(host));
    let signs_in = table.is_empty() || place.as_ref().is_some_and(|own| own.login);
    if signs_in && settings.provider.is_none() {
        return None;
    }
    let path = target.path_and_query();
    let call = match table.find(&target.method, host, &path, settings.trust) {
        Match::Found(found) => call(&found.rule),
        _ => format!("{} {}", target.method, table.inner_path(host, &target.path)),
    };
    Some(Start {
        provider: Some((id, place.and_then(|place| place.region))),
        asks: asks(table),
        call,
        ..Start::default()
    })
}

fn call(rule: &Rule) -> String {
    format!("{} {}", rule.method, rule.path)
}

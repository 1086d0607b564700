//! `why401 needs`: the smallest set of scopes that opens these endpoints, for each kind of token.

use super::args::NeedsArgs;
use super::error::Failure;
use super::job::{self, Settings};
use super::{Answer, sink};
use crate::finding::Verdict;
use crate::http::Target;
use crate::input::source;
use crate::output::{Format, escape, json};
use crate::scope::{Need, ScopeSet};
use crate::table::{Match, Rule, Smallest, Table, smallest};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The endpoints of one question, split into known and unknown ones.
struct Endpoints {
    known: Vec<Rule>,
    unknown: Vec<String>,
}

/// What one kind of token needs for all of them.
struct KindNeeds {
    kind: String,
    scopes: Smallest,
    /// Whether this kind meets a scope gate at all.
    has_scopes: bool,
    permissions: Smallest,
    /// Operations that this kind cannot call.
    refused: Vec<String>,
}

/// Answers `needs`.
pub(super) fn needs(settings: &Settings, args: &NeedsArgs) -> Result<Answer, Failure> {
    let stdin = |path: &Option<std::path::PathBuf>| {
        path.as_deref().is_some_and(|path| path.as_os_str() == "-")
    };
    if stdin(&args.file) && stdin(&args.token.token_file) {
        return Err(Failure::usage(
            "both the endpoints and the token would be read from standard input",
            "put one of them into a file",
        ));
    }
    let targets = targets(args)?;
    let first = targets.first().ok_or_else(|| {
        Failure::usage(
            "no endpoint was given",
            "give METHOD URL, or a file of such lines with -f",
        )
    })?;
    let table = job::table_for(settings, Some(first))?;
    let table = table.ok_or_else(|| {
        Failure::usage(
            "no table speaks of this host",
            "name a provider with --provider, or bring a table with --table",
        )
    })?;
    let (token, _) = job::token(&args.token)?;
    let held = held(args, &token);
    let endpoints = look_up(settings, &table, &targets);
    let wanted = job::kind(&args.token, Some(&table))?;
    let kinds = kinds(&table, &endpoints.known, wanted.as_deref());
    let text = render(settings, args, &table, &endpoints, &kinds, held.as_ref());
    sink::guard(&text, &[token.secret.expose()])?;
    Ok(Answer::coded(
        text,
        code(&endpoints, &kinds, &table, held.as_ref()),
    ))
}

fn targets(args: &NeedsArgs) -> Result<Vec<Target>, Failure> {
    let mut words: Vec<String> = args.endpoints.clone();
    if let Some(path) = &args.file {
        let text = source::text(path, "the file of -f")?;
        for (number, line) in text
            .lines()
            .enumerate()
            .map(|(n, l)| (n + 1, l.trim()))
            .filter(|(_, l)| !l.is_empty() && !l.starts_with('#'))
        {
            let pair: Vec<&str> = line.split_whitespace().take(2).collect();
            let [method, url] = pair.as_slice() else {
                return Err(Failure::new(
                    "input",
                    format!("line {number} of the file of -f is not `METHOD URL`"),
                    Some("write one `METHOD URL` a line"),
                ));
            };
            Target::parse(method, url).map_err(|e| {
                Failure::new(
                    "input",
                    format!("line {number} of the file of -f: {e}"),
                    Some("write one `METHOD URL` a line"),
                )
            })?;
            words.extend([(*method).to_owned(), (*url).to_owned()]);
        }
    }
    if words.len() % 2 == 1 {
        return Err(Failure::usage(
            "METHOD and URL go in pairs",
            "the form is `why401 needs GET https://host/a POST https://host/b`",
        ));
    }
    words
        .chunks_exact(2)
        .map(|pair| Ok(Target::parse(&pair[0], &pair[1])?))
        .collect()
}

fn held(args: &NeedsArgs, token: &crate::token::Token) -> Option<ScopeSet> {
    job::scope(&args.token).map(|(set, _)| set).or_else(|| {
        token
            .claims()
            .and_then(|claims| crate::token::rights(claims).scopes)
    })
}

fn look_up(settings: &Settings, table: &Table, targets: &[Target]) -> Endpoints {
    let mut out = Endpoints {
        known: Vec::new(),
        unknown: Vec::new(),
    };
    for target in targets {
        match table.find(
            &target.method,
            target.host.as_deref(),
            &target.path,
            settings.trust,
        ) {
            Match::Found(found) => out.known.push(found.rule),
            _ => out
                .unknown
                .push(format!("{} {}", target.method, target.path)),
        }
    }
    out
}

fn kinds(table: &Table, rules: &[Rule], wanted: Option<&str>) -> Vec<KindNeeds> {
    let closed = |rule: &Rule, kind: &str| !rule.is_anonymous() && !rule.kinds().any(|k| k == kind);
    let mut ids: BTreeSet<&str> = rules
        .iter()
        .flat_map(Rule::kinds)
        .filter(|kind| *kind != "anonymous")
        .collect();
    ids.retain(|kind| wanted.is_none_or(|wanted| wanted == *kind));
    ids.into_iter()
        .map(|kind| {
            let gate = |name: &str| -> Vec<Need> {
                rules
                    .iter()
                    .filter(|r| !closed(r, kind))
                    .filter_map(|rule| rule.need.get(kind)?.get(name).cloned())
                    .collect()
            };
            let declared = table.provider.kind(kind);
            KindNeeds {
                kind: kind.to_owned(),
                scopes: smallest(&gate("scope"), |name| table.mentions(name)),
                has_scopes: declared.is_none_or(|k| k.gates.iter().any(|g| g == "scope")),
                permissions: smallest(&gate("permission"), |name| table.mentions(name)),
                refused: rules
                    .iter()
                    .filter(|rule| closed(rule, kind))
                    .map(Rule::name)
                    .collect(),
            }
        })
        .collect()
}

/// The kind whose scopes the question is about: the provider's default where it is among them.
fn main_kind<'k>(table: &Table, kinds: &'k [KindNeeds]) -> Option<&'k KindNeeds> {
    let default = table.provider.provider.default_kind.as_deref();
    kinds
        .iter()
        .find(|k| Some(k.kind.as_str()) == default)
        .or(kinds.first())
}

fn lacking(
    table: &Table,
    kinds: &[KindNeeds],
    endpoints: &Endpoints,
    held: &ScopeSet,
) -> Vec<String> {
    let Some(kind) = main_kind(table, kinds) else {
        return Vec::new();
    };
    let open = |rule: &Rule| {
        let need = rule
            .need
            .get(&kind.kind)
            .and_then(|gates| gates.get("scope"));
        need.is_none_or(|need| {
            need.iter()
                .any(|set| set.iter().all(|name| held.contains(name)))
        })
    };
    let shut: Vec<Need> = endpoints
        .known
        .iter()
        .filter(|rule| !open(rule))
        .filter_map(|rule| rule.need.get(&kind.kind)?.get("scope").cloned())
        .collect();
    smallest(&shut, |name| table.mentions(name))
        .names
        .into_iter()
        .filter(|name| !held.contains(name))
        .collect()
}

fn unused(
    table: &Table,
    kinds: &[KindNeeds],
    endpoints: &Endpoints,
    held: &ScopeSet,
) -> Vec<String> {
    let Some(kind) = main_kind(table, kinds) else {
        return Vec::new();
    };
    let named = |name: &str| {
        endpoints
            .known
            .iter()
            .filter_map(|rule| rule.need.get(&kind.kind)?.get("scope"))
            .flatten()
            .flatten()
            .any(|n| n == name)
    };
    held.iter()
        .filter(|name| !named(name))
        .map(str::to_owned)
        .collect()
}

fn code(endpoints: &Endpoints, kinds: &[KindNeeds], table: &Table, held: Option<&ScopeSet>) -> u8 {
    let lacks = held.is_some_and(|held| !lacking(table, kinds, endpoints, held).is_empty());
    if lacks {
        Verdict::Denied.exit_code()
    } else if endpoints.unknown.is_empty() {
        Verdict::Clear.exit_code()
    } else {
        Verdict::Unknown.exit_code()
    }
}

fn render(
    settings: &Settings,
    args: &NeedsArgs,
    table: &Table,
    endpoints: &Endpoints,
    kinds: &[KindNeeds],
    held: Option<&ScopeSet>,
) -> String {
    if args.scopes_only {
        let names = main_kind(table, kinds)
            .map(|k| k.scopes.names.iter().cloned().collect::<Vec<_>>().join(" "));
        return format!("{}\n", names.unwrap_or_default());
    }
    let value = value(table, endpoints, kinds, held);
    match settings.format {
        Format::Json => json::text(&value),
        Format::Jsonl => json::line(&value),
        Format::Human | Format::Markdown => human(table, endpoints, kinds, held),
    }
}

fn value(
    table: &Table,
    endpoints: &Endpoints,
    kinds: &[KindNeeds],
    held: Option<&ScopeSet>,
) -> Value {
    let kinds_json: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            json!({
                "kind": kind.kind, "scopes": kind.scopes.names, "exact": kind.scopes.exact, "has_scopes": kind.has_scopes,
                "permissions": kind.permissions.names, "refused": kind.refused,
            })
        })
        .collect();
    json!({
        "schema": "why401.needs/1", "tool": json::tool(), "provider": table.provider.provider.id, "table_date": table.date(),
        "operations": endpoints.known, "unknown": endpoints.unknown, "kinds": kinds_json,
        "lacking": held.map(|held| lacking(table, kinds, endpoints, held)),
        "unused": held.map(|held| unused(table, kinds, endpoints, held)),
    })
}

fn human(
    table: &Table,
    endpoints: &Endpoints,
    kinds: &[KindNeeds],
    held: Option<&ScopeSet>,
) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", escape::terminal_lines(&text));
    };
    line(format!(
        "{} operation(s) of {}, table of {}",
        endpoints.known.len(),
        table.provider.provider.name,
        table.date().unwrap_or("unknown date")
    ));
    for kind in kinds {
        let name = table.provider.kind(&kind.kind).and_then(|k| k.name.clone());
        line(format!(
            "\n{} ({})",
            name.unwrap_or_else(|| kind.kind.clone()),
            kind.kind
        ));
        let list = |set: &Smallest| {
            if set.names.is_empty() {
                "none needed".to_owned()
            } else {
                set.names.iter().cloned().collect::<Vec<_>>().join(" ")
            }
        };
        let heuristic = if kind.scopes.exact {
            ""
        } else {
            "  (found by a heuristic: a smaller set may exist)"
        };
        if kind.has_scopes {
            line(format!("  scopes       {}{heuristic}", list(&kind.scopes)));
        } else {
            line("  scopes       do not apply to this kind".to_owned());
        }
        line(format!("  permissions  {}", list(&kind.permissions)));
        for refused in &kind.refused {
            line(format!("  refused      {refused}"));
        }
        if let Some(note) = table
            .provider
            .kind(&kind.kind)
            .and_then(|k| k.note.as_ref())
        {
            line(format!("  note         {note}"));
        }
    }
    for unknown in &endpoints.unknown {
        line(format!(
            "\nnot published: {unknown} (look for it with `why401 tables search`)"
        ));
    }
    for rule in endpoints
        .known
        .iter()
        .filter(|rule| rule.trust == Some(crate::table::Trust::C))
    {
        line(format!("\nreported, not published: {}", rule.name()));
    }
    if let Some(held) = held {
        let words = |list: Vec<String>| {
            if list.is_empty() {
                "nothing".to_owned()
            } else {
                list.join(" ")
            }
        };
        line(format!(
            "\nthe token lacks      {}",
            words(lacking(table, kinds, endpoints, held))
        ));
        line(format!(
            "and does not need    {}",
            words(unused(table, kinds, endpoints, held))
        ));
    }
    out
}

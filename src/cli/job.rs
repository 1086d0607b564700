//! From what was typed to what is meant: settings, table, credential, moment. Environment, files and clock end here.

use super::args::{Expect, FormatArg, Global, Pinned, TokenArgs, TrustArg, When};
use super::error::Failure;
use super::sink;
use crate::http::Target;
use crate::input::source;
use crate::output::Format;
use crate::output::style::Style;
use crate::probe::metadata;
use crate::scope::{Reading, ScopeFlaw, ScopeSet};
use crate::table::import;
use crate::table::{self, Table, Trust};
use crate::token::{self, Keys, Secret, Signature, Token};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The settings of a run.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) format: Format,
    pub(super) style: Style,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    pub(super) exit_zero: bool,
    pub(super) provider: Option<String>,
    pub(super) tables: Vec<PathBuf>,
    pub(super) trust: Trust,
    pub(super) now: i64,
    /// Whether a person said which moment to judge.
    pub(super) at_given: bool,
    pub(super) leeway: i64,
    /// Whether no socket may be opened.
    pub(super) offline: bool,
}

/// A settings file: what a flag or variable did not say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provider: Option<String>,
    table: Option<Vec<PathBuf>>,
    format: Option<FormatArg>,
    color: Option<When>,
    trust: Option<Trust>,
    leeway: Option<u32>,
}

impl Settings {
    /// Flag, environment, project file, user file, default: the first that says something.
    pub(super) fn resolve(global: &Global) -> Result<Self, Failure> {
        let mut files = settings_files(global)?;
        // `find_map` over the files in order: the project's first, then the user's.
        let provider = global
            .provider
            .clone()
            .filter(|p| !p.is_empty())
            .or_else(|| files.iter_mut().find_map(|f| f.provider.take()));
        let tables = if global.table.is_empty() {
            files
                .iter_mut()
                .find_map(|f| f.table.take())
                .unwrap_or_default()
        } else {
            global.table.clone()
        };
        let format = global
            .format
            .or_else(|| files.iter().find_map(|f| f.format))
            .unwrap_or(FormatArg::Human);
        let when = global
            .color
            .or_else(|| files.iter().find_map(|f| f.color))
            .unwrap_or(When::Auto);
        let trust = global
            .trust
            .map(trust_of)
            .or_else(|| files.iter().find_map(|f| f.trust))
            .unwrap_or(Trust::C);
        let leeway = global
            .leeway
            .or_else(|| files.iter().find_map(|f| f.leeway))
            .unwrap_or(0);
        // A name that people use leads to the id, unless a table of the user's own may have it.
        let provider = provider.map(|id| match table::by_words(&id).first() {
            Some(known) if tables.is_empty() && !table::names().any(|own| own == id) => {
                (*known).to_owned()
            }
            _ => id,
        });
        Ok(Self {
            format: format_of(format),
            style: Style {
                colour: format == FormatArg::Human && colours(when),
            },
            quiet: global.quiet,
            verbose: global.verbose,
            exit_zero: global.exit_zero,
            provider,
            tables,
            trust,
            now: moment(global.at.as_deref())?,
            at_given: global.at.is_some(),
            leeway: i64::from(leeway),
            offline: global.offline,
        })
    }

    /// Says a step on standard error, when asked.
    pub(super) fn step(&self, text: impl FnOnce() -> String) {
        if self.verbose && !self.quiet {
            sink::err(&format!(
                "why401: {}\n",
                crate::output::escape::terminal(&text())
            ));
        }
    }
}

/// The format a run asks for.
pub(super) fn format_of(format: FormatArg) -> Format {
    match format {
        FormatArg::Human => Format::Human,
        FormatArg::Json => Format::Json,
        FormatArg::Jsonl => Format::Jsonl,
        FormatArg::Markdown => Format::Markdown,
        FormatArg::Sarif => Format::Sarif,
        FormatArg::Junit => Format::Junit,
        FormatArg::Github => Format::Github,
    }
}

fn trust_of(trust: TrustArg) -> Trust {
    match trust {
        TrustArg::A => Trust::A,
        TrustArg::B => Trust::B,
        TrustArg::C => Trust::C,
    }
}

fn settings_files(global: &Global) -> Result<Vec<File>, Failure> {
    if global.no_config {
        return Ok(Vec::new());
    }
    if let Some(path) = &global.config {
        return Ok(vec![read_settings(&source::text(
            path,
            "the settings file",
        )?)?]);
    }
    let home = source::variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| source::variable("HOME").map(|h| Path::new(&h).join(".config")));
    let user = home.map(|home| home.join("why401/config.toml"));
    let mut files = Vec::new();
    for path in [Some(PathBuf::from(".why401.toml")), user]
        .into_iter()
        .flatten()
    {
        if let Some(text) = source::text_if_there(&path, "the settings file")? {
            files.push(read_settings(&text)?);
        }
    }
    Ok(files)
}

fn read_settings(text: &str) -> Result<File, Failure> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| {
            text[..span.start.min(text.len())].matches('\n').count() + 1
        });
        Failure::usage(
            format!("the settings file is wrong in line {line}"),
            "its keys are provider, table, format, color, trust and leeway",
        )
    })
}

fn colours(when: When) -> bool {
    let set = |name: &str| source::variable(name).filter(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR").is_some() => false,
        When::Auto if set("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
        When::Auto => sink::out_is_terminal() && set("TERM").is_none_or(|t| t != "dumb"),
    }
}

fn moment(at: Option<&str>) -> Result<i64, Failure> {
    let Some(text) = at else {
        return Ok(source::now());
    };
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    parsed
        .map(jiff::Timestamp::as_second)
        .map_err(|_| Failure::usage("--at is not a moment", "write it as 2026-01-31T12:00:00Z"))
}

/// The table in force for a target: by --provider, by the tables given, by host.
pub(super) fn table_for(
    settings: &Settings,
    target: Option<&Target>,
) -> Result<Option<Table>, Failure> {
    let given = settings
        .tables
        .iter()
        .map(|path| read_table(path, settings.provider.as_deref()))
        .collect::<Result<Vec<_>, _>>()?;
    let host = target.and_then(|t| t.host.as_deref());
    if let Some(id) = &settings.provider {
        return assemble(id, given).map(Some);
    }
    let Some(host) = host else {
        return match (target, given.first()) {
            (_, Some(only)) if given.len() == 1 => {
                assemble(&only.provider.provider.id.clone(), given).map(Some)
            }
            (Some(_), _) => Err(Failure::usage(
                "a path without a host says nothing about whose API it is",
                "add --provider ID, or give the whole URL",
            )),
            (None, _) => Ok(None),
        };
    };
    if let Some(own) = given.iter().find(|table| table.place(host).is_some()) {
        return assemble(&own.provider.provider.id.clone(), given).map(Some);
    }
    let Some(id) = table::by_host(host).filter(|id| table::has_rows(id)) else {
        return Ok(None);
    };
    let base = table::shipped(id).transpose()?;
    Ok(base.map(|base| overlaid(base, id, given)))
}

fn assemble(id: &str, mut given: Vec<Table>) -> Result<Table, Failure> {
    let base = match table::shipped(id).transpose()? {
        Some(base) => base,
        None => match given
            .iter()
            .position(|table| table.provider.provider.id == id)
        {
            Some(place) => given.remove(place),
            None => return Err(unknown_provider()),
        },
    };
    Ok(overlaid(base, id, given))
}

fn unknown_provider() -> Failure {
    let ids: Vec<&str> = table::names().collect();
    Failure::usage(
        "no table has the provider id that was given",
        &format!("known: {}; `--table` adds your own", ids.join(", ")),
    )
}

fn overlaid(mut base: Table, id: &str, given: Vec<Table>) -> Table {
    for table in given
        .into_iter()
        .filter(|table| table.provider.provider.id == id)
    {
        base.overlay(table);
    }
    base
}

/// A table of the user's own: a folder, a TOML file, or an OpenAPI document, whose rows belong to the provider of that
/// id, else to one named after the file.
pub(super) fn read_table(path: &Path, id: Option<&str>) -> Result<Table, Failure> {
    if path.is_dir() {
        let provider = source::text(&path.join("provider.toml"), "provider.toml of the table")?;
        let rules = source::text_if_there(&path.join("rules.ndjson"), "rules.ndjson of the table")?
            .unwrap_or_default();
        return Ok(Table::read(&provider, &rules)?);
    }
    let text = source::text(path, "the table")?;
    let ending = path.extension().and_then(|ending| ending.to_str());
    if matches!(ending, Some("yaml" | "yml" | "json")) {
        return document_as_table(path, text, id);
    }
    Ok(Table::read(&text, "")?)
}

/// An OpenAPI document as a table; nothing says how its lists are meant, so they are unclear.
fn document_as_table(path: &Path, text: String, id: Option<&str>) -> Result<Table, Failure> {
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let id = id.map_or_else(|| stem.unwrap_or_default(), str::to_owned);
    let known = table::shipped(&id).transpose()?;
    let document = import::Document {
        name: path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default(),
        text,
    };
    let folder = path.parent();
    let find = |other: &str| {
        let found = source::text_if_there(&folder?.join(other), "a file that the table refers to");
        found.ok()?
    };
    let options = import::Options {
        provider: known.as_ref().map(|table| &table.provider),
        source: "spec".to_owned(),
        reading: Reading::Unclear,
        find: &find,
    };
    let imported = import::openapi(&[document], &options);
    if imported.rules.is_empty() {
        let why = imported
            .doubts
            .first()
            .map_or("it has no operation", |(_, why)| why);
        return Err(Failure::new(
            "table",
            format!("the table is no OpenAPI document that can be read: {why}"),
            Some("give a folder, a scope-table/1 TOML file, or an OpenAPI document"),
        ));
    }
    let file = import::starter(&id, Reading::Unclear, None, &imported);
    Ok(Table::read(&file, &table::lines(&imported.rules))?)
}

/// The date of the moment of judging.
pub(super) fn today(settings: &Settings) -> String {
    let moment = jiff::Timestamp::from_second(settings.now).unwrap_or_default();
    moment
        .to_string()
        .split('T')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The credential of a source that was named; `None` where none was.
pub(super) fn named_token(args: &TokenArgs) -> Result<Option<Token>, Failure> {
    if let Some(path) = &args.claims {
        let claims = claims(&source::bytes(path, "the claims file")?)?;
        return Ok(Some(Token::from_claims(claims)));
    }
    if let Some(path) = &args.token_file {
        return Ok(Some(Token::read(&source::bytes(path, "the token file")?)));
    }
    if let Some(name) = &args.token_env {
        let value = source::variable(name).ok_or_else(|| {
            Failure::new(
                "input",
                "the environment variable of --token-env is not set",
                Some("set it, or name another"),
            )
        })?;
        return Ok(Some(Token::read(value.as_bytes())));
    }
    if let Some(line) = &args.token_cmd {
        return Ok(Some(Token::read(&source::command(line)?)));
    }
    Ok(None)
}

/// The credential and whether its source was named.
pub(super) fn token(args: &TokenArgs) -> Result<(Token, bool), Failure> {
    if let Some(token) = named_token(args)? {
        return Ok((token, args.claims.is_none()));
    }
    let bytes = match source::variable("WHY401_TOKEN").filter(|v| !v.is_empty()) {
        Some(value) => Some(value.into_bytes()),
        None => source::piped_input()?,
    };
    Ok((
        bytes.map_or_else(Token::absent, |bytes| Token::read(&bytes)),
        false,
    ))
}

fn claims(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    let hint = "give the decoded payload of a token, such as {\"scope\": \"a b\"}";
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Failure::new("input", "the claims file is not UTF-8", Some(hint)))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = token::json::read(text).map_err(|e| {
        let line = text
            .get(..e.at)
            .map_or(1, |head| head.matches('\n').count() + 1);
        Failure::new(
            "input",
            format!("the claims file is not valid JSON: {} (line {line})", e.why),
            Some(hint),
        )
    })?;
    match read.value {
        Value::Object(claims) => Ok(claims),
        _ => Err(Failure::new(
            "input",
            "the claims file holds no JSON object",
            Some(hint),
        )),
    }
}

/// The scope list given by hand.
pub(super) fn scope(args: &TokenArgs) -> Option<(ScopeSet, Vec<ScopeFlaw>)> {
    args.scope.as_deref().map(ScopeSet::read)
}

/// The kind given by hand, checked against the table.
pub(super) fn kind(args: &TokenArgs, table: Option<&Table>) -> Result<Option<String>, Failure> {
    let Some(kind) = &args.token_kind else {
        return Ok(None);
    };
    let Some(table) = table else {
        return Ok(Some(kind.clone()));
    };
    let known: Vec<&str> = table.provider.kind.iter().map(|k| k.id.as_str()).collect();
    if known.is_empty() || known.contains(&kind.as_str()) {
        return Ok(Some(kind.clone()));
    }
    Err(Failure::usage(
        "the table does not know the kind given with --token-kind",
        &format!("it knows: {}", known.join(", ")),
    ))
}

/// What the principal is known to hold.
pub(super) fn permissions(expect: &Expect) -> Result<Option<ScopeSet>, Failure> {
    let Some(given) = &expect.permissions else {
        return Ok(None);
    };
    let text = match given.strip_prefix('@') {
        Some(path) => source::text(Path::new(path), "the file of --permissions")?,
        None => given.clone(),
    };
    Ok(Some(
        text.split([',', ' ', '\n', '\r', '\t'])
            .filter(|name| !name.is_empty())
            .collect(),
    ))
}

/// What the signature comes to, where keys were given.
pub(super) fn signature(
    settings: &Settings,
    pinned: &Pinned,
    token: &Token,
) -> Result<Option<Signature>, Failure> {
    if let Some(path) = &pinned.secret_file {
        let text = source::text(path, "the file of --secret-file")?;
        let secret = text.trim_end_matches(['\n', '\r']).to_owned();
        return Ok(token::verify(token, &Keys::Secret(Secret::new(secret))));
    }
    let Some(jwks) = &pinned.jwks else {
        return Ok(None);
    };
    let text = match url::Url::parse(jwks) {
        Ok(url) if url.has_host() => super::ask::document(settings, &url, "the key set")?,
        _ => source::text(Path::new(jwks), "the key set")?,
    };
    let keys = Keys::read(&text).map_err(|why| {
        Failure::new(
            "input",
            format!("the key set {why}"),
            Some("give the issuer's JWK Set: {\"keys\": [...]}"),
        )
    })?;
    Ok(token::verify(token, &keys))
}

/// The issuers that a resource names, where it was asked for.
pub(super) fn issuers(
    settings: &Settings,
    pinned: &Pinned,
) -> Result<Option<Vec<String>>, Failure> {
    let Some(resource) = &pinned.resource_metadata else {
        return Ok(None);
    };
    let url = url::Url::parse(resource).map_err(|_| {
        Failure::usage(
            "--resource-metadata is no URL",
            "give the URL of the resource",
        )
    })?;
    let place = metadata::resource_place(&url);
    let text = super::ask::document(settings, &place, "the resource's metadata")?;
    let read = metadata::resource_issuers(&url, &text);
    read.map(Some).map_err(|why| {
        Failure::new(
            "network",
            format!("the resource's metadata {why}"),
            Some("give the resource exactly as its metadata names it"),
        )
    })
}

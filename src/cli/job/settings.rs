//! The settings of a run: flag, environment, project file, user file, default.

use crate::cli::args::{Global, When, WordingsArg};
use crate::cli::error::Failure;
use crate::probe::Deadline;
use crate::sink;
use crate::source;
use std::path::{Path, PathBuf};
use std::time::Duration;
use why401_core::output::style::Style;
use why401_core::output::{Format, Given, View};
use why401_core::table::{self, Trust};

/// Columns of a line where no terminal says how many it has.
const WIDTH: usize = 80;

/// Longer lines are hard to read.
const WIDTHEST: usize = 100;

/// The settings of a run.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Settings {
    pub(in crate::cli) format: Format,
    pub(in crate::cli) view: View,
    pub(in crate::cli) quiet: bool,
    pub(in crate::cli) verbose: bool,
    pub(in crate::cli) exit_zero: bool,
    pub(in crate::cli) provider: Option<String>,
    /// Whether the user named the provider, on the command line or in the environment, and no file did.
    pub(in crate::cli) provider_named: bool,
    pub(in crate::cli) tables: Vec<PathBuf>,
    pub(in crate::cli) trust: Trust,
    pub(in crate::cli) now: i64,
    /// Whether a person said which moment to judge.
    pub(in crate::cli) at_given: bool,
    pub(in crate::cli) leeway: i64,
    /// Whether the general wordings alone are heard.
    pub(in crate::cli) general_wordings: bool,
    /// Whether no socket may be opened.
    pub(in crate::cli) offline: bool,
    /// How long the network may take.
    #[cfg_attr(
        not(feature = "probe"),
        expect(dead_code, reason = "nothing waits for an answer")
    )]
    pub(in crate::cli) deadline: Deadline,
}

/// How long an answer may take where no option says it.
const ANSWER: Duration = Duration::from_secs(10);

/// A settings file: what a flag or variable did not say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provider: Option<String>,
    table: Option<Vec<PathBuf>>,
    format: Option<Format>,
    color: Option<When>,
    trust: Option<Trust>,
    leeway: Option<u32>,
}

impl Settings {
    /// Flag, environment, project file, user file, default: the first that says something.
    pub(in crate::cli) fn resolve(global: &Global, given: Given) -> Result<Self, Failure> {
        let files = settings_files(global)?;
        let tables = Some(&global.table).filter(|own| !own.is_empty()).cloned();
        let tables = first(tables, &files, |file| file.table.clone()).unwrap_or_default();
        let provider = global.provider.clone().filter(|id| !id.is_empty());
        let provider_named = provider.is_some();
        let provider = first(provider, &files, |file| file.provider.clone());
        let format = first(global.format, &files, |file| file.format).unwrap_or(Format::Human);
        let when = first(global.color, &files, |file| file.color).unwrap_or(When::Auto);
        let trust = first(global.trust, &files, |file| file.trust).unwrap_or(Trust::C);
        let leeway = first(global.leeway, &files, |file| file.leeway).unwrap_or(0);
        Ok(Self {
            format,
            view: View {
                style: Style {
                    colour: format == Format::Human && colours(when),
                },
                width: sink::columns().unwrap_or(WIDTH).clamp(40, WIDTHEST),
                whole: global.verbose,
                given: Given {
                    offline: global.offline,
                    ..given
                },
                exit_zero: global.exit_zero,
            },
            provider_named,
            quiet: global.quiet,
            verbose: global.verbose,
            exit_zero: global.exit_zero,
            provider: provider.map(|id| known_id(id, &tables)),
            tables,
            trust,
            now: moment(global.at.as_deref())?,
            at_given: global.at.is_some(),
            leeway: i64::from(leeway),
            general_wordings: global.wordings == WordingsArg::General,
            offline: global.offline,
            deadline: Deadline::new(ANSWER),
        })
    }

    /// The same with other patience for an answer.
    pub(in crate::cli) fn waiting(&self, seconds: u64) -> Self {
        Self {
            deadline: Deadline::new(Duration::from_secs(seconds)),
            ..self.clone()
        }
    }

    /// Says a step on standard error, when asked.
    pub(in crate::cli) fn step(&self, text: impl FnOnce() -> String) {
        if self.verbose && !self.quiet {
            sink::err(&format!(
                "why401: {}\n",
                why401_core::output::escape::terminal(&text())
            ));
        }
    }
}

/// What was given, else what the first of the files says: the project's, then the user's.
fn first<T>(given: Option<T>, files: &[File], of: impl Fn(&File) -> Option<T>) -> Option<T> {
    given.or_else(|| files.iter().find_map(of))
}

/// A name that people use leads to the id, unless a table of the user's own may have it.
fn known_id(id: String, tables: &[PathBuf]) -> String {
    match table::by_words(&id).first() {
        Some(known) if tables.is_empty() && !table::names().any(|own| own == id) => {
            (*known).to_owned()
        }
        _ => id,
    }
}

fn settings_files(global: &Global) -> Result<Vec<File>, Failure> {
    if global.no_config {
        return Ok(Vec::new());
    }
    if let Some(path) = &global.config {
        return Ok(vec![read_settings(&source::file_text(
            path,
            "the file of --config",
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
            format!("line {line} of the settings file is not valid"),
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
        .map_err(|_| Failure::usage("--at is not a time", "write it as 2026-01-31T12:00:00Z"))
}

/// The date of the moment of judging.
pub(in crate::cli) fn today(settings: &Settings) -> String {
    let moment = jiff::Timestamp::from_second(settings.now).unwrap_or_default();
    moment
        .to_string()
        .split('T')
        .next()
        .unwrap_or_default()
        .to_owned()
}

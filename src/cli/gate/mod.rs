//! `why401 gate`: does this credential open every endpoint that the app needs, for long enough, and hold no more?

mod answers;
mod app;
mod asks;
mod control;
mod credential;
mod judged;
mod lint;
mod notes;
mod online;
mod options;
mod pipeline;
mod requests;
mod start;
mod template;

use super::Answer;
use super::args::{CannotTell, GateArgs};
use super::error::Failure;
use super::given::file_name;
use super::job::{self, Settings};
use crate::sink::{self, Over};
use crate::source;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use url::Url;
use why401_core::finding::{Fault, Gated, RunError};
use why401_core::gate::{self, App, Flaw, Hint, Manifest};
use why401_core::http::Target;
use why401_core::output::{Format, gated};
use why401_core::table::Table;
use why401_core::triage::{Product, ProviderError, Providers};

/// The manifest where none is named.
pub(super) const MANIFEST: &str = "why401.toml";

/// Answers `gate`.
pub(super) fn gate(settings: &Settings, args: &GateArgs) -> Result<Answer, Failure> {
    options::fitting(settings, args)?;
    if let Some(from) = &args.init {
        return start::init(settings, from, args.out.as_deref());
    }
    let (path, text) = written(args)?;
    let manifest = chosen(gate::parse(&text, args.env.as_deref()), &args.app)?;
    let run = Run {
        settings,
        folder: path.parent().map(Path::to_owned).unwrap_or_default(),
        online: args.online,
        chosen: args.env.is_some(),
        send_to: options::send_to(args, &manifest)?,
        commands: options::commands(args, &manifest)?,
        timeout: args.timeout,
        benches: RefCell::default(),
    };
    options::without_effect(settings, &manifest);
    // What is wrong in an environment waits there for the deploy that names it.
    let unread = manifest.environments.iter();
    let unread = unread.filter(|_| args.lint && args.env.is_none());
    let others = unread.map(|name| chosen(gate::parse(&text, Some(name)), &args.app));
    let others = others.collect::<Result<Vec<_>, _>>()?;
    let mut own = faults(&manifest.flaws);
    for other in &others {
        lint::add(&mut own, faults(&other.flaws));
    }
    let gated = Gated {
        manifest: path.display().to_string(),
        apps: match args.lint {
            true => lint::all(&run, &manifest, &others),
            false => manifest
                .apps
                .iter()
                .map(|own| app::gate(&run, own))
                .collect(),
        },
        faults: own,
        lint: args.lint,
        cannot_tell_passes: args.cannot_tell == CannotTell::Pass,
    };
    let text = gated::render(&gated, settings.format, &settings.view);
    if let (Format::Github, Some(path)) = (settings.format, source::variable("GITHUB_STEP_SUMMARY"))
        && !path.is_empty()
    {
        let summary = gated::render(&gated, Format::Markdown, &settings.view);
        sink::append(Path::new(&path), &summary)?;
    }
    let shown = match &args.out {
        Some(out) => {
            // Pipelines keep reports in a folder of their own.
            sink::folder_of(out).map_or(Ok(()), sink::folder)?;
            sink::file(out, &text, &[&path], Over::File)?;
            for_people(&gated, settings)
        }
        None => text,
    };
    Ok(Answer::coded(shown, gated.exit_code()))
}

/// What is printed beside a report that went to a file: the same for people, unless the file has that.
fn for_people(gated: &Gated, settings: &Settings) -> String {
    match settings.format {
        Format::Human => String::new(),
        _ => gated::render(gated, Format::Human, &settings.view),
    }
}

/// The manifest's name and text.
fn written(args: &GateArgs) -> Result<(PathBuf, String), Failure> {
    let path = args.manifest.clone().unwrap_or_else(|| MANIFEST.into());
    if args.manifest.is_none() && !source::is_file(&path) {
        return Err(Failure::new(
            "input",
            format!("no such file: {MANIFEST}"),
            Some(
                "`why401 gate --init ticket.har -o why401.toml` writes a first one; or name the manifest",
            ),
        ));
    }
    let text = source::file_text(&path, &file_name(&path))?;
    sink::keep_back_credentials_in(&text);
    if text.trim_start().starts_with('{') {
        return Err(Failure::new(
            "input",
            "a manifest is TOML, and that is JSON",
            Some(
                "`why401 gate --init FILE -o why401.toml` writes one from a HAR or an OpenAPI document",
            ),
        ));
    }
    Ok((path, text))
}

/// One run: what holds for every app.
struct Run<'r> {
    settings: &'r Settings,
    /// The manifest's folder: names of files in it are relative to that.
    folder: PathBuf,
    online: bool,
    /// Whether an environment was asked for.
    chosen: bool,
    /// Origins that the user named, by app.
    send_to: Vec<(String, Url)>,
    timeout: u64,
    /// Commands that the user named for tokens, by app.
    commands: Vec<(String, String)>,
    benches: RefCell<Vec<(Settings, Rc<Bench>)>>,
}

impl Run<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The origin that the user named for an app.
    fn origin_of(&self, app: &App) -> Option<&Url> {
        let found = self.send_to.iter().find(|(name, _)| *name == app.name);
        found.map(|(_, url)| url)
    }

    /// The settings of an app: its provider and tables before those of the command line.
    fn settings(&self, app: &App) -> Settings {
        let own = app.tables.iter().map(|name| self.path(name));
        Settings {
            provider: app
                .provider
                .clone()
                .or_else(|| self.settings.provider.clone()),
            provider_named: app.provider.is_none() && self.settings.provider_named,
            tables: own.chain(self.settings.tables.iter().cloned()).collect(),
            ..self.settings.clone()
        }
    }

    /// The providers by which an app is judged, read once for all that share them: the one that it names, else the one
    /// of its first endpoint.
    fn providers(&self, app: &App) -> Result<Rc<Bench>, Failure> {
        let settings = self.settings(app);
        let same =
            |own: &Settings| own.provider == settings.provider && own.tables == settings.tables;
        let known = self.benches.borrow();
        if let Some((_, bench)) = known
            .iter()
            .find(|(own, _)| same(own) && own.provider.is_some())
        {
            return Ok(Rc::clone(bench));
        }
        drop(known);
        let first = app.endpoints.first();
        let target = first.map(|e| Target::parse(&e.method, &e.url));
        let product = job::providers(&settings)?.judge_of(target.transpose()?.as_ref());
        let product = match product {
            Ok(Some(product)) => product,
            Ok(None) => return own(app),
            Err(ProviderError::PathAlone) => {
                return Err(Failure::new(
                    "manifest",
                    "its endpoints are paths without a host, and no provider is named",
                    Some("name a provider or a table in `tables`, or write whole URLs"),
                ));
            }
            Err(error) => return Err(error.into()),
        };
        let providers = job::providers(&Settings {
            provider: Some(product.id().to_owned()),
            ..settings.clone()
        })?;
        let bench = Rc::new(Bench { product, providers });
        self.benches
            .borrow_mut()
            .push((settings, Rc::clone(&bench)));
        Ok(bench)
    }
}

/// Whose table judges an app, and the providers among which that one is named.
struct Bench {
    product: Arc<Product>,
    providers: Providers,
}

impl Bench {
    fn table(&self) -> &Table {
        &self.product.table
    }
}

/// An API that no table knows: what the manifest says of it stands in for one.
fn own(app: &App) -> Result<Rc<Bench>, Failure> {
    let table = gate::table(app)?;
    let providers = Providers::with(vec![table], Some(app.name.clone()))?;
    let product = providers.judge_of(None)?.ok_or_else(|| {
        Failure::new(
            "manifest",
            "no table knows its endpoints",
            Some("name a provider, or a table in `tables`"),
        )
    })?;
    Ok(Rc::new(Bench { product, providers }))
}

/// The apps asked for; all where none is named.
fn chosen(mut manifest: Manifest, names: &[String]) -> Result<Manifest, Failure> {
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    options::known(
        "the manifest has no app of the name given with --app",
        &wanted,
        &manifest,
    )?;
    manifest
        .apps
        .retain(|app| names.is_empty() || names.contains(&app.name));
    Ok(manifest)
}

/// Why an app cannot be judged: every reason that is visible at once.
struct Stop(Vec<Fault>);

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        let failure: Failure = error.into();
        Self(vec![failure.0.into()])
    }
}

/// Flaws as faults, each with line and key in its message.
fn faults(flaws: &[Flaw]) -> Vec<Fault> {
    let message = |flaw: &Flaw| match flaw.key.as_str() {
        _ if flaw.line == 0 => flaw.text.clone(),
        "" => format!("line {}: {}", flaw.line, flaw.text),
        key => format!("line {}, `{key}`: {}", flaw.line, flaw.text),
    };
    let fault = |flaw: &Flaw| Fault {
        line: Some(flaw.line).filter(|line| *line > 0),
        key: flaw.key.clone(),
        error: RunError {
            code: "manifest".to_owned(),
            message: message(flaw),
            hint: hint(&flaw.hint),
        },
    };
    flaws.iter().map(fault).collect()
}

/// What to do about a flaw, in words.
fn hint(hint: &Hint) -> Option<String> {
    match hint {
        Hint::Words(words) => Some(words.clone()),
        Hint::CommandOutside => {
            Some("give it on the command line: why401 gate --token-cmd 'APP=COMMAND'".to_owned())
        }
        _ => None,
    }
}

/// A fault at a key of an app.
fn at(app: &App, key: &str, text: impl Into<String>, hint: impl Into<Hint>) -> Stop {
    let flaw = Flaw {
        line: app.line_of(key),
        key: key.to_owned(),
        text: text.into(),
        hint: hint.into(),
    };
    Stop(faults(&[flaw]))
}

//! The options of a run of the gate: what fits together, and what is said for single apps.

use crate::cli::args::GateArgs;
use crate::cli::error::Failure;
use crate::cli::job::Settings;
use crate::probe::route;
use crate::sink;
use url::Url;
use why401_core::gate::{self, Manifest};
use why401_core::output::Format;

/// Options that cannot have the effect that they ask for, beside those that the parser refuses.
pub(super) fn fitting(settings: &Settings, args: &GateArgs) -> Result<(), Failure> {
    if args.online && settings.offline {
        return Err(Failure::usage(
            "--online asks the server, and --offline forbids it",
            "drop one of them; the environment variable WHY401_OFFLINE stands for --offline",
        ));
    }
    if args.init.is_some() && settings.format != Format::Human && !settings.quiet {
        sink::err("why401: the format has no effect on --init: a manifest is TOML\n");
    }
    Ok(())
}

/// Says that the provider of the command line judges nothing, where every app names its own.
pub(super) fn without_effect(settings: &Settings, manifest: &Manifest) {
    let mut apps = manifest.apps.iter();
    let named = settings.provider_named && !manifest.apps.is_empty();
    if named && apps.all(|app| app.provider.is_some()) && !settings.quiet {
        sink::err(
            "why401: --provider (or WHY401_PROVIDER) has no effect: every app of the manifest names its provider\n",
        );
    }
}

/// The origins of `--send-to`, by app.
pub(super) fn send_to(args: &GateArgs, manifest: &Manifest) -> Result<Vec<(String, Url)>, Failure> {
    let option = PerApp {
        name: "--send-to",
        form: "APP=URL",
        hint: "write it as --send-to my-app=https://proxy.example",
    };
    let pairs = option.pairs(&args.send_to, manifest)?.into_iter();
    let origins = pairs.map(|(app, url)| {
        let url = Url::parse(&url).map_err(|_| option.malformed())?;
        route(&url)
            .map_err(|why| Failure::usage(format!("{}: {why}", option.name), option.hint))?;
        Ok((app, url))
    });
    origins.collect()
}

/// The commands of `--token-cmd`, by app.
pub(super) fn commands(
    args: &GateArgs,
    manifest: &Manifest,
) -> Result<Vec<(String, String)>, Failure> {
    let option = PerApp {
        name: "--token-cmd",
        form: "APP=COMMAND",
        hint: "write it as --token-cmd 'my-app=vault read -field=token secret/my-app'",
    };
    option.pairs(&args.token_cmd, manifest)
}

/// An option that is given for single apps.
struct PerApp {
    name: &'static str,
    form: &'static str,
    hint: &'static str,
}

impl PerApp {
    /// The apps that it is given for, each with its value.
    fn pairs(
        &self,
        given: &[String],
        manifest: &Manifest,
    ) -> Result<Vec<(String, String)>, Failure> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in given {
            let (app, value) = pair.split_once('=').ok_or_else(|| self.malformed())?;
            let unknown = format!("no app of the name given with {} is judged", self.name);
            known(&unknown, &[app], manifest)?;
            // Of two values, one would be ignored.
            if pairs.iter().any(|(own, _)| own == app) {
                return Err(Failure::usage(
                    format!("{} is given twice for the same app", self.name),
                    "keep one of them",
                ));
            }
            pairs.push((app.to_owned(), value.to_owned()));
        }
        Ok(pairs)
    }

    fn malformed(&self) -> Failure {
        Failure::usage(format!("{} is not `{}`", self.name, self.form), self.hint)
    }
}

/// Refuses names of apps that the manifest does not have, or of which nothing is judged; `unknown` says so.
pub(super) fn known(unknown: &str, names: &[&str], manifest: &Manifest) -> Result<(), Failure> {
    let known = || manifest.apps.iter().map(|app| app.name.as_str());
    let mut others = names
        .iter()
        .filter(|name| !known().any(|own| own == **name));
    match others.next() {
        // A manifest that cannot be read has no apps: what is wrong with it comes first.
        Some(name) if known().next().is_some() => Err(Failure::usage(
            unknown,
            &gate::instead(name, known(), "its apps"),
        )),
        _ => Ok(()),
    }
}

//! The options of a run of the gate: what fits together, and what is said for single apps.

use crate::cli::args::GateArgs;
use crate::cli::error::Failure;
use crate::cli::job::Settings;
use crate::probe::route;
use crate::sink;
use url::Url;
use why401_core::gate::Manifest;
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
    let known = |name: &str| manifest.apps.iter().any(|app| app.name == name);
    once("--send-to", &args.send_to)?;
    let pairs = args.send_to.iter().map(|pair| {
        let pair = pair.split_once('=').filter(|(name, _)| known(name));
        let pair = pair.and_then(|(name, url)| Some((name.to_owned(), Url::parse(url).ok()?)));
        let hint = "write it as --send-to my-app=https://proxy.example";
        let pair = pair.ok_or_else(|| {
            Failure::usage(
                "--send-to is not `APP=URL` with an app of the manifest that is judged",
                hint,
            )
        })?;
        route(&pair.1).map_err(|why| Failure::usage(format!("--send-to: {why}"), hint))?;
        Ok(pair)
    });
    pairs.collect()
}

/// Refuses two values for one app, of which one would be ignored.
fn once(option: &str, pairs: &[String]) -> Result<(), Failure> {
    let names = pairs.iter().filter_map(|pair| pair.split_once('='));
    let mut names: Vec<&str> = names.map(|(name, _)| name).collect();
    names.sort_unstable();
    match names.windows(2).any(|two| two[0] == two[1]) {
        true => Err(Failure::usage(
            format!("{option} is given twice for the same app"),
            "keep one of them",
        )),
        false => Ok(()),
    }
}

/// The commands of `--token-cmd`, by app.
pub(super) fn commands(
    args: &GateArgs,
    manifest: &Manifest,
) -> Result<Vec<(String, String)>, Failure> {
    let known = |name: &str| manifest.apps.iter().any(|app| app.name == name);
    once("--token-cmd", &args.token_cmd)?;
    let pairs = args.token_cmd.iter().map(|pair| {
        let pair = pair.split_once('=').filter(|(name, _)| known(name));
        let pair = pair.map(|(name, line)| (name.to_owned(), line.to_owned()));
        pair.ok_or_else(|| {
            Failure::usage(
                "--token-cmd is not `APP=COMMAND` with an app of the manifest that is judged",
                "write it as --token-cmd 'my-app=vault read -field=token secret/my-app'",
            )
        })
    });
    pairs.collect()
}

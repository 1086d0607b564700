//! `why401 page`: the page that gives the same answers in a browser, written or opened.

use super::Answer;
use super::error::Failure;
use super::job::Settings;
use crate::sink::{self, Over};
use crate::source;
use std::path::{Path, PathBuf};

/// The page, where it was built before the program (the feature `page`).
#[cfg(feature = "page")]
const PAGE: Option<&str> = Some(include_str!("../../web/dist/why401.html"));
#[cfg(not(feature = "page"))]
const PAGE: Option<&str> = None;

/// Its name, beside the program as everywhere else.
const NAME: &str = "why401.html";

/// Answers `page`.
pub(super) fn page(settings: &Settings, out: Option<&Path>) -> Result<Answer, Failure> {
    if let Some(out) = out {
        sink::file(out, &text()?, &[], Over::File)?;
        settings.step(|| format!("the page was written to {}", out.display()));
        return Ok(Answer::clear(String::new()));
    }
    let place = match source::beside_program(NAME) {
        Some(beside) => beside,
        None => {
            let place = cache()?;
            sink::folder_of(&place).map_or(Ok(()), sink::folder)?;
            sink::file(&place, &text()?, &[], Over::File)?;
            place
        }
    };
    let browser = source::variable("BROWSER").filter(|name| !name.is_empty());
    sink::open(&place, browser.as_deref())?;
    Ok(Answer::clear(format!("opened {}\n", place.display())))
}

/// The page: inside the program, else beside it.
fn text() -> Result<String, Failure> {
    if let Some(page) = PAGE {
        return Ok(page.to_owned());
    }
    match source::beside_program(NAME) {
        Some(place) => Ok(source::text(&place, "the page")?),
        None => Err(Failure::new(
            "input",
            "this build has no page",
            Some(
                "put why401.html of a release beside the program, or build with `--features page` (CONTRIBUTING.md)",
            ),
        )),
    }
}

/// Where the page is put to be opened: one file a version, in the user's folder for what can be made again.
fn cache() -> Result<PathBuf, Failure> {
    let at = |name: &str| source::variable(name).filter(|value| !value.is_empty());
    let folder = at("XDG_CACHE_HOME").or_else(|| at("LOCALAPPDATA"));
    let folder = folder.map(PathBuf::from);
    let folder = folder.or_else(|| Some(PathBuf::from(at("HOME")?).join(".cache")));
    let version = env!("CARGO_PKG_VERSION");
    folder
        .map(|folder| folder.join("why401").join(format!("why401-{version}.html")))
        .ok_or_else(|| {
            Failure::usage(
                "there is no folder to put the page in",
                "name a file with -o, and open that",
            )
        })
}

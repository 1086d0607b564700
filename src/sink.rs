//! Where bytes leave the program: standard output, standard error, and files. The only file that writes.

use crate::closed;
use crate::failure::Failure;
use crate::source;
use std::cell::RefCell;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::sync::{LazyLock, PoisonError, RwLock};
use why401_core::token::{Sought, redact};

/// The secrets that this run was given: no text that holds one of them, in any spelling, is written.
static KEPT_BACK: LazyLock<RwLock<Sought>> = LazyLock::new(RwLock::default);

/// From here on no text is written that holds this secret.
pub(super) fn keep_back(secret: &str) {
    let mut known = KEPT_BACK.write().unwrap_or_else(PoisonError::into_inner);
    known.add(secret);
}

/// Keeps back what has the form of a credential in a text that a person wrote: arguments, a manifest.
pub(super) fn keep_back_credentials_in(text: &str) {
    let words = text.split(|c: char| c.is_whitespace() || "\"'=,;[](){}".contains(c));
    words
        .filter(|word| redact::looks_secret(word))
        .for_each(keep_back);
}

/// Refuses a text in which one of these secrets, or one that is kept back, survived.
pub(super) fn guard(text: &str, secrets: &[&str]) -> Result<(), Failure> {
    thread_local! {
        // Most exchanges of a file carry the credential of the one before.
        static LAST: RefCell<Sought> = RefCell::default();
    }
    let known = KEPT_BACK.read().unwrap_or_else(PoisonError::into_inner);
    let survives = known.is_in(text)
        || !secrets.is_empty()
            && LAST.with_borrow_mut(|last| {
                if !last.is_of(secrets) {
                    *last = Sought::of(secrets);
                }
                last.is_in(text)
            });
    match survives {
        false => Ok(()),
        true => Err(Failure::new(
            "leak",
            "the answer would have contained the credential; nothing was printed",
            Some("check that the URL and the names given do not contain the token"),
        )),
    }
}

/// Writes to standard output what holds no secret of the run. A closed pipe is the reader's choice and no fault; anything
/// else that keeps the text from being written is one.
pub(super) fn out(text: &str) -> Result<(), Failure> {
    guard(text, &[])?;
    shown(text)
}

/// The same for a secret that the user asked to see.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn shown(text: &str) -> Result<(), Failure> {
    if closed::is_closed() {
        return Ok(());
    }
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes());
    match written.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            closed::close();
            Ok(())
        }
        other => other.map_err(|error| unwritten("standard output", &error)),
    }
}

/// Writes to standard error what holds no secret of the run; where that is closed, nobody is left to be told.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn err(text: &str) {
    if guard(text, &[]).is_ok() {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// What may stand at the place of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// An older file.
    File,
    /// Nothing.
    Nothing,
}

/// Makes a folder that files are written into.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path)
        .map_err(|error| unwritten(&format!("the folder {}", path.display()), &error))
}

/// Writes a file into a folder that is there: beside its place first, then renamed, so that the file is whole or as it
/// was. Never through a symbolic link or into a device, and never over one of the inputs, by whatever name.
pub(super) fn file(path: &Path, text: &str, inputs: &[&Path], over: Over) -> Result<(), Failure> {
    guard(text, &[])?;
    refuse_odd(path)?;
    if inputs.iter().any(|input| source::is_same_file(input, path)) {
        return Err(Failure::usage(
            "the result would overwrite its own input",
            "give the result another name",
        ));
    }
    let folder = folder_of(path).unwrap_or(Path::new("."));
    if source::kind_of(folder).is_none() {
        return Err(Failure::new(
            "output",
            format!("there is no folder {}", folder.display()),
            Some("make it first, or name another place"),
        ));
    }
    beside(path, text, over).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists if over == Over::Nothing => Failure::usage(
            format!("{} exists already, and is not overwritten", path.display()),
            "give another name, or move the file away",
        ),
        _ => unwritten(&format!("the file {}", path.display()), &error),
    })
}

/// Refuses what is there and no ordinary file.
fn refuse_odd(path: &Path) -> Result<(), Failure> {
    let Some(kind) = source::kind_of(path) else {
        return Ok(());
    };
    match kind.is_file() {
        true => Ok(()),
        false => Err(Failure::new(
            "output",
            format!(
                "{} is {}, and only an ordinary file is written",
                path.display(),
                source::name_of(kind)
            ),
            Some("name an ordinary file; without the option the result goes to standard output"),
        )),
    }
}

/// A file of another name in the same folder, which then takes the place.
fn beside(path: &Path, text: &str, over: Over) -> std::io::Result<()> {
    let folder = folder_of(path).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".why401-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What the file had, else what the user's mask leaves of the usual.
        let before = std::fs::symlink_metadata(path).map(|before| before.permissions());
        let usual = std::fs::Permissions::from_mode(0o666);
        builder.permissions(before.unwrap_or(usual));
    }
    let mut new = builder.tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    match over {
        Over::File => new.persist(path),
        Over::Nothing => new.persist_noclobber(path),
    }
    .map(|_| ())
    .map_err(|error| error.error)
}

/// The folder that a path names, beside the name of the file.
pub(super) fn folder_of(path: &Path) -> Option<&Path> {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
}

/// Adds to a file of the surroundings, such as a summary of the CI.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn append(path: &Path, text: &str) -> Result<(), Failure> {
    guard(text, &[])?;
    refuse_odd(path)?;
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| unwritten("the file of GITHUB_STEP_SUMMARY", &error))
}

/// What kept a text from being written, with what to do.
fn unwritten(what: &str, error: &std::io::Error) -> Failure {
    let hint = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free some space, or write elsewhere"
        }
        _ => "check the folder and its permissions",
    };
    Failure::new(
        "output",
        format!(
            "{what} cannot be written: {}",
            source::in_words(error.kind())
        ),
        Some(hint),
    )
}

/// How far a long run is, on one line of standard error.
#[cfg(feature = "probe")]
pub(super) fn progress(done: usize, of: usize) {
    let end = if done == of { "\r\u{1b}[K" } else { "" };
    if of > 1 {
        err(&format!("\r{done} of {of} asked{end}"));
    }
}

/// Whether somebody watches standard error.
#[cfg(feature = "probe")]
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn err_is_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stderr())
}

/// Opens a page in the browser that the user names, else in the one of the desktop.
pub(super) fn open(page: &Path, browser: Option<&str>) -> Result<(), Failure> {
    if browser.is_some_and(|browser| open::with_detached(page, browser).is_ok()) {
        return Ok(());
    }
    open::that_detached(page).map_err(|error| {
        Failure::new(
            "output",
            format!(
                "no browser could be started: {}",
                source::in_words(error.kind())
            ),
            Some("write the page with -o FILE and open it by hand"),
        )
    })
}

/// The columns of the terminal that standard output is; `None` where it is none.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn columns() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(std::io::stdout())?;
    Some(usize::from(width.0))
}

/// Whether colours suit standard output.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn out_is_terminal() -> bool {
    std::io::IsTerminal::is_terminal(&std::io::stdout())
}

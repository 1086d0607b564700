//! Where bytes leave the program: standard output, standard error, and files. The only file that writes.

use crate::cli::error::Failure;
use std::io::Write as _;
use std::path::Path;

/// Secrets shorter than this are not searched for: they would be found by chance.
const SHORTEST: usize = 12;

/// Refuses a text in which a secret survived.
pub(super) fn guard(text: &str, secrets: &[&str]) -> Result<(), Failure> {
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        let signature = secret
            .rsplit('.')
            .next()
            .filter(|part| part.len() >= SHORTEST && secret.contains('.'));
        let parts = [Some(*secret), signature];
        if parts
            .into_iter()
            .flatten()
            .any(|part| memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some())
        {
            return Err(Failure::new(
                "leak",
                "the answer would have contained the credential; nothing was printed",
                Some("check that the URL and the names given do not contain the token"),
            ));
        }
    }
    Ok(())
}

/// Writes to standard output; a closed pipe is the reader's choice, not a fault.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn out(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Writes to standard error; where that is closed, nobody is left to be told.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a file, and its folder where that is missing.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn file(path: &Path, text: &str) -> Result<(), Failure> {
    let parent = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    parent
        .and_then(|()| std::fs::write(path, text))
        .map_err(|e| {
            Failure::new(
                "input",
                format!(
                    "the file {} cannot be written: {}",
                    path.display(),
                    e.kind()
                ),
                Some("check the folder and its rights"),
            )
        })
}

/// Adds to a file of the surroundings, such as a summary of the CI.
#[expect(clippy::disallowed_methods, reason = "the one place that writes")]
pub(super) fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| {
            let text = format!(
                "the file of GITHUB_STEP_SUMMARY cannot be written: {}",
                e.kind()
            );
            Failure::new("input", text, None)
        })
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

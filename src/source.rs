//! Reads files, standard input, environment variables and commands' output, each with its limit. The only file that does.

use std::io::{IsTerminal as _, Read};
use std::path::Path;

/// The largest input of any kind, in bytes: 50 MB.
const MAX_BYTES: u64 = 50_000_000;

/// Why something could not be read. Names the place the user named, never contents.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The file cannot be opened or read.
    #[error("{what} cannot be read: {why}")]
    Io {
        /// What was to be read.
        what: String,
        /// The system's word for it.
        why: String,
    },
    /// There is none.
    #[error("no such file: {what}")]
    Missing {
        /// What was to be read.
        what: String,
    },
    /// It is over the limit.
    #[error("{what} is larger than 50 MB, the limit")]
    TooLarge {
        /// What was to be read.
        what: String,
    },
    /// It is not UTF-8.
    #[error("{what} is not UTF-8 text")]
    NotText {
        /// What was to be read.
        what: String,
    },
    /// The command failed.
    #[error("the command of --token-cmd {why}")]
    Command {
        /// How.
        why: String,
    },
}

/// Whether a file of that name exists.
pub(crate) fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// The length of a file in bytes.
pub(crate) fn length(path: &Path) -> Option<u64> {
    std::fs::metadata(path)
        .ok()
        .filter(std::fs::Metadata::is_file)
        .map(|meta| meta.len())
}

/// Whether something was piped in: standard input is no terminal, and it is not empty. Nothing is taken from it.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads standard input"
)]
pub(crate) fn is_piped() -> bool {
    let stdin = std::io::stdin();
    !stdin.is_terminal()
        && std::io::BufRead::fill_buf(&mut stdin.lock()).is_ok_and(|bytes| !bytes.is_empty())
}

fn capped(reader: impl Read, what: &str) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| io(what, &e))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ReadError::TooLarge {
            what: what.to_owned(),
        });
    }
    Ok(bytes)
}

fn io(what: &str, error: &std::io::Error) -> ReadError {
    if error.kind() == std::io::ErrorKind::NotFound {
        return ReadError::Missing {
            what: what.to_owned(),
        };
    }
    ReadError::Io {
        what: what.to_owned(),
        why: error.kind().to_string(),
    }
}

/// A file's bytes, or standard input's for `-`. `what` names it in errors.
#[expect(clippy::disallowed_methods, reason = "the one place that opens files")]
pub(crate) fn bytes(path: &Path, what: &str) -> Result<Vec<u8>, ReadError> {
    if path.as_os_str() == "-" {
        return capped(std::io::stdin().lock(), "standard input");
    }
    let file = std::fs::File::open(path).map_err(|e| io(what, &e))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(ReadError::Io {
            what: what.to_owned(),
            why: "it is a folder".to_owned(),
        });
    }
    capped(file, what)
}

/// A file to be read piece by piece, or standard input for `-`. `what` names it in errors.
#[expect(clippy::disallowed_methods, reason = "the one place that opens files")]
pub(crate) fn open(path: &Path, what: &str) -> Result<Box<dyn std::io::BufRead>, ReadError> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let file = std::fs::File::open(path).map_err(|e| io(what, &e))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(ReadError::Io {
            what: what.to_owned(),
            why: "it is a folder".to_owned(),
        });
    }
    Ok(Box::new(std::io::BufReader::with_capacity(
        256 * 1024,
        file,
    )))
}

/// Whether two names lead to one file.
pub(crate) fn is_same_file(a: &Path, b: &Path) -> bool {
    match (std::fs::canonicalize(a), std::fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b && a.as_os_str() != "-",
    }
}

/// A file's text.
pub(crate) fn text(path: &Path, what: &str) -> Result<String, ReadError> {
    String::from_utf8(bytes(path, what)?).map_err(|_| ReadError::NotText {
        what: what.to_owned(),
    })
}

/// A file's text, `None` where there is no such file.
pub(crate) fn text_if_there(path: &Path, what: &str) -> Result<Option<String>, ReadError> {
    if path.is_file() {
        text(path, what).map(Some)
    } else {
        Ok(None)
    }
}

/// Standard input, where it is no terminal.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads standard input"
)]
pub(crate) fn piped_input() -> Result<Option<Vec<u8>>, ReadError> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(None);
    }
    // A closed descriptor is no input, not a fault.
    match capped(stdin.lock(), "standard input") {
        Err(ReadError::Io { .. }) => Ok(None),
        other => other.map(Some),
    }
}

/// An environment variable; `None` where it is not set. Not UTF-8 counts as set and is kept lossily.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// A command's output. Split into words by POSIX quoting, run without a shell.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that runs a command, and only when asked"
)]
pub(crate) fn command(line: &str) -> Result<Vec<u8>, ReadError> {
    let failed = |why: &str| ReadError::Command {
        why: why.to_owned(),
    };
    let words = shlex::split(line).ok_or_else(|| failed("has an open quote"))?;
    let (program, arguments) = words.split_first().ok_or_else(|| failed("is empty"))?;
    let mut child = std::process::Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .map_err(|e| failed(&format!("cannot be started: {}", e.kind())))?;
    let output = child.stdout.take().map_or(Ok(Vec::new()), |out| {
        capped(out, "the output of --token-cmd")
    });
    if output.is_err() {
        // Its output is already too much; whether it can still be stopped changes nothing.
        let _ = child.kill();
    }
    let status = child
        .wait()
        .map_err(|e| failed(&format!("was lost: {}", e.kind())))?;
    let output = output?;
    if status.success() {
        Ok(output)
    } else {
        Err(failed("ended with a failure"))
    }
}

/// The moment now, in seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the clock"
)]
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

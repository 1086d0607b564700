//! Reads files, standard input, environment variables and commands' output, each with its limit. The only file that does.

use crate::closed;
use crate::failure::Failure;
use std::fs::FileType;
use std::io::{BufRead, IsTerminal as _, Read};
use std::path::{Path, PathBuf};

/// The largest input of any kind, in bytes: 50 MB.
pub(crate) const MAX_BYTES: u64 = 50_000_000;

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
        /// A file beside it that was probably meant.
        near: Option<PathBuf>,
    },
    /// It is over the limit.
    #[error("{what} is larger than 50 MB, the limit")]
    TooLarge {
        /// What was to be read.
        what: String,
    },
    /// It is no ordinary file: reading it may not end, or may change what it is.
    #[error("{what} is {kind}, not an ordinary file")]
    Odd {
        /// What was to be read.
        what: String,
        /// What it is.
        kind: &'static str,
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

/// So many names of a folder are looked at for one that was mistyped.
const NAMES: usize = 1000;

/// The file that was probably meant by a name that is none: of the same folder, and one or two letters away.
pub(crate) fn near(path: &Path) -> Option<PathBuf> {
    let typed = path.file_name()?.to_str()?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let place = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let entries = std::fs::read_dir(place).ok()?.take(NAMES).flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let edits = names.map(|name| (strsim::osa_distance(&name, typed), name));
    let near = edits.filter(|(edits, name)| (1..=2).contains(edits) && edits * 3 < name.len());
    let (_, name) = near.min()?;
    Some(folder.join(name)).filter(|path| path.is_file())
}

/// Whether a file of that name exists.
pub(crate) fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// A file of that name in the folder of the program, links to it followed; `None` where there is none.
pub(crate) fn beside_program(name: &str) -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let program = std::fs::canonicalize(&program).unwrap_or(program);
    Some(program.parent()?.join(name)).filter(|path| path.is_file())
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
    !stdin.is_terminal() && stdin.lock().fill_buf().is_ok_and(|bytes| !bytes.is_empty())
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

/// Why a file of that name cannot be opened.
fn unopened(path: &Path, what: &str, error: &std::io::Error) -> ReadError {
    if error.kind() == std::io::ErrorKind::NotFound {
        return ReadError::Missing {
            what: what.to_owned(),
            near: near(path),
        };
    }
    io(what, error)
}

fn io(what: &str, error: &std::io::Error) -> ReadError {
    ReadError::Io {
        what: what.to_owned(),
        why: in_words(error.kind()),
    }
}

/// Why the system refused.
pub(crate) fn in_words(kind: std::io::ErrorKind) -> String {
    match kind {
        std::io::ErrorKind::NotFound => "there is none of that name".to_owned(),
        other => other.to_string(),
    }
}

/// What stands at a path, itself and not what it links to; `None` where nothing does.
pub(crate) fn kind_of(path: &Path) -> Option<FileType> {
    let meta = std::fs::symlink_metadata(path);
    meta.ok().map(|meta| meta.file_type())
}

/// A kind of file in words.
pub(crate) fn name_of(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
        if kind.is_socket() {
            return "a socket";
        }
    }
    match (kind.is_dir(), kind.is_symlink()) {
        (true, _) => "a folder",
        (_, true) => "a symbolic link",
        _ => "no file",
    }
}

/// Opens what can be read from its start to its end: a file, a pipe or a device.
#[expect(clippy::disallowed_methods, reason = "the one place that opens files")]
fn stream(path: &Path, what: &str) -> Result<std::fs::File, ReadError> {
    let file = std::fs::File::open(path).map_err(|e| unopened(path, what, &e))?;
    match file.metadata() {
        Ok(meta) if meta.is_dir() => Err(ReadError::Odd {
            what: what.to_owned(),
            kind: name_of(meta.file_type()),
        }),
        _ => Ok(file),
    }
}

/// The bytes of a file or a pipe, or standard input's for `-`. `what` names it in errors.
pub(crate) fn bytes(path: &Path, what: &str) -> Result<Vec<u8>, ReadError> {
    if path.as_os_str() == "-" {
        return capped(stdin(), "standard input");
    }
    capped(stream(path, what)?, what)
}

/// A file or a pipe to be read piece by piece, or standard input for `-`. `what` names it in errors. It ends early where
/// nobody reads what comes of it.
pub(crate) fn open(path: &Path, what: &str) -> Result<Box<dyn BufRead>, ReadError> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(Heeded(stdin())));
    }
    let file = stream(path, what)?;
    Ok(Box::new(Heeded(std::io::BufReader::with_capacity(
        256 * 1024,
        file,
    ))))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads standard input"
)]
fn stdin() -> std::io::StdinLock<'static> {
    std::io::stdin().lock()
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let hint = match &error {
            ReadError::Missing {
                near: Some(near), ..
            } => {
                let hint = format!("did you mean {}?", near.display());
                return Self::new("input", error.to_string(), Some(&hint));
            }
            ReadError::Missing { .. } => "check the name, and the folder that the program runs in",
            ReadError::Io { .. } => "check the name and the permissions",
            ReadError::Odd { .. } => {
                "give an ordinary file; only evidence, tokens and lists may come through a pipe"
            }
            ReadError::TooLarge { .. } => "give a smaller file",
            ReadError::NotText { .. } => "give a text file in UTF-8",
            ReadError::Command { .. } => "run the command by itself to see what it says",
        };
        Self::new("input", error.to_string(), Some(hint))
    }
}

/// A reader that is at its end once standard output is closed.
struct Heeded<R>(R);

impl<R: BufRead> Read for Heeded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match closed::is_closed() {
            true => Ok(0),
            false => self.0.read(into),
        }
    }
}

impl<R: BufRead> BufRead for Heeded<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        match closed::is_closed() {
            true => Ok(&[]),
            false => self.0.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        if !closed::is_closed() {
            self.0.consume(bytes);
        }
    }
}

/// Whether two names lead to one file, hard links and what standard input (`-`) comes from included.
pub(crate) fn is_same_file(input: &Path, out: &Path) -> bool {
    if !out.is_file() {
        return false;
    }
    let input = match input.as_os_str() == "-" {
        true => same_file::Handle::stdin(),
        false if input.is_file() => same_file::Handle::from_path(input),
        false => return false,
    };
    match (input, same_file::Handle::from_path(out)) {
        (Ok(input), Ok(out)) => input == out,
        _ => false,
    }
}

/// Whether standard output goes into that file.
pub(crate) fn is_standard_output(path: &Path) -> bool {
    let input = match path.as_os_str() == "-" {
        true => same_file::Handle::stdin(),
        false if path.is_file() => same_file::Handle::from_path(path),
        false => return false,
    };
    let (Ok(input), Ok(out)) = (input, same_file::Handle::stdout()) else {
        return false;
    };
    input == out && input.as_file().metadata().is_ok_and(|meta| meta.is_file())
}

/// A text that a user names: a file, a pipe, or standard input for `-`.
pub(crate) fn text(path: &Path, what: &str) -> Result<String, ReadError> {
    utf8(bytes(path, what)?, what)
}

/// The text of an ordinary file: a table, a manifest, settings, and what these name. A pipe or a device in its place is
/// refused before it is opened, since opening alone may wait for ever.
pub(crate) fn file_text(path: &Path, what: &str) -> Result<String, ReadError> {
    if path.as_os_str() == "-" {
        return text(path, what);
    }
    let meta = std::fs::metadata(path).map_err(|e| unopened(path, what, &e))?;
    match meta.is_file() {
        true => text(path, what),
        false => Err(ReadError::Odd {
            what: what.to_owned(),
            kind: name_of(meta.file_type()),
        }),
    }
}

/// The same, `None` where there is no such file.
pub(crate) fn text_if_there(path: &Path, what: &str) -> Result<Option<String>, ReadError> {
    match file_text(path, what) {
        Err(ReadError::Missing { .. }) => Ok(None),
        other => other.map(Some),
    }
}

fn utf8(bytes: Vec<u8>, what: &str) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|_| ReadError::NotText {
        what: what.to_owned(),
    })
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
        .map_err(|e| failed(&format!("cannot be started: {}", in_words(e.kind()))))?;
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

//! Files that somebody else may name: only under folders that were fixed at the start, whatever links and `..` say.

use crate::failure::Failure;
use crate::source::{MAX_BYTES, ReadError, in_words};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Folders whose files may be read.
#[derive(Debug, Default)]
pub(crate) struct Roots(Vec<Root>);

#[derive(Debug)]
struct Root {
    /// Its name as given, and without links.
    names: [PathBuf; 2],
    folder: Dir,
}

/// Why a file was not read. Never repeats its name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotRead {
    /// No folder was named.
    #[error("this server may read no file: it was started without --root")]
    NoRoot,
    /// It is under none of them, or not there.
    #[error("there is no such file under the folders of --root")]
    Outside,
    /// A folder or a device.
    #[error("that is not a file")]
    NoFile,
    /// It is over the limit.
    #[error("the file is larger than 50 MB, the limit")]
    TooLarge,
    /// The system refused.
    #[error("the file cannot be read: {0}")]
    System(std::io::ErrorKind),
}

impl Roots {
    /// Opens the folders; what is read later is read through them.
    ///
    /// # Errors
    /// Where one cannot be opened.
    pub(crate) fn open(folders: &[PathBuf]) -> Result<Self, ReadError> {
        let fault = |error: std::io::Error| ReadError::Io {
            what: "a folder of --root".to_owned(),
            why: in_words(error.kind()),
        };
        let roots = folders.iter().map(|folder| {
            Ok(Root {
                names: [
                    folder.clone(),
                    std::fs::canonicalize(folder).map_err(fault)?,
                ],
                folder: Dir::open_ambient_dir(folder, ambient_authority()).map_err(fault)?,
            })
        });
        roots.collect::<Result<_, _>>().map(Self)
    }

    /// The bytes of a file, named from one of the folders or absolutely.
    ///
    /// # Errors
    /// See [`NotRead`].
    pub(crate) fn read(&self, path: &Path) -> Result<Vec<u8>, NotRead> {
        if self.0.is_empty() {
            return Err(NotRead::NoRoot);
        }
        let found = self.0.iter().find_map(|root| {
            let mut names = root.names.iter();
            let within = match path.is_absolute() {
                true => names.find_map(|name| path.strip_prefix(name).ok())?,
                false => path,
            };
            // Links and `..` are followed by the folder's handle, which does not leave it.
            let about = root.folder.metadata(within).ok()?;
            Some((&root.folder, within, about))
        });
        let (folder, within, about) = found.ok_or(NotRead::Outside)?;
        if !about.is_file() {
            return Err(NotRead::NoFile);
        }
        let file = folder.open(within).map_err(|e| NotRead::System(e.kind()))?;
        let mut bytes = Vec::new();
        let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|e| NotRead::System(e.kind()))?;
        match bytes.len() as u64 > MAX_BYTES {
            true => Err(NotRead::TooLarge),
            false => Ok(bytes),
        }
    }
}

impl From<NotRead> for Failure {
    fn from(error: NotRead) -> Self {
        let hint = "only files in a folder of --root can be read";
        Self::new("input", error.to_string(), Some(hint))
    }
}

//! `--save-code FILE`: the new code is on disk before anything is printed.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use auth0_mfa::NewCode;
use tempfile::NamedTempFile;

use crate::usage::Usage;

/// A place for the new code, made sure of before the call: a file for its owner only, beside the one that was asked
/// for.
pub(crate) struct CodeFile {
    path: PathBuf,
    folder: PathBuf,
    file: NamedTempFile,
}

/// The code could not be put where it was asked for.
pub(crate) struct NotSaved {
    cause: io::Error,
    /// Where it is all the same, if it is anywhere.
    left_in: Option<PathBuf>,
}

impl CodeFile {
    /// Makes sure that the code can be written.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Usage> {
        const OPTION: &str = "--save-code";
        if path.file_name().is_none() {
            return Err(Usage::option(OPTION, "is not the name of a file"));
        }
        if path.symlink_metadata().is_ok() {
            return Err(Usage::option(OPTION, "the file is there already, and is never overwritten"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // On Unix the file is made with mode 0600.
        let file = tempfile::Builder::new()
            .prefix(".auth0-mfa-")
            .tempfile_in(folder)
            .map_err(|error| Usage::caused(OPTION, &error))?;
        Ok(Self { path: path.to_owned(), folder: folder.to_owned(), file })
    }

    /// Writes the code, an unreadable one as its JSON text, to the disk and moves it into place. `None` when there is
    /// no code: then no file is left.
    pub(crate) fn save(mut self, new_code: &NewCode) -> Option<Result<(), NotSaved>> {
        let text = match new_code {
            NewCode::Issued(code) => code.expose(),
            NewCode::Unreadable(text) => text.expose(),
            NewCode::NotReturned => return None,
        };
        if let Err(cause) = self.write(text) {
            return Some(Err(NotSaved { cause, left_in: None }));
        }
        Some(self.move_into_place())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let file = self.file.as_file_mut();
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    }

    fn move_into_place(self) -> Result<(), NotSaved> {
        let Self { path, folder, file } = self;
        match file.persist_noclobber(&path) {
            Ok(_) => sync_folder(&folder).map_err(|cause| NotSaved { cause, left_in: Some(path) }),
            // Something took the name in the meantime. The code is on the disk: it stays there, under another name.
            Err(error) => {
                let left_in = error.file.keep().ok().map(|(_, path)| path);
                Err(NotSaved { cause: error.error, left_in })
            }
        }
    }
}

/// The name of a file is on the disk when its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

impl NotSaved {
    /// For a person.
    pub(crate) fn message(&self) -> String {
        let at =
            self.left_in.as_ref().map(|path| format!(" (it is in {})", path.display())).unwrap_or_default();
        format!("The new code could not be saved as --save-code asked: {}{at}.", self.cause)
    }
}

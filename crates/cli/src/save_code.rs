//! `--save-code FILE`: the new code is on disk before anything is printed.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use auth0_mfa::NewCode;

use crate::usage::Usage;

/// Where the new code is to go; made sure of before the call.
pub(crate) struct CodeFile {
    path: PathBuf,
    folder: PathBuf,
}

/// The code could not be put where it was asked for.
pub(crate) struct NotSaved {
    cause: io::Error,
    /// Where it is all the same, if it is anywhere.
    left_in: Option<PathBuf>,
}

impl CodeFile {
    /// Makes sure that the code can be written. Leaves nothing behind, however the process ends.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Usage> {
        const OPTION: &str = "--save-code";
        if path.as_os_str() == "-" {
            return Err(Usage::option(
                OPTION,
                "writes to a file, not to standard output (a file of that name: ./-)",
            ));
        }
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Usage::option(OPTION, "is not the name of a file"));
        };
        // Without what `file_name` overlooks: a slash or a dot at the end.
        let path = parent.join(name);
        match path.symlink_metadata() {
            Ok(_) => {
                return Err(Usage::option(OPTION, "the file is there already, and is never overwritten"));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Usage::caused(OPTION, &error)),
        }
        let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        takes_a_file(folder)
            .map_err(|error| Usage::option(OPTION, format_args!("no file can be written there: {error}")))?;
        Ok(Self { path, folder: folder.to_owned() })
    }

    /// Writes the code, an unreadable one as its JSON text, to the disk. `None` when there is no code.
    pub(crate) fn save(&self, new_code: &NewCode) -> Option<Result<(), NotSaved>> {
        self.save_by(new_code, File::sync_all)
    }

    /// `sync` puts a file or folder on the disk; an argument, because a test cannot see what a disk does.
    fn save_by(
        &self,
        new_code: &NewCode,
        sync: impl Fn(&File) -> io::Result<()>,
    ) -> Option<Result<(), NotSaved>> {
        match new_code {
            NewCode::Issued(code) => Some(self.write(code.expose(), sync)),
            NewCode::Unreadable(text) => Some(self.write(text.expose(), sync)),
            NewCode::NotReturned => None,
        }
    }

    /// Under a name of its own first: the file that was asked for is whole from the moment when it is there.
    fn write(&self, text: &str, sync: impl Fn(&File) -> io::Result<()>) -> Result<(), NotSaved> {
        let lost = |cause| NotSaved { cause, left_in: None };
        // On Unix the file is made with mode 0600.
        let mut file =
            tempfile::Builder::new().prefix(".auth0-mfa-").tempfile_in(&self.folder).map_err(lost)?;
        writeln!(file, "{text}").and_then(|()| sync(file.as_file())).map_err(lost)?;
        match file.persist_noclobber(&self.path) {
            Ok(_) => sync_folder(&self.folder, sync)
                .map_err(|cause| NotSaved { cause, left_in: Some(self.path.clone()) }),
            // Something took the name in the meantime. The code is on the disk: it stays there, under another name.
            Err(error) => {
                let left_in = error.file.keep().ok().map(|(_, path)| path);
                Err(NotSaved { cause: error.error, left_in })
            }
        }
    }
}

/// Tries it with a file that has no name, or none any more when this returns.
fn takes_a_file(folder: &Path) -> io::Result<()> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&[b'\n'; 64])?;
    file.sync_all()
}

/// The name of a file is on the disk when its folder is.
fn sync_folder(folder: &Path, sync: impl Fn(&File) -> io::Result<()>) -> io::Result<()> {
    if cfg!(unix) { sync(&File::open(folder)?) } else { Ok(()) }
}

impl NotSaved {
    /// For a person.
    pub(crate) fn message(&self) -> String {
        let at =
            self.left_in.as_ref().map(|path| format!(" (it is in {})", path.display())).unwrap_or_default();
        format!("The new code could not be saved as --save-code asked: {}{at}.", self.cause)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::RefCell;
    use std::fs;

    use auth0_mfa::RecoveryCode;
    use tempfile::TempDir;

    use super::*;

    const CODE: &str = "FAKENEXTCODE000000000000";

    fn issued() -> NewCode {
        NewCode::Issued(RecoveryCode::verbatim(CODE))
    }

    fn prepared(folder: &TempDir) -> CodeFile {
        CodeFile::prepare(&folder.path().join("new-code")).unwrap()
    }

    fn files(folder: &TempDir) -> Vec<String> {
        let names = fs::read_dir(folder.path()).unwrap();
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_slash_or_a_dot_behind_the_name_does_no_harm() {
        for name in ["new-code/", "new-code/."] {
            let folder = TempDir::new().unwrap();
            let file = CodeFile::prepare(&folder.path().join(name)).unwrap();
            assert!(file.save(&issued()).is_some_and(|saved| saved.is_ok()), "{name}");
            assert_eq!(files(&folder), ["new-code"], "{name}");
        }
    }

    #[test]
    fn before_there_is_a_code_there_is_no_file() {
        let folder = TempDir::new().unwrap();
        let file = prepared(&folder);
        assert!(files(&folder).is_empty(), "{:?}", files(&folder));
        assert!(file.save(&NewCode::NotReturned).is_none());
        assert!(files(&folder).is_empty(), "{:?}", files(&folder));
    }

    #[test]
    #[cfg(unix)]
    fn the_code_is_synced_before_the_file_has_its_name_and_the_name_after() {
        let folder = TempDir::new().unwrap();
        let file = prepared(&folder);
        let synced = RefCell::new(Vec::new());
        let sync = |synced_file: &File| {
            let metadata = synced_file.metadata()?;
            let what = if metadata.is_dir() { "folder" } else { "file" };
            synced.borrow_mut().push((what, metadata.is_dir() || metadata.len() == 25, file.path.exists()));
            Ok(())
        };
        assert!(file.save_by(&issued(), sync).is_some_and(|saved| saved.is_ok()));
        assert_eq!(*synced.borrow(), [("file", true, false), ("folder", true, true)]);
        assert_eq!(fs::read_to_string(&file.path).unwrap(), format!("{CODE}\n"));
    }

    #[test]
    fn a_file_that_does_not_reach_the_disk_is_not_left_and_not_called_saved() {
        let folder = TempDir::new().unwrap();
        let failing = |_: &File| Err(io::Error::other("fake: no space"));
        let not_saved = prepared(&folder).save_by(&issued(), failing).unwrap().unwrap_err();
        assert!(not_saved.message().contains("no space") && not_saved.left_in.is_none());
        assert!(files(&folder).is_empty(), "{:?}", files(&folder));
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_may_not_be_on_the_disk_is_not_called_saved() {
        let folder = TempDir::new().unwrap();
        let file = prepared(&folder);
        let failing_for_folders = |synced: &File| match synced.metadata()?.is_dir() {
            true => Err(io::Error::other("fake: broken disk")),
            false => Ok(()),
        };
        let not_saved = file.save_by(&issued(), failing_for_folders).unwrap().unwrap_err();
        assert_eq!(not_saved.left_in.as_deref(), Some(file.path.as_path()));
    }
}

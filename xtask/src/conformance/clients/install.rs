//! What the clients need: their packages in `target/clients`, and the languages from Debian.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Failure, output, root, run, target, text};

/// The folder of the clients, with the drivers of `tests/clients` in it.
pub(super) fn folder() -> Result<PathBuf, Failure> {
    let folder = target().join("clients");
    copy(&root().join("tests/clients"), &folder).map_err(|error| error.to_string())?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// A program, or a file of a package, that Debian brings when it is not there.
pub(super) fn need(program: &str, packages: &[&str]) -> Result<(), Failure> {
    if is_there(program) {
        return Ok(());
    }
    println!("clients: {program} is not there; asking Debian for {}", packages.join(" "));
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    let installed = output(Command::new("apt-get").args(["update", "-qq"])).and_then(|_| text(&mut install));
    match installed {
        Ok(_) if is_there(program) => Ok(()),
        _ => {
            Err(format!("{program} is not there, and Debian's {} could not be installed", packages.join(" ")))
        }
    }
}

fn is_there(program: &str) -> bool {
    if program.starts_with('/') {
        return Path::new(program).exists();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).exists())
}

/// The packages of `package.json`; their scripts are not run.
pub(super) fn npm(folder: &Path) -> Result<(), Failure> {
    need("npm", &["nodejs", "npm"])?;
    once(folder, "package.json", || {
        let arguments = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
        run(Command::new("npm").args(arguments).current_dir(folder))
    })
}

/// The packages of `requirements.txt`, in an environment of their own. Its Python is what this gives.
pub(super) fn pip(folder: &Path) -> Result<PathBuf, Failure> {
    need("python3", &["python3", "python3-venv"])?;
    let python = folder.join("venv/bin/python");
    once(folder, "requirements.txt", || {
        run(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(folder))?;
        let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(Command::new(&python)
            .args(arguments)
            .args(["--requirement", "requirements.txt"])
            .current_dir(folder))
    })?;
    Ok(python)
}

/// Does it, unless an earlier run did it for the same list.
fn once(folder: &Path, list: &str, install: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let wanted = fs::read(folder.join(list)).map_err(|error| format!("there is no {list}: {error}"))?;
    let mark = folder.join(format!("{list}.installed"));
    if fs::read(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(mark, wanted).map_err(|error| error.to_string())
}

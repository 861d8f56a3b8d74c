//! The tools of LLVM that read the counts. They must be of the LLVM that rustc is built with.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{Failure, missing, root, text};
use crate::debian::Unpacked;

/// Where the two tools are.
pub(super) enum Llvm {
    /// The `llvm-tools` of rustup.
    Toolchain(PathBuf),
    /// Those of the system, named after their version.
    System(String),
    Debian(Unpacked, String),
}

impl Llvm {
    pub(super) fn find() -> Result<Self, Failure> {
        let folder = folder_of_toolchain()?;
        if folder.join("llvm-cov").is_file() {
            return Ok(Self::Toolchain(folder));
        }
        let version = version_of_rustc()?;
        if text(Command::new(format!("llvm-cov-{version}")).arg("--version")).is_ok() {
            return Ok(Self::System(version));
        }
        let packages = vec![format!("llvm-{version}"), format!("libllvm{version}")];
        match Unpacked::get(&format!("llvm-{version}"), || Ok(packages)) {
            Ok(unpacked) => Ok(Self::Debian(unpacked, version)),
            Err(failure) => {
                Err(missing(format!("`rustup component add llvm-tools` brings what is needed; {failure}")))
            }
        }
    }

    pub(super) fn profdata(&self) -> Command {
        self.tool("llvm-profdata")
    }

    pub(super) fn cov(&self) -> Command {
        self.tool("llvm-cov")
    }

    fn tool(&self, name: &str) -> Command {
        match self {
            Self::Toolchain(folder) => Command::new(folder.join(name)),
            Self::System(version) => Command::new(format!("{name}-{version}")),
            Self::Debian(unpacked, version) => unpacked.program(&format!("usr/bin/{name}-{version}")),
        }
    }
}

/// Where the toolchain keeps the tools.
fn folder_of_toolchain() -> Result<PathBuf, Failure> {
    let libraries = rustc(&["--print", "target-libdir"])?;
    Ok(PathBuf::from(libraries.trim()).with_file_name("bin"))
}

/// The major version of the LLVM that rustc is built with.
fn version_of_rustc() -> Result<String, Failure> {
    let told = rustc(&["--version", "--verbose"])?;
    let version = told.lines().find_map(|line| line.strip_prefix("LLVM version: "));
    let major = version.and_then(|version| version.split('.').next());
    major.map(str::to_owned).ok_or_else(|| format!("rustc does not say its LLVM: {told}"))
}

fn rustc(arguments: &[&str]) -> Result<String, Failure> {
    text(Command::new("rustc").args(arguments).current_dir(root()))
}

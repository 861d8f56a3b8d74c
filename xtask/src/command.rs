//! Running other programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Why a check failed: a sentence for a person.
pub(crate) type Failure = String;

/// How a failure begins that is the machine's and not the project's.
const MISSING: &str = "cannot be checked here: ";

/// A failure for want of a tool.
pub(crate) fn missing(what: impl std::fmt::Display) -> Failure {
    format!("{MISSING}{what}")
}

/// Whether a tool was missing.
pub(crate) fn is_missing(failure: &Failure) -> bool {
    failure.starts_with(MISSING)
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Where cargo builds: a folder for each purpose stands in it.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The cargo that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a program whose output is for whoever watches.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| format!("{command:?} could not be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} ended with {status}")) }
}

/// Runs a program for its output, whatever it ends with.
pub(crate) fn output(command: &mut Command) -> Result<Output, Failure> {
    command.output().map_err(|error| format!("{command:?} could not be started: {error}"))
}

/// Runs a program for what it prints.
pub(crate) fn text(command: &mut Command) -> Result<String, Failure> {
    let output = output(command)?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{command:?} ended with {}: {told}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

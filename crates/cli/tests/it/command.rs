//! Running the command, and reading what it says.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const TRANSPORTS: [&str; 2] = ["hyper", "ureq"];
pub(crate) const CODE: &str = "FAKERECOVERYCODE00000000";
pub(crate) const NEXT_CODE: &str = "FAKENEXTCODE000000000000";
pub(crate) const MFA_TOKEN: &str = "Fe26.2*FAKEMFATOKEN";

/// The command, with nothing of the tester's own environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth0-mfa"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AUTH0_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// A folder with the files that `recover` reads.
pub(crate) struct Secrets(pub(crate) TempDir);

impl Secrets {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("code"), format!("{CODE}\n")).unwrap();
        std::fs::write(folder.path().join("mfa_token"), MFA_TOKEN).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// The names of all files in it, hidden ones too.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `recover` with these files, at this tenant.
    pub(crate) fn recover(&self, domain: &str) -> Command {
        let mut command = command();
        command.args(["recover", "--domain", domain, "--client-id", "fakeClientId"]);
        command.args([
            "--mfa-token-file",
            &self.path("mfa_token"),
            "--recovery-code-file",
            &self.path("code"),
        ]);
        command
    }
}

/// What a run came to.
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run(command: &mut Command) -> Run {
    Run::of(command.output().unwrap())
}

impl Run {
    pub(crate) fn of(Output { status, stdout, stderr }: Output) -> Self {
        Self {
            exit: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// The one line of JSON on standard output.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "one line: {}{}", self.stdout, self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }

    pub(crate) fn everything(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).unwrap()
}

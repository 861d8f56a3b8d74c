//! `cargo xtask public-api`: what each library promises to its users is what was recorded.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{Failure, cargo, missing, root, run, target, text};
use crate::golden::Goldens;

const LIBRARIES: [&str; 7] = [
    "auth0-mfa",
    "auth0-mfa-core",
    "auth0-mfa-emulator",
    "auth0-mfa-jwt",
    "auth0-mfa-transport",
    "auth0-mfa-transport-hyper",
    "auth0-mfa-transport-ureq",
];

/// The format of rustdoc's JSON that tests/public-api reads.
const FORMAT: &str = "\"format_version\":57";

pub(crate) fn check(goldens: Goldens) -> Result<(), Failure> {
    require_nightly()?;
    let mut failures = Vec::new();
    for library in LIBRARIES {
        let api = public_api(library)?;
        println!("public API: {library} has {} items", api.lines().count());
        failures.extend(goldens.hold(&format!("public-api/{library}.txt"), &api).err());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// rustdoc writes JSON only there.
fn require_nightly() -> Result<(), Failure> {
    text(Command::new("rustup").args(["run", "nightly", "rustdoc", "--version"]))
        .map(drop)
        .map_err(|_| missing("the nightly toolchain is not installed"))
}

/// An item a line.
fn public_api(library: &str) -> Result<String, Failure> {
    let json = documentation(library)?;
    let manifest = root().join("tests/public-api/Cargo.toml");
    text(
        cargo(&["run", "--quiet", "--locked", "--manifest-path"])
            .arg(manifest)
            .env("CARGO_TARGET_DIR", target().join("public-api"))
            .arg("--")
            .arg(json),
    )
}

/// The documentation as JSON.
fn documentation(library: &str) -> Result<PathBuf, Failure> {
    let folder = target().join("public-api");
    run(Command::new("rustup")
        .args(["run", "nightly", "cargo", "rustdoc", "--quiet", "--locked", "--lib", "--all-features"])
        .args(["--package", library, "--", "-Z", "unstable-options", "--output-format", "json"])
        .current_dir(root())
        .env("CARGO_TARGET_DIR", &folder))?;
    let json = folder.join("doc").join(library.replace('-', "_")).with_extension("json");
    let written = std::fs::read_to_string(&json).map_err(|error| format!("{}: {error}", json.display()))?;
    if written.contains(FORMAT) {
        Ok(json)
    } else {
        Err(missing(format!("the nightly toolchain writes another format than {FORMAT}")))
    }
}

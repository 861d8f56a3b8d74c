//! `cargo xtask public-api`: what each library promises to its users is what was recorded.

use std::path::{Path, PathBuf};
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
    document_all()?;
    let mut failures = Vec::new();
    for library in LIBRARIES {
        let api = public_api(&documentation(library)?)?;
        println!("public API: {library} has {} items", api.lines().count());
        failures.extend(goldens.hold(&format!("tests/goldens/public-api/{library}.txt"), &api).err());
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
fn public_api(documentation: &Path) -> Result<String, Failure> {
    let manifest = root().join("tests/public-api/Cargo.toml");
    text(
        cargo(&["run", "--quiet", "--locked", "--manifest-path"])
            .arg(manifest)
            .env("CARGO_TARGET_DIR", target().join("public-api"))
            .arg("--")
            .arg(documentation),
    )
}

/// Writes the documentation of all libraries as JSON: at once, so that what they stand on is looked at once.
fn document_all() -> Result<(), Failure> {
    run(Command::new("rustup")
        .args([
            "run",
            "nightly",
            "cargo",
            "doc",
            "--quiet",
            "--locked",
            "--lib",
            "--no-deps",
            "--all-features",
        ])
        .args(LIBRARIES.iter().flat_map(|library| ["--package", library]))
        .current_dir(root())
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        .env("CARGO_TARGET_DIR", target().join("public-api")))
}

/// Where the documentation of a library is.
fn documentation(library: &str) -> Result<PathBuf, Failure> {
    let json = target().join("public-api/doc").join(library.replace('-', "_")).with_extension("json");
    let written = std::fs::read_to_string(&json).map_err(|error| format!("{}: {error}", json.display()))?;
    if written.contains(FORMAT) {
        Ok(json)
    } else {
        Err(missing(format!("the nightly toolchain writes another format than {FORMAT}")))
    }
}

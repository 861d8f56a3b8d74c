//! `cargo xtask public-api`: what each library promises to its users is what was recorded.

use std::path::{Path, PathBuf};

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
    document_all()?;
    let mut failures = Vec::new();
    for library in LIBRARIES {
        let api = public_api(&documentation(library)?)?;
        println!("public API: {library} has {} items", api.lines().count());
        failures.extend(goldens.hold(&format!("tests/goldens/public-api/{library}.txt"), &api).err());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
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

/// Writes the documentation of all libraries as JSON. The targets are those of the check of the documentation, so that
/// what they stand on is looked at once.
fn document_all() -> Result<(), Failure> {
    run(cargo(&["doc", "--quiet", "--locked", "--workspace", "--lib", "--no-deps", "--all-features"])
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        // `-Z` on a stable toolchain.
        .env("RUSTC_BOOTSTRAP", "1"))
}

/// Where the documentation of a library is.
fn documentation(library: &str) -> Result<PathBuf, Failure> {
    let json = target().join("doc").join(library.replace('-', "_")).with_extension("json");
    let written = std::fs::read_to_string(&json).map_err(|error| format!("{}: {error}", json.display()))?;
    if written.contains(FORMAT) {
        Ok(json)
    } else {
        Err(missing(format!("this rustdoc writes another format than {FORMAT}")))
    }
}

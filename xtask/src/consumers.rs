//! `cargo xtask consumers`: crates outside the workspace, as users write them, build, run, and have the crates that
//! their features ask for and no others.

use std::fs;
use std::path::Path;

use crate::command::{Failure, cargo, root, run, text};

/// Each consumer, and which transports it is to have.
const CONSUMERS: [(&str, bool, bool); 3] =
    [("no-feature", false, false), ("hyper", true, false), ("two-libraries", true, true)];

pub(crate) fn check() -> Result<(), Failure> {
    for (name, hyper, ureq) in CONSUMERS {
        let folder = root().join("tests/consumers").join(name);
        // The versions are the workspace's; what a consumer does not need, cargo drops.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))
            .map_err(|error| format!("{name} got no lock file: {error}"))?;
        let manifest = manifest_of(&folder)?;
        run(cargo(&["run", "--quiet", "--manifest-path", &manifest])
            .env("CARGO_TARGET_DIR", root().join("target/consumers")))?;
        let tree = text(&mut cargo(&[
            "tree",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--manifest-path",
            &manifest,
        ]))?;
        let has = |package: &str| tree.lines().any(|line| line.split(' ').next() == Some(package));
        for (transport, wanted) in [("hyper", hyper), ("ureq", ureq)] {
            if has(transport) != wanted {
                return Err(format!(
                    "{name}: {transport} is there: {}, and should be: {wanted}",
                    has(transport)
                ));
            }
        }
    }
    Ok(())
}

fn manifest_of(folder: &Path) -> Result<String, Failure> {
    let manifest = folder.join("Cargo.toml");
    manifest.to_str().map(str::to_owned).ok_or_else(|| "the path of the workspace is not UTF-8".to_owned())
}

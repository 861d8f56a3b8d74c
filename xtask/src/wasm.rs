//! `cargo xtask wasm`: core needs nothing from its host: no clock, no randomness, no I/O.
//!
//! `tests/wasm` is built for a machine that has none of them and played in node, beside a native build of the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::{Failure, cargo, missing, output, root, run, target, text};
use crate::rust_1_85::Rust185;

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn check() -> Result<(), Failure> {
    let crate_folder = root().join("tests/wasm");
    let folder = target().join("wasm");
    require_node()?;
    // The versions are the workspace's; what is not needed, cargo drops.
    fs::copy(root().join("Cargo.lock"), crate_folder.join("Cargo.lock"))
        .map_err(|error| format!("tests/wasm got no lock file: {error}"))?;

    run(cargo(&["clippy", "--quiet", "--all-targets", "--", "--deny", "warnings"])
        .current_dir(&crate_folder)
        .env("CARGO_TARGET_DIR", &folder))?;
    run(cargo(&["build", "--quiet", "--bin", "native"])
        .current_dir(&crate_folder)
        .env("CARGO_TARGET_DIR", &folder))?;
    run(cargo_for_wasm()?.current_dir(&crate_folder).env("CARGO_TARGET_DIR", &folder))?;
    run(Command::new("node")
        .arg(crate_folder.join("play.mjs"))
        .arg(folder.join(TARGET).join("release/auth0_mfa_wasm.wasm"))
        .arg(folder.join("debug/native"))
        .arg(root().join("tests/corpus/replies/VerifyWithRecoveryCode")))
}

fn require_node() -> Result<(), Failure> {
    text(Command::new("node").arg("--version")).map(drop).map_err(|_| missing("node is not installed"))
}

/// The installed toolchain, when it has the target; otherwise Debian's, which builds std from its source.
fn cargo_for_wasm() -> Result<Command, Failure> {
    let arguments = ["build", "--quiet", "--lib", "--release", "--target", TARGET];
    if target_is_installed()? {
        return Ok(cargo(&arguments));
    }
    let mut cargo = Rust185::get()?.cargo(&arguments);
    // `-Z` on a stable toolchain.
    cargo.args(["-Z", "build-std=std,panic_abort"]).env("RUSTC_BOOTSTRAP", "1");
    Ok(cargo)
}

fn target_is_installed() -> Result<bool, Failure> {
    let libraries = output(
        Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]).current_dir(root()),
    )?;
    Ok(Path::new(String::from_utf8_lossy(&libraries.stdout).trim()).is_dir())
}

//! `cargo xtask wasm`: core needs nothing from its host: no clock, no randomness, no I/O.
//!
//! `tests/wasm` is built for a machine that has none of them and played in node, beside a native build of the same.
//! `examples/wasm-fetch` is the same with a network: node's `fetch`, which is the browser's.

mod fetch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Failure, cargo, missing, output, root, run, target, text};
use crate::rust_1_85::Rust185;

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn check() -> Result<(), Failure> {
    require_node()?;
    core_asks_nothing_of_its_host()?;
    fetch::check()
}

fn core_asks_nothing_of_its_host() -> Result<(), Failure> {
    let crate_folder = root().join("tests/wasm");
    let module = module_of(&crate_folder, "auth0_mfa_wasm")?;
    run(&mut in_folder(&crate_folder, cargo(&["build", "--quiet", "--bin", "native"])))?;
    run(Command::new("node")
        .arg(crate_folder.join("play.mjs"))
        .arg(module)
        .arg(built().join("debug/native"))
        .arg(root().join("tests/corpus/replies/VerifyWithRecoveryCode")))
}

fn require_node() -> Result<(), Failure> {
    text(Command::new("node").arg("--version")).map(drop).map_err(|_| missing("node is not installed"))
}

/// Checks and builds a crate outside the workspace.
fn module_of(crate_folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    // The versions are the workspace's; what is not needed, cargo drops.
    fs::copy(root().join("Cargo.lock"), crate_folder.join("Cargo.lock"))
        .map_err(|error| format!("{} got no lock file: {error}", crate_folder.display()))?;
    run(&mut in_folder(crate_folder, cargo(&["fmt", "--check"])))?;
    run(&mut in_folder(
        crate_folder,
        cargo(&["clippy", "--quiet", "--all-targets", "--", "--deny", "warnings"]),
    ))?;
    run(&mut in_folder(crate_folder, cargo_for_wasm()?))?;
    Ok(built().join(TARGET).join("release").join(name).with_extension("wasm"))
}

/// Crates that are built in one place share what they stand on.
fn in_folder(crate_folder: &Path, mut cargo: Command) -> Command {
    cargo.current_dir(crate_folder).env("CARGO_TARGET_DIR", built());
    cargo
}

fn built() -> PathBuf {
    target().join("wasm")
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

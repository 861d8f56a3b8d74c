//! `cargo xtask msrv`: the whole workspace is good Rust 1.85.

use std::process::Command;

use crate::command::{Failure, root, run, target, text};
use crate::rust_1_85::{Rust185, VERSION};

/// What is checked of each package.
const TARGETS: &[&str] = &["--all-targets"];

pub(crate) fn check() -> Result<(), Failure> {
    let arguments = [&["check", "--quiet", "--locked", "--workspace", "--all-features"], TARGETS].concat();
    let mut cargo = if rustup_has_it() { of_rustup(&arguments) } else { Rust185::get()?.cargo(&arguments) };
    run(cargo.env("CARGO_TARGET_DIR", target().join("msrv")))?;
    println!("msrv: the workspace is good Rust {VERSION}: {}", TARGETS.join(" "));
    Ok(())
}

fn rustup_has_it() -> bool {
    let toolchains = text(Command::new("rustup").args(["toolchain", "list"])).unwrap_or_default();
    toolchains.lines().any(|toolchain| toolchain.starts_with(VERSION))
}

fn of_rustup(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("rustup");
    cargo.args(["run", VERSION, "cargo"]).args(arguments).current_dir(root());
    cargo
}

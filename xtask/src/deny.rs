//! `cargo xtask deny`: no crate that is banned, no licence that is not allowed, nothing from an unknown source.

use std::process::Command;

use crate::command::{Failure, cargo, missing, output, run};

pub(crate) fn check() -> Result<(), Failure> {
    if !is_installed()? {
        return Err(missing("cargo-deny is not installed; `cargo xtask deny` brings it"));
    }
    run(&mut cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]))
}

/// Builds cargo-deny, when it is not there.
pub(crate) fn install() -> Result<(), Failure> {
    if is_installed()? {
        return Ok(());
    }
    run(&mut cargo(&["install", "--locked", "cargo-deny"]))
}

fn is_installed() -> Result<bool, Failure> {
    output(Command::new("cargo").args(["deny", "--version"])).map(|output| output.status.success())
}

//! `cargo xtask chromium`: brings the browser of the tests that need one; `tests/browser` looks for it where this
//! leaves it.

use std::path::Path;
use std::process::Command;

use crate::command::{Failure, missing, text};
use crate::debian::{self, Unpacked};

const NAME: &str = "chromium";
const PACKAGES: [&str; 3] = ["chromium", "chromium-common", "chromium-driver"];
const PROGRAMS: [&str; 2] = ["usr/lib/chromium/chromium", "usr/bin/chromedriver"];

pub(crate) fn bring() -> Result<(), Failure> {
    if is_installed() {
        return Ok(());
    }
    Unpacked::get(NAME, || debian::with_needed(&PACKAGES)).map(|_| ())
}

/// Whether the tests in a browser, which are a part of `cargo test`, had one that starts; it is not brought now.
pub(crate) fn check() -> Result<(), Failure> {
    for program in PROGRAMS {
        let mut program = if is_installed() {
            Command::new(Path::new("/").join(program))
        } else {
            let none =
                || missing("tests were left out: there is no Chromium; `cargo xtask chromium` brings it");
            Unpacked::left(NAME)?.ok_or_else(none)?.program(program)
        };
        let version = text(program.arg("--version"))?;
        println!("browser: {}, for the tests of `cargo test` that need it", version.trim());
    }
    Ok(())
}

fn is_installed() -> bool {
    PROGRAMS.iter().all(|program| Path::new("/").join(program).is_file())
}

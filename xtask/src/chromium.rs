//! `cargo xtask chromium`: brings the browser of the tests that need one; `tests/browser` looks for it where this
//! leaves it.

use std::path::Path;

use crate::command::{Failure, missing};
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

/// Whether the tests in a browser, which are a part of `cargo test`, had one; it is not brought now.
pub(crate) fn check() -> Result<(), Failure> {
    if is_installed() || Unpacked::is_there(NAME)? {
        println!("browser: the tests that need one ran in Chromium, as a part of `cargo test`");
        return Ok(());
    }
    Err(missing("tests were left out: there is no Chromium; `cargo xtask chromium` brings it"))
}

fn is_installed() -> bool {
    PROGRAMS.iter().all(|program| Path::new("/").join(program).is_file())
}

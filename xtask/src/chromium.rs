//! `cargo xtask chromium`: brings the browser of the tests that need one; `tests/browser` looks for it where this leaves
//! it.

use std::path::Path;

use crate::command::Failure;
use crate::debian::{self, Unpacked};

const PACKAGES: [&str; 3] = ["chromium", "chromium-common", "chromium-driver"];
const PROGRAMS: [&str; 2] = ["usr/lib/chromium/chromium", "usr/bin/chromedriver"];

pub(crate) fn bring() -> Result<(), Failure> {
    if PROGRAMS.iter().all(|program| Path::new("/").join(program).is_file()) {
        return Ok(());
    }
    Unpacked::get("chromium", || debian::with_needed(&PACKAGES)).map(|_| ())
}

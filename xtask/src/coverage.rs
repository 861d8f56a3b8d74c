//! `cargo xtask coverage`: the tests of core reach its lines, and those that they do not reach are named.

mod lines;
mod llvm;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{Failure, cargo, root, run, target, text};
use lines::Lines;
use llvm::Llvm;

/// Percent of the lines.
const LEAST: f64 = 97.0;

/// Which tests count, beside those of the documentation.
const TESTS: [&str; 3] = ["--lib", "--test", "it"];

pub(crate) fn check() -> Result<(), Failure> {
    let llvm = Llvm::find()?;
    let folder = target().join("coverage");
    let profiles = folder.join("profiles");
    // Counts of an earlier build say nothing about this one.
    let _ = fs::remove_dir_all(&profiles);
    fs::create_dir_all(&profiles).map_err(|error| format!("no folder for the counts: {error}"))?;

    let tests = build_tests(&folder, &profiles)?;
    run(&mut counting(&folder, &profiles, &TESTS))?;
    run(&mut counting(&folder, &profiles, &["--doc"]))?;
    let files = lines::of_library(&export(&llvm, &profiles, &tests)?, &root().join("crates/core"))?;
    tell(&files)
}

/// Builds the tests. Answers their programs.
fn build_tests(folder: &Path, profiles: &Path) -> Result<Vec<PathBuf>, Failure> {
    let only_build = ["--no-run", "--message-format", "json-render-diagnostics"];
    let messages = text(counting(folder, profiles, &TESTS).args(only_build))?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let programs = messages.filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from));
    let programs: Vec<_> = programs.collect();
    if programs.is_empty() { Err("no test was built".to_owned()) } else { Ok(programs) }
}

/// Tests that count how often each line runs.
fn counting(folder: &Path, profiles: &Path, tests: &[&str]) -> Command {
    let mut test = cargo(&["test", "--locked", "--quiet", "--package", "auth0-mfa-core"]);
    test.args(tests)
        .env("CARGO_TARGET_DIR", folder)
        .env("RUSTFLAGS", "-C instrument-coverage")
        .env("RUSTDOCFLAGS", "-C instrument-coverage")
        // Build scripts count too, and would leave their counts where they run.
        .env("LLVM_PROFILE_FILE", profiles.join("%p-%m.profraw"));
    test
}

/// How often each line ran, in the format of lcov.
fn export(llvm: &Llvm, profiles: &Path, tests: &[PathBuf]) -> Result<String, Failure> {
    let counts = profiles.join("counts.profdata");
    let raw = fs::read_dir(profiles).map_err(|error| error.to_string())?;
    let raw = raw.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let raw = raw.filter(|path| path.extension() == Some(OsStr::new("profraw")));
    run(llvm.profdata().args(["merge", "--sparse", "--output"]).arg(&counts).args(raw))?;
    let objects = tests.iter().flat_map(|test| [OsStr::new("--object"), test.as_os_str()]);
    text(
        llvm.cov()
            .args(["export", "--format", "lcov", "--instr-profile"])
            .arg(&counts)
            .args(objects)
            .arg("--sources")
            .arg(root().join("crates/core/src")),
    )
}

/// Each file, the lines that no test reached, and the sum.
fn tell(files: &[Lines]) -> Result<(), Failure> {
    for file in files {
        let (reached, all) = (file.reached(), file.all());
        println!("coverage: {:>5} of {all:>5} {:>6.2} % {}", reached, percent(reached, all), file.name());
        let missed: Vec<_> = file.missed().iter().map(ToString::to_string).collect();
        if !missed.is_empty() {
            println!("          not reached: {}", missed.join(", "));
        }
    }
    let sum = |count: fn(&Lines) -> usize| files.iter().map(count).sum::<usize>();
    let (reached, all) = (sum(Lines::reached), sum(Lines::all));
    println!("coverage: {reached} of {all} lines, {:.2} %; {} --doc", percent(reached, all), TESTS.join(" "));
    if percent(reached, all) < LEAST { Err(format!("less than {LEAST} % of the lines")) } else { Ok(()) }
}

#[allow(clippy::cast_precision_loss, reason = "there are fewer lines than an f64 counts")]
fn percent(reached: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { 100.0 * reached as f64 / all as f64 }
}

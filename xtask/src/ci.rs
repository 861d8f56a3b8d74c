//! `cargo xtask ci`: everything that decides a merge, beside `cargo test`.

use std::path::PathBuf;

use crate::command::{Failure, cargo, root, run};
use crate::{conformance, consumers, fuzz, purity};

type Check = (&'static str, fn() -> Result<(), Failure>);

const CHECKS: [Check; 8] = [
    ("format", format),
    ("lints", lints),
    ("documentation", documentation),
    ("features", features),
    ("purity", purity::check),
    ("conformance", conformance_of_both),
    ("consumers", consumers::check),
    ("fuzz", fuzz::check),
];

/// Runs every check, to the end, and says which failed.
pub(crate) fn check() -> Result<(), Failure> {
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        println!("== {name}");
        if let Err(failure) = check() {
            eprintln!("{name}: {failure}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("ci: {} checks passed", CHECKS.len());
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

fn format() -> Result<(), Failure> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    run(&mut cargo(&["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

fn lints() -> Result<(), Failure> {
    run(&mut cargo(&[
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn documentation() -> Result<(), Failure> {
    run(cargo(&["doc", "--locked", "--workspace", "--all-features", "--no-deps"])
        .env("RUSTDOCFLAGS", "--deny warnings"))
}

/// The facade with each set of its features.
fn features() -> Result<(), Failure> {
    for features in ["", "hyper", "ureq", "hyper,ureq"] {
        run(cargo(&["check", "--locked", "--quiet", "--package", "auth0-mfa", "--features", features])
            .env("RUSTFLAGS", "--deny warnings")
            .env("CARGO_TARGET_DIR", root().join("target/features")))?;
    }
    Ok(())
}

/// The project's own corpus, and the one beside the project, which is left out with a line that says so when it is not
/// there.
fn conformance_of_both() -> Result<(), Failure> {
    let beside: PathBuf = root().join("../shared/corpus");
    let report = conformance::run(Some(&beside));
    print!("{report}");
    if report.is_success() { Ok(()) } else { Err("a case does not conform".to_owned()) }
}

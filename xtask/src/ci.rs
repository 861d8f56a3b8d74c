//! `cargo xtask ci`: everything that decides a merge, beside `cargo test`.

use std::path::PathBuf;
use std::time::Instant;

use crate::command::{Failure, cargo, is_missing, root, run};
use crate::golden::Goldens;
use crate::{
    bench, budgets, chromium, conformance, consumers, deny, fuzz, msrv, package, powerset, public_api,
    purity, wasm,
};

type Check = (&'static str, fn() -> Result<(), Failure>);

const CHECKS: &[Check] = &[
    ("format", format),
    ("lints", lints),
    ("browser", chromium::check),
    ("documentation", documentation),
    ("powerset", powerset::check),
    ("purity", purity::check),
    ("conformance", conformance_of_both),
    ("consumers", consumers::check),
    ("budgets", || budgets::check(Goldens::HELD)),
    ("deny", deny::check),
    ("package", package::check),
    ("public API", || public_api::check(Goldens::HELD)),
    ("msrv", msrv::check),
    ("wasm", wasm::check),
    ("bench", bench::check),
    ("fuzz", fuzz::check),
];

/// Runs every check, to the end, and says which failed.
pub(crate) fn check() -> Result<(), Failure> {
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), Vec::new());
    for &(name, check) in CHECKS {
        println!("== {name}");
        let begun = Instant::now();
        match check() {
            Ok(()) => passed += 1,
            Err(failure) if is_missing(&failure) => skipped.push(format!("{name} {failure}")),
            Err(failure) => {
                eprintln!("{name}: {failure}");
                failed.push(name);
            }
        }
        println!("-- {name}: {} s", begun.elapsed().as_secs());
    }
    for skipped in skipped {
        println!("SKIPPED: {skipped}");
    }
    println!("ci: {passed} of {} checks passed", CHECKS.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
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

/// The project's own corpus, and the one beside the project, which is left out with a line that says so when it is not
/// there.
fn conformance_of_both() -> Result<(), Failure> {
    let beside: PathBuf = root().join("../shared/corpus");
    let report = conformance::run(Some(&beside));
    print!("{report}");
    if report.is_success() { Ok(()) } else { Err("a case does not conform".to_owned()) }
}

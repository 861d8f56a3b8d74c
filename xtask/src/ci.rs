//! `cargo xtask ci`: everything that decides a merge, beside `cargo test`.

use std::path::PathBuf;
use std::thread;
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
    ("public API", || public_api::check(Goldens::HELD)),
    ("powerset", powerset::check),
    ("purity", purity::check),
    ("conformance", conformance_of_both),
    ("budgets", || budgets::check(Goldens::HELD)),
    ("deny", deny::check),
    ("package", package::check),
];

/// Run beside the others, which leave a core idle most of the time: each builds in a folder of its own.
const BESIDE: &[Check] = &[
    ("msrv", msrv::check),
    ("wasm", wasm::check),
    ("consumers", consumers::check),
    ("bench", bench::check),
    // The last one: its runs use every core.
    ("fuzz", fuzz::check),
];

/// Runs every check, to the end, and says which failed.
pub(crate) fn check() -> Result<(), Failure> {
    let outcomes = thread::scope(|scope| {
        let beside = scope.spawn(|| BESIDE.iter().map(run_one).collect::<Vec<_>>());
        let mut outcomes: Vec<_> = CHECKS.iter().map(run_one).collect();
        outcomes.extend(beside.join().map_err(|_| "a check panicked".to_owned())?);
        Ok::<_, Failure>(outcomes)
    })?;

    let passed = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
    let mut failed = Vec::new();
    for (name, failure) in outcomes.iter().filter_map(|(name, outcome)| Some((name, outcome.as_ref().err()?)))
    {
        if is_missing(failure) {
            println!("SKIPPED: {name} {failure}");
        } else {
            eprintln!("{name}: {failure}");
            failed.push(*name);
        }
    }
    println!("ci: {passed} of {} checks passed", outcomes.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

fn run_one((name, check): &Check) -> (&'static str, Result<(), Failure>) {
    println!("== {name}");
    let begun = Instant::now();
    let outcome = check();
    println!("-- {name}: {} s", begun.elapsed().as_secs());
    (name, outcome)
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

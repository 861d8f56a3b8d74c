//! `cargo xtask budgets`: which external crates each build stands on, and that they are few.

use crate::command::{Failure, cargo, text};
use crate::golden::Goldens;

/// What is built, and how many external crates at most it may stand on.
struct Budget {
    name: &'static str,
    package: &'static str,
    features: &'static str,
    most: usize,
}

const BUDGETS: [Budget; 5] = [
    Budget { name: "core", package: "auth0-mfa-core", features: "", most: 20 },
    Budget { name: "facade", package: "auth0-mfa", features: "", most: 20 },
    Budget { name: "ureq", package: "auth0-mfa", features: "ureq", most: 38 },
    Budget { name: "hyper", package: "auth0-mfa", features: "hyper", most: 54 },
    Budget { name: "hyper-and-ureq", package: "auth0-mfa", features: "hyper,ureq", most: 60 },
];

pub(crate) fn check(goldens: Goldens) -> Result<(), Failure> {
    let mut failures = Vec::new();
    for budget in BUDGETS {
        let crates = external_crates(&budget)?;
        println!("budgets: {} stands on {} external crates of {}", budget.name, crates.len(), budget.most);
        if crates.len() > budget.most {
            failures.push(format!("{} stands on {} crates", budget.name, crates.len()));
        }
        let lines: String = crates.iter().map(|name| format!("{name}\n")).collect();
        failures.extend(goldens.hold(&format!("crates/{}.txt", budget.name), &lines).err());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Name and version of each, sorted: what is linked on the most usual platform, so that it is the same on every
/// machine.
fn external_crates(budget: &Budget) -> Result<Vec<String>, Failure> {
    let tree = text(&mut cargo(&[
        "tree",
        "--locked",
        "--edges",
        "normal",
        "--target",
        "x86_64-unknown-linux-gnu",
        "--prefix",
        "none",
        "--no-dedupe",
        "--format",
        "{p}",
        "--package",
        budget.package,
        "--features",
        budget.features,
    ]))?;
    let is_ours = |line: &str| line.contains(" (/") || line.contains(" (file:");
    let mut crates: Vec<_> = tree.lines().filter(|line| !is_ours(line)).map(name_and_version).collect();
    crates.sort();
    crates.dedup();
    Ok(crates)
}

fn name_and_version(line: &str) -> String {
    line.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

//! `cargo xtask package`: the packages of the crates that are published hold all that they are built from.

use crate::command::{Failure, cargo, run};
use crate::powerset::published;

pub(crate) fn check() -> Result<(), Failure> {
    let names: Vec<_> = published()?.into_iter().map(|package| package.name).collect();
    let packages = names.iter().flat_map(|name| ["--package", name]);
    // What is not committed yet is packaged too: a check before a commit is a check of what will be committed.
    run(cargo(&["package", "--quiet", "--locked", "--allow-dirty"])
        .args(packages)
        // As in the workspace's profile, which no package has: dependencies that are built already are taken.
        .env("CARGO_PROFILE_DEV_DEBUG", "false"))?;
    println!("package: built from its package: {}", names.join(", "));
    Ok(())
}

//! `cargo xtask package`: the packages of the crates that are published hold all that they are built from.

use std::fs;
use std::path::PathBuf;

use crate::command::{Failure, cargo, run};
use crate::powerset::{Package, published};

pub(crate) fn check() -> Result<(), Failure> {
    let published = published()?;
    forget(&published)?;
    // What is not committed yet is packaged too: a check before a commit is a check of what will be committed.
    run(cargo(&["package", "--quiet", "--locked", "--allow-dirty"])
        .args(by_name(&published))
        // As in the workspace's profile, which no package has: dependencies that are built already are taken.
        .env("CARGO_PROFILE_DEV_DEBUG", "false"))?;
    let names: Vec<_> = published.iter().map(|package| package.name.as_str()).collect();
    println!("package: built from its package: {}", names.join(", "));
    Ok(())
}

/// Removes what was made of earlier packages. Cargo takes a version of a package to be the same for ever, once it is
/// unpacked or built, and these hold something else at each run.
fn forget(packages: &[Package]) -> Result<(), Failure> {
    run(cargo(&["clean", "--quiet"]).args(by_name(packages)))?;
    for registry in local_registries()? {
        for Package { name, version, .. } in packages {
            let unpacked = registry.join(format!("{name}-{version}"));
            if unpacked.exists() {
                fs::remove_dir_all(&unpacked).map_err(|error| format!("{}: {error}", unpacked.display()))?;
            }
        }
    }
    Ok(())
}

fn by_name(packages: &[Package]) -> impl Iterator<Item = &str> {
    packages.iter().flat_map(|package| ["--package", &package.name])
}

/// Where Cargo unpacks packages of registries that are folders, as the one that it makes to verify packages: their
/// names begin with the host, and they have none.
fn local_registries() -> Result<Vec<PathBuf>, Failure> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let sources = home.ok_or("neither CARGO_HOME nor HOME is set")?.join("registry/src");
    let Ok(registries) = fs::read_dir(sources) else {
        return Ok(Vec::new());
    };
    let local = |registry: &fs::DirEntry| registry.file_name().to_string_lossy().starts_with('-');
    Ok(registries.flatten().filter(local).map(|registry| registry.path()).collect())
}

//! Debian's packages, unpacked into a folder of their own: nothing is installed, and no root is needed.
//!
//! They bring what rustup cannot on a machine that reaches no more than Debian's packages.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Failure, missing, run, text};

/// Where libraries are below a root; one of them looks for another by a path of the machine's.
const LIBRARIES: [&str; 3] =
    ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/pulseaudio"];

/// Packages that were unpacked: the root of a tree with `usr` in it.
pub(crate) struct Unpacked(PathBuf);

impl Unpacked {
    /// The packages, from the folder where an earlier run left them or from Debian.
    pub(crate) fn get(
        name: &str,
        packages: impl FnOnce() -> Result<Vec<String>, Failure>,
    ) -> Result<Self, Failure> {
        let folder = cache()?.join(name);
        let root = folder.join("root");
        if !root.is_dir() {
            println!("{name}: unpacking Debian's packages into {}", folder.display());
            unpack(&packages()?, &folder, &root)?;
        }
        Ok(Self(root))
    }

    /// The packages, where an earlier run left them.
    pub(crate) fn left(name: &str) -> Result<Option<Self>, Failure> {
        let root = cache()?.join(name).join("root");
        Ok(root.is_dir().then_some(Self(root)))
    }

    /// A program of the packages, which finds the libraries of the packages.
    pub(crate) fn program(&self, path: &str) -> Command {
        let mut program = Command::new(self.path(path));
        program.env("LD_LIBRARY_PATH", self.libraries());
        program
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    fn libraries(&self) -> OsString {
        env::join_paths(LIBRARIES.map(|folder| self.0.join(folder))).unwrap_or_default()
    }
}

/// Packages, and those that they need and the machine has not.
pub(crate) fn with_needed(packages: &[&str]) -> Result<Vec<String>, Failure> {
    update();
    let mut simulated = Command::new("apt-get");
    simulated.args(["install", "--simulate", "-qq", "--no-install-recommends"]).args(packages);
    let told = text(&mut simulated)
        .map_err(|_| missing(format!("there is no apt that has {}", packages.join(" and "))))?;
    let needed = told.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    let mut all: Vec<_> = packages.iter().copied().chain(needed).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// The version of a package that Debian offers and that begins with `wanted`.
pub(crate) fn version(package: &str, wanted: &str) -> Result<String, Failure> {
    update();
    let offered = text(Command::new("apt-cache").args(["madison", package]))
        .map_err(|_| missing(format!("there is no apt to bring {package} {wanted}")))?;
    let versions = offered.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim);
    let mut wanted_ones = versions.filter(|version| version.trim_start_matches("1:").starts_with(wanted));
    wanted_ones
        .next()
        .map(str::to_owned)
        .ok_or_else(|| missing(format!("Debian has no {package} {wanted} for this machine")))
}

/// Without root the lists are those that the machine has.
fn update() {
    let _ = Command::new("apt-get").args(["update", "-qq"]).output();
}

fn unpack(packages: &[String], folder: &Path, root: &Path) -> Result<(), Failure> {
    let (files, half) = (folder.join("packages"), folder.join("unpacking"));
    fs::create_dir_all(&files).map_err(|error| format!("no folder {}: {error}", files.display()))?;
    run(Command::new("apt-get").args(["download", "-qq"]).args(packages).current_dir(&files))
        .map_err(|failure| missing(format!("Debian's packages could not be had: {failure}")))?;
    for file in fs::read_dir(&files).map_err(|error| error.to_string())? {
        let file = file.map_err(|error| error.to_string())?.path();
        run(Command::new("dpkg").arg("-x").args([&file, &half]))?;
    }
    // In one step, so that a run that was broken off leaves nothing that looks whole.
    fs::rename(&half, root).map_err(|error| format!("{} could not be moved: {error}", half.display()))?;
    fs::remove_dir_all(&files).map_err(|error| error.to_string())
}

fn cache() -> Result<PathBuf, Failure> {
    let of_home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(of_home);
    cache.map(|folder| folder.join("auth0-mfa")).ok_or_else(|| missing("there is no HOME for a cache"))
}

//! Where Chromium is on this machine.

use std::env;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where libraries are below a root; one of them looks for another by a path of the machine's.
const LIBRARIES: [&str; 3] =
    ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/pulseaudio"];

/// A root with Debian's packages `chromium` and `chromium-driver` in it.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    root: PathBuf,
}

impl Installation {
    /// The machine's own, or the one that `cargo xtask chromium` has unpacked.
    ///
    /// Without one a test is left out, and says so; where `CI` is `true`, it fails.
    pub(crate) fn find() -> Option<Self> {
        let roots = [Some(PathBuf::from("/")), unpacked()];
        let mut found = roots.into_iter().flatten().map(|root| Self { root });
        let found = found.find(Self::is_whole);
        if found.is_none() {
            let is_demanded = env::var_os("CI").is_some_and(|value| value == "true");
            assert!(!is_demanded, "there is no Chromium, and CI=true demands it: cargo xtask chromium");
            // Past the test runner, which keeps to itself what is printed by a test that passes.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: there is no Chromium; `cargo xtask chromium` brings it"
            );
        }
        found
    }

    pub(crate) fn driver(&self) -> PathBuf {
        self.root.join("usr/bin/chromedriver")
    }

    /// Chromium itself, not the script in `usr/bin`, which reads settings of the machine.
    pub(crate) fn chromium(&self) -> PathBuf {
        self.root.join("usr/lib/chromium/chromium")
    }

    /// Where the libraries are that came with it.
    pub(crate) fn libraries(&self) -> OsString {
        let folders = LIBRARIES.map(|folder| self.root.join(folder));
        env::join_paths(folders).unwrap_or_default()
    }

    pub(crate) fn is_unpacked(&self) -> bool {
        self.root != Path::new("/")
    }

    fn is_whole(&self) -> bool {
        self.driver().is_file() && self.chromium().is_file()
    }
}

/// As `xtask/src/debian.rs` has it.
fn unpacked() -> Option<PathBuf> {
    let of_home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(of_home)?;
    Some(cache.join("auth0-mfa/chromium/root"))
}

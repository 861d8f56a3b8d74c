//! Rust 1.85, the oldest that the workspace promises to build with, as Debian 12 has it.

use std::process::Command;

use crate::command::{Failure, root};
use crate::debian::{self, Unpacked};

pub(crate) const VERSION: &str = "1.85";

/// The packages that have its version; the source of std is what WebAssembly is built from.
const RUST: [&str; 5] =
    ["rustc-web", "cargo-web", "libstd-rust-web-dev", "libstd-rust-web-1.85", "rust-web-src"];
/// What these link with, and a linker for WebAssembly.
const OTHERS: [&str; 10] = [
    "libllvm19",
    "libpcre3",
    "libgit2-1.5",
    "libhttp-parser2.9",
    "libz3-4",
    "libmbedtls14",
    "libmbedcrypto7",
    "libmbedx509-1",
    "libssh2-1",
    "lld-19",
];

pub(crate) struct Rust185(Unpacked);

impl Rust185 {
    pub(crate) fn get() -> Result<Self, Failure> {
        Unpacked::get("rust-1.85", || {
            let version = debian::version(RUST[0], VERSION)?;
            let rust = RUST.iter().map(|package| format!("{package}={version}"));
            Ok(rust.chain(OTHERS.map(str::to_owned)).collect())
        })
        .map(Self)
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = self.0.program("usr/bin/cargo");
        cargo
            .args(arguments)
            .current_dir(root())
            .env("RUSTC", self.0.path("usr/bin/rustc"))
            .env("RUSTDOC", self.0.path("usr/bin/rustdoc"))
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", self.0.path("usr/bin/wasm-ld-19"));
        cargo
    }
}

//! `cargo xtask purity`: core and the emulator's tenant do no I/O, have no clock and no randomness.
//!
//! The lints of their `clippy.toml` say so. That the lints bite is shown on a crate in which everything that they
//! forbid is planted.

use std::fs;

use crate::command::{Failure, cargo, output, root, run};

/// Crates whose `clippy.toml` makes them pure.
const PURE: [(&str, &str); 2] =
    [("auth0-mfa-core", "crates/core"), ("auth0-mfa-emulator", "crates/emulator")];

/// Lines that a pure crate must not have, with what the lint calls them.
const PLANTED: [(&str, &str); 8] = [
    ("std::time::SystemTime::now()", "std::time::SystemTime::now"),
    ("std::time::Instant::now()", "std::time::Instant::now"),
    ("std::env::var(\"HOME\")", "std::env::var"),
    ("std::fs::read(\"file\")", "std::fs::read"),
    ("std::thread::spawn(|| ())", "std::thread::spawn"),
    ("std::net::TcpStream::connect(\"127.0.0.1:1\")", "std::net::TcpStream"),
    ("std::collections::HashMap::<u8, u8>::new()", "std::collections::HashMap"),
    ("std::process::Command::new(\"true\")", "std::process::Command"),
];

pub(crate) fn check() -> Result<(), Failure> {
    for (package, folder) in PURE {
        run(&mut cargo(&["clippy", "--quiet", "--package", package, "--", "--deny", "warnings"]))?;
        lints_bite(package, folder)?;
        println!("purity: {package} is pure, and each of {} planted lines is caught", PLANTED.len());
    }
    Ok(())
}

fn lints_bite(package: &str, folder: &str) -> Result<(), Failure> {
    let planted = root().join("target/purity").join(package);
    let write = |name: &str, text: &str| {
        fs::write(planted.join(name), text).map_err(|error| format!("{name} could not be written: {error}"))
    };
    fs::create_dir_all(planted.join("src"))
        .map_err(|error| format!("no folder for the planted crate: {error}"))?;
    let lints = fs::read_to_string(root().join(folder).join("clippy.toml"))
        .map_err(|error| format!("{folder}/clippy.toml could not be read: {error}"))?;
    write("clippy.toml", &lints)?;
    write(
        "Cargo.toml",
        "[workspace]\n[package]\nname = \"planted\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
    )?;
    let lines = PLANTED.map(|(line, _)| format!("    let _ = {line};\n"));
    write("src/lib.rs", &format!("pub fn planted() {{\n{}}}\n", lines.concat()))?;

    let told = output(cargo(&["clippy", "--quiet", "--offline"]).current_dir(&planted))?;
    let told = String::from_utf8_lossy(&told.stderr);
    for (line, name) in PLANTED {
        let caught = told.contains(&format!("disallowed method `{name}`"))
            || told.contains(&format!("disallowed type `{name}`"));
        if !caught {
            return Err(format!("the lints of {folder} do not catch {line}: {told}"));
        }
    }
    Ok(())
}

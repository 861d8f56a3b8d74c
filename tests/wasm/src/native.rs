//! Plays the scene on standard input and prints the account.

use std::io::{Read, Write};

fn main() -> std::io::Result<()> {
    let mut scene = Vec::new();
    std::io::stdin().read_to_end(&mut scene)?;
    std::io::stdout().write_all(auth0_mfa_wasm::scene::play(&scene).as_bytes())
}

//! The recovery grant at the emulator: what `cargo xtask bench emulator` counts and times.

#![allow(missing_docs, reason = "a library for the programs beside it")]

pub mod bare;
pub mod chain;
pub mod client;
pub mod fixture;

use auth0_mfa_emulator::TokenFormat;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats};

/// Runs what is to be counted: callgrind collects everything under the function of this name.
#[inline(never)]
fn counted<T>(run: impl FnOnce() -> T) -> (T, Stats) {
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    let result = run();
    (result, region.change())
}

/// `<opaque|jwt> <count>`: what the programs that count are told.
///
/// # Panics
/// When it is something else.
pub fn arguments() -> (TokenFormat, usize) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [format, count] = arguments.as_slice() else { panic!("<opaque|jwt> <count>") };
    let format = match format.as_str() {
        "opaque" => TokenFormat::Opaque,
        "jwt" => TokenFormat::Jwt,
        _ => panic!("opaque or jwt"),
    };
    (format, count.parse().expect("a number"))
}

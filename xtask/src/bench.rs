//! `cargo xtask bench`: what a call costs, beside its closest peers.
//!
//! `bench core` counts instructions and allocations, without a network. No clock is read: callgrind counts
//! instructions, and an allocator counts what is asked of it, so that the figures are the same from run to run. The
//! programs that are counted are in `benches/core`.
//!
//! `bench transports` is about the same call on loopback; its programs are in `benches/transports`.
//!
//! `bench emulator` is about what the emulator makes of the call, counted and served; its programs are in
//! `benches/emulator`.

mod bars;
mod counts;
mod emulator;
mod figures;
mod golden;
mod table;
mod transports;

use clap::ValueEnum;

use crate::command::Failure;
use counts::{Counts, Measured};
use golden::Golden;

/// The subject that is ours, and the one that the bars are set against.
const OURS: &str = "auth0-mfa-core";
const CLOSEST: &str = "oauth2";

/// What there is to count.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// The recovery-code grant: `auth0-mfa-core`, `oauth2`, `tame-oauth`, plain serde and a floor.
    Core,
    /// The same over loopback: both clients, `hyper-util`, `ureq`, `reqwest` and `oauth2` over it. Takes minutes.
    Transports,
    /// The emulator's answer to a recovery-code grant, counted, and served beside bare `hyper`.
    Emulator,
}

/// Measures, prints, and checks the bars; for core and the emulator the golden figures as well, or writes these anew.
pub(crate) fn run(what: What, bless: bool) -> Result<(), Failure> {
    counts::bring("valgrind")?;
    match what {
        What::Core => core(bless),
        What::Transports if bless => Err("bench transports has no golden figures".to_owned()),
        What::Transports => transports::run(),
        What::Emulator => emulator::run(bless),
    }
}

/// The same as a part of `ci`, where a machine without valgrind is no failure.
pub(crate) fn check() -> Result<(), Failure> {
    if let Err(reason) = counts::bring("valgrind") {
        eprintln!("bench: NOT CHECKED, since there is no valgrind: {reason}");
        return Ok(());
    }
    core(false)
}

fn core(bless: bool) -> Result<(), Failure> {
    let measured = counts::measure()?;
    print!("{}", table::of(&measured));
    let failures = bars::missed(&measured)?;
    if !failures.is_empty() {
        return Err(failures.join("\n"));
    }
    println!("bench: the bars hold");
    let ours = measured.0.into_iter().filter(|row| row.subject == OURS);
    Golden::of(ours.map(|row| (row.scenario, row.counts)))?.settle("core", bless)
}

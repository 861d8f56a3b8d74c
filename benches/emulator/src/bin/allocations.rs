//! `allocations <opaque|jwt> <count>`: prints allocations and reallocations of so many recovery grants. A program of
//! its own, so that counting them costs no instructions in the other.

use std::alloc::System;

use bench_emulator::chain::Chain;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let (tokens, count) = bench_emulator::arguments();
    let mut chain = Chain::new(tokens);
    let (mut allocations, mut reallocations) = (0, 0);
    for _ in 0..count {
        let counted = chain.grant();
        allocations += counted.allocations;
        reallocations += counted.reallocations;
    }
    println!("{allocations} {reallocations}");
}

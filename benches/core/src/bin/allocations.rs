//! Prints a line for each scenario: subject, scenario, allocations, reallocations. A program of its own, so that
//! counting them costs no instructions in the other.

use std::alloc::System;

use bench_core::{Scenario, subjects};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    for subject in subjects::NAMES {
        for scenario in Scenario::ALL {
            let counted = subjects::play(subject, scenario);
            println!("{subject} {} {} {}", scenario.name(), counted.allocations, counted.reallocations);
        }
    }
}

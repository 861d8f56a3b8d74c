//! Random sequences of calls, moves of the clock and faults: the tenant and a much simpler model of it must agree on who
//! is enrolled, which code is good, and what is refused and how.
//!
//! The sequences are the same in every run; `PROPTEST_RNG_SEED` chooses others, and `PROPTEST_CASES` more of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answer;
mod grants;
mod limits;
mod mfa_api;
mod model;
mod step;
mod wire;
mod world;

use std::sync::atomic::Ordering;

use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::model::Model;
use crate::world::{STEPS, World};

/// How many sequences there are, and how long each is.
const SEQUENCES: u32 = 512;
const LENGTH: u32 = 200;
const _: () = assert!(SEQUENCES * LENGTH >= 100_000);

/// What `PROPTEST_CASES` is unless it is said.
const USUAL_CASES: u32 = 256;

/// With other one-time passwords in every run, two of them would now and then be the same by chance.
fn config() -> Config {
    let config = Config::default();
    let rng_seed = match config.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        chosen => chosen,
    };
    let cases = SEQUENCES * config.cases / USUAL_CASES;
    Config { cases, rng_seed, failure_persistence: None, ..config }
}

#[test]
fn the_tenant_and_the_model_agree_after_every_one_of_100_000_steps() {
    let config = config();
    let sequences = Model::sequential_strategy(LENGTH as usize);
    let outcome = TestRunner::new(config.clone()).run(&sequences, |(model, steps, seen)| {
        World::test_sequential(config.clone(), model, steps, seen);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let steps = STEPS.load(Ordering::Relaxed);
    println!("{steps} steps");
    assert_eq!(steps, u64::from(config.cases * LENGTH));
}

//! Random sequences of calls, moves of the clock and faults: the tenant and a much simpler model of it must agree on
//! who is enrolled, which code is good, and what is refused and how.
//!
//! The sequences are the same in every run; `PROPTEST_RNG_SEED` chooses others, and `PROPTEST_CASES` more of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answer;
mod draw;
mod grants;
mod limits;
mod met;
mod mfa_api;
mod model;
mod requests;
mod step;
mod wire;
mod world;

use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::model::Model;
use crate::world::World;

/// How many sequences there are on each of two threads, and how long each is.
const SEQUENCES: u32 = 250;
const THREADS: u64 = 2;
const LENGTH: u32 = 200;
/// What `PROPTEST_CASES` is unless it is said.
const USUAL_CASES: u32 = 256;

/// With other one-time passwords in every run, two of them would now and then be the same by chance.
fn config(thread: u64) -> Config {
    let config = Config::default();
    let seed = match config.rng_seed {
        RngSeed::Random => 0,
        RngSeed::Fixed(seed) => seed,
    };
    let rng_seed = RngSeed::Fixed(seed.wrapping_mul(THREADS).wrapping_add(thread));
    let cases = SEQUENCES * config.cases / USUAL_CASES;
    Config { cases, rng_seed, failure_persistence: None, ..config }
}

/// Answers how many steps were taken.
fn play(config: &Config) -> u64 {
    let sequences = Model::sequential_strategy(LENGTH as usize);
    let outcome = TestRunner::new(config.clone()).run(&sequences, |(model, steps, seen)| {
        World::test_sequential(config.clone(), model, steps, seen);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    u64::from(config.cases * LENGTH)
}

#[test]
fn the_tenant_and_the_model_agree_after_every_one_of_100_000_steps() {
    let least: u64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || play(&config(thread)))).collect();
        threads.into_iter().map(|thread| thread.join().expect("they agree")).sum()
    });
    let answers = met::answers();
    let steps: u64 = answers.values().sum();
    println!("{steps} steps: {answers:?}");
    assert_eq!(steps, least);
    if steps >= 100_000 {
        let never = answer::refusals().filter(|refusal| !answers.contains_key(refusal)).collect::<Vec<_>>();
        assert!(never.is_empty(), "never met: {never:?}");
    }
}

//! Any requests to the emulator's tenant, in any order, at any time.
#![no_main]

use oracles::tenant::{self, Step};

libfuzzer_sys::fuzz_target!(|steps: Vec<Step<'_>>| tenant::keeps_its_codes(&steps));

//! Any requests to the emulator's tenant, in any order, at any time.
#![no_main]

use oracles::tenant::{self, Steps};

libfuzzer_sys::fuzz_target!(|steps: Steps<'_>| tenant::keeps_its_codes(&steps));

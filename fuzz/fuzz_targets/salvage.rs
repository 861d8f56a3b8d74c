//! A reply that is made of pieces, with a new recovery code, and cut anywhere.
#![no_main]

use oracles::salvage::{self, Case};

libfuzzer_sys::fuzz_target!(|case: Case<'_>| salvage::is_whole_or_not_there(&case));

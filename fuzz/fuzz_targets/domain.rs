//! What a person types as a domain.
#![no_main]

libfuzzer_sys::fuzz_target!(|typed: &str| oracles::typed::domain(typed));

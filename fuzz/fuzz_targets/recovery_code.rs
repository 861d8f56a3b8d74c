//! What a person types as a recovery code.
#![no_main]

libfuzzer_sys::fuzz_target!(|typed: &str| oracles::typed::recovery_code(typed));

//! Any request, read by a server as every call.
#![no_main]

use oracles::{message, requests};

libfuzzer_sys::fuzz_target!(|data: &[u8]| requests::any(&message::request(data)));

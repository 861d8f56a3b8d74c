//! Core through its public API: properties that hold for any input, and tables of what the wire says and means.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod any_input;
mod calls;
mod canary;
mod contradictions;
mod dpop;
mod exact_requests;
mod fate;
mod headers;
mod json;
mod meaning;
mod mistakes;
mod needles;
mod next_calls;
mod next_steps;
mod no_runtime;
mod oob_poll;
mod regeneration;
mod round_trip;
mod salvage;
mod salvage_cases;
mod support;
mod values;
mod what_is_left;
mod wire;

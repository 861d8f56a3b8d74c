//! What is signed, and what is taken of what others signed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod any_input;
mod canary;
mod client_assertion;
mod dpop;
mod dpop_flow;
mod get_key_set;
mod id_token;
mod id_token_forgery;
mod support;

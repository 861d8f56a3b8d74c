//! The two clients, over transports without sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod delivery;
mod detached;
mod doubt;
mod dpop_repeat;
mod every_call;
mod first_factor;
mod management_api;
mod mfa_api;
mod poll_oob;
mod runbook;
mod settings;
mod support;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "tracing")]
mod traced;

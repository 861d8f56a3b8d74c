//! The contract of a transport, line by line, against scripted servers on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test may fail it"
)]

mod connections;
mod delivery;
mod fake_proxy;
mod once;
mod proxy;
mod quiet;
mod server;
mod support;
mod time;
mod tls;

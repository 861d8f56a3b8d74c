//! Tests across crates, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod canary;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod jwt;
mod story;
mod transports;

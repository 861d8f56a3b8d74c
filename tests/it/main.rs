//! Tests across crates, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod canary;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod jwt;
#[cfg(test)]
mod reqwest_clients;
#[cfg(test)]
mod services;
mod story;
mod transports;

//! The tenant, called as a client of the core calls it: no socket, no clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod associate;
mod authenticators;
mod brute_force;
#[allow(clippy::disallowed_types, reason = "clients have a clock")]
mod client_assertions;
mod client_certificates;
mod clients;
mod config;
mod determinism;
#[allow(clippy::disallowed_types, reason = "clients have a clock")]
mod dpop;
mod faults;
mod first_factor;
mod grants;
mod jwt;
mod log;
mod management;
mod mfa_api;
mod mfa_token;
mod otp;
mod rate_limit;
mod readme;
mod recovery_code;
mod replies;
mod reset;
mod secrecy;
mod support;
mod tokens;
mod transport;
mod try_limit;

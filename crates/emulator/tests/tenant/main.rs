//! The tenant, called as a client of the core calls it: no socket, no clock.

mod associate;
mod authenticators;
mod clients;
mod config;
mod determinism;
mod first_factor;
mod log;
mod mfa_token;
mod otp;
mod recovery_code;
mod replies;
mod secrecy;
mod support;
mod try_limit;

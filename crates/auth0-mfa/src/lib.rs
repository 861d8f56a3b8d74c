//! Challenge with Recovery Codes, and the MFA API of Auth0 around it.
//!
//! A user has lost the phone and types a recovery code. The call burns that single-use code and answers, once, with
//! tokens and the *next* code. This crate never loses the next code, always says what became of the old one, and
//! never shows a secret.
//!
//! # Which feature do I need?
//!
//! | You write | Feature | Client |
//! |---|---|---|
//! | an application on tokio | `hyper` | [`AsyncClient`] over `auth0_mfa::hyper::HyperTransport` |
//! | a command-line tool or another blocking program | `ureq` | [`BlockingClient`] over `auth0_mfa::ureq::UreqTransport` |
//! | a library whose user picks the transport | none | either client, generic over its transport |
//! | a program on a runtime of its own | none, or `auth0-mfa-core` alone | [`begin`] and [`Pending`] |
//!
//! Features only add a module. No transport is a default, and the transport is a value given at construction.
//!
//! # Do not drop the future
//!
//! Dropping the future of a call between sending and answer loses the reply, and with it the new code. Web frameworks
//! drop a handler when the browser goes away: spawn the call as a task of its own, and await that.
//!
//! Not affiliated with Auth0.

mod async_client;
mod blocking_client;

pub use async_client::AsyncClient;
pub use auth0_mfa_core::*;
pub use blocking_client::BlockingClient;

/// The async transport on hyper and rustls.
#[cfg(feature = "hyper")]
pub mod hyper {
    pub use auth0_mfa_transport_hyper::*;
}

/// The blocking transport on ureq and rustls.
#[cfg(feature = "ureq")]
pub mod ureq {
    pub use auth0_mfa_transport_ureq::*;
}

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "hyper", feature = "ureq"))]
#[doc = include_str!("../README.md")]
struct Readme;

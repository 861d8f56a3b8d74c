//! What the transports of auth0-mfa share, and what somebody who writes another one can use: the [settings](Builder),
//! TLS with an explicit provider and explicit roots, proxies, the pool of idle connections, and the [`Failure`] that
//! names the [`Phase`] in which a call ended. Nothing in it opens a connection.
//!
//! # Features
//!
//! | Feature | |
//! |---|---|
//! | `ring` (default) | [`crypto::ring`], which is used when no provider is given |
//! | `aws-lc-rs` | [`crypto::aws_lc_rs`], which is used when no provider is given and `ring` is off |
//! | `platform-verifier` | [`Builder::platform_verifier`]: trust in what the operating system trusts |
//!
//! All may be on at once. The default provider of the process is neither read nor set.

mod builder;
mod config_error;
pub mod crypto;
mod deadline;
mod failure;
mod origin;
mod pool;
pub mod proxy;
mod reply_bytes;
mod settings;
mod tls;

pub use builder::Builder;
pub use config_error::ConfigError;
pub use deadline::Deadline;
pub use failure::{Exceeded, Failure, Phase};
pub use origin::{NoOrigin, Origin};
pub use pool::{Pool, PoolLimits};
pub use reply_bytes::ReplyBytes;
pub use settings::Settings;

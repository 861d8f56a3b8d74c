//! DPoP: tokens that are of use only with a key (RFC 9449).

mod key;
mod nonces;
mod prover;

pub use key::{DpopKey, PrivateKeyPem};
pub use prover::DpopProver;

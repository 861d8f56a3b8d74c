//! Client assertions, DPoP proofs and ID tokens, each behind a feature of its name.
#![cfg_attr(all(feature = "private-key-jwt", feature = "dpop", feature = "id-token"), doc = include_str!("jwt.md"))]

pub use auth0_mfa_jwt::*;

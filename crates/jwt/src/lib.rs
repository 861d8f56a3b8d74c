//! Signed tokens around Auth0's MFA API: what an application signs, and what it is given signed.
//!
//! | Feature | What it is for | Begin with |
//! |---|---|---|
//! | `private-key-jwt` | an application that authenticates by [`PrivateKeyJwt`](auth0_mfa_core::ClientAuth::PrivateKeyJwt): an assertion for each request | `PrivateKeyJwtSigner` |
//! | `dpop` | tokens that are of use only with a key (RFC 9449): a proof for each request, and the nonces | `DpopProver` |
//! | `id-token` | who the user is, by a token that is validated first | `IdTokenValidator`, `GetKeySet` |
//!
//! No feature is a default. Nothing here opens a connection: assertions and proofs go into
//! [`CallOptions`](auth0_mfa_core::CallOptions), or whoever makes them into the settings of a client, and the keys for
//! ID tokens are fetched by a call like the others.
//! The time at which a token is signed, and the identifier that makes it unique, come from `Surroundings`; those of
//! the machine are the default. The time at which an ID token is judged is an argument.
//!
//! Private keys are shown by nothing. What is read of them is wiped; what ring keeps of them is not, because ring does
//! not wipe it.
//!
//! Not affiliated with Auth0.

#[cfg(any(feature = "private-key-jwt", feature = "id-token"))]
mod algorithm;
#[cfg(feature = "dpop")]
mod dpop;
#[cfg(feature = "id-token")]
mod id_token;
#[cfg(feature = "private-key-jwt")]
mod private_key_jwt;
#[cfg(any(feature = "private-key-jwt", feature = "dpop"))]
mod signing;

#[cfg(any(feature = "private-key-jwt", feature = "id-token"))]
pub use algorithm::Algorithm;
#[cfg(feature = "dpop")]
pub use dpop::{DpopKey, DpopProver, PrivateKeyPem};
#[cfg(feature = "id-token")]
pub use id_token::{GetKeySet, IdTokenClaims, IdTokenError, IdTokenValidator, KeySet};
#[cfg(feature = "private-key-jwt")]
pub use private_key_jwt::PrivateKeyJwtSigner;
#[cfg(any(feature = "private-key-jwt", feature = "dpop"))]
pub use signing::{InvalidKey, Machine, SigningError, Surroundings};

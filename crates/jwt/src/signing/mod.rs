//! What all that is signed has in common.

mod error;
mod jws;
mod private_key;
mod surroundings;

pub use error::SigningError;
pub(crate) use jws::{base64url, sign};
pub use private_key::InvalidKey;
pub(crate) use private_key::{Form, PrivateKeyDer};
pub(crate) use surroundings::seconds;
pub use surroundings::{Machine, Surroundings};

//! Who the user is, by a token that is validated first.

mod claims;
mod error;
mod get_key_set;
mod key_set;
mod validator;

pub use claims::IdTokenClaims;
pub use error::IdTokenError;
pub use get_key_set::GetKeySet;
pub use key_set::KeySet;
pub use validator::IdTokenValidator;

use base64ct::{Base64UrlUnpadded, Encoding};

/// What a part of a token, or a number of a key, stands for.
fn decoded(base64url: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(base64url).ok()
}

//! Secrets that are easily found where they show.

use std::error::Error;

/// A secret in a reply or a request: stands wherever the fuzzer writes [`PLACE`].
pub const CANARY: &str = "CANARYQ7WX3KZ9MPL4TRV8YH";

/// The recovery code that was sent: stands wherever the fuzzer writes [`PLACE_OF_SENT`].
pub const SENT_CODE: &str = "BURNTU5RTN2BQ8HJ6DKP1XWG";

const PLACE: u8 = 1;
const PLACE_OF_SENT: u8 = 2;

/// A secret that is cut short is one too; as text, and as `Debug` writes bytes.
const PIECES: [&str; 6] =
    ["CANARYQ7", "L4TRV8YH", "BURNTU5R", "6DKP1XWG", "67, 65, 78, 65, 82, 89", "66, 85, 82, 78, 84, 85"];

/// The text of the fuzzer with the secrets in their places.
pub fn put_in(text: &[u8]) -> Vec<u8> {
    let mut filled = Vec::with_capacity(text.len());
    for byte in text {
        match *byte {
            PLACE => filled.extend_from_slice(CANARY.as_bytes()),
            PLACE_OF_SENT => filled.extend_from_slice(SENT_CODE.as_bytes()),
            other => filled.push(other),
        }
    }
    filled
}

/// Whether a text has a piece of a secret in it.
pub fn is_in(text: &str) -> bool {
    PIECES.iter().any(|piece| text.contains(piece))
}

/// What is shown has no secret in it.
pub fn hides(shown: &str) {
    assert!(!is_in(shown), "a secret is shown: {shown}");
}

/// Neither an error nor its causes show a secret.
pub fn hides_in_error(error: &dyn Error) {
    hides(&format!("{error} {error:?}"));
    if let Some(source) = error.source() {
        hides_in_error(source);
    }
}

//! Why nothing was signed.

use std::fmt;

/// Nothing was signed: the machine gave no randomness, or a proof was asked for a URI that is none of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningError(&'static str);

impl SigningError {
    /// For example `SigningError::new("the machine gives no randomness")`; for other
    /// [`Surroundings`](crate::Surroundings).
    pub const fn new(reason: &'static str) -> Self {
        Self(reason)
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing was signed: {}", self.0)
    }
}

impl std::error::Error for SigningError {}

//! Values that nobody can guess.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use subtle::ConstantTimeEq;

/// 256 random bits as text: what a cookie and a form are known by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Unguessable(String);

impl Unguessable {
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(Base64UrlUnpadded::encode_string(&bytes)))
    }

    /// One that a browser sent.
    pub(crate) fn received(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Compares in a time that does not depend on where the two differ.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unguessable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

//! Why a value was refused when it was made.

use std::fmt;

/// A value that cannot be what it is meant to be: it names the field, never the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    field: &'static str,
    reason: &'static str,
}

impl InvalidValue {
    pub(crate) const fn new(field: &'static str, reason: &'static str) -> Self {
        Self { field, reason }
    }

    /// The field in Auth0's own words, for example `mfa_token`.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What is wrong with the value, as the end of a sentence that begins with the field.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.reason)
    }
}

impl std::error::Error for InvalidValue {}

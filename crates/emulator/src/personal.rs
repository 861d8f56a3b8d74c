//! What is personal, and is not shown by `Debug`: names of users and of their devices.

use std::fmt;

/// A text that is personal.
#[derive(PartialEq, Eq)]
pub(crate) struct Personal(pub(crate) String);

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

/// Stands in `Debug` for what is personal.
pub(crate) struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

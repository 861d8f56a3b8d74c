//! The time, as an argument.

use std::time::Duration;

/// A moment, as the time since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(Duration);

impl Timestamp {
    /// The moment this long after the Unix epoch.
    pub const fn from_unix(since_epoch: Duration) -> Self {
        Self(since_epoch)
    }

    /// The moment this many seconds after the Unix epoch.
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// How long after the Unix epoch this is.
    pub const fn since_unix(self) -> Duration {
        self.0
    }

    /// Whole seconds since the Unix epoch.
    pub const fn unix_seconds(self) -> u64 {
        self.0.as_secs()
    }

    /// How long after `earlier` this is; nothing when it is not after it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment this much later.
    #[must_use]
    pub const fn plus(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }
}

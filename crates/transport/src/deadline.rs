//! When a call, or a part of it, has to be over.

use std::time::{Duration, Instant};

use crate::Exceeded;

/// A point in time, and the limit that is exceeded when it comes.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    at: Instant,
    exceeded: Exceeded,
}

impl Deadline {
    /// The end of a call that begins now and may take `limit`.
    pub fn of_call(limit: Duration) -> Self {
        Self { at: after(limit), exceeded: Exceeded::CallTime(limit) }
    }

    /// The end of the connecting that begins now and may take `limit`, within this call.
    pub fn for_connecting(self, limit: Duration) -> Self {
        let connecting = Self { at: after(limit), exceeded: Exceeded::ConnectTime(limit) };
        if connecting.at < self.at { connecting } else { self }
    }

    /// The point in time.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// What is wrong once the time is over.
    pub fn exceeded(&self) -> Exceeded {
        self.exceeded
    }

    /// The time that is left.
    ///
    /// # Errors
    /// When none is.
    pub fn remaining(&self) -> Result<Duration, Exceeded> {
        let left = self.at.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.exceeded) } else { Ok(left) }
    }
}

/// A duration that no clock can represent is as good as a year.
fn after(limit: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 86_400);
    let now = Instant::now();
    now.checked_add(limit).unwrap_or(now + YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn connecting_is_over_with_the_call_at_the_latest() {
        let call = Deadline::of_call(Duration::ZERO);
        assert_eq!(call.for_connecting(LONG).exceeded(), Exceeded::CallTime(Duration::ZERO));
        assert_eq!(call.remaining(), Err(Exceeded::CallTime(Duration::ZERO)));
        let connecting = Deadline::of_call(LONG).for_connecting(Duration::ZERO);
        assert_eq!(connecting.remaining(), Err(Exceeded::ConnectTime(Duration::ZERO)));
    }

    #[test]
    fn the_longest_duration_is_a_deadline_too() {
        assert!(Deadline::of_call(Duration::MAX).remaining().is_ok());
    }
}

//! The one clock of the emulator: of a tenant that is hosted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Timestamp;

/// What a tenant takes the time from that is served or called through a transport. Clones are the same clock.
///
/// ```
/// use std::time::Duration;
///
/// use auth0_mfa_emulator::{Clock, Timestamp};
///
/// let clock = Clock::stopped_at(Timestamp::from_unix_seconds(1_700_000_000));
/// clock.advance(Duration::from_secs(600));
/// assert_eq!(clock.now(), Timestamp::from_unix_seconds(1_700_000_600));
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<State>>);

#[derive(Debug)]
enum State {
    /// The system's time, and this much more.
    Running {
        ahead: Duration,
    },
    Stopped(Timestamp),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(State::Running { ahead: Duration::ZERO })))
    }

    /// A clock that stands still until it is told otherwise.
    pub fn stopped_at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(State::Stopped(now))))
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        self.state(|state| match state {
            State::Running { ahead } => system_now().plus(*ahead),
            State::Stopped(now) => *now,
        })
    }

    /// Puts the clock forward. One that runs goes on running.
    pub fn advance(&self, by: Duration) {
        self.state(|state| match state {
            State::Running { ahead } => *ahead = ahead.saturating_add(by),
            State::Stopped(now) => *now = now.plus(by),
        });
    }

    /// Whether the clock goes on by itself.
    pub fn is_running(&self) -> bool {
        self.state(|state| matches!(state, State::Running { .. }))
    }

    /// Makes it the system's clock again.
    pub fn follow_system(&self) {
        self.state(|state| *state = State::Running { ahead: Duration::ZERO });
    }

    /// Stops the clock at this moment.
    pub fn stop_at(&self, now: Timestamp) {
        self.state(|state| *state = State::Stopped(now));
    }

    fn state<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

/// A system clock that stands before 1970 counts as 1970.
fn system_now() -> Timestamp {
    Timestamp::from_unix(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

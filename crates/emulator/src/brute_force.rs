//! Brute-force protection: how many wrong passwords in a row block a user, from the address that they come from.

use std::time::Duration;

use crate::{Behaviour, Timestamp};

/// The wrong passwords of a user from one address since the last right one.
#[derive(Debug, Default)]
pub(crate) struct WrongPasswords {
    count: u32,
    last: Timestamp,
}

impl WrongPasswords {
    /// Whether not even the right password is taken.
    pub(crate) fn block(&self, behaviour: &Behaviour, now: Timestamp) -> bool {
        let block = Duration::from_secs(behaviour.password_block_seconds);
        self.count >= behaviour.password_failures_allowed && now.since(self.last) < block
    }

    pub(crate) fn add(&mut self, behaviour: &Behaviour, now: Timestamp) {
        // A block that has ended gives all tries back.
        let has_ended = self.count >= behaviour.password_failures_allowed;
        self.count = if has_ended { 1 } else { self.count + 1 };
        self.last = now;
    }

    pub(crate) fn forget(&mut self) {
        self.count = 0;
    }
}

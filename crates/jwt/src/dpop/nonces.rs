//! The last nonce of each server.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// By origin: a nonce of one server says nothing to another (RFC 9449, 8.2).
#[derive(Default)]
pub(super) struct Nonces(Mutex<BTreeMap<String, String>>);

impl Nonces {
    pub(super) fn remember(&self, origin: String, nonce: String) {
        self.lock().insert(origin, nonce);
    }

    pub(super) fn last(&self, origin: &str) -> Option<String> {
        self.lock().get(origin).cloned()
    }

    /// A thread that panicked in between left a whole map behind.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonces of {} servers", self.lock().len())
    }
}

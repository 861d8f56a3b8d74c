//! What has happened in the call that a lane carries now.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::error::Phase;

/// Shared by a lane, its dialer and its connection. A lane carries one call at a time, so what stands here belongs to
/// that call and to no other.
#[derive(Clone, Debug)]
pub(crate) struct Journal(Arc<Mutex<Entry>>);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// When the whole call has to be over.
    pub(crate) deadline: Instant,
    /// How far the call has come.
    pub(crate) phase: Phase,
    /// Whether a connection was opened for this call.
    pub(crate) dialed: bool,
    /// Bytes of the request that were offered to the connection. They are counted before they are written, because a
    /// write that fails may have passed some of them on.
    pub(crate) request_bytes: usize,
    /// Bytes of the reply that arrived.
    pub(crate) reply_bytes: usize,
    /// Whether the connection failed, other than by running out of time.
    pub(crate) broken: bool,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Entry::new(Instant::now()))))
    }

    /// Starts over for the next call.
    pub(crate) fn begin(&self, deadline: Instant) {
        self.note(|entry| *entry = Entry::new(deadline));
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut Entry)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn read(&self) -> Entry {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            phase: Phase::Prepare,
            dialed: false,
            request_bytes: 0,
            reply_bytes: 0,
            broken: false,
        }
    }
}

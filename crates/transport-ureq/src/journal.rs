//! What has happened in the call that a lane carries now.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use auth0_mfa_transport::{Deadline, Phase};

/// Shared by a lane, its dialer and its connection. A lane carries one call at a time, so what stands here belongs to
/// that call and to no other.
#[derive(Clone, Debug)]
pub(crate) struct Journal(Arc<Mutex<Entry>>);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// When the whole call has to be over.
    pub(crate) deadline: Deadline,
    /// How far the call has come.
    pub(crate) phase: Phase,
    /// Since when the lane has the connection that it has. It outlives the call.
    pub(crate) opened: Option<Instant>,
    /// Whether a connection was opened for this call.
    pub(crate) dialed: bool,
    /// How many bytes the request takes, so that it can be handed over in one piece.
    pub(crate) room: usize,
    /// Whether a head that is to be sent waits for the body behind it.
    pub(crate) head_waits: bool,
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
        Self(Arc::new(Mutex::new(Entry::new(Deadline::of_call(Duration::ZERO)))))
    }

    /// Starts over for the next call, on the connection that is there.
    pub(crate) fn begin(&self, deadline: Deadline, room: usize, head_waits: bool) {
        self.note(|entry| {
            *entry = Entry { opened: entry.opened, room, head_waits, ..Entry::new(deadline) };
        });
    }

    pub(crate) fn note<T>(&self, change: impl FnOnce(&mut Entry) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn read(&self) -> Entry {
        self.note(|entry| *entry)
    }
}

impl Entry {
    fn new(deadline: Deadline) -> Self {
        Self {
            deadline,
            phase: Phase::Prepare,
            opened: None,
            dialed: false,
            room: 0,
            head_waits: false,
            request_bytes: 0,
            reply_bytes: 0,
            broken: false,
        }
    }
}

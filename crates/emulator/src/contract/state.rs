//! What the threads of a server share: the record of each connection, and the word to stop.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Outcome, Seen};

/// Shared by the server and its threads.
#[derive(Debug)]
pub(super) struct State {
    shared: Mutex<Shared>,
    changed: Condvar,
}

/// What stands behind the lock.
#[derive(Debug)]
pub(super) struct Shared {
    /// The server is to stop; never taken back.
    stopped: bool,
    /// The thread that accepts connections is still there.
    accepting: bool,
    /// How many threads wait for a change.
    waiting: usize,
    /// By number of the connection.
    pub(super) connections: Vec<Seen>,
}

impl Shared {
    /// Whether no thread is left that could change anything.
    pub(super) fn is_over(&self) -> bool {
        !self.accepting && self.connections.iter().all(|seen| seen.outcome.is_some())
    }
}

impl State {
    pub(super) fn new() -> Self {
        let shared = Shared { stopped: false, accepting: true, waiting: 0, connections: Vec::new() };
        Self { shared: Mutex::new(shared), changed: Condvar::new() }
    }

    /// Counts a connection and gives its number.
    pub(super) fn accepted(&self) -> usize {
        self.change(|shared| {
            shared.connections.push(Seen::default());
            shared.connections.len() - 1
        })
    }

    /// Adds `bytes` to what the connection has seen.
    pub(super) fn record(&self, connection: usize, bytes: &[u8]) {
        self.change_connection(connection, |seen| seen.bytes.extend_from_slice(bytes));
    }

    /// Notes that a request was read whole.
    pub(super) fn request_ended(&self, connection: usize) {
        self.change_connection(connection, |seen| seen.request_ends.push(seen.bytes.len()));
    }

    /// Notes that the connection's socket is closed.
    pub(super) fn closed(&self, connection: usize, outcome: Outcome) {
        self.change_connection(connection, |seen| seen.outcome = Some(outcome));
    }

    /// Notes that no further connection will be accepted.
    pub(super) fn accepts_no_more(&self) {
        self.change(|shared| shared.accepting = false);
    }

    /// Tells all threads to stop.
    pub(super) fn stop(&self) {
        self.change(|shared| shared.stopped = true);
    }

    /// Whether the threads are to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// Fails when the threads are to stop.
    pub(super) fn check(&self) -> io::Result<()> {
        if self.is_stopped() { Err(io::Error::other("the scripted server stops")) } else { Ok(()) }
    }

    /// Waits for `duration`, or until the threads are to stop.
    pub(super) fn pause(&self, duration: Duration) {
        self.wait_until(duration, |shared| shared.stopped.then_some(()));
    }

    /// What `look` finds, as soon as it finds something, `within` this time.
    pub(super) fn wait_until<T>(
        &self,
        within: Duration,
        mut look: impl FnMut(&Shared) -> Option<T>,
    ) -> Option<T> {
        let mut found = None;
        let keep_waiting = |shared: &mut Shared| {
            found = look(shared);
            found.is_none()
        };
        let mut shared = self.lock();
        shared.waiting += 1;
        let waited = self.changed.wait_timeout_while(shared, within, keep_waiting);
        let (mut shared, _) = waited.unwrap_or_else(PoisonError::into_inner);
        shared.waiting -= 1;
        drop(shared);
        found
    }

    /// What `look` reads, now.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Shared) -> T) -> T {
        look(&self.lock())
    }

    fn change_connection(&self, connection: usize, change: impl FnOnce(&mut Seen)) {
        self.change(|shared| shared.connections.get_mut(connection).map(change));
    }

    fn change<T>(&self, change: impl FnOnce(&mut Shared) -> T) -> T {
        let mut shared = self.lock();
        let result = change(&mut shared);
        // A record changes with each byte, and a wake-up that nobody hears costs a call to the system too.
        if shared.waiting > 0 {
            self.changed.notify_all();
        }
        result
    }

    /// A thread that panicked while it held the lock cannot have left a half-made change worth hiding from a test.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

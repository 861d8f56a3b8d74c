//! Connections that wait for their next request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use auth0_mfa_core::Domain;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::connection::Connection;

pub(crate) struct Pool {
    idle_timeout: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: HashMap<Domain, Vec<Idle>>,
    sweeper: Option<JoinHandle<()>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(idle_timeout: Duration) -> Self {
        Self { idle_timeout, state: Mutex::default() }
    }

    /// The connection that waited the shortest. Those found dead or too old on the way are closed.
    pub(crate) fn take(&self, origin: &Domain) -> Option<Connection> {
        let mut state = self.lock();
        let waiting = state.idle.get_mut(origin)?;
        while let Some(idle) = waiting.pop() {
            if self.is_young(&idle) && idle.connection.is_ready() {
                return Some(idle.connection);
            }
        }
        None
    }

    /// Keeps a connection whose reply was read to its end.
    pub(crate) fn put(self: &Arc<Self>, origin: Domain, connection: Connection) {
        if self.idle_timeout.is_zero() || connection.is_closed() {
            return;
        }
        let idle = Idle { connection: connection.for_reuse(), since: Instant::now() };
        let mut state = self.lock();
        state.idle.entry(origin).or_default().push(idle);
        // A sweeper that ended on its own was taken out; one whose runtime ended was not.
        if state.sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
            state.sweeper = Some(tokio::spawn(sweep(Arc::downgrade(self), self.idle_timeout)));
        }
    }

    /// Closes what is dead or too old, and says whether anything is left.
    fn close_old(&self) -> bool {
        let mut state = self.lock();
        for waiting in state.idle.values_mut() {
            waiting.retain(|idle| self.is_young(idle) && !idle.connection.is_closed());
        }
        state.idle.retain(|_, waiting| !waiting.is_empty());
        let any_left = !state.idle.is_empty();
        if !any_left {
            state.sweeper = None;
        }
        any_left
    }

    fn is_young(&self, idle: &Idle) -> bool {
        idle.since.elapsed() < self.idle_timeout
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes old connections when no call comes by to do it. Ends with the last of them, or with the pool.
async fn sweep(pool: Weak<Pool>, idle_timeout: Duration) {
    loop {
        tokio::time::sleep(idle_timeout).await;
        if !pool.upgrade().is_some_and(|pool| pool.close_old()) {
            return;
        }
    }
}

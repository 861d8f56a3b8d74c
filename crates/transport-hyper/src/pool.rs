//! Connections that wait for their next request, and the task that closes old ones.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use auth0_mfa_transport::{Origin, Pool as Idle, PoolLimits};
use tokio::task::JoinHandle;

use crate::connection::Connection;

pub(crate) struct Pool {
    limits: PoolLimits,
    idle: Idle<Connection>,
    sweeper: Mutex<Option<JoinHandle<()>>>,
}

impl Pool {
    pub(crate) fn new(limits: PoolLimits) -> Self {
        Self { limits, idle: Idle::new(limits), sweeper: Mutex::default() }
    }

    /// A connection that can send right now.
    pub(crate) fn take(&self, origin: &Origin) -> Option<Connection> {
        self.idle.take(origin, |connection| connection.is_ready()).map(|(connection, _)| connection)
    }

    /// Keeps a connection whose reply was read to its end.
    pub(crate) fn put(self: &Arc<Self>, origin: Origin, connection: Connection) {
        if connection.is_closed() {
            return;
        }
        let opened = connection.opened();
        self.idle.put(origin, connection.for_reuse(), opened);
        let mut sweeper = self.sweeper.lock().unwrap_or_else(PoisonError::into_inner);
        // One that found nothing left ended, as does one whose runtime ended.
        if sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
            *sweeper = Some(tokio::spawn(sweep(Arc::downgrade(self), self.limits.idle_timeout)));
        }
    }
}

/// The least time between two looks.
const TICK: Duration = Duration::from_millis(10);

/// Closes old connections when no call comes by to do it. Ends when it finds none, or with the pool.
async fn sweep(pool: Weak<Pool>, idle_timeout: Duration) {
    loop {
        tokio::time::sleep(idle_timeout.max(TICK)).await;
        if !pool.upgrade().is_some_and(|pool| pool.idle.close_old(|connection| !connection.is_closed())) {
            return;
        }
    }
}

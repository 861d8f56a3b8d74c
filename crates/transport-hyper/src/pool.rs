//! Connections that wait for their next request, and the task that closes old ones.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
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
        self.idle.take(origin, Connection::is_still_idle).map(|(connection, _)| connection)
    }

    /// Keeps an idle connection.
    pub(crate) fn put(self: &Arc<Self>, origin: Origin, connection: Connection) {
        let opened = connection.opened();
        self.idle.put(origin, connection.for_reuse(), opened);
        let mut sweeper = self.sweeper();
        // Its runtime may have ended under it.
        if sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
            let new = Sweeper(Arc::downgrade(self));
            *sweeper = Some(tokio::spawn(new.sweep(self.limits.idle_timeout)));
        }
    }

    /// Closes old connections; says whether any are left. The sweeper is dismissed with the last, under its lock: a
    /// connection that comes in meanwhile is either seen here or begins another.
    fn close_old(&self) -> bool {
        let mut sweeper = self.sweeper();
        let left = self.idle.close_old(Connection::is_still_idle);
        if !left {
            *sweeper = None;
        }
        left
    }

    fn sweeper(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.sweeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The least time between two looks.
const TICK: Duration = Duration::from_millis(10);

/// Closes old connections when no call comes by to do it.
struct Sweeper(Weak<Pool>);

impl Sweeper {
    /// Ends when it finds no connection, or with the pool.
    async fn sweep(mut self, idle_timeout: Duration) {
        loop {
            tokio::time::sleep(idle_timeout.max(TICK)).await;
            if !self.0.upgrade().is_some_and(|pool| pool.close_old()) {
                self.0 = Weak::new();
                return;
            }
        }
    }
}

impl Drop for Sweeper {
    /// Its runtime ends, and with it the connections that were opened there. Those of other runtimes are opened anew.
    fn drop(&mut self) {
        if let Some(pool) = self.0.upgrade() {
            pool.idle.close_old(|_| false);
        }
    }
}

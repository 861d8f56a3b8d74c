//! Connections that wait for their next request, and the tasks that close old ones.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use auth0_mfa_transport::{Deadline, Origin, Pool as Idle, PoolLimits};

use crate::Runtime;
use crate::connection::Connection;
use crate::stream::Stream;

/// A connection comes on only while the runtime runs that opened it, so that each runtime has its own.
pub(crate) struct Pool<R: Runtime> {
    limits: PoolLimits,
    of_runtimes: Mutex<Vec<OfRuntime<R>>>,
}

struct OfRuntime<R: Runtime> {
    id: R::Id,
    idle: Idle<Pooled<R>>,
}

pub(crate) type Pooled<R> = Box<Connection<Stream<<R as Runtime>::Stream>>>;

impl<R: Runtime> Pool<R> {
    pub(crate) fn new(limits: PoolLimits) -> Self {
        Self { limits, of_runtimes: Mutex::default() }
    }

    /// A connection of this runtime that can send right now.
    pub(crate) fn take(&self, id: R::Id, origin: &Origin) -> Option<Pooled<R>> {
        let of_runtimes = self.lock();
        let of_this = of_runtimes.iter().find(|of| of.id == id)?;
        of_this.idle.take(origin, |connection| connection.is_still_idle()).map(|(connection, _)| connection)
    }

    /// Keeps an idle connection of this runtime.
    pub(crate) fn put(self: &Arc<Self>, runtime: &Arc<R>, id: R::Id, origin: Origin, connection: Pooled<R>) {
        let opened = connection.opened();
        let mut of_runtimes = self.lock();
        if let Some(of_this) = of_runtimes.iter().find(|of| of.id == id) {
            return of_this.idle.put(origin, connection.for_reuse(), opened);
        }
        // A call that was begun elsewhere: nobody here would notice when that runtime ends.
        if !runtime.id().is_ok_and(|here| here == id) {
            return;
        }
        let idle = Idle::new(self.limits);
        idle.put(origin, connection.for_reuse(), opened);
        of_runtimes.push(OfRuntime { id, idle });
        drop(of_runtimes);
        // Not under the lock: a runtime that is about to end drops it at once.
        let sweeper = Sweeper { pool: Arc::downgrade(self), runtime: Arc::downgrade(runtime), id };
        runtime.spawn(sweeper.sweep(self.limits.idle_timeout));
    }

    /// Closes old connections; says whether any are left. With the last one goes their place, under the lock: a
    /// connection that comes in meanwhile is either seen here or begins anew, with a sweeper of its own.
    fn close_old(&self, id: R::Id) -> bool {
        let mut of_runtimes = self.lock();
        let of_this = of_runtimes.iter().find(|of| of.id == id);
        let left = of_this.is_some_and(|of| of.idle.close_old(|connection| connection.is_still_idle()));
        if !left {
            of_runtimes.retain(|of| of.id != id);
        }
        left
    }

    fn lock(&self) -> MutexGuard<'_, Vec<OfRuntime<R>>> {
        self.of_runtimes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The least time between two looks.
const TICK: Duration = Duration::from_millis(10);

/// Closes the old connections of a runtime when no call comes by to do it.
///
/// It is a task of the runtime, which may be held by nobody else any more: it must not keep it alive.
struct Sweeper<R: Runtime> {
    pool: Weak<Pool<R>>,
    runtime: Weak<R>,
    id: R::Id,
}

impl<R: Runtime> Sweeper<R> {
    /// Ends when it finds no connection, or with the pool.
    async fn sweep(mut self, idle_timeout: Duration) {
        while let Some(sleep) = self.sleep(idle_timeout.max(TICK)) {
            sleep.await;
            if !self.pool.upgrade().is_some_and(|pool| pool.close_old(self.id)) {
                self.pool = Weak::new();
                return;
            }
        }
    }

    /// `None` when the transport has gone, and the pool with it.
    fn sleep(&self, time: Duration) -> Option<R::Sleep> {
        self.runtime.upgrade().map(|runtime| runtime.sleep_until(Deadline::of_call(time).at()))
    }
}

impl<R: Runtime> Drop for Sweeper<R> {
    /// The runtime ends, and with it its connections.
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.lock().retain(|of| of.id != self.id);
        }
    }
}

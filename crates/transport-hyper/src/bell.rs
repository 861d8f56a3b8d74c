//! Wakes the call that waits on a connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

/// Wakes whoever waits, once, and nobody when none does. What the connection leaves behind of one call, a waker in a
/// channel or with the runtime's I/O, so costs the next one no look.
#[derive(Default)]
pub(crate) struct Bell(Mutex<Option<Waker>>);

impl Bell {
    /// The task of this context waits.
    #[inline]
    pub(crate) fn wait(&self, context: &Context<'_>) {
        let mut waits = self.lock();
        if !waits.as_ref().is_some_and(|waits| waits.will_wake(context.waker())) {
            *waits = Some(context.waker().clone());
        }
    }

    /// Nobody waits any more.
    #[inline]
    pub(crate) fn mute(&self) {
        *self.lock() = None;
    }

    #[inline]
    fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    #[inline]
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline]
    fn wake_by_ref(self: &Arc<Self>) {
        let waits = self.lock().take();
        if let Some(waker) = waits {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn who_waits_is_woken_once_and_nobody_else() {
        let (bell, woken) = (Arc::new(Bell::default()), Arc::new(Woken::default()));
        let (ring, waker) = (Waker::from(Arc::clone(&bell)), Waker::from(Arc::clone(&woken)));
        let wait = || bell.wait(&Context::from_waker(&waker));

        ring.wake_by_ref();
        wait();
        wait();
        ring.wake_by_ref();
        ring.wake_by_ref();
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);

        wait();
        bell.mute();
        ring.wake();
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    }
}

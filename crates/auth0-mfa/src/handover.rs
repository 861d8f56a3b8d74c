//! One value on its way from a task to whoever awaits it, or to a handler when nobody does any more. It reaches one of
//! the two, whatever happens first.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

type Handler<T> = Box<dyn FnOnce(T) + Send>;

/// The two ends of a hand-over.
pub(crate) fn handover<T>(on_orphaned: impl FnOnce(T) + Send + 'static) -> (Giver<T>, Taker<T>) {
    let place = Arc::new(Place(Mutex::new(State::Awaited(None, Box::new(on_orphaned)))));
    (Giver(Arc::clone(&place)), Taker(place))
}

pub(crate) struct Giver<T>(Arc<Place<T>>);

/// A future of the value. Dropped, it leaves the value to the handler.
pub(crate) struct Taker<T>(Arc<Place<T>>);

/// Each change of state is one step under the lock, so that none can come between.
struct Place<T>(Mutex<State<T>>);

enum State<T> {
    Awaited(Option<Waker>, Handler<T>),
    Given(T, Handler<T>),
    Orphaned(Handler<T>),
    Over,
}

impl<T> Place<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Giver<T> {
    pub(crate) fn give(self, value: T) {
        let mut state = self.0.state();
        match std::mem::replace(&mut *state, State::Over) {
            State::Awaited(waker, handler) => {
                *state = State::Given(value, handler);
                drop(state);
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
            State::Orphaned(handler) => {
                drop(state);
                handler(value);
            }
            // There is one giver, and it gives once.
            State::Given(..) | State::Over => {}
        }
    }
}

impl<T> Future for Taker<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let waker = context.waker().clone();
        let mut state = self.0.state();
        match std::mem::replace(&mut *state, State::Over) {
            State::Given(value, _) => return Poll::Ready(value),
            State::Awaited(earlier, handler) => {
                *state = State::Awaited(Some(waker), handler);
                drop(state);
                // What a waker does when it is dropped is not known: not under the lock.
                drop(earlier);
            }
            // Polled after the end.
            before @ (State::Orphaned(_) | State::Over) => *state = before,
        }
        Poll::Pending
    }
}

impl<T> Drop for Taker<T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        match std::mem::replace(&mut *state, State::Over) {
            State::Awaited(_, handler) => *state = State::Orphaned(handler),
            State::Given(value, handler) => {
                drop(state);
                handler(value);
            }
            State::Orphaned(_) | State::Over => {}
        }
    }
}

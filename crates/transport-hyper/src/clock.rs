//! The one timer of a call.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use auth0_mfa_transport::{Deadline, Exceeded};

use crate::Runtime;

/// Bounds one part of a call after the other.
pub(crate) struct Clock<'a, R: Runtime> {
    sleep: Pin<&'a mut R::Sleep>,
    deadline: Deadline,
}

/// A timer that rings at a deadline, to be pinned for a [`Clock`]. The deadline by value: a future that borrows what it
/// holds keeps it.
pub(crate) fn timer<R: Runtime>(runtime: &R, deadline: Deadline) -> R::Sleep {
    runtime.sleep_until(deadline.at())
}

impl<'a, R: Runtime> Clock<'a, R> {
    /// `sleep` was made by [`timer`] for the same deadline.
    pub(crate) fn new(sleep: Pin<&'a mut R::Sleep>, deadline: Deadline) -> Self {
        Self { sleep, deadline }
    }

    pub(crate) fn set(&mut self, runtime: &R, deadline: Deadline) {
        if deadline.at() != self.deadline.at() {
            self.sleep.set(timer(runtime, deadline));
        }
        self.deadline = deadline;
    }

    /// What the future comes to, unless the time is over before.
    pub(crate) async fn within<F: Future>(&mut self, mut future: Pin<&mut F>) -> Result<F::Output, Exceeded> {
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            self.sleep.as_mut().poll(context).map(|_| Err(self.deadline.exceeded()))
        })
        .await
    }
}

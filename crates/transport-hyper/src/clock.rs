//! The one timer of a call.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use auth0_mfa_transport::{Deadline, Exceeded};

use crate::Runtime;

/// Bounds one part of a call after the other.
pub(crate) struct Clock<'a, R: Runtime> {
    runtime: &'a R,
    sleep: Pin<&'a mut R::Sleep>,
    deadline: Deadline,
}

impl<'a, R: Runtime> Clock<'a, R> {
    /// `sleep` is one of the runtime, until the deadline.
    pub(crate) fn new(runtime: &'a R, sleep: Pin<&'a mut R::Sleep>, deadline: Deadline) -> Self {
        Self { runtime, sleep, deadline }
    }

    pub(crate) fn set(&mut self, deadline: Deadline) {
        if deadline.at() != self.deadline.at() {
            self.sleep.set(self.runtime.sleep_until(deadline.at()));
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

//! The one timer of a call.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use auth0_mfa_transport::{Deadline, Exceeded};
use tokio::time::{Sleep, sleep_until};

/// Bounds one part of a call after the other; it is set again, never made anew.
pub(crate) struct Clock<'a> {
    sleep: Pin<&'a mut Sleep>,
    deadline: Deadline,
}

/// A timer that rings at a deadline, to be pinned for a [`Clock`].
pub(crate) fn timer(deadline: Deadline) -> Sleep {
    sleep_until(deadline.at().into())
}

impl<'a> Clock<'a> {
    /// `sleep` was made by [`timer`] for the same deadline.
    pub(crate) fn new(sleep: Pin<&'a mut Sleep>, deadline: Deadline) -> Self {
        Self { sleep, deadline }
    }

    pub(crate) fn set(&mut self, deadline: Deadline) {
        if deadline.at() != self.deadline.at() {
            self.sleep.as_mut().reset(deadline.at().into());
        }
        self.deadline = deadline;
    }

    /// What the future comes to, unless the time is over before.
    pub(crate) async fn within<F: Future>(&mut self, mut future: Pin<&mut F>) -> Result<F::Output, Exceeded> {
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            self.sleep.as_mut().poll(context).map(|()| Err(self.deadline.exceeded()))
        })
        .await
    }
}

//! The body of a reply on its way, whole or cut off.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth0_mfa_core::Body;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};

pub(super) struct ReplyBody {
    /// What is still to be handed over.
    left: Bytes,
    /// How many bytes are announced beyond these, and never come.
    missing: u64,
    is_flushed: bool,
}

/// The connection is to end here, as it was planned.
#[derive(Debug)]
pub(super) struct Cut;

impl ReplyBody {
    /// The first bytes of a body whose whole length is announced.
    pub(super) fn cut(body: Body, bytes: usize) -> Self {
        let missing = body.len().saturating_sub(bytes);
        let mut left = Bytes::from_owner(Exposed(body));
        left.truncate(bytes);
        Self { left, missing: u64::try_from(missing).unwrap_or(u64::MAX), is_flushed: false }
    }
}

impl From<Body> for ReplyBody {
    fn from(body: Body) -> Self {
        Self { left: Bytes::from_owner(Exposed(body)), missing: 0, is_flushed: false }
    }
}

impl From<&'static str> for ReplyBody {
    fn from(text: &'static str) -> Self {
        Self { left: Bytes::from_static(text.as_bytes()), missing: 0, is_flushed: false }
    }
}

impl hyper::body::Body for ReplyBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if !self.left.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.left)))));
        }
        if self.missing == 0 {
            return Poll::Ready(None);
        }
        // hyper writes what it has while it waits, and nothing any more after an error.
        if !self.is_flushed {
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(Cut)))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.missing == 0
    }

    fn size_hint(&self) -> SizeHint {
        let left = u64::try_from(self.left.len()).unwrap_or(u64::MAX);
        SizeHint::with_exact(left.saturating_add(self.missing))
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection ends here, as planned")
    }
}

impl std::error::Error for Cut {}

/// Hands the bytes to hyper without a copy that would not be wiped.
struct Exposed(Body);

impl AsRef<[u8]> for Exposed {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

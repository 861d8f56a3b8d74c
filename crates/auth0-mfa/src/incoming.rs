//! Reads the reply of an HTTP client of the user's choice: up to a cap, and up to a deadline.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{BoxError, TransportError};
use bytes::Buf;
use http::Response;

/// How many bytes the body of a reply may have, unless set otherwise.
pub(crate) const MAX_REPLY_BYTES: usize = 256 * 1024;

/// A reply that announces more is believed when it comes: replies of this API are small.
const MOST_AHEAD: u64 = 16 * 1024;

/// The body of a reply is longer than it may be. What there was room for was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyTooLong {
    max_reply_bytes: usize,
}

impl ReplyTooLong {
    /// How many bytes it may have.
    pub fn max_reply_bytes(&self) -> usize {
        self.max_reply_bytes
    }
}

impl fmt::Display for ReplyTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the reply is longer than {} bytes", self.max_reply_bytes)
    }
}

impl Error for ReplyTooLong {}

/// The deadline of the call passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeadlinePassed;

impl fmt::Display for DeadlinePassed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the deadline of the call passed")
    }
}

impl Error for DeadlinePassed {}

/// What came of the work, unless the deadline passed before.
pub(crate) async fn within<T>(
    mut deadline: Pin<&mut impl Future<Output = ()>>,
    work: impl Future<Output = T>,
) -> Result<T, DeadlinePassed> {
    let mut work = pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Ok(done)),
        Poll::Pending => deadline.as_mut().poll(context).map(|()| Err(DeadlinePassed)),
    })
    .await
}

/// Reads the body; what came of it is handed over in any case.
pub(crate) async fn read<B>(
    reply: Response<B>,
    max_reply_bytes: usize,
    deadline: Pin<&mut impl Future<Output = ()>>,
) -> Result<Response<Body>, TransportError>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    let (head, incoming) = reply.into_parts();
    let ahead = incoming.size_hint().exact().unwrap_or(0).min(MOST_AHEAD);
    let mut body = Body::with_capacity(usize::try_from(ahead).unwrap_or(0).min(max_reply_bytes));
    let end = within(deadline, fill(&mut body, incoming, max_reply_bytes)).await;
    let reply = Response::from_parts(head, body);
    match end.unwrap_or_else(|passed| Err(passed.into())) {
        Ok(()) => Ok(reply),
        Err(cause) => Err(TransportError::answered(cause, reply)),
    }
}

async fn fill<B>(body: &mut Body, incoming: B, max_reply_bytes: usize) -> Result<(), BoxError>
where
    B: http_body::Body,
    B::Error: Into<BoxError>,
{
    let mut incoming = pin!(incoming);
    while let Some(frame) = poll_fn(|context| incoming.as_mut().poll_frame(context)).await {
        // The other kind of frame are trailers.
        let Ok(mut data) = frame.map_err(Into::into)?.into_data() else { continue };
        while data.has_remaining() {
            let chunk = data.chunk();
            let fits = chunk.get(..max_reply_bytes - body.len()).unwrap_or(chunk);
            body.append(fits);
            if fits.len() < chunk.len() {
                return Err(ReplyTooLong { max_reply_bytes }.into());
            }
            data.advance(fits.len());
        }
    }
    Ok(())
}

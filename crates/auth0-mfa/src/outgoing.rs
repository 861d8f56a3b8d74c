//! A request on its way to an HTTP client of the user's choice, and what was seen of it.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use auth0_mfa_core::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// The body of a request that a service is given: the bytes, in one piece.
///
/// It is neither [`Clone`] nor [`Default`], and nobody else can make one: a layer that sends a request a second time,
/// or follows a redirect, needs one or the other, and so is not put on by mistake.
///
/// The bytes are wiped when the last piece of them is dropped, and `Debug` says how many there are.
pub struct RequestBody {
    bytes: Option<Bytes>,
    taken: Arc<AtomicBool>,
}

/// Tells whether the body of a request was taken: from then on, nobody knows where its bytes are.
pub(crate) struct Watch(Arc<AtomicBool>);

impl Watch {
    pub(crate) fn is_taken(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What is sent, and what tells of it. Extensions stay, and with them [`Replay`](auth0_mfa_core::Replay).
pub(crate) fn watched(request: http::Request<Body>) -> (http::Request<RequestBody>, Watch) {
    let taken = Arc::new(AtomicBool::new(false));
    let watch = Watch(Arc::clone(&taken));
    let bytes = |body: Body| (!body.is_empty()).then(|| Bytes::from_owner(Lent(body)));
    (request.map(|body| RequestBody { bytes: bytes(body), taken }), watch)
}

/// Lends the bytes of a body without a copy.
struct Lent(Body);

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

impl RequestBody {
    fn len(&self) -> usize {
        self.bytes.as_ref().map_or(0, Bytes::len)
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let body = self.get_mut();
        body.taken.store(true, Ordering::Release);
        Poll::Ready(body.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.len() as u64)
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestBody([redacted], {} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use auth0_mfa_core::Replay;
    use http_body::Body as _;

    use super::*;

    fn request(text: &str) -> http::Request<Body> {
        http::Request::new(Body::from(text.as_bytes().to_vec()))
    }

    fn frame(body: &mut RequestBody) -> Option<Bytes> {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => frame.map(|Ok(frame)| frame.into_data().expect("is data")),
            Poll::Pending => panic!("the bytes are there"),
        }
    }

    #[test]
    fn the_bytes_come_in_one_piece_and_the_watch_sees_them_go() {
        let (request, watch) = watched(request("recovery_code=FAKE"));
        let mut body = request.into_body();
        assert_eq!((body.is_end_stream(), body.size_hint().exact()), (false, Some(18)));
        assert!(!watch.is_taken());
        assert_eq!(frame(&mut body).as_deref(), Some(&b"recovery_code=FAKE"[..]));
        assert!(watch.is_taken());
        assert_eq!((body.is_end_stream(), body.size_hint().exact()), (true, Some(0)));
        assert_eq!(frame(&mut body), None);
    }

    #[test]
    fn an_empty_body_is_at_its_end_from_the_start() {
        let (request, watch) = watched(request(""));
        assert!(request.body().is_end_stream() && !watch.is_taken());
    }

    #[test]
    fn the_head_stays_as_it_was_with_what_it_says_of_itself() {
        let mut before = request("");
        Replay::Safe.mark(&mut before);
        before.headers_mut().insert("x-fake", http::HeaderValue::from_static("1"));
        let (after, _) = watched(before);
        assert_eq!(Replay::of(&after), Replay::Safe);
        assert_eq!(after.headers()["x-fake"], "1");
    }

    #[test]
    fn debug_shows_no_byte() {
        let (request, _) = watched(request("recovery_code=CANARY"));
        let shown = format!("{request:?}");
        assert!(shown.contains("RequestBody([redacted], 20 bytes)") && !shown.contains("CANARY"), "{shown}");
    }
}

//! A service as a transport: what is told of a request, by a service that does as it is told.

use std::collections::VecDeque;
use std::error::Error;
use std::future::{Future, pending, ready};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use auth0_mfa::Body;
use auth0_mfa::tower::{DeadlinePassed, ReplyTooLong, RequestBody, TowerTransport};
use auth0_mfa::transport::{AsyncTransport, BoxError, Delivery, TransportError};
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as _, Frame};
use tower::Service;

use crate::support;

/// What a service does with a request.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    NeverReady,
    NotReady,
    /// It fails, and left the body alone.
    Fail,
    /// It fails, and took the body.
    TakeAndFail,
    NeverReply,
    /// It answers with these pieces, and then does as the last says.
    Reply(&'static [&'static str], End),
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Whole,
    Fail,
    Never,
}

#[derive(Clone)]
struct Scripted {
    deed: Deed,
    is_ready: bool,
}

impl Scripted {
    fn transport(deed: Deed) -> TowerTransport<Self> {
        TowerTransport::new(Self { deed, is_ready: false })
    }
}

#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl Error for Refused {}

fn is_refused(error: &(dyn Error + 'static)) -> bool {
    error.is::<Refused>()
}

impl Service<Request<RequestBody>> for Scripted {
    type Response = Response<Pieces>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.is_ready = true;
        match self.deed {
            Deed::NeverReady => Poll::Pending,
            Deed::NotReady => Poll::Ready(Err(Refused.into())),
            _ => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        assert!(self.is_ready, "it is called before it is asked whether it is ready");
        match self.deed {
            Deed::Fail => Box::pin(ready(Err(Refused.into()))),
            Deed::TakeAndFail => {
                let mut body = request.into_body();
                let taken = Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop()));
                assert!(matches!(taken, Poll::Ready(Some(Ok(_)))));
                Box::pin(ready(Err(Refused.into())))
            }
            Deed::Reply(pieces, end) => {
                let pieces = pieces.iter().copied().collect();
                Box::pin(ready(Ok(Response::new(Pieces { pieces, end }))))
            }
            Deed::NeverReply | Deed::NeverReady | Deed::NotReady => Box::pin(pending()),
        }
    }
}

struct Pieces {
    pieces: VecDeque<&'static str>,
    end: End,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match (self.pieces.pop_front(), self.end) {
            (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece.as_bytes()))))),
            (None, End::Whole) => Poll::Ready(None),
            (None, End::Fail) => Poll::Ready(Some(Err(Refused.into()))),
            (None, End::Never) => Poll::Pending,
        }
    }
}

fn sent(transport: TowerTransport<Scripted>) -> Result<Response<Body>, TransportError> {
    let request = Request::new(Body::from(b"recovery_code=FAKE".to_vec()));
    support::ready(transport.send(request))
}

fn failure(transport: TowerTransport<Scripted>) -> TransportError {
    sent(transport).expect_err("it fails")
}

/// The delivery, and what was read of the body.
fn told(error: &TransportError) -> (Delivery, Option<&[u8]>) {
    (error.delivery(), error.partial().map(|partial| partial.body().expose()))
}

#[test]
fn a_reply_comes_in_pieces_and_is_handed_over_whole() {
    let reply = sent(Scripted::transport(Deed::Reply(&["ab", "", "c"], End::Whole))).unwrap();
    assert_eq!(reply.body().expose(), b"abc");
}

#[test]
fn a_service_that_never_gets_ready_was_not_sent_anything() {
    let failed = failure(Scripted::transport(Deed::NotReady));
    assert_eq!(told(&failed), (Delivery::NotSent, None));
    assert!(failed.source().unwrap().is::<Refused>());
    let late = failure(Scripted::transport(Deed::NeverReady).deadline(|| ready(())));
    assert_eq!(told(&late), (Delivery::NotSent, None));
    assert!(late.source().unwrap().is::<DeadlinePassed>());
}

#[test]
fn a_body_that_was_left_alone_proves_nothing() {
    for deed in [Deed::Fail, Deed::TakeAndFail] {
        let failed = failure(Scripted::transport(deed));
        assert_eq!(told(&failed), (Delivery::MaybeSent, None));
        assert!(failed.source().unwrap().is::<Refused>());
    }
}

#[test]
fn an_error_is_a_proof_if_it_is_vouched_for_and_the_body_was_left_alone() {
    let delivery = |deed, is_proof| failure(Scripted::transport(deed).not_sent_if(is_proof)).delivery();
    assert_eq!(delivery(Deed::Fail, is_refused), Delivery::NotSent);
    assert_eq!(delivery(Deed::Fail, |_| false), Delivery::MaybeSent);
    assert_eq!(delivery(Deed::TakeAndFail, is_refused), Delivery::MaybeSent);
}

#[test]
fn a_deadline_without_a_reply_leaves_it_in_doubt() {
    let late = Scripted::transport(Deed::NeverReply).deadline(|| ready(())).not_sent_if(|_| true);
    assert_eq!(told(&failure(late)), (Delivery::MaybeSent, None));
}

#[test]
fn what_was_read_of_a_reply_is_handed_over_however_it_ends() {
    let begun = |end| Scripted::transport(Deed::Reply(&["ab", "c"], end)).not_sent_if(|_| true);
    let broken = failure(begun(End::Fail));
    assert_eq!(told(&broken), (Delivery::Answered, Some(&b"abc"[..])));
    assert!(broken.source().unwrap().is::<Refused>());
    let late = failure(begun(End::Never).deadline(|| ready(())));
    assert_eq!(told(&late), (Delivery::Answered, Some(&b"abc"[..])));
    assert!(late.source().unwrap().is::<DeadlinePassed>());
}

#[test]
fn a_reply_may_be_as_long_as_it_may_be_and_no_byte_longer() {
    let reply = |most| Scripted::transport(Deed::Reply(&["ab", "cd"], End::Whole)).max_reply_bytes(most);
    assert_eq!(sent(reply(4)).unwrap().body().expose(), b"abcd");
    let long = failure(reply(3));
    assert_eq!(told(&long), (Delivery::Answered, Some(&b"abc"[..])));
    assert_eq!(long.source().unwrap().downcast_ref::<ReplyTooLong>().unwrap().max_reply_bytes(), 3);
}

#[test]
fn a_clone_has_the_same_settings() {
    let clone = Scripted::transport(Deed::Reply(&["ab"], End::Never))
        .max_reply_bytes(1)
        .deadline(|| ready(()))
        .not_sent_if(is_refused)
        .clone();
    assert_eq!(format!("{clone:?}"), "TowerTransport { max_reply_bytes: 1, has_deadline: true, .. }");
    assert!(failure(clone).source().unwrap().is::<ReplyTooLong>());
}

#[test]
fn a_call_of_a_service_that_is_not_sync_can_be_spawned() {
    struct NotSync(Scripted, std::cell::Cell<u8>);
    impl Clone for NotSync {
        fn clone(&self) -> Self {
            Self(self.0.clone(), self.1.clone())
        }
    }
    impl Service<Request<RequestBody>> for NotSync {
        type Response = Response<Pieces>;
        type Error = BoxError;
        type Future = <Scripted as Service<Request<RequestBody>>>::Future;
        fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            self.0.poll_ready(context)
        }
        fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
            self.0.call(request)
        }
    }
    let scripted = Scripted { deed: Deed::Reply(&["a"], End::Whole), is_ready: false };
    let transport = TowerTransport::new(NotSync(scripted, std::cell::Cell::new(0)));
    let sent = pin!(transport.send(Request::new(Body::empty())));
    assert_eq!(support::ready(sent).unwrap().body().expose(), b"a");
}

//! The seam and the transports need no runtime: a future is polled by hand.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use auth0_mfa_core::transport::{
    AsyncTransport, BlockingTransport, TransportError, from_blocking_fn, from_fn,
};
use auth0_mfa_core::{Body, CallError, CallOptions, CodeState, RecoveryCodeAccepted, Replay, begin};
use http::{Request, Response};

use crate::support::{Recovered, public_application, verify_with_recovery_code};

/// Runs a future that is ready after a few polls.
fn drive<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..8 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the future was never ready")
}

/// Is pending once.
async fn wait() {
    let mut waited = false;
    poll_fn(|_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

fn accepted() -> Response<Body> {
    Response::new(Body::from(br#"{"access_token":"T","recovery_code":"NEW"}"#.to_vec()))
}

async fn recover(transport: &(impl AsyncTransport + ?Sized)) -> Recovered {
    let call = verify_with_recovery_code();
    let (request, pending) = begin(call, &public_application(), CallOptions::default());
    pending.finish(transport.send(request).await)
}

fn new_code(accepted: RecoveryCodeAccepted) -> String {
    accepted.into_parts().1.issued().unwrap().expose().to_owned()
}

#[test]
fn a_call_is_driven_by_hand() {
    let sendings = AtomicUsize::new(0);
    let transport = from_fn(|request: Request<Body>| {
        sendings.fetch_add(1, Ordering::Relaxed);
        assert_eq!(Replay::of(&request), Replay::SingleUse);
        async {
            wait().await;
            Ok(accepted())
        }
    });
    assert_eq!(new_code(drive(recover(&transport)).unwrap()), "NEW");
    assert_eq!(sendings.into_inner(), 1);
}

#[test]
fn a_transport_can_be_shared_and_chosen_at_run_time() {
    let transport: Arc<dyn AsyncTransport> = Arc::new(from_fn(|_| async { Ok(accepted()) }));
    assert_eq!(new_code(drive(recover(&transport)).unwrap()), "NEW");
    assert_eq!(new_code(drive(recover(&*transport)).unwrap()), "NEW");
    assert_eq!(new_code(drive(recover(&&transport)).unwrap()), "NEW");
}

#[test]
fn a_transport_that_fails_ends_the_call_and_sends_it_no_second_time() {
    let sendings = AtomicUsize::new(0);
    let transport = from_fn(|_| {
        sendings.fetch_add(1, Ordering::Relaxed);
        async { Err(TransportError::maybe_sent("reset")) }
    });
    let error = drive(recover(&transport)).unwrap_err();
    assert!(matches!(error, CallError::InDoubt(_)));
    assert_eq!(error.code_state(), CodeState::Unknown);
    assert_eq!(sendings.into_inner(), 1);
}

#[test]
fn a_future_that_is_not_send_uses_the_seam_alone() {
    let calls = std::rc::Rc::new(std::cell::Cell::new(0));
    let recovery = async {
        let call = verify_with_recovery_code();
        let (request, pending) = begin(call, &public_application(), CallOptions::default());
        wait().await;
        calls.set(calls.get() + 1);
        assert_eq!(request.uri().path(), "/oauth/token");
        pending.answered(Response::new(br#"{"access_token":"T","recovery_code":"NEW"}"#))
    };
    assert_eq!(new_code(drive(recovery).unwrap()), "NEW");
    assert_eq!(calls.get(), 1);
}

#[test]
fn a_blocking_transport_is_the_same_without_waiting() {
    let transport: Arc<dyn BlockingTransport> = Arc::new(from_blocking_fn(|_| Ok(accepted())));
    let (request, pending) =
        begin(verify_with_recovery_code(), &public_application(), CallOptions::default());
    assert_eq!(new_code(pending.finish(transport.send(request)).unwrap()), "NEW");
}

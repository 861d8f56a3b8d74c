//! What a transport says of the delivery is what the error says of the code, in both clients.

use auth0_mfa::transport::TransportError;
use auth0_mfa::{CodeState, RecoveryCode};

use crate::support::{Clients, Sent, mfa_token, ready, replied};

#[test]
fn a_code_that_was_not_sent_is_intact() {
    for (state, new_code) in recoveries(|| Err(TransportError::not_sent("refused"))) {
        assert_eq!((state, new_code), (CodeState::Intact, None));
    }
}

#[test]
fn a_code_that_may_have_been_sent_is_in_doubt() {
    for (state, new_code) in recoveries(|| Err(TransportError::maybe_sent("reset"))) {
        assert_eq!((state, new_code), (CodeState::Unknown, None));
    }
}

#[test]
fn a_reply_that_broke_off_leaves_a_spent_code_and_its_new_one_in_the_error() {
    let broken_off = || {
        let read = replied(200, r#"{"recovery_code":"FAKENEXTCODE","access_to"#);
        Err(TransportError::answered("reset", read))
    };
    for (state, new_code) in recoveries(broken_off) {
        assert_eq!((state, new_code.as_deref()), (CodeState::Spent, Some("FAKENEXTCODE")));
    }
}

/// What the error of each client says of the old code, and has of a new one.
fn recoveries(answer: fn() -> Sent) -> [(CodeState, Option<String>); 2] {
    let clients = Clients::over(move |_| answer());
    let code = || RecoveryCode::verbatim("FAKEOLDCODE0000000000000");
    let by_blocking = clients.blocking.verify_with_recovery_code(mfa_token(), code());
    let by_asynchronous = ready(clients.asynchronous.verify_with_recovery_code(mfa_token(), code()));
    assert_eq!(clients.take_requests().len(), 2, "each client sends once");
    [by_blocking, by_asynchronous].map(|outcome| {
        let mut error = outcome.unwrap_err();
        let new_code = error.take_new_code();
        (error.code_state(), new_code.issued().map(|code| code.expose().to_owned()))
    })
}

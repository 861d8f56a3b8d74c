//! The one repeat that a DPoP nonce asks for.

use auth0_mfa::{
    Body, CallError, CallOptions, CodeState, DpopProof, DpopRepeat, RecoveryCode, RecoveryCodeAccepted,
    VerifyWithRecoveryCode,
};
use http::{HeaderValue, Request};

use crate::support::{Clients, Sent, mfa_token, ready, replied, text};

type Recovered = Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>>;

const FIRST_PROOF: &str = "eyJ.FAKE.FIRST";
const SECOND_PROOF: &str = "eyJ.FAKE.SECOND";

#[test]
fn the_repeat_sends_the_same_call_with_the_new_proof_and_brings_the_new_code() {
    let clients = Clients::over(|request| {
        if proof_of(request) == SECOND_PROOF {
            let tokens = r#"{"access_token":"fake","token_type":"DPoP","recovery_code":"FAKENEXTCODE"}"#;
            Ok(replied(200, tokens))
        } else {
            nonce_wanted()
        }
    });
    for (first, repeat) in sendings(&clients) {
        let repeated = repeat(wanted_repeat(first()));
        let (tokens, new_code) = repeated.unwrap().into_parts();
        assert!(!tokens.is_dpop_downgrade());
        assert_eq!(new_code.issued().unwrap().expose(), "FAKENEXTCODE");

        let [before, after] = &clients.take_requests()[..] else { panic!("two requests, and no third") };
        assert_eq!([proof_of(before), proof_of(after)], [FIRST_PROOF, SECOND_PROOF]);
        assert_eq!(text(before), text(after));
    }
}

#[test]
fn the_repeat_is_the_only_one_and_leaves_the_code_intact() {
    let clients = Clients::over(|_| nonce_wanted());
    for (first, repeat) in sendings(&clients) {
        let error = repeat(wanted_repeat(first())).unwrap_err();
        assert_eq!(error.code_state(), CodeState::Intact);
        let CallError::Api(refused) = error else { panic!("{error:?}") };
        refused.into_dpop_repeat().expect_err("the repeat is used up");
        assert_eq!(clients.take_requests().len(), 2);
    }
}

type First<'a> = Box<dyn Fn() -> Recovered + 'a>;
type Repeat<'a> = Box<dyn Fn(DpopRepeat<VerifyWithRecoveryCode>) -> Recovered + 'a>;

/// How each client sends the call, and its repeat.
fn sendings(clients: &Clients) -> [(First<'_>, Repeat<'_>); 2] {
    let Clients { blocking, asynchronous, .. } = clients;
    [
        (
            Box::new(|| blocking.send_with(call(), with_proof(FIRST_PROOF))),
            Box::new(|repeat| blocking.send_dpop_repeat(repeat, with_proof(SECOND_PROOF))),
        ),
        (
            Box::new(|| ready(asynchronous.send_with(call(), with_proof(FIRST_PROOF)))),
            Box::new(|repeat| ready(asynchronous.send_dpop_repeat(repeat, with_proof(SECOND_PROOF)))),
        ),
    ]
}

fn wanted_repeat(first: Recovered) -> DpopRepeat<VerifyWithRecoveryCode> {
    let Err(CallError::Api(refused)) = first else { panic!("{first:?}") };
    let repeat = refused.into_dpop_repeat().expect("a repeat is asked for");
    assert_eq!(repeat.nonce(), "fake-nonce");
    repeat
}

fn call() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim("FAKEOLDCODE0000000000000"))
}

fn with_proof(proof: &str) -> CallOptions {
    CallOptions::default().dpop_proof(DpopProof::parse(proof).unwrap())
}

fn proof_of(request: &Request<Body>) -> &str {
    request.headers()["dpop"].to_str().unwrap()
}

fn nonce_wanted() -> Sent {
    let mut reply = replied(400, r#"{"error":"use_dpop_nonce"}"#);
    reply.headers_mut().insert("dpop-nonce", HeaderValue::from_static("fake-nonce"));
    Ok(reply)
}

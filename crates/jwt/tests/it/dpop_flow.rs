//! A login whose server wants nonces.

use auth0_mfa_core::{
    Application, Body, Call, CallError, CallOptions, ClientAuth, MfaToken, Otp, Pending, RecoveryCode,
    TokenSet, VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use auth0_mfa_jwt::{DpopKey, DpopProver};
use http::{Request, Response};
use serde_json::Value;

use crate::support::{application, parts};

const TOKENS: &str =
    r#"{"access_token":"fake","token_type":"DPoP","recovery_code":"FAKENEXTCODE000000000000"}"#;
const NONCE_WANTED: &str = r#"{"error":"use_dpop_nonce"}"#;

struct Login {
    application: Application,
    prover: DpopProver,
}

impl Login {
    fn new() -> Self {
        let prover = DpopProver::new(DpopKey::generate().unwrap());
        Self { application: application(ClientAuth::None), prover }
    }

    /// Begins a call with a proof; hands out what nonce the proof holds.
    fn begin<C: Call>(&self, call: C) -> (Value, Pending<C>) {
        let options = CallOptions::default().dpop_proof(self.prover.sign(&self.application).unwrap());
        let (request, pending) = begin(call, &self.application, options);
        (nonce_in(&request), pending)
    }
}

fn nonce_in(request: &Request<Body>) -> Value {
    parts(request.headers()["dpop"].to_str().unwrap()).1["nonce"].clone()
}

fn reply(status: u16, body: &'static str, nonce: &'static str) -> Response<&'static [u8]> {
    Response::builder().status(status).header("dpop-nonce", nonce).body(body.as_bytes()).unwrap()
}

fn recovery() -> VerifyWithRecoveryCode {
    let code = RecoveryCode::verbatim("FAKEOLDCODE0000000000000");
    VerifyWithRecoveryCode::new(MfaToken::parse("Fe26.2*FAKE").unwrap(), code)
}

#[test]
fn the_repeat_holds_the_nonce_and_so_does_the_call_after_it_at_once() {
    let login = Login::new();
    let (nonce, pending) = login.begin(recovery());
    assert!(nonce.is_null());
    let Err(CallError::Api(refused)) = pending.answered(reply(400, NONCE_WANTED, "first")) else { panic!() };
    let repeat = refused.into_dpop_repeat().unwrap();

    let proof = login.prover.sign_repeat(&login.application, &repeat).unwrap();
    let (request, pending) = repeat.begin(&login.application, CallOptions::default().dpop_proof(proof));
    assert_eq!(nonce_in(&request), "first");
    let (tokens, new_code) = pending.answered(reply(200, TOKENS, "second")).unwrap().into_parts();
    assert!(!tokens.is_dpop_downgrade());
    assert!(new_code.is_returned());

    assert_eq!(login.begin(recovery()).0, "first");
    login.prover.remember(&login.application, &tokens.info);
    assert_eq!(login.begin(recovery()).0, "second");
}

#[test]
fn a_reply_without_a_nonce_leaves_the_last_one() {
    let login = Login::new();
    login.prover.remember_nonce(&login.application.token_endpoint(), "kept");
    let call = VerifyWithOtp::new(MfaToken::parse("Fe26.2*FAKE").unwrap(), Otp::parse("123456").unwrap());
    let (_, pending) = login.begin(call);
    let (tokens, _): (TokenSet, _) = pending.answered(Response::new(TOKENS.as_bytes())).unwrap().into_parts();
    login.prover.remember(&login.application, &tokens.info);
    assert_eq!(login.begin(recovery()).0, "kept");
}

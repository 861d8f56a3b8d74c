//! `mfa_required` hands out the calls that come next, each with its token.

use auth0_mfa_core::{
    BindingCode, CallError, FirstFactor, MfaRequired, NewAuthenticator, NewCode, NewCodes, OobCode, Otp,
    RecoveryCode,
};
use http::Response;

use crate::support::{MFA_TOKEN, mfa_token, password_grant, sent, verify_with_otp};

fn mfa() -> MfaRequired {
    MfaRequired::resume(mfa_token())
}

fn oob_code() -> OobCode {
    OobCode::parse("Fe26.2*OOB").unwrap()
}

#[test]
fn each_call_carries_the_token() {
    let mfa = mfa();
    let otp = mfa.verify_with_otp(Otp::parse("012345").unwrap());
    let oob = mfa.verify_with_oob(oob_code()).with_binding_code(BindingCode::parse("001 234").unwrap());
    let recovery = mfa.verify_with_recovery_code(RecoveryCode::verbatim("FAKECODE"));
    for token in [
        otp.mfa_token(),
        oob.mfa_token(),
        recovery.mfa_token(),
        mfa.request_challenge().mfa_token(),
        mfa.oob_poll(oob_code()).call().mfa_token(),
        mfa.mfa_token(),
    ] {
        assert_eq!(token.expose(), MFA_TOKEN);
    }
    assert_eq!(mfa.list_authenticators().bearer().expose(), MFA_TOKEN);
    assert_eq!(mfa.add_authenticator(NewAuthenticator::Push).bearer().expose(), MFA_TOKEN);
    assert_eq!(oob.binding_code().unwrap().expose(), "001234");
    assert_eq!(mfa.into_mfa_token().expose(), MFA_TOKEN);
}

#[test]
fn a_first_factor_and_a_verification_both_hand_out_the_way_on_and_the_head_of_the_reply() {
    let reply = || {
        let reply = Response::builder().status(403).header("x-auth0-requestid", "4ad55daa560e468bdfe1");
        let body =
            r#"{"error":"mfa_required","mfa_token":"Fe26.2*NEXT","mfa_requirements":{"challenge":["otp"]}}"#;
        reply.body(body.as_bytes()).unwrap()
    };
    let FirstFactor::MfaRequired(first) = sent(password_grant()).answered(reply()).unwrap() else {
        panic!("MFA is required")
    };
    let Err(CallError::Api(refused)) = sent(verify_with_otp()).answered(reply()) else {
        panic!("more MFA is required")
    };
    for mfa in [&first, refused.error().mfa_required().unwrap()] {
        assert_eq!(mfa.mfa_token().expose(), "Fe26.2*NEXT");
        assert_eq!(mfa.info().request_id.as_deref(), Some("4ad55daa560e468bdfe1"));
        assert!(!mfa.requirements().is_empty());
    }
    assert!(mfa().requirements().is_empty(), "a login that is taken up again knows none");
}

#[test]
fn new_codes_are_counted_and_told_apart_without_being_shown() {
    let code = || NewCode::Issued(RecoveryCode::verbatim("FAKECODE"));
    let codes: NewCodes = [code(), code()].into_iter().collect();
    assert_eq!((codes.len(), codes.is_empty()), (2, false));
    assert!((&codes).into_iter().all(|code| code.to_string() == "issued"));
    assert_eq!(
        codes.into_iter().filter_map(|code| code.issued().map(|it| it.expose().len())).sum::<usize>(),
        16
    );
    assert_eq!(NewCode::NotReturned.to_string(), "not returned");
    assert!(NewCode::NotReturned.issued().is_none());
}

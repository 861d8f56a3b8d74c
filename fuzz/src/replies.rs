//! Any reply, read by any call.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    ApiError, Body, Call, CallError, CallOptions, CodeState, Evidence, FirstFactor, Pending, RecoveryCode,
    SpendsRecoveryCode, VerifyWithRecoveryCode, begin,
};
use http::Response;

use crate::calls;
use crate::canary::{self, SENT_CODE};
use crate::facts::{Code, Codes, Facts, Output, mfa};
use crate::meaning::{Evident, Kind, Seen};
use crate::message::{borrowed, received};
use crate::salvage;

/// What came of a reply.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// The name of the outcome.
    pub kind: &'static str,
    /// What it says.
    pub all: String,
    /// The new codes, wherever they came.
    pub codes: Vec<Code>,
    /// The state of the code that was sent, behind a failure.
    pub state: Option<CodeState>,
}

/// How an error gives the call back.
type TakeApart<C> = fn(CallError<C>) -> (C, <C as Call>::NewCode);

/// The call, sent.
pub fn sent<C: Call>(call: C) -> Pending<C> {
    begin(call, &calls::APPLICATION, CallOptions::default()).1
}

/// A reply to a call that puts no code at stake.
pub fn any<C>(reply: &Response<Vec<u8>>, call: fn() -> C) -> Told
where
    C: Serve,
    C::Output: Output + std::fmt::Debug,
    C::NewCode: Codes,
{
    any_with(reply, call, |_| None, CallError::into_parts)
}

/// A reply to a call that puts a code at stake.
pub fn of_code<C>(reply: &Response<Vec<u8>>, call: fn() -> C) -> Told
where
    C: Serve + SpendsRecoveryCode + Evident,
    C::Output: Output + std::fmt::Debug,
    C::NewCode: Codes,
{
    any_with(
        reply,
        call,
        |error| Some(C::shows(error)),
        |error| {
            let state = error.code_state();
            let (expected, parts) = match error.into_in_doubt() {
                Ok(doubt) => (CodeState::Unknown, doubt.into_parts()),
                Err(error) => (error.code_state(), error.into_parts()),
            };
            assert_eq!(expected, state, "every unknown state is a doubt, and no other is");
            parts
        },
    )
}

fn any_with<C>(
    reply: &Response<Vec<u8>>,
    call: fn() -> C,
    evidence: fn(&ApiError) -> Option<Evidence>,
    take_apart: TakeApart<C>,
) -> Told
where
    C: Serve,
    C::Output: Output + std::fmt::Debug,
    C::NewCode: Codes,
{
    let text = String::from_utf8_lossy(reply.body());
    let seen = Seen::new(reply.status(), &text);
    let outcome = sent(call()).answered(borrowed(reply));
    let written = outcome.as_ref().ok().map(C::write_reply);
    let evidence = outcome.as_ref().err().and_then(CallError::api_error).and_then(evidence);
    let told = told(outcome, take_apart);
    assert_eq!(
        told,
        self::told(sent(call()).lost("closed", Some(borrowed(reply))), take_apart),
        "whole or not"
    );
    has_its_kind(&told, &seen);
    if let Some(state) = told.state {
        let before = call().code_state_mut().map_or(CodeState::Intact, |state| *state);
        let expected = seen.state(before, evidence, !told.codes.is_empty());
        assert_eq!(state, expected, "{} {:?}", seen.status, seen.text);
    }
    keeps_its_codes::<C>(&told, &seen);
    is_read_when_it_can_be::<C>(&told, &seen);
    if let Some(written) = written {
        says_the_same_again(&told, written, call);
    }
    told
}

/// Everything of an outcome, and that nothing secret is shown on the way.
fn told<C>(outcome: Result<C::Output, CallError<C>>, take_apart: TakeApart<C>) -> Told
where
    C: Serve,
    C::Output: Output + std::fmt::Debug,
    C::NewCode: Codes,
{
    let error = match outcome {
        Ok(output) => {
            let shown = format!("{output:?}");
            let Facts { all, words, codes } = output.facts();
            assert!(!canary::is_in(&shown) || canary::is_in(&words), "a secret is shown: {shown}");
            return Told { kind: "ok", all, codes, state: None };
        }
        Err(error) => error,
    };
    canary::hides_in_error(&error);
    let kind = match &error {
        CallError::NotSent(_) => "not sent",
        CallError::InDoubt(_) => "in doubt",
        CallError::Api(_) => "api",
        CallError::Malformed(_) => "malformed",
    };
    let all = format!("{:?} {:?}", error.status(), error.api_error().map(error_facts));
    let codes = error.new_code().map(Codes::codes).unwrap_or_default();
    let (mut call, kept) = take_apart(error);
    assert_eq!(kept.codes(), codes, "the codes are handed out with the call");
    Told { kind, all, codes, state: call.code_state_mut().copied() }
}

fn has_its_kind(told: &Told, seen: &Seen<'_>) {
    let expected: &[&str] = match seen.kind() {
        Kind::SuccessOrMalformed => &["ok", "malformed"],
        // `mfa_required` is a success of a first factor.
        Kind::Api => &["api", "ok"],
        Kind::InDoubt => &["in doubt"],
        Kind::Malformed => &["malformed"],
    };
    assert!(expected.contains(&told.kind), "{told:?} of {} {:?}", seen.status, seen.text);
}

/// A success that a server writes says the same to a client. A code that is no string is for a person: none writes it.
fn says_the_same_again<C>(told: &Told, written: Response<Body>, call: fn() -> C)
where
    C: Serve,
    C::Output: Output + std::fmt::Debug,
    C::NewCode: Codes,
{
    let (head, body) = written.into_parts();
    let again =
        self::told(sent(call()).answered(Response::from_parts(head, body.expose())), CallError::into_parts);
    let issued = told.codes.iter().filter(|code| matches!(code, Code::Issued(_)));
    assert_eq!((again.kind, &again.all), ("ok", &told.all));
    assert!(again.codes.iter().eq(issued), "{:?} and again {:?}", told.codes, again.codes);
}

/// The codes are those that the text has.
fn keeps_its_codes<C: Call>(told: &Told, seen: &Seen<'_>) {
    match C::NAME {
        "AddAuthenticator" => salvage::codes_are_kept(&told.codes, seen),
        "VerifyWithRecoveryCode" => salvage::code_is_kept(&told.codes, seen, Some(SENT_CODE)),
        "RegenerateRecoveryCode" | "VerifyWithOtp" | "VerifyWithOob" => {
            salvage::code_is_kept(&told.codes, seen, None);
        }
        _ => {}
    }
}

/// A success is one whenever what the output cannot be without is there.
fn is_read_when_it_can_be<C: Call>(told: &Told, seen: &Seen<'_>) {
    let can_be_read = match C::NAME {
        "VerifyWithRecoveryCode"
        | "VerifyWithOtp"
        | "VerifyWithOob"
        | "PasswordGrant"
        | "PasswordRealmGrant"
        | "RefreshTokenGrant"
        | "MfaApiTokenGrant" => seen.has_an_access_token(),
        "ListAuthenticators" | "ListGuardianFactors" => seen.lists_objects(None),
        "ListAuthenticationMethods" => seen.lists_objects(Some("authenticators")),
        _ => return,
    };
    if seen.kind() == Kind::SuccessOrMalformed {
        assert_eq!(told.kind == "ok", can_be_read, "{told:?} of {:?}", seen.text);
    }
}

/// What an error of Auth0 says.
pub fn error_facts(error: &ApiError) -> String {
    let validation: Vec<_> = error.validation_errors().iter().map(|it| (&it.field, &it.message)).collect();
    let required = error.mfa_required().map(|it| mfa(it).all);
    format!("{} {:?} {validation:?} {required:?}", error.code().as_str(), error.description())
}

/// An error that a server writes says the same to a client; what it leaves to do is a word.
pub fn error(reply: &Response<Vec<u8>>) {
    let text = String::from_utf8_lossy(reply.body());
    let read = ApiError::from_reply(&borrowed(reply));
    assert_eq!(read.is_some(), Seen::new(reply.status(), &text).kind() == Kind::Api, "{text:?}");
    let Some(error) = read else { return };
    canary::hides_in_error(&error);
    assert!(!error.next_step().as_str().is_empty());
    let (said, facts) = (again(error.to_response()), error_facts(&error));
    assert_eq!(said, Some((reply.status(), facts)));
    let code = error.code().as_str();
    let managed = again(error.to_management_response());
    // This envelope has neither a list nor an `mfa_token`, and the HTTP reason in the place of a code that is empty.
    let is_all = error.validation_errors().is_empty() && error.mfa_required().is_none() && !code.is_empty();
    if is_all {
        assert_eq!(managed, Some((reply.status(), error_facts(&error))));
    }
}

/// What a client reads of an error that was written.
fn again(written: Response<Body>) -> Option<(http::StatusCode, String)> {
    let (head, body) = written.into_parts();
    let read = ApiError::from_reply(&Response::from_parts(head, body.expose()))?;
    Some((read.status(), error_facts(&read)))
}

/// A second factor is asked for exactly when the token for it is there; the calls that come next carry it.
pub fn asks_for_mfa(reply: &Response<Vec<u8>>) {
    let text = String::from_utf8_lossy(reply.body());
    let seen = Seen::new(reply.status(), &text);
    let token = seen.mfa_token().filter(|_| seen.kind() == Kind::Api);
    let outcome = sent(calls::password_grant()).answered(borrowed(reply));
    let Ok(FirstFactor::MfaRequired(required)) = outcome else {
        assert_eq!(token, None, "{text:?}");
        return;
    };
    assert_eq!(token.as_deref(), Some(required.mfa_token().expose()), "{text:?}");
    let code = RecoveryCode::verbatim(SENT_CODE);
    let (next, _) =
        begin(required.verify_with_recovery_code(code), &calls::APPLICATION, CallOptions::default());
    let next = next.map(|body| body.expose().to_vec());
    let next = VerifyWithRecoveryCode::read_request(&received(&next)).expect("what was sent can be read");
    assert_eq!(Some(next.call.mfa_token().expose()), token.as_deref());
}

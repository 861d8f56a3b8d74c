//! Errors: what a server writes in either envelope, every call reads.

use std::fmt::Debug;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    ApiError, CallError, ErrorCode, MfaRequired, MfaRequirements, NextStep, ValidationError,
};
use http::StatusCode;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::visible;
use crate::calls::{self, Make, Visitor, each_call, each_new_authenticator};
use crate::support::{cases, delivered, sent};

const WORDS: [&str; 10] = [
    "invalid_grant",
    "expired_token",
    "authorization_pending",
    "access_denied",
    "too_many_attempts",
    "use_dpop_nonce",
    "invalid_token",
    "insufficient_scope",
    "Not Found",
    "something_new",
];

/// `mfa_required` is an error of its own: for a first factor it is none.
fn code() -> impl Strategy<Value = ErrorCode> {
    prop_oneof![select(&WORDS[..]).prop_map(str::to_owned), "\\PC{1,12}", any::<String>()]
        .prop_map(|word| ErrorCode::parse(&word))
        .prop_filter("is no error of this kind", |code| *code != ErrorCode::MfaRequired)
}

fn status() -> impl Strategy<Value = StatusCode> {
    let usual = select(&[200_u16, 400, 401, 403, 404, 429, 500, 503][..]);
    prop_oneof![2 => usual, 1 => 100_u16..1000].prop_map(|status| StatusCode::from_u16(status).unwrap())
}

fn error() -> impl Strategy<Value = ApiError> {
    let validation =
        (any::<String>(), any::<String>()).prop_map(|(field, message)| ValidationError::new(field, message));
    (status(), code(), option::of(any::<String>()), vec(validation, 0..3)).prop_map(
        |(status, code, description, validation_errors)| {
            let error =
                validation_errors.into_iter().fold(ApiError::new(status, code), ApiError::validation_error);
            match description {
                Some(description) => error.describe(description),
                None => error,
            }
        },
    )
}

/// What every call is to read of an error that was written in one of the envelopes.
struct Read<'a> {
    reply: http::Response<&'a [u8]>,
    status: StatusCode,
    code: ErrorCode,
    description: Option<&'a str>,
    validation_errors: &'a [ValidationError],
}

impl Visitor for Read<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let Err(CallError::Api(refused)) = sent(call("fake")).answered(self.reply.clone()) else {
            panic!("{}: it is an error of Auth0", C::NAME)
        };
        let error = refused.error();
        assert_eq!((error.status(), error.code()), (self.status, &self.code), "{}", C::NAME);
        assert_eq!(error.description(), self.description, "{}", C::NAME);
        assert!(error.validation_errors() == self.validation_errors, "{}", C::NAME);
        assert!(error.mfa_required().is_none());
    }
}

/// Calls that differ in how they read: one of each kind is enough for texts at random.
fn some_calls(visitor: &mut impl Visitor) {
    visitor.visit(calls::password_grant);
    visitor.visit(calls::verify_with_recovery_code);
    visitor.visit(calls::list_authenticators);
    visitor.visit(calls::regenerate_recovery_code);
    visitor.visit(calls::delete_authenticator);
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn an_error_of_the_authentication_api(error in error()) {
        let response = error.to_response();
        some_calls(&mut Read {
            reply: delivered(&response),
            status: error.status(),
            code: error.code().clone(),
            description: error.description(),
            validation_errors: error.validation_errors(),
        });
    }

    #[test]
    fn an_error_of_the_management_api(error in error()) {
        let response = error.to_management_response();
        // The envelope has no place for these; and where there is no machine's word, the status in words stands.
        let reason = error.status().canonical_reason().unwrap_or_default();
        let is_named = !error.code().as_str().is_empty();
        some_calls(&mut Read {
            reply: delivered(&response),
            status: error.status(),
            code: if is_named { error.code().clone() } else { ErrorCode::parse(reason) },
            description: error.description(),
            validation_errors: &[],
        });
    }
}

#[test]
fn an_error_is_read_by_every_call() {
    let forbidden = |code| ApiError::new(StatusCode::FORBIDDEN, code).describe("No.");
    for code in [ErrorCode::InvalidGrant, ErrorCode::InsufficientScope, ErrorCode::Other("new".to_owned())] {
        let error = forbidden(code.clone());
        for response in [error.to_response(), error.to_management_response()] {
            each_call(&mut Read {
                reply: delivered(&response),
                status: StatusCode::FORBIDDEN,
                code: code.clone(),
                description: Some("No."),
                validation_errors: &[],
            });
        }
    }
}

/// That more MFA is required, read by a call for which that is an error.
struct Chained<'a> {
    error: &'a ApiError,
    mfa: &'a MfaRequired,
}

impl Visitor for Chained<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let response = self.error.to_response();
        let error = sent(call("fake")).answered(delivered(&response)).expect_err("is an error");
        let read = error.mfa_required().expect("says how to go on");
        assert_eq!(read.mfa_token().expose(), self.mfa.mfa_token().expose());
        assert_eq!(read.requirements(), self.mfa.requirements());
        let api_error = error.api_error().unwrap();
        assert_eq!((api_error.status(), api_error.code()), (self.error.status(), &ErrorCode::MfaRequired));
        assert_eq!(api_error.description(), self.error.description());
        assert_eq!(api_error.next_step(), NextStep::ContinueWithMfa);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn more_mfa_that_is_required(
        token in visible(), types in vec(any::<String>(), 0..3), description in option::of(any::<String>()),
    ) {
        let mut requirements = MfaRequirements::default();
        requirements.challenge = types;
        let mfa = MfaRequired::new(calls::mfa_token(&token), requirements);
        let mut error = ApiError::require_mfa(mfa.clone());
        if let Some(description) = description {
            error = error.describe(description);
        }
        let mut chained = Chained { error: &error, mfa: &mfa };
        each_new_authenticator(&mut chained);
        chained.visit(calls::verify_with_otp);
        chained.visit(calls::verify_with_oob);
        chained.visit(calls::verify_with_recovery_code);
        chained.visit(calls::request_challenge);
        chained.visit(calls::list_authenticators);
    }
}

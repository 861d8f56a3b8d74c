//! What an error leaves to do, call by call, read from the bytes of a reply.

use std::fmt::Debug;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{Call, CallOptions, NextStep, begin};

use crate::calls::{self, COUNT, Make, Visitor, each_call};
use crate::support::{answer, public_application};

fn next_step<C: Call>(call: Make<C>, status: u16, body: &str) -> NextStep {
    let error = answer(call("fake"), status, body).err().expect("an error");
    error.api_error().unwrap_or_else(|| panic!("{body} is an error of Auth0")).next_step()
}

fn error(code: &str, description: &str) -> String {
    format!(r#"{{"error":"{code}","error_description":"{description}"}}"#)
}

/// What a code and its description come to for a call, at any status.
fn assert_steps<C: Call>(call: Make<C>, rows: &[(&str, &str, NextStep)]) {
    for (code, description, step) in rows {
        for status in [200, 400, 401, 403, 429, 500] {
            let read = next_step(call, status, &error(code, description));
            assert_eq!(read, *step, "{}: {status} {code} {description}", C::NAME);
        }
    }
}

/// The rows of PROTOCOL section 6 that mean one thing, whatever the call.
const COMMON: [(&str, &str, NextStep); 24] = [
    ("invalid_grant", "Malformed mfa_token", NextStep::LogInAgain),
    ("invalid_grant", "The mfa_token provided is invalid. Try getting a new token.", NextStep::LogInAgain),
    ("expired_token", "mfa_token is expired", NextStep::LogInAgain),
    ("expired_token", "", NextStep::LogInAgain),
    ("expired_token", "OOB_CODE is expired.", NextStep::NewChallenge),
    ("authorization_pending", "", NextStep::KeepPolling),
    ("slow_down", "", NextStep::KeepPolling),
    ("access_denied", "Unauthorized", NextStep::AskAdministrator),
    ("access_denied", " unauthorized. ", NextStep::AskAdministrator),
    ("access_denied", "Service not enabled within domain: https://x/api/v2/", NextStep::AskAdministrator),
    ("access_denied", "denied by an Action", NextStep::Stop),
    ("unsupported_challenge_type", "User is not enrolled with guardian", NextStep::Enroll),
    ("association_required", "", NextStep::Enroll),
    ("invalid_request", "mfa_token not issued to this client", NextStep::FixRequest),
    ("unauthorized_client", "Grant type 'x' not allowed for the client.", NextStep::AskAdministrator),
    ("invalid_client", "", NextStep::AskAdministrator),
    ("too_many_attempts", "", NextStep::WaitForUnlock),
    ("too_many_requests", "Rate limit exceeded.", NextStep::WaitForReset),
    ("use_dpop_nonce", "", NextStep::RepeatWithDpopNonce),
    ("unauthorized", "user is blocked", NextStep::Stop),
    ("requires_verification", "Suspicious request requires verification", NextStep::LogInWithBrowser),
    ("password_leaked", "", NextStep::ResetPassword),
    ("server_error", "", NextStep::SendAgainIfSafe),
    ("something_new", "", NextStep::Unknown),
];

fn is_management<C: Serve>(call: Make<C>) -> bool {
    let (request, _) = begin(call("fake"), &public_application(), CallOptions::default());
    request.uri().path().starts_with("/api/v2/")
}

/// Every call but those of the Management API, and the deletion, which no `mfa_token` opens.
struct Common {
    seen: usize,
}

impl Visitor for Common {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        if is_management(call) || C::NAME == "DeleteAuthenticator" {
            return;
        }
        self.seen += 1;
        assert_steps(call, &COMMON);
    }
}

#[test]
fn most_errors_mean_the_same_for_every_call() {
    let mut common = Common { seen: 0 };
    each_call(&mut common);
    assert_eq!(common.seen, COUNT - 9);
}

#[test]
fn a_deletion_that_is_refused_its_token_needs_an_access_token_and_no_new_login() {
    for (code, description, step) in COMMON {
        let step = if step == NextStep::LogInAgain { NextStep::RenewAccessToken } else { step };
        assert_steps(calls::delete_authenticator, &[(code, description, step)]);
    }
}

const REJECTED: &str = "MFA Authorization rejected.";

#[test]
fn a_rejection_is_a_refused_push_a_wrong_code_or_unknown() {
    use NextStep::{StartOver, Stop, TryAgain, Unknown};
    let rows = |grant, denied| [("invalid_grant", REJECTED, grant), ("access_denied", REJECTED, denied)];
    assert_steps(calls::verify_with_oob, &rows(StartOver, StartOver));
    assert_steps(calls::verify_with_recovery_code, &rows(TryAgain, Stop));
    assert_steps(calls::verify_with_otp, &rows(TryAgain, Stop));
    assert_steps(calls::password_grant, &rows(Unknown, Stop));
    assert_steps(calls::request_challenge, &rows(Unknown, Stop));
    assert_steps(calls::list_authenticators, &rows(Unknown, Stop));
}

#[test]
fn a_wrong_code_or_password_is_asked_for_again() {
    use NextStep::{NewChallenge, TryAgain, TryAgainOrResend, Unknown};
    assert_steps(
        calls::verify_with_oob,
        &[
            ("invalid_grant", "Invalid binding_code.", TryAgainOrResend),
            ("invalid_grant", "Malformed oob_code", NewChallenge),
            ("invalid_request", "The oob_code doesn't match the mfa_token", NextStep::FixRequest),
        ],
    );
    assert_steps(
        calls::verify_with_otp,
        &[
            ("invalid_grant", "Invalid otp_code.", TryAgain),
            ("mfa_invalid_code", "Wrong or expired code.", TryAgain),
        ],
    );
    let wrong_password = [
        ("invalid_grant", "Wrong email or password.", TryAgain),
        ("invalid_user_password", "", TryAgain),
        ("invalid_grant", "Something new.", Unknown),
    ];
    assert_steps(calls::password_grant, &wrong_password);
    assert_steps(calls::password_realm_grant, &wrong_password);
    assert_steps(calls::mfa_api_token_grant, &wrong_password);
}

#[test]
fn a_refresh_token_that_is_refused_asks_for_a_login() {
    for description in ["Unknown or invalid refresh token.", "", "Wrong email or password.", REJECTED] {
        assert_steps(calls::refresh_token_grant, &[("invalid_grant", description, NextStep::LogInAgain)]);
    }
}

#[test]
fn an_enrolled_user_is_challenged_instead() {
    calls::each_new_authenticator(&mut Enrolled);
}

struct Enrolled;

impl Visitor for Enrolled {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        assert_steps(call, &[("access_denied", "User is already enrolled.", NextStep::ChallengeInstead)]);
    }
}

/// The errors of the Management API, whose `error` is the status in words.
const MANAGEMENT: [(u16, &str, NextStep); 12] = [
    (400, r#"{"statusCode":400,"error":"Bad Request","message":"m"}"#, NextStep::FixRequest),
    (
        401,
        r#"{"statusCode":401,"error":"Unauthorized","message":"Invalid token"}"#,
        NextStep::RenewAccessToken,
    ),
    (
        401,
        r#"{"statusCode":401,"error":"Unauthorized","errorCode":"unauthorized"}"#,
        NextStep::RenewAccessToken,
    ),
    (
        401,
        r#"{"statusCode":401,"error":"Unauthorized","errorCode":"invalid_token"}"#,
        NextStep::RenewAccessToken,
    ),
    (
        403,
        r#"{"statusCode":403,"error":"Forbidden","message":"Insufficient scope","errorCode":"insufficient_scope"}"#,
        NextStep::AskAdministrator,
    ),
    (403, r#"{"statusCode":403,"error":"Forbidden","message":"m"}"#, NextStep::AskAdministrator),
    (
        403,
        r#"{"error":"access_denied","error_description":"Service not enabled within domain: https://x/api/v2/"}"#,
        NextStep::AskAdministrator,
    ),
    (
        404,
        r#"{"statusCode":404,"error":"Not Found","message":"Enrollment not found."}"#,
        NextStep::FixRequest,
    ),
    (
        404,
        r#"{"statusCode":404,"error":"Not Found","message":"m","errorCode":"inexistent_user"}"#,
        NextStep::FixRequest,
    ),
    (429, r#"{"statusCode":429,"error":"Too Many Requests","message":"m"}"#, NextStep::WaitForReset),
    (429, r#"{"statusCode":429,"error":"x","errorCode":"too_many_requests"}"#, NextStep::WaitForReset),
    (500, r#"{"statusCode":500,"error":"Internal Server Error","message":"m"}"#, NextStep::SendAgainIfSafe),
];

/// Each call of the Management API.
struct Management {
    seen: usize,
}

impl Visitor for Management {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        if !is_management(call) {
            return;
        }
        self.seen += 1;
        for (status, body, step) in MANAGEMENT {
            // "Enrollment not found.": there is nothing that a code could be regenerated for.
            let is_without_enrolment = C::NAME == "RegenerateRecoveryCode" && body.contains("Enrollment");
            let step = if is_without_enrolment { NextStep::Enroll } else { step };
            assert_eq!(next_step(call, status, body), step, "{}: {status} {body}", C::NAME);
        }
    }
}

#[test]
fn an_error_of_the_management_api_means_what_its_status_says() {
    let mut management = Management { seen: 0 };
    each_call(&mut management);
    assert_eq!(management.seen, 8);
}

#[test]
fn what_the_status_says_counts_for_the_management_api_only() {
    for (status, body, _) in MANAGEMENT.iter().filter(|(status, body, _)| {
        // Two of the words of statuses are words of their own.
        !matches!(status, 429 | 500) && !body.contains("errorCode\"") && body.contains("statusCode")
    }) {
        let step = next_step(calls::verify_with_otp, *status, body);
        assert_eq!(step, NextStep::Unknown, "{status} {body}");
    }
}

//! What the tests share: an application, some calls with usual values, and short ways through the seam.

use auth0_mfa_core::{
    AddAuthenticator, Application, Bearer, Body, Call, CallError, CallOptions, ClientAuth, ClientId,
    ClientSecret, CodeState, Domain, EmailAddress, ListAuthenticators, ManagementToken, MfaToken,
    NewAuthenticator, NewCode, Otp, Password, PasswordGrant, Pending, PhoneNumber, RecoveryCode,
    RecoveryCodeAccepted, RecoveryCodeRegenerated, RegenerateRecoveryCode, SpendsRecoveryCode, UserId,
    VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use http::{Request, Response};
use proptest::test_runner::Config;

pub(crate) const MFA_TOKEN: &str = "Fe26.2*FAKE*TOKEN";
pub(crate) const OLD_CODE: &str = "FAKEOLDCODE0000000000000";

pub(crate) fn application(client_auth: ClientAuth) -> Application {
    let domain = Domain::parse("tenant.eu.auth0.com").unwrap();
    Application::new(domain, ClientId::parse("fakeClientId").unwrap(), client_auth)
}

pub(crate) fn public_application() -> Application {
    application(ClientAuth::None)
}

pub(crate) fn client_secret(secret: &str) -> ClientSecret {
    ClientSecret::parse(secret).unwrap()
}

pub(crate) fn mfa_token() -> MfaToken {
    MfaToken::parse(MFA_TOKEN).unwrap()
}

pub(crate) fn password_grant() -> PasswordGrant {
    PasswordGrant::new("user@example.com", Password::new("fake-password"))
}

pub(crate) fn list_authenticators() -> ListAuthenticators {
    ListAuthenticators::new(Bearer::from(mfa_token()))
}

pub(crate) fn add_authenticator() -> AddAuthenticator {
    AddAuthenticator::new(Bearer::from(mfa_token()), NewAuthenticator::Otp)
}

/// The call for everything that can be added.
pub(crate) fn add_authenticators() -> [AddAuthenticator; 6] {
    let number = || PhoneNumber::parse("+15550100").unwrap();
    [
        NewAuthenticator::Otp,
        NewAuthenticator::Sms(number()),
        NewAuthenticator::Voice(number()),
        NewAuthenticator::Email(Some(EmailAddress::parse("user@example.com").unwrap())),
        NewAuthenticator::Email(None),
        NewAuthenticator::Push,
    ]
    .map(|authenticator| AddAuthenticator::new(Bearer::from(mfa_token()), authenticator))
}

pub(crate) fn verify_with_otp() -> VerifyWithOtp {
    VerifyWithOtp::new(mfa_token(), Otp::parse("012345").unwrap())
}

pub(crate) fn verify_with_recovery_code() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim(OLD_CODE))
}

pub(crate) fn regenerate_recovery_code() -> RegenerateRecoveryCode {
    RegenerateRecoveryCode::new(
        ManagementToken::parse("eyJ.FAKE.MANAGEMENT").unwrap(),
        UserId::parse("auth0|fake").unwrap(),
    )
}

/// The call, sent.
pub(crate) fn sent<C: Call>(call: C) -> Pending<C> {
    let (_, pending) = begin(call, &public_application(), CallOptions::default());
    pending
}

pub(crate) fn reply(status: u16, body: &[u8]) -> Response<&[u8]> {
    Response::builder().status(status).body(body).unwrap()
}

/// What a whole reply means for a call.
pub(crate) fn answer<C: Call>(call: C, status: u16, body: &str) -> Result<C::Output, CallError<C>> {
    sent(call).answered(reply(status, body.as_bytes()))
}

/// The request as a server sees it.
pub(crate) fn received(request: &Request<Body>) -> Request<&[u8]> {
    let mut received = Request::new(request.body().expose());
    *received.method_mut() = request.method().clone();
    *received.uri_mut() = request.uri().clone();
    *received.headers_mut() = request.headers().clone();
    received
}

/// The reply as a client sees it.
pub(crate) fn delivered(reply: &Response<Body>) -> Response<&[u8]> {
    let mut delivered = Response::new(reply.body().expose());
    *delivered.status_mut() = reply.status();
    *delivered.headers_mut() = reply.headers().clone();
    delivered
}

pub(crate) type Recovered = Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>>;
pub(crate) type Regenerated = Result<RecoveryCodeRegenerated, CallError<RegenerateRecoveryCode>>;

/// What an outcome of a recovery came to: the new code, and the state of the old one.
pub(crate) fn recovered(outcome: Recovered) -> (String, CodeState) {
    codes_of(outcome, |accepted| accepted.into_parts().1)
}

/// What an outcome of a regeneration came to: the new code, and the state of the old one.
pub(crate) fn regenerated(outcome: Regenerated) -> (String, CodeState) {
    codes_of(outcome, RecoveryCodeRegenerated::into_new_code)
}

fn codes_of<C: SpendsRecoveryCode<NewCode = NewCode>>(
    outcome: Result<C::Output, CallError<C>>,
    new_code: fn(C::Output) -> NewCode,
) -> (String, CodeState) {
    match outcome {
        Ok(output) => (shown(&new_code(output)), CodeState::Spent),
        Err(error) => (error.new_code().map(shown).unwrap_or_else(none), error.code_state()),
    }
}

/// A new code for comparison: its text, `-` when there is none, or `?` and the JSON text.
pub(crate) fn shown(code: &NewCode) -> String {
    match code {
        NewCode::Issued(code) => code.expose().to_owned(),
        NewCode::NotReturned => none(),
        NewCode::Unreadable(text) => format!("?{}", text.expose()),
    }
}

pub(crate) fn none() -> String {
    "-".to_owned()
}

/// The name of an outcome.
pub(crate) fn kind<C: Call>(outcome: &Result<C::Output, CallError<C>>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(CallError::NotSent(_)) => "not sent",
        Err(CallError::InDoubt(_)) => "in doubt",
        Err(CallError::Api(_)) => "api",
        Err(CallError::Malformed(_)) => "malformed",
    }
}

/// So many cases, more in proportion to `PROPTEST_CASES`, and no files: a case that fails becomes a row of a table.
pub(crate) fn cases(count: u32) -> Config {
    let config = Config::default();
    Config { cases: count * config.cases / 256, failure_persistence: None, ..config }
}

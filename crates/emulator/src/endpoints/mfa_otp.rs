//! `POST /oauth/token`, `grant_type=…/mfa-otp`: a one-time password; it confirms a new authenticator app.

use auth0_mfa_core::VerifyWithOtp;
use auth0_mfa_core::serve::Serve;

use super::{Answer, second_factor, token};
use crate::authenticator::AuthenticatorKind;
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, grant_type};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = VerifyWithOtp::read_request(request)?;
    let client = token::authenticate(tenant, request, &received.client, grant_type::MFA_OTP, now)?;
    let client_id = client.client_id.as_str();
    let login = second_factor::login(tenant, request, received.call.mfa_token(), &client, now)?;
    if login.is_access_token() && !tenant.behaviour.access_token_confirms {
        return Err(Refusal::MalformedMfaToken);
    }
    let behaviour = tenant.behaviour.clone();
    let is_taken = AuthenticatorKind::Totp.is_taken(&tenant.factors, &behaviour);
    let user = tenant.user_mut(login.user)?;
    if let Some(retry_after) = user.spent.otp_failures.empty_for(behaviour.failures, now) {
        tenant.log(EventKind::OtpOverLimit, Some(login.user), client_id, now);
        tenant.log(EventKind::OtpRefused, Some(login.user), client_id, now);
        return Err(Refusal::OverLimit { wrong: Box::new(Refusal::WrongOtp), retry_after });
    }
    let was_enrolled = user.is_enrolled();
    if !is_taken || !user.accept_otp(received.call.otp(), now) {
        user.spent.otp_failures.add(behaviour.failures, now);
        tenant.note_failure(login.session);
        tenant.log(EventKind::OtpRefused, Some(login.user), client_id, now);
        return Err(Refusal::WrongOtp);
    }
    second_factor::accepted::<VerifyWithOtp>(tenant, client, login, was_enrolled, EventKind::OtpAccepted, now)
}

//! `POST /oauth/token`, `grant_type=…/mfa-otp`: a one-time password; it confirms a new authenticator app.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{FactorAccepted, VerifyWithOtp};

use super::{Answer, token};
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, grant_type, tokens};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = VerifyWithOtp::read_request(request)?;
    let caller = token::authenticate(tenant, request, &received.client, grant_type::MFA_OTP, now)?;
    let client_id = caller.client_id.as_str();
    let login = token::continued(tenant, received.call.mfa_token(), client_id, now)?;
    let behaviour = tenant.behaviour.clone();
    let user = tenant.user_mut(login.user)?;
    if let Some(retry_after) = user.otp_failures.locked_for(&behaviour, now) {
        tenant.log(EventKind::OtpOverLimit, Some(login.user), client_id, now);
        tenant.log(EventKind::OtpRefused, Some(login.user), client_id, now);
        return Err(Refusal::OverLimit { wrong: Box::new(Refusal::WrongOtp), retry_after });
    }
    let was_enrolled = user.is_enrolled();
    if !user.accept_otp(received.call.otp(), now) {
        user.otp_failures.add(&behaviour, now);
        tenant.logins.note_failure(login.login);
        tenant.log(EventKind::OtpRefused, Some(login.user), client_id, now);
        return Err(Refusal::WrongOtp);
    }
    let tokens = tokens::issue(tenant, &caller, login.user, &login.asked, now)?;
    tenant.logins.note_success(login.login, now);
    if !was_enrolled {
        tenant.log(EventKind::EnrolmentComplete, Some(login.user), client_id, now);
    }
    tenant.log(EventKind::OtpAccepted, Some(login.user), client_id, now);
    Ok(VerifyWithOtp::write_reply(&FactorAccepted::new(tokens)))
}

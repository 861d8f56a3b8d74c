//! `POST /oauth/token`, `grant_type=password`: tokens, or `mfa_required`.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{FirstFactor, MfaRequired, MfaRequirements, PasswordGrant};

use super::{Answer, token};
use crate::config::MfaPolicy;
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::tokens::Asked;
use crate::user::{User, UserId};
use crate::{Tenant, Timestamp, grant_type, tokens};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = PasswordGrant::read_request(request)?;
    let caller = token::authenticate(tenant, request, &received.client, grant_type::PASSWORD, now)?;
    let client_id = caller.client_id.as_str();
    let call = received.call;
    let named = tenant.users.iter().position(|user| user.is_called(call.username())).map(UserId);
    let Some(user) =
        named.filter(|user| tenant.users.get(user.0).is_some_and(|u| u.has_password(call.password())))
    else {
        tenant.log(EventKind::PasswordRefused, named, client_id, now);
        return Err(Refusal::WrongPassword);
    };
    let asked = Asked::new(call.requested_audience(), call.requested_scope());
    if tenant.mfa_policy == MfaPolicy::Never {
        let tokens = tokens::issue(tenant, &caller, user, &asked, now)?;
        tenant.log(EventKind::PasswordAccepted, Some(user), client_id, now);
        return Ok(PasswordGrant::write_reply(&FirstFactor::Tokens(tokens)));
    }
    tenant.log(EventKind::MfaRequired, Some(user), client_id, now);
    let expires_at = now.plus(tenant.mfa_token_lifetime());
    let mfa_token = tenant.logins.open(user, caller.client_id, asked, &mut tenant.generator, expires_at)?;
    let required = MfaRequired::new(mfa_token, requirements(tenant, user)?);
    let mut response = PasswordGrant::write_reply(&FirstFactor::MfaRequired(required));
    *response.status_mut() = tenant.behaviour.mfa_required_status;
    Ok(response)
}

fn requirements(tenant: &mut Tenant, user: UserId) -> Result<MfaRequirements, Refusal> {
    let mut requirements = MfaRequirements::default();
    if tenant.behaviour.customizable_mfa {
        let has_codes = tenant.recovery_codes;
        let user = tenant.user_mut(user)?;
        if user.is_enrolled() {
            requirements.challenge.push("otp".to_owned());
            requirements.challenge.extend(recovery_type(user).filter(|_| has_codes));
        } else {
            requirements.enroll.push("otp".to_owned());
        }
    }
    Ok(requirements)
}

fn recovery_type(user: &User) -> Option<String> {
    user.recovery_code().map(|_| "recovery-code".to_owned())
}

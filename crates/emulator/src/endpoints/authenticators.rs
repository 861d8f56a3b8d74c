//! `GET /mfa/authenticators`: the user's authenticators, the recovery code among them.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{Authenticator, AuthenticatorId, Authenticators, ListAuthenticators, MfaApiScope};

use super::Answer;
use crate::refusal::Refusal;
use crate::user::User;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = ListAuthenticators::read_request(request)?;
    let login =
        bearer::caller(tenant, received.call.bearer().expose(), MfaApiScope::ReadAuthenticators, now)?;
    let user = tenant.users.get(login.user.0).ok_or(Refusal::Internal)?;
    let mut listed: Vec<Authenticator> = otp_authenticators(user).collect();
    if let Some(recovery) = recovery_authenticator(user).filter(|_| tenant.has_recovery_codes()) {
        // It comes into being with the first of the others, and is listed behind it.
        listed.insert(listed.len().min(1), recovery);
    }
    if tenant.behaviour.customizable_mfa {
        listed.iter_mut().for_each(|authenticator| {
            authenticator.r#type = Some(authenticator.authenticator_type.clone());
        });
    }
    Ok(ListAuthenticators::write_reply(&Authenticators::from(listed)))
}

fn otp_authenticators(user: &User) -> impl Iterator<Item = Authenticator> + '_ {
    user.authenticators.iter().map(|app| {
        let mut authenticator = Authenticator::new(id("totp", &app.device_id), "otp");
        authenticator.active = Some(app.confirmed);
        authenticator
    })
}

/// The recovery code, active as soon as a factor is confirmed.
fn recovery_authenticator(user: &User) -> Option<Authenticator> {
    let recovery = user.recovery.as_ref().filter(|recovery| recovery.code.is_some())?;
    let mut authenticator = Authenticator::new(id("recovery-code", &recovery.device_id), "recovery-code");
    authenticator.active = Some(user.is_enrolled());
    Some(authenticator)
}

fn id(kind: &str, device_id: &str) -> Option<AuthenticatorId> {
    AuthenticatorId::parse(format!("{kind}|{device_id}")).ok()
}

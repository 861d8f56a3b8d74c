//! `GET /mfa/authenticators`: the user's authenticators, the recovery code among them.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    Authenticator as Listed, AuthenticatorId, Authenticators, ListAuthenticators, MfaApiScope,
};

use super::Answer;
use crate::authenticator::{Authenticator, AuthenticatorKind};
use crate::refusal::Refusal;
use crate::user::User;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = ListAuthenticators::read_request(request)?;
    let caller = bearer::caller(
        tenant,
        request,
        received.call.bearer().expose(),
        MfaApiScope::ReadAuthenticators,
        now,
    )?;
    let user = tenant.users.get(caller.user.0).ok_or(Refusal::Internal)?;
    let lists_keys = tenant.behaviour.webauthn_is_listed;
    let is_on = |authenticator: &&Authenticator| {
        let kind = authenticator.kind();
        kind.is_on(&tenant.factors) && (lists_keys || kind != AuthenticatorKind::WebauthnRoaming)
    };
    let enrolled = user.authenticators.iter().filter(|it| !it.is_automatic()).filter(is_on);
    let first = user.authenticators.iter().find(|it| !it.is_automatic()).map(|it| it.link.as_str());
    let first_enrolment = enrolled.clone().take_while(|it| Some(it.link.as_str()) == first).count();
    let mut listed: Vec<Listed> = enrolled.map(listed).collect();
    if let Some(recovery) = recovery_authenticator(user).filter(|_| tenant.has_recovery_codes()) {
        // It comes into being with the first enrolment, and is listed behind it.
        listed.insert(first_enrolment.min(listed.len()), recovery);
    }
    let automatic = user.authenticators.iter().filter(|it| it.is_automatic()).filter(is_on);
    listed.extend(automatic.map(self::listed));
    if !tenant.behaviour.customizable_mfa {
        listed.iter_mut().for_each(|authenticator| authenticator.r#type = None);
    }
    Ok(ListAuthenticators::write_reply(&Authenticators::from(listed)))
}

fn listed(authenticator: &Authenticator) -> Listed {
    let mut listed = of_kind(authenticator.kind(), authenticator.id());
    listed.active = Some(authenticator.confirmed);
    listed.name = authenticator.name();
    listed
}

/// The recovery code, active as soon as a factor is confirmed.
fn recovery_authenticator(user: &User) -> Option<Listed> {
    let recovery = user.recovery.as_ref().filter(|recovery| recovery.has_code())?;
    let mut listed = of_kind(AuthenticatorKind::RecoveryCode, recovery.id());
    listed.active = Some(recovery.active);
    Some(listed)
}

fn of_kind(kind: AuthenticatorKind, id: String) -> Listed {
    let mut listed = Listed::new(AuthenticatorId::parse(id).ok(), kind.authenticator_type());
    listed.oob_channels = kind.oob_channel().map(str::to_owned).into_iter().collect();
    listed.r#type = Some(kind.requirement().to_owned());
    listed
}

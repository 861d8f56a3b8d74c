//! `POST /mfa/associate`: a new authenticator, and with the very first one the recovery code.

use auth0_mfa_core::serve::{ClientCredentials, RequestError, Serve};
use auth0_mfa_core::{
    AddAuthenticator, Association, AuthenticatorAdded, AuthenticatorId, MfaApiScope, NewAuthenticator,
    NewCode, NewCodes, OtpSecret,
};

use super::Answer;
use crate::authenticator::{Authenticator, AuthenticatorKind, Means};
use crate::base_url::BaseUrl;
use crate::bearer::Caller;
use crate::behaviour::PushTwin;
use crate::config::{is_email_address, is_phone_number};
use crate::outbox::Purpose;
use crate::recovery::{RecoveryAuthenticator, copy};
use crate::refusal::Refusal;
use crate::sending::{self, Outgoing, Sent};
use crate::{Factor, Tenant, Timestamp, barcode, bearer, client_authentication};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = AddAuthenticator::read_request(request)?;
    let caller = bearer::caller(tenant, request, received.call.bearer().expose(), MfaApiScope::Enroll, now)?;
    check_client(tenant, request, &received.client, &caller, now)?;
    check_not_enrolled(tenant, &caller)?;
    let means = means(tenant, &caller, received.call.authenticator())?;
    let authenticator = Authenticator::new(tenant.generator.device_id(), means, now);
    let kind = authenticator.kind();
    if kind != AuthenticatorKind::Push {
        // An enrolment sends no push.
        sending::take_from_budget(tenant, &caller, kind, now)?;
    }
    let base = tenant.base_url(request);
    let mut association = association(tenant, &caller, &authenticator, &base, now)?;
    association.id = AuthenticatorId::parse(authenticator.id()).ok();
    association.id = association.id.filter(|_| tenant.behaviour.associate_answers_id);
    let new_codes = add(tenant, &caller, authenticator, now)?;
    let added = AuthenticatorAdded::new(association, NewCodes::from_iter(new_codes));
    Ok(AddAuthenticator::write_reply(&added))
}

fn check_client(
    tenant: &mut Tenant,
    request: &http::Request<&[u8]>,
    credentials: &ClientCredentials,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), Refusal> {
    let is_given = credentials.client_id.is_some() || credentials.client_assertion.is_some();
    if is_given && tenant.behaviour.associate_checks_client_credentials {
        client_authentication::authenticate(tenant, request, credentials, now)?;
    }
    let of_another = credentials.client_id.as_ref().is_some_and(|client_id| *client_id != caller.client_id);
    if of_another && tenant.behaviour.associate_checks_client_id {
        return Err(Refusal::OtherClient);
    }
    Ok(())
}

/// With an `mfa_token` only the first authenticator can be enrolled.
fn check_not_enrolled(tenant: &Tenant, caller: &Caller) -> Result<(), Refusal> {
    let user = tenant.users.get(caller.user.0).ok_or(Refusal::Internal)?;
    let has_active_code = user.recovery.as_ref().is_some_and(|recovery| recovery.active);
    let by_code = has_active_code && tenant.behaviour.recovery_code_is_enrolment;
    if (user.is_enrolled() || by_code) && !caller.is_access_token() {
        return Err(Refusal::AlreadyEnrolled);
    }
    Ok(())
}

/// What is to be enrolled, when the tenant has it switched on and it can be reached.
fn means(tenant: &mut Tenant, caller: &Caller, new: &NewAuthenticator) -> Result<Means, Refusal> {
    let means = match new {
        NewAuthenticator::Otp => Means::totp(tenant.generator.otp_secret()),
        NewAuthenticator::Sms(number) => Means::Sms(number.clone()),
        NewAuthenticator::Voice(number) => Means::Voice(number.clone()),
        NewAuthenticator::Email(address) => {
            let address = address.clone().or_else(|| tenant.users.get(caller.user.0)?.email().cloned());
            let address = address.ok_or(RequestError::MissingParameter("email"))?;
            Means::Email { address, automatic: false }
        }
        NewAuthenticator::Push => Means::Push { device_name: None },
        _ => return Err(RequestError::InvalidParameter("authenticator_types").into()),
    };
    match &means {
        Means::Sms(number) | Means::Voice(number) if !is_phone_number(number.expose()) => {
            return Err(Refusal::InvalidPhoneNumber);
        }
        Means::Email { address, .. } if !is_email_address(address.expose()) => {
            return Err(RequestError::InvalidParameter("email").into());
        }
        _ => {}
    }
    match means.kind() {
        kind if kind.is_on(&tenant.factors) => Ok(means),
        AuthenticatorKind::Totp => Err(RequestError::InvalidParameter("authenticator_types").into()),
        _ => Err(RequestError::InvalidParameter("oob_channels").into()),
    }
}

fn association(
    tenant: &mut Tenant,
    caller: &Caller,
    authenticator: &Authenticator,
    base: &BaseUrl,
    now: Timestamp,
) -> Result<Association, Refusal> {
    let user = tenant.users.get(caller.user.0).ok_or(Refusal::Internal)?.name().to_owned();
    let (Some(channel), Some(outgoing)) = (authenticator.kind().oob_channel(), Outgoing::to(authenticator))
    else {
        let secret = authenticator.totp_secret().ok_or(Refusal::Internal)?;
        let shown = OtpSecret::from(secret.expose().to_owned());
        return Ok(Association::otp(shown, barcode::of_app(&tenant.name, &user, secret)));
    };
    if authenticator.kind() == AuthenticatorKind::Push {
        let enrollment_tx_id = tenant.generator.enrollment_tx_id();
        let outgoing = outgoing.named(&enrollment_tx_id);
        let sent = outgoing.send(tenant, caller, Purpose::Enrolment, now)?;
        let barcode_uri = barcode::of_push(&tenant.name, &user, &enrollment_tx_id, base);
        let mut association = oob(channel, sent);
        association.barcode_uri = Some(barcode_uri);
        return Ok(association);
    }
    Ok(oob(channel, outgoing.send(tenant, caller, Purpose::Enrolment, now)?))
}

fn oob(channel: &str, sent: Sent) -> Association {
    let mut association = Association::oob(channel, sent.oob_code);
    association.binding_method = sent.binding_method;
    association
}

/// Adds the authenticator and what is enrolled with it. The very first brings the recovery code: usually one.
fn add(
    tenant: &mut Tenant,
    caller: &Caller,
    authenticator: Authenticator,
    now: Timestamp,
) -> Result<Vec<NewCode>, Refusal> {
    let twin = twin(tenant, &authenticator, now);
    let has_codes = tenant.factors.has(Factor::RecoveryCode);
    let Tenant { users, generator, behaviour, .. } = tenant;
    let user = users.get_mut(caller.user.0).ok_or(Refusal::Internal)?;
    let is_first = !user.has_begun_to_enrol() && user.recovery.is_none();
    user.add_pending(authenticator, twin);
    if !is_first || !has_codes {
        return Ok(Vec::new());
    }
    let code = generator.recovery_code();
    let mut recovery = RecoveryAuthenticator::new(generator.device_id(), code, now);
    recovery.more.extend((1..behaviour.recovery_codes_issued).map(|_| generator.recovery_code()));
    let issued = recovery.code.iter().chain(&recovery.more).map(|code| NewCode::Issued(copy(code))).collect();
    user.recovery = Some(recovery);
    Ok(issued)
}

/// What is enrolled with it: with a push the app's one-time passwords, with SMS or voice the other of the two.
fn twin(tenant: &mut Tenant, authenticator: &Authenticator, now: Timestamp) -> Option<Authenticator> {
    let means = match &authenticator.means {
        Means::Push { .. } => Means::totp(tenant.generator.otp_secret()),
        Means::Sms(number) => Means::Voice(number.clone()),
        Means::Voice(number) => Means::Sms(number.clone()),
        Means::Totp { .. } | Means::Email { .. } | Means::WebauthnRoaming(_) => return None,
    };
    let is_push = authenticator.kind() == AuthenticatorKind::Push;
    let device_id = if is_push && tenant.behaviour.push_twin == PushTwin::OwnDevice {
        tenant.generator.device_id()
    } else {
        authenticator.device_id.clone()
    };
    let twin = Authenticator::new(device_id, means, now).linked_to(authenticator);
    Some(twin).filter(|twin| twin.kind().is_on(&tenant.factors))
}

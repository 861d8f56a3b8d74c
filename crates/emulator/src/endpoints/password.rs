//! `POST /oauth/token`, `grant_type=password`: tokens, or `mfa_required`.

use std::net::IpAddr;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{FirstFactor, MfaRequired, MfaRequirements, Password, PasswordGrant};

use super::{Answer, token};
use crate::api::Api;
use crate::authenticator::{Authenticator, AuthenticatorKind};
use crate::behaviour::MfaRequirementsForm;
use crate::config::MfaPolicy;
use crate::events::EventKind;
use crate::login::Turn;
use crate::refusal::Refusal;
use crate::tokens::{Asked, Client};
use crate::user::{User, UserId};
use crate::{Behaviour, Limit, Tenant, Timestamp, grant_type, tokens};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = PasswordGrant::read_request(request)?;
    let client = token::authenticate(tenant, request, &received.client, grant_type::PASSWORD, now)?;
    log_in(tenant, client, &received.call, now)
}

pub(super) fn log_in(tenant: &mut Tenant, client: Client, call: &PasswordGrant, now: Timestamp) -> Answer {
    let user = check_password(tenant, &client, call, now)?;
    let asked = Asked::new(call.requested_audience(), call.requested_scope());
    let by_policy = tenant.mfa_policy == MfaPolicy::AllApplications;
    if needs_mfa(tenant, &client, user, &asked, by_policy) {
        return require_mfa(tenant, client, user, asked, Turn::First, now);
    }
    let tokens = tokens::issue_without_mfa(tenant, &client, user, &asked, now)?;
    tenant.log(EventKind::PasswordAccepted, Some(user), &client.client_id, now);
    Ok(PasswordGrant::write_reply(&FirstFactor::Tokens(tokens)))
}

fn check_password(
    tenant: &mut Tenant,
    client: &Client,
    call: &PasswordGrant,
    now: Timestamp,
) -> Result<UserId, Refusal> {
    let Tenant { users, behaviour, logins_per_user, origin, .. } = tenant;
    let named = users.iter().position(|user| user.is_called(call.username()));
    let verdict = match named.and_then(|index| users.get_mut(index)) {
        Some(user) => judge(user, call.password(), origin.ip, *logins_per_user, behaviour, now),
        None => Err(Refusal::WrongPassword),
    };
    let Err(refusal) = verdict else { return named.map(UserId).ok_or(Refusal::Internal) };
    let kind = match refusal {
        Refusal::Blocked => EventKind::AccountBlocked,
        Refusal::RateLimited => EventKind::TooManyLogins,
        _ => EventKind::PasswordRefused,
    };
    tenant.log(kind, named.map(UserId), &client.client_id, now);
    Err(refusal)
}

/// Whether the password is right, and enough to go on with; over a limit of logins from this address it is not looked
/// at.
fn judge(
    user: &mut User,
    password: &Password,
    from: Option<IpAddr>,
    limit: Option<Limit>,
    behaviour: &Behaviour,
    now: Timestamp,
) -> Result<(), Refusal> {
    if user.wrong_passwords.of(from).block(behaviour, now) {
        return Err(Refusal::Blocked);
    }
    if let Some(limit) = limit {
        user.spent.logins.of(from).take(limit, now).map_err(|_| Refusal::RateLimited)?;
    }
    let is_right = user.has_password(password);
    let wrong_passwords = user.wrong_passwords.of(from);
    if is_right {
        wrong_passwords.forget();
        user.login_refusal.map_or(Ok(()), |refusal| Err(Refusal::Login(refusal)))
    } else {
        wrong_passwords.add(behaviour, now);
        Err(Refusal::WrongPassword)
    }
}

/// Whether a second factor is needed. For a token of the MFA API it is the user's, where there is one other than
/// e-mail, whatever the policy says: with the token, factors can be added and removed.
pub(super) fn needs_mfa(
    tenant: &Tenant,
    client: &Client,
    user: UserId,
    asked: &Asked,
    by_policy: bool,
) -> bool {
    match tenant.api(&client.base, asked.audience.as_deref()) {
        Api::Mfa => tenant.users.get(user.0).is_some_and(User::has_factor_beside_email),
        _ => by_policy,
    }
}

/// `mfa_required`, and the login that it begins.
pub(super) fn require_mfa(
    tenant: &mut Tenant,
    client: Client,
    user: UserId,
    asked: Asked,
    turn: Turn,
    now: Timestamp,
) -> Answer {
    tenant.log(EventKind::MfaRequired, Some(user), &client.client_id, now);
    let expires_at = now.plus(tenant.mfa_token_lifetime());
    let mfa_token = tenant.logins.open(user, client, asked, turn, &mut tenant.generator, expires_at)?;
    let required = MfaRequired::new(mfa_token, requirements(tenant, user)?);
    let mut response = PasswordGrant::write_reply(&FirstFactor::MfaRequired(required));
    *response.status_mut() = tenant.behaviour.mfa_required_status;
    Ok(response)
}

fn requirements(tenant: &Tenant, user: UserId) -> Result<MfaRequirements, Refusal> {
    let mut requirements = MfaRequirements::default();
    if !tenant.behaviour.customizable_mfa {
        return Ok(requirements);
    }
    let user = tenant.users.get(user.0).ok_or(Refusal::Internal)?;
    match tenant.behaviour.mfa_requirements_form {
        MfaRequirementsForm::ChallengeOrEnroll if user.is_enrolled() => {
            requirements.challenge = challenges(tenant, user);
        }
        MfaRequirementsForm::ChallengeOrEnroll => requirements.enroll = enrolments(tenant),
        MfaRequirementsForm::Both => {
            requirements.challenge = challenges(tenant, user);
            requirements.enroll = enrolments(tenant);
        }
        MfaRequirementsForm::ChallengeTypes => {
            requirements.challenge_types = ["otp", "oob"].map(str::to_owned).to_vec();
        }
        MfaRequirementsForm::Empty => {}
    }
    Ok(requirements)
}

/// What the user can be challenged with now; the recovery code is among it.
fn challenges(tenant: &Tenant, user: &User) -> Vec<String> {
    let usable = user.authenticators.iter().filter(|it| it.confirmed && it.kind().is_on(&tenant.factors));
    let mut types: Vec<String> = Vec::new();
    for kind in usable.map(Authenticator::kind).filter(|kind| kind.can_be_challenged()) {
        if !types.iter().any(|known| known == kind.requirement()) {
            types.push(kind.requirement().to_owned());
        }
    }
    let has_code = tenant.has_recovery_codes() && user.recovery_code().is_some();
    if has_code && user.has_active_recovery(&tenant.behaviour) {
        types.push(AuthenticatorKind::RecoveryCode.requirement().to_owned());
    }
    types
}

/// What a user can enrol. E-mail is for challenges only.
fn enrolments(tenant: &Tenant) -> Vec<String> {
    let kinds = [AuthenticatorKind::Totp, AuthenticatorKind::Sms, AuthenticatorKind::Push];
    let on = kinds.into_iter().filter(|kind| {
        kind.is_on(&tenant.factors)
            || (*kind == AuthenticatorKind::Sms && AuthenticatorKind::Voice.is_on(&tenant.factors))
    });
    on.map(|kind| kind.requirement().to_owned()).collect()
}

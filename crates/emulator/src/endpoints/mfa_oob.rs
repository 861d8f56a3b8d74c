//! `POST /oauth/token`, `grant_type=…/mfa-oob`: the code of a message, or the answer to a push; it confirms a new
//! authenticator.

use std::time::Duration;

use auth0_mfa_core::VerifyWithOob;
use auth0_mfa_core::serve::{RequestError, Serve};

use super::{Answer, second_factor, token};
use crate::bearer::{Caller, Session};
use crate::events::EventKind;
use crate::outbox::PushAnswer;
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, grant_type, secrets};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = VerifyWithOob::read_request(request)?;
    let client = token::authenticate(tenant, request, &received.client, grant_type::MFA_OOB, now)?;
    let login = second_factor::login(tenant, request, received.call.mfa_token(), &client, now)?;
    if login.is_access_token() && !tenant.behaviour.access_token_confirms {
        return Err(Refusal::MalformedMfaToken);
    }
    take_exchange(tenant, &login, now).map_err(|retry_after| Refusal::TooManyExchanges { retry_after })?;
    let link = match judge(tenant, &login, &received.call, now) {
        Ok(link) => link,
        Err(refusal) => {
            note_refusal(tenant, &login, &refusal, now);
            return Err(refusal);
        }
    };
    tenant.oob.consume(received.call.oob_code());
    let user = tenant.user_mut(login.user)?;
    let was_enrolled = user.is_enrolled();
    user.confirm(&link, now);
    second_factor::accepted::<VerifyWithOob>(tenant, client, login, was_enrolled, EventKind::OobAccepted, now)
}

/// Uses one exchange of the session; or says how long until there is one.
fn take_exchange(tenant: &mut Tenant, login: &Caller, now: Timestamp) -> Result<(), Duration> {
    let Tenant { logins, users, behaviour, .. } = tenant;
    let bucket = match login.session {
        Session::Login(id) => logins.get_mut(id).map(|login| &mut login.oob_exchanges),
        Session::AccessToken(user) => users.get_mut(user.0).map(|user| &mut user.spent.oob_exchanges),
    };
    bucket.map_or(Ok(()), |bucket| bucket.take(behaviour.oob_exchanges, now))
}

/// Whether the user has answered, and rightly. Answers the link of the authenticator.
fn judge(
    tenant: &mut Tenant,
    login: &Caller,
    call: &VerifyWithOob,
    now: Timestamp,
) -> Result<String, Refusal> {
    let Tenant { oob, users, behaviour, factors, .. } = tenant;
    let waiting = oob.find(call.oob_code()).ok_or(Refusal::MalformedOobCode)?;
    let transaction = &waiting.transaction;
    if transaction.session != login.session {
        return Err(Refusal::OtherTransaction);
    }
    if now >= transaction.expires_at {
        return Err(Refusal::ExpiredOobCode);
    }
    if !transaction.kind.is_taken(factors, behaviour) {
        return Err(Refusal::MalformedOobCode);
    }
    let user = users.get_mut(login.user.0).ok_or(Refusal::Internal)?;
    if !user.authenticators.iter().any(|authenticator| authenticator.link == transaction.link) {
        return Err(Refusal::MalformedOobCode); // It was deleted since.
    }
    let Some(expected) = &transaction.binding_code else {
        return match waiting.answer {
            None => Err(Refusal::AuthorizationPending),
            Some(PushAnswer::Deny) => Err(Refusal::RefusedPush),
            Some(PushAnswer::Approve) => Ok(transaction.link.clone()),
        };
    };
    let typed = call.binding_code().ok_or(RequestError::MissingParameter("binding_code"))?;
    if let Some(retry_after) = user.spent.otp_failures.empty_for(behaviour.failures, now) {
        return Err(Refusal::OverLimit { wrong: Box::new(Refusal::WrongBindingCode), retry_after });
    }
    if secrets::same(expected.expose(), typed.expose()) {
        Ok(transaction.link.clone())
    } else {
        user.spent.otp_failures.add(behaviour.failures, now);
        Err(Refusal::WrongBindingCode)
    }
}

fn note_refusal(tenant: &mut Tenant, login: &Caller, refusal: &Refusal, now: Timestamp) {
    match refusal {
        Refusal::AuthorizationPending | Refusal::Request(_) => return,
        Refusal::WrongBindingCode => tenant.note_failure(login.session),
        Refusal::OverLimit { .. } => {
            tenant.log(EventKind::OtpOverLimit, Some(login.user), &login.client_id, now);
        }
        _ => {}
    }
    tenant.log(EventKind::OobRefused, Some(login.user), &login.client_id, now);
}

//! `POST /mfa/challenge`: a message is sent to an authenticator of the user, or the app is asked for a one-time
//! password.

use std::time::Duration;

use auth0_mfa_core::serve::{self, RequestError, Serve};
use auth0_mfa_core::{AuthenticatorId, Challenge, RequestChallenge};

use super::Answer;
use crate::authenticator::Authenticator;
use crate::bearer::Caller;
use crate::factors::Factors;
use crate::outbox::Purpose;
use crate::refusal::Refusal;
use crate::sending::{self, Outgoing};
use crate::user::User;
use crate::{Tenant, Timestamp, bearer, client_authentication};

/// How long a client is to wait between two polls, on a tenant that says it.
const INTERVAL: Duration = Duration::from_secs(5);

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = RequestChallenge::read_request(request)?;
    let behaviour = &tenant.behaviour;
    if received.client.basic && !behaviour.challenge_takes_basic {
        return Err(Refusal::BadClient);
    }
    if behaviour.challenge_type_required && serve::parameter(request, "challenge_type")?.is_none() {
        return Err(RequestError::MissingParameter("challenge_type").into());
    }
    let client = client_authentication::authenticate(tenant, request, &received.client, now)?;
    let caller = bearer::continued(tenant, received.call.mfa_token(), &client, now)?;
    if caller.is_access_token() {
        return Err(Refusal::MalformedMfaToken);
    }
    let challenged = choose(tenant, &caller, &received.call)?;
    let Some(outgoing) = Outgoing::to(challenged) else {
        return Ok(RequestChallenge::write_reply(&Challenge::otp()));
    };
    sending::take_from_budget(tenant, &caller, outgoing.kind, now)?;
    let sent = outgoing.send(tenant, &caller, Purpose::Challenge, now)?;
    let mut challenge = Challenge::oob(sent.oob_code);
    challenge.binding_method = sent.binding_method;
    if tenant.behaviour.challenge_says_times {
        challenge.expires_in = Some(Duration::from_secs(tenant.behaviour.oob_code_lifetime_seconds));
        challenge.interval = Some(INTERVAL);
    }
    Ok(RequestChallenge::write_reply(&challenge))
}

/// The authenticator that is asked for, or else the one that the user used last, when the client can handle its type.
fn choose<'a>(
    tenant: &'a Tenant,
    caller: &Caller,
    call: &RequestChallenge,
) -> Result<&'a Authenticator, Refusal> {
    let user = tenant.users.get(caller.user.0).ok_or(Refusal::Internal)?;
    let usable = || usable(user, &tenant.factors);
    if usable().next().is_none() {
        return Err(Refusal::NotEnrolled);
    }
    let fits = |authenticator: &&Authenticator| {
        let own = authenticator.kind().authenticator_type();
        call.requested_challenge_type().split_whitespace().any(|wanted| wanted == own)
    };
    let chosen = match call.authenticator_id() {
        Some(id) => Some(named(usable(), id)?).filter(fits),
        // An e-mail address that nobody enrolled comes last.
        None => usable().filter(fits).rev().max_by_key(|it| (!it.is_automatic(), it.last_auth_at)),
    };
    chosen.ok_or_else(|| Refusal::UnsupportedChallengeType {
        requested: call.requested_challenge_type().to_owned(),
        supported: types(usable()),
    })
}

/// Those that can be challenged: confirmed, and of a factor that is on. A security key is for the hosted page.
fn usable<'a>(user: &'a User, factors: &Factors) -> impl DoubleEndedIterator<Item = &'a Authenticator> {
    let confirmed = user.authenticators.iter().filter(|it| it.confirmed);
    confirmed.filter(move |it| it.kind().can_be_challenged() && it.kind().is_on(factors))
}

fn named<'a>(
    mut usable: impl Iterator<Item = &'a Authenticator>,
    id: &AuthenticatorId,
) -> Result<&'a Authenticator, Refusal> {
    usable.find(|authenticator| authenticator.id() == id.as_str()).ok_or(Refusal::UnknownAuthenticator)
}

/// The types of these, each once.
fn types<'a>(authenticators: impl Iterator<Item = &'a Authenticator>) -> Vec<&'static str> {
    let mut types: Vec<_> = authenticators.map(|it| it.kind().authenticator_type()).collect();
    types.sort_unstable();
    types.dedup();
    types
}

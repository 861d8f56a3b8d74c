//! `DELETE /api/v2/users/{id}/multifactor/{provider}`: a user's multi-factor provider, of the kind that was before
//! Guardian. Nobody can enrol one here, so that usually nothing is there to go.

use super::{Answer, management, no_content};
use crate::authenticator::{Authenticator, AuthenticatorKind};
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::user::User;
use crate::{Tenant, Timestamp, bearer};

pub(super) fn delete(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let client_id = bearer::management(tenant, request, "update:users", now)?;
    let user = management::user(tenant, request)?;
    let provider = management::identifier(request, 6)?;
    if !["duo", "google-authenticator"].contains(&provider.as_str()) {
        return Err(Refusal::BadPayload);
    }
    if provider == "google-authenticator" && tenant.behaviour.google_authenticator_is_otp {
        while let Some(id) = app(tenant.user_mut(user)?) {
            tenant.user_mut(user)?.remove(&id);
            tenant.log(EventKind::Unenrolled, Some(user), &client_id, now);
        }
    }
    no_content()
}

/// An authenticator app of the user. What comes with a push is the Guardian app, and no such one.
fn app(user: &User) -> Option<String> {
    let is_app = |it: &Authenticator| it.kind() == AuthenticatorKind::Totp;
    let is_alone =
        |it: &Authenticator| !user.authenticators.iter().any(|other| other.link == it.link && !is_app(other));
    user.authenticators.iter().find(|it| is_app(it) && is_alone(it)).map(Authenticator::id)
}

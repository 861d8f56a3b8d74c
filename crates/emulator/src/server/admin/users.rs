//! `/_emulator/users`: who they are, and what is in their hands: passwords, authenticators, codes.

use auth0_mfa_core::{OtpSecret, RecoveryCode};
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::reply::{Answer, Problem, json};
use crate::hosted::Hosted;
use crate::{Authenticator, Tenant, Timestamp, User, totp};

#[derive(Serialize)]
pub(super) struct UserView<'a> {
    name: &'a str,
    /// What stands for the user in paths of the Management API and in `sub`.
    user_id: &'a str,
    password: &'a str,
    enrolled: bool,
    recovery_code: Option<&'a str>,
    authenticators: Vec<AuthenticatorView<'a>>,
}

#[derive(Serialize)]
struct AuthenticatorView<'a> {
    id: String,
    /// As the list of authenticators shows it: masked.
    name: Option<String>,
    confirmed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp_secret: Option<&'a str>,
    /// What the app shows now.
    #[serde(skip_serializing_if = "Option::is_none")]
    otp: Option<String>,
}

impl<'a> AuthenticatorView<'a> {
    fn of(authenticator: &'a Authenticator, now: Timestamp) -> Self {
        let secret = authenticator.totp_secret();
        let otp = secret.and_then(|secret| totp::otp(secret, totp::step(now)));
        Self {
            id: authenticator.id(),
            name: authenticator.name(),
            confirmed: authenticator.is_confirmed(),
            totp_secret: secret.map(OtpSecret::expose),
            otp: otp.map(|otp| otp.expose().to_owned()),
        }
    }
}

impl<'a> UserView<'a> {
    fn of(user: &'a User, now: Timestamp) -> Self {
        Self {
            name: user.name(),
            user_id: user.user_id(),
            password: user.password().expose(),
            enrolled: user.is_enrolled(),
            recovery_code: user.recovery_code().map(RecoveryCode::expose),
            authenticators: user.authenticators().iter().map(|it| AuthenticatorView::of(it, now)).collect(),
        }
    }
}

pub(super) fn views(tenant: &Tenant, now: Timestamp) -> Vec<UserView<'_>> {
    tenant.users().iter().map(|user| UserView::of(user, now)).collect()
}

/// `GET /_emulator/users`
pub(super) fn list(hosted: &Hosted) -> Answer {
    hosted.with_tenant(|tenant, now| json(&views(tenant, now)))
}

/// `GET /_emulator/users/{name}`
pub(super) fn get(hosted: &Hosted, name: &str) -> Answer {
    let name = percent_decode_str(name).decode_utf8_lossy();
    hosted.with_tenant(|tenant, now| match tenant.user(&name) {
        Some(user) => json(&UserView::of(user, now)),
        None => Err(Problem::new(StatusCode::NOT_FOUND, "there is no such user")),
    })
}

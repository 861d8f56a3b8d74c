//! `/_emulator/users`: who they are, and what is in their hands: passwords, authenticators, codes.

use auth0_mfa_core::{Otp, RecoveryCode};
use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::reply::{Answer, Problem, json};
use crate::hosted::Hosted;
use crate::user::OtpAuthenticator;
use crate::{Tenant, Timestamp, User, totp};

#[derive(Serialize)]
pub(super) struct UserView<'a> {
    name: &'a str,
    password: &'a str,
    enrolled: bool,
    recovery_code: Option<&'a str>,
    authenticators: Vec<AuthenticatorView<'a>>,
}

#[derive(Serialize)]
struct AuthenticatorView<'a> {
    id: String,
    confirmed: bool,
    totp_secret: Option<&'a str>,
    /// What the app shows now.
    otp: Option<String>,
}

impl<'a> AuthenticatorView<'a> {
    fn of(app: &'a OtpAuthenticator, now: Timestamp) -> Self {
        Self {
            id: format!("totp|{}", app.device_id),
            confirmed: app.confirmed,
            totp_secret: Some(app.secret.expose()),
            otp: totp::otp(&app.secret, totp::step(now)).as_ref().map(Otp::expose).map(str::to_owned),
        }
    }
}

impl<'a> UserView<'a> {
    fn of(user: &'a User, now: Timestamp) -> Self {
        Self {
            name: user.name(),
            password: user.password().expose(),
            enrolled: user.is_enrolled(),
            recovery_code: user.recovery_code().map(RecoveryCode::expose),
            authenticators: user.authenticators.iter().map(|app| AuthenticatorView::of(app, now)).collect(),
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

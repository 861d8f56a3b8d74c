//! A user as a config has it.

use std::fmt;

use auth0_mfa_core::{EmailAddress, OtpSecret, Password, RecoveryCode};
use serde::Deserialize;

use super::{AuthenticatorConfig, LoginRefusal, is_email_address};
use crate::personal::Redacted;
use crate::{recovery, secrets};

/// A user of the tenant. `Debug` shows no secret and nothing personal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct UserConfig {
    /// What the user logs in with, usually an e-mail address. Case does not matter.
    pub name: String,
    /// Auth0's `user_id`, which is the `sub` of tokens; unless it is said, `auth0|` and a number that follows from the
    /// name.
    #[serde(default)]
    pub user_id: Option<String>,
    /// The user's password.
    #[serde(deserialize_with = "secrets::password")]
    pub password: Password,
    /// Whether the user has a confirmed authenticator app and a recovery code from the start.
    #[serde(default)]
    pub enrolled: bool,
    /// The recovery code of an enrolled user; one is made when it is not given.
    #[serde(default, deserialize_with = "secrets::optional_recovery_code")]
    pub recovery_code: Option<RecoveryCode>,
    /// The authenticator app's secret of an enrolled user, in base32; one is made when it is not given.
    #[serde(default, deserialize_with = "secrets::optional_otp_secret")]
    pub totp_secret: Option<OtpSecret>,
    /// The e-mail address; the name, when that is one and no other is given.
    #[serde(default, deserialize_with = "secrets::optional_email_address")]
    pub email: Option<EmailAddress>,
    /// Whether the e-mail address is verified: then it is listed as an authenticator, without an enrolment.
    #[serde(default)]
    pub email_verified: bool,
    /// What keeps the user from logging in though the password is right; nothing, unless it is said.
    #[serde(default)]
    pub login_refusal: Option<LoginRefusal>,
    /// Authenticators that the user has from the start, besides the app that `enrolled` brings.
    #[serde(default)]
    pub authenticators: Vec<AuthenticatorConfig>,
}

impl UserConfig {
    /// A user who has no authenticator yet.
    pub fn new(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            user_id: None,
            password: Password::new(password),
            enrolled: false,
            recovery_code: None,
            totp_secret: None,
            email: None,
            email_verified: false,
            login_refusal: None,
            authenticators: Vec::new(),
        }
    }

    /// The same user with a confirmed authenticator app and a recovery code.
    #[must_use]
    pub fn enrolled(mut self) -> Self {
        self.enrolled = true;
        self
    }

    /// The same user with one more authenticator.
    #[must_use]
    pub fn with_authenticator(mut self, authenticator: AuthenticatorConfig) -> Self {
        self.authenticators.push(authenticator);
        self
    }

    fn has_factor(&self) -> bool {
        self.enrolled || self.authenticators.iter().any(|given| given.confirmed)
    }
}

impl fmt::Debug for UserConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserConfig")
            .field("name", &Redacted)
            .field("user_id", &self.user_id)
            .field("password", &self.password)
            .field("enrolled", &self.enrolled)
            .field("recovery_code", &self.recovery_code)
            .field("totp_secret", &self.totp_secret)
            .field("email", &self.email)
            .field("email_verified", &self.email_verified)
            .field("login_refusal", &self.login_refusal)
            .field("authenticators", &self.authenticators)
            .finish()
    }
}

impl Clone for UserConfig {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            user_id: self.user_id.clone(),
            password: Password::new(self.password.expose()),
            enrolled: self.enrolled,
            recovery_code: self.recovery_code.as_ref().map(recovery::copy),
            totp_secret: self.totp_secret.as_ref().map(|secret| secret.expose().to_owned().into()),
            email: self.email.clone(),
            email_verified: self.email_verified,
            login_refusal: self.login_refusal,
            authenticators: self.authenticators.clone(),
        }
    }
}

impl UserConfig {
    pub(super) fn check<'a>(
        &self,
        mut earlier: impl Iterator<Item = &'a str>,
    ) -> Result<(), (&'static str, &'static str)> {
        if self.name.is_empty() {
            return Err(("name", "is empty"));
        }
        if earlier.any(|name| name.eq_ignore_ascii_case(&self.name)) {
            return Err(("name", "is there twice"));
        }
        if !self.has_factor() && self.recovery_code.is_some() {
            return Err(("recovery_code", "is given for a user who is not enrolled"));
        }
        if !self.enrolled && self.totp_secret.is_some() {
            return Err(("totp_secret", "is given for a user who is not enrolled"));
        }
        if self.recovery_code.as_ref().is_some_and(|code| code.expose().is_empty()) {
            return Err(("recovery_code", "is empty"));
        }
        if self.totp_secret.as_ref().is_some_and(|secret| !crate::totp::is_secret(secret)) {
            return Err(("totp_secret", "is not base32 of ten bytes or more"));
        }
        if self.email.as_ref().is_some_and(|email| !is_email_address(email.expose())) {
            return Err(("email", "is no e-mail address"));
        }
        let has_email = self.email.is_some() || is_email_address(&self.name);
        if self.email_verified && !has_email {
            return Err(("email_verified", "is given for a user without an e-mail address"));
        }
        if self.authenticators.iter().any(|given| !given.is_complete(has_email)) {
            return Err(("authenticators", "has one without a phone number or an e-mail address"));
        }
        Ok(())
    }
}

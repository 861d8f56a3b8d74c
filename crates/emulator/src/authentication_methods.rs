//! A user's authenticators as the Management API calls them: authentication methods.

use auth0_mfa_core::{EmailAddress, OtpSecret, PhoneNumber};
use serde::{Deserialize, Serialize};

use crate::authenticator::{Authenticator, AuthenticatorKind, Means};
use crate::config::{is_email_address, is_phone_number};
use crate::refusal::Refusal;
use crate::user::{User, UserId};
use crate::{Tenant, Timestamp, totp};

/// An authentication method, as it is answered.
#[derive(Serialize)]
pub(crate) struct Method {
    pub(crate) id: String,
    r#type: &'static str,
    confirmed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_auth_at: Option<String>,
    /// What was enrolled in one go has the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    link_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Of one that was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    totp_secret: Option<String>,
}

/// An authentication method that an administrator makes. A recovery code is none: it is regenerated.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum NewMethod {
    Totp { name: Option<String>, totp_secret: Option<String> },
    Phone { name: Option<String>, phone_number: String },
    Email { name: Option<String>, email: String },
}

impl NewMethod {
    fn is_good(&self) -> bool {
        match self {
            Self::Totp { totp_secret, .. } => {
                totp_secret.as_ref().is_none_or(|secret| totp::is_secret(&OtpSecret::from(secret.clone())))
            }
            Self::Phone { phone_number, .. } => is_phone_number(phone_number),
            Self::Email { email, .. } => is_email_address(email),
        }
    }

    /// Whether the two are the same phone or the same e-mail address.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Phone { phone_number: one, .. }, Self::Phone { phone_number: other, .. })
            | (Self::Email { email: one, .. }, Self::Email { email: other, .. }) => one == other,
            _ => false,
        }
    }
}

impl Tenant {
    /// A user's authentication methods, oldest first; the recovery code is the last.
    pub(crate) fn authentication_methods(&self, user: UserId) -> Result<Vec<Method>, Refusal> {
        let user = self.users.get(user.0).ok_or(Refusal::Internal)?;
        let mut methods = of_user(user);
        for method in &mut methods {
            method.name = self.method_names.get(&method.id).cloned().or(method.name.take());
        }
        Ok(methods)
    }

    /// Makes one, which is confirmed at once.
    pub(crate) fn create_authentication_method(
        &mut self,
        user: UserId,
        new: NewMethod,
        now: Timestamp,
    ) -> Result<Method, Refusal> {
        if !new.is_good() {
            return Err(Refusal::BadPayload);
        }
        let mut shown = None;
        let (name, means) = match new {
            NewMethod::Totp { name, totp_secret } => {
                let secret = totp_secret.map_or_else(|| self.generator.otp_secret(), OtpSecret::from);
                shown = Some(secret.expose().to_owned());
                (name, Means::totp(secret))
            }
            NewMethod::Phone { name, phone_number } => (name, Means::Sms(PhoneNumber::parse(phone_number)?)),
            NewMethod::Email { name, email } => {
                (name, Means::Email { address: EmailAddress::parse(email)?, automatic: false })
            }
        };
        if self.users.get(user.0).is_some_and(|user| user.has_means(&means)) {
            return Err(Refusal::MethodExists);
        }
        let authenticator = Authenticator::new(self.generator.device_id(), means, now).confirmed();
        let mut method = of_authenticator(&authenticator);
        self.user_mut(user)?.add_confirmed(authenticator);
        if let Some(name) = name {
            self.method_names.insert(method.id.clone(), name.clone());
            method.name = Some(name);
        }
        method.totp_secret = shown;
        Ok(method)
    }

    /// Replaces all of them by these; when one of these cannot be made, none. The recovery code, which cannot be made
    /// by this, goes with the others.
    pub(crate) fn replace_authentication_methods(
        &mut self,
        user: UserId,
        new: Vec<NewMethod>,
        now: Timestamp,
    ) -> Result<Vec<Method>, Refusal> {
        if !new.iter().all(NewMethod::is_good) {
            return Err(Refusal::BadPayload);
        }
        let mut earlier =
            new.iter().enumerate().flat_map(|(index, one)| new.iter().take(index).map(move |it| (it, one)));
        if earlier.any(|(one, other)| one.is_same(other)) {
            return Err(Refusal::MethodExists);
        }
        self.user_mut(user)?.reset();
        new.into_iter().map(|new| self.create_authentication_method(user, new, now)).collect()
    }

    pub(crate) fn delete_authentication_method(&mut self, user: UserId, id: &str) -> Result<(), Refusal> {
        self.method_names.remove(id);
        let user = self.user_mut(user)?;
        if user.recovery.as_ref().is_some_and(|recovery| recovery.id() == id) {
            user.recovery = None;
            Ok(())
        } else if user.remove(id) {
            Ok(())
        } else {
            Err(Refusal::NoSuchMethod)
        }
    }
}

fn of_user(user: &User) -> Vec<Method> {
    let recovery = user.recovery.as_ref().filter(|recovery| recovery.has_code());
    let recovery = recovery.map(|recovery| Method {
        confirmed: recovery.active,
        ..empty(recovery.id(), AuthenticatorKind::RecoveryCode.as_str(), recovery.created_at)
    });
    user.authenticators.iter().map(of_authenticator).chain(recovery).collect()
}

fn of_authenticator(authenticator: &Authenticator) -> Method {
    let r#type = match &authenticator.means {
        Means::Sms(_) | Means::Voice(_) => "phone",
        // The Management API's word for an address that is listed because it is verified.
        Means::Email { automatic: true, .. } => "email-verification",
        _ => authenticator.kind().as_str(),
    };
    let mut method = Method {
        confirmed: authenticator.confirmed,
        link_id: Some(authenticator.link.clone()),
        last_auth_at: authenticator.last_auth_at.map(Timestamp::to_iso_8601),
        ..empty(authenticator.id(), r#type, authenticator.created_at)
    };
    match &authenticator.means {
        Means::Sms(number) | Means::Voice(number) => method.phone_number = Some(number.expose().to_owned()),
        Means::Email { address, .. } => method.email = Some(address.expose().to_owned()),
        Means::Push { device_name } => method.name = device_name.as_ref().map(|name| name.0.clone()),
        Means::Totp { .. } => {}
    }
    method
}

fn empty(id: String, r#type: &'static str, created_at: Timestamp) -> Method {
    Method {
        id,
        r#type,
        confirmed: false,
        name: None,
        created_at: created_at.to_iso_8601(),
        last_auth_at: None,
        link_id: None,
        phone_number: None,
        email: None,
        totp_secret: None,
    }
}

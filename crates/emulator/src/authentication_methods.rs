//! A user's authenticators as the Management API calls them: authentication methods.

use auth0_mfa_core::OtpSecret;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::user::{OtpAuthenticator, User, UserId};
use crate::{Tenant, Timestamp, totp};

/// An authentication method, as it is answered.
#[derive(Serialize)]
pub(crate) struct Method {
    pub(crate) id: String,
    r#type: &'static str,
    confirmed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Of one that was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    totp_secret: Option<String>,
}

/// An authentication method that an administrator makes. A recovery code is none: it is regenerated.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum NewMethod {
    Totp { name: Option<String>, totp_secret: Option<String> },
}

impl NewMethod {
    pub(crate) fn is_good(&self) -> bool {
        let Self::Totp { totp_secret, .. } = self;
        totp_secret.as_ref().is_none_or(|secret| totp::is_secret(&OtpSecret::from(secret.clone())))
    }
}

impl Tenant {
    /// A user's authentication methods, oldest first; the recovery code is the last.
    pub(crate) fn authentication_methods(&self, user: UserId) -> Result<Vec<Method>, Refusal> {
        let user = self.users.get(user.0).ok_or(Refusal::Internal)?;
        let mut methods = of_user(user);
        for method in &mut methods {
            method.name = self.method_names.get(&method.id).cloned();
        }
        Ok(methods)
    }

    /// Makes one, which is confirmed at once.
    pub(crate) fn create_authentication_method(
        &mut self,
        user: UserId,
        new: NewMethod,
        _now: Timestamp,
    ) -> Result<Method, Refusal> {
        if !new.is_good() {
            return Err(Refusal::BadPayload);
        }
        let NewMethod::Totp { name, totp_secret } = new;
        let secret = totp_secret.map_or_else(|| self.generator.otp_secret(), OtpSecret::from);
        let shown = secret.expose().to_owned();
        let mut app = OtpAuthenticator::new(self.generator.device_id(), secret);
        app.confirmed = true;
        let mut method = of_app(&app);
        self.user_mut(user)?.authenticators.push(app);
        if let Some(name) = &name {
            self.method_names.insert(method.id.clone(), name.clone());
        }
        (method.name, method.totp_secret) = (name, Some(shown));
        Ok(method)
    }

    pub(crate) fn delete_authentication_method(&mut self, user: UserId, id: &str) -> Result<(), Refusal> {
        self.method_names.remove(id);
        let user = self.user_mut(user)?;
        match id.split_once('|') {
            Some(("recovery-code", _)) => user.recovery = None,
            Some((_, device_id)) => user.authenticators.retain(|app| app.device_id != device_id),
            None => return Err(Refusal::NoSuchMethod),
        }
        Ok(())
    }
}

fn of_user(user: &User) -> Vec<Method> {
    let recovery = user.recovery.as_ref().filter(|recovery| recovery.code.is_some());
    let recovery = recovery.map(|recovery| Method {
        id: format!("recovery-code|{}", recovery.device_id),
        r#type: "recovery-code",
        confirmed: user.is_enrolled(),
        name: None,
        totp_secret: None,
    });
    user.authenticators.iter().map(of_app).chain(recovery).collect()
}

fn of_app(app: &OtpAuthenticator) -> Method {
    Method {
        id: format!("totp|{}", app.device_id),
        r#type: "totp",
        confirmed: app.confirmed,
        name: None,
        totp_secret: None,
    }
}

//! A user's authenticators as the Management API calls them: authentication methods.

mod method;
mod new_method;

use std::collections::BTreeSet;

use crate::authenticator::{Authenticator, AuthenticatorKind};
use crate::credential::Passkey;
use crate::factors::PhoneMessageType;
use crate::personal::Personal;
use crate::refusal::Refusal;
use crate::user::{User, UserId};
use crate::{Tenant, Timestamp};

pub(crate) use method::Method;
use new_method::Made;
pub(crate) use new_method::NewMethod;

impl Tenant {
    /// A user's authentication methods, oldest first; the recovery code is the last.
    pub(crate) fn authentication_methods(&self, user: UserId) -> Result<Vec<Method>, Refusal> {
        let user = self.users.get(user.0).ok_or(Refusal::Internal)?;
        let password = self.behaviour.password_is_listed.then(|| Method::password_of(user));
        let mut methods: Vec<Method> = password.into_iter().chain(Method::all_of(user)).collect();
        for method in &mut methods {
            if let Some(name) = user.method_names.get(&method.id) {
                method.name = Some(name.0.clone());
            }
        }
        Ok(methods)
    }

    /// The one of a user's authentication methods that has this `id`.
    pub(crate) fn authentication_method(&self, user: UserId, id: &str) -> Result<Method, Refusal> {
        let found = self.authentication_methods(user)?.into_iter().find(|method| method.has_id(id));
        found.ok_or(Refusal::NoSuchMethod)
    }

    /// Makes one, which is confirmed at once.
    pub(crate) fn create_authentication_method(
        &mut self,
        user: UserId,
        new: NewMethod,
        now: Timestamp,
    ) -> Result<Method, Refusal> {
        if !new.is_good(&self.factors) {
            return Err(Refusal::BadPayload);
        }
        let methods = self.authentication_methods(user)?;
        if new.identity().is_some_and(|new| methods.iter().any(|known| known.identity() == Some(new))) {
            return Err(Refusal::MethodExists);
        }
        let alike = methods.iter().filter(|known| known.r#type == new.kind());
        if alike.count() >= self.most_of_one_type() {
            return Err(Refusal::TooManyMethods);
        }
        self.add_method(user, new, now)
    }

    /// Replaces all of them by these; when one of these cannot be made, none. The recovery code, which cannot be made
    /// by this, goes with the others.
    pub(crate) fn replace_authentication_methods(
        &mut self,
        user: UserId,
        new: Vec<NewMethod>,
        now: Timestamp,
    ) -> Result<Vec<Method>, Refusal> {
        if !new.iter().all(|new| new.is_replacement() && new.is_good(&self.factors)) {
            return Err(Refusal::BadPayload);
        }
        let of_kind = |kind| new.iter().filter(|new| new.kind() == kind).count();
        if new.iter().any(|new| of_kind(new.kind()) > self.most_of_one_type()) {
            return Err(Refusal::TooManyMethods);
        }
        let mut known = BTreeSet::new();
        if !new.iter().filter_map(NewMethod::identity).all(|identity| known.insert(identity)) {
            return Err(Refusal::MethodExists);
        }
        let owner = self.user_mut(user)?;
        if !owner.passkeys.is_empty() {
            return Err(Refusal::HasPasskey);
        }
        owner.reset();
        new.into_iter().map(|new| self.add_method(user, new, now)).collect()
    }

    /// Names one, or says in which way a phone is reached when it is not asked for.
    pub(crate) fn update_authentication_method(
        &mut self,
        user: UserId,
        id: &str,
        name: Option<String>,
        preferred: Option<PhoneMessageType>,
    ) -> Result<Method, Refusal> {
        let method = self.authentication_method(user, id)?;
        if let Some(preferred) = preferred {
            prefer(self.user_mut(user)?, &method, preferred)?;
        }
        if let Some(name) = name {
            self.name_method(user, method.id, name)?;
        }
        self.authentication_method(user, id)
    }

    /// Names one. Names of what is gone are forgotten, or they would become ever more.
    fn name_method(&mut self, user: UserId, id: String, name: String) -> Result<(), Refusal> {
        let methods = self.authentication_methods(user)?;
        let names = &mut self.user_mut(user)?.method_names;
        names.retain(|id, _| methods.iter().any(|method| method.id == *id));
        names.insert(id, Personal(name));
        Ok(())
    }

    /// Deletes one, and what was enrolled with it.
    pub(crate) fn delete_authentication_method(&mut self, user: UserId, id: &str) -> Result<(), Refusal> {
        let method = self.authentication_method(user, id)?;
        let user = self.user_mut(user)?;
        let id = method.authenticator_id();
        if user.recovery.as_ref().is_some_and(|recovery| recovery.id() == id) {
            user.recovery = None;
            return Ok(());
        }
        let keys = user.passkeys.len();
        user.passkeys.retain(|passkey| passkey.id() != id);
        let is_automatic = user.authenticators.iter().any(|it| it.is_automatic() && it.id() == id);
        let is_gone = user.passkeys.len() < keys || (!is_automatic && user.remove(id));
        // What remains is the password, or an address that nobody enrolled.
        if is_gone { Ok(()) } else { Err(Refusal::UndeletableAuthenticator) }
    }

    /// Deletes all of them, the recovery code and passkeys included. A verified e-mail address stays.
    pub(crate) fn delete_authentication_methods(&mut self, user: UserId) -> Result<(), Refusal> {
        let user = self.user_mut(user)?;
        user.passkeys.clear();
        user.reset();
        Ok(())
    }

    fn most_of_one_type(&self) -> usize {
        usize::try_from(self.behaviour.methods_of_one_type).unwrap_or(usize::MAX)
    }

    /// Adds one that can be made.
    fn add_method(&mut self, user: UserId, new: NewMethod, now: Timestamp) -> Result<Method, Refusal> {
        let name = new.name().map(str::to_owned);
        let made = new.make(&mut self.generator, &self.factors)?;
        let device_id = self.generator.device_id();
        let owner = self.user_mut(user)?;
        add(owner, made, &device_id, now);
        let new = owner.authenticators.iter().find(|it| it.device_id == device_id);
        let secret = new.and_then(Authenticator::totp_secret).map(|secret| secret.expose().to_owned());
        let mut methods = self.authentication_methods(user)?.into_iter();
        let mut method = methods.find(|it| it.device_id() == device_id).ok_or(Refusal::Internal)?;
        if let Some(name) = name {
            method.name = Some(name.clone());
            self.name_method(user, method.id.clone(), name)?;
        }
        method.totp_secret = secret;
        // The documented reply is without it.
        method.enrolled_at = None;
        Ok(method)
    }
}

fn add(owner: &mut User, made: Made, device_id: &str, now: Timestamp) {
    let device_id = device_id.to_owned();
    match made {
        Made::Authenticators(means) => {
            for means in means {
                owner.add_confirmed(Authenticator::new(device_id.clone(), means, now));
            }
        }
        Made::Passkey(credential) => owner.passkeys.push(Passkey { device_id, credential, created_at: now }),
    }
}

/// Puts the preferred way in which a phone is reached before the other, so that a challenge of no authenticator in
/// particular takes it.
fn prefer(user: &mut User, phone: &Method, preferred: PhoneMessageType) -> Result<(), Refusal> {
    let kind = match preferred {
        PhoneMessageType::Sms => AuthenticatorKind::Sms,
        PhoneMessageType::Voice => AuthenticatorKind::Voice,
    };
    let position = |id: &str| user.authenticators.iter().position(|it| it.id() == id);
    let first = position(phone.authenticator_id());
    let wanted = position(&format!("{}|{}", kind.as_str(), phone.device_id()));
    let (first, wanted) = first.zip(wanted).ok_or(Refusal::BadPayload)?;
    user.authenticators.swap(first, wanted);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn names_of_what_is_gone_are_forgotten() {
        let mut tenant = Tenant::new(Config::default(), 1).expect("a tenant");
        let now = Timestamp::default();
        let app = || NewMethod::Totp { name: Some("App".to_owned()), totp_secret: None };
        for _ in 0..3 {
            let made =
                tenant.replace_authentication_methods(UserId(1), vec![app(), app()], now).expect("two");
            assert_eq!(made.len(), 2);
            assert_eq!(tenant.users[1].method_names.len(), 2);
        }
    }
}

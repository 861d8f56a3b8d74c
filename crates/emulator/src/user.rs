//! A user of the tenant, and the user's authenticators.

use std::collections::BTreeMap;

use auth0_mfa_core::{EmailAddress, Otp, OtpSecret, Password, RecoveryCode};

use crate::authenticator::{Authenticator, AuthenticatorKind, Means};
use crate::behaviour::Behaviour;
use crate::brute_force::WrongPasswords;
use crate::bucket::Bucket;
use crate::by_address::ByAddress;
use crate::config::{LoginRefusal, UserConfig};
use crate::credential::Passkey;
use crate::generator::Generator;
use crate::personal::Personal;
use crate::recovery::RecoveryAuthenticator;
use crate::{Timestamp, secrets};

/// How many authenticators of one user are kept that wait for their confirmation; older ones are forgotten.
const PENDING: usize = 1_000;

/// A user of the tenant, as a host sees it. `Debug` shows no secret and nothing personal.
#[derive(Debug)]
pub struct User {
    name: Personal,
    user_id: String,
    password: Password,
    /// What keeps the user from logging in.
    pub(crate) login_refusal: Option<LoginRefusal>,
    email: Option<EmailAddress>,
    pub(crate) authenticators: Vec<Authenticator>,
    pub(crate) recovery: Option<RecoveryAuthenticator>,
    /// A first factor, with which nobody is enrolled for MFA; only the Management API knows of it.
    pub(crate) passkeys: Vec<Passkey>,
    /// What administrators have called the authentication methods, by identifier.
    pub(crate) method_names: BTreeMap<String, Personal>,
    pub(crate) wrong_passwords: ByAddress<WrongPasswords>,
    pub(crate) spent: Spent,
}

/// What a user has used of each limit.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    pub(crate) logins: ByAddress<Bucket>,
    /// Wrong one-time passwords, and wrong codes of messages.
    pub(crate) otp_failures: Bucket,
    pub(crate) recovery_failures: Bucket,
    pub(crate) phone_messages: Bucket,
    pub(crate) emails: Bucket,
    pub(crate) pushes: Bucket,
    /// Exchanges of an `oob_code` with an access token; with an `mfa_token` they are the login's.
    pub(crate) oob_exchanges: Bucket,
}

/// Identifies a user of this tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UserId(pub(crate) usize);

impl User {
    /// The name that the user logs in with.
    pub fn name(&self) -> &str {
        &self.name.0
    }

    /// Auth0's `user_id`, for example `auth0|5f7c8ec7c33c6c004bbafe82`.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The password; for a host that tells its users how to log in.
    pub fn password(&self) -> &Password {
        &self.password
    }

    /// The e-mail address: the name, unless another is given.
    pub fn email(&self) -> Option<&EmailAddress> {
        self.email.as_ref()
    }

    /// Whether the user has a confirmed authenticator. A verified e-mail address, which is one without an enrolment,
    /// does not count, nor does the recovery code.
    pub fn is_enrolled(&self) -> bool {
        self.authenticators
            .iter()
            .any(|authenticator| authenticator.confirmed && !authenticator.is_automatic())
    }

    /// Whether the user has enrolled anything, confirmed or not.
    pub(crate) fn has_begun_to_enrol(&self) -> bool {
        self.authenticators.iter().any(|authenticator| !authenticator.is_automatic())
    }

    /// Whether the user's e-mail address is verified.
    pub fn is_email_verified(&self) -> bool {
        self.authenticators.iter().any(Authenticator::is_automatic)
    }

    /// Whether there is a confirmed authenticator other than one by e-mail.
    pub(crate) fn has_factor_beside_email(&self) -> bool {
        let is_email = |it: &Authenticator| it.kind() == AuthenticatorKind::Email;
        self.authenticators.iter().any(|authenticator| authenticator.confirmed && !is_email(authenticator))
    }

    /// The recovery code that is good now, or will be once an authenticator is confirmed.
    pub fn recovery_code(&self) -> Option<&RecoveryCode> {
        let recovery = self.recovery.as_ref()?;
        recovery.code.as_ref().or(recovery.more.first())
    }

    /// The authenticators other than the recovery code, oldest first, whether they are confirmed or not.
    pub fn authenticators(&self) -> &[Authenticator] {
        &self.authenticators
    }

    /// The secret of the user's authenticator app: of the confirmed one, or else of the newest.
    pub fn totp_secret(&self) -> Option<&OtpSecret> {
        let apps =
            || self.authenticators.iter().filter(|authenticator| authenticator.totp_secret().is_some());
        apps().find(|app| app.confirmed).or(apps().next_back())?.totp_secret()
    }

    pub(crate) fn new(config: UserConfig, generator: &mut Generator) -> Self {
        let email =
            config.email.or_else(|| EmailAddress::parse(config.name.as_str()).ok().filter(is_address));
        let has_factor = config.enrolled || config.authenticators.iter().any(|given| given.confirmed);
        let mut user = Self {
            user_id: config.user_id.unwrap_or_else(|| user_id(&config.name)),
            name: Personal(config.name),
            password: config.password,
            login_refusal: config.login_refusal,
            email,
            authenticators: Vec::new(),
            recovery: None,
            passkeys: Vec::new(),
            method_names: BTreeMap::new(),
            wrong_passwords: ByAddress::default(),
            spent: Spent::default(),
        };
        let created_at = Timestamp::default();
        if config.enrolled {
            let secret = config.totp_secret.unwrap_or_else(|| generator.otp_secret());
            let app = Authenticator::new(generator.device_id(), Means::totp(secret), created_at);
            user.authenticators.push(app.confirmed());
        }
        if has_factor {
            let code = config.recovery_code.unwrap_or_else(|| generator.recovery_code());
            let recovery = RecoveryAuthenticator::new(generator.device_id(), code, created_at);
            user.recovery = Some(RecoveryAuthenticator { active: true, ..recovery });
        }
        for given in config.authenticators {
            let confirmed = given.confirmed;
            let means = given.into_means(user.email.as_ref(), generator);
            let enrolled = means.map(|means| Authenticator::new(generator.device_id(), means, created_at));
            user.authenticators.extend(enrolled.map(|it| if confirmed { it.confirmed() } else { it }));
        }
        if let Some(address) = user.email.clone().filter(|_| config.email_verified) {
            let means = Means::Email { address, automatic: true };
            user.authenticators
                .push(Authenticator::new(generator.device_id(), means, created_at).confirmed());
        }
        user
    }

    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.0.eq_ignore_ascii_case(name)
    }

    pub(crate) fn has_password(&self, password: &Password) -> bool {
        secrets::same(self.password.expose(), password.expose())
    }

    /// Whether the user's recovery code can be used: once a factor was confirmed.
    pub(crate) fn has_active_recovery(&self, behaviour: &Behaviour) -> bool {
        let was_enrolled = self.recovery.as_ref().is_some_and(|recovery| recovery.active);
        was_enrolled && (behaviour.recovery_code_outlives_factors || self.is_enrolled())
    }

    /// Takes a one-time password; it confirms the authenticator that it is of. Answers whether it was right.
    pub(crate) fn accept_otp(&mut self, otp: &Otp, now: Timestamp) -> bool {
        let app =
            self.authenticators.iter_mut().find_map(|app| app.accepts(otp, now).then(|| app.link.clone()));
        app.is_some_and(|link| {
            self.confirm(&link, now);
            true
        })
    }

    /// Confirms what was enrolled in one go, and with it the recovery code.
    pub(crate) fn confirm(&mut self, link: &str, now: Timestamp) {
        for authenticator in self.authenticators.iter_mut().filter(|authenticator| authenticator.link == link)
        {
            authenticator.confirmed = true;
            authenticator.enrolled_at.get_or_insert(now);
            authenticator.last_auth_at = Some(now);
            authenticator.name_device();
        }
        self.activate_recovery();
    }

    /// Adds an authenticator that is to be confirmed, and what is enrolled with it.
    pub(crate) fn add_pending(&mut self, authenticator: Authenticator, twin: Option<Authenticator>) {
        let pending: Vec<_> = self.authenticators.iter().filter(|it| !it.confirmed).collect();
        let oldest = pending.first().filter(|_| pending.len() >= PENDING).map(|it| it.id());
        if let Some(id) = oldest {
            self.remove(&id);
        }
        self.authenticators.push(authenticator);
        self.authenticators.extend(twin);
    }

    /// Adds an authenticator that nobody has to confirm. Otherwise it is like one that was.
    pub(crate) fn add_confirmed(&mut self, authenticator: Authenticator) {
        self.authenticators.push(authenticator.confirmed());
        self.activate_recovery();
    }

    fn activate_recovery(&mut self) {
        if let Some(recovery) = &mut self.recovery {
            recovery.active = true;
        }
    }

    /// Removes an authenticator and what was enrolled with it. Answers whether there was one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let found = self.authenticators.iter().find(|authenticator| authenticator.id() == id);
        let Some(link) = found.map(|authenticator| authenticator.link.clone()) else { return false };
        self.authenticators.retain(|authenticator| authenticator.link != link);
        true
    }

    /// Removes every authenticator and the recovery code, as an administrator does it. A verified e-mail address stays.
    pub(crate) fn reset(&mut self) {
        self.authenticators.retain(Authenticator::is_automatic);
        self.recovery = None;
    }
}

fn is_address(text: &EmailAddress) -> bool {
    crate::config::is_email_address(text.expose())
}

/// It follows from the name alone, so that a user who is added changes no other.
fn user_id(name: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, name.to_ascii_lowercase().as_bytes());
    let digits: String = digest.as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("auth0|{digits}")
}
